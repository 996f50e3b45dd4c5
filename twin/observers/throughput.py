"""How much came through: orders, lines, units, and per hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags
from twin.observers.order_lives import Lives, OrderLives
from twin.observers.run_context import Figures, RunContext, share


class Count(NamedTuple):
    """What came through, of one part of the orders; `*_left`: in the window, whenever they were received."""

    received: int
    shipped: int
    unfinished: int
    lines: int
    units: int
    orders_left: int
    lines_left: int


class Throughput:
    """Counts of orders received in the window, and rates of what left in the window."""

    def __init__(self, orders: OrderLives | None = None) -> None:
        self.orders = orders or OrderLives()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.orders.fold(chunk)

    def count(self, lives: Lives, context: RunContext) -> Count:
        """The counts of these orders."""
        mine = in_cohort(lives, context)
        shipped = mine & (lives.shipped_ms != MISSING)
        unfinished = mine & ~shipped & ~lives.cancelled & ~lives.closed_short
        my_lines = mine[lives.line_order]
        return Count(
            int(mine.sum()), int(shipped.sum()), int(unfinished.sum()),
            int((my_lines & (lives.line_shipped_ms != MISSING)).sum()), int(lives.line_units_shipped[my_lines].sum()),
            *left_in_window(lives, context),
        )  # fmt: skip

    def figures(self, context: RunContext, counts: Sequence[Count] | None = None) -> Figures:
        """The counts and rates; `counts` if those of all parts are known."""
        if counts is None:
            counts = [self.count(lives, context) for lives in self.orders.parts()]
        total = Count(*map(sum, zip(*counts, strict=True)))
        return {
            "orders_received": total.received,
            "orders_shipped": total.shipped,
            "orders_unfinished": total.unfinished,
            "lines_shipped": total.lines,
            "units_shipped": total.units,
            "throughput_lines_per_h": share(total.lines_left, context.window_h),
            "throughput_orders_per_h": share(total.orders_left, context.window_h),
        }


def in_cohort(lives: Lives, context: RunContext) -> Flags:
    """The orders that count: received between warm-up and horizon."""
    return (lives.received_ms >= context.warmup_ms) & (lives.received_ms < context.horizon_ms)


def left_in_window(lives: Lives, context: RunContext) -> tuple[int, int]:
    """Orders and lines that left whole between warm-up and horizon, whenever they were received."""
    orders, lines = (_in_window(at_ms, context) for at_ms in (lives.shipped_ms, lives.line_shipped_ms))
    return orders, lines


def _in_window(at_ms: Ints, context: RunContext) -> int:
    return int(((at_ms >= context.warmup_ms) & (at_ms <= context.horizon_ms) & (at_ms != MISSING)).sum())
