"""What a run's observers say at any time, to hold the figures of the screen against."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from twin.events.chunk import Chunk
from twin.observers.run_context import Figures, RunContext
from twin.observers.watch import Watch, compute
from visualizer.feed import facts_of
from visualizer.figures.ledgers import COLUMNS, FOLDED
from visualizer.figures.series import METRICS, UTILISATION, Series

OF_THE_SCREEN = {"orders_in_process", "backlog_lines", "orders_overdue", "waiting_workers", "waiting_units"}
COMPARED = [name for name in METRICS if name not in OF_THE_SCREEN]


class Kept:
    """A sink that keeps what it is told."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    def fold(self, chunk: Chunk, /) -> None:
        self.chunks.append(chunk)


def up_to(chunks: list[Chunk], after_ms: int, at_ms: int) -> list[Chunk]:
    """The events after one time up to another, as chunks."""
    found = []
    for chunk in chunks:
        start, end = np.searchsorted(chunk.columns["at_ms"], [after_ms, at_ms], side="right").tolist()
        if end > start:
            found.append(chunk[start:end])
    return found


def told_by_observers(chunks: list[Chunk], context: RunContext, times: list[int]) -> dict[int, Figures]:
    """What the observers say at each time."""
    watch, told, before = Watch(), {}, -(10**15)
    for at_ms in sorted(times):
        for chunk in up_to(chunks, before, at_ms):
            watch.fold(chunk)
        before = at_ms
        told[at_ms] = compute(watch, replace(context, horizon_ms=at_ms))
        ever = watch.throughput.figures(replace(context, horizon_ms=at_ms, warmup_ms=-(10**12)))
        told[at_ms]["orders_in_process"] = ever["orders_unfinished"]
    return told


def compare(series: Series, at_ms: int, told: Figures) -> None:
    """Counts exactly, others to 1e-9 of themselves, undefined where they are undefined."""
    for name in [*COMPARED, "orders_in_process"]:
        expected = told[name]
        found = series.value(name, at_ms)
        if isinstance(expected, int):
            assert found == expected, (name, at_ms)
        else:
            assert found == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-12)), (name, at_ms)
    by_role = told["utilisation"]
    assert isinstance(by_role, dict)
    assert series.roles(at_ms) == sorted(by_role)
    for role, share in by_role.items():
        found = series.value(UTILISATION + role, at_ms)
        assert found == (None if share is None else pytest.approx(share, rel=1e-9)), (role, at_ms)


def moments(chunks: list[Chunk], context: RunContext, draw: random.Random, count: int) -> list[int]:
    """Times drawn anywhere, and the times of events, just before and just after them; begin, warm-up and end."""
    happened = np.concatenate([chunk.columns["at_ms"] for chunk in chunks])
    at_events = [int(draw.choice(happened)) + draw.choice((-1, 0, 0, 1)) for _ in range(count)]
    anywhere = [draw.randrange(context.horizon_ms) for _ in range(count)]
    edges = [0, context.warmup_ms, context.warmup_ms + 1, context.horizon_ms]
    return [t for t in {*at_events, *anywhere, *edges} if 0 <= t <= context.horizon_ms]


def folded(chunks: list[Chunk], context: RunContext) -> Series:
    series = Series(context)
    series.ledgers.take(facts_of(chunks, tuple(FOLDED), COLUMNS, 0, 10**9))
    series.ledgers.advance(context.horizon_ms)
    return series
