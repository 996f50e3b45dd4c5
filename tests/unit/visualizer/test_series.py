"""Figures at any time against the run's observers, folded up to that time and asked with it as the horizon."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from figures_told import Kept, compare, folded, moments, told_by_observers
from hypothesis import HealthCheck, assume, given, settings
from random_days import in_time, run_of, troubles

from twin.domain.errors import SpecError
from twin.events import catalogue as c
from twin.events.reading import read_chunks
from twin.events.stream import EventStream
from twin.observers.run_context import RunContext
from twin.run.running import context_of, run_scenario
from twin.spec.loading import load_scenario
from visualizer.feed import Batch, facts_of
from visualizer.figures.ledgers import COLUMNS, FACTS_AT_ONCE, FOLDED
from visualizer.figures.order_ledger import LINES_AT_ONCE
from visualizer.figures.order_lines import Line
from visualizer.figures.series import Series
from visualizer.scene import Scene
from visualizer.store import Store
from visualizer.stored.moment import BLOCKED, WAITING
from visualizer.stored.recorded import RecordedFeed

DAYS = {"quickstart": [], "demo_before": [], "policy_day": [], "saturated_small": ["horizon_h=2", "warmup_h=0.5"]}


@pytest.fixture(
    scope="module",
    params=[pytest.param(s, marks=[pytest.mark.slow] * (s == "demo_before")) for s in DAYS],
)
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("series") / "run"
    run_scenario(load_scenario(request.param, DAYS[request.param]), out=folder)
    return folder


def test_figures_of_a_recording_equal_the_observers_at_any_time(folder):
    feed, chunks = RecordedFeed(folder), list(read_chunks(folder))
    store, series = Store(feed), Series(feed.context)
    for batch in feed.read():
        store.add(batch)
    slices = 1
    while not series.follow(feed, store, budget_s=0.0):
        slices += 1
    assert slices > 3
    assert series.known_ms == feed.head_ms
    draw = random.Random(5)
    times = moments(chunks, feed.context, draw, 10)
    for at_ms, told in told_by_observers(chunks, feed.context, times).items():
        compare(series, at_ms, told)
    feed.close()


def test_what_a_truck_takes_in_one_instant_is_spread_over_many_frames(tmp_path, monkeypatch):
    run_scenario(load_scenario("quickstart", ["horizon_h=8"]), out=tmp_path / "run")
    feed = RecordedFeed(tmp_path / "run")
    store, series, refreshed = Store(feed), Series(feed.context), 0
    for batch in feed.read():
        store.add(batch)
    refresh = Line.refresh

    def counted(line: Line, warmup_ms: int) -> int:
        nonlocal refreshed
        refreshed += 1
        return refresh(line, warmup_ms)

    monkeypatch.setattr(Line, "refresh", counted)
    most = before = 0
    known_ms, done = series.known_ms, False
    while not done:
        done, start = series.follow(feed, store, budget_s=0.0), refreshed
        most = max(most, start - before)
        before = start
    assert most <= 2 * LINES_AT_ONCE + 2 * FACTS_AT_ONCE
    assert series.known_ms == feed.head_ms > known_ms
    left = series.ledgers.orders.left
    in_one_instant = int(np.diff(left.at("lines_left", left.at_ms), prepend=0).max())
    assert in_one_instant > 2 * LINES_AT_ONCE
    feed.close()


def pieces(batch: Batch, draw: random.Random) -> Iterator[Batch]:
    """A batch as many, as a live run or a slow disk hands them out."""
    start, end = 0, 0
    while end < len(batch.at_ms):
        start, end = end, min(len(batch.at_ms), end + draw.choice((1, 7, 300, 2000)))
        facts = {
            kind: {name: values[(columns["row"] >= start) & (columns["row"] < end)] for name, values in columns.items()}
            for kind, columns in batch.facts.items()
        }
        facts = {kind: columns for kind, columns in facts.items() if len(columns["row"])}
        at_ms, kinds = batch.at_ms[start:end], batch.kinds[start:end]
        yield replace(batch, first_seq=start, at_ms=at_ms, kinds=kinds, facts=facts)


def waiting(told: Scene) -> tuple[int, int]:
    return sum(state in (WAITING, BLOCKED) for state in told.state.values()), sum(map(len, told.queue.values()))


def test_a_series_that_follows_a_store_as_it_fills_knows_what_it_says_it_knows(folder):
    feed = RecordedFeed(folder)
    (whole,) = feed.read()
    store, series, draw = Store(feed), Series(feed.context), random.Random(2)
    asked = ("orders_received", "orders_in_process", "on_time_shipment", "throughput_lines_per_h", "labour_hours")
    said: list[tuple[int, list[float | None]]] = []
    for piece in pieces(whole, draw):
        store.add(piece)
        if draw.random() < 0.1 or len(store) == len(whole.at_ms):
            assert series.follow(feed, store)
            said.append((series.known_ms, [series.value(name, series.known_ms) for name in asked]))
    assert said[-1][0] == feed.head_ms
    for at_ms, values in said:
        assert values == [series.value(name, at_ms) for name in asked]
    waits = np.concatenate([store.rows_of(kind) for kind in ("StationArrived", "WorkerBlocked", "MessageDelayed")])
    records, told, next_seq, most = feed.records(0, len(store) - 1), Scene.at_start(feed.tables), 0, 0
    for at_ms in sorted(store.at_ms[draw.sample(waits.tolist(), 40)].tolist()):
        while next_seq < len(records) and records[next_seq]["at_ms"] <= at_ms:
            told = told.after(records[next_seq])
            next_seq += 1
        found = (series.value("waiting_workers", at_ms), series.value("waiting_units", at_ms))
        assert found == waiting(told)
        most = max(most, *waiting(told))
    assert most > 0
    feed.close()


def test_a_recording_and_chunks_tell_the_same_facts(folder):
    feed = RecordedFeed(folder)
    first, last = feed.events // 3, feed.events // 2
    stored = feed.facts(tuple(FOLDED), COLUMNS, first, last)
    kept = facts_of(read_chunks(folder), tuple(FOLDED), COLUMNS, first, last)
    assert list(stored) == list(kept)
    assert len(stored["row"]) > 500
    for name, values in stored.items():
        assert values.tolist() == kept[name].tolist(), name
    feed.close()


def live_through(day: Any) -> None:
    said, commands, seed = day
    kept = Kept()
    with in_time(120):
        try:
            run = run_of(said, commands, seed, sinks=[kept])
        except SpecError:
            assume(False)
            return
    run.stream.seal()
    context = context_of(run.spec, run.premises)
    times = moments(kept.chunks, context, random.Random(seed), 8)
    series = folded(kept.chunks, context)
    for at_ms, told in told_by_observers(kept.chunks, context, times).items():
        compare(series, at_ms, told)


@settings(max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck))
@given(day=troubles())
def test_figures_of_hard_days_equal_the_observers(day):
    live_through(day)


@pytest.mark.slow
@settings(max_examples=200, derandomize=True, suppress_health_check=list(HealthCheck))
@given(day=troubles())
def test_figures_of_many_hard_days_equal_the_observers(day):
    live_through(day)


def test_what_fell_short_and_is_asked_for_again_was_ordered_once():
    kept = Kept()
    stream = EventStream([kept])
    for fact in (
        c.OrderReceived(1, "m", "O", "own", "C", 10, 9000, 1, "priority", "", "dhl"),
        c.LinePromised(1, "m", "O", "A", "own", "A", 6, 10, 1),
        c.LineShorted(1, "m", "O", "A", "own", "A", 4, "not_promised"),
        c.OrderChanged(2, "m", "O", "A", 8, 10),
        c.OrderChanged(3, "m", "O", "A", 12, 10),
    ):
        stream.emit(fact)
    stream.close()
    context = RunContext(horizon_ms=10_000)
    series = folded(kept.chunks, context)
    for at_ms, told in told_by_observers(kept.chunks, context, [9500]).items():
        compare(series, at_ms, told)
    assert series._cohort("judged_ordered", np.array([9500])).tolist() == [12]
