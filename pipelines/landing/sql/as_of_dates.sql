-- One row per date asked for, or one without any: the as-of date that holds, or why it is refused (METHOD 1, "Default as_of_date").
--
-- It reads what as_of.py makes of the ledger: known (known_at, time_zone, allow_open_month: one row), asked (as_of_date: rows of dates, or one
-- NULL), deliveries of invoice lines (batch_id, declared_on, path_date, loaded_at, superseded_at) and postings (batch_id, posting_date) of
-- their accepted rows. Moments are UTC without a zone, days are days.
with

moment as (
    select
        known_at,
        time_zone,
        allow_open_month,
        cast(timezone(time_zone, timezone('UTC', known_at)) as date) as known_on
    from known
),

known_deliveries as (
    select
        deliveries.batch_id,
        coalesce(
            deliveries.declared_on,
            deliveries.path_date,
            cast(timezone(moment.time_zone, timezone('UTC', deliveries.loaded_at)) as date)
        ) as delivered_on,
        deliveries.superseded_at is null or deliveries.superseded_at > moment.known_at as is_active
    from deliveries
    inner join moment on deliveries.loaded_at <= moment.known_at
),

-- A day declared after the day of knowledge is a delivery prepared in advance, or a slip.
newest as (
    select max(least(known_deliveries.delivered_on, moment.known_on)) as delivery_day
    from known_deliveries
    cross join moment
),

active_postings as (
    select postings.posting_date
    from postings
    inner join known_deliveries
        on
            postings.batch_id = known_deliveries.batch_id
            and known_deliveries.is_active
),

-- What is posted after that day waits.
latest as (
    select max(active_postings.posting_date) as posting_date
    from active_postings
    cross join newest
    where active_postings.posting_date <= newest.delivery_day
),

wanted as (
    select
        newest.delivery_day,
        latest.posting_date,
        moment.known_on,
        moment.allow_open_month,
        asked.as_of_date as asked_as_of_date,
        coalesce(
            asked.as_of_date,
            least(
                last_day(latest.posting_date),
                case
                    when newest.delivery_day = last_day(newest.delivery_day) then newest.delivery_day
                    else cast(date_trunc('month', newest.delivery_day) as date) - 1
                end
            )
        ) as as_of_date
    from asked
    cross join newest
    cross join latest
    cross join moment
),

judged as (
    select
        delivery_day,
        asked_as_of_date,
        as_of_date,
        case
            when asked_as_of_date is null and posting_date is null then 'no_posting'
            when as_of_date <> last_day(as_of_date) then 'no_month_end'
            when known_on < as_of_date and not allow_open_month then 'open_month'
        end as refused,
        known_on < as_of_date as is_open_month
    from wanted
),

answers as (
    select
        asked_as_of_date,
        delivery_day,
        refused,
        case when refused is null then as_of_date end as as_of_date,
        case when refused is null then is_open_month end as is_open_month
    from judged
)

select * from answers
order by asked_as_of_date
