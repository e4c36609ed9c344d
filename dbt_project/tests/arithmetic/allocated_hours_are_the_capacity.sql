-- A returned row is an as-of date whose allocated field hours are not next year's capacity without the unallocated ones, or, where the
-- capacity is too small for the minima, not the minima.
{{ config(meta={
    'decides': 'mart_hours_allocation.allocated_field_hours sum',
    'what': "the allocated field hours of all customers and leads are next year's practical hours less the unallocated ones, and never below the minima",
    'remedy': 'hours got lost or were invented in the distribution: look at int_effort__allocation and int_effort__allocation_capacity',
}) }}
with

allocated as (
    select
        as_of_date,
        sum(allocated_field_hours) as allocated_field_hours
    from {{ ref('mart_hours_allocation') }}
    group by as_of_date
),

capacity as (
    select * from {{ ref('mart_capacity') }}
    where next_year_practical_hours is not null
)

select
    capacity.as_of_date,
    capacity.next_year_practical_hours,
    capacity.unallocated_hours,
    capacity.capacity_gap_hours,
    capacity.minimum_hours,
    allocated.allocated_field_hours
from capacity
left join allocated on capacity.as_of_date = allocated.as_of_date
where
    coalesce(allocated.allocated_field_hours, 0)
    <> case
        when capacity.capacity_gap_hours > 0 then floor(capacity.minimum_hours)
        else capacity.next_year_practical_hours - capacity.unallocated_hours
    end
