select
    campaign_id,
    campaign_name,
    focus_criterion_id,
    starts_on,
    ends_on,
    phase,
    coalesce(n_treated, 0)::integer as n_treated,
    coalesce(n_control, 0)::integer as n_control,
    effect,
    interval_low,
    interval_high,
    verdict,
from mart_campaign_effects
where as_of_date = (select as_of_date from page_date)
order by starts_on desc, campaign_id
