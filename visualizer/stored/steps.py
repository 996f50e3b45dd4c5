"""Whole numbers that stand until they change: their history as rows, their values at any time by one search."""

from __future__ import annotations

from typing import Final

import numpy as np

from visualizer.stored.growing import Array, Growing

NEVER: Final = 2**62
"""Later than any time."""


class Steps:
    """Rows of values, each valid from its time on; all are 0 before the first. The last row of one time counts."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self._at_ms = Growing(np.int64)
        self._columns = {name: Growing(np.int64) for name in names}
        self._last: tuple[int, ...] = (0,) * len(names)
        self._fresh: list[tuple[int, ...]] = []

    def __len__(self) -> int:
        return len(self._at_ms) + len(self._fresh)

    @property
    def at_ms(self) -> Array:
        """When each row begins."""
        self._settle()
        return self._at_ms.values

    @property
    def nbytes(self) -> int:
        """Memory held."""
        self._settle()
        return self._at_ms.nbytes + sum(column.nbytes for column in self._columns.values())

    def put(self, at_ms: int, values: tuple[int, ...]) -> None:
        """These values from `at_ms` on, if they are other than those before; times never fall."""
        if values != self._last:
            self._last = values
            self._fresh.append((at_ms, *values))

    def extend(self, at_ms: Array, **columns: Array) -> None:
        """Many rows behind the last."""
        self._settle()
        if len(at_ms):
            self._at_ms.extend(at_ms)
            for name, column in self._columns.items():
                column.extend(columns[name])
            self._last = tuple(int(column.values[-1]) for column in self._columns.values())

    def since(self, row: int) -> tuple[Array, dict[str, Array]]:
        """Times and values from a row on, to `extend` others by."""
        return self.at_ms[row:], {name: column.values[row:] for name, column in self._columns.items()}

    def rows(self, times_ms: Array) -> Array:
        """The row valid at each time; -1 before the first."""
        found: Array = np.searchsorted(self.at_ms, times_ms, side="right") - 1
        return found

    def take(self, name: str, rows: Array) -> Array:
        """One value of each row; 0 at row -1."""
        if not len(self):
            return np.zeros(len(rows), dtype=np.int64)
        self._settle()
        values: Array = np.where(rows >= 0, self._columns[name].values[rows], 0)
        return values

    def at(self, name: str, times_ms: Array) -> Array:
        """One value at each time."""
        return self.take(name, self.rows(times_ms))

    def _settle(self) -> None:
        """Rows put one by one become columns when somebody looks."""
        if self._fresh:
            rows = np.array(self._fresh, dtype=np.int64)
            self._fresh.clear()
            self._at_ms.extend(rows[:, 0])
            for i, column in enumerate(self._columns.values(), start=1):
                column.extend(rows[:, i])
