select
    (select coalesce(list(level order by number), []) from playground_numbers) as levels,
    (select count(*) from playground_all) as parents,
