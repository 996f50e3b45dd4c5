"""Parts of the window that stand alone: answers kept, breakpoints on figures, pace, trace, log, search."""

from __future__ import annotations

import json
import threading
import time

import numpy as np
import pytest
from driven import app_of, press

from twin.domain.errors import JournalError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.controlling.breakpoints import AtKind, AtTime, OnFigure, first_stop, next_time, said
from visualizer.controlling.pace import Pace
from visualizer.panels.asking import Asking
from visualizer.panels.telling import LOGGED, MARKED, subject_of, tell
from visualizer.stored.recorded import RecordedFeed
from visualizer.tracing import Trace
from visualizer.view import Selection


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts") / "run"
    run_scenario(load_scenario("policy_day", ["horizon_h=4"]), out=folder)
    return folder


class Told:
    """A feed that answers when it is let, and counts how often it was asked."""

    live = False
    alternatives = None

    def __init__(self, records=()):
        self.records_, self.asked, self.let = list(records), 0, threading.Event()
        self.let.set()

    def history(self, column, name, last_seq=None, limit=2000):
        self.asked += 1
        self.let.wait(10)
        found = [r for r in self.records_ if r[column] == name and (last_seq is None or r["seq"] <= last_seq)]
        return found[-limit:]


def records(count):
    return [{"seq": 10 * n, "worker": "w"} for n in range(count)]


def settled(asking, *key_of_history):
    for _ in range(500):
        if not asking.is_waiting:
            return
        asking.history(*key_of_history)
        time.sleep(0.01)
    pytest.fail("no answer came")


def test_a_frame_does_not_wait_for_an_answer():
    feed = Told(records(5))
    feed.let.clear()
    asking = Asking(feed)
    assert asking.history("worker", "w", 30) is None
    assert asking.is_waiting
    feed.let.set()
    settled(asking, "worker", "w", 30)
    assert [r["seq"] for r in asking.history("worker", "w", 30)] == [0, 10, 20, 30]
    asking.forget()


@pytest.mark.parametrize("whole", [False, True])
def test_histories_at_any_row_are_those_of_the_feed(whole):
    feed = Told(records(3000))
    asking = Asking(feed, patient=True)
    for row in (0, 5, 12_000, 12_345, 29_990, 100, 29_000):
        told = asking.history("worker", "w", row, whole=whole)
        wanted = [10 * n for n in range(row // 10 + 1)]
        assert [r["seq"] for r in told] == wanted[-len(told) :]
        assert len(told) >= min(len(wanted), 150)
    asked = feed.asked
    for row in range(29_000, 29_400, 7):
        asking.history("worker", "w", row, whole=whole)
    assert feed.asked - asked <= 2  # neighbouring rows are answered out of what was fetched


def test_what_cannot_be_answered_is_said_once():
    asking = Asking(Told(), patient=True)

    def broken():
        raise JournalError("gone")

    assert asking.answer("x", broken) is None
    assert asking.failed == "gone"


def test_a_figure_must_stay_beyond_its_value_for_the_whole_time():
    def values(name, times):
        assert name == "backlog_lines"
        beyond = ((times >= 100_000) & (times < 130_000)) | (times >= 200_000)
        return np.where(beyond, 11.0, 9.0)

    stop = OnFigure("backlog_lines", above=True, value=10)
    assert first_stop([stop], None, values, 0, 250_000) is None
    assert first_stop([stop], None, values, 0, 300_000).at_ms == 260_000
    assert first_stop([stop], None, values, 259_999, 300_000).at_ms == 260_000
    assert first_stop([stop], None, values, 260_000, 400_000) is None
    at = [first_stop([stop], None, values, t, t + 1600) for t in range(0, 300_000, 1600)]
    assert [s.at_ms for s in at if s] == [260_000]
    below = OnFigure("backlog_lines", above=False, value=10, for_ms=30_000)
    assert first_stop([below], None, values, 50_000, 199_000).at_ms == 160_000
    assert first_stop([stop], None, None, 0, 300_000) is None


def test_an_undefined_figure_stops_nothing():
    stop = OnFigure("backlog_lines", above=False, value=10)
    assert first_stop([stop], None, lambda _, times: np.full(len(times), np.nan), 0, 300_000) is None


def test_the_first_of_several_stops_counts(folder):
    app = app_of(RecordedFeed(folder), at_ms=0)
    store = app.showing.store
    times = store.at_ms[store.rows_of("CartonClosed")]
    first = int(times[times > 0][0])
    both = [AtTime(first + 5), AtKind("CartonClosed"), AtTime(first - 5)]
    assert first_stop(both, store, None, 0, first + 9).at_ms == first - 5
    assert first_stop(both, store, None, first - 5, first + 9).by == AtKind("CartonClosed")
    assert next_time(both, first - 5) == first + 5
    assert next_time(both, first + 5) is None
    assert said(AtKind("CartonClosed"), "en", app.showing.feed.title.start) == "Carton closed"
    app.close()


def test_a_breakpoint_on_a_figure_of_the_run(folder):
    app = app_of(RecordedFeed(folder), at_ms=0)
    app.showing.series.follow(app.showing.feed, app.showing.store)
    times = np.arange(0, app.showing.playhead.end_ms, 1000)
    middle = float(np.nanmax(app.showing.series.values("backlog_lines", times))) / 2
    app.showing.breakpoints.append(OnFigure("backlog_lines", True, middle))
    app.showing.playhead.set_speed(1000.0)
    press(app, "Space")
    for _ in range(600):
        app.step([], 50.0)
        if not app.showing.playhead.playing:
            break
    at_ms = app.state()["at_ms"]
    assert app.last_action == "stopped"
    assert (app.showing.series.values("backlog_lines", np.arange(at_ms - 60_000, at_ms + 1, 1000)) > middle).all()
    assert not (app.showing.series.values("backlog_lines", np.arange(at_ms - 61_000, at_ms, 1000)) > middle).all()
    app.close()


def test_the_budget_is_what_drawing_leaves():
    pace = Pace()
    pace._drawn.extend([5.0] * 100)
    assert pace.budget_s == pytest.approx(0.010)
    pace._drawn.extend([5.0] * 110 + [11.0] * 10)  # of the last 120 one in twelve is slow
    assert pace.budget_s == pytest.approx(0.0057)
    pace._drawn.extend([40.0] * 120)
    assert pace.budget_s == pytest.approx(0.002)


def test_a_trace_has_a_line_for_each_change_and_few_for_time(tmp_path):
    trace = Trace(tmp_path / "trace.jsonl")
    state = {"frame": 0, "wall_ms": 0, "at_ms": 0, "head_ms": 0, "theme": "dark"}
    for n in range(100):
        trace.write({**state, "frame": n, "wall_ms": 10 * n, "at_ms": n})
    trace.write({**state, "wall_ms": 1000, "at_ms": 99, "theme": "light"})
    trace.write({**state, "wall_ms": 9000, "at_ms": 99, "theme": "light"})
    trace.close()
    lines = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text().splitlines()]
    assert len(lines) == 11
    assert lines[-1]["theme"] == "light"
    with pytest.raises(JournalError, match="cannot be written"):
        Trace(tmp_path / "no such folder" / "trace.jsonl")


def test_the_log_shows_what_stands_out_the_newest_first(folder):
    feed = RecordedFeed(folder)
    app = app_of(feed, at_ms=3 * 3_600_000)
    app.step([], 0.0)
    log, frame = app.showing.log, app.frame
    wanted = [r for r in feed.records(0, frame.moment.row) if r["kind"] in LOGGED]
    assert [r["seq"] for r in log.lines(frame, "marked", 20)] == [r["seq"] for r in wanted[:-21:-1]]
    everything = list(range(frame.moment.row, frame.moment.row - 30, -1))
    assert [r["seq"] for r in log.lines(frame, "all", 30)] == everything
    worker = app.showing.store.workers[0]
    app.select(Selection("worker", worker))
    app.step([], 0.0)
    own = feed.history("worker", worker, app.frame.moment.row)
    assert [r["seq"] for r in log.lines(app.frame, "selected", 9)] == [r["seq"] for r in own[:-10:-1]]
    app.close()


def test_every_event_can_be_told_in_a_line(folder):
    feed = RecordedFeed(folder)
    seen = {}
    for record in feed.records(0, feed.events - 1):
        seen.setdefault(record["kind"], record)
    assert len(seen) > 30
    for record in seen.values():
        for language in ("en", "zh"):
            told = tell(record, language)
            assert told.title
            assert "main/" not in told.about
            assert "None" not in told.about
        assert record["kind"] not in MARKED or tell(record, "en").tone == MARKED[record["kind"]]
    picked = seen["LinePicked"]
    assert subject_of(picked) == Selection("worker", picked["worker"])
    assert picked["worker"].removeprefix("main/") not in tell(picked, "en", of=picked["worker"]).about


def test_search_finds_what_begins_so_first(folder):
    app = app_of(RecordedFeed(folder), at_ms=0)
    search = app.showing.search
    assert [f.label for f in search.things("picker-00", "en")][:2] == ["picker-001", "picker-002"]
    assert search.things("A03", "en")[0].value == Selection("aisle", "main/A03")
    assert {f.value.kind for f in search.things("000100", "en")} >= {"order"}
    assert search.things("sku00077", "zh")[0].kind == "商品"
    assert search.things("nothing of that name", "en") == []
    kinds = search.kinds("封箱", "zh")
    assert [f.value for f in kinds] == ["CartonClosed"]
    app.close()


def test_a_bug_of_ours_is_a_sentence_and_at_last_closes_the_window(folder, monkeypatch, capsys):
    app = app_of(RecordedFeed(folder), at_ms=0)
    calls = []

    def broken(*_):
        calls.append(1)
        raise KeyError("oops")

    monkeypatch.setattr(app, "step", broken)
    app._stepped([], 0.0)
    assert app.overlay.name == "note"
    assert "oops" in app.overlay.text
    with pytest.raises(SystemExit) as stopped:
        for _ in range(5):
            app._stepped([], 0.0)
    assert stopped.value.code == 3
    assert len(calls) == 3
    assert "report it" in capsys.readouterr().err
    app.close()
