-- A returned row is an axis of a scorecard whose weights are not positive whole numbers that sum to 100, or that has too few or many
-- criteria. They are never renormalised.
{{ config(meta={
    'what': 'the weights of every scorecard axis are positive and sum to 100; an axis has 3 to 5 criteria (2 to 5 beside the portfolio)',
    'remedy': 'correct the weights of this axis in config/portfolio.yml; they are never scaled to fit',
}) }}
with

axes as (
    select
        scorecard,
        axis,
        sum(weight_points) as weight_points,
        min(weight_points) as smallest_weight,
        count(*) as criteria
    from {{ ref('stg_settings__scorecard_criteria') }}
    group by scorecard, axis
)

select * from axes
where
    weight_points <> 100
    or smallest_weight <= 0
    or criteria > 5
    -- The axis contribution is one measure by its nature.
    or criteria < case
        when axis = 'contribution' then 1
        when scorecard = 'customer' and axis in ('potential', 'attractiveness') then 3
        else 2
    end
