"""Where it has been too full for five minutes: against the facts told one by one, live as in replay."""

from __future__ import annotations

import random
from collections import Counter

import pygame
import pytest
from drawn import Studio, ToldFeed, filled, floor
from test_store import pieces

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.mapping.floor_map import FloorMap
from visualizer.panels.marks import Marks
from visualizer.panels.timeline import Timeline
from visualizer.replay.figures import marks_of, saturated_of
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.stored.saturation import LASTING_MS, PER_BENCH
from visualizer.view import View

MIN = 60_000
END = {"kind": "TrailerArrived", "at_ms": 60 * MIN}
CROWDED = {
    "quickstart": [
        "workforce.pickers.count=60",
        "demand.generate.orders_per_day=1500",
        "opening_stock.generate.reserve_cover_days=1",
        "horizon_h=4",
    ],
    "saturated_small": ["workforce.packers.count=1", "horizon_h=5"],
}


def stands(at_ms: int, worker: int, aisle: str = "s/A01", *, goes: bool = False):
    kind = "WorkerUnblocked" if goes else "WorkerBlocked"
    return {"kind": kind, "at_ms": at_ms, "worker": f"s/w-{worker}", "location": aisle, "duration_ms": 0}


def station(kind: str, at_ms: int):
    return {"kind": kind, "at_ms": at_ms, "station": "s/pack"}


def told(*records):
    feed = ToldFeed(floor(), [*sorted(records, key=lambda r: r["at_ms"]), END])
    return feed, filled(feed)


def alerts(store: Store, at_ms: int) -> list[tuple[str, str, int]]:
    return [(one.sort, one.name, one.since_ms) for one in store.at(at_ms).saturated]


def test_an_aisle_that_somebody_waits_for_without_a_gap_is_an_alert_after_five_minutes_until_nobody_does():
    hands_over = [stands(10 * MIN, 1), stands(12 * MIN, 2), stands(13 * MIN, 1, goes=True)]
    _, store = told(*hands_over, stands(17 * MIN, 2, goes=True))
    alert = [("aisle", "s/A01", 10 * MIN)]
    assert [alerts(store, t) for t in (15 * MIN - 1, 15 * MIN, 17 * MIN - 1, 17 * MIN)] == [[], alert, alert, []]


def test_a_gap_begins_it_anew_but_what_comes_and_goes_in_one_instant_is_none():
    gap = [stands(0, 1), stands(4 * MIN, 1, goes=True), stands(4 * MIN + 1, 2), stands(9 * MIN, 2, goes=True)]
    assert told(*gap)[1].saturations() == []
    no_gap = [stands(0, 1), stands(4 * MIN, 1, goes=True), stands(4 * MIN, 2), stands(9 * MIN, 2, goes=True)]
    assert [(s.since_ms, s.until_ms) for s in told(*no_gap)[1].saturations()] == [(0, 9 * MIN)]


def test_five_minutes_to_the_millisecond_are_over_before_they_can_be_seen():
    _, store = told(stands(0, 1), stands(LASTING_MS, 1, goes=True))
    assert store.saturations() == [] and alerts(store, LASTING_MS) == []


def test_a_station_is_saturated_beyond_two_units_for_each_bench():
    few = [station("StationArrived", n) for n in range(4 * PER_BENCH)]  # it has four benches
    assert told(*few)[1].saturations() == []
    one_more = [station("StationArrived", MIN), station("ServiceStarted", 8 * MIN)]
    _, store = told(*few, *one_more)
    assert alerts(store, 7 * MIN) == [("station", "s/pack", MIN)]
    assert alerts(store, 8 * MIN) == []


def test_it_is_marked_on_the_timeline_when_it_is_raised_and_once_it_has_been():
    feed, store = told(stands(10 * MIN, 1), stands(40 * MIN, 2, "s/A02"), stands(55 * MIN, 3, "s/A03"))
    studio, timeline = Studio(feed, store), Timeline()
    timeline.follow(studio.frame(View(at_ms=0)))
    assert [(m.at_ms, m.sort, m.who) for m in timeline.marks.marks] == [
        (15 * MIN, "saturation", "s/A01"), (45 * MIN, "saturation", "s/A02"), (60 * MIN, "saturation", "s/A03"),
    ]  # fmt: skip
    first = timeline.marks.marks[0]
    assert first.told(18 * MIN, "en") == "Aisle saturated · A01 · 03:00" and first.is_open(59 * MIN)
    version = timeline.marks.version
    timeline.follow(studio.frame(View(at_ms=MIN)))
    assert timeline.marks.version == version


def test_the_map_says_so_and_a_closed_aisle_is_said_once():
    closed = {"kind": "CommandGiven", "at_ms": 11 * MIN, "action": "block_aisle", "location": "s/A02",
              "duration_ms": 30 * MIN, "choice": "done"}  # fmt: skip
    feed, store = told(stands(10 * MIN, 1), stands(10 * MIN, 2, "s/A02"), closed)
    studio, painter = Studio(feed, store), FloorMap(store)
    frame = studio.frame(View(at_ms=16 * MIN))
    marked = painter._marked
    assert marked.words_of_saturated(frame.moment.saturated[0], frame) == (
        "Aisle A01 saturated", "since 06:10:00 · 1 waiting · 06:00",
    )  # fmt: skip
    plates: list[pygame.Rect] = []
    studio.pixels(painter, View(at_ms=16 * MIN))
    marked.draw_saturated(studio.canvas, painter.projection, frame, plates)
    assert len(plates) == 1
    seen = {studio.pixels(painter, View(at_ms=t)) for t in (14 * MIN, 15 * MIN)}
    assert len(seen) == 2


@pytest.fixture(scope="module", params=CROWDED)
def crowded(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowded") / "run"
    run_scenario(load_scenario(request.param, CROWDED[request.param]), out=folder)
    return RecordedFeed(folder)


def slowly(feed: RecordedFeed) -> dict[int, set[tuple[str, str, int]]]:
    """The alerts of some hundred times: the counts after each event, one by one, and since when they are too high."""
    records = feed.records(0, feed.events - 1)
    draw = random.Random(5)
    times = sorted({*(draw.randrange(feed.head_ms) for _ in range(300)), feed.head_ms})
    benches = dict(zip(feed.tables["stations"]["station"], feed.tables["stations"]["benches"], strict=True))
    waiting: Counter[tuple[str, str]] = Counter()
    since: dict[tuple[str, str], int] = {}
    found, n = {}, 0
    for at_ms in times:
        while n < len(records) and records[n]["at_ms"] <= at_ms:
            now = records[n]["at_ms"]
            while n < len(records) and records[n]["at_ms"] == now:
                record = records[n]
                match record["kind"]:
                    case "WorkerBlocked" | "WorkerUnblocked" as kind:
                        waiting["aisle", record["location"]] += 1 if kind == "WorkerBlocked" else -1
                    case "StationArrived" | "ServiceStarted" as kind:
                        waiting["station", record["station"]] += 1 if kind == "StationArrived" else -1
                n += 1
            for (sort, name), count in waiting.items():
                if count > (0 if sort == "aisle" else 2 * (benches[name] or 1)):
                    since.setdefault((sort, name), now)
                else:
                    since.pop((sort, name), None)
        found[at_ms] = {(*key, began) for key, began in since.items() if at_ms - began >= 300_000}
    return found


def test_alerts_of_a_crowded_day_are_those_counted_one_by_one_live_as_in_replay(crowded):
    (whole,) = crowded.read()
    replayed, live, marks, draw = Store(crowded), Store(crowded), Marks(), random.Random(3)
    replayed.add(whole)
    for piece in pieces(whole, draw):
        live.add(piece)
        assert all(one.since_ms + LASTING_MS <= live.head_ms for one in live.at(live.head_ms).saturated)
    slow = slowly(crowded)
    assert sum(map(len, slow.values())) > 5
    for at_ms, wanted in slow.items():
        assert set(alerts(replayed, at_ms)) == set(alerts(live, at_ms)) == wanted, at_ms
    assert live.saturations() == replayed.saturations()
    marks.follow(crowded, replayed)
    raised = [(m.at_ms, m.who) for m in marks.marks if m.sort == "saturation" and m.at_ms <= crowded.head_ms]
    assert raised == sorted(
        (s.raised_ms, s.name) for s in replayed.saturations() if s.raised_ms <= crowded.head_ms
    )  # fmt: skip
    on_page = saturated_of(replayed, 0, crowded.head_ms)
    in_log = [m for m in marks_of(crowded, replayed, 0, crowded.head_ms)[0] if m["sort"] == "saturation"]
    assert sorted(one["at"] for one in on_page) == [m["at"] for m in in_log]
