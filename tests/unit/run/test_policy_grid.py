"""Every policy that a scenario may name carries the hard day of the shipped scenario `policy_day`."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.domain.errors import TwinError
from twin.events.reading import read_events
from twin.policies.named import ASKED, WITHOUT_FLOW, register
from twin.run.policy_grid import BEGIN, END, OVERRIDES, SCENARIO, names, with_table
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

GRID = [(family, name) for family in ASKED for name in names(family)]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "name"), GRID)
def test_the_morning_of_the_hard_day_runs_with_every_policy(family: str, name: str) -> None:
    overrides = OVERRIDES.get((family, name), (f"policies.{family}={name}",))
    result = run_scenario(load_scenario(SCENARIO, [*overrides, "horizon_h=3"]))
    assert result.policies[family] == name
    assert result.kpis["orders_received"] > 100


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("exceptions_first", {"exception", "recount"}),
        ("abc_plan", {"exception", "recount", "plan"}),
        ("threshold", {"exception", "recount", "threshold"}),
        ("zero_confirm", {"exception", "recount", "zero"}),
        ("spot", {"exception", "recount", "spot"}),
    ],
)
def test_a_counting_policy_brings_its_own_reasons(name: str, reasons: set[str], tmp_path: Path) -> None:
    run_scenario(load_scenario(SCENARIO, [f"policies.cycle_counting={name}", "horizon_h=8"]), out=tmp_path / "run")
    seen = set(read_events(tmp_path / "run", ["reason"], ["CountRequested"]).columns["reason"])
    assert seen <= reasons
    own = reasons - {"exception", "recount"}
    assert own <= seen


@pytest.mark.slow
def test_top_up_fills_faces_while_replenishers_are_idle(tmp_path: Path) -> None:
    asked = {}
    for name in ("min_max", "top_up"):
        loaded = load_scenario(
            SCENARIO, [f"policies.replenishment={name}", "opening_stock.generate.reserve_cover_days=2"]
        )
        run_scenario(loaded, out=tmp_path / name)
        asked[name] = len(read_events(tmp_path / name, ["seq"], ["StockReplenished"]))
    assert asked["top_up"] > asked["min_max"] > 0


@pytest.mark.parametrize(("family", "name"), list(WITHOUT_FLOW))
def test_a_policy_without_a_flow_is_refused_with_what_is_missing(family: str, name: str) -> None:
    assert name in register(family).classes and name not in names(family)
    with pytest.raises(TwinError, match="decides, but"):
        load_scenario(SCENARIO, [f"policies.{family}={name}"])


def test_a_page_gets_its_comparison_once() -> None:
    page = with_table("# Family\n\nWords.\n", "| a |")
    assert page.count(BEGIN) == page.count(END) == 1
    assert with_table(page, "| b |") == page.replace("| a |", "| b |")
