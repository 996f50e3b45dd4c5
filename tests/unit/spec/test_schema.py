"""The JSON Schema agrees with the loader on shipped files and on typical mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from twin.spec.plain_yaml import read_bytes
from twin.spec.schema import layout_schema, scenario_schema
from twin.spec.shipped import shipped_folder

SCENARIO, LAYOUT = Draft202012Validator(scenario_schema()), Draft202012Validator(layout_schema())
SOUND: dict[str, Any] = {
    "name": "a",
    "layout": "small",
    "assortment": {"generate": {"skus": 3}},
    "demand": {"generate": {"orders_per_day": 3}},
}


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(scenario_schema())
    Draft202012Validator.check_schema(layout_schema())


SHIPPED = [p for p in sorted(shipped_folder("scenarios").rglob("*.yaml")) if p.parent.name != "lessons"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_shipped_scenario_is_valid(path: Path) -> None:
    assert not [e.message for e in SCENARIO.iter_errors(read_bytes(path.read_bytes(), path.name).plain())]


@pytest.mark.parametrize("path", sorted(shipped_folder("layouts").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_shipped_layout_is_valid(path: Path) -> None:
    assert not [e.message for e in LAYOUT.iter_errors(read_bytes(path.read_bytes(), path.name).plain())]


@pytest.mark.parametrize(
    "more",
    [
        {"workforce": {"pickers": {"count": 3}, "packers": [{"count": 1}, {"count": "unlimited"}]}},
        {"layout": {"type": "parallel_aisle", "aisles": 2, "locations_per_subaisle": 3, "one_way": "no"}},
        {"policies": {"allocation": "fefo", "release": {"name": "waveless", "rules": {"ageing_s": 3}}}},
        {"policies": {"allocation": [{"name": "fefo", "zones": ["A"]}, "fifo"]}},
        {"methods": {"handling": {"pack_fixed_s": 0, "grasp_first_s": {"exponential": {"mean": 3}}}}},
        {"sites": [{"name": "n", "layout": "small"}]},
    ],
)
def test_what_the_loader_takes_is_valid(more: dict[str, Any]) -> None:
    assert not [e.message for e in SCENARIO.iter_errors(SOUND | more)]


@pytest.mark.parametrize(
    "more",
    [
        {"hrizon_h": 3},
        {"horizon_h": 0},
        {"start": 3},
        {"workforce": {"pickers": {"count": "many"}}},
        {"workforce": {"pikkers": {"count": 1}}},
        {"carriers": [{"name": "a", "departures": ["6:00"]}]},
        {"carriers": [{"departures": ["16:00"]}]},
        {"layout": {"type": "grid"}},
        {"assortment": {"generate": {}}},
    ],
)
def test_what_the_loader_refuses_is_not_valid(more: dict[str, Any]) -> None:
    assert not SCENARIO.is_valid(SOUND | more)


def test_only_a_file_that_extends_may_leave_things_out() -> None:
    assert not SCENARIO.is_valid({"name": "b"})
    assert SCENARIO.is_valid({"extends": "quickstart", "assortment": {"generate": {"velocity_exponent": 1}}})
    assert SCENARIO.is_valid({"extends": "quickstart", "layout": {"pack_stations": [{"name": "p", "aisle": 0}]}})
    assert not SCENARIO.is_valid({"extends": "quickstart", "layout": {"pack_station": []}})
    assert not SCENARIO.is_valid({"extends": "quickstart", "carriers": [{"name": "a"}]})
    assert not SCENARIO.is_valid({"extends": "quickstart", "hrizon_h": 3})
