-- What people think: ratings by staff and by customers, and estimates of demand.

create table rating_round as
select * from (values (1, 3, 6), (2, 15, 6), (3, 27, 3)) as rounds (round, months_before, spread);

create table rating as
with asked as (
    select
        account.*,
        criterion.position as criterion_position,
        criterion.name as criterion_name,
        rating_round.round,
        rater.rater_number,
        concat_ws('|', account.account_id, criterion.position, rating_round.round, rater.rater_number) as rating_key,
        cast(
            getvariable('last_day')
            - to_months(cast(
                rating_round.months_before
                + pick('rated', pair(account.account_id, rating_round.round), rating_round.spread) as integer
            ))
            as date
        ) as valid_from
    from account
    cross join criterion
    cross join rating_round
    cross join (values (1), (2), (3)) as rater (rater_number)
    where
        account.archetype_name <> 'intercompany'
        -- Five criteria of the axes for everybody, benefit and satisfaction for customers only.
        and (criterion.position <= 5 or account.archetype_name <> 'lead')
        -- Nobody rated some; others were rated long ago only; leads and new customers once.
        and coalesce(account.lead_kind, '') <> 'unrated'
        and coalesce(account.case_name, '') not in ('unrated', 'no_owner')
        and (account.case_name is not null or account.lead_kind is not null or draw('unrated', account.account_id) > 0.05)
        and (
            rating_round.round = 3
            or (
                account.case_name is distinct from 'stale'
                and (account.case_name is not null or draw('stale', account.account_id) > 0.05)
            )
        )
        and (rating_round.round = 1 or account.archetype_name not in ('lead', 'new_customer'))
        -- Parts are missing.
        and (account.case_name is distinct from 'parts_missing' or criterion.position in (1, 4, 6))
        and (
            criterion.position not in (2, 5)
            or account.case_name is not null
            or draw('missing', pair(account.account_id, criterion.position)) > 0.05
        )
        -- The owner rates; in a third of the cases a colleague too; the customer is asked for benefit and satisfaction.
        and (
            rater.rater_number = 1
            or (
                rater.rater_number = 2
                and coalesce(account.case_name, '') not in ('straight_lining', 'manipulated')
                and draw('second_rater', account.account_id) < 0.35
            )
            or (rater.rater_number = 3 and criterion.position >= 6 and draw('survey', account.account_id) < 0.3)
        )
        and (rater.rater_number = 3 or account.owner_rep_id is not null)
),

answered as (
    select
        asked.*,
        case rater_number
            when 1 then owner_rep_id
            when 2 then 'VL' || lpad(cast(1 + pick('second', account_id, 3) as varchar), 2, '0')
            else 'AP' || substr(account_id, 5) || '-1'
        end as rater_id,
        case
            when case_name = 'straight_lining' then 4
            when case_name in ('manipulated', 'review_star', 'review_small') then levels[criterion_position]
            -- One rep gives everybody a 3.
            when rater_number = 1 and owner_rep_id = 'VT16' then 3
            when rater_number = 1 and round = 1 and case_name = 'unknown_chosen' and criterion_position = 2 then null
            else greatest(1, least(5,
                levels[criterion_position]
                + case
                    when draw('level', rating_key) < 0.17 then -1
                    when draw('level', rating_key) > 0.83 then 1
                    else 0
                end
                -- Some relations got better over the years, some worse.
                + case
                    when round = 3 and draw('trend', account_id) < 0.12 then 1
                    when round = 3 and draw('trend', account_id) > 0.88 then -1
                    else 0
                end
            ))
        end as level
    from asked
)

select
    account_id,
    criterion_name,
    rater_id,
    case when rater_number = 3 then 'Kunde' else 'Mitarbeiter' end as rated_by,
    level,
    valid_from,
    least(
        cast(valid_from as timestamp)
        + to_days(pick('rating_entered', concat_ws('|', account_id, round, rater_number), 9)) + interval 10 hour
        + to_minutes(pick('rating_minute', rating_key, 400)),
        getvariable('delivered_at') - interval 6 hour
    ) as recorded_at
from answered;

-- Rated again four days before the cut-off, across the threshold; and one opinion entered long after its date.
insert into rating
select
    account.account_id, criterion.name, account.owner_rep_id, 'Mitarbeiter', 1 + criterion.position % 2,
    cast(cast(getvariable('last_day') as date) - 4 as date),
    cast(cast(getvariable('last_day') as date) - 4 as timestamp) + interval 16 hour
from account, criterion
where account.case_name = 'late_rerating' and criterion.position between 2 and 5;

-- A good customer rated down on the last afternoon, everything at once: nobody shall act on that before a month has passed.
insert into rating
select
    account.account_id, criterion.name, account.owner_rep_id, 'Mitarbeiter', 1,
    cast(getvariable('last_day') as date),
    cast(getvariable('last_day') as timestamp) + interval 16 hour + to_minutes(2 * criterion.position)
from account, criterion
where account.case_name = 'manipulated' and criterion.position <= 5;

insert into rating
select
    account.account_id, criterion.name, 'VT02', 'Mitarbeiter', 5,
    cast(cast(getvariable('last_day') as date) - 70 as date),
    cast(cast(getvariable('last_day') as date) - 20 as timestamp) + interval 9 hour
from account, criterion
where account.case_name in ('late_rerating', 'blocked_access') and criterion.position = 2;

-- A question mark was won over: asked again three weeks ago, the customer is content with everything.
insert into rating
select
    account.account_id, criterion.name, 'AP' || substr(account.account_id, 5) || '-1', 'Kunde', 5,
    cast(cast(getvariable('last_day') as date) - 21 as date),
    cast(cast(getvariable('last_day') as date) - 21 as timestamp) + interval 14 hour
from account, criterion
where
    criterion.position >= 6
    and account.number = (
        select min(asked.number)
        from account as asked
        inner join rating on asked.account_id = rating.account_id and rating.criterion_name = 'Zufriedenheit'
        where asked.archetype_name = 'question_mark' and asked.case_name is null
    );

-- Demand is estimated from what is bought, more or less well.
create table group_revenue as
select
    number,
    group_index,
    sum(gross_cents - deduction_cents) as net_cents
from booked_line
where number > 0 and month_index >= getvariable('months') - 12 and invoice_key <> 'correction'
group by number, group_index;

create table estimate as
with wanted as (
    select number, group_index, net_cents / 100.0 as revenue, false as is_white_space from group_revenue where net_cents > 0
    union all
    -- A group that is needed and not bought here at all.
    select number, (first_group + group_count) % 7, annual_revenue * 0.14, true
    from customer
    where
        (case_name in ('white_space', 'idle') or draw('white_space', number) < 0.45)
        and (number, (first_group + group_count) % 7) not in (select (number, group_index) from group_revenue)
),

asked as (
    select
        account.*,
        wanted.group_index,
        wanted.revenue,
        wanted.is_white_space,
        rating_round.round,
        concat_ws('|', account.account_id, wanted.group_index, rating_round.round) as estimate_key,
        cast(
            getvariable('last_day')
            - to_months(cast(
                rating_round.months_before
                + pick('estimated', pair(account.account_id, rating_round.round), rating_round.spread) as integer
            ))
            - interval 5 day
            as date
        ) as valid_from
    from wanted
    inner join account on wanted.number = account.number and account.case_name is distinct from 'second_account'
    cross join rating_round
    where
        coalesce(account.case_name, '') not in ('unrated')
        and (account.case_name is not null or draw('no_estimate', account.account_id) > 0.05)
        and (
            rating_round.round = 3
            or (
                account.case_name is distinct from 'stale'
                and (account.case_name is not null or draw('stale', account.account_id) > 0.05)
            )
        )
        and (rating_round.round = 1 or account.archetype_name <> 'new_customer')
    union all
    select
        account.*,
        group_index,
        account.annual_revenue * (0.4 + 0.6 * draw('lead_demand', pair(account.account_id, group_index))),
        true,
        1,
        concat_ws('|', account.account_id, group_index, 1),
        cast(account.created_on + 15 as date)
    from account, lateral (select unnest([account.number % 7, (account.number + 2) % 7]) as group_index)
    where account.archetype_name = 'lead' and account.lead_kind <> 'unrated'
),

staged as (
    select
        asked.*,
        stage.stage,
        stage.factor as stage_factor
    from asked
    inner join
        (values ('Effektive Nachfrage', 1.0), ('Nachfrage', 1.3), ('Bedarf', 1.7)) as stage (stage, factor)
        on stage.factor = 1.0 or (asked.round = 1 and draw('funnel', asked.account_id) < 0.2)
)

select
    account_id,
    (select product_group.name from product_group where product_group.position = staged.group_index) as product_group,
    50000 * greatest(
        case when case_name = 'demand_zero' then 0 else 1 end,
        cast(round(
            revenue
            * case when is_white_space then 1 else demand end
            * case
                when case_name in ('demand_zero') then 0
                when case_name = 'contradicted' then 0.3
                when case_name = 'demand_jump' and round > 1 then 0.5
                when case_name is null and archetype_name not in ('lead', 'hidden_champion')
                    and draw('contradicted', account_id) < 0.03 then 0.5
                else 1
            end
            * (1.08 - 0.08 * round)
            * stage_factor
            * (0.85 + 0.3 * draw('estimate', estimate_key))
            * case currency_code when 'CHF' then 0.95 else 1 end
            / 500
        ) as bigint)
    ) as demand_cents,
    currency_code,
    case
        when draw('share', pair(account_id, group_index)) < 0.9
            then greatest(5, least(
                100, cast(100 * achievable as integer) - 10 + pick('share_step', pair(account_id, group_index), 4) * 5
            ))
    end as achievable_percent,
    case
        when case_name = 'no_demand_stage' then null
        when stage_factor = 1.0 and draw('no_stage', account_id) < 0.04 then null
        else stage
    end as demand_stage,
    valid_from,
    least(
        cast(valid_from as timestamp) + to_days(pick('estimate_entered', pair(account_id, round), 12)) + interval 11 hour,
        getvariable('delivered_at') - interval 6 hour
    ) as recorded_at
from staged;

-- Two reps wrote down the same demand of one customer, each on an account of his own.
insert into estimate
select twin.account_id, estimate.* exclude (account_id)
from estimate
inner join account on estimate.account_id = account.account_id and account.case_name = 'same_estimate_twice'
inner join account as twin on account.customer_id = twin.customer_id and twin.case_name = 'second_account';
