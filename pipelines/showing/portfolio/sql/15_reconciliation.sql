-- The 12 months that end at the as-of date, month by month. Groups with a yearly ledger are shown by their latest
-- year (12 months of a calendar year are not the 12 months of the page); rows without a date stand apart.
create temp table reconciled as
with

rows_of_date as (
    select
        *,
        case
            when period like '____-__' then 'month'
            when period like '____' and period <> 'unknown' then 'year'
            else 'undated'
        end as grain,
    from mart_reconciliation
    where as_of_date = (select as_of_date from page_date)
),

-- A month that waits for its year is compared with it only where years are: nothing is compared where no ledger came.
by_year as (
    select distinct account_group
    from rows_of_date
    where grain = 'year' and status in ('reconciled', 'difference', 'blocking_error')
)

select
    rows_of_date.* replace (
        case when status = 'within_year' and by_year.account_group is null then 'not_available' else status end as status
    ),
from rows_of_date
left join by_year on rows_of_date.account_group = by_year.account_group
where
    grain = 'undated'
    or (
        grain = 'month'
        and period > strftime((select as_of_date from page_date) - interval 12 months, '%Y-%m')
        and period <= strftime((select as_of_date from page_date), '%Y-%m')
    )
    or (grain = 'year' and status in ('reconciled', 'difference', 'blocking_error'))
qualify grain <> 'year' or period = max(period) over (partition by rows_of_date.account_group, grain);
