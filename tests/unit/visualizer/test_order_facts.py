"""An order's time out of its own facts alone is that of the fold of the whole run."""

from __future__ import annotations

import random

import pytest

from twin.run.recorded_times import read_times
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.inspecting.order_facts import facts_of_order, time_of_order
from visualizer.stored.recorded import RecordedFeed

RUNS = {"quickstart": [], "policy_day": [], "demo_before": [], "saturated_small": ["horizon_h=2"]}


@pytest.fixture(
    scope="module",
    params=[pytest.param(s, marks=[pytest.mark.slow] * (s == "demo_before")) for s in RUNS],
)
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("orders") / "run"
    run_scenario(load_scenario(request.param, RUNS[request.param]), out=folder)
    return folder


def test_parts_of_an_order_are_those_of_the_whole_run(folder):
    whole, feed = read_times(folder), RecordedFeed(folder)
    times = whole.times
    draw = random.Random(2)
    for row in draw.sample(range(len(times.order)), 9):
        order = times.names.name(int(times.order[row]))
        told = time_of_order(facts_of_order(feed, order), order, feed.events, whole.horizon_ms)
        assert told.parts_ms == {name: int(c[row]) for name, c in times.parts.items() if c[row]}
        assert (told.received_ms, told.until_ms) == (times.received_ms[row], times.end_ms[row])
        assert told.line == times.names.name(int(times.line[row]))


def test_parts_add_up_at_any_time_and_know_nothing_of_later(folder):
    feed, draw = RecordedFeed(folder), random.Random(4)
    orders = feed.names_like("order", "", 400)
    for order in draw.sample(orders, 3):
        facts = facts_of_order(feed, order)
        received = next(r for r in facts if r["kind"] == "OrderReceived" and r["order"] == order)
        for _ in range(5):
            cut = draw.choice(facts)
            told = time_of_order(facts, order, cut["seq"], cut["at_ms"])
            if cut["seq"] < received["seq"]:
                assert told is None
                continue
            assert sum(told.parts_ms.values()) == told.whole_ms
            assert told.until_ms <= cut["at_ms"]
            alone = time_of_order(facts_of_order(feed, order, cut["seq"]), order, cut["seq"], cut["at_ms"])
            assert alone == told
