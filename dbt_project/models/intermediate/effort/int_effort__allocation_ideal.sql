-- One row per as-of date and scored parent: its field hours of next year before they are rounded, as an exact fraction whose denominator
-- is the same for everybody: minimum + rest x weight / sum of weights.
with

needs as (
    select * from {{ ref('int_effort__allocation_needs') }}
),

capacity as (
    select * from {{ ref('int_effort__allocation_capacity') }}
),

-- Hours in 10^-4, weights in 10^-8: whole numbers, so that nothing is rounded before the comparison of remainders.
units as (
    select
        needs.as_of_date,
        needs.ultimate_parent_id,
        capacity.hours_to_allocate,
        capacity.is_rest_distributed,
        {{ whole_units('1', 4) }} as hour_units,
        {{ whole_units('needs.minimum_hours', 4) }} as minimum_units,
        {{ whole_units('capacity.rest_hours', 4) }} as rest_units,
        {{ whole_units('needs.allocation_weight', 8) }} as weight_units,
        capacity.weight_units as all_weight_units
    from needs
    inner join capacity on needs.as_of_date = capacity.as_of_date
),

ideal as (
    select
        as_of_date,
        ultimate_parent_id,
        hours_to_allocate,
        case
            when is_rest_distributed then minimum_units * all_weight_units + rest_units * weight_units
            else minimum_units
        end as ideal_numerator,
        case
            when is_rest_distributed then hour_units * all_weight_units
            else hour_units
        end as ideal_denominator,
        cast(
            case
                when is_rest_distributed
                    then {{ exact_div('rest_units * weight_units', 'hour_units * all_weight_units', 4, decimals=0) }}
                else 0
            end as decimal(18, 4)
        ) as ideal_rest_hours,
        {{ ratio(exact_div('weight_units', 'all_weight_units', decimals=0)) }} as allocation_weight_ratio
    from units
)

select * from ideal
