"""Where playing stops by itself: at a time, at a kind of event, or when a figure stays beyond a value for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from visualizer.drawing.written import clock, number
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.words import Language, say, word

STEP_MS = 1000
FOR_MS = 60_000
MOST_STEPS = 4000

Values = Callable[[str, Array], Array]
"""A figure at many times; NaN where it is undefined."""

FIGURES: Final = ("backlog_lines", "orders_in_process", "waiting_workers", "waiting_units")
"""Figures of `Series` that a breakpoint may watch."""


@dataclass(frozen=True, slots=True)
class AtTime:
    """At a time."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class AtKind:
    """At each event of a kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class OnFigure:
    """When a figure has been above or below a value for `for_ms` without a gap."""

    figure: str
    above: bool
    value: float
    for_ms: int = FOR_MS


Breakpoint = AtTime | AtKind | OnFigure


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where, and by which."""

    at_ms: int
    by: Breakpoint


def first_stop(
    breakpoints: Sequence[Breakpoint], store: Store, values: Values | None, after_ms: int, upto_ms: int
) -> Stopped | None:
    """The first stop after one time up to another, both of the view."""
    found = [Stopped(at, b) for b in breakpoints if (at := _stop(b, store, values, after_ms, upto_ms)) is not None]
    return min(found, key=lambda stop: stop.at_ms, default=None)


def next_time(breakpoints: Sequence[Breakpoint], after_ms: int) -> int | None:
    """The next time that is not to be passed."""
    return min((b.at_ms for b in breakpoints if isinstance(b, AtTime) and b.at_ms > after_ms), default=None)


def _stop(b: Breakpoint, store: Store, values: Values | None, after_ms: int, upto_ms: int) -> int | None:
    if isinstance(b, AtTime):
        return b.at_ms if after_ms < b.at_ms <= upto_ms else None
    if isinstance(b, AtKind):
        at_ms = store.at_ms[store.rows_of(b.kind)]
        place = int(np.searchsorted(at_ms, after_ms, side="right"))
        return int(at_ms[place]) if place < len(at_ms) and at_ms[place] <= upto_ms else None
    return None if values is None else _figure_stop(b, values, after_ms, upto_ms)


def _figure_stop(b: OnFigure, values: Values, after_ms: int, upto_ms: int) -> int | None:
    """The first sample that ends `for_ms` beyond the value, where the one before did not."""
    step = max(STEP_MS, (upto_ms - after_ms) // MOST_STEPS)
    first = (after_ms // step - b.for_ms // step - 1) * step
    times = np.arange(max(first, 0), upto_ms + 1, step, dtype=np.int64)
    if not len(times):
        return None
    some = values(b.figure, times)
    with np.errstate(invalid="ignore"):
        beyond = some > b.value if b.above else some < b.value
    run = np.zeros(len(times), dtype=np.int64)
    count = 0
    for n, is_beyond in enumerate(beyond.tolist()):
        count = count + 1 if is_beyond else 0
        run[n] = count
    needed = b.for_ms // step + 1
    stops = times[(run == needed) & (times > after_ms)]
    return int(stops[0]) if len(stops) else None


def said(b: Breakpoint, language: Language, start: datetime) -> str:
    """A breakpoint in words."""
    if isinstance(b, AtTime):
        return say("break.time_is", language, time=clock(b.at_ms, start))
    if isinstance(b, AtKind):
        return say("break.kind_is", language, kind=word("event", b.kind, language))
    key = "break.metric_above" if b.above else "break.metric_below"
    digits = 0 if b.value == int(b.value) else 2
    return say(key, language, metric=word("metric", b.figure, language), value=number(b.value, digits),
               s=b.for_ms // 1000)  # fmt: skip
