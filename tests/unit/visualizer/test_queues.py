"""The longest waits, against the same told event by event."""

from __future__ import annotations

import random

import numpy as np
import pytest
from figured import Figured, day_of, written
from figures_told import up_to

from twin.events.columns import MISSING
from twin.events.reading import read_chunks
from twin.observers.order_lives import OrderLives
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.drawing.written import lasting, number
from visualizer.panels.queues import SHOWN, Queues, Wait, waits_of
from visualizer.view import Selection


@pytest.fixture(scope="module")
def day(tmp_path_factory) -> Figured:
    folder = tmp_path_factory.mktemp("queues") / "run"
    run_scenario(load_scenario("policy_day", ["layout.aisle_capacity=1"]), out=folder)
    return day_of(folder)


def told(day: Figured, at_ms: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Stations and aisles by brute force: how many wait, and since when somebody has without a gap."""
    waiting: dict[tuple[str, str], list[int]] = {}
    before: dict[str, tuple[int, int]] = {}
    for record in day.feed.records(0, len(day.store) - 1):
        if record["at_ms"] > at_ms:
            break
        match record["kind"]:
            case "StationArrived":
                waiting.setdefault(("station", record["station"]), []).append(record["at_ms"])
            case "ServiceStarted":
                waiting[("station", record["station"])].pop(0)
            case "WorkerBlocked":
                count, since = before.get(record["location"], (0, 0))
                before[record["location"]] = (count + 1, since if count else record["at_ms"])
            case "WorkerUnblocked":
                count, since = before[record["location"]]
                before[record["location"]] = (count - 1, since)
    found = {key: (len(times), times[0]) for key, times in waiting.items() if times}
    return found | {("aisle", name): stands for name, stands in before.items() if stands[0]}


def busiest(day: Figured) -> int:
    """When most different places wait, among the times at which somebody was blocked."""
    blocked = day.store.at_ms[day.store.rows_of("WorkerBlocked")][::7].tolist()
    return max(blocked, key=lambda at_ms: len(waits_of(day.frame(at_ms))))


@pytest.mark.slow
def test_stations_and_aisles_wait_as_the_events_tell(day):
    draw = random.Random(4)
    blocked = day.store.at_ms[day.store.rows_of("WorkerBlocked")].tolist()
    times = [*draw.sample(blocked, 12), *(draw.randrange(day.feed.head_ms) for _ in range(8))]
    seen: set[str] = set()
    for at_ms in times:
        found = {
            (w.sort, w.name): (w.count, w.since_ms)
            for w in waits_of(day.frame(at_ms))
            if w.sort in ("station", "aisle")
        }
        assert found == told(day, at_ms)
        seen |= {sort for sort, _ in found}
    assert seen == {"station", "aisle"}


def test_overdue_orders_wait_since_the_first_was_due(day):
    """Orders that were due and are neither shipped nor cancelled nor closed short, as the observers tell them."""
    seen = 0
    chunks, due_times = (
        list(read_chunks(day.feed.folder)),
        np.unique(day.feed.columns("OrderReceived", ("due_ms",))["due_ms"]),
    )
    for at_ms in (int(due_times[0]), int(due_times[1]) + 60_000, day.feed.head_ms):
        orders = OrderLives()
        for chunk in up_to(chunks, -1, at_ms):
            orders.fold(chunk)
        lives = orders.lives()
        is_open = ~lives.cancelled & ~lives.closed_short & (lives.shipped_ms == MISSING) & (lives.received_ms < at_ms)
        due = lives.due_ms[is_open & (lives.due_ms <= at_ms) & (lives.due_ms != MISSING)]
        found = [(w.count, w.since_ms) for w in waits_of(day.frame(at_ms)) if w.sort == "overdue"]
        assert found == ([(len(due), int(due.min()))] if len(due) else [])
        seen += len(due)
    assert seen > 0


def test_the_longest_wait_comes_first_and_six_are_shown(day):
    at_ms = busiest(day)
    waits = waits_of(day.frame(at_ms))
    assert len(waits) > 2
    assert [w.since_ms for w in waits] == sorted(w.since_ms for w in waits)
    said = written(day, lambda canvas: Queues().draw(canvas, day.places["queues"], day.frame(at_ms)))
    for wait in waits[:SHOWN]:
        assert number(wait.count) in said and lasting(at_ms - wait.since_ms) in said


def test_a_click_brings_the_place_into_the_middle(day):
    at_ms = busiest(day)
    hits = Queues().draw(day.canvas, day.places["queues"], day.frame(at_ms))
    places = [w.selection for w in waits_of(day.frame(at_ms))[:SHOWN] if w.selection is not None]
    assert [(hit.action, hit.argument) for hit in hits] == [("centre", place) for place in places]
    assert all(day.places["queues"].contains(hit.rect) for hit in hits)
    assert Wait("aisle", "s/A01", 2, 0).selection == Selection("aisle", "s/A01")
    assert Wait("overdue", "", 2, 0).selection is None


def test_where_nobody_waits_it_is_said(day):
    assert "Nobody is waiting" in written(
        day, lambda canvas: Queues().draw(canvas, day.places["queues"], day.frame(0, series=None))
    ) or told(day, 0)


def test_a_steady_frame_makes_nothing(day):
    queues = Queues()
    queues.draw(day.canvas, day.places["queues"], day.frame(90 * 60_000))
    before = day.made()
    queues.draw(day.canvas, day.places["queues"], day.frame(90 * 60_000))
    assert day.made() == before
