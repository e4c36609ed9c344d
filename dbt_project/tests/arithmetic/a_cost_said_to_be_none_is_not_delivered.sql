-- A returned row is a cost that the company says it has none of although rows of it are delivered, under its own name and without a
-- mapping that configuration could refuse (METHOD 1.3).
{{ config(meta={
    'decides': 'settings.costs contradiction',
    'what': 'nothing is delivered of a cost that config/portfolio.yml says there is none of',
    'remedy': 'remove `none` under costs in config/portfolio.yml, or leave the column or the cost type out of config/sources.yml',
}) }}
with

costs as (
    select * from {{ ref('stg_settings__costs') }}
    where is_none
),

cost_sources as (
    select * from {{ ref('stg_control__cost_sources') }}
    where is_mapped is null
),

delivered as (
    select 'cogs' as cost, sum(cogs_line_count) as row_count
    from {{ ref('int_contribution__lines_by_month') }}
    union all
    select cost_type as cost, count(*) as row_count
    from {{ ref('int_contribution__direct_costs') }}
    group by cost_type
)

select costs.cost, delivered.row_count
from costs
inner join cost_sources on costs.cost = cost_sources.cost
inner join delivered on costs.cost = delivered.cost
where delivered.row_count > 0
