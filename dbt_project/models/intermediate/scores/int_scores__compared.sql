-- One row per shown as-of date, score object, axis and criterion of it or of the month before, for score objects that had a score then.
-- Beside each other: the score now, the score of the month before as known now, and that score as it was published.
with

dates as (
    select
        as_of_date,
        compared_with as previous_as_of_date
    from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

-- No more than is asked for: it has four readers, so it is held in memory.
levels as (
    select
        as_of_date,
        ultimate_parent_id,
        scorecard,
        axis,
        criterion_id,
        weight_points,
        level,
        points
    from {{ ref('int_scores__levels') }}
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

this as (
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        levels.axis,
        levels.criterion_id,
        levels.weight_points,
        {{ score('levels.level') }} as level,
        levels.points
    from pairs
    inner join levels
        on
            pairs.as_of_date = levels.as_of_date
            and pairs.ultimate_parent_id = levels.ultimate_parent_id
),

before as (
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        levels.axis,
        levels.criterion_id,
        levels.weight_points,
        {{ score('levels.level') }} as level,
        levels.points
    from pairs
    inner join levels
        on
            pairs.previous_as_of_date = levels.as_of_date
            and pairs.ultimate_parent_id = levels.ultimate_parent_id
),

known as (
    select
        coalesce(this.as_of_date, before.as_of_date) as as_of_date,
        coalesce(this.ultimate_parent_id, before.ultimate_parent_id) as ultimate_parent_id,
        coalesce(this.axis, before.axis) as axis,
        coalesce(this.criterion_id, before.criterion_id) as criterion_id,
        this.weight_points,
        this.level,
        this.points,
        before.weight_points as previous_weight_points,
        before.level as previous_level,
        before.points as previous_points
    from this
    full outer join before
        on
            this.as_of_date = before.as_of_date
            and this.ultimate_parent_id = before.ultimate_parent_id
            and this.axis = before.axis
            and this.criterion_id = before.criterion_id
),

-- A criterion that neither date has any more stays where it was published with a weight.
beside as (
    select
        coalesce(known.as_of_date, baselines.as_of_date) as as_of_date,
        coalesce(known.ultimate_parent_id, baselines.ultimate_parent_id) as ultimate_parent_id,
        coalesce(known.axis, baselines.axis) as axis,
        coalesce(known.criterion_id, baselines.criterion_id) as criterion_id,
        known.weight_points,
        known.level,
        known.points,
        known.previous_weight_points,
        known.previous_level,
        known.previous_points,
        baselines.published_weight_points,
        baselines.published_level,
        baselines.published_points
    from known
    full outer join baselines
        on
            known.as_of_date = baselines.as_of_date
            and known.ultimate_parent_id = baselines.ultimate_parent_id
            and known.axis = baselines.axis
            and known.criterion_id = baselines.criterion_id
    where known.as_of_date is not null or baselines.published_weight_points is not null
),

compared as (
    select
        pairs.as_of_date,
        pairs.previous_as_of_date,
        pairs.ultimate_parent_id,
        pairs.scorecard,
        beside.axis,
        beside.criterion_id,
        beside.weight_points,
        beside.level,
        beside.points,
        beside.previous_weight_points,
        beside.previous_level,
        beside.previous_points,
        -- Never published: what is known now is all that ever was.
        case when baseline_parents.as_of_date is null then beside.previous_weight_points else beside.published_weight_points end as published_weight_points,
        case when baseline_parents.as_of_date is null then beside.previous_level else beside.published_level end as published_level,
        case when baseline_parents.as_of_date is null then beside.previous_points else beside.published_points end as published_points
    from pairs
    inner join beside
        on
            pairs.as_of_date = beside.as_of_date
            and pairs.ultimate_parent_id = beside.ultimate_parent_id
    left join baseline_parents
        on
            pairs.as_of_date = baseline_parents.as_of_date
            and pairs.ultimate_parent_id = baseline_parents.ultimate_parent_id
)

select * from compared
