"""Small series of a run that studies keep beside its figures: for warm-up, percentile plots, maps, time series."""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.gathered import Gathered
from twin.observers.order_lives import Lives, OrderLives
from twin.observers.order_times import OrderTimes
from twin.observers.time_parts import STATES
from twin.observers.travel import PICKER
from twin.observers.utilisation import Utilisation

PERIOD_MS = 300_000
PERIODS_MAX = 2_000
PERCENTILES = tuple(range(101))


class Traces:
    """A sink beside the observers.

    `told()` gives: `period_s`; `open_orders` (mean number of orders received and not shipped, per
    period from 0); `in_process` (the same, not staged); `lines_out` and
    `lines_picked` (per period); `processing_s` (percentiles 0 to 100 of order processing time); `visits` (picks by
    location); `travel_mm` (what pickers set out to go, by destination); `parts_s` (where
    the time went of orders received after warm-up and shipped; adds up to their mean order cycle time).
    """

    def __init__(self) -> None:
        self.picked = Gathered("LinePicked", "location")
        self.departures = Gathered("WorkerDeparted", "worker", "destination", "value")
        self.times = OrderTimes()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.picked.fold(chunk)
        self.departures.fold(chunk)
        self.times.fold(chunk)

    def told(self, orders: OrderLives, people: Utilisation, warmup_ms: int, horizon_ms: int) -> dict[str, Any]:
        """All series of a finished run, as plain JSON."""
        lives = orders.lives()
        period_ms = max(PERIOD_MS, -(-horizon_ms // PERIODS_MAX))
        picks = self.picked.columns()
        lines_out = lives.line_shipped_ms[lives.line_shipped_ms != MISSING]
        return {
            "period_s": period_ms / 1000,
            "open_orders": _rounded(still_open(lives, lives.shipped_ms, period_ms, horizon_ms)),
            "in_process": _rounded(still_open(lives, lives.processed_ms, period_ms, horizon_ms)),
            "lines_picked": _per_period(picks["at_ms"], period_ms, horizon_ms),
            "lines_out": _per_period(lines_out, period_ms, horizon_ms),
            "processing_s": _processing(lives, warmup_ms, horizon_ms),
            "visits": _by_name(picks["location"], self.picked),
            "travel_mm": self._ways(people),
            "parts_s": self._parts(warmup_ms, horizon_ms),
        }

    def _parts(self, warmup_ms: int, horizon_ms: int) -> dict[str, float]:
        times = self.times.times(horizon_ms)
        mine = (times.state == STATES.index("shipped")) & (times.received_ms >= warmup_ms)
        if not mine.any():
            return {}
        return {part: round(float(column[mine].mean()) / 1000, 6) for part, column in times.parts.items()}

    def _ways(self, people: Utilisation) -> dict[str, int]:
        """Millimetres that pickers set out to go, by destination."""
        ways = self.departures.columns()
        mine = people.in_role(PICKER)(ways["worker"], ways["at_ms"])
        where, inverse = np.unique(ways["destination"][mine], return_inverse=True)
        length = np.bincount(inverse, weights=ways["value"][mine].astype(float), minlength=len(where))
        names = self.departures.names
        return {str(names.name(int(w))): int(mm) for w, mm in zip(where, length, strict=True) if w != MISSING}


def still_open(lives: Lives, done_ms: Ints, period_ms: int, horizon_ms: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The mean number of orders received and not yet done in each whole period; cancelled orders are left out."""
    periods = horizon_ms // period_ms
    stays = ~lives.cancelled & ~lives.closed_short
    came = np.clip(lives.received_ms[stays], 0, horizon_ms)
    went = np.where(done_ms[stays] == MISSING, horizon_ms, np.clip(done_ms[stays], 0, horizon_ms))
    edges = np.arange(periods + 1, dtype=np.int64) * period_ms
    until = _time_since(came, edges) - _time_since(went, edges)
    return np.asarray(np.diff(until) / period_ms, dtype=np.float64)


def _rounded(series: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    return [round(x, 3) for x in series.tolist()]


def _time_since(moments: Ints, edges: Ints) -> np.ndarray[Any, np.dtype[np.float64]]:
    """At each edge, the sum over all moments before it of the time since."""
    ordered = np.sort(moments)
    total = np.concatenate([[0], np.cumsum(ordered)])
    count = np.searchsorted(ordered, edges)
    return np.asarray(count * edges - total[count], dtype=np.float64)


def _per_period(moments: Ints, period_ms: int, horizon_ms: int) -> list[int]:
    periods = horizon_ms // period_ms
    inside = moments[(moments >= 0) & (moments < periods * period_ms)]
    return [int(n) for n in np.bincount(inside // period_ms, minlength=periods)]


def _processing(lives: Lives, warmup_ms: int, horizon_ms: int) -> list[float]:
    of_cohort = (lives.received_ms >= warmup_ms) & (lives.received_ms < horizon_ms) & (lives.processed_ms != MISSING)
    times = (lives.processed_ms - lives.received_ms)[of_cohort] / 1000
    return [] if not len(times) else [round(float(x), 3) for x in np.percentile(times, PERCENTILES)]


def _by_name(codes: Ints, facts: Gathered) -> dict[str, int]:
    where, count = np.unique(codes[codes != MISSING], return_counts=True)
    return {str(facts.names.name(int(w))): int(n) for w, n in zip(where, count, strict=True)}
