-- One row per as-of date, score object with CRM contacts and buying role, filled or not: how many people we know there, and how well.
with

roles as (
    {{ of_shown_dates(ref('int_profile__contacts_by_role')) }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        roles.as_of_date,
        roles.ultimate_parent_id,
        roles.buying_role,
        roles.contact_count,
        roles.max_access_level,
        roles.external_contacts,
        roles.informal_contacts,
        roles.is_covered,
        {{ is_latest('roles') }} as is_latest,
        parameters.method_version
    from roles
    cross join parameters
)

select * from final
