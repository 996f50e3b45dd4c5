"""The run that `twin bench view` makes up is lawful, and the command prints what it measured."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from twin.cli.bench_app import bench_app
from twin.cli.made_up_run import EVENTS_PER_ORDER, MadeUpRun
from twin.cli.view_bench_command import AIMS, PARTS
from twin.events.catalogue import KINDS
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_up") / "run"
    MadeUpRun(20_000, 1000, 10).write(folder)
    return RecordedFeed(folder)


@pytest.fixture(scope="module")
def records(feed):
    return feed.records(0, feed.events - 1)


def test_it_is_as_large_as_was_asked(feed, records):
    assert len(records) == feed.events == pytest.approx(20_000, rel=0.02)
    assert len(feed.tables["locations"]["location"]) == 1000
    assert len({r["worker"] for r in records if r["kind"] == "WorkerCheckedIn"}) == 10
    assert sum(r["kind"] == "OrderReceived" for r in records) == 20_000 // EVENTS_PER_ORDER


def test_every_fact_has_what_its_kind_requires(records):
    for r in records:
        missing = [name for name in KINDS[r["kind"]].required if r.get(name) is None]
        assert not missing, (r, missing)
    assert {r["side"] for r in records} == {"book", "floor"}


def test_it_is_lawful(records):
    """In order of time; nobody is in two places; first come, first served; stock never runs out."""
    at_ms = [r["at_ms"] for r in records]
    assert at_ms == sorted(at_ms)
    place, until, queue, belt, serving, units = {}, {}, [], [], 0, {}
    for r in records:
        worker = r.get("worker")
        match r["kind"]:
            case "WorkerCheckedIn":
                place[worker] = r["location"]
            case "WorkerDeparted":
                assert r["origin"] == place[worker]
                assert r["at_ms"] >= until.get(worker, 0)
                assert r["duration_ms"] == r["value"] * 1000 // 1500
                place[worker], until[worker] = r["destination"], r["at_ms"] + r["duration_ms"]
            case "UnitsTaken":
                assert place[worker] == r["location"]
                assert r["at_ms"] >= until[worker]
                units[r["location"]] = units.get(r["location"], 0) + r["units"]
            case "BeltEntered":
                belt.append(r["handling_unit"])
            case "BeltLeft":
                assert belt.pop(0) == r["handling_unit"]
            case "StationArrived":
                queue.append(r["handling_unit"])
            case "ServiceStarted":
                assert queue.pop(0) == r["handling_unit"]
                serving += 1
                assert serving <= 2  # the packers
            case "ServiceEnded":
                serving -= 1
    assert not belt
    assert not queue
    assert max(units.values()) <= 400


def test_ways_are_as_long_as_they_say(feed):
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    place, table = store.place, store.names.table
    triples = {
        (table[o], table[d], n)
        for o, d, n in zip(*(place.fields[c].values.tolist() for c in ("origin", "destination", "length")), strict=True)
    }
    for origin, destination, length in triples:
        corners = np.array(store.ways.corners(origin, destination, length))
        assert np.abs(np.diff(corners, axis=0)).sum() == length


@pytest.mark.slow
def test_the_command_prints_figures_beside_their_aims():
    asked = ["view", "--events", "3000", "--locations", "400", "--workers", "6", "--json"]
    answer = CliRunner().invoke(bench_app, asked)
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.output[answer.output.index("{") :])
    assert figures["locations"] == 400
    assert figures["workers"] == 6
    assert figures["events"] == pytest.approx(3000, rel=0.05)
    assert all(figures[name] > 0 for name in AIMS)
    for name in ("seek", "frame", "heat_frame", "catching_up"):
        assert 0 < figures[f"{name}_ms_median"] <= figures[f"{name}_ms_p99"] <= figures[f"{name}_ms_max"]
        assert 0 < figures[f"{name}_cpu_ms_median"] <= figures[f"{name}_cpu_ms_max"]
    assert set(figures["parts_ms"]) <= set(PARTS)
    assert figures["steady"] == {"pictures": 0, "texts": 0}


@pytest.mark.slow
def test_the_table_names_every_aim():
    asked = ["view", "--events", "3000", "--locations", "400", "--workers", "6"]
    text = CliRunner().invoke(bench_app, asked).output
    for aim in ("aim 3 s", "aim 60 B", "aim 50 ms", "aim 8 ms", "aim 16 ms"):
        assert aim in text
    assert "a steady frame makes 0 pictures and 0 texts" in text
