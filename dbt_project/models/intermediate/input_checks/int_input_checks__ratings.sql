-- One row per delivered rating in its newest version, known yet or not, with an id that names no person: account, criterion and day,
-- numbered where several people or entries have that in common.
with

-- A version is the newest while no later delivery replaced it or left it out.
ratings as (
    select
        delivered.*,
        {{ company_day('delivered.recorded_at') }} as entered_on
    from {{ ref('stg_crm__ratings') }} as delivered
    where delivered.known_to is null
),

numbered as (
    select
        ratings.*,
        row_number() over (
            partition by account_id, criterion_id, valid_from
            order by recorded_at, rater_key
        ) as number
    from ratings
),

described as (
    select
        account_id || '|' || criterion_id || '|' || {{ date_text('valid_from') }}
        || case when number > 1 then '#' || cast(number as {{ text_type() }}) else '' end as row_id,
        account_id,
        criterion_id,
        rater_key,
        level,
        valid_from,
        recorded_at,
        entered_on,
        {{ month_start('entered_on') }} as entered_month,
        file_name,
        line_number
    from numbered
)

select * from described
