"""A live run as a feed: what it answers is what the recording of the same run answers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from twin.cli.kept_events import Fitting
from twin.cli.live_feed import LiveFeed
from twin.events.columns import MISSING
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module", params=["quickstart", "policy_day"])
def pair(request, tmp_path_factory):
    """A run watched in frames of any size, and its recording."""
    folder = tmp_path_factory.mktemp("live") / "run"
    live = LiveFeed(load_scenario(request.param, []), out=folder)
    store, draw, target_ms = Store(live), random.Random(5), 0
    while live.live:
        target_ms = live.advance(target_ms + draw.choice([1, 50, 900, 7_000, 90_000]), 0.02)
        for batch in live.read():
            store.add(batch)
    assert not list(live.read())
    return live, store, RecordedFeed(folder)


def same(a, b):
    assert len(a) == len(b)
    assert ((a == b) | ((a != a) & (b != b))).all()


def test_live_and_recorded_have_the_same_tables_and_title(pair):
    live, _, recorded = pair
    assert (live.title.scenario, live.title.seed, live.title.start) == (
        recorded.title.scenario, recorded.title.seed, recorded.title.start,
    )  # fmt: skip
    assert live.title.policies == recorded.title.policies
    for name in ("nodes", "edges", "locations", "stations", "doors", "skus", "lots", "equipment", "opening_stock"):
        for column, values in recorded.tables[name].items():
            some = live.tables[name][column]
            if len(some) and all(v is None for v in some):  # a recording still gives the type
                assert all(v is None or v == MISSING or v != v for v in values)
            else:
                same(some, values)


def test_watching_in_frames_gives_the_digest_of_a_run_nobody_watches(pair):
    live, _, recorded = pair
    alone = run_scenario(load_scenario(live.title.scenario, []))
    assert live.result.digest == alone.digest == recorded.title.digest


def test_a_store_fed_live_is_the_store_of_the_recording(pair):
    live, store, recorded = pair
    other = Store(recorded)
    for batch in recorded.read():
        other.add(batch)
    assert len(store) == len(other)
    draw = random.Random(8)
    for at_ms in [0, live.head_ms, *(draw.randrange(live.head_ms) for _ in range(25))]:
        a, b = store.at(at_ms), other.at(at_ms)
        assert (a.row, a.queues, a.trailers, a.down) == (b.row, b.queues, b.trailers, b.down)
        for left, right in (
            (a.workers.x, b.workers.x), (a.workers.y, b.workers.y), (a.workers.state, b.workers.state),
            (a.floor_units, b.floor_units), (a.book_units, b.book_units), (a.waiting, b.waiting), (a.staged, b.staged),
        ):  # fmt: skip
            assert np.array_equal(left, right)


def test_a_run_taken_at_one_go_is_handed_over_whole_and_once(pair):
    _, store, _ = pair
    live = LiveFeed(load_scenario(pair[0].title.scenario, []))
    live.advance(10**12, 10.0**6)
    (batch,) = live.read()
    assert not list(live.read())
    assert (batch.first_seq, len(batch.at_ms)) == (0, len(store))
    assert np.array_equal(batch.at_ms, store.at_ms)
    assert np.array_equal(batch.kinds, store.kinds)


def test_histories_records_and_names_are_those_of_the_recording(pair):
    live, store, recorded = pair
    draw = random.Random(3)
    for column in ("worker", "location", "order", "sku", "trailer", "handling_unit", "tour", "station"):
        assert live.names_like(column, "1", 40) == recorded.names_like(column, "1", 40)
        for name in live.names_like(column, "1", 4):
            last, limit = draw.randrange(len(store)), draw.choice([1, 7, 500])
            assert live.history(column, name, last, limit) == recorded.history(column, name, last, limit)
            assert live.history(column, name) == recorded.history(column, name)
    assert live.history("worker", "nobody of this name") == []
    for first in (0, 4090, len(store) - 50):
        kinds = draw.choice([None, ["LinePicked", "WorkerDeparted"], []])
        assert live.records(first, first + 120, kinds) == recorded.records(first, first + 120, kinds)


def test_columns_and_facts_are_those_of_the_recording(pair):
    live, store, recorded = pair
    for kind, columns in (
        ("LinePicked", ("worker", "units", "value", "reason", "lot", "detail", "score")),
        ("PolicyDecided", ("score", "detail", "family", "order")),
        ("OrderCancelled", ("order",)),
    ):
        ours, theirs = live.columns(kind, columns), recorded.columns(kind, columns)
        assert list(ours) == list(theirs)
        for name in ours:
            same(ours[name], theirs[name])
    facts = live.facts(["LinePicked", "WorkerDeparted"], ["worker", "units"], 1000, 3000)
    wanted = recorded.records(1000, 3000, ["LinePicked", "WorkerDeparted"])
    assert [r["seq"] for r in wanted] == facts["row"].tolist()
    assert [r["at_ms"] for r in wanted] == facts["at_ms"].tolist()
    assert [r["kind"] for r in wanted] == facts["kind"].tolist()
    assert [r.get("worker") for r in wanted] == facts["worker"].tolist()
    assert [r.get("units", MISSING) for r in wanted] == facts["units"].tolist()
    assert live.events == len(store)
    rare = next(k for k in live._kept._kinds if len(store.rows_of(k)) == 1)
    assert (
        live.facts([rare, "OrderCancelled"], ["worker"], 0, len(store))["row"].tolist() == store.rows_of(rare).tolist()
    )


def test_what_is_kept_is_small(pair):
    live, store, _ = pair
    assert live._kept.nbytes < 70 * len(store)


def test_a_run_that_is_over_takes_no_command(pair):
    live, _, _ = pair
    assert "end" in live.give({"action": "request_count", "location": "main/A01-1-001-1L"})


def test_a_command_that_is_none_is_refused_in_a_sentence():
    live = LiveFeed(load_scenario("quickstart", []))
    assert "dance" in (live.give({"action": "dance"}) or "")
    live.close()


def test_numbers_grow_wide_when_they_must():
    some = Fitting()
    some.extend(np.array([3, MISSING, -7]))
    narrow = some.nbytes / 3
    some.extend(np.array([2**40, MISSING]))
    assert some.values.tolist() == [3, MISSING, -7, 2**40, MISSING]
    assert some.where(-7, 5).tolist() == [2]
    assert narrow == 4
