"""Two runs' orders side by side: the difference of their mean times, parted among the parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Ints
from twin.observers.order_times import Times
from twin.observers.time_parts import PARTS, STATES


@dataclass(frozen=True, slots=True)
class Compared:
    """Orders that left in both runs, by row of each; `change_ms` of their time and, by name, of each part, as columns.

    What a part changed by, added over all parts, is what the time changed by: for each order and for their sum.
    """

    names: list[str]
    rows_a: Ints
    rows_b: Ints
    whole_a_ms: Ints
    whole_b_ms: Ints
    change_ms: Ints
    parts_a_ms: dict[str, Ints]
    parts_b_ms: dict[str, Ints]
    only_a: int
    only_b: int

    @property
    def orders(self) -> int:
        """How many are compared."""
        return len(self.names)

    def change_of(self, part: str) -> Ints:
        """What a part changed by, order by order."""
        return self.parts_b_ms[part] - self.parts_a_ms[part]

    def most_changed(self, count: int) -> list[int]:
        """Those whose time changed most, by their place; ties by name."""
        rank = sorted(range(self.orders), key=lambda i: (-abs(int(self.change_ms[i])), self.names[i]))
        return rank[:count]

    def most_changed_part(self, i: int) -> str:
        """The part that changed most in an order."""
        return max(PARTS, key=lambda part: abs(int(self.change_of(part)[i])))


def compare(a: Times, b: Times, warmup_ms: int = 0) -> Compared:
    """Match the orders that were received after the warm-up and left, by name."""
    left_a, left_b = _left(a, warmup_ms), _left(b, warmup_ms)
    both = sorted(left_a.keys() & left_b.keys())
    rows_a = np.array([left_a[name] for name in both], dtype=np.int64)
    rows_b = np.array([left_b[name] for name in both], dtype=np.int64)
    whole_a, whole_b = a.whole_ms[rows_a], b.whole_ms[rows_b]
    return Compared(
        both, rows_a, rows_b, whole_a, whole_b, whole_b - whole_a,
        {part: a.parts[part][rows_a] for part in PARTS}, {part: b.parts[part][rows_b] for part in PARTS},
        len(left_a) - len(both), len(left_b) - len(both),
    )  # fmt: skip


def _left(times: Times, warmup_ms: int) -> dict[str, int]:
    rows = np.flatnonzero((times.state == STATES.index("shipped")) & (times.received_ms >= warmup_ms))
    return {times.names.table[code]: row for code, row in zip(times.order[rows].tolist(), rows.tolist(), strict=True)}
