-- A returned row is a customer id whose group links or merges form a circle or go deeper than allowed: its ultimate parent is unknown.
{{ config(meta={
    'what': 'no customer stands in a circle of parents or of merged ids, and no group is deeper than ten levels',
    'remedy': 'correct the links of these ids in customer_parents or customer_id_changes and deliver again',
}) }}
select
    as_of_date,
    row_id as customer_id,
    ultimate_parent_id
from {{ ref('int_input_quality__parent_cycle') }}
