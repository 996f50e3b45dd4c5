"""Any layout gives a picture, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.spec.building import plan_of
from twin.spec.drawing import draw_layout
from twin.spec.layout import GraphSpec, ParallelAisleSpec
from twin.spec.loading import load_layout
from twin.spec.plain_yaml import read_text

ONE_POINT = "type: graph\npoints: [{name: P, x_m: 0, y_m: 0}]\ndepots: [{name: depot, point: P}]\n"
CHINESE = """\
type: graph
points: [{name: 甲, x_m: 0, y_m: 0}, {name: 乙, x_m: 3, y_m: 8}]
edges: [{origin: 甲, destination: 乙, one_way: true}]
locations: [{name: 库位-1, edge: [甲, 乙], offset_m: 2, zone: 冷库}]
depots: [{name: 起点, point: 甲}]
doors: [{name: 门, point: 乙, directions: [in]}]
conveyors: [{name: c, origin: 起点, destination: 门}]
"""


@pytest.mark.parametrize("text", [ONE_POINT, CHINESE])
def test_graphs_are_drawn(tmp_path: Path, text: str) -> None:
    plan = plan_of(GraphSpec.model_validate(read_text(text, "f").plain()), "main")
    path = draw_layout(plan, tmp_path / "plan.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_aisles_are_drawn_with_zones_and_ways(tmp_path: Path) -> None:
    layout = ParallelAisleSpec(type="parallel_aisle", aisles=1, locations_per_subaisle=1, one_way="up", aisle_pitch_m=0)
    assert draw_layout(plan_of(layout, "main"), tmp_path / "one.png", "one").stat().st_size > 5000


def test_the_shipped_layout_shows_every_name(tmp_path: Path) -> None:
    plan = plan_of(load_layout("small"), "main")
    text = draw_layout(plan, tmp_path / "small.svg").read_text("utf-8")
    for place in plan.places:
        assert f"<!-- {place[5:]}" in text
    for zone in plan.zones:
        assert f"<!-- Zone {zone.name}" in text
    assert " m -->" in text
