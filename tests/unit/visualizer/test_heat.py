"""Heat against sums over the facts told one by one; and its rebuilding in steps of time."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from drawn import ToldFeed, filled, floor

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.heat import GRID, LUMP, HeatField
from visualizer.mapping.heat_layer import bucket_ms
from visualizer.scene import Scene
from visualizer.store import Store
from visualizer.stored.passes import Passes
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module", params=["policy_day", "quickstart"])
def feed(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("heat") / "run"
    run_scenario(load_scenario(request.param, ["horizon_h=7"]), out=folder)
    return RecordedFeed(folder)


@pytest.fixture(scope="module")
def store(feed):
    return filled(feed)


@pytest.fixture(scope="module")
def records(feed, store):
    return feed.records(0, len(store) - 1)


def heat_of(store: Store) -> HeatField:
    return HeatField(store, Fixtures(store.ground).bounds)


def square(heat: HeatField, x: float, y: float) -> tuple[int, int]:
    left, bottom, right, top = heat.bounds
    i, j = int((x - left) / (right - left) * GRID[0]), int((y - bottom) / (top - bottom) * GRID[1])
    return min(i, GRID[0] - 1), min(j, GRID[1] - 1)


def crossed(heat: HeatField, store: Store, origin: str, destination: str, length: int) -> np.ndarray:
    """Each square as often as the way comes into it."""
    found, last = np.zeros(GRID), None
    for (ax, ay), (bx, by) in pairwise(store.ways.corners(origin, destination, length)):
        steps = int((abs(ax - bx) + abs(ay - by)) / 40) + 1
        for n in range(steps + 1):
            at = square(heat, ax + (bx - ax) * n / steps, ay + (by - ay) * n / steps)
            if at != last:
                found[at] += 1
            last = at
    return found


def window_of(at_ms: int, window_ms: int, records: list) -> tuple[int, float]:
    """After when a window begins, and its minutes."""
    first = records[0]["at_ms"]
    if window_ms and at_ms - window_ms > first:
        return at_ms - window_ms, window_ms / 60_000
    return -(10**12), max(at_ms - first, 60_000) / 60_000


@pytest.mark.parametrize(("at_ms", "window_ms"), [(5_400_000, 300_000), (25_000_000, 1_800_000), (14_000_000, 0)])
@pytest.mark.parametrize("role", [None, "picker", "replenisher"])
def test_volume_counts_every_square_of_every_way(store, records, at_ms, window_ms, role):
    heat, roles, ways = heat_of(store), {}, {}
    after_ms, minutes = window_of(at_ms, window_ms, records)
    told = np.zeros(GRID)
    for r in records:
        if r["kind"] == "WorkerCheckedIn":
            roles.setdefault(r["worker"], r["action"])
        is_in = r["kind"] == "WorkerDeparted" and after_ms < r["at_ms"] <= at_ms and r["value"] > 0
        if is_in and role in (None, roles[r["worker"]]):
            key = r["origin"], r["destination"], r["value"]
            if key not in ways:
                ways[key] = crossed(heat, store, *key)
            told += ways[key]
    found = heat.sums("volume", store.at(at_ms), window_ms, role) * minutes
    assert told.sum() > 0 or role == "replenisher"
    worst = float(np.abs(found - told).max())
    assert worst < 1e-6


@pytest.mark.parametrize(("at_ms", "window_ms"), [(5_400_000, 300_000), (24_600_000, 1_800_000), (25_000_000, 0)])
@pytest.mark.parametrize("role", [None, "picker"])
def test_waiting_counts_every_second_stood(store, records, at_ms, window_ms, role):
    heat = heat_of(store)
    after_ms, minutes = window_of(at_ms, window_ms, records)
    told, scene, since, roles = np.zeros(GRID), Scene(), {}, {}

    def end(worker: str, until_ms: int) -> None:
        start_ms, x, y = since.pop(worker)
        lasted = min(until_ms, at_ms) - max(start_ms, after_ms)
        if lasted > 0 and role in (None, roles[worker]):
            told[square(heat, x, y)] += lasted / 1000

    for r in records:
        if r["at_ms"] > at_ms:
            break
        if r["kind"] == "ServiceEnded" and not scene.serving.get(r["station"]):
            continue
        worker = r.get("worker")
        scene.after(r)
        if r["kind"] == "WorkerCheckedIn":
            roles.setdefault(worker, r["action"])
        if worker not in roles or r["kind"] not in STATES:
            continue
        if worker in since:
            end(worker, r["at_ms"])
        if scene.state[worker] in (4, 5):
            leg = scene.leg[worker]
            since[worker] = (r["at_ms"], *store.ways.corners(leg.origin, leg.destination, leg.length_mm)[-1])
    for worker in list(since):
        end(worker, at_ms)
    worst = float(np.abs(heat.sums("waiting", store.at(at_ms), window_ms, role) * minutes - told).max())
    assert worst < 1e-6


STATES = {
    "WorkerCheckedIn", "WorkerCheckedOut", "WorkerAbsent", "BreakStarted", "BreakEnded", "WorkStarted", "WorkEnded",
    "WorkerDeparted", "WorkerBlocked", "WorkerUnblocked", "ServiceStarted", "ServiceEnded", "EquipmentFailed",
    "EquipmentRepaired", "MessageDelayed",
}  # fmt: skip


def test_some_seconds_were_waited(feed, store):
    waited = float(heat_of(store).sums("waiting", store.at(feed.head_ms), 0).sum())
    assert waited > 0


def test_backlog_is_who_waits_now(feed, store):
    heat = heat_of(store)
    seen = 0
    for at_ms in range(0, feed.head_ms, 97_000):
        moment = store.at(at_ms)
        workers = int(np.isin(moment.workers.state, (4, 5)).sum())
        units = sum(queue.waiting for queue in moment.queues)
        assert heat.sums("backlog", moment, 0).sum() == workers + units
        assert heat.sums("backlog", moment, 0, "picker").sum() <= workers
        seen += workers + units
    assert seen > 0


def test_it_does_not_matter_in_which_order_times_are_asked(feed, store):
    times = [9_000_000, 1_000_000, 5_000_000, 5_060_000, 5_120_000, 4_000_000, 9_000_000]
    used = heat_of(store)
    for kind in ("volume", "waiting", "backlog"):
        for at_ms in times:
            for window_ms in (0, 300_000):
                moment = store.at(at_ms)
                fresh = heat_of(store).field(kind, moment, window_ms)
                again = used.field(kind, moment, window_ms)
                assert np.array_equal(fresh.values, again.values)
                assert fresh.top == again.top


def test_arrivals_are_the_ends_of_the_ways(store):
    places = np.arange(0, len(store.place.row), 3)
    x, y = Passes(store).arrivals(places)
    table = store.names.table
    for k, place in enumerate(places.tolist()):
        origin, destination, length = (int(store.place.fields[c].values[place]) for c in ("origin", "destination", "length"))  # noqa: E501 # fmt: skip
        end = store.ways.corners(table[origin], table[destination], length)[-1]
        assert (x[k], y[k]) == end


def test_sums_kept_between_lumps_are_the_sums_counted_at_once():
    tables = floor(aisles=2, bays=6)
    names = tables["locations"]["location"]
    records = [{"at_ms": 0, "kind": "WorkerCheckedIn", "worker": "w", "location": "s/depot", "action": "picker"}]
    for n in range(2 * LUMP + 50):
        a, b = names[n % 11], names[(n + 2) % 11]
        records.append({"at_ms": n * 10, "kind": "WorkerDeparted", "worker": "w", "origin": a, "destination": b, "duration_ms": 5, "value": 1000})  # noqa: E501 # fmt: skip
    store = filled(ToldFeed(tables, records))
    heat, head = heat_of(store), records[-1]["at_ms"]
    minutes = head / 60_000
    at_once = heat._walked(0, len(store.place.row), None)
    assert at_once.sum() > 2 * LUMP
    assert np.allclose(heat.sums("volume", store.at(head), 0) * minutes, at_once)


def test_time_goes_on_in_steps_of_the_window_or_four_a_second():
    assert bucket_ms(1_800_000, 1.0, playing=False) == 10_000
    assert bucket_ms(300_000, 1.0, playing=True) == 1666
    assert bucket_ms(300_000, 1000.0, playing=True) == 250_000
    assert bucket_ms(300_000, float("inf"), playing=True) == 1666


def waited(*facts: tuple[int, str]) -> Store:
    """A picker before an aisle, and what happened to him at which second."""
    tables = floor(aisles=2, bays=6)
    records = [
        {"at_ms": 0, "kind": "WorkerCheckedIn", "worker": "w", "location": "s/depot", "action": "picker"},
        *({"at_ms": s * 1000, "kind": kind, "worker": "w", "location": "s/A00", "duration_ms": 0} for s, kind in facts),
        {"at_ms": 3_600_000, "kind": "WorkEnded", "worker": "w"},
    ]
    return filled(ToldFeed(tables, records))


@pytest.mark.parametrize(
    ("at_s", "window_s", "seconds"),
    [(90, 300, 0), (300, 300, 200), (300, 60, 60), (450, 300, 250), (500, 0, 300), (600, 300, 100), (800, 300, 0)],
)
def test_a_wait_is_cut_where_the_window_begins_and_where_it_ends(at_s, window_s, seconds):
    store = waited((100, "WorkerBlocked"), (400, "WorkerUnblocked"))
    heat, moment = heat_of(store), store.at(at_s * 1000)
    minutes = (window_s if window_s and at_s > window_s else at_s) / 60
    assert heat.sums("waiting", moment, window_s * 1000).sum() * minutes == pytest.approx(seconds)


def test_a_store_that_grows_gives_the_same_heat(feed, store):
    from test_store import pieces

    (batch,) = RecordedFeed(feed.folder).read()
    growing = Store(feed)
    heat, whole = heat_of(growing), heat_of(store)
    asked = 0
    for n, piece in enumerate(pieces(batch, random.Random(4))):
        growing.add(piece)
        if n % 3 == 0 and len(growing) > 3000:
            at_ms = int(growing.at_ms[-1]) - 1
            for kind in ("volume", "waiting", "backlog"):
                now, later = growing.at(at_ms), store.at(at_ms)
                assert np.array_equal(heat.sums(kind, now, 1_800_000), whole.sums(kind, later, 1_800_000)), kind
            asked += 1
    assert asked > 3
