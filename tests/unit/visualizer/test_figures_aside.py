"""Figures worked out by a process of their own are those that folding in the window gives."""

from __future__ import annotations

import time

import numpy as np
import pytest

from twin.domain.errors import JournalError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer import showing
from visualizer.figures.aside import FiguresAside, told_of
from visualizer.figures.series import METRICS, Series
from visualizer.showing import Showing
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aside") / "run"
    run_scenario(load_scenario("policy_day"), out=folder)
    return folder


def filled(folder):
    feed = RecordedFeed(folder)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return feed, store


def same(one: Series, other: Series, upto_ms: int) -> None:
    times = np.unique(np.random.default_rng(3).integers(0, upto_ms + 1, 400))
    assert one.roles(upto_ms) == other.roles(upto_ms)
    for name in [*METRICS, *(f"utilisation.{role}" for role in other.roles(upto_ms))]:
        np.testing.assert_array_equal(one.values(name, times), other.values(name, times), err_msg=name)


@pytest.mark.slow
def test_stretches_of_any_length_give_the_series_of_the_window(folder):
    feed, store = filled(folder)
    whole = Series(feed.context)
    assert whole.follow(feed, store)
    for stretch_rows in (977, 10**9):
        found, known = Series(feed.context), -1
        found.crowd.follow(store)
        for told in told_of(folder, stretch_rows):
            found.adopt(*told)
            assert found.known_ms >= known
            known = found.known_ms
            if found.rows % 5 == 0:
                same(found, whole, known)
        assert (found.rows, found.known_ms) == (whole.rows, whole.known_ms) == (len(store), feed.head_ms)
        same(found, whole, known)
    feed.close()


def until_done(follow, is_done) -> None:
    for _ in range(3000):
        follow()
        if is_done():
            return
        time.sleep(0.02)
    pytest.fail("the figures did not come")


def test_a_long_recording_has_its_figures_from_another_process(folder, monkeypatch):
    monkeypatch.setattr(showing, "LONG_EVENTS", 1)
    monkeypatch.setattr(Series, "follow", lambda *_: pytest.fail("folded in the window"))
    feed, store = filled(folder)
    shown = Showing(RecordedFeed(folder))
    shown.follow()
    assert shown.series.rows == 0, "nothing is worked out while the recording is still read"
    shown.playhead.load_all()
    until_done(shown.follow, lambda: not shown.is_busy)
    monkeypatch.undo()
    whole = Series(feed.context)
    whole.follow(feed, store)
    same(shown.series, whole, feed.head_ms)
    shown.close()
    feed.close()


def test_figures_do_not_run_ahead_of_the_store(folder):
    feed, store = filled(folder)
    empty, series = Store(feed), Series(feed.context)
    aside = FiguresAside(folder)
    until_done(lambda: aside.tell(Series(feed.context), store), lambda: not aside._listener.is_alive())
    aside.close()
    again = FiguresAside(folder)
    again._listener.join()
    again.tell(series, empty)
    assert series.rows == 0
    again.tell(series, store)
    assert series.rows > 0
    again.close()
    feed.close()


def test_what_cannot_be_worked_out_is_said_once(tmp_path):
    feed_less = FiguresAside(tmp_path)
    feed_less._listener.join()
    with pytest.raises(JournalError, match="holds no events"):
        feed_less.tell(None, [])
    feed_less.tell(None, [])
    feed_less.close()


def test_a_process_that_ends_too_soon_is_said(folder):
    aside = FiguresAside(folder)
    aside._process.kill()
    aside._listener.join()
    aside._came.clear()
    with pytest.raises(JournalError, match="their process ended"):
        aside.tell(None, [])
    aside.close()
