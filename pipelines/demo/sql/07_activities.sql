-- What sales logged. Visits and calls are scheduled per rep and month, so that nobody is in two places at once
-- except where the cases say so.

create table activity_kind as
select * from (
    values
    -- kind, is field work, times a year per planned visit, per planned call, minutes from, steps, minutes per step
    ('Besuch', true, 0.62, 0.0, 120, 6, 30),
    ('Online-Termin', true, 0.25, 0.0, 30, 3, 15),
    ('Telefonat', false, 0.0, 0.75, 5, 6, 5),
    ('E-Mail', false, 0.0, 0.25, 5, 3, 5),
    ('Angebot', false, 0.0, 0.22, 45, 8, 15)
) as kinds (kind, is_field, per_visit, per_call, minutes_from, minute_steps, step_minutes);

-- Large demos have the same sales force: it cannot see everybody.
set variable effort = least(1.0, getvariable('full_effort_customers') / getvariable('customers'));

create table contact_made as
with wanted as (
    select
        account.account_id,
        account.number,
        account.case_name,
        account.contact_count,
        month.month_index,
        kind.*,
        case when kind.is_field then account.owner_rep_id else account.inside_rep_id end as rep_id,
        case
            -- Stars nobody visits any more, but did once.
            when account.archetype_name = 'neglected_star' and account.case_name is distinct from 'never_contacted'
                and month.month_index < getvariable('months') - 14 then 6
            else account.visits
        end as visits,
        account.calls
    from account
    cross join activity_kind as kind
    cross join month
    where
        month.month_index >= account.first_month
        and (account.case_name is distinct from 'never_contacted')
        and (account.archetype_name <> 'lapsed' or month.month_index < getvariable('months') - 10)
),

counted as (
    select
        wanted.*,
        unnest(range(times(
            'activity',
            concat_ws('|', account_id, kind, month_index),
            (visits * per_visit + calls * per_call) / 12 * getvariable('effort')
        ))) as sequence
    from wanted
    where rep_id is not null
    union all
    -- Fairs in spring and autumn, complaints where processes fail.
    select wanted.* replace ('Messegespräch' as kind, 30 as minutes_from, 4 as minute_steps, 15 as step_minutes), 0
    from wanted
    inner join month using (month_index)
    where
        wanted.kind = 'Besuch' and month(month.starts_on) in (4, 9) and rep_id is not null
        and draw('fair', pair(account_id, month_index)) < 0.12 * getvariable('effort')
    union all
    select wanted.* replace ('Reklamation' as kind, 30 as minutes_from, 4 as minute_steps, 30 as step_minutes), 0
    from wanted
    inner join account using (account_id)
    where
        wanted.kind = 'Telefonat'
        and draw('complaint', pair(account_id, month_index)) < 3 * account.trouble * getvariable('effort')
)

select
    counted.*,
    concat_ws('|', account_id, kind, month_index, sequence) as activity_key
from counted;

create table scheduled as
with ranked as (
    select
        contact_made.*,
        row_number() over (
            partition by rep_id, is_field, month_index order by draw('order', activity_key), activity_key
        ) - 1 as place,
        count(*) over (partition by rep_id, is_field, month_index) as places
    from contact_made
),

on_day as (
    select
        ranked.*,
        workday.day
    from ranked
    inner join (select distinct month_index, workdays from workday) as month_days using (month_index)
    inner join workday
        on
            ranked.month_index = workday.month_index
            and workday.workday_index = case
                when ranked.places <= month_days.workdays then ranked.place * month_days.workdays // ranked.places
                else ranked.place % month_days.workdays
            end
),

in_slot as (
    select
        on_day.*,
        row_number() over (partition by rep_id, is_field, day order by place) - 1 as slot
    from on_day
)

select
    account_id,
    number,
    case_name,
    kind,
    rep_id,
    activity_key,
    cast(day as timestamp)
    + case
        when is_field then to_minutes(cast(510 + 285 * (slot % 3) as integer))
        else to_minutes(cast(480 + (slot * 50) % 600 + 5 * pick('minute', activity_key, 4) as integer))
    end as activity_at,
    case
        when draw('no_duration', activity_key) < 0.04 then null
        -- One rep rounds everything to whole hours.
        when rep_id = 'VT05' then 60 * (2 + pick('minutes', activity_key, 3))
        else minutes_from + step_minutes * pick('minutes', activity_key, cast(minute_steps as integer))
    end as duration_minutes,
    case
        when draw('met', activity_key) < 0.85
            then 'AP' || substr(account_id, 5) || '-' || (1 + pick('contact', activity_key, cast(contact_count as integer)))
    end as contact_id,
    case
        when draw('outcome', activity_key) < 0.8
            then (['Termin vereinbart', 'Bedarf geklärt', 'Angebot gewünscht', 'kein Bedarf', 'Auftrag'])[
                1 + pick('result', activity_key, 5)
            ]
    end as outcome
from in_slot
where
    -- The rep who left logs nothing after the last day.
    not (rep_id = getvariable('rep_who_left') and day > getvariable('last_day') - interval 6 month)
    -- A week in which the key account team entered nothing: missing is not zero.
    and not (
        rep_id in ('VT18', 'VT19', 'VT20')
        and date_trunc('week', day) = date_trunc('week', cast(getvariable('last_day') - interval 80 day as date))
    )
    -- Nothing is logged on a day after the last.
    and day <= getvariable('last_day');

create table activity as
with recorded as (
    select
        scheduled.*,
        case
            -- One rep enters the week on Friday afternoon, everything within minutes.
            when rep_id = 'VI08'
                then date_trunc('week', activity_at) + interval 4 day + interval 16 hour
                    + to_seconds(5 * pick('second', activity_key, 90))
            else
                date_trunc('day', activity_at)
                + to_days(case
                    when draw('lag', activity_key) < 0.70 then 0
                    when draw('lag', activity_key) < 0.90 then 1 + pick('days', activity_key, 3)
                    when draw('lag', activity_key) < 0.97 then 4 + pick('days', activity_key, 10)
                    else 15 + pick('days', activity_key, 26)
                end)
                + interval 18 hour + to_seconds(pick('second', activity_key, 5400))
        end as recorded_at
    from scheduled
),

campaigning as (
    select
        campaign_member.account_id,
        campaign.campaign_id,
        campaign.starts_on,
        campaign.ends_on
    from campaign_member
    inner join campaign using (campaign_id)
    where not campaign_member.is_control
)

select
    'AK' || lpad(cast(row_number() over (order by recorded.activity_at, recorded.activity_key) as varchar), 8, '0')
        as activity_id,
    recorded.account_id,
    recorded.kind,
    recorded.rep_id,
    recorded.activity_at,
    least(
        greatest(recorded.recorded_at, recorded.activity_at),
        getvariable('delivered_at') - interval 9 hour + to_seconds(pick('late', recorded.activity_key, 3000))
    ) as recorded_at,
    recorded.duration_minutes,
    recorded.contact_id,
    recorded.outcome,
    case when draw('in_campaign', recorded.activity_key) < 0.6 then campaigning.campaign_id end as campaign_id
from recorded
left join campaigning
    on
        recorded.account_id = campaigning.account_id
        and cast(recorded.activity_at as date) between campaigning.starts_on and campaigning.ends_on;

-- Cases of their own. Ids sort behind the others.
insert into activity
-- entered twice
select
    'AKD' || activity_id, account_id, kind, rep_id, activity_at, recorded_at + interval 3 minute, duration_minutes,
    contact_id, outcome, campaign_id
from activity
where kind = 'Besuch' and draw('twice', activity_id) < 0.004 and recorded_at < getvariable('delivered_at') - interval 1 day
union all
-- in the future: planned, not done
select
    'AKZ' || activity_id, account_id, kind, rep_id, activity_at + interval 42 day, recorded_at, duration_minutes,
    contact_id, null, campaign_id
from activity
where
    kind = 'Besuch' and activity_at > cast(getvariable('last_day') as timestamp) - interval 30 day
    and draw('planned', activity_id) < 0.06 and dayofweek(activity_at) <> 0
union all
-- on an account nobody knows
select
    'AKU' || month_index, 'KTO-999999', 'Besuch', 'VT04', cast(starts_on + 9 as timestamp) + interval 9 hour,
    cast(starts_on + 9 as timestamp) + interval 18 hour, 150, null, 'Bedarf geklärt', null
from month where month_index % 4 = 2
union all
-- a second visit at the same time, in another place
select 'AKO' || activity_id, 'KTO-100016', kind, rep_id, activity_at + interval 30 minute, recorded_at, 90, null, null, null
from activity
where kind = 'Besuch' and rep_id = 'VT07' and draw('overlap', activity_id) < 0.03 and account_id <> 'KTO-100016'
union all
-- a day of fifteen hours
select
    'AKL' || hours.position, 'KTO-100014', 'Besuch', 'VT12',
    cast(getvariable('last_day') as timestamp) - interval 50 day + to_hours(6 + 5 * hours.position),
    cast(getvariable('last_day') as timestamp) - interval 49 day + interval 18 hour,
    300, 'AP100014-1', 'Bedarf geklärt', null
from (values (0), (1), (2)) as hours (position);
