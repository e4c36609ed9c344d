-- One company's deliveries, made from a seed: the rows of every table as the contracts name them (pipelines/contracts), in whole sets.
-- Read by bench.generate, which sets the variables seed, line_count and customer_count. `-- table: x` is written to x_<date>.csv,
-- `-- day: x` to the second delivery one day later, `-- helper: x` to no file. Amounts are whole cents until they are written.
-- Four years, 2022 to 2025, so that growth over three years has a base. No row is ever drawn from the order of another: every value is a
-- hash of (key of the row, number of the draw, seed), so the same seed gives the same bytes on any number of threads.

-- helper: macros
create macro draw(key, number) as (hash(key::bigint, number::integer, getvariable('seed')::bigint) >> 12)::double / 4503599627370496.0;
create macro pick(key, number, choices) as (draw(key, number) * choices)::double::integer % choices;
create macro euros(cents) as (cents::decimal(15, 0) * 0.01::decimal(3, 2))::decimal(15, 2);
create macro converted(cents, units) as case when units = 1000000 then cents
    else ((2 * abs(cents) * 1000000 + units) // (2 * units)) * sign(cents) end::bigint;
create macro customer_key(i) as lpad(i::varchar, 10, '0');
create macro account_key(i) as 'A' || lpad(i::varchar, 9, '0');
create macro group_node(g) as 'G' || lpad(g::varchar, 7, '0');
create macro rep_key(i) as lpad((1 + i % getvariable('rep_count'))::varchar, 6, '0');
create macro money_of(i) as ['EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'USD', 'USD', 'GBP'][1 + pick(i, 1, 10)];
create macro is_own_company(i) as i % 200 = 7;
-- One in fifty stands in the ERP and never bought; of another one nobody knows since when it is a customer.
create macro has_never_bought(i) as i % 50 = 11;
create macro is_of_unknown_age(i) as i % 50 = 23;
-- Few customers are large: a Pareto tail, cut at 150 times the smallest.
create macro weight_of(i) as least(150.0, (1 - draw(i, 2)) ** -0.65);
create macro terms_of(i) as [14, 30, 30, 45, 60][1 + pick(i, 3, 5)];
-- A customer buys from four of the ten product groups.
create macro group_of(i, slot) as 1 + (pick(i, 4, 10) + slot * (1 + 2 * pick(i, 5, 2))) % 10;
create macro group_key(number) as 'PG' || lpad(number::varchar, 2, '0');
set variable buyers = (getvariable('customer_count') * 97) // 100;
set variable rep_count = greatest(10, getvariable('customer_count') // 100);
set variable group_count = greatest(3, getvariable('customer_count') // 100);
set variable second_accounts = getvariable('customer_count') // 50;
set variable account_count = getvariable('customer_count') + getvariable('second_accounts') + getvariable('customer_count') // 20;
set variable invoice_count = getvariable('line_count') // 3;

-- table: exchange_rates
select
    day::date as rate_date,
    currency_code,
    (units * 10000 * (1 + 0.04 * sin(epoch(day) / 86400 / 80.0 + length(currency_code)) + 0.008 * (draw(epoch(day)::bigint // 86400, 10 + number) - 0.5)))::bigint::decimal(12, 0)
    * 0.0001::decimal(5, 4) as units_per_reporting_currency
from range(timestamp '2021-12-20', timestamp '2026-01-01', interval 1 day) as days (day)
cross join (values ('USD', 1.09, 1), ('GBP', 0.86, 2)) as currencies (currency_code, units, number)
where isodow(day) < 6
order by 1, 2;

-- table: products
select
    'P' || lpad(i::varchar, 5, '0') as product_id,
    'Product ' || i as product_name,
    group_key(1 + (i - 1) % 10) as product_group,
    ['basic', 'differentiating', 'delighting', 'fascinating'][1 + i % 4] as offering_level,
    i % 12 = 0 as is_service
from range(1, 201) as numbers (i);

-- table: customers
select
    customer_key(i) as customer_id,
    'Customer ' || i || ' Ltd' as customer_name,
    case when i > getvariable('buyers') then 'lead' when is_own_company(i) then 'intercompany' else 'customer' end as relationship_type,
    money_of(i) as currency_code,
    ['DE', 'AT', 'CH', 'US', 'GB'][1 + pick(i, 20, 5)] as country_code,
    'Region ' || pick(i, 21, 16) as region,
    lpad(pick(i, 22, 99999)::varchar, 5, '0') as postal_code,
    'I' || pick(i, 23, 40) as industry_code,
    case
        when i <= getvariable('buyers') and not has_never_bought(i) and not is_of_unknown_age(i) then date '2004-01-01' + (7960 * draw(i, 24) ** 0.7)::integer
    end as first_invoice_date,
    100 + pick(i, 25, 300) as credit_index,
    euros(100000 * (1 + (weight_of(i) * 40)::bigint)) as credit_limit,
    terms_of(i) as payment_terms_days,
    rep_key(i) as owner_rep_id
from range(1, getvariable('customer_count') + 1) as numbers (i);

-- table: customer_parents
-- A tenth belongs to somebody: half to a node of a group that is no customer itself, half to an older customer. Some once belonged elsewhere.
select
    customer_key(i) as customer_id,
    case
        when draw(i, 31) < 0.5 then group_node(1 + pick(i, 32, getvariable('group_count')))
        else customer_key(case when is_own_company(older) then older - 1 else older end)
    end as parent_id,
    date '2015-01-01' + pick(i, 33, 2500) as valid_from,
    cast(null as date) as valid_to
from (select i, 1 + floor(draw(i, 34) * (i - 2))::bigint as older from range(3, getvariable('buyers') + 1) as numbers (i))
where draw(i, 30) < 0.10 and not is_own_company(i)
union all
select group_node(g), group_node(1 + floor(draw(g, 36) * (g - 1))::bigint), date '2016-01-01', null
from range(2, getvariable('group_count') + 1) as numbers (g)
where draw(g, 35) < 0.2
union all
select customer_key(i), group_node(1 + pick(i, 37, getvariable('group_count'))), date '2012-01-01', date '2014-12-31'
from range(3, getvariable('buyers') + 1) as numbers (i)
where draw(i, 30) < 0.012 and not is_own_company(i);

-- helper: invoices
create macro invoice_rows(first, last) as table
    select
        j,
        case when has_never_bought(buyer) then buyer - 1 else buyer end as i,
        draw(j, 41) < 0.03 as is_credit_note,
        draw(j, 42) < 0.0002 as is_unknown_customer,
        date '2022-01-01' + ((j * 1461 - 1) // getvariable('invoice_count'))::integer as posting_date
    from (select j, 1 + floor(getvariable('buyers') * draw(j, 40) ** 2)::bigint as buyer from range(first, last + 1) as numbers (j));
-- One to five lines an invoice, three on average. A line's amounts: gross at list, deductions by customer and line, cost of goods.
create macro line_rows(invoices) as table
    select
        j,
        line_no,
        i,
        is_credit_note,
        posting_date,
        case when is_unknown_customer then 'X' || lpad(i::varchar, 9, '0') else customer_key(i) end as customer_id,
        'P' || lpad((case when draw(k, 50) < 0.9 then group_of(i, pick(k, 51, 4)) else 1 + pick(k, 51, 10) end + 10 * pick(k, 52, 20))::varchar, 5, '0') as product_id,
        1 + pick(k, 53, 20) as quantity,
        sense * gross as gross,
        sense * (gross * (0.14 * draw(i, 54) + 0.16 * draw(k, 55)))::bigint as deductions,
        sense * (gross * (0.40 + 0.28 * draw(i, 56) + 0.08 * draw(k, 57)))::bigint as cogs,
        draw(k, 58) < 0.05 as is_promotion
    from (
        select
            *,
            case when is_credit_note then -1 else 1 end as sense,
            1 + (weight_of(i) * (8000 + 320000 * draw(k, 59) * draw(k, 60)))::bigint as gross
        from (
            select *, j * 8 + line_no as k
            from (select *, unnest(range(1, 2 + (j % 5)::bigint)) as line_no from query_table(invoices))
        )
    );
create table invoices as from invoice_rows(1, getvariable('invoice_count'));
create table lines as from line_rows('invoices');

-- helper: written_lines
create macro line_columns(source) as table
    select
        'HQ' as company_id,
        lpad(j::varchar, 10, '0') as invoice_id,
        line_no,
        case when is_credit_note then 'credit_note' else 'invoice' end as doc_type,
        posting_date,
        customer_id,
        product_id,
        quantity,
        money_of(i) as currency_code,
        euros(gross) as gross_list_amount,
        euros(deductions) as revenue_deductions,
        euros(cogs) as cogs,
        case when is_credit_note then lpad(greatest(1, j - 400)::varchar, 10, '0') end as reference_invoice_id,
        is_promotion
    from query_table(source);

-- table: invoice_lines
from line_columns('lines');

-- helper: day_lines
-- The day after: a thousandth of the lines. Eight in ten are new and booked late into December, one is a credit note in one of eleven older
-- months, one corrects a line that was delivered before (same key, other amounts).
create table day_invoices as
    select
        j,
        i,
        is_credit_note or is_late_credit as is_credit_note,
        is_unknown_customer,
        case when is_late_credit then date '2025-01-01' + pick(j, 71, 334) else date '2025-12-01' + pick(j, 72, 31) end as posting_date
    from (
        select *, draw(j, 70) < 0.11 as is_late_credit
        from invoice_rows(getvariable('invoice_count') + 1, getvariable('invoice_count') + greatest(1, getvariable('invoice_count') * 9 // 10000))
    );
create table day_lines as
    from line_rows('day_invoices')
    union all
    select * replace ((gross * 1.1)::bigint as gross, (deductions * 1.2)::bigint as deductions)
    from lines
    where draw(j * 8 + line_no, 73) < 0.0001 or (j = getvariable('invoice_count') and line_no = 1);
create table lines_after as
    from lines anti join day_lines using (j, line_no)
    union all
    from day_lines;

-- day: invoice_lines
from line_columns('day_lines') order by invoice_id, line_no;

-- table: orders
select
    lpad(j::varchar, 10, '0') as order_id,
    customer_key(i) as customer_id,
    posting_date - pick(j, 80, 20) as order_date,
    ['field', 'inside', 'web', 'edi'][1 + pick(j, 81, 4)] as channel,
    (draw(j, 82) * 1.2)::integer as change_count,
    (draw(j, 83) < 0.03)::integer as error_count
from invoices
where not is_credit_note
order by j;

-- table: open_items
-- Customers pay as they do: early or up to seven weeks late, each with a habit of his own; a few never, a few dispute.
select
    'HQ' as company_id,
    lpad(j::varchar, 10, '0') as invoice_id,
    1 as item_no,
    customer_id,
    euros(amount) as amount,
    money_of(i) as currency_code,
    due_date,
    case when due_date + late <= date '2026-01-01' and draw(j, 91) > 0.004 then due_date + late end as cleared_date,
    draw(j, 92) < 0.01 as is_disputed
from (
    select
        *,
        posting_date + terms_of(i) as due_date,
        (45 * draw(i, 93) ** 2 + 14 * draw(j, 94))::integer - 6 as late
    from (
        select j, any_value(i) as i, any_value(customer_id) as customer_id, any_value(posting_date) as posting_date, sum(gross - deductions)::bigint as amount
        from lines
        group by j
    )
)
order by j;

-- helper: costs
create table costs as
    select
        k,
        i,
        case when draw(k, 100) >= 0.001 then customer_key(i) end as customer_id,
        case when k % 2 = 0 then 'marketing' else 'service_logistics' end as cost_type,
        date '2022-01-01' + pick(k, 101, 1461) as posting_date,
        (weight_of(i) * (400 + 28000 * draw(k, 102)))::bigint as amount
    from (select k, 1 + floor(getvariable('buyers') * draw(k, 103) ** 1.5)::bigint as i from range(1, getvariable('customer_count') * 10 + 1) as numbers (k));

-- table: direct_costs
select 'HQ' as company_id, customer_id, cost_type, posting_date, euros(amount) as amount, money_of(i) as currency_code
from costs
order by k;

-- helper: placed_accounts
-- Every customer has an account, the first ones a second with the same owner; the last accounts are leads.
create table placed_accounts as
    select
        a,
        case
            when a <= getvariable('customer_count') then a
            when a <= getvariable('customer_count') + getvariable('second_accounts') then a - getvariable('customer_count')
        end as i,
        coalesce(i, a) as who
    from range(1, getvariable('account_count') + 1) as numbers (a);

-- table: accounts
select
    account_key(a) as account_id,
    customer_key(i) as customer_id,
    'Account ' || a as account_name,
    rep_key(who) as owner_rep_id,
    date '2018-01-01' + pick(a, 110, 2000) as created_on,
    case when i is null then 'open' end as lead_status,
    draw(a, 111) < 0.05 as is_wish_customer,
    pick(a, 112, 3) as referrals,
    draw(a, 113) < 0.05 as has_co_development,
    draw(a, 114) < 0.08 as has_co_marketing
from placed_accounts
order by a;

-- table: activities
-- Ten a year and account over three years; a few come twice, under two ids.
with logged as (
    select
        k,
        1 + floor(getvariable('account_count') * draw(k, 120))::bigint as a,
        timestamp '2023-01-01 07:00:00' + to_minutes(1440 * pick(k, 121, 1095)::bigint + 5 * pick(k, 122, 120)::bigint) as activity_at,
        draw(k, 123) as kind,
        copy
    from range(1, getvariable('account_count') * 30 + 1) as numbers (k), range(0, 2) as copies (copy)
    where copy = 0 or draw(k, 124) < 0.002
)
select
    lpad((k + copy * getvariable('account_count') * 30)::varchar, 12, '0') as activity_id,
    account_key(a) as account_id,
    case when kind < 0.35 then 'visit' when kind < 0.75 then 'call' else 'email' end as activity_type,
    activity_at,
    least(activity_at + to_hours(1 + pick(k, 125, 150)::bigint), timestamp '2026-01-01 20:00:00') as recorded_at,
    case when draw(k, 126) >= 0.05 then 5 * (1 + pick(k, 127, 36)) end as duration_minutes,
    rep_key(coalesce(i, a)) as rep_id,
    case when draw(k, 128) < 0.8 then 'done' end as outcome
from logged
inner join placed_accounts using (a)
order by copy, k;

-- helper: rated
create macro criterion(q) as ['future_demand', 'access_decision_makers', 'process_maturity', 'chemistry', 'strategy_clarity', 'perceived_benefit', 'satisfaction'][q];
create macro rating_columns(source) as table
    select
        account_key(a) as account_id,
        criterion(q) as criterion_id,
        rep_key(who + rater_shift) as rater_id,
        case when q > 5 then 'customer' else 'staff' end as rated_by,
        case when draw(k, 130) >= 0.04 then 1 + least(4, floor(5 * (0.6 * draw(who, 131) + 0.4 * draw(k, 132))))::integer end as level,
        valid_from,
        recorded_at
    from query_table(source)
    order by k;
-- Two rounds of ratings, the second for a third; a quarter of it is somebody else's second opinion. The last ones are entered when the year is over.
create table rated as
    select
        *,
        case when round = 0 then date '2023-07-01' + (500 * draw(a, 129))::integer + pick(k, 133, 60) else date '2025-02-01' + pick(k, 134, 333) end as valid_from,
        least(valid_from + to_hours(20 + pick(k, 135, 480)::bigint), timestamp '2026-01-01 20:00:00') as recorded_at,
        case when round = 1 and draw(k, 136) < 0.25 then 1 else 0 end as rater_shift
    from (
        select a, who, q, round, (a * 7 + q) * 2 + round as k
        from placed_accounts, range(1, 8) as questions (q), range(0, 2) as rounds (round)
    )
    where draw(a, 137) < 0.93 and draw(a * 7 + q, 138) < 0.97 and (round = 0 or draw(a * 7 + q, 139) < 0.35);
create table day_rated as
    select * replace (k + 1000000000000 as k, date '2025-12-15' as valid_from, timestamp '2026-01-02 16:00:00' as recorded_at)
    from rated
    where draw(k, 140) < 0.001 or (a = 1 and q = 1 and round = 0)
    -- Nobody changes one opinion twice in one minute: two answers to one question would be quarantined, both of them.
    qualify row_number() over (partition by a, q, rater_shift order by k) = 1;

-- table: ratings
from rating_columns('rated');

-- day: ratings
from rating_columns('day_rated');

-- table: potential_estimates
-- Per group four tenths of what the customer is expected to buy in a year, times 0.5 to 3. Some are less than effective demand; half of the second
-- accounts repeat what stands on the first.
select
    account_key(a) as account_id,
    group_key(group_of(who, slot)) as product_group,
    euros(1 + (0.4 * expected * (0.5 + 2.5 * draw(k, 150)))::bigint) as annual_demand,
    money_of(who) as currency_code,
    (30 + 5 * pick(k, 151, 15))::decimal(4, 0) * 0.01::decimal(3, 2) as achievable_share,
    case when draw(k, 157) < 0.03 then 'need' when draw(k, 157) < 0.10 then 'demand' else 'effective_demand' end as demand_stage,
    valid_from,
    valid_from + to_hours(20 + pick(k, 152, 480)::bigint) as recorded_at
from (
    select
        *,
        case when round = 0 then date '2023-10-01' + (420 * draw(source, 149))::integer + pick(k, 153, 30) else date '2025-02-01' + pick(k, 154, 300) end as valid_from,
        getvariable('line_count') / 4.0 / (2 * sqrt(least(who, getvariable('buyers'))::double * getvariable('buyers'))) * weight_of(who) * 75000 as expected
    from (
        select a, who, case when a > getvariable('customer_count') and draw(a, 158) < 0.5 then who else a end as source, slot, round, (source * 3 + slot) * 2 + round as k
        from placed_accounts, range(0, 3) as slots (slot), range(0, 2) as rounds (round)
    )
    where draw(source, 155) < 0.95 and (round = 0 or draw(source * 3 + slot, 156) < 0.2)
)
order by k, a;

-- table: sales_reps
select
    lpad(r::varchar, 6, '0') as rep_id,
    case when r % 3 = 0 then 'inside' else 'field' end as pool,
    'T' || lpad((1 + r % 12)::varchar, 2, '0') as team,
    date '2019-01-01' as active_from,
    cast(null as date) as active_to
from range(1, getvariable('rep_count') + 1) as numbers (r);

-- helper: ledger
create table units as
    select day::date as day, days_by_currency.currency_code, (units_per_reporting_currency * 1000000)::bigint as units
    from (
        select day, currency_code
        from range(timestamp '2022-01-01', timestamp '2026-01-01', interval 1 day) as days (day), (values ('USD'), ('GBP')) as currencies (currency_code)
    ) as days_by_currency
    asof join exchange_rates on exchange_rates.currency_code = days_by_currency.currency_code and exchange_rates.rate_date <= days_by_currency.day
    union all
    select day::date, 'EUR', 1000000
    from range(timestamp '2022-01-01', timestamp '2026-01-01', interval 1 day) as days (day);
create macro ledger_rows(source) as table
    with booked as (
        select strftime(posting_date, '%Y-%m') as period, account_group, sum(amount)::bigint as amount
        from (
            select
                posting_date,
                unnest(['gross_list_revenue', 'revenue_deductions', 'cogs']) as account_group,
                unnest([converted(gross, units), converted(deductions, units), converted(cogs, units)]) as amount
            from query_table(source) as lines
            inner join units on units.day = lines.posting_date and units.currency_code = money_of(lines.i)
        )
        group by all
        union all
        select strftime(posting_date, '%Y-%m'), cost_type, sum(converted(amount, units))::bigint
        from costs
        inner join units on units.day = costs.posting_date and units.currency_code = money_of(costs.i)
        group by all
    )
    select 'HQ' as company_id, period, account_group, euros(amount) as amount from booked order by period, account_group;

-- table: ledger_totals
from ledger_rows('lines');

-- day: ledger_totals
from ledger_rows('lines_after');
