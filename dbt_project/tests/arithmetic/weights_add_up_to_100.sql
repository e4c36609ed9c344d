-- A returned row is an axis of a scorecard whose weights are not positive whole numbers that sum to 100, or that has too few or many
-- criteria. They are never renormalised.
{{ config(meta={
    'what': 'the weights of every scorecard axis are positive and sum to 100; an axis has 3 to 5 criteria (2 to 5 beside the portfolio)',
    'remedy': 'correct the weights of this axis in config/portfolio.yml; they are never scaled to fit',
}) }}
select as_of_date, check_id, row_id as axis from {{ ref('int_input_quality__weights_do_not_add_up') }}
union all
select as_of_date, check_id, row_id as axis from {{ ref('int_input_quality__number_of_criteria') }}
