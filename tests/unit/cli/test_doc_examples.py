"""The examples in docs/examples run as they stand, and the pages made from the code are current."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.cli.reference_pages import pages
from twin.events.reading import read_events
from twin.run.commands import read_commands
from twin.run.running import run_scenario
from twin.spec.building import plan_of
from twin.spec.lint import lint
from twin.spec.loading import load_layout, load_scenario
from twin.spec.location_master import import_locations

DOCS = Path(__file__).resolve().parents[3] / "docs"
EXAMPLES = DOCS / "examples"


def test_the_scenario_of_files_runs_with_its_commands(tmp_path: Path) -> None:
    loaded = load_scenario(EXAMPLES / "scenario.yaml")
    result = run_scenario(loaded, commands=read_commands(EXAMPLES / "commands.jsonl"), out=tmp_path / "run")
    assert result.kpis["orders_received"] == 4
    assert result.kpis["orders_shipped"] == 3
    assert result.kpis["lines_shipped"] == 4
    assert [row["refused"] for row in result.cleaning if row["rule"].startswith("1")] == [{"qty below 1": 1}]
    asked = read_events(tmp_path / "run", ("status",), ["CommandGiven"]).columns["status"]
    assert list(asked) == ["done"] * 6
    arrived = read_events(tmp_path / "run", ("units",), ["StockPutAway"]).columns["units"]
    assert len(arrived) == 2


@pytest.mark.parametrize("name", ["layout.yaml", "layout_graph.yaml"])
def test_the_layouts_pass_the_lint(name: str) -> None:
    assert lint(plan_of(load_layout(EXAMPLES / name), "main")) == []


def test_orders_are_picked_on_the_graph(tmp_path: Path) -> None:
    overrides = [
        "layout=layout_graph.yaml", "policies.routing=optimal", "opening_stock={generate: {book_right: 1}}",
        "inbound={}", "policies.putaway=closest_open",
        "carriers=[{name: van, departures: ['12:00'], door: door-1}]",
    ]  # fmt: skip
    loaded = load_scenario(
        EXAMPLES / "scenario.yaml", [o.replace("layout_graph", str(EXAMPLES / "layout_graph")) for o in overrides]
    )
    result = run_scenario(loaded)
    assert result.kpis["orders_shipped"] == 4


def test_a_location_master_becomes_a_layout_that_passes_the_lint() -> None:
    found = import_locations(EXAMPLES / "locations.csv")
    assert found.locations == 6 and found.guesses
    assert lint(plan_of(found.layout, "main")) == []


@pytest.mark.parametrize("path", list(pages(DOCS)), ids=lambda p: p.name)
def test_a_page_made_from_the_code_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages(DOCS)[path], "run: python -m twin.cli.reference_pages"
