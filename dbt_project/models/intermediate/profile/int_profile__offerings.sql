-- One row per as-of date and scored parent that was asked about offerings: how fascinating it finds them (METHOD 1.18).
with

seen as (
    select * from {{ ref('int_profile__offerings_seen') }}
),

measured as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('count(*)') }} as offerings_rated,
        {{ score(exact_div('sum(seen_rank)', 'count(*)', 4)) }} as fascination_index,
        {{ ratio(exact_div('count_if(seen_rank = 1)', 'count(*)')) }} as basic_share_ratio,
        {{ ratio(exact_div('count_if(seen_rank = 2)', 'count(*)')) }} as differentiating_share_ratio,
        {{ ratio(exact_div('count_if(seen_rank = 3)', 'count(*)')) }} as delighting_share_ratio,
        {{ ratio(exact_div('count_if(seen_rank = 4)', 'count(*)')) }} as fascinating_share_ratio,
        {{ ratio(exact_div("count_if(parity = 'better')", 'count(parity)')) }} as parity_better_ratio,
        {{ ratio(exact_div("count_if(parity = 'worse')", 'count(parity)')) }} as parity_worse_ratio,
        {{ whole('sum(case when is_gap then 1 when not is_gap then 0 end)') }} as offering_gaps
    from seen
    group by as_of_date, ultimate_parent_id
)

select * from measured
