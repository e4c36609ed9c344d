-- One row per as-of date, score object, axis and criterion of this or the as-of date before, for score objects that had one before.
-- Beside each other: the score now, the score of the date before as known now, and that score as it was published.
with

dates as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date
    from {{ ref('stg_control__as_of_dates') }}
),

levels as (
    select * from {{ ref('int_scores__levels') }}
),

published_scores as (
    select * from {{ ref('stg_control__published_scores') }}
),

published_changes as (
    select * from {{ ref('stg_control__published_score_changes') }}
),

scored as (
    select distinct as_of_date, ultimate_parent_id, scorecard from levels
),

-- Score objects that stand in both dates.
pairs as (
    select
        dates.as_of_date,
        dates.previous_as_of_date,
        this.ultimate_parent_id,
        this.scorecard
    from dates
    inner join scored as this on dates.as_of_date = this.as_of_date
    inner join scored as before
        on
            dates.previous_as_of_date = before.as_of_date
            and this.ultimate_parent_id = before.ultimate_parent_id
),

-- What the date before was published with: as the version before compared it, so that a repeated run explains the same change; for a
-- date that is new, as the version before scored the date before it.
baselines as (
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        changes.axis,
        changes.criterion_id,
        changes.published_weight_points,
        changes.published_level,
        changes.published_points
    from pairs
    inner join published_changes as changes
        on
            pairs.as_of_date = changes.as_of_date
            and pairs.ultimate_parent_id = changes.ultimate_parent_id
            and pairs.previous_as_of_date = changes.previous_as_of_date
    union all
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        scores.axis,
        scores.criterion_id,
        scores.weight_points as published_weight_points,
        scores.level as published_level,
        scores.points as published_points
    from pairs
    inner join published_scores as scores
        on
            pairs.previous_as_of_date = scores.as_of_date
            and pairs.ultimate_parent_id = scores.ultimate_parent_id
    left join (
        select distinct as_of_date, ultimate_parent_id, previous_as_of_date from published_changes
    ) as known
        on
            pairs.as_of_date = known.as_of_date
            and pairs.ultimate_parent_id = known.ultimate_parent_id
            and pairs.previous_as_of_date = known.previous_as_of_date
    where known.as_of_date is null
),

baseline_parents as (
    select distinct as_of_date, ultimate_parent_id from baselines
),

criteria as (
    select pairs.as_of_date, pairs.ultimate_parent_id, levels.axis, levels.criterion_id
    from pairs
    inner join levels
        on
            pairs.as_of_date = levels.as_of_date
            and pairs.ultimate_parent_id = levels.ultimate_parent_id
    union
    select pairs.as_of_date, pairs.ultimate_parent_id, levels.axis, levels.criterion_id
    from pairs
    inner join levels
        on
            pairs.previous_as_of_date = levels.as_of_date
            and pairs.ultimate_parent_id = levels.ultimate_parent_id
    union
    select as_of_date, ultimate_parent_id, axis, criterion_id from baselines
    where published_weight_points is not null
),

compared as (
    select
        pairs.as_of_date,
        pairs.previous_as_of_date,
        pairs.ultimate_parent_id,
        pairs.scorecard,
        criteria.axis,
        criteria.criterion_id,
        this.weight_points,
        {{ score('this.level') }} as level,
        this.points,
        before.weight_points as previous_weight_points,
        {{ score('before.level') }} as previous_level,
        before.points as previous_points,
        -- Never published: what is known now is all that ever was.
        case when baseline_parents.as_of_date is null then before.weight_points else baselines.published_weight_points end as published_weight_points,
        case when baseline_parents.as_of_date is null then {{ score('before.level') }} else baselines.published_level end as published_level,
        case when baseline_parents.as_of_date is null then before.points else baselines.published_points end as published_points
    from pairs
    inner join criteria
        on
            pairs.as_of_date = criteria.as_of_date
            and pairs.ultimate_parent_id = criteria.ultimate_parent_id
    left join levels as this
        on
            criteria.as_of_date = this.as_of_date
            and criteria.ultimate_parent_id = this.ultimate_parent_id
            and criteria.axis = this.axis
            and criteria.criterion_id = this.criterion_id
    left join levels as before
        on
            pairs.previous_as_of_date = before.as_of_date
            and criteria.ultimate_parent_id = before.ultimate_parent_id
            and criteria.axis = before.axis
            and criteria.criterion_id = before.criterion_id
    left join baseline_parents
        on
            criteria.as_of_date = baseline_parents.as_of_date
            and criteria.ultimate_parent_id = baseline_parents.ultimate_parent_id
    left join baselines
        on
            criteria.as_of_date = baselines.as_of_date
            and criteria.ultimate_parent_id = baselines.ultimate_parent_id
            and criteria.axis = baselines.axis
            and criteria.criterion_id = baselines.criterion_id
)

select * from compared
