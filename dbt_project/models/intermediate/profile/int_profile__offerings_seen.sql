-- One row per as-of date, scored parent and offering that it was asked about: the level as the customer sees it beside our own. Where
-- accounts of one parent see it differently, the worse view counts.
with

dates as (
    {{ dates_asked(['int_profile__offerings']) }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

{% set levels = ['basic', 'differentiating', 'delighting', 'fascinating'] %}

offering_levels as (
    {%- for level in levels %}
    select '{{ level }}' as offering_level, {{ loop.index }} as offering_rank
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

views as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        ratings.offering,
        min(offering_levels.offering_rank) as seen_rank,
        min(case ratings.parity when 'worse' then 1 when 'equal' then 2 when 'better' then 3 end) as parity_rank
    from dates
    inner join {{ ref('stg_crm__service_ratings') }} as ratings on {{ is_known('ratings', 'dates') }}
    inner join offering_levels on ratings.offering_level = offering_levels.offering_level
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and ratings.account_id = accounts.account_id
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
    group by dates.as_of_date, accounts.ultimate_parent_id, ratings.offering
),

-- An offering is one product or service, or a whole product group; the best of several is what we claim to offer.
own_names as (
    select
        dates.as_of_date,
        products.product_name,
        products.product_group,
        offering_levels.offering_rank
    from dates
    inner join {{ ref('stg_erp__products') }} as products on {{ is_known('products', 'dates') }}
    inner join offering_levels on products.offering_level = offering_levels.offering_level
),

own_products as (
    select as_of_date, product_name as offering, max(offering_rank) as own_rank
    from own_names
    group by as_of_date, product_name
),

own_groups as (
    select as_of_date, product_group as offering, max(offering_rank) as own_rank
    from own_names
    group by as_of_date, product_group
),

compared as (
    select
        views.as_of_date,
        views.ultimate_parent_id,
        views.offering,
        views.seen_rank,
        views.parity_rank,
        coalesce(own_products.own_rank, own_groups.own_rank) as own_rank
    from views
    left join own_products
        on
            views.as_of_date = own_products.as_of_date
            and views.offering = own_products.offering
    left join own_groups
        on
            views.as_of_date = own_groups.as_of_date
            and views.offering = own_groups.offering
),

final as (
    select
        compared.as_of_date,
        compared.ultimate_parent_id,
        compared.offering,
        seen.offering_level as offering_level_seen,
        cast(compared.seen_rank as integer) as seen_rank,
        case compared.parity_rank when 1 then 'worse' when 2 then 'equal' when 3 then 'better' end as parity,
        own.offering_level as offering_level_own,
        cast(compared.own_rank as integer) as own_rank,
        compared.seen_rank < compared.own_rank as is_gap
    from compared
    inner join offering_levels as seen on compared.seen_rank = seen.offering_rank
    left join offering_levels as own on compared.own_rank = own.offering_rank
)

select * from final
