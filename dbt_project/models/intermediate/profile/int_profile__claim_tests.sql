-- One row per shown as-of date and claim of the texts: the difference of the two groups' means, its interval (Welch), and the verdict
-- (METHOD 1.19).
{#
    A ratio's outliers beyond the 1st and 99th percentile of all customers asked (nearest rank) are set to them. Sums are those of whole
    millionths, so variances are exact: (n x sum of squares - square of the sum) / (n x (n - 1)).
#}
{% set claims = claims_of_groups() %}
with

measures as (
    select * from {{ ref('int_profile__claims') }}
),

inputs as (
    select * from {{ ref('int_profile__claim_inputs') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

claims as (
    {%- for id, measure, is_ratio, one, two, needs in claims %}
    select
        as_of_date,
        '{{ id }}' as claim_id,
        {{ needs }} as is_delivered,
        {% if id == 'small_hold_in_crisis' %}is_bad_year{% else %}true{% endif %} as is_asked_this_year
    from inputs
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

sided as (
    {%- for id, measure, is_ratio, one, two, needs in claims %}
    select
        as_of_date,
        '{{ id }}' as claim_id,
        {{ 'true' if is_ratio else 'false' }} as is_ratio,
        case
            when coalesce({{ one }}, false) and coalesce({{ two }}, false) then null
            when coalesce({{ one }}, false) then 1
            when coalesce({{ two }}, false) then 2
        end as side,
        {{ whole_units(measure, 6) }} as units
    from measures
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ordered as (
    select
        sided.*,
        count(*) over (partition by as_of_date, claim_id) as members,
        row_number() over (partition by as_of_date, claim_id order by units) as position
    from sided
    where side is not null and units is not null
),

-- ceil(p x n) of the nearest rank, in whole numbers.
ends as (
    select
        as_of_date,
        claim_id,
        max(case when position = {{ whole_quotient('members + 99', '100') }} then units end) as lowest,
        max(case when position = {{ whole_quotient('99 * members + 99', '100') }} then units end) as highest
    from ordered
    group by as_of_date, claim_id
),

set_in as (
    select
        ordered.as_of_date,
        ordered.claim_id,
        ordered.side,
        case when ordered.is_ratio then least(greatest(ordered.units, ends.lowest), ends.highest) else ordered.units end as units
    from ordered
    inner join ends
        on
            ordered.as_of_date = ends.as_of_date
            and ordered.claim_id = ends.claim_id
),

summed as (
    select
        {%- for side in [1, 2] %}
        {{ whole('count_if(side = ' ~ side ~ ')') }} as n{{ side }},
        sum(case when side = {{ side }} then units else 0 end) as sum{{ side }},
        sum(case when side = {{ side }} then units * units else 0 end) as squares{{ side }},
        {%- endfor %}
        as_of_date,
        claim_id
    from set_in
    group by as_of_date, claim_id
),

counted as (
    select
        claims.as_of_date,
        claims.claim_id,
        claims.is_delivered,
        {%- for side in [1, 2] %}
        case when claims.is_delivered then coalesce(summed.n{{ side }}, 0) end as n{{ side }},
        summed.sum{{ side }},
        summed.squares{{ side }},
        {%- endfor %}
        coalesce(
            claims.is_delivered and claims.is_asked_this_year
            and summed.n1 >= parameters.claims_min_group_size and summed.n2 >= parameters.claims_min_group_size,
            false
        ) as is_testable
    from claims
    cross join parameters
    left join summed
        on
            claims.as_of_date = summed.as_of_date
            and claims.claim_id = summed.claim_id
),

compared as (
    select
        as_of_date,
        claim_id,
        n1,
        n2,
        {{ ratio(exact_div('sum1', '1000000 * n1', decimals=0)) }} as value_1,
        {{ ratio(exact_div('sum2', '1000000 * n2', decimals=0)) }} as value_2,
        {{ exact_div('sum1 * n2 - sum2 * n1', '1000000 * n1 * n2', 10, decimals=0) }} as difference,
        {{ square_root(
            '(' ~ welch_share('n1', 'sum1', 'squares1') ~ ' + ' ~ welch_share('n2', 'sum2', 'squares2') ~ ') / 1000000000000'
        ) }} as standard_error
    from counted
    where is_testable
),

bounded as (
    select
        compared.*,
        {{ interval_end('difference', '-', 'standard_error') }} as interval_low,
        {{ interval_end('difference', '+', 'standard_error') }} as interval_high
    from compared
),

judged as (
    select
        counted.as_of_date,
        counted.claim_id,
        counted.n1,
        counted.n2,
        bounded.value_1,
        bounded.value_2,
        {{ ratio('bounded.difference') }} as difference,
        {{ ratio('bounded.interval_low') }} as interval_low,
        {{ ratio('bounded.interval_high') }} as interval_high,
        case
            when bounded.difference is null then 'not_testable'
            -- It says what is not: only a group clearly above speaks against it.
            when counted.claim_id = 'revenue_is_not_profit'
                then case when bounded.interval_low > 0 then 'contradicted' else 'supported' end
            when bounded.interval_low > 0 then 'supported'
            when bounded.interval_high < 0 then 'contradicted'
            else 'undecided'
        end as verdict
    from counted
    left join bounded
        on
            counted.as_of_date = bounded.as_of_date
            and counted.claim_id = bounded.claim_id
),

-- Not two groups: a share of the whole, over who has an estimate.
estimated as (
    select
        as_of_date,
        {{ whole('count(*)') }} as customers,
        {{ money('sum(achievable_gap)') }} as achievable_gap,
        {{ money('sum(net_revenue)') }} as net_revenue
    from measures
    where achievable_gap is not null
    group by as_of_date
),

shared as (
    select
        inputs.as_of_date,
        case when inputs.has_estimates then coalesce(estimated.customers, 0) end as n1,
        estimated.achievable_gap,
        estimated.net_revenue,
        coalesce(
            inputs.has_estimates and estimated.customers >= parameters.claims_min_group_size
            and estimated.net_revenue > 0 and estimated.achievable_gap > 0,
            false
        ) as is_testable
    from inputs
    cross join parameters
    left join estimated on inputs.as_of_date = estimated.as_of_date
),

final as (
    select * from judged
    union all
    select
        as_of_date,
        'share_left_in_stars' as claim_id,
        n1,
        cast(null as bigint) as n2,
        {{ ratio('case when is_testable then ' ~ exact_div('achievable_gap', 'net_revenue') ~ ' end') }} as value_1,
        {{ ratio('null') }} as value_2,
        {{ ratio('case when is_testable then ' ~ exact_div('achievable_gap', 'net_revenue') ~ ' end') }} as difference,
        {{ ratio('null') }} as interval_low,
        {{ ratio('null') }} as interval_high,
        case
            when not is_testable then 'not_testable'
            when achievable_gap > 0.10 * cast(net_revenue as decimal(30, 2)) then 'supported'
            else 'contradicted'
        end as verdict
    from shared
)

select * from final
