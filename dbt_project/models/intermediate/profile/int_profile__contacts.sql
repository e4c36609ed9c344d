-- One row per as-of date and scored parent with CRM contacts: how much of its buying centre we know, and how well its deciders.
with

roles as (
    select * from {{ ref('int_profile__contacts_by_role') }}
),

summed as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('sum(contact_count)') }} as contact_count,
        {{ whole("count_if(is_covered and buying_role <> 'unknown')") }} as roles_covered,
        {{ ratio(exact_div("count_if(is_covered and buying_role <> 'unknown')", "count_if(buying_role <> 'unknown')")) }} as role_coverage_ratio,
        {% for role in ['initiator', 'user', 'influencer', 'buyer', 'decider', 'gatekeeper'] -%}
        {{ whole("sum(case when buying_role = '" ~ role ~ "' then contact_count else 0 end)") }} as {{ role }}_contacts,
        {% endfor -%}
        max(case when buying_role = 'decider' then max_access_level end) as decision_maker_access_level,
        {{ whole('sum(external_contacts)') }} as external_contacts,
        {{ whole('sum(informal_contacts)') }} as informal_contacts
    from roles
    group by as_of_date, ultimate_parent_id
)

select * from summed
