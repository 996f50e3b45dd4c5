"""Median and percentiles of times that are counted, and now and then not counted any more, at any instant.

Values come and go as steps. What was counted is kept in order at every `KEYFRAME_ROWS` rows; what came since the last
place asked about is few, so that the n-th smallest is found by bisection over whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

import numpy as np

from visualizer.stored.growing import Array
from visualizer.stored.steps import Steps

COLUMNS: Final = ("nth", "ms", "by")
"""A number of its own, the time, and 1 where it is counted from then on, -1 where no longer."""
KEYFRAME_ROWS: Final = 65_536
NEAR_ROWS: Final = 1024
_NONE: Array = np.empty(0, dtype=np.int64)


class Spread:
    """Reads steps of COLUMNS. A pure function of them and the time; what it keeps only saves work."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._keyframes: list[Array] = [_NONE]
        self._near: tuple[int, Array] = (0, _NONE)
        self._said: tuple[int, tuple[float, ...], list[float]] = (-1, (), [])

    def quantiles_s(self, shares: Sequence[float], at_ms: int) -> list[float]:
        """Quantiles in seconds, linear between neighbours; NaN over nothing."""
        end = int(np.searchsorted(self._steps.at_ms, at_ms, side="right"))
        if self._said[:2] == (end, tuple(shares)):
            return self._said[2]
        base = self._base(end)
        plus, minus = self._between(self._near[0], end)
        count = len(base) + len(plus) - len(minus)
        if not count:
            return [float("nan")] * len(shares)
        found = []
        for share in shares:
            place = (count - 1) * share
            low = floor(place)
            a = _nth(low, base, plus, minus)
            b = a if low + 1 >= count else _nth(low + 1, base, plus, minus)
            found.append((a + (b - a) * (place - low)) / 1000)
        self._said = (end, tuple(shares), found)
        return found

    def _base(self, end: int) -> Array:
        """What was counted at a row a little before `end`, in order."""
        row, base = self._near
        if not 0 <= end - row <= NEAR_ROWS:
            frame = end // KEYFRAME_ROWS
            while len(self._keyframes) <= frame:
                done = (len(self._keyframes) - 1) * KEYFRAME_ROWS
                self._keyframes.append(self._counted(self._keyframes[-1], done, done + KEYFRAME_ROWS))
            row = end // NEAR_ROWS * NEAR_ROWS
            base = self._counted(self._keyframes[frame], frame * KEYFRAME_ROWS, row)
            self._near = (row, base)
        return base

    def _counted(self, before: Array, start: int, end: int) -> Array:
        plus, minus = self._between(start, end)
        found = np.sort(np.concatenate([before, plus]), kind="stable")
        if not len(minus):
            return found
        nth = np.arange(len(minus)) - np.searchsorted(minus, minus)  # of equal times each takes another
        return np.delete(found, np.searchsorted(found, minus) + nth)

    def _between(self, start: int, end: int) -> tuple[Array, Array]:
        """What came and what went between two rows, each in order."""
        rows = np.arange(start, end)
        times, by = self._steps.take("ms", rows), self._steps.take("by", rows)
        return np.sort(times[by > 0]), np.sort(times[by < 0])


def _nth(n: int, base: Array, plus: Array, minus: Array) -> int:
    """The n-th smallest, from 0, of what is in `base` and `plus` and not in `minus`."""
    there = [int(part[0]) for part in (base, plus) if len(part)], [int(part[-1]) for part in (base, plus) if len(part)]
    low, high = min(there[0]), max(there[1])
    while low < high:
        middle = (low + high) // 2
        upto = sum(sign * int(np.searchsorted(part, middle, side="right")) for sign, part in ((1, base), (1, plus), (-1, minus)))  # noqa: E501 # fmt: skip
        if upto > n:
            high = middle
        else:
            low = middle + 1
    return low
