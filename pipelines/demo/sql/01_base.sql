-- Chance, calendar, currency: what everything else is made with.
-- Variables: seed, customers, first_day, last_day, delivered_at, full_effort_customers, first_number.

-- A number in [0, 1) that depends on nothing but seed, purpose and key: the same at any size, in any order, on any machine.
create macro draw(purpose, key) as
    (md5_number_lower(concat_ws('|', getvariable('seed'), purpose, key)) >> 11) / 9007199254740992.0;

-- A key of two parts.
create macro pair(one, other) as concat_ws('|', one, other);

-- Roughly normal, mean 0, standard deviation 1, never beyond 3.
create macro bell(purpose, key) as
    (
        (md5_number_lower(concat_ws('|', getvariable('seed'), purpose, key)) & 2097151)
        + ((md5_number_lower(concat_ws('|', getvariable('seed'), purpose, key)) >> 21) & 2097151)
        + ((md5_number_lower(concat_ws('|', getvariable('seed'), purpose, key)) >> 42) & 2097151)
    ) / 1048576.0 - 3;

-- A whole number of `choices` values, 0 .. choices - 1.
create macro pick(purpose, key, choices) as cast(floor(draw(purpose, key) * choices) as integer);

-- On average `expected` times: the whole part surely, the rest by chance.
create macro times(purpose, key, expected) as cast(floor(expected + draw(purpose, key)) as integer);

-- Half away from zero, in whole numbers only.
create macro divided(numerator, denominator) as
    cast(
        sign(numerator) * sign(denominator)
        * ((2 * abs(cast(numerator as hugeint)) + abs(denominator)) // (2 * abs(cast(denominator as hugeint))))
        as bigint
    );

-- Saturdays and Sundays move to the Friday before, but never into the month before.
create macro working_day(day) as
    case
        when isodow(day) <= 5 then day
        when day(day) > isodow(day) - 5 then cast(day - cast(isodow(day) - 5 as integer) as date)
        else cast(day + cast(8 - isodow(day) as integer) as date)
    end;

-- How the files write it.
create macro german_date(day) as strftime(day, '%d.%m.%Y');
create macro german_time(moment) as strftime(moment, '%d.%m.%Y %H:%M:%S');
create macro german_flag(flag) as case when flag then 'J' when not flag then 'N' end;
create macro german_cents(cents) as
    case when cents < 0 then '-' else '' end
    || (abs(cents) // 100) || ',' || lpad(cast(abs(cents) % 100 as varchar), 2, '0');
create macro german_cents_grouped(cents) as
    case when cents < 0 then '-' else '' end
    || reverse(rtrim(regexp_replace(reverse(cast(abs(cents) // 100 as varchar)), '(\d{3})', '\1.', 'g'), '.'))
    || ',' || lpad(cast(abs(cents) % 100 as varchar), 2, '0');

-- One row per delivered month. `years` counts from the middle of the last twelve months: the base of all growth.
create table month as
select
    position as month_index,
    cast(getvariable('first_day') + to_months(cast(position as integer)) as date) as starts_on,
    last_day(cast(getvariable('first_day') + to_months(cast(position as integer)) as date)) as ends_on,
    (position - (getvariable('months') - 6.5)) / 12.0 as years,
    [0.86, 0.92, 1.09, 1.0, 1.02, 1.07, 0.93, 0.76, 1.1, 1.13, 1.13, 0.84][
        month(getvariable('first_day') + to_months(cast(position as integer)))
    ] as season
from range(getvariable('months')) as months (position);

-- Working days of every month, numbered from 0: where visits and calls are scheduled.
create table workday as
select
    month.month_index,
    cast(day as date) as day,
    row_number() over (partition by month.month_index order by day) - 1 as workday_index,
    count(*) over (partition by month.month_index) as workdays
from month, lateral (select unnest(generate_series(month.starts_on, month.ends_on, interval 1 day)) as day)
where
    isodow(day) <= 5
    and strftime(day, '%m-%d') not in ('01-01', '05-01', '10-03', '12-24', '12-25', '12-26', '12-31');

-- CHF per EUR in 1/10000 on banking days; older than the first month, so that old estimates find a rate.
create table rate as
select
    cast(day as date) as rate_date,
    'CHF' as currency_code,
    cast(
        round(9480 + 140 * sin(date_diff('day', date '2020-01-01', day) / 190.0) + 25 * bell('rate', day)) as integer
    ) as rate_units
from
    generate_series(
        least(
            cast(getvariable('first_day') as timestamp) - interval 10 day,
            cast(getvariable('last_day') as timestamp) - interval 1250 day
        ),
        cast(getvariable('last_day') as timestamp),
        interval 1 day
    ) as days (day)
where isodow(day) <= 5 and strftime(day, '%m-%d') not in ('01-01', '05-01', '12-25', '12-26');

-- The rate of a posting day: the last one published on or before it.
create table rate_on_day as
select
    cast(day as date) as day,
    rate.rate_units
from
    generate_series(cast(getvariable('first_day') as timestamp), cast(getvariable('last_day') as timestamp), interval 1 day)
        as days (day)
asof inner join rate on cast(days.day as date) >= rate.rate_date;
