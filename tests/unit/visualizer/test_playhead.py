"""The clock of the window: pace, debt, review, stepping; against a live run and a recording."""

from __future__ import annotations

from math import inf

import pytest

from twin.cli.live_feed import LiveFeed
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.controlling.playhead import FASTEST_REPLAY, SPEEDS, Playhead
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("playhead") / "run"
    run_scenario(load_scenario("quickstart", ["horizon_h=2"]), out=folder)
    return folder


def replay(folder):
    feed = RecordedFeed(folder)
    head = Playhead(feed, Store(feed))
    head.load_all()
    return head


@pytest.fixture
def live():
    feed = LiveFeed(load_scenario("quickstart", ["horizon_h=2"]))
    yield Playhead(feed, Store(feed))
    feed.close()


class Slow:
    """A live run that comes only so far in a frame."""

    live = True

    def __init__(self, feed, most_ms):
        self.feed, self.most_ms = feed, most_ms

    def __getattr__(self, name):
        return getattr(self.feed, name)

    def advance(self, target_ms, budget_s):
        return self.feed.advance(min(target_ms, self.feed.head_ms + self.most_ms), 10.0)


def test_a_recording_plays_at_its_speed_and_stops_at_its_end(folder):
    head = replay(folder)
    assert head.mode == "REPLAY"
    head.play()
    for _ in range(10):
        head.frame(16.0, 0.01)
    assert head.view_ms == 10 * 16 * 60
    head.set_speed(1000.0)
    while head.playing:
        head.frame(50.0, 0.01)
    assert head.view_ms == head.end_ms == head.head_ms
    head.play()
    assert (head.view_ms, head.playing) == (0, True)


def test_a_hitch_is_not_caught_up(folder):
    head = replay(folder)
    head.play()
    head.frame(5000.0, 0.01)
    assert head.view_ms == 50 * 60


def test_a_live_run_follows_the_frames(live):
    assert live.mode == "LIVE"
    live.play()
    for _ in range(20):
        live.frame(16.0, 1.0)
    assert live.view_ms == live.feed.head_ms == 20 * 16 * 60
    assert live.holding is None


def test_debt_of_a_live_run_is_dropped(live):
    live.feed = Slow(live.feed, 200)
    live.play()
    for _ in range(60):
        live.frame(16.0, 1.0)
    assert live.feed.head_ms == 60 * 200
    assert live.holding == pytest.approx(200 / 16, rel=0.01)
    live.feed.most_ms = 10**9
    live.frame(16.0, 1.0)
    assert live.feed.head_ms == 60 * 200 + 16 * 60  # what was not reached is not caught up


def test_the_past_is_reviewed_while_the_run_goes_on(live):
    live.play()
    for _ in range(30):
        live.frame(50.0, 1.0)
    head_ms = live.head_ms
    live.seek(20_000)
    assert (live.mode, live.view_ms) == ("REVIEW", 20_000)
    live.pause()
    for _ in range(5):
        live.frame(50.0, 1.0)
    assert live.view_ms == 20_000
    assert live.head_ms == head_ms + 5 * 50 * 60
    live.play()
    live.frame(50.0, 1.0)
    assert live.view_ms == 23_000
    live.go_live()
    assert (live.mode, live.view_ms, live.playing) == ("LIVE", live.head_ms, True)


def test_playing_in_review_joins_a_run_that_stands(live):
    live.play()
    for _ in range(10):
        live.frame(50.0, 1.0)
    live.pause()
    live.seek(live.head_ms - 4000)
    assert live.mode == "REVIEW"
    live.play()
    for _ in range(2):
        live.frame(50.0, 1.0)
    assert live.mode == "LIVE"
    assert live.running


def test_a_live_run_comes_to_its_end_and_is_then_a_recording(live):
    live.set_speed(inf)
    live.play()
    for _ in range(1000):
        live.frame(16.0, 5.0)
        if not live.feed.live:
            break
    assert live.mode == "REPLAY"
    assert (live.view_ms, live.playing) == (live.end_ms, False)
    live.seek(5000)
    assert live.view_ms == 5000
    assert live.feed.result.complete


def test_stepping_goes_from_instant_to_instant_both_ways(folder):
    head = replay(folder)
    times = sorted(set(head.store.at_ms.tolist()))
    head.seek(times[0])
    for at_ms in times[1:6]:
        assert head.step(1)
        assert head.view_ms == at_ms
    assert head.step(-1)
    assert head.view_ms == times[4]
    head.seek(times[4] + 1)
    assert head.step(-1)
    assert head.view_ms == times[4]
    head.seek(head.end_ms)
    assert not head.step(1)


def test_a_step_at_the_live_head_lets_the_run_come_to_its_next_event(live):
    before = len(live.store)
    assert live.step(1)
    assert len(live.store) > before
    assert not live.playing
    assert live.view_ms == live.store.head_ms == live.head_ms
    assert live.step(1)


def test_next_and_last_of_a_kind(folder):
    head = replay(folder)
    rows = head.store.rows_of("LinePicked")
    at_ms = head.store.at_ms[rows].tolist()
    head.seek(at_ms[3])
    later = next(t for t in at_ms if t > at_ms[3])
    assert head.next_of("LinePicked", 1) == later
    head.seek(later)
    assert head.next_of("LinePicked", -1) == max(t for t in at_ms if t < later)
    assert head.next_of("OrderCancelled", 1) is None


def test_speeds_go_up_and_down_their_list(folder):
    head = replay(folder)
    head.set_speed(1.0)
    seen = [head.speed]
    for _ in range(7):
        head.faster()
        seen.append(head.speed)
    assert tuple(seen[:6]) == SPEEDS
    assert seen[-1] == inf
    head.faster(-1)
    assert head.speed == 1000.0
    head.set_speed(inf)
    head.play()
    head.frame(10.0, 0.01)
    assert head.view_ms == 10 * FASTEST_REPLAY


def test_a_stop_is_not_passed(folder, live):
    head = replay(folder)
    head.play()
    head.frame(50.0, 0.01, stop_ms=1234)
    assert head.view_ms == 1234
    live.play()
    live.frame(50.0, 1.0, stop_ms=777)
    assert live.head_ms == 777


def test_while_it_loads_what_was_read_is_shown(folder):
    feed = RecordedFeed(folder)
    head = Playhead(feed, Store(feed))
    assert head.loaded == 0.0
    head.seek(10**9)
    assert head.view_ms == 0
    while head.loaded is not None:
        head.frame(16.0, 0.01)
    head.seek(10**12)
    assert head.view_ms == head.end_ms
