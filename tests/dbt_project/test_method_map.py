"""docs/method.md points every concept at a column that exists; what the demo shows there is tested in end_to_end/test_demo.py."""

from __future__ import annotations

from tests.method_map import concepts
from tools.mart_dictionary import read_marts


def test_every_concept_points_at_a_column_and_a_key_of_its_mart() -> None:
    marts = {mart.name: mart for mart in read_marts()}
    listed = list(concepts())
    assert {concept.source for concept in listed} == {"S0", "S1", "S2", "S3", "S4"}
    for concept in listed:
        mart = marts[concept.mart]
        assert concept.column in {column.name for column in mart.columns}, concept
        assert {"as_of_date", *concept.key} == {"as_of_date", *mart.config.meta.unique_key}, concept


def test_no_concept_is_listed_twice() -> None:
    names = [(concept.source, concept.name) for concept in concepts()]
    assert len(names) == len(set(names))
