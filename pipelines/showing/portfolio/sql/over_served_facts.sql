select
    count(*)::integer as customers,
    sum(avoidable_cost)::decimal(18, 2) as avoidable_cost,
from over_served
