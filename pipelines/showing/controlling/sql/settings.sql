select
    coalesce(mart_method_settings.setting, settings_before.setting) as setting,
    settings_before.value as value_before,
    mart_method_settings.value as value_now,
    coalesce(mart_method_settings.unit, settings_before.unit) as unit,
from mart_method_settings
full outer join settings_before on mart_method_settings.setting = settings_before.setting
where (select page.has_previous from page) and mart_method_settings.value is distinct from settings_before.value
order by setting
