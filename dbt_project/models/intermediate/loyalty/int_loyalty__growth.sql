-- One row per as-of date and ultimate parent: three-year growth rate and growth on the year before (METHOD 1.12).
with

windows as (
    select * from {{ ref('int_contribution__revenue_windows') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

growth as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        windows.prior_net_revenue,
        windows.base_net_revenue,
        case
            when windows.base_net_revenue is null or windows.base_net_revenue <= 0 then null
            when windows.current_net_revenue <= 0 then cast(-1 as decimal(18, 6))
            -- The one root of the method: computed in double precision, rounded at once.
            else cast(
                round(
                    power(
                        cast(windows.current_net_revenue as double) / cast(windows.base_net_revenue as double),
                        cast(1 as double) / 3
                    ) - 1,
                    6
                ) as decimal(18, 6)
            )
        end as revenue_cagr_3y,
        case
            when windows.prior_net_revenue > 0
                then {{ ratio(exact_div('windows.current_net_revenue - windows.prior_net_revenue', 'windows.prior_net_revenue')) }}
        end as revenue_yoy
    from parents
    left join windows
        on
            parents.as_of_date = windows.as_of_date
            and parents.ultimate_parent_id = windows.ultimate_parent_id
)

select * from growth
