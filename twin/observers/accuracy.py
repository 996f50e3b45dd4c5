"""What truly left, against what was ordered: the floor's contents under each label beside the book's wanted units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags, grouped, positions, sums
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


class Accuracy:
    """Picking accuracy of shipped orders, and perfect orders."""

    def __init__(self, orders: OrderLives | None = None, units: UnitMoves | None = None) -> None:
        self.orders = orders or OrderLives()
        self.units = units or UnitMoves()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.orders.fold(chunk)
        self.units.fold(chunk)

    def figures(self, context: RunContext) -> Figures:
        """Accuracies over the orders of the window that were shipped."""
        lives = self.orders.lives()
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
        return {
            "order_picking_accuracy": share(int((shipped & right).sum()), int(shipped.sum())),
            "line_picking_accuracy": share(int(good_lines.sum()), int(lines.sum())),
            "unit_picking_accuracy": share(int(right_units[shipped].sum()), int(all_units[shipped].sum())),
            "perfect_order_rate": share(int(perfect.sum()), int(judged.sum())),
            "orders_wrong": int((shipped & ~right).sum()),
            "customers_hit": len(np.unique(lives.customer[shipped & ~right])),
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
        moves = self.units.moves()
        left = moves.left
        label = positions(moves.order[left], lives.order)
        known = label >= 0
        m = len(lives.line_order)
        row, shown = grouped(
            np.concatenate([lives.line_order, label[known]]),
            np.concatenate([lives.line_owner, moves.owner[left][known]]),
            np.concatenate([lives.line_sku, moves.sku[left][known]]),
        )
        size = len(shown)
        order = np.concatenate([lives.line_order, label[known]])[shown]
        units, damaged = moves.units[left][known], moves.damaged[left][known]
        return Parcels(
            order=order,
            wanted=sums(row[:m], lives.line_wanted, size),
            packed=sums(row[m:], np.where(damaged, 0, units), size),
            broken=sums(row[m:], np.where(damaged, -units, 0), size),
            line_row=row[:m],
        )
