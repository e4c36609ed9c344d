-- One row per table, foreign currency, day whose rate converts its amounts, apart where it is one because an as-of date is: how many accepted rows have no amount without that rate,
-- and how much they are, in their own currency. The one place that says when a rate is needed; quarantined rows, lines that bring their
-- own rate and estimates without a number are converted, too, where a rate is there, but miss none.
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

-- An item that is not due yet is converted at the as-of date, for what is open of it; one that was paid before it fell due was never open beyond it.
items as (
    select distinct
        open_items.company_id,
        open_items.invoice_id,
        open_items.item_no,
        open_items.currency_code,
        least(open_items.due_date, dates.as_of_date) as needed_on,
        open_items.due_date > dates.as_of_date as is_at_as_of,
        open_items.amount
    from {{ ref('stg_erp__open_items') }} as open_items
    cross join dates
    where
        open_items.due_date <= dates.as_of_date
        or open_items.cleared_date is null
        or open_items.cleared_date > dates.as_of_date
),

amounts as (
    select
        'invoice_lines' as table_name,
        lines.currency_code,
        lines.posting_date as needed_on,
        false as is_at_as_of,
        lines.gross_list_amount as amount,
        not coalesce({{ has_booked_rate() }}, false) as is_rate_needed
    from {{ ref('stg_erp__invoice_lines') }} as lines
    cross join parameters
    union all
    -- The local currency of a legal entity needs a rate of its own.
    select
        'invoice_lines' as table_name,
        lines.local_currency_code as currency_code,
        lines.posting_date as needed_on,
        false as is_at_as_of,
        lines.local_net_amount as amount,
        coalesce({{ is_booked_abroad() }}, false) as is_rate_needed
    from {{ ref('stg_erp__invoice_lines') }} as lines
    cross join parameters
    where lines.local_currency_code is not null
    union all
    select 'direct_costs' as table_name, currency_code, posting_date as needed_on, false as is_at_as_of, amount, true as is_rate_needed
    from {{ ref('stg_erp__direct_costs') }}
    union all
    select 'open_items' as table_name, currency_code, needed_on, is_at_as_of, amount, true as is_rate_needed
    from items
    union all
    select
        'potential_estimates' as table_name,
        currency_code,
        valid_from as needed_on,
        false as is_at_as_of,
        annual_demand as amount,
        annual_demand is not null as is_rate_needed
    from {{ ref('stg_crm__potential_estimates') }}
    union all
    select 'opportunities' as table_name, currency_code, created_on as needed_on, false as is_at_as_of, amount, amount is not null as is_rate_needed
    from {{ ref('stg_crm__opportunities') }}
    union all
    select 'invoice_lines' as table_name, currency_code, posting_date as needed_on, false as is_at_as_of, gross_list_amount as amount, false as is_rate_needed
    from {{ ref('stg_erp__quarantined_invoice_lines') }}
    union all
    select 'invoice_lines' as table_name, local_currency_code as currency_code, posting_date as needed_on, false as is_at_as_of, local_net_amount as amount, false as is_rate_needed
    from {{ ref('stg_erp__quarantined_invoice_lines') }}
    where local_currency_code is not null
    union all
    select 'direct_costs' as table_name, currency_code, posting_date as needed_on, false as is_at_as_of, amount, false as is_rate_needed
    from {{ ref('stg_erp__quarantined_direct_costs') }}
),

summed as (
    select
        amounts.table_name,
        amounts.currency_code,
        amounts.needed_on,
        amounts.is_at_as_of,
        {{ whole('count_if(amounts.is_rate_needed)') }} as row_count,
        {{ money('sum(case when amounts.is_rate_needed then amounts.amount end)') }} as amount
    from amounts
    cross join parameters
    where
        amounts.currency_code <> parameters.reporting_currency
        and amounts.needed_on is not null
    group by amounts.table_name, amounts.currency_code, amounts.needed_on, amounts.is_at_as_of
)

select * from summed
