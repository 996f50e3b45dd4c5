"""Congestion as a field over the floor: passes, waiting seconds, or how many wait, on a grid of 180 x 114.

Volume: movements that set out in the window, each counted once in every square its way crosses. Waiting: seconds that
workers stood waiting or blocked, where they stood. Both per minute of the window. Backlog: how many wait at the
instant: workers where they stand and, for all roles together, units before stations. Sums are exact; what is shown is
spread a little around each square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualizer.camera import Bounds
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import Moment
from visualizer.stored.passes import Passes
from visualizer.stored.standing import Standing
from visualizer.stored.tracks import place_of
from visualizer.view import Heat

GRID = (180, 114)
"""Squares from left to right, and from bottom to top."""
LUMP = 16_384
"""Movements between two sums that are kept for good; some `RECENT` ones are kept beside them for what plays on."""
RECENT = 6
SPREAD = {"volume": 1, "waiting": 2, "backlog": 2}
_KERNEL = (0.25, 0.6, 1.0, 0.6, 0.25)


@dataclass(frozen=True, slots=True)
class Field:
    """A value per square [x, y], and the one at which the scale of colours ends."""

    values: Array
    top: float


class HeatField:
    """Sums of a store over a floor; a pure function of the store, the time and what is asked."""

    def __init__(self, store: Store, bounds: Bounds) -> None:
        self._store = store
        self.bounds = bounds
        self._passes = Passes(store)
        self._standing = Standing(store, self._passes)
        self._kept: dict[str | None, list[Array]] = {}
        self._recent: dict[str | None, list[tuple[int, Array]]] = {}

    def field(self, kind: Heat, moment: Moment, window_ms: int, role: str | None = None) -> Field:
        """What is shown: the sums, spread, with the end of the scale."""
        raw = self.sums(kind, moment, window_ms, role)
        shown = raw
        for _ in range(SPREAD[kind]):
            shown = spread(shown)
        if SPREAD[kind] and shown.max() > 0:
            shown = shown * (raw.max() / shown.max())
        return Field(shown, _round_top(shown))

    def sums(self, kind: Heat, moment: Moment, window_ms: int, role: str | None = None) -> Array:
        """The sums themselves: passes or seconds per minute, or how many wait."""
        if kind == "backlog":
            return self._backlog(moment, role)
        at_ms = moment.at_ms
        start_ms = int(self._store.at_ms[0]) if len(self._store) else 0
        after_ms = at_ms - window_ms if window_ms and at_ms - window_ms > start_ms else None
        minutes = max(at_ms - (start_ms if after_ms is None else after_ms), 60_000) / 60_000
        if kind == "volume":
            return self._volume(after_ms, moment.row, role) / minutes
        parts = [self._standing.closed(after_ms, at_ms), self._standing.open(after_ms, at_ms, moment.row)]
        who, x, y, lasted_ms = (np.concatenate(some) for some in zip(*parts, strict=True))
        mine = self._plays(role)[who]
        return self._at(x[mine], y[mine], lasted_ms[mine] / 1000) / minutes

    # --- parts ------------------------------------------------------------------------------------------------

    def _plays(self, role: str | None) -> Array:
        roles = self._store.role
        return np.ones(len(roles), dtype=bool) if role is None else np.array([r == role for r in roles], dtype=bool)

    def _squares(self, x: Array, y: Array) -> tuple[Array, Array]:
        left, bottom, right, top = self.bounds
        i = np.floor((x - left) / (right - left) * GRID[0]).astype(np.int64).clip(0, GRID[0] - 1)
        j = np.floor((y - bottom) / (top - bottom) * GRID[1]).astype(np.int64).clip(0, GRID[1] - 1)
        return i, j

    def _at(self, x: Array, y: Array, weights: Array) -> Array:
        i, j = self._squares(x, y)
        found = np.bincount(i * GRID[1] + j, weights=weights, minlength=GRID[0] * GRID[1])
        return found.astype(np.float64).reshape(GRID)  # of no values at all the count is whole

    def _backlog(self, moment: Moment, role: str | None) -> Array:
        who, x, y, _ = self._standing.open(None, moment.at_ms, moment.row)
        mine = self._plays(role)[who]
        found = self._at(x[mine], y[mine], np.ones(int(mine.sum())))
        if role is None and moment.queues:
            at = np.array([station.at for station in self._store.ground.stations])
            found += self._at(at[:, 0], at[:, 1], np.array([q.waiting for q in moment.queues], dtype=np.float64))
        return found

    def _volume(self, after_ms: int | None, row: int, role: str | None) -> Array:
        rows = self._store.place.row.values
        end = place_of(rows, row, "right")
        start = 0
        if after_ms is not None:
            start = place_of(rows, self._store.row_at(after_ms), "right")
        return self._walked_upto(end, role) - self._walked_upto(start, role)

    def _walked_upto(self, end: int, role: str | None) -> Array:
        """Whole numbers, so that it does not matter from which of the kept sums one goes on."""
        kept = self._kept.setdefault(role, [np.zeros(GRID)])
        while len(kept) <= end // LUMP:
            kept.append(kept[-1] + self._walked((len(kept) - 1) * LUMP, len(kept) * LUMP, role))
        recent = self._recent.setdefault(role, [])
        before = [(at, sums) for at, sums in recent if end // LUMP * LUMP <= at <= end]
        at, sums = max(before, key=lambda one: one[0], default=(end // LUMP * LUMP, kept[end // LUMP]))
        if at < end:
            sums = sums + self._walked(at, end, role)
            recent.append((end, sums))
            del recent[:-RECENT]
        return sums

    def _walked(self, start: int, end: int, role: str | None) -> Array:
        """How often each square was crossed by the movements between two places of the track."""
        places = np.arange(start, end)
        if role is not None:
            places = places[self._plays(role)[self._store.place.entity.values[start:end]]]
        if not len(places):
            return np.zeros(GRID)
        legs = self._passes.legs(places)
        i0, j0 = self._squares(legs.leg[:, 0], legs.leg[:, 1])
        i1, j1 = self._squares(legs.leg[:, 2], legs.leg[:, 3])
        straight_up, straight_on = i0 == i1, (j0 == j1) & (i0 != i1)
        up, on = np.zeros((GRID[0], GRID[1] + 1)), np.zeros((GRID[0] + 1, GRID[1]))
        i, low, high = i0[straight_up], np.minimum(j0, j1)[straight_up], np.maximum(j0, j1)[straight_up]
        np.add.at(up, (i, low), legs.times[straight_up])
        np.add.at(up, (i, high + 1), -legs.times[straight_up])
        j, low, high = j0[straight_on], np.minimum(i0, i1)[straight_on], np.maximum(i0, i1)[straight_on]
        np.add.at(on, (low, j), legs.times[straight_on])
        np.add.at(on, (high + 1, j), -legs.times[straight_on])
        found: Array = np.cumsum(up, axis=1)[:, :-1] + np.cumsum(on, axis=0)[:-1]
        for k in np.flatnonzero(~straight_up & ~straight_on).tolist():
            found += self._aslant(legs.leg[k]) * legs.times[k]
        ji, jj = self._squares(legs.joint[:, 0], legs.joint[:, 1])
        np.subtract.at(found, (ji, jj), legs.joint_times)
        return found

    def _aslant(self, leg: Array) -> Array:
        """The squares that a slanted leg crosses, once each, sampled four to a square."""
        left, bottom, right, top = self.bounds
        size = max(abs(leg[2] - leg[0]) / (right - left) * GRID[0], abs(leg[3] - leg[1]) / (top - bottom) * GRID[1])
        share = np.linspace(0.0, 1.0, int(size * 4) + 2)
        i, j = self._squares(leg[0] + (leg[2] - leg[0]) * share, leg[1] + (leg[3] - leg[1]) * share)
        found = np.zeros(GRID)
        found[i, j] = 1
        return found


def spread(field: Array) -> Array:
    """Each square's value into its neighbours, fainter."""
    out = np.zeros_like(field)
    for axis in (0, 1):
        source, out = (field if axis == 0 else out), np.zeros_like(field)
        half = len(_KERNEL) // 2
        for k, weight in enumerate(_KERNEL):
            step = k - half
            moved = np.roll(source, step, axis=axis)
            edge = [slice(None), slice(None)]
            if step:
                edge[axis] = slice(0, step) if step > 0 else slice(step, None)
                moved[tuple(edge)] = 0
            out += weight * moved
    return out


def _round_top(values: Array) -> float:
    """The end of the scale: a round number near what the fullest squares reach."""
    there = values[values > 0]
    if not len(there):
        return 1.0
    high = float(np.quantile(there, 0.995))
    power = 10.0 ** np.floor(np.log10(high)) if high > 0 else 1.0
    return float(next((m * power for m in (1, 2, 3, 4, 5, 6, 8, 10) if m * power >= high * 0.85), 10 * power))
