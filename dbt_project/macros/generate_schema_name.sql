{#
    Schemas are named as the folders are; a target's own name is never put before them. Where other tables lie beside ours, on a Spark of
    many, the run puts a word before all of them, those of the sources included.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ env_var('KUNDENWERT_SCHEMA_PREFIX', '') }}{{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
