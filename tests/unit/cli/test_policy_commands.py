"""`twin route` and `twin bench routing|batching`, as a user types them."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.domain.errors import PolicyError, SpecError, TwinError
from twin.run.policy_bench import Job, solve, summary
from twin.run.policy_times import drawn_wave
from twin.spec.published_sets import Reference


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


OWN = """
from twin.policies.batching import BatchingRules, Savings
from twin.policies.routing import Optimal, Tour


class Mine:
    def __call__(self, snapshot):
        return Optimal()(snapshot)


class Fails:
    def __call__(self, snapshot):
        return 1 / 0


class Forgets:
    def __call__(self, snapshot):
        return Tour(stops=(), length_mm=0, exact=False)


class Mergers:
    rules: BatchingRules

    def __init__(self, *, rules=BatchingRules()):
        self.rules = rules

    def __call__(self, snapshot):
        assert self.rules.routing == "optimal" and self.rules.candidates_max == 0
        return Savings(rules=self.rules)(snapshot)
"""


@pytest.fixture
def own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "walking_rules.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "walking_rules", raising=False)
    return tmp_path


def test_route_takes_a_policy_of_ones_own(own_rules: Path) -> None:
    stops = own_rules / "stops.json"
    stops.write_text('["A03-1-001-1L", "A01-1-004-1L"]')
    mine = answer("route", "small", "--stops", str(stops), "--policy", "walking_rules:Mine")
    assert mine["length_m"] == answer("route", "small", "--stops", str(stops))["length_m"]
    for target, fault in (("Fails", "ZeroDivisionError"), ("Forgets", "every stop is visited")):
        with pytest.raises(PolicyError, match=fault):
            answer("route", "small", "--stops", str(stops), "--policy", f"walking_rules:{target}")


def test_bench_takes_a_policy_of_ones_own_and_one_that_fails_has_failed(own_rules: Path) -> None:
    wave = drawn_wave(6)
    merged = solve((Job("batching", "bahceci-oncan", own_rules, "walking_rules:Mergers"), wave, None))
    ours = solve((Job("batching", "bahceci-oncan", own_rules, "savings"), wave, None))
    assert merged.valid and merged.value == ours.value
    asked = Job("routing", "sprp", own_rules, "walking_rules:Mine")
    shortest = solve((asked, wave, None)).value
    known = Reference(shortest, proven=True)
    right = solve((asked, wave, known))
    failed = solve((replace(asked, policy="walking_rules:Fails"), wave, known))
    forgot = solve((replace(asked, policy="walking_rules:Forgets"), wave, known))
    assert (failed.valid, failed.gap) == (False, None) and "ZeroDivisionError" in failed.fault
    assert not forgot.valid and "missed" in forgot.fault
    assert summary([right, failed, forgot])["share_exact"] == 1 / 3
