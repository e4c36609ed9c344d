-- One row per as-of date, kind of rows that checks look at, owning area and month: how many rows there were to check.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

-- What is checked by the state at a date is compared with that a month before.
compared_dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

areas as (
    select * from {{ ref('int_input_checks__areas') }}
),

published as (
    select * from {{ ref('int_effort__areas') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

-- Counted once per account or customer and month, before anything is multiplied by as-of dates.
account_months as (
    select
        'activity' as population,
        account_id,
        month_start,
        max(activity_at) as last_at,
        count(*) as checked_rows
    from {{ ref('int_input_checks__activities') }}
    group by account_id, month_start
    union all
    select
        'visit' as population,
        account_id,
        month_start,
        max(activity_at) as last_at,
        count(*) as checked_rows
    from {{ ref('int_input_checks__activities') }}
    where is_visit
    group by account_id, month_start
    union all
    select
        'estimate' as population,
        account_id,
        month_start,
        null as last_at,
        count(*) as checked_rows
    from {{ ref('int_input_checks__estimates') }}
    group by account_id, month_start
    union all
    select
        'rating' as population,
        account_id,
        entered_month as month_start,
        null as last_at,
        count(*) as checked_rows
    from {{ ref('int_input_checks__ratings') }}
    group by account_id, entered_month
),

customer_months as (
    select
        'invoice_line' as population,
        customer_id,
        month_start,
        sum(line_count) as checked_rows
    from {{ ref('int_contribution__lines_by_month') }}
    where known_to is null
    group by customer_id, month_start
    union all
    select
        'credit_note' as population,
        customer_id,
        {{ month_start('posting_date') }} as month_start,
        count(*) as checked_rows
    from {{ ref('stg_erp__invoice_lines') }}
    where known_to is null and doc_type = 'credit_note'
    group by customer_id, {{ month_start('posting_date') }}
),

-- Months after the as-of date are looked at only for what lies in the future.
counted as (
    select
        dates.as_of_date,
        account_months.population,
        accounts.ultimate_parent_id,
        cast(null as {{ text_type() }}) as team,
        account_months.month_start,
        account_months.checked_rows
    from account_months
    inner join dates
        on
            account_months.month_start >= dates.window_start
            and (
                account_months.month_start <= dates.as_of_date
                or (account_months.population = 'activity' and account_months.last_at > dates.known_at)
            )
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and account_months.account_id = accounts.account_id
    union all
    select
        dates.as_of_date,
        customer_months.population,
        customers.ultimate_parent_id,
        null as team,
        customer_months.month_start,
        customer_months.checked_rows
    from customer_months
    inner join dates on customer_months.month_start between dates.window_start and dates.as_of_date
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and customer_months.customer_id = customers.customer_id
    union all
    select
        as_of_date,
        'rating_in_use' as population,
        ultimate_parent_id,
        null as team,
        {{ month_start('as_of_date') }} as month_start,
        count(*) as checked_rows
    from {{ ref('int_scores__ratings_in_use') }}
    where {{ is_compared() }}
    group by as_of_date, ultimate_parent_id
    union all
    select
        as_of_date,
        'late_rating' as population,
        ultimate_parent_id,
        null as team,
        {{ month_start('as_of_date') }} as month_start,
        count(*) as checked_rows
    from {{ ref('int_scores__late_ratings') }}
    where {{ is_compared() }}
    group by as_of_date, ultimate_parent_id
    union all
    select
        as_of_date,
        'rated_criterion' as population,
        ultimate_parent_id,
        null as team,
        {{ month_start('as_of_date') }} as month_start,
        count(distinct criterion_id) as checked_rows
    from {{ ref('int_scores__ratings_in_use') }}
    where {{ is_compared() }}
    group by as_of_date, ultimate_parent_id
    union all
    select
        product_groups.as_of_date,
        'estimated_product_group' as population,
        product_groups.ultimate_parent_id,
        null as team,
        {{ month_start('product_groups.as_of_date') }} as month_start,
        count(*) as checked_rows
    from compared_dates
    inner join {{ ref('int_potential__product_group') }} as product_groups on compared_dates.as_of_date = product_groups.as_of_date
    where product_groups.annual_demand is not null
    group by product_groups.as_of_date, product_groups.ultimate_parent_id
    union all
    select
        estimates.as_of_date,
        'estimate_in_use' as population,
        estimates.ultimate_parent_id,
        null as team,
        {{ month_start('estimates.as_of_date') }} as month_start,
        count(*) as checked_rows
    from compared_dates
    inner join {{ ref('int_potential__estimates_in_use') }} as estimates on compared_dates.as_of_date = estimates.as_of_date
    where estimates.valid_on = estimates.as_of_date and estimates.is_demand
    group by estimates.as_of_date, estimates.ultimate_parent_id
    union all
    select
        replayed.as_of_date,
        'protection_customer' as population,
        replayed.ultimate_parent_id,
        null as team,
        {{ month_start('replayed.as_of_date') }} as month_start,
        count(*) as checked_rows
    from compared_dates
    inner join {{ ref('int_zones__replayed') }} as replayed
        on
            compared_dates.as_of_date = replayed.as_of_date
            and compared_dates.judged_from = replayed.judged_from
    where replayed.zone = 'protection'
    group by replayed.as_of_date, replayed.ultimate_parent_id
    union all
    select
        customers.as_of_date,
        'customer_id' as population,
        customers.ultimate_parent_id,
        null as team,
        {{ month_start('customers.as_of_date') }} as month_start,
        count(*) as checked_rows
    from compared_dates
    inner join customers on compared_dates.as_of_date = customers.as_of_date
    group by customers.as_of_date, customers.ultimate_parent_id
    union all
    select
        as_of_date,
        'team_week' as population,
        null as ultimate_parent_id,
        team,
        month_start,
        count(*) as checked_rows
    from {{ ref('int_input_checks__team_weeks') }}
    group by as_of_date, team, month_start
    union all
    select
        dates.as_of_date,
        'scorecard_axis' as population,
        null as ultimate_parent_id,
        null as team,
        {{ month_start('dates.as_of_date') }} as month_start,
        count(distinct criteria.scorecard || '|' || criteria.axis) as checked_rows
    from compared_dates as dates
    cross join {{ ref('stg_settings__scorecard_criteria') }} as criteria
    group by dates.as_of_date
    union all
    select
        dates.as_of_date,
        'agreed_source' as population,
        null as ultimate_parent_id,
        null as team,
        {{ month_start('dates.as_of_date') }} as month_start,
        count(*) as checked_rows
    from compared_dates as dates
    inner join {{ ref('stg_control__source_coverage') }} as sources on sources.max_age_days is not null and sources.is_delivered
    group by dates.as_of_date
    union all
    select
        dates.as_of_date,
        'delivered_row' as population,
        null as ultimate_parent_id,
        null as team,
        {{ month_start('dates.as_of_date') }} as month_start,
        sum(sources.rows_accepted + sources.rows_quarantined) as checked_rows
    from dates
    inner join {{ ref('stg_control__source_coverage') }} as sources on dates.is_latest and sources.is_delivered
    group by dates.as_of_date
    union all
    select
        as_of_date,
        'ledger_group_period' as population,
        null as ultimate_parent_id,
        null as team,
        cast(case when length(period) = 4 then period || '-12-01' else period || '-01' end as date) as month_start,
        count(*) as checked_rows
    from {{ ref('int_contribution__reconciliation') }}
    where status in ('reconciled', 'difference', 'blocking_error')
    group by as_of_date, period
    union all
    select
        foreign_days.as_of_date,
        'foreign_currency_day' as population,
        null as ultimate_parent_id,
        null as team,
        {{ month_start('foreign_days.needed_on') }} as month_start,
        count(*) as checked_rows
    from (
        select distinct dates.as_of_date, amounts.currency_code, amounts.needed_on
        from dates
        inner join {{ ref('int_contribution__amounts_to_convert') }} as amounts
            on
                amounts.needed_on between dates.window_start and dates.as_of_date
                and coalesce(not amounts.is_at_as_of or amounts.needed_on = dates.as_of_date, true)
    ) as foreign_days
    group by foreign_days.as_of_date, {{ month_start('foreign_days.needed_on') }}
),

owned as (
    select
        counted.as_of_date,
        counted.population,
        {{ told_area('counted') }} as area,
        counted.month_start,
        {{ whole('sum(counted.checked_rows)') }} as checked_rows
    from counted
    left join areas
        on
            counted.as_of_date = areas.as_of_date
            and counted.ultimate_parent_id = areas.ultimate_parent_id
    left join published
        on
            counted.as_of_date = published.as_of_date
            and counted.team = published.area
    group by counted.as_of_date, counted.population, {{ told_area('counted') }}, counted.month_start
)

select * from owned
