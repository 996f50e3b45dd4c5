"""The table of defaults says what the specs say."""

from __future__ import annotations

import pytest

from twin.spec.assumptions import GENERATED, TABLE, Assumption, rests_on, value_at
from twin.spec.loading import load_scenario
from twin.spec.work import HandlingSpec, SlipsSpec


@pytest.mark.parametrize("row", [*TABLE, *GENERATED], ids=lambda row: row.key)
def test_the_table_s_default_is_the_spec_s(row: Assumption) -> None:
    spec = load_scenario(
        "quickstart",
        ["opening_stock={generate: {}}", "inbound={generate: {trailers_per_day: 1}}", "equipment={}"],
    ).spec
    assert value_at(spec, row.key) == row.value
    if row.low is not None and row.high is not None:
        assert row.low <= row.value <= row.high


def test_every_handling_time_and_slip_is_in_the_table() -> None:
    keys = {row.key for row in TABLE}
    for prefix, model in (("methods.handling.", HandlingSpec), ("methods.slips.", SlipsSpec)):
        assert {prefix + name for name in model.model_fields} <= keys


def test_what_a_scenario_states_itself_is_no_assumption() -> None:
    keys = {row["key"] for row in rests_on(load_scenario("quickstart", ["methods.slips.wrong_sku=0.01"]).spec)}
    assert "methods.slips.wrong_sku" not in keys and "methods.slips.wrong_units" in keys


def test_a_book_that_nobody_spoke_of_is_an_assumption() -> None:
    for said, rests in (("{}", True), ("{generate: {}}", True), ("{generate: {book_right: 1}}", False)):
        spec = load_scenario("one_order", [f"opening_stock={said}"]).spec
        assert ("opening_stock.generate.book_right" in {row["key"] for row in rests_on(spec)}) == rests, said
