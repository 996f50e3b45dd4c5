"""Values of the command line: typed by the schema, entered by key, place or name."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.domain.errors import SpecError
from twin.spec.loading import load_scenario
from twin.spec.mistakes import MistakesError
from twin.spec.overrides import overridden
from twin.spec.plain_yaml import read_text
from twin.spec.scenario import ScenarioSpec

TREE = read_text(
    "name: a\nworkforce: {pickers: {count: 4}}\ncarriers: [{name: dhl, cutoff_min: 60}, {name: '0', cutoff_min: 30}]\n"
    "demand: {generate: null}\n",
    "f.yaml",
)


def said(*overrides: str) -> object:
    return overridden(TREE, overrides, ScenarioSpec).plain()


def test_values_are_yaml() -> None:
    plain = overridden(TREE, ["workforce.pickers.count=12", "equipment.cart_positions=unlimited"], ScenarioSpec).plain()
    assert plain["workforce"] == {"pickers": {"count": 12}}
    assert plain["equipment"] == {"cart_positions": "unlimited"}
    plain = overridden(TREE, ["carriers.dhl.departures=[16:00, '18:00']"], ScenarioSpec).plain()
    assert plain["carriers"][0]["departures"] == ["16:00", "18:00"]


def test_text_stays_text_where_only_text_fits() -> None:
    plain = overridden(TREE, ["name=2024", "demand.orders_csv=1e3", "seed=7"], ScenarioSpec).plain()
    assert (plain["name"], plain["demand"]["orders_csv"], plain["seed"]) == ("2024", "1e3", 7)


def test_lists_are_entered_by_name_first_and_by_place() -> None:
    plain = overridden(TREE, ["carriers.0.cutoff_min=1", "carriers.1.door=d"], ScenarioSpec).plain()
    assert plain["carriers"] == [{"name": "dhl", "cutoff_min": 60}, {"name": "0", "cutoff_min": 1, "door": "d"}]


def test_an_empty_list_is_to_be_written_whole() -> None:
    for entered in ("faults.0.kind=device", "faults.0={kind: device}", "faults.outage.day=1"):
        with pytest.raises(
            MistakesError, match=r"faults +is an empty list: write it whole, such as -o 'faults=\[\.\.\.\]'"
        ):
            said(entered)


def test_the_last_one_wins_and_the_tree_given_is_left_alone() -> None:
    before = TREE.plain()
    plain = overridden(TREE, ["name=b", "name=c", "demand.generate.max_orders=3"], ScenarioSpec).plain()
    assert plain["name"] == "c"
    assert plain["demand"] == {"generate": {"max_orders": 3}}
    assert TREE.plain() == before


def test_all_that_cannot_be_applied_is_told_with_its_option() -> None:
    with pytest.raises(MistakesError) as error:
        said(
            "carriers.dlh.door=x",
            "carriers.7.door=x",
            "name.first=x",
            "horizon_h",
            "=3",
            "a..b=1",
            "extends=x",
            "seed=[1",
        )
    text = str(error.value)
    assert "-o carriers.dlh.door=x: 1 fault\n  carriers   no entry named dlh; did you mean dhl?" in text
    assert "-o carriers.7.door=x: 1 fault\n  carriers   has 2 entries, counted from 0; got 7" in text
    assert "-o name.first=x: 1 fault\n  name   is 'a': there is nothing below it" in text
    for option in ("horizon_h", "=3", "a..b=1"):
        assert f"-o {option}: 1 fault\n  write key=value" in text
    assert "extends   belongs in a file" in text
    assert "-o seed=[1: 1 fault" in text


def test_text_that_is_no_yaml_is_taken_as_text_where_only_text_fits(folder: Path) -> None:
    base = ["demand.generate=null", "demand.orders_csv=hall.yaml"]
    spec = load_scenario("sound", [*base, "demand.delimiter=,", "demand.date_format=%d.%m.%Y"]).spec
    assert (spec.demand.delimiter, spec.demand.date_format) == (",", "%d.%m.%Y")
    with pytest.raises(SpecError, match="not YAML"):
        load_scenario("sound", ["horizon_h=%1"])
