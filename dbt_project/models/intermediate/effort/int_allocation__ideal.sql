-- One row per as-of date and scored parent: its field hours of next year before they are rounded, as an exact fraction whose denominator
-- is the same for everybody: minimum + rest x weight / sum of weights.
with

needs as (
    select * from {{ ref('int_allocation__needs') }}
),

capacity as (
    select * from {{ ref('int_allocation__capacity') }}
),

ideal as (
    select
        needs.as_of_date,
        needs.ultimate_parent_id,
        capacity.hours_to_allocate,
        case
            when capacity.is_rest_distributed
                then {{ whole_units('needs.minimum_hours', 4) }} * capacity.weight_units
                + {{ whole_units('capacity.rest_hours', 4) }} * {{ whole_units('needs.allocation_weight', 8) }}
            else {{ whole_units('needs.minimum_hours', 4) }}
        end as ideal_numerator,
        case
            when capacity.is_rest_distributed then {{ whole_units('1', 4) }} * capacity.weight_units
            else {{ whole_units('1', 4) }}
        end as ideal_denominator,
        cast(
            case
                when capacity.is_rest_distributed
                    then {{ exact_div(
                        whole_units('capacity.rest_hours', 4) ~ ' * ' ~ whole_units('needs.allocation_weight', 8),
                        whole_units('1', 4) ~ ' * capacity.weight_units', 4, decimals=0
                    ) }}
                else 0
            end as decimal(18, 4)
        ) as ideal_rest_hours,
        {{ ratio(exact_div(whole_units('needs.allocation_weight', 8), 'capacity.weight_units', decimals=0)) }} as allocation_weight_ratio
    from needs
    inner join capacity on needs.as_of_date = capacity.as_of_date
)

select * from ideal
