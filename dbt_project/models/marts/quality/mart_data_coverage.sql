-- One row per as-of date, score object and source: is anything delivered about it there, how much, up to when? A source that is not
-- delivered, or deliberately not mapped, says so here and is invented nowhere.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

coverage as (
    select * from {{ ref('stg_control__source_coverage') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

{% set by_customer = [
    ('customers', 'stg_erp__customers', none),
    ('orders', 'stg_erp__orders', 'rows_of.order_date'),
    ('open_items', 'stg_erp__open_items', 'rows_of.due_date'),
    ('direct_costs', 'stg_erp__direct_costs', 'rows_of.posting_date'),
] %}
{% set by_account = [
    ('accounts', 'stg_crm__accounts', none),
    ('contacts', 'stg_crm__contacts', none),
    ('activities', 'stg_crm__activities', company_day('rows_of.activity_at')),
    ('opportunities', 'stg_crm__opportunities', 'rows_of.created_on'),
    ('ratings', 'stg_crm__ratings', 'rows_of.valid_from'),
    ('potential_estimates', 'stg_crm__potential_estimates', 'rows_of.valid_from'),
    ('service_ratings', 'stg_crm__service_ratings', none),
] %}

found as (
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        'invoice_lines' as source_name,
        sum(lines.line_count) as row_count,
        max(lines.last_posting_date) as last_date
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on {{ is_known('lines', 'dates') }} and lines.month_start <= dates.as_of_date
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and lines.customer_id = customers.customer_id
    group by dates.as_of_date, customers.ultimate_parent_id
    {% for source_name, model, day in by_customer %}
    union all
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        '{{ source_name }}' as source_name,
        count(*) as row_count,
        {% if day is none %}cast(null as date){% else %}max({{ day }}){% endif %} as last_date
    from dates
    inner join {{ ref(model) }} as rows_of
        on {{ is_known('rows_of', 'dates') }}{% if day is not none %} and {{ day }} <= dates.as_of_date{% endif %}
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and rows_of.customer_id = customers.customer_id
    group by dates.as_of_date, customers.ultimate_parent_id
    {% endfor %}
    {% for source_name, model, day in by_account %}
    union all
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        '{{ source_name }}' as source_name,
        count(*) as row_count,
        {% if day is none %}cast(null as date){% else %}max({{ day }}){% endif %} as last_date
    from dates
    inner join {{ ref(model) }} as rows_of
        on {{ is_known('rows_of', 'dates') }}
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and rows_of.account_id = accounts.account_id
    where accounts.ultimate_parent_id is not null{% if day is not none %} and {{ day }} <= dates.as_of_date{% endif %}

    group by dates.as_of_date, accounts.ultimate_parent_id
    {% endfor %}
),

-- Sources that speak of single customers, and those nobody could map.
sources as (
    select * from coverage
    where
        domain is null
        or table_name in (
            'invoice_lines'
            {%- for source_name, model, day in by_customer + by_account %},
            '{{ source_name }}'
            {%- endfor %}
        )
),

final as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        sources.table_name as source_name,
        coalesce(sources.domain, 'unmapped') as source_system,
        sources.is_mapped,
        sources.is_delivered,
        coalesce(found.row_count, 0) > 0 as has_data,
        {{ whole('coalesce(found.row_count, 0)') }} as row_count,
        found.last_date as last_data_date,
        sources.note as coverage_note,
        sources.waiver_note,
        {{ is_latest('parents') }} as is_latest,
        parameters.method_version
    from parents
    cross join sources
    cross join parameters
    left join found
        on
            parents.as_of_date = found.as_of_date
            and parents.ultimate_parent_id = found.ultimate_parent_id
            and sources.table_name = found.source_name
)

select * from final
