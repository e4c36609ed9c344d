-- A returned row is a customer or lead that is not in exactly one zone at an as-of date.
{{ config(meta={
    'decides': 'mart_portfolio.zone missing',
    'what': 'every customer and lead is in exactly one zone at every as-of date that is shown; nobody is dropped unintentionally',
    'remedy': 'a join on the way to mart_portfolio drops or doubles it: look at the models it reads',
}) }}
with

score_objects as (
    select as_of_date, ultimate_parent_id from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

placed as (
    select
        coalesce(score_objects.as_of_date, portfolio.as_of_date) as as_of_date,
        coalesce(score_objects.ultimate_parent_id, portfolio.ultimate_parent_id) as ultimate_parent_id,
        count(score_objects.ultimate_parent_id) as score_objects,
        count(portfolio.zone) as zones
    from score_objects
    full outer join {{ ref('mart_portfolio') }} as portfolio
        on
            score_objects.as_of_date = portfolio.as_of_date
            and score_objects.ultimate_parent_id = portfolio.ultimate_parent_id
    group by 1, 2
)

select * from placed
where score_objects <> 1 or zones <> 1
