-- One row per as-of date, ultimate parent and rated criterion: the mean over raters, a rater's levels on several accounts of the
-- parent averaged first. Where the customer rates a criterion himself, our staff's guess of it steps back (METHOD 1.9).
with

ratings as (
    select * from {{ ref('int_scores__ratings_in_use') }}
),

per_parent as (
    {{ mean_over_raters('ratings', ['as_of_date', 'ultimate_parent_id', 'criterion_id']) }}
)

select * from per_parent
