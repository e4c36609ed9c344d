-- One row per as-of date, scored parent with CRM contacts and buying role: the six roles whether filled or not, and 'unknown' where a
-- contact has none. Contacts are only counted, never named.
with

dates as (
    {{ dates_asked(['int_profile__contacts']) }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

{% set roles = ['initiator', 'user', 'influencer', 'buyer', 'decider', 'gatekeeper'] %}

roles as (
    {%- for role in roles %}
    select '{{ role }}' as buying_role
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

contacts as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        coalesce(contacts.buying_role, 'unknown') as buying_role,
        contacts.access_level,
        coalesce(contacts.is_external, false) as is_external,
        coalesce(contacts.is_informal, false) as is_informal
    from dates
    inner join {{ ref('stg_crm__contacts') }} as contacts on {{ is_known('contacts', 'dates') }}
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and contacts.account_id = accounts.account_id
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
),

counted as (
    select
        as_of_date,
        ultimate_parent_id,
        buying_role,
        {{ whole('count(*)') }} as contact_count,
        max(access_level) as max_access_level,
        {{ whole('count_if(is_external)') }} as external_contacts,
        {{ whole('count_if(is_informal)') }} as informal_contacts
    from contacts
    group by as_of_date, ultimate_parent_id, buying_role
),

expected as (
    select distinct
        contacts.as_of_date,
        contacts.ultimate_parent_id,
        roles.buying_role
    from contacts
    cross join roles
    union
    select as_of_date, ultimate_parent_id, buying_role from counted
),

final as (
    select
        expected.as_of_date,
        expected.ultimate_parent_id,
        expected.buying_role,
        coalesce(counted.contact_count, 0) as contact_count,
        cast(counted.max_access_level as integer) as max_access_level,
        coalesce(counted.external_contacts, 0) as external_contacts,
        coalesce(counted.informal_contacts, 0) as informal_contacts,
        coalesce(counted.contact_count, 0) > 0 as is_covered
    from expected
    left join counted
        on
            expected.as_of_date = counted.as_of_date
            and expected.ultimate_parent_id = counted.ultimate_parent_id
            and expected.buying_role = counted.buying_role
)

select * from final
