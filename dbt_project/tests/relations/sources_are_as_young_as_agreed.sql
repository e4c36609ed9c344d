-- A returned row is a source whose newest delivery is older than config/sources.yml agrees (max_age_days): the numbers would mix old and new.
{{ config(meta={
    'what': 'no source is older than agreed',
    'remedy': 'deliver the source anew, or raise its max_age_days in config/sources.yml',
}) }}
select
    as_of_date,
    row_id as table_name
from {{ ref('int_input_quality__source_older_than_agreed') }}
