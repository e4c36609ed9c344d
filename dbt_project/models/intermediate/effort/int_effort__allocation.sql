-- One row per as-of date and scored parent: its field hours of next year in whole hours that sum exactly, by the largest remainder.
with

ideal as (
    select * from {{ ref('int_effort__allocation_ideal') }}
),

floors as (
    select
        as_of_date,
        ultimate_parent_id,
        hours_to_allocate,
        ideal_rest_hours,
        allocation_weight_ratio,
        {{ whole_quotient('ideal_numerator', 'ideal_denominator') }} as floor_hours,
        ideal_numerator % ideal_denominator as remainder
    from ideal
),

-- All fractions of a date have one denominator, so that their remainders compare exactly. Ties go to the smaller id.
ranked as (
    select
        floors.*,
        row_number() over (partition by as_of_date order by remainder desc, ultimate_parent_id) as position,
        hours_to_allocate - sum(floor_hours) over (partition by as_of_date) as hours_left
    from floors
),

allocated as (
    select
        as_of_date,
        ultimate_parent_id,
        ideal_rest_hours,
        allocation_weight_ratio,
        {{ whole('floor_hours + case when position <= hours_left then 1 else 0 end') }} as allocated_field_hours
    from ranked
)

select * from allocated
