-- The core of the method by hand: the same deliveries, the same numbers as the product's marts, one DuckDB script without layers, tests,
-- history or explanations. It is what a good analyst writes for one date, and the yardstick of the product's speed. The zone of the date is
-- replayed: of every month end since judged_from there are the two axis scores, and nothing else.
-- Read by bench.reference, which has loaded the tables and replaces FOLDER. The numbers of the method are those of bench/config/portfolio.yml.
-- Amounts are whole cents (bigint), levels whole 1e-10, points and scores whole 1e-4: sums and quotients are exact, rounded half away
-- from zero as the product does. Parents and product groups are small integers until the end.

set variable as_of = date '2025-12-31';
set variable first_day = date '2025-01-01';
set variable judged_from = date '2023-11-30';
-- Months are counted, so that windows are plain comparisons.
create temp macro month_of(day) as (year(day) * 12 + month(day))::integer;
-- The judged months from one to another.
create temp macro judged(first, last) as
    unnest(range(greatest(first, month_of(getvariable('judged_from'))), least(last, month_of(getvariable('as_of'))) + 1))::integer;
create temp macro quotient(n, d) as ((2 * abs(n) + d) // (2 * d)) * sign(n);
create temp macro cents(amount) as (amount * 100::decimal(3, 0))::bigint;
create temp macro euros(cents) as (cents::decimal(18, 0) * 0.01::decimal(3, 2))::decimal(18, 2);
create temp macro in_euros(amount, units) as case when units = 1000000 then cents(amount)
    else ((2000000 * abs(cents(amount)) + units) // (2 * units)) * sign(cents(amount)) end;
create temp macro ratio(n, d) as (quotient(n::hugeint * 1000000, d::hugeint)::decimal(24, 0) * 0.000001::decimal(7, 6))::decimal(18, 6);
create temp macro score(points) as (points::decimal(12, 0) * 0.0001::decimal(5, 4))::decimal(9, 4);

create temp table months as
    select month_of(day) as number, last_day(day::date) as month_end
    from range(date_trunc('month', getvariable('judged_from')), getvariable('as_of')::timestamp, interval 1 month) as months (day);

create temp table weights as
    from (
        values
        ('potential', 'achievable_gap', 40), ('potential', 'future_demand', 30), ('potential', 'revenue_cagr_3y', 30),
        ('attractiveness', 'access_decision_makers', 30), ('attractiveness', 'process_maturity', 20), ('attractiveness', 'chemistry', 20),
        ('attractiveness', 'strategy_clarity', 10), ('attractiveness', 'payment', 20)
    ) as weights (axis, criterion_id, weight);
-- Compared as numbers, told as words.
create temp type criterion as enum (select criterion_id from weights);
create temp type axis as enum (select distinct axis from weights);
alter table weights alter axis type axis;
alter table weights alter criterion_id type criterion;

-- A rate holds until the day before the next one, five days at most. Euros have one, too, so that one join does for all.
create temp table rates as
    select currency_code as currency, unnest(generate_series(rate_date, least(rate_date + 5, coalesce(next_date - 1, rate_date + 5)), interval 1 day))::date as day, units
    from (
        select
            currency_code,
            rate_date,
            (units_per_reporting_currency * 1000000)::bigint as units,
            lead(rate_date) over (partition by currency_code order by rate_date) as next_date
        from exchange_rates
    )
    union all
    select 'EUR', day::date, 1000000 from range(timestamp '2021-12-20', timestamp '2026-01-01', interval 1 day) as days (day);

-- Every customer and the top of its group at the date, which stands for all months: it stops if anybody changed groups in between.
select
    case
        when count(*) filter (valid_from > getvariable('judged_from') or valid_to between getvariable('judged_from') and getvariable('as_of') - 1) > 0
            then error('Groups change while zones are replayed.')
    end
from customer_parents;
create temp table firms as
    with recursive links as (
        select customer_id, arg_max(parent_id, (valid_from, parent_id)) as parent_id
        from customer_parents
        where valid_from <= getvariable('as_of') and (valid_to is null or valid_to >= getvariable('as_of'))
        group by customer_id
    ),
    climb (customer_id, top, height) as (
        select customer_id, parent_id, 1 from links
        union all
        select climb.customer_id, links.parent_id, height + 1 from climb inner join links on links.customer_id = climb.top where height < 11
    )
    select
        row_number() over ()::integer as firm,
        customers.customer_id,
        relationship_type,
        first_invoice_date,
        coalesce(top, customers.customer_id) as parent_id,
        dense_rank() over (order by coalesce(top, customers.customer_id))::integer as parent
    from customers
    left join (select customer_id, arg_max(top, height) as top from climb group by customer_id) as tops using (customer_id);
-- Since when each is a customer: the first invoice as the ERP has it, else the first line. Who is there within 90 days of the first line of
-- all was there before: the export begins then.
create temp table parents as
    with bought as (
        select customer_id, min(posting_date) as first_line
        from invoice_lines
        group by customer_id
    )
    select
        parent,
        any_value(parent_id) as parent_id,
        case when min(first_invoice_date) <= getvariable('as_of') then min(first_invoice_date) else min(first_line) end as customer_since,
        month_of(least(min(first_invoice_date), min(first_line))) as bought_from,
        customer_since > getvariable('as_of') - interval 1 year
        and (coalesce(min(first_invoice_date) <= getvariable('as_of'), false) or customer_since >= (select min(first_line) + 90 from bought)) as is_new
    from firms
    left join bought using (customer_id)
    group by parent
    having bool_or(relationship_type = 'customer');
create temp table article as select product_id, right(product_group, 2)::utinyint as product from products;

-- Revenue: the window by customer, month and product group; all four years by parent, for growth and for the months that are replayed.
create temp table booked as
    select firm, unknown_id, month, product, sum(gross)::bigint as gross, sum(deducted)::bigint as deducted, sum(cost)::bigint as cost
    from (
        select
            firm,
            case when firm is null then lines.customer_id end as unknown_id,
            month(posting_date)::utinyint as month,
            product,
            in_euros(gross_list_amount, units) as gross,
            in_euros(revenue_deductions, units) as deducted,
            in_euros(cogs, units) as cost
        from invoice_lines as lines
        inner join rates on day = posting_date and currency = currency_code
        inner join article using (product_id)
        left join firms using (customer_id)
        where posting_date between getvariable('first_day') and getvariable('as_of')
    )
    group by all;
create temp table sold as
    select parent, product, month, sum(net)::bigint as net
    from (
        select parent, product, month_of(posting_date) as month, in_euros(gross_list_amount, units) - in_euros(revenue_deductions, units) as net
        from invoice_lines as lines
        inner join rates on day = posting_date and currency = currency_code
        inner join article using (product_id)
        inner join firms using (customer_id)
        where posting_date < getvariable('first_day')
        union all
        select parent, product, month_of(getvariable('first_day')) + month - 1, gross - deducted
        from booked
        inner join firms using (firm)
    )
    group by all;
create temp table revenue as
    select parent, product, sum(gross)::bigint as gross, sum(deducted)::bigint as deducted, sum(cost)::bigint as cost
    from booked
    left join (select firm, parent from firms) using (firm)
    group by all;

-- Costs of customers: booked ones, and the sales force's by the minute (visits 80 an hour, calls and mails 40), each activity once.
create temp table charged as
    select parent, month, sum(amount) filter (is_marketing)::bigint as marketing, sum(amount) filter (not is_marketing)::bigint as logistics
    from (
        select customer_id, month(posting_date)::utinyint as month, cost_type = 'marketing' as is_marketing, in_euros(amount, units) as amount
        from direct_costs
        inner join rates on day = posting_date and currency = currency_code
        where posting_date between getvariable('first_day') and getvariable('as_of')
    )
    left join firms using (customer_id)
    group by all;
create temp table placed as select account_id, row_number() over ()::integer as account, firm, parent from accounts inner join firms using (customer_id);
create temp table visited as
    select
        parent,
        sum(quotient(coalesce(minutes, case activity_type when 'visit' then 240 when 'call' then 20 else 10 end) * case activity_type when 'visit' then 8000 else 4000 end, 60))::bigint as cost
    from (
        select parent, activity_type, arg_min_null(duration_minutes, activity_id)::bigint as minutes
        from activities
        inner join placed using (account_id)
        where activity_at >= getvariable('first_day') and activity_at < getvariable('as_of') + 1 and recorded_at <= getvariable('known_at')
        group by parent, activity_type, rep_id, activity_at
    )
    group by parent;
create temp table contribution as
    select
        *,
        net - cost as first,
        net - cost - marketing as second,
        net - cost - marketing - sales as third,
        net - cost - marketing - sales - logistics as fourth
    from (
        select
            parent,
            coalesce(revenue.gross, 0) as gross,
            coalesce(revenue.deducted, 0) as deducted,
            coalesce(revenue.gross - revenue.deducted, 0) as net,
            coalesce(revenue.cost, 0) as cost,
            coalesce(charged.marketing, 0) as marketing,
            coalesce(visited.cost, 0) as sales,
            coalesce(charged.logistics, 0) as logistics
        from parents
        left join (select parent, sum(gross)::bigint as gross, sum(deducted)::bigint as deducted, sum(cost)::bigint as cost from revenue group by parent) as revenue using (parent)
        left join (select parent, sum(marketing)::bigint as marketing, sum(logistics)::bigint as logistics from charged group by parent) as charged using (parent)
        left join visited using (parent)
    );

-- Demand of an account and product group: the latest effective demand, before there is one the latest demand, never a mere need. The same on
-- several accounts of one customer counts once, on the lowest; on the next only when that one is replaced.
create temp table demanded as
    with estimated as (
        select
            account_id,
            account,
            firm,
            parent,
            right(product_group, 2)::utinyint as product,
            currency_code,
            annual_demand,
            in_euros(annual_demand, units) as demand,
            (achievable_share * 10000)::bigint as share,
            valid_from,
            least(
                lead(valid_from, 1, date '9999-12-01') over (partition by account, product, demand_stage order by valid_from, recorded_at),
                case when demand_stage = 'demand' then min(valid_from) filter (demand_stage = 'effective_demand') over (partition by account, product) end
            ) as valid_until
        from potential_estimates
        inner join placed using (account_id)
        inner join rates on day = valid_from and currency = currency_code
        where valid_from <= getvariable('as_of') and recorded_at <= getvariable('known_at') and demand_stage <> 'need'
    ),
    counted as (
        select
            *,
            greatest(
                valid_from,
                max(valid_until) over (
                    partition by firm, product, annual_demand, currency_code, valid_from order by account_id
                    rows between unbounded preceding and 1 preceding
                )
            ) as counted_from
        from estimated
    )
    select
        month,
        parent,
        product,
        sum(demand)::bigint as demand,
        quotient(sum(demand * share)::bigint, 10000) as reachable,
        min(valid_from) as oldest
    from (select *, judged(month_of(counted_from), month_of(valid_until) - 1) as month from counted)
    group by all;

-- Untapped potential of every month, per product group, never netted.
create temp table gaps as
    with revenue as (
        select parent, product, month, sum(net)::bigint as net
        from (
            select
                parent,
                product,
                judged(month, month + 11) as month,
                net
            from sold
            semi join demanded using (parent, product)
        )
        group by all
    )
    select month, parent, sum(greatest(0, reachable - greatest(0, coalesce(net, 0))))::bigint as gap
    from demanded
    left join revenue using (month, parent, product)
    group by all;

-- Share of wallet at the date.
create temp table wallet as
    select
        parent,
        product,
        demand,
        coalesce(gross - deducted, 0) as net,
        reachable,
        oldest,
        case when demand is not null then greatest(0, reachable - greatest(0, net)) end as gap,
        case when demand is not null then greatest(net, reachable) else greatest(0, net) end as potential,
        case when demand is not null then least(greatest(net, 0), demand) end as capped,
        coalesce(net * 10 > demand * 11, false) as is_contradicted
    from (from demanded where month = month_of(getvariable('as_of')))
    full join (from revenue where parent is not null) using (parent, product);

-- Payment: what fell due up to a month end within its 12 months, or was not paid when they began; days late weighted by amount.
create temp table paid as
    select parent, month, ratio(sum(amount * greatest(least(coalesce(cleared_date, month_end), month_end) - due_date, 0)), sum(amount)) as days_beyond_terms
    from (
        select
            parent,
            in_euros(amount, units)::bigint as amount,
            due_date,
            cleared_date,
            judged(month_of(due_date), month_of(greatest(due_date, coalesce(cleared_date, getvariable('as_of')))) + 11) as month
        from open_items
        inner join rates on day = due_date and currency = currency_code
        inner join firms using (customer_id)
        where due_date <= getvariable('as_of') and amount > 0 and not is_disputed
    )
    inner join months on number = month
    group by parent, month;

-- Ratings: a rater's last word per account, the mean of his accounts, the mean of the raters. (Only staff rates these criteria.) What was
-- entered in the last week before the date, or later, is late.
create temp table opinions as
    select
        parent,
        account,
        criterion_id::criterion as criterion_id,
        dense_rank() over (order by rater_id)::integer as rater,
        level,
        valid_from,
        recorded_at,
        recorded_at::date > getvariable('as_of') - 7 as is_late
    from ratings
    inner join placed using (account_id)
    where valid_from <= getvariable('as_of') and recorded_at <= getvariable('known_at') and rated_by = 'staff';
create temp macro levels_of(opinions) as table
    with words as (
        select *, lead(valid_from, 1, date '9999-12-01') over (partition by account, criterion_id, rater order by valid_from, recorded_at) as valid_until
        from query_table(opinions)
    ),
    of_raters as (
        select month, parent, criterion_id, rater, quotient(sum(level)::bigint * 10000000000, count(*)) as level, min(valid_from) as oldest
        from (select *, judged(month_of(valid_from), month_of(valid_until) - 1) as month from words where level is not null)
        group by all
    )
    select month, parent, criterion_id, quotient(sum(level)::bigint, count(*)) as level, min(oldest) as oldest
    from of_raters
    group by all;
create temp table rated as from levels_of('opinions');

-- Growth over three years, where all of them are delivered; on last year for the date.
create temp table grown as
    select
        parent,
        number as month,
        coalesce(sum(net) filter (sold.month > number - 12), 0) as net_now,
        sum(net) filter (sold.month <= number - 36) as three_years_ago,
        sum(net) filter (sold.month between number - 23 and number - 12) as last_year,
        case
            when three_years_ago is null or three_years_ago <= 0 then null
            when net_now <= 0 then -1::decimal(18, 6)
            else round(power((net_now / 100.0)::double / (three_years_ago / 100.0)::double, 1::double / 3) - 1, 6)::decimal(18, 6)
        end as growth,
        case when last_year > 0 then ratio(net_now - last_year, last_year) end as growth_of_a_year
    from (select parent, month, sum(net)::bigint as net from sold group by all) as sold
    inner join (from months where number - 47 >= (select min(month) from sold)) as months
        on sold.month between number - 47 and number
    group by all;

create temp table measured as
    select
        parents.parent,
        customer_since,
        is_new,
        contribution.* exclude (parent),
        wallet.* exclude (parent),
        days_beyond_terms,
        growth,
        growth_of_a_year
    from parents
    inner join contribution using (parent)
    left join (from grown where month = month_of(getvariable('as_of'))) as grown using (parent)
    left join (from paid where month = month_of(getvariable('as_of'))) as paid using (parent)
    left join (
        select
            parent,
            sum(demand)::bigint as demand,
            sum(net) filter (demand is not null)::bigint as demanded_revenue,
            sum(gap)::bigint as gap,
            case when count(demand) > 0 then sum(potential)::bigint end as potential,
            sum(capped)::bigint as capped,
            bool_or(is_contradicted) as is_contradicted,
            min(oldest) as oldest_estimate
        from wallet
        group by parent
    ) as wallet using (parent);

-- What is known of the criteria: a level for each month end. Who has not bought yet is not judged.
create temp macro known_levels(rated) as table
    from (
        select
            month,
            parent,
            'achievable_gap'::criterion as criterion_id,
            case when gap >= 15000000 then 5 when gap >= 5000000 then 4 when gap >= 2000000 then 3 when gap >= 500000 then 2 else 1 end * 10000000000 as level,
            gap / 100.0::double as measure,
            null::date as oldest
        from gaps
        union all
        select
            month,
            parent,
            'revenue_cagr_3y',
            case when growth >= 0.15 then 5 when growth >= 0.05 then 4 when growth >= 0 then 3 when growth >= -0.05 then 2 else 1 end * 10000000000,
            growth,
            null
        from grown
        where growth is not null
        union all
        select
            month,
            parent,
            'payment',
            case when days_beyond_terms >= 30 then 1 when days_beyond_terms >= 15 then 2 when days_beyond_terms >= 8 then 3 when days_beyond_terms >= 3 then 4 else 5 end * 10000000000,
            days_beyond_terms,
            null
        from paid
        where days_beyond_terms is not null
        union all
        select month, parent, criterion_id, level, level / 10000000000, oldest from query_table(rated)
    )
    inner join (select parent, bought_from from parents) using (parent)
    where bought_from <= month;
create temp macro reached(weight, level) as (weight * (level - 10000000000) + 2000000) // 4000000;

-- Criteria at the date: the points of 100 on the axis, and what the points could be while the level is unknown (1 to 5; 3 stands in).
create temp table criteria as
    select
        parents.parent,
        axis,
        weights.criterion_id,
        weight,
        measure,
        level,
        oldest,
        reached(weight, level) as reached,
        coalesce(reached, weight * 5000) as points,
        coalesce(reached, 0) as points_low,
        coalesce(reached, weight * 10000) as points_high
    from (from parents where customer_since is not null) as parents
    cross join weights
    left join (from known_levels('rated') where month = month_of(getvariable('as_of'))) as known
        on known.parent = parents.parent and known.criterion_id = weights.criterion_id;
create temp table scored as
    select
        parent,
        sum(points) filter (axis = 'potential')::bigint as potential_score,
        sum(points_low) filter (axis = 'potential')::bigint as potential_low,
        sum(points_high) filter (axis = 'potential')::bigint as potential_high,
        coalesce(sum(weight) filter (axis = 'potential' and level is not null), 0)::bigint as potential_known,
        sum(points) filter (axis = 'attractiveness')::bigint as attractiveness_score,
        sum(points_low) filter (axis = 'attractiveness')::bigint as attractiveness_low,
        sum(points_high) filter (axis = 'attractiveness')::bigint as attractiveness_high,
        coalesce(sum(weight) filter (axis = 'attractiveness' and level is not null), 0)::bigint as attractiveness_known,
        min(oldest) as oldest_rating
    from criteria
    group by parent;

-- The scores of every month, where enough is known on both axes: the midpoint counts for what is not.
create temp macro axis_scores(known) as table
    select
        month,
        parent,
        sum(reached(weight, level)) filter (axis = 'potential') + 5000 * (100 - sum(weight) filter (axis = 'potential')) as potential,
        sum(reached(weight, level)) filter (axis = 'attractiveness') + 5000 * (100 - sum(weight) filter (axis = 'attractiveness')) as attractiveness
    from query_table(known)
    inner join weights using (criterion_id)
    group by month, parent
    having sum(weight) filter (axis = 'potential') >= 60 and sum(weight) filter (axis = 'attractiveness') >= 60;
create temp view known as from known_levels('rated');

-- A side is the last one a score has said: at first from 50 on, later from 55 on high and below 45 low.
create temp table sides as
    select parent, arg_max(is_potential_high, month) as is_potential_high, arg_max(is_attractiveness_high, month) as is_attractiveness_high
    from (
        select
            parent,
            month,
            row_number() over (partition by parent order by month) = 1 as is_first,
            case when potential >= if(is_first, 500000, 550000) then true when potential < if(is_first, 500000, 450000) then false end as is_potential_high,
            case when attractiveness >= if(is_first, 500000, 550000) then true when attractiveness < if(is_first, 500000, 450000) then false end as is_attractiveness_high
        from axis_scores('known')
    )
    group by parent;

-- Whose zone at the date, taken plainly, stands on late ratings alone: without them it would be another one, or none.
create temp view hurried as select distinct parent from opinions where is_late;
create temp view unhurried_opinions as from opinions semi join hurried using (parent) where not is_late;
create temp view unhurried_levels as from levels_of('unhurried_opinions') where month = month_of(getvariable('as_of'));
create temp view unhurried as from known_levels('unhurried_levels') semi join hurried using (parent) where month = month_of(getvariable('as_of'));
create temp table unconfirmed as
    select parent
    from hurried
    inner join scored using (parent)
    left join axis_scores('unhurried') as earlier using (parent)
    where (earlier.potential >= 500000) is distinct from (potential_score >= 500000)
        or (earlier.attractiveness >= 500000) is distinct from (attractiveness_score >= 500000);

create temp table valued as
    with portfolio as (select sum(first)::hugeint as first, sum(net)::hugeint as net from measured),
    judged as (
        select
            *,
            case
                when customer_since is null then null
                when is_new then 'observation'
                when potential_known < 60 or attractiveness_known < 60 then 'unrated'
                when
                    (potential_low < 500000 and potential_high >= 500000) or (attractiveness_low < 500000 and attractiveness_high >= 500000)
                    or is_contradicted or oldest_estimate < date '2024-01-01' or oldest_rating < date '2024-01-01' or is_unconfirmed
                    then 'provisional'
                else 'confirmed'
            end as zone_status,
            case
                when customer_since is not null
                    then 250000 * ((fourth >= 0)::integer + (fourth >= 1000000)::integer + (fourth >= 4000000)::integer + (fourth >= 10000000)::integer)
            end as contribution_score,
            quotient(4 * contribution_score + 3 * potential_score + 3 * attractiveness_score, 10) as customer_value
        from measured
        left join scored using (parent)
        left join sides using (parent)
        left join (select parent, true as is_unconfirmed from unconfirmed) using (parent)
    )
    select
        judged.*,
        case
            when customer_since is null then 'never_bought'
            when zone_status = 'observation' then 'new_customer'
            when zone_status = 'unrated' then 'unrated'
            when is_potential_high then case when is_attractiveness_high then 'protection' else 'development' end
            when is_attractiveness_high then 'maintain'
            else 'withdrawal'
        end as zone,
        case
            when judged.net > 0 and judged.first > 0 then quotient(gap::hugeint * judged.first, judged.net::hugeint)
            when portfolio.net > 0 then quotient(gap::hugeint * portfolio.first, portfolio.net)
        end as potential_contribution
    from judged
    cross join portfolio;
create temp table ranked as
    select
        *,
        row_number() over (order by customer_value desc, fourth desc, parent_id) as rank_customer_value,
        row_number() over (order by fourth desc, parent_id) as whale_rank,
        sum(fourth) over (order by fourth desc, parent_id rows unbounded preceding)::bigint as cumulative,
        sum(fourth) over ()::bigint as total,
        coalesce(sum(greatest(net, 0)) over (order by net desc, parent_id rows between unbounded preceding and 1 preceding), 0)::bigint as net_before,
        sum(greatest(net, 0)) over ()::bigint as positive_net
    from (from valued where customer_since is not null)
    inner join (select parent, parent_id from parents) using (parent);
-- Who never bought has no rank.
create temp table shown as
    from ranked
    union all by name
    select *
    from (from valued where customer_since is null)
    inner join (select parent, parent_id from parents) using (parent);

copy (
    select coalesce(customer_id, unknown_id) as customer_id, month, product, euros(gross) as gross_list_revenue, euros(deducted) as revenue_deductions, euros(gross - deducted) as net_revenue, euros(cost) as cogs, euros(gross - deducted - cost) as contribution_1
    from booked
    left join firms using (firm)
) to 'FOLDER/customer_months.parquet';
copy (
    select
        parent_id,
        euros(gross) as gross_list_revenue,
        euros(deducted) as revenue_deductions,
        euros(net) as net_revenue,
        euros(cost) as cogs,
        euros(first) as contribution_1,
        euros(marketing) as marketing_cost,
        euros(second) as contribution_2,
        euros(sales) as sales_cost,
        euros(third) as contribution_3,
        euros(logistics) as service_logistics_cost,
        euros(fourth) as contribution_4,
        case when net > 0 then ratio(fourth, net) end as contribution_4_margin_ratio,
        euros(demand) as annual_demand,
        ratio(demanded_revenue, demand) as sow_raw_ratio,
        ratio(capped, demand) as sow_capped_ratio,
        euros(gap) as achievable_gap,
        euros(potential) as potential_revenue,
        euros(potential_contribution) as potential_contribution,
        growth as revenue_cagr_3y,
        growth_of_a_year as revenue_yoy,
        days_beyond_terms as weighted_days_beyond_terms,
        score(potential_score) as potential_score,
        score(potential_low) as potential_score_low,
        score(potential_high) as potential_score_high,
        potential_known::decimal(9, 4) as potential_coverage_points,
        score(attractiveness_score) as attractiveness_score,
        score(attractiveness_low) as attractiveness_score_low,
        score(attractiveness_high) as attractiveness_score_high,
        attractiveness_known::decimal(9, 4) as attractiveness_coverage_points,
        zone,
        zone_status,
        score(contribution_score) as contribution_score,
        score(customer_value) as customer_value_score,
        rank_customer_value,
        case when whale_rank is null then null when net <= 0 then 'C' when net_before * 10 < positive_net * 8 then 'A' when net_before * 10 < positive_net * 9 then 'B' else 'C' end as abc_class,
        whale_rank,
        euros(cumulative) as cumulative_contribution,
        case when total > 0 then ratio(cumulative, total) end as cumulative_contribution_ratio
    from shown
) to 'FOLDER/customers.parquet';
copy (
    select parent_id, product, euros(demand) as annual_demand, euros(net) as net_revenue, euros(gap) as achievable_gap, euros(potential) as potential_revenue
    from wallet
    inner join parents using (parent)
) to 'FOLDER/wallet.parquet';
copy (
    select parent_id, axis::varchar as axis, criterion_id::varchar as criterion_id, weight, measure, (quotient(level, 1000000)::decimal(9, 0) * 0.0001::decimal(5, 4))::decimal(9, 4) as level, score(points) as points, score(points_low) as points_low, score(points_high) as points_high
    from criteria
    inner join parents using (parent)
) to 'FOLDER/criteria.parquet';
copy (
    with totals as (
        select month, unnest(['gross_list_revenue', 'revenue_deductions', 'cogs']) as account_group, unnest([sum(gross), sum(deducted), sum(cost)])::bigint as amount
        from booked
        group by month
        union all
        select month, unnest(['marketing', 'service_logistics']), unnest([sum(marketing), sum(logistics)])::bigint
        from charged
        group by month
    )
    select period, account_group, euros(totals.amount) as total, ledger.amount as ledger, euros(totals.amount) - ledger.amount as difference
    from totals
    inner join ledger_totals as ledger using (account_group)
    where ledger.period = '2025-' || lpad(month::varchar, 2, '0')
) to 'FOLDER/reconciliation.parquet';
