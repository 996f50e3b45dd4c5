"""The parts of each order's time add up to it: no gap, no overlap, nothing below zero, whatever the day was like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from random_days import in_time, run_of, troubles

from twin.domain.errors import SpecError
from twin.events.columns import MISSING
from twin.observers.order_times import OrderTimes, Times
from twin.observers.time_parts import PARTS, STATES
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

Trouble = tuple[list[str], list[dict[str, Any]], int]


def check_the_law(told: OrderTimes, times: Times) -> None:
    """Every order: the parts sum to the whole, and so do its steps, one beginning where the other ended."""
    assert list(times.parts) == list(PARTS)
    assert all((column >= 0).all() for column in times.parts.values())
    assert (sum(times.parts.values()) == times.whole_ms).all()  # type: ignore[attr-defined]
    for row in range(len(times.order)):
        steps = times.steps(row)
        at_ms = int(times.received_ms[row])
        by_part = dict.fromkeys(PARTS, 0)
        for step in steps:
            assert step.from_ms == at_ms
            assert step.to_ms > step.from_ms
            by_part[step.part] += step.duration_ms
            at_ms = step.to_ms
        assert at_ms == times.end_ms[row]
        assert by_part == {name: int(column[row]) for name, column in times.parts.items()}
    lives = told.gathered.lives.lives()
    shipped = times.state == STATES.index("shipped")
    assert (shipped == (lives.shipped_ms != MISSING)).all()
    assert (times.end_ms[shipped] == lives.shipped_ms[shipped]).all()


def check_what_parts_mean(times: Times, horizon_ms: int) -> None:
    """An open order counts to the horizon; one that left has a line, was staged before, and its prefix ends there."""
    assert (times.end_ms[times.state == STATES.index("open")] == horizon_ms).all()
    shipped = times.state == STATES.index("shipped")
    assert (times.line[shipped] != MISSING).all()
    before = sum(times.processing().values())
    assert (before[shipped] == (times.processed_ms - times.received_ms)[shipped]).all()  # type: ignore[index]


@pytest.mark.parametrize(
    ("scenario", "seed"),
    [("one_order", 7), ("quickstart", 1), ("quickstart", 2), ("demo_before", 1), ("demo_before", 3), ("demo_after", 1),
     ("policy_day", 1), ("policy_day", 4)],
)  # fmt: skip
def test_the_parts_of_a_shipped_scenario_add_up_and_explain_all(scenario: str, seed: int) -> None:
    told = OrderTimes()
    result = run_scenario(load_scenario(scenario), seed=seed, sinks=[told])
    horizon_ms = round(result.simulated_h * 3_600_000)
    times = told.times(horizon_ms)
    assert len(times.order) == result.kpis["orders_received"]
    check_the_law(told, times)
    check_what_parts_mean(times, horizon_ms)
    assert not times.parts["other"].any()
    mean_s = result.kpis["order_cycle_time_mean_s"]
    shipped = times.state == STATES.index("shipped")
    assert np.mean(times.whole_ms[shipped]) / 1000 == pytest.approx(mean_s, abs=1e-9)


def test_the_parts_of_a_floor_of_two_blocks_add_up() -> None:
    """The depot lies within an aisle, and aisles have a capacity: the way out of it is walked too."""
    told = OrderTimes()
    said = ["layout.blocks=2", "layout.aisle_capacity=1", "policies.routing=s_shape", "policies.slotting=scattered"]
    result = run_scenario(load_scenario("quickstart", said), sinks=[told])
    times = told.times(round(result.simulated_h * 3_600_000))
    check_the_law(told, times)
    assert not times.parts["other"].any()
    assert times.parts["aisle"].any()


@pytest.mark.parametrize("short_lines", ["backorder", "ship_short"])
@pytest.mark.parametrize("ship_rule", ["partial", "order_complete"])
@pytest.mark.parametrize("picking", ["paper", "barcode"])
def test_the_parts_of_a_day_without_enough_stock_add_up(short_lines: str, ship_rule: str, picking: str) -> None:
    said = [
        f"methods.short_lines={short_lines}", f"demand.ship_rule={ship_rule}", f"methods.picking={picking}",
        "opening_stock.generate.book_right=0.7", "policies.promising=accept_all",
    ]  # fmt: skip
    told = OrderTimes()
    result = run_scenario(load_scenario("policy_day", said), sinks=[told])
    times = told.times(round(result.simulated_h * 3_600_000))
    check_the_law(told, times)
    check_what_parts_mean(times, round(result.simulated_h * 3_600_000))
    assert not times.parts["other"].any()
    assert times.parts["stock"].any() or short_lines == "ship_short"


def live_through(day: Trouble) -> None:
    said, commands, seed = day
    told = OrderTimes()
    with in_time(60):
        try:
            run = run_of(said, commands, seed, [told])
        except SpecError:
            assume(False)
            return
        run.finish()
    times = told.times(run.premises.horizon_ms)
    check_the_law(told, times)
    assert not times.parts["other"].any()


@settings(max_examples=30, derandomize=True, suppress_health_check=list(HealthCheck))
@given(troubles())
def test_the_parts_of_a_hard_day_add_up(day: Trouble) -> None:
    live_through(day)


@pytest.mark.slow
@settings(max_examples=300, derandomize=True, suppress_health_check=list(HealthCheck))
@given(troubles())
def test_the_parts_of_many_hard_days_add_up(day: Trouble) -> None:
    live_through(day)
