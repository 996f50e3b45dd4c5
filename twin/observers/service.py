"""How well customers were served: times, on time, complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags
from twin.observers.order_lives import Lives, OrderLives
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.throughput import in_cohort


class Served(NamedTuple):
    """How one part of the orders was served: times of those processed and of those shipped, and counts."""

    processing_ms: Ints
    priority: Ints
    cycle_ms: Ints
    due: int
    kept: int
    shipped_units: int
    ordered_units: int
    lines: int
    then_short: int


class Service:
    """Times over orders finished by the horizon; shares over orders that were due."""

    def __init__(self, orders: OrderLives | None = None) -> None:
        self.orders = orders or OrderLives()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.orders.fold(chunk)

    def served(self, lives: Lives, context: RunContext) -> Served:
        """Times and counts of these orders."""
        mine = in_cohort(lives, context)
        processed = mine & (lives.processed_ms != MISSING)
        shipped = mine & (lives.shipped_ms != MISSING)
        due = is_due(lives, context) & mine
        judged = mine & ~lives.cancelled & (due | shipped | lives.closed_short)
        my_lines = mine[lives.line_order] & lives.line_promised
        return Served(
            (lives.processed_ms - lives.received_ms)[processed], lives.priority[processed],
            (lives.shipped_ms - lives.received_ms)[shipped], int(due.sum()), int((due & on_time(lives)).sum()),
            int(lives.shipped_units[judged].sum()), int(lives.ordered_units[judged].sum()),
            int(my_lines.sum()), int((my_lines & lives.line_then_short).sum()),
        )  # fmt: skip

    def figures(self, context: RunContext, parts: Sequence[Served] | None = None) -> Figures:
        """Order times and service shares; `parts` if they are known."""
        if parts is None:
            parts = [self.served(lives, context) for lives in self.orders.parts()]
        processing_ms, priority, cycle_ms = (np.concatenate([p[i] for p in parts]) for i in range(3))
        due, kept, shipped_units, ordered_units, lines, short = (sum([int(p[i]) for p in parts]) for i in range(3, 9))
        by_priority: Figures = {}
        for one in np.unique(priority).tolist():
            by_priority[str(one)] = {**spread_s(processing_ms[priority == one])}
        return {
            **_named("order_processing_time", spread_s(processing_ms)),
            "order_processing_time_by_priority": by_priority,
            **_named("order_cycle_time", spread_s(cycle_ms)),
            "on_time_shipment": share(kept, due),
            "orders_late": due - kept,
            "fill_rate": share(shipped_units, ordered_units),
            "ordered_then_short": share(short, lines),
        }


def is_due(lives: Lives, context: RunContext) -> Flags:
    """Orders that ought to have left by the horizon."""
    due: Flags = (lives.due_ms != MISSING) & (lives.due_ms <= context.horizon_ms) & ~lives.cancelled
    return due


def on_time(lives: Lives) -> Flags:
    """Orders that left whole, by their due time if they have one."""
    kept: Flags = (lives.shipped_ms != MISSING) & ((lives.due_ms == MISSING) | (lives.shipped_ms <= lives.due_ms))
    return kept


def spread_s(times_ms: Ints) -> dict[str, float | None]:
    """Mean, median and 95th percentile in seconds (linear interpolation); undefined over nothing."""
    if not len(times_ms):
        return {"mean_s": None, "p50_s": None, "p95_s": None}
    p50, p95 = np.quantile(times_ms, (0.5, 0.95), method="linear")
    return {"mean_s": float(times_ms.mean()) / 1000, "p50_s": float(p50) / 1000, "p95_s": float(p95) / 1000}


def _named(what: str, spread: dict[str, float | None]) -> Figures:
    return {f"{what}_{name}": value for name, value in spread.items()}
