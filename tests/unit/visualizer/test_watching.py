"""Watching changes nothing: a run driven by a window, looked back on, inspected and photographed has its own digest."""

from __future__ import annotations

import random

import numpy as np
import pytest
from driven import app_of, click, press, wheel

from twin.cli.live_feed import LiveFeed
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Selection

SET = ["horizon_h=2"]
KEYS = ("Left", "Right", "Space", "Space", ",", ".", "L", "J", "K", "2", "H", "T", "F2", "+", "-", "0", "Z", "F", "U",
        "Y", "N", "Esc", "?", "Esc", "/", "Esc", "B", "Esc", "S", "Shift+S", "Shift+L", "Home", "End")  # fmt: skip


def watched(folder, tmp_path, seed):
    """A run watched by somebody restless, and what they saw."""
    draw = random.Random(seed)
    app = app_of(LiveFeed(load_scenario("quickstart", SET), out=folder), pictures=tmp_path)
    for n in range(240):
        if not app.showing.feed.live:
            break
        app.step([], draw.choice([3.0, 16.0, 50.0]))
        if n % 4 == 0:
            press(app, draw.choice(KEYS))
        if n % 23 == 0:
            app.showing.playhead.seek(draw.randrange(app.state()["head_ms"] + 1))
            app.select(
                Selection("worker", draw.choice(app.showing.store.workers)) if app.showing.store.workers else None
            )
        if n % 61 == 0:
            press(app, "P")
            click(app, app.places["map_view"].center)
            wheel(app, app.places["map_view"].center, draw.choice([-2, 3]))
    app.overlay = None
    app.showing.playhead.set_speed(float("inf"))
    app.showing.playhead.go_live()
    app.showing.playhead.play()
    while app.showing.feed.live:
        app.step([], 16.0)
    return app


@pytest.mark.slow
def test_a_watched_run_is_the_run_that_nobody_watches(tmp_path):
    alone = run_scenario(load_scenario("quickstart", SET))
    for seed in (1, 2):
        app = watched(tmp_path / f"run-{seed}", tmp_path / "pictures", seed)
        assert app.showing.feed.result.digest == alone.digest
        assert app.showing.feed.result.kpis == alone.kpis
        app.close()


@pytest.mark.slow
def test_what_was_seen_live_is_what_the_recording_shows(tmp_path):
    app = watched(tmp_path / "run", tmp_path / "pictures", 3)
    live, recorded = app.showing, RecordedFeed(tmp_path / "run")
    store = Store(recorded)
    for batch in recorded.read():
        store.add(batch)
    draw = random.Random(4)
    for at_ms in [0, live.playhead.end_ms, *(draw.randrange(live.playhead.end_ms) for _ in range(20))]:
        a, b = live.store.at(at_ms), store.at(at_ms)
        assert (a.row, a.queues, a.trailers, a.down, a.incidents) == (b.row, b.queues, b.trailers, b.down, b.incidents)
        for left, right in (
            (a.workers.x, b.workers.x), (a.workers.y, b.workers.y), (a.workers.state, b.workers.state),
            (a.floor_units, b.floor_units), (a.book_units, b.book_units), (a.waiting, b.waiting), (a.staged, b.staged),
        ):  # fmt: skip
            assert np.array_equal(left, right)
    replay = app_of(RecordedFeed(tmp_path / "run"))
    replay.showing.playhead.load_all()
    for _ in range(6):
        at_ms = draw.randrange(live.playhead.end_ms)
        chosen = Selection("worker", draw.choice(live.store.workers))
        pages = []
        for one in (app, replay):
            one.settings = replay.settings
            one.showing.view = replay.showing.view
            one.showing.playhead.pause()
            one.showing.playhead.seek(at_ms)
            one.select(chosen)
            one.step([], 0.0)
            pages.append(one.showing.inspector.blocks(one.frame))
        assert pages[0] == pages[1]
    app.close()
    replay.close()
