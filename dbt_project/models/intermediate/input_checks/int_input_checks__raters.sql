-- One row per as-of date and rater with enough ratings of what others rated, too: how far they rate above or below everybody on the
-- same customers, and how often they agree within one level. About people: published as pseudonyms only where the setting allows it
-- (mart_raters).
with

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

ratings as (
    select * from {{ ref('int_scores__ratings_in_use') }}
    where {{ is_shown() }}
),

per_rater as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        rater_key,
        cast({{ exact_div('sum(level)', 'count(*)', 10) }} as decimal(18, 10)) as level
    from ratings
    group by as_of_date, ultimate_parent_id, criterion_id, rater_key
),

rated as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        sum(level) as levels,
        count(*) as raters
    from per_rater
    group by as_of_date, ultimate_parent_id, criterion_id
    having count(*) > 1
),

means as (
    select
        per_rater.as_of_date,
        per_rater.rater_key,
        count(*) as common_ratings,
        sum(per_rater.level) as own_levels,
        sum(rated.levels) as all_levels,
        sum(rated.raters) as all_ratings
    from per_rater
    inner join rated
        on
            per_rater.as_of_date = rated.as_of_date
            and per_rater.ultimate_parent_id = rated.ultimate_parent_id
            and per_rater.criterion_id = rated.criterion_id
    group by per_rater.as_of_date, per_rater.rater_key
),

agreements as (
    select
        own.as_of_date,
        own.rater_key,
        count(*) as pairs,
        sum(case when abs(own.level - others.level) <= 1 then 1 else 0 end) as agreeing_pairs
    from per_rater as own
    inner join per_rater as others
        on
            own.as_of_date = others.as_of_date
            and own.ultimate_parent_id = others.ultimate_parent_id
            and own.criterion_id = others.criterion_id
            and own.rater_key <> others.rater_key
    group by own.as_of_date, own.rater_key
),

final as (
    select
        means.as_of_date,
        means.rater_key,
        {{ whole('means.common_ratings') }} as common_ratings,
        {{ score(exact_div('means.own_levels', 'means.common_ratings', 4) ~ ' - ' ~ exact_div('means.all_levels', 'means.all_ratings', 4)) }} as bias_levels,
        {{ ratio(exact_div('agreements.agreeing_pairs', 'agreements.pairs')) }} as agreement_ratio
    from means
    inner join limits on means.common_ratings >= limits.rater_bias_min_ratings
    inner join agreements
        on
            means.as_of_date = agreements.as_of_date
            and means.rater_key = agreements.rater_key
)

select * from final
