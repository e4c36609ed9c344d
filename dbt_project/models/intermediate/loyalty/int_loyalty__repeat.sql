-- One row per as-of date and customer with an order rhythm: how often a silence as long as this customer's, in units of one's usual
-- interval, ended in an order within the next 12 months, anywhere in the portfolio (METHOD 1.12).
{#
    A gap of g days of a customer with median m reached the ratio r if g / m >= r, and ended in time if (g - 365) / m <= r.
    An open gap was observed long enough if (g - 365) / m >= r. So every question "how many gaps" is a count of numbers on
    one side of r: one sort instead of a join of every customer with every gap.
#}
with

gaps as (
    select * from {{ ref('int_loyalty__order_gaps') }}
),

rhythms as (
    {{ of_shown_dates(ref('int_loyalty__parent')) }}
    and median_interval_days > 0
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- Customers with the same usual interval ask and answer alike: equal gaps of theirs are counted before anything is divided.
alike as (
    select
        gaps.as_of_date,
        rhythms.median_interval_days,
        gaps.gap_days,
        gaps.is_open,
        count(*) as gaps
    from gaps
    inner join rhythms
        on
            gaps.as_of_date = rhythms.as_of_date
            and gaps.ultimate_parent_id = rhythms.ultimate_parent_id
    group by gaps.as_of_date, rhythms.median_interval_days, gaps.gap_days, gaps.is_open
),

measured as (
    select
        alike.*,
        cast({{ exact_div('gap_days', 'median_interval_days', 10) }} as decimal(18, 10)) as gap_ratio,
        cast({{ exact_div('gap_days - 365', 'median_interval_days', 10) }} as decimal(18, 10)) as late_ratio
    from alike
),

-- The open gaps are those of the customers who ask. tie: at equal ratios a reached gap stands before the customer who asks, a gap that
-- ended too late behind.
marks as (
    select as_of_date, null as median_interval_days, null as gap_days, gap_ratio as ratio, 0 as tie, gaps as reached, 0 as late from measured
    where not is_open
    union all
    select as_of_date, null as median_interval_days, null as gap_days, late_ratio as ratio, 2 as tie, 0 as reached, gaps as late from measured
    where not is_open
    union all
    select as_of_date, null as median_interval_days, null as gap_days, late_ratio as ratio, 0 as tie, gaps as reached, gaps as late from measured
    where is_open
    union all
    select as_of_date, median_interval_days, gap_days, gap_ratio as ratio, 1 as tie, 0 as reached, 0 as late from measured
    where is_open
),

counted as (
    select
        as_of_date,
        median_interval_days,
        gap_days,
        {{ whole('sum(reached) over (partition by as_of_date order by ratio desc, tie rows between unbounded preceding and current row)') }} as gap_count,
        {{ whole('sum(late) over (partition by as_of_date order by ratio desc, tie rows between unbounded preceding and current row)') }} as late_count
    from marks
),

answered as (
    select
        rhythms.as_of_date,
        rhythms.ultimate_parent_id,
        counted.gap_count as repeat_gap_count,
        case
            when counted.gap_count >= parameters.repeat_min_gaps
                then {{ ratio(exact_div('counted.gap_count - counted.late_count', 'counted.gap_count')) }}
        end as repeat_probability
    from rhythms
    cross join parameters
    inner join counted
        on
            rhythms.as_of_date = counted.as_of_date
            and rhythms.median_interval_days = counted.median_interval_days
            and rhythms.days_since_last_order = counted.gap_days
)

select * from answered
