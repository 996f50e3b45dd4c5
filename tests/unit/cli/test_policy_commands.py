"""`twin route` and `twin bench routing|batching`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.domain.errors import SpecError, TwinError


def answer(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_route_answers_with_places_in_the_list_given(tmp_path: Path) -> None:
    stops = tmp_path / "stops.json"
    stops.write_text(
        '[{"aisle": 0, "block": 0, "position": 3}, "A03-1-001-1L", {"aisle": 1, "position": 5}, "A03-1-001-1L"]'
    )
    found = answer("route", "small", "--stops", str(stops))
    assert found["schema"] == "twin.route/1"
    assert sorted(found["sequence"]) == [0, 1, 2, 3]  # type: ignore[call-overload]
    assert found["exact"] is True
    longer = answer("route", "small", "--stops", str(stops), "--policy", "s_shape")
    assert longer["length_m"] > found["length_m"]  # type: ignore[operator]
    there = answer("route", "small", "--stops", str(stops), "--start", "depot", "--end", "pack")
    assert there["length_m"] != found["length_m"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[{aisle: 99, position: 0}]", "aisles are 0 to"),
        ("[{aisle: 0, position: 999}]", "positions 0 to"),
        ("[nowhere]", "no location 'nowhere'"),
        ("[{aisle: 0}]", "aisle, block and position are needed"),
        ("[{aisle: 0, position: half}]", "whole numbers"),
        ("7", "a list of stops is needed"),
    ],
)
def test_wrong_stops_are_told(tmp_path: Path, text: str, fault: str) -> None:
    stops = tmp_path / "stops.yaml"
    stops.write_text(text)
    with pytest.raises(SpecError, match=fault):
        CliRunner().invoke(app, ["route", "small", "--stops", str(stops)], catch_exceptions=False)


def test_route_on_a_graph_takes_only_optimal(tmp_path: Path) -> None:
    layout = tmp_path / "graph.yaml"
    layout.write_text(
        "name: cross\ntype: graph\npoints:\n  - {name: a, x_m: 0, y_m: 0}\n  - {name: b, x_m: 10, y_m: 0}\n"
        "  - {name: c, x_m: 10, y_m: 10}\nedges:\n  - {origin: a, destination: b, name: ab}\n"
        "  - {origin: b, destination: c, name: bc}\nlocations:\n  - {name: one, edge: [a, b], offset_m: 4}\n"
        "  - {name: two, edge: [b, c], offset_m: 5}\ndepots: [{name: depot, point: a}]\n"
    )
    stops = tmp_path / "stops.yaml"
    stops.write_text("[two, one]")
    found = answer("route", str(layout), "--stops", str(stops))
    assert found["sequence"] in ([0, 1], [1, 0])
    assert found["length_m"] == 30.0
    with pytest.raises(TwinError, match="graph layout takes routing=optimal"):
        CliRunner().invoke(
            app, ["route", str(layout), "--stops", str(stops), "--policy", "s_shape"], catch_exceptions=False
        )


def test_bench_wants_set_path_and_policy_together(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="belong together"):
        CliRunner().invoke(app, ["bench", "routing", "--set", "sprp"], catch_exceptions=False)
