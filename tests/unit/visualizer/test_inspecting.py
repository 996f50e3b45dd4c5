"""What the inspector says of things, held against the store and the events themselves."""

from __future__ import annotations

import json
import random

import pytest

from twin.observers.time_parts import PARTS
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.drawing.written import lasting, number
from visualizer.inspecting.blocks import Decision, Event, Heading, Note, Parts, Row, Strip, Table
from visualizer.inspecting.known import Known
from visualizer.inspecting.order import alternatives, order_page
from visualizer.inspecting.places import aisle_page, belt_page, door_page, station_page, trailer_page
from visualizer.inspecting.stock import abc_of, location_page, sku_page
from visualizer.inspecting.worker import stays, worker_page
from visualizer.panels.asking import Asking
from visualizer.store import Store
from visualizer.stored.moment import BLOCKED, OFF, WAITING
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module", params=["quickstart", "policy_day"])
def shown(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspecting") / "run"
    run_scenario(load_scenario(request.param, ["horizon_h=6"]), out=folder)
    feed = RecordedFeed(folder)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return store, feed, Asking(feed, patient=True)


def known_at(shown, at_ms, **more):
    store, feed, asking = shown
    return Known(feed=feed, store=store, moment=store.at(at_ms), asking=asking, language="en", **more)


def one(blocks, kind):
    return next(b for b in blocks if isinstance(b, kind))


def value(blocks, label):
    return next(b.value for b in blocks if isinstance(b, Row) and b.label == label)


def units(text):
    return int(text.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "") or 0)


def test_a_location_tells_what_book_and_floor_hold(shown):
    store, feed, _ = shown
    draw = random.Random(6)
    names = store.ground.cells.name
    busy = {r["location"] for r in feed.records(0, len(store), ["StockReplenished", "StockAdjusted", "StockPutAway"])}
    for name in [*draw.sample(names, 12), *draw.sample(sorted(busy), 12)]:
        known = known_at(shown, draw.randrange(feed.head_ms))
        blocks = location_page(known, name)
        cell = store.ground.cell_of[name]
        table = one(blocks, Table)
        book = sum(units(row[table.heads.index("Book")].text) for row in table.rows)
        floor = sum(units(row[table.heads.index("Floor")].text) for row in table.rows)
        assert book == known.moment.book_units[cell], name
        assert floor == known.moment.floor_units[cell], name
        differs = known.moment.book_units[cell] != known.moment.floor_units[cell]
        assert (one(blocks, Heading).pill == "book ≠ floor") == differs


def test_a_sku_is_where_its_locations_say(shown):
    _, feed, _ = shown
    draw = random.Random(7)
    for name in draw.sample(feed.names_like("sku", "", 200), 6):
        known = known_at(shown, draw.randrange(feed.head_ms))
        table = one(sku_page(known, name), Table)
        for row, link in zip(table.rows, table.links, strict=True):
            if link is None:
                continue
            there = one(location_page(known, link.name), Table)
            lots = table.heads[1] == "Lot" and row[1].text
            rows = [r for r in there.rows if r[0].text == name and (not lots or r[1].text == row[1].text)]
            wanted = [units(c.text) for c in row[-3:-1]]
            assert [units(c.text) for c in rows[0][-3:-1]] == wanted


def test_a_worker_is_told_as_the_events_tell_him(shown):
    store, feed, _ = shown
    draw = random.Random(8)
    for name in draw.sample(store.workers, 8):
        known = known_at(shown, draw.randrange(feed.head_ms // 4, feed.head_ms))
        number_ = store.worker_of[name]
        events = feed.history("worker", name, known.moment.row, 100_000)
        come = [r["seq"] for r in events if r["kind"] == "WorkerCheckedIn"]
        if not come or known.moment.workers.state[number_] == OFF:
            continue
        events = [r for r in events if r["seq"] >= come[-1]]
        km = sum(r["value"] for r in events if r["kind"] == "WorkerDeparted") / 1e6
        lines = sum(r["kind"] == "LinePicked" for r in events)
        blocks = worker_page(known, name)
        said = value(blocks, "This shift")
        assert said.startswith(f"{number(lines)} lines · {number(km, 1)} km"), said
        waits = [s for s in stays(known, number_, 0, known.moment.at_ms) if s.state in (WAITING, BLOCKED)]
        waited_ms = sum(s.to_ms - s.from_ms for s in waits)
        assert said.endswith(f"waited {lasting(waited_ms)}")
        strip = one(blocks, Strip)
        assert sum(share for share, _ in strip.pieces) == pytest.approx(1.0)
        told = [b.told.seq for b in blocks if isinstance(b, Event)]
        assert told == [r["seq"] for r in events[:-9:-1]][: len(told)]


def test_states_follow_without_gap_and_end_in_the_moment(shown):
    store, feed, _ = shown
    draw = random.Random(9)
    for worker in draw.sample(range(len(store.workers)), 8):
        at_ms = draw.randrange(feed.head_ms // 2, feed.head_ms)
        known = known_at(shown, at_ms)
        found = stays(known, worker, 0, at_ms)
        assert [s.from_ms for s in found[1:]] == [s.to_ms for s in found[:-1]]
        assert (found[0].from_ms, found[-1].to_ms) == (0, at_ms)
        for stay in draw.sample(found, min(10, len(found))):
            middle = (stay.from_ms + stay.to_ms) // 2
            assert store.at(middle).workers.state[worker] == stay.state


def test_an_order_parts_its_time_and_says_where_each_line_is(shown):
    _, feed, _ = shown
    draw = random.Random(10)
    for name in draw.sample(feed.names_like("order", "", 400), 6):
        known = known_at(shown, feed.head_ms)
        blocks = order_page(known, name)
        events = feed.history("order", name)
        if not any(r["kind"] == "OrderReceived" for r in events):
            continue
        table = one(blocks, Table)
        lines = dict.fromkeys(r["line"] for r in events if r["kind"] == "LinePromised")
        assert len(table.rows) == min(len(lines), 12)
        loaded = {r["handling_unit"] for r in events if r["kind"] == "HandlingUnitLoaded"}
        left = any(r["kind"] == "GoodsLeft" for r in events)
        states = {row[2].text for row in table.rows}
        if left:
            assert "shipped" in states
        elif loaded:
            assert "loaded" in states
        parts = one(blocks, Parts)
        assert sum(p.share for p in parts.parts) == pytest.approx(1.0)
        assert {p.is_wait for p in parts.parts} <= {True, False}
        decisions = [b for b in blocks if isinstance(b, Decision)]
        seqs = {r["seq"] for r in events if r["kind"] == "PolicyDecided"} | {r["cause"] for r in events if "cause" in r}
        assert decisions
        assert {d.seq for d in decisions} <= seqs
    assert PARTS["truck"].kind == "wait"


def test_an_order_says_nothing_of_what_is_still_to_come(shown):
    _, feed, _ = shown
    name = feed.names_like("order", "", 400)[200]
    received = next(r for r in feed.history("order", name) if r["kind"] == "OrderReceived")
    assert isinstance(order_page(known_at(shown, received["at_ms"] - 1), name)[1], Note)
    first = order_page(known_at(shown, received["at_ms"]), name)
    assert not any(isinstance(b, Event) and b.told.at_ms > received["at_ms"] for b in first)


def test_what_a_decision_left_aside():
    class Words:
        language = "en"
        short = staticmethod(lambda name: name)
        say = staticmethod(lambda key, **v: f"score {v['score']}")

    detail = json.dumps({"alternatives": [{"choice": "A1", "score": 2}, {"choice": "B2"}], "rejected": {"no_stock": 3}})
    assert alternatives(Words, {"detail": detail}) == (("A1", "score 2.0"), ("B2", ""), ("no stock", "×3"))
    assert alternatives(Words, {}) == ()
    assert alternatives(Words, {"detail": "no json"}) == ()
    assert alternatives(Words, {"detail": "[1]"}) == ()


def test_places_tell_their_queues_and_counts(shown):
    store, feed, _ = shown
    known = known_at(shown, feed.head_ms * 2 // 3)
    ground, moment = store.ground, known.moment
    for n, station in enumerate(ground.stations):
        blocks = station_page(known, station.name)
        assert value(blocks, "Done") == number(store.served.so_far(n, moment.row))
        assert value(blocks, "Queue").startswith(number(moment.queues[n].waiting))
    for n, belt in enumerate(ground.belts):
        assert value(belt_page(known, belt.name), "Occupancy") == number(len(moment.belts[n].shares))
    for n, aisle in enumerate(ground.aisles):
        assert value(aisle_page(known, aisle.name), "Queue") == number(int(moment.waiting[n]))
    for n, door in enumerate(ground.doors):
        heading = one(door_page(known, door.name), Heading)
        assert (heading.pill == "free") == (moment.trailers[n] is None)
    for name in feed.names_like("trailer", "", 30):
        events = feed.history("trailer", name, moment.row)
        heading = one(trailer_page(known, name), Heading)
        departed = any(r["kind"] == "TrailerDeparted" for r in events)
        assert (heading.pill == "departed") == departed
        if departed and any(r["kind"] == "HandlingUnitLoaded" for r in events):
            at = next(r["at_ms"] for r in events if r["kind"] == "TrailerDeparted")
            assert value(trailer_page(known, name), "Departs") == known.clock(at)


def test_who_may_not_see_the_floor_sees_the_book(shown):
    store, feed, _ = shown
    known = known_at(shown, feed.head_ms // 2, sees_floor=False)
    for name in store.ground.cells.name[:40]:
        table = one(location_page(known, name), Table)
        assert "Floor" not in table.heads
    pages = [location_page(known, n) for n in store.ground.cells.name[:20]]
    pages.append(worker_page(known, store.workers[0]))
    floor = {"UnitsTaken", "UnitsPlaced", "UnitsLost", "WorkerDeparted", "SlipMade"}
    seqs = [b.told.seq for page in pages for b in page if isinstance(b, Event)]
    assert not {r["kind"] for seq in seqs for r in feed.records(seq, seq)} & floor


def test_classes_by_lines_picked():
    import numpy as np

    assert abc_of(np.array([0, 80, 14, 1, 5])).tolist() == [0, 1, 2, 3, 2]
    assert abc_of(np.zeros(3, dtype=int)).tolist() == [0, 0, 0]
    assert lasting(0) == "00:00"
