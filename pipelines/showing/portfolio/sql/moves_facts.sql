select
    (select before_date from quarter) as before_date,
    count(*)::integer as customers,
    sum(abs(net_revenue))::decimal(18, 2) as net_revenue,
from moved
