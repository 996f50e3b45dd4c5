"""A run that goes on has the figures of its recording: told frame by frame, with commands in between."""

from __future__ import annotations

import random

import pytest
from drawn import filled

from twin.cli.live_feed import LiveFeed
from twin.spec.loading import load_scenario
from visualizer.figures.series import METRICS, UTILISATION, Series
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed

NAMES = [*METRICS, f"{UTILISATION}picker", f"{UTILISATION}packer"]
COMMANDS = (
    {"action": "add_workers", "role": "picker", "count": 2},
    {"action": "block_aisle", "aisle": "A02", "duration_s": 600},
    {"action": "move_workers", "from_role": "packer", "to_role": "picker", "count": 1},
)


@pytest.mark.parametrize("given", [(), COMMANDS], ids=["watched", "commanded"])
def test_figures_of_a_live_run_equal_those_of_its_recording(tmp_path, given):
    folder, draw = tmp_path / "run", random.Random(8)
    live = LiveFeed(load_scenario("quickstart", ["horizon_h=3"]), out=folder)
    store, series, left = Store(live), Series(live.context), list(given)
    said: list[tuple[int, list[float | None]]] = []
    while live.live:
        live.advance(live.head_ms + draw.choice((1, 60_000, 400_000)), draw.choice((0.0, 10.0)))
        for batch in live.read():
            store.add(batch)
        assert series.follow(live, store)
        assert series.known_ms == live.head_ms
        if draw.random() < 0.2:
            said.append((live.head_ms, [series.value(name, live.head_ms) for name in NAMES]))
            if left and live.head_ms > 1_800_000 and live.live:
                assert live.give(left.pop()) is None
    assert not left
    feed = RecordedFeed(folder)
    again = Series(feed.context)
    again.follow(feed, filled(feed))
    assert len(said) > 5 and said[-1][1][0]
    for at_ms, values in said:
        recorded = [again.value(name, at_ms) for name in NAMES]
        assert values == recorded, [n for n, a, b in zip(NAMES, values, recorded, strict=True) if a != b]
        assert values == [series.value(name, at_ms) for name in NAMES]
    feed.close()
    live.close()
