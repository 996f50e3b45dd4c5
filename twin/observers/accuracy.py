"""What truly left, against what was ordered: the floor's contents under each label beside the book's wanted units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags, grouped, sums
from twin.observers.order_lives import Lives, OrderLives
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.service import is_due, on_time
from twin.observers.throughput import in_cohort
from twin.observers.unit_moves import UnitMoves


class Parcels(NamedTuple):
    """One row per (order, owner, SKU): units wanted, units put under the label of the order, units of them broken."""

    order: Ints
    wanted: Ints
    packed: Ints
    broken: Ints
    line_row: Ints


class Judged(NamedTuple):
    """What is told of the accuracy of one part of the orders."""

    customers_hit: Ints
    shipped: int
    right: int
    lines: int
    good_lines: int
    units: int
    right_units: int
    judged: int
    perfect: int


class Accuracy:
    """Picking accuracy of shipped orders, and perfect orders."""

    def __init__(self, orders: OrderLives | None = None, units: UnitMoves | None = None) -> None:
        self.orders = orders or OrderLives()
        self.units = units or UnitMoves()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.orders.fold(chunk)
        self.units.fold(chunk)

    def judged(self, lives: Lives, context: RunContext) -> Judged:
        """The counts of these orders."""
        n = len(lives.order)
        parcels = self.parcels(lives)
        wrong = parcels.wanted != parcels.packed
        right = sums(parcels.order, wrong.astype(np.int64), n) == 0
        whole = sums(parcels.order, parcels.broken, n) == 0

        mine = in_cohort(lives, context) & ~lives.cancelled
        shipped = mine & (lives.shipped_ms != MISSING)
        lines = shipped[lives.line_order] & (lives.line_wanted > 0)
        good_lines = lines & ~wrong[parcels.line_row]
        right_units = sums(parcels.order, np.minimum(parcels.wanted, parcels.packed), n)
        all_units = np.maximum(sums(parcels.order, parcels.wanted, n), sums(parcels.order, parcels.packed, n))
        then_short = sums(lives.line_order, lives.line_then_short.astype(np.int64), n) > 0
        complete = (lives.short_units == 0) & ~then_short
        perfect = shipped & right & whole & complete & on_time(lives)
        judged = shipped | (mine & (is_due(lives, context) | lives.closed_short))
        return Judged(
            np.unique(lives.customer[shipped & ~right]), int(shipped.sum()), int((shipped & right).sum()),
            int(lines.sum()), int(good_lines.sum()), int(all_units[shipped].sum()), int(right_units[shipped].sum()),
            int(judged.sum()), int(perfect.sum()),
        )  # fmt: skip

    def figures(self, context: RunContext, parts: Sequence[Judged] | None = None) -> Figures:
        """Accuracies over the orders of the window that were shipped; `parts` if they are known."""
        if parts is None:
            parts = [self.judged(lives, context) for lives in self.orders.parts()]
        shipped, right, lines, good, units, right_units, judged, perfect = (
            sum([int(p[i]) for p in parts]) for i in range(1, 9)
        )
        return {
            "order_picking_accuracy": share(right, shipped),
            "line_picking_accuracy": share(good, lines),
            "unit_picking_accuracy": share(right_units, units),
            "perfect_order_rate": share(perfect, judged),
            "orders_wrong": shipped - right,
            "customers_hit": len(np.unique(np.concatenate([p.customers_hit for p in parts]))),
        }

    def right_orders(self) -> Flags:
        """For each order of the lives, whether what was packed under its label is just what it wants."""
        lives = self.orders.lives()
        parcels = self.parcels(lives)
        wrong = (parcels.wanted != parcels.packed).astype(np.int64)
        right: Flags = sums(parcels.order, wrong, len(lives.order)) == 0
        return right

    def parcels(self, lives: Lives) -> Parcels:
        """Wanted and packed units side by side. What broke on the way was picked right, and counts as broken."""
        packed = self.units.under(lives.order)
        m = len(lives.line_order)
        row, shown = grouped(
            np.concatenate([lives.line_order, packed.order]),
            np.concatenate([lives.line_owner, packed.owner]),
            np.concatenate([lives.line_sku, packed.sku]),
        )
        size = len(shown)
        order = np.concatenate([lives.line_order, packed.order])[shown]
        units, damaged = packed.units, packed.damaged
        return Parcels(
            order=order,
            wanted=sums(row[:m], lives.line_wanted, size),
            packed=sums(row[m:], np.where(damaged, 0, units), size),
            broken=sums(row[m:], np.where(damaged, -units, 0), size),
            line_row=row[:m],
        )
