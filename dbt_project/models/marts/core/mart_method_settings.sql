-- One row per setting of the method: what the company wrote in config/portfolio.yml when this version was computed.
with

settings as (
    select * from {{ ref('stg_settings__method_settings') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        settings.setting,
        settings.value,
        settings.value_number,
        settings.unit,
        parameters.method_version
    from settings
    cross join parameters
)

select * from final
