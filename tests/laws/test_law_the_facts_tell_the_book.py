"""What facts say was put away, moved, picked and adjusted is, from the opening on, what the book holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from facts_seen import FactsSeen
from hypothesis import HealthCheck, assume, given, settings
from random_days import in_time, run_of, troubles

from twin.domain.errors import SpecError
from twin.run.running import Run
from twin.spec.loading import load_scenario

Trouble = tuple[list[str], list[dict[str, Any]], int]
Held = Counter[tuple[str, str, str, str | None]]


def facts() -> FactsSeen:
    """Those that change how many units the book holds where."""
    return FactsSeen("StockPutAway", "StockReplenished", "LinePicked", "StockAdjusted")


def told(run: Run, seen: FactsSeen) -> Held:
    """Units by location, owner, SKU and lot, as told."""
    held: Held = Counter()
    for site in run.premises.sites:
        for s in site.opening:
            held[s.location, s.owner, s.sku, s.lot] += s.book_units
    for kind, change in (("StockPutAway", 1), ("StockReplenished", 1), ("LinePicked", -1), ("StockAdjusted", 1)):
        for f in seen[kind]:
            units = f.get("value", f["units"]) if kind == "LinePicked" else f["units"]
            held[f["location"], f["owner"], f["sku"], f.get("lot")] += change * units
            if kind == "StockReplenished":
                held[f["origin"], f["owner"], f["sku"], f.get("lot")] -= units
    return held


def kept(run: Run) -> Held:
    """Units by location, owner, SKU and lot, in the books."""
    held: Held = Counter()
    for desk in run.world.wms.sites.values():
        for s in desk.r.book.stocks.values():
            held[s.place.location, s.owner, s.sku_id, s.lot] += s.units
    return held


def check_the_law(run: Run, seen: FactsSeen) -> None:
    """No unit more, and none less."""
    assert {k: n for k, n in told(run, seen).items() if n} == {k: n for k, n in kept(run).items() if n}


@pytest.mark.parametrize(("scenario", "seed"), [("policy_day", 1), ("policy_day", 2), ("demo_before", 1)])
def test_the_facts_of_a_shipped_scenario_tell_its_book(scenario: str, seed: int) -> None:
    seen = facts()
    run = Run(load_scenario(scenario), seed=seed, sinks=[seen], observers=False)
    run.advance(run.premises.horizon_ms)
    run.finish()
    check_the_law(run, seen)


@settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(troubles())
def test_the_facts_of_a_hard_day_tell_its_book(day: Trouble) -> None:
    said, commands, seed = day
    seen = facts()
    with in_time(60):
        try:
            run = run_of(said, commands, seed, [seen])
        except SpecError:
            assume(False)
            return
        run.finish()
    check_the_law(run, seen)
