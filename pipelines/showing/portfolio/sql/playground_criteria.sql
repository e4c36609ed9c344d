-- Levels by their number, 0: not known.
select
    scorecard,
    axis,
    criterion_id,
    any_value(weight_points) as weight_points,
    list(coalesce(number, 0) order by place) as levels,
from playground_levels
left join playground_numbers using (level)
group by scorecard, axis, criterion_id
order by scorecard, axis desc, weight_points desc, criterion_id
