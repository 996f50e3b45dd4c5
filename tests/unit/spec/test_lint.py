"""From layouts to plans, and what the lint finds in them."""

from __future__ import annotations

import pytest

from twin.domain.errors import SpecError
from twin.spec.building import plan_of
from twin.spec.layout import GraphSpec, ParallelAisleSpec
from twin.spec.lint import Finding, lint
from twin.spec.loading import load_layout
from twin.spec.plain_yaml import read_text
from twin.spec.shipped import shipped_names

AISLES = """\
type: parallel_aisle
aisles: 3
blocks: 2
locations_per_subaisle: 4
aisle_pitch_m: 4.5
entry_m: 2
"""
GRAPH = """\
type: graph
points: [{name: P, x_m: 0, y_m: 0}, {name: Q, x_m: 0, y_m: 10}, {name: R, x_m: 5, y_m: 10}]
edges: [{origin: P, destination: Q, name: aisle}, {origin: Q, destination: R}]
locations:
  - {name: L1, edge: [P, Q], offset_m: 2}
  - {name: L2, edge: [P, Q], offset_m: 2, side: right}
  - {name: L3, edge: [P, Q], offset_m: 2, level: 1}
depots: [{name: depot, point: P}]
doors: [{name: door, point: R}]
pack_stations: [{name: pack, point: Q}]
"""


def found(text: str, *changes: tuple[str, str]) -> list[Finding]:
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes, 1)
    value = read_text(text, "f").plain()
    spec = GraphSpec if value["type"] == "graph" else ParallelAisleSpec
    return lint(plan_of(spec.model_validate(value), "main"))


def test_metres_become_millimetres() -> None:
    layout = ParallelAisleSpec.model_validate(
        read_text(AISLES + "levels: 2\nconveyors: [{name: c, origin: depot, destination: pack, speed_m_per_s: 0.5}]\n"
                  "pack_stations: [{name: pack, x_m: 4.5, y_m: -6, benches: unlimited}]\n", "f").plain()
    )  # fmt: skip
    plan = plan_of(layout, "main")
    assert len(plan.locations) == 3 * 2 * 4 * 2 * 2
    assert {x.x_mm for x in plan.locations} == {0, 4500, 9000}
    assert min(x.y_mm for x in plan.locations) == 2000
    assert plan.conveyors[0].length_mm == 7500
    assert plan.conveyors[0].speed_mm_per_s == 500
    assert [s.benches for s in plan.pack_stations.values()] == [None]


def test_a_layout_that_cannot_be_built_is_your_file() -> None:
    layout = ParallelAisleSpec.model_validate(read_text(AISLES + "zones: [{name: A, aisles: [0, 1]}]\n", "f").plain())
    with pytest.raises(SpecError, match="layout layout: aisles in no zone: 2"):
        plan_of(layout, "main")


def test_sound_layouts_have_no_findings() -> None:
    assert found(AISLES) == []
    assert found(AISLES, ("entry_m: 2", "one_way: alternate")) == []
    assert found(GRAPH) == []


@pytest.mark.parametrize("name", shipped_names("layouts"))
def test_shipped_layouts_have_no_findings(name: str) -> None:
    assert lint(plan_of(load_layout(name), "main")) == []


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        ([("Q, name: aisle}, ", "Q, one_way: true}, ")],
         "unreachable", "3 locations (main/L1, main/L2, main/L3): no way leads back from it"),
        ([("P, destination: Q, name: aisle}", "R, destination: Q}"), *[("[P, Q]", "[R, Q]")] * 3],
         "unreachable", "3 locations (main/L1, main/L2, main/L3): no way leads to it"),
        ([(", {origin: Q, destination: R}", "")], "unreachable", "nothing reaches the door main/door"),
        ([("pack, point: Q", "pack, point: R"), (", {origin: Q, destination: R}", "")], "unreachable",
         "nothing reaches the pack station main/pack"),
        ([(", side: right", "")], "overlap", "2 locations (main/L1, main/L2) share a spot, level and side"),
        ([(", level: 1", "")], "overlap", "as main/L1 and main/L3"),
        ([("x_m: 5, y_m: 10", "x_m: 0, y_m: 10"), ("door, point: R", "door, point: Q"),
          ("pack, point: Q", "pack, point: P")],
         "overlap", "main/Q, main/R stand in one spot: 2 points"),
        ([("edges:", "zones: [{name: A}, {name: spare}]\nedges:")],
         "zone_without_capacity", "zone spare has no location"),
        ([("edges:", "zones: [{name: A, handling_unit_places: 0}]\nedges:")], "zone_without_capacity",
         "the locations of zone A hold nothing"),
        ([("Q, name: aisle}, ", "Q, capacity: 0}, ")], "zone_without_capacity",
         "3 locations (main/L1, main/L2, main/L3): in aisles of capacity 0, which nobody may enter"),
        ([("edges:", "conveyors: [{name: c, origin: pack, destination: Q}]\nedges:")], "belt_without_length",
         "conveyor main/c has no length"),
        ([("edges:", "lanes: [{name: a, point: Q}, {name: b, point: R}]\nedges:")], "door_without_lane",
         "door main/door names no lane, and there are 2"),
    ],
)  # fmt: skip
def test_each_fault_of_a_graph_is_found(changes: list[tuple[str, str]], rule: str, sentence: str) -> None:
    findings = [f for f in found(GRAPH, *changes) if f.rule == rule]
    assert any(sentence in f.sentence for f in findings), found(GRAPH, *changes)


def test_aisles_that_all_run_one_way_cannot_be_left() -> None:
    for way in ("up", "down"):
        findings = found(AISLES, ("entry_m: 2", f"one_way: {way}"))
        assert [f.rule for f in findings] == ["unreachable"]
        assert len(findings[0].places) == 3 * 2 * 4 * 2


def test_aisles_without_pitch_overlap() -> None:
    assert [f.rule for f in found(AISLES, ("entry_m: 2", "location_pitch_m: 0"))] == ["overlap"]
    assert found(AISLES, ("blocks: 2", "depots: [{name: a, aisle: 0}, {name: b, aisle: 0}]"))[0].rule == "overlap"


def test_aisles_that_nobody_may_enter_are_told() -> None:
    findings = found(AISLES, ("entry_m: 2", "aisle_capacity: 0"))
    assert [f.rule for f in findings] == ["zone_without_capacity"]
    assert "in aisles of capacity 0" in findings[0].sentence
