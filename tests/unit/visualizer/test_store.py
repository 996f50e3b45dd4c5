"""The store's answers at any time, against the facts told one by one."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from twin.run.commands import read_commands
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.feed import Batch
from visualizer.scene import Scene
from visualizer.store import Store
from visualizer.stored.moment import MOVING, OFF, WORKING, Moment
from visualizer.stored.recorded import RecordedFeed

SCENARIOS = {
    "quickstart": [],
    "demo_before": [],
    "policy_day": [],
    "saturated_small": ["horizon_h=2"],
    "reference": ["horizon_h=1.5", "demand.generate.max_orders=1500"],
}


LONG = {"reference", "demo_before"}


@pytest.fixture(scope="module", params=[pytest.param(s, marks=[pytest.mark.slow] * (s in LONG)) for s in SCENARIOS])
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("view") / "run"
    run_scenario(load_scenario(request.param, SCENARIOS[request.param]), out=folder)
    return folder


@pytest.fixture
def feed(folder):
    return RecordedFeed(folder)


def scene_of(moment: Moment, store: Store, told: Scene) -> None:
    """Hold a moment against a scene: every part that both know."""
    ground = store.ground
    for name, worker in store.worker_of.items():
        leg = told.leg.get(name)
        if leg is None:
            assert moment.workers.state[worker] == OFF
            continue
        done = 1.0 if not leg.duration_ms else min(1.0, (moment.at_ms - leg.at_ms) / leg.duration_ms)
        state = told.state[name]
        assert moment.workers.state[worker] == (WORKING if state == MOVING and done >= 1 else state), name
        assert moment.workers.share[worker] == pytest.approx(done)
        number = store.ways.number(leg.origin, leg.destination, leg.length_mm)
        x, y = store.ways.positions(np.array([number]), np.array([done]))
        assert (moment.workers.x[worker], moment.workers.y[worker]) == (x[0], y[0])
    for cell, name in enumerate(ground.cells.name):
        assert moment.floor_units[cell] == told.floor_units[name]
        assert moment.book_units[cell] == told.book_units[name]
    for aisle, line in enumerate(ground.aisles):
        assert moment.waiting[aisle] == told.waiting[line.name]
    for queue, station in zip(moment.queues, ground.stations, strict=True):
        waiting = told.queue.get(station.name, [])
        assert (queue.waiting, queue.serving) == (len(waiting), told.serving[station.name])
        assert queue.since_ms == (waiting[0] if waiting else None)
    for belt, line in zip(moment.belts, ground.belts, strict=True):
        rides = [min(1.0, (moment.at_ms - since) / max(ride, 1)) for since, ride in told.belt.get(line.name, [])]
        assert belt.shares.tolist() == pytest.approx(rides)
    assert moment.trailers == [told.trailer.get(door.name) for door in ground.doors]
    assert set(moment.down) == told.down


def test_any_instant_equals_the_facts_told_one_by_one(feed):
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    records = feed.records(0, len(store) - 1)
    assert len(records) == len(store) > 1000
    draw = random.Random(7)
    times = sorted({0, feed.head_ms, -1, *(draw.randrange(feed.head_ms) for _ in range(40))})
    edges = {records[i]["at_ms"] for i in (0, 4095, 4096, 8191, 8192, len(records) - 1) if i < len(records)}
    told, next_seq = Scene.at_start(feed.tables), 0
    moments = {t: store.at(t) for t in draw.sample([*times, *edges], len(times) + len(edges))}  # in any order
    for at_ms in sorted(moments):
        while next_seq < len(records) and records[next_seq]["at_ms"] <= at_ms:
            told = told.after(records[next_seq])
            next_seq += 1
        assert moments[at_ms].row == next_seq - 1
        scene_of(moments[at_ms], store, told)


def pieces(batch: Batch, sizes: random.Random) -> list[Batch]:
    """A batch as many small ones, as a live run hands them out."""
    found, start, end = [], 0, 0
    while end < len(batch.at_ms):
        start, end = end, min(len(batch.at_ms), end + sizes.choice([1, 7, 300, 2000]))
        facts = {}
        for kind, columns in batch.facts.items():
            mine = (columns["row"] >= start) & (columns["row"] < end)
            if mine.any():
                facts[kind] = {name: values[mine] for name, values in columns.items()}
        found.append(
            replace(batch, first_seq=start, at_ms=batch.at_ms[start:end], kinds=batch.kinds[start:end], facts=facts)
        )
    return found


def test_a_store_filled_bit_by_bit_is_the_store_filled_at_once(feed):
    (whole,) = feed.read()
    once, bits = Store(feed), Store(feed)
    once.add(whole)
    for piece in pieces(whole, random.Random(3)):
        bits.add(piece)
    draw = random.Random(11)
    for at_ms in [0, feed.head_ms, *(draw.randrange(feed.head_ms) for _ in range(20))]:
        a, b = once.at(at_ms), bits.at(at_ms)
        assert (a.row, a.queues, a.trailers, a.down) == (b.row, b.queues, b.trailers, b.down)
        assert once.workers == bits.workers
        for left, right in (
            (a.workers.x, b.workers.x), (a.workers.y, b.workers.y), (a.workers.state, b.workers.state),
            (a.floor_units, b.floor_units), (a.book_units, b.book_units), (a.waiting, b.waiting), (a.staged, b.staged),
        ):  # fmt: skip
            assert np.array_equal(left, right)


def test_a_way_is_as_long_as_its_movement_says(feed):
    """On parallel aisles every departure's way is drawn at its length: no worker walks through racks."""
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    place, table = store.place, store.names.table
    far, wrong = 0, []
    for origin, destination, length in {
        (table[o], table[d], n)
        for o, d, n in zip(*(place.fields[c].values.tolist() for c in ("origin", "destination", "length")), strict=True)
    }:
        corners = store.ways.corners(origin, destination, length)
        drawn = sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(corners))
        far += 1
        if abs(drawn - length) > 1:
            wrong.append((origin, destination, length, drawn))
    assert far > 50
    assert not wrong, f"{len(wrong)} of {far}: {wrong[:5]}"


@pytest.mark.parametrize("named", ["A04", "main/A04"])
def test_an_aisle_closed_by_either_name_is_closed(named, tmp_path):
    orders = tmp_path / "commands.jsonl"
    orders.write_text(f'{{"at": "07:00", "action": "block_aisle", "aisle": "{named}", "duration_s": 600}}\n')
    run_scenario(load_scenario("quickstart", ["horizon_h=2"]), out=tmp_path / "run", commands=read_commands(orders))
    store = Store(feed := RecordedFeed(tmp_path / "run"))
    for batch in feed.read():
        store.add(batch)
    hour_ms = 3_600_000
    assert [(i.kind, i.name) for i in store.at(hour_ms + 1).incidents] == [("closed", "main/A04")]
    assert store.at(hour_ms - 1).incidents == store.at(hour_ms + 600_000).incidents == ()
