-- One row per as-of date, check and offending row, with the area that owns it: what the checks of the sales input returned.
{{ config(materialized='view') }}
with

areas as (
    select * from {{ ref('int_input_checks__areas') }}
),

found as (
    select * from {{ ref('int_input_quality__ledger_difference') }}
    union all
    select * from {{ ref('int_input_quality__fx_missing') }}
    union all
    select * from {{ ref('int_input_quality__weights_do_not_add_up') }}
    union all
    select * from {{ ref('int_input_quality__number_of_criteria') }}
    union all
    select * from {{ ref('int_input_quality__parent_cycle') }}
    union all
    select * from {{ ref('int_input_quality__source_older_than_agreed') }}
    union all
    select * from {{ ref('int_input_quality__duplicate_activity') }}
    union all
    select * from {{ ref('int_input_quality__future_dated') }}
    union all
    select * from {{ ref('int_input_quality__recorded_after_period_closed') }}
    union all
    select * from {{ ref('int_input_quality__backdated_activity') }}
    union all
    select * from {{ ref('int_input_quality__duration_missing') }}
    union all
    select * from {{ ref('int_input_quality__rep_day_too_long') }}
    union all
    select * from {{ ref('int_input_quality__overlapping_visits') }}
    union all
    select * from {{ ref('int_input_quality__visit_without_contact_or_result') }}
    union all
    select * from {{ ref('int_input_quality__unknown_customer_activity') }}
    union all
    select * from {{ ref('int_input_quality__unknown_customer_invoice') }}
    union all
    select * from {{ ref('int_input_quality__blocked_customer_activity') }}
    union all
    select * from {{ ref('int_input_quality__activity_on_intercompany') }}
    union all
    select * from {{ ref('int_input_quality__protection_customer_without_contact') }}
    union all
    select * from {{ ref('int_input_quality__team_week_without_entries') }}
    union all
    select * from {{ ref('int_input_quality__credit_note_without_reference') }}
    union all
    select * from {{ ref('int_input_quality__revenue_above_demand') }}
    union all
    select * from {{ ref('int_input_quality__demand_changed') }}
    union all
    select * from {{ ref('int_input_quality__stale_ratings') }}
    union all
    select * from {{ ref('int_input_quality__stale_potentials') }}
    union all
    select * from {{ ref('int_input_quality__rating_changed_before_cutoff') }}
    union all
    select * from {{ ref('int_input_quality__backdated_rating') }}
    union all
    select * from {{ ref('int_input_quality__single_rater_is_owner') }}
    union all
    select * from {{ ref('int_input_quality__straight_lining') }}
    union all
    select * from {{ ref('int_input_quality__heaping') }}
    union all
    select * from {{ ref('int_input_quality__batch_entry') }}
    union all
    select * from {{ ref('int_input_quality__quarantined_rows') }}
    union all
    select * from {{ ref('int_input_quality__recorded_after_known_at') }}
),

owned as (
    select
        found.as_of_date,
        found.check_id,
        found.table_name,
        found.row_id,
        found.ultimate_parent_id,
        coalesce(areas.is_scored, false) as is_scored,
        coalesce(found.team, areas.area, '(unassigned)') as area,
        found.month_start,
        found.row_count,
        found.amount,
        found.file_name,
        found.line_number
    from found
    left join areas
        on
            found.as_of_date = areas.as_of_date
            and found.ultimate_parent_id = areas.ultimate_parent_id
)

select * from owned
