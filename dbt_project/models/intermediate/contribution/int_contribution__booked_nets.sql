-- One row per legal entity, currency of the lines and currency they are booked in: how many newest lines bring a booked net amount, of how many
-- it contradicts the line, and by how much money. In one currency the booked net is not the line's own (a discount on the whole document);
-- between two, the rate it implies is plainly off the published one (often the booked amount is in another currency than said).
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

lines as (
    select *
    from {{ ref('stg_erp__invoice_lines') }} as lines
    where known_to is null and {{ has_local_net() }}
),

compared as (
    select
        lines.company_id,
        lines.currency_code,
        {{ local_currency() }} as local_currency_code,
        lines.currency_code = {{ local_currency() }} as is_one_currency,
        lines.gross_list_amount - lines.revenue_deductions = lines.local_net_amount as is_same_number,
        {{ to_reporting('(lines.gross_list_amount - lines.revenue_deductions)', 'lines.currency_code') }} as line_net,
        {{ to_reporting('lines.local_net_amount', local_currency(), 'local_rates') }} as booked_net,
        lines.file_name,
        lines.line_number
    from lines
    cross join parameters
    {{ join_rates_of_lines() }}
),

-- A cent is rounding. A rate that is not known contradicts nothing.
judged as (
    select
        *,
        abs(booked_net - line_net) as difference,
        case
            when is_one_currency then abs(booked_net - line_net) > 0.01
            else abs(booked_net - line_net) > 0.01 and 50 * cast(abs(booked_net - line_net) as decimal(38, 2)) > abs(line_net)
        end as is_contradicted
    from compared
),

summed as (
    select
        company_id,
        currency_code,
        local_currency_code,
        is_one_currency,
        {{ whole('count(*)') }} as line_count,
        {{ whole('count_if(is_contradicted)') }} as contradicted_line_count,
        {{ whole('count_if(is_contradicted and is_same_number)') }} as same_number_line_count,
        {{ money('coalesce(sum(case when is_contradicted then difference end), 0)') }} as amount,
        min(case when is_contradicted then file_name end) as file_name,
        min(case when is_contradicted then line_number end) as line_number
    from judged
    group by company_id, currency_code, local_currency_code, is_one_currency
)

select * from summed
