"""Names of aisles on the map."""

from __future__ import annotations

import pytest

from visualizer.mapping.labels import column_name


@pytest.mark.parametrize(
    ("aisle", "said"),
    [("main/A08-1", "A08"), ("A08", "A08"), ("main/aisle-1", "aisle-1"), ("east/back", "back"), ("main/7-2", "7")],
)
def test_blocks_of_a_column_share_its_name_and_no_name_loses_its_number(aisle: str, said: str) -> None:
    assert column_name(aisle) == said
