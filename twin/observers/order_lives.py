"""The life of every order as the book tells it: asked, promised, short, picked, staged, shipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import Flags, following, latest, positions, preceding, sums

MISSING_AT_PACKING = "missing_at_packing"
NOT_PROMISED = "not_promised"


@dataclass(frozen=True, slots=True)
class Lives:
    """One row per order and one per line. Times are MISSING while they have not come."""

    order: Ints
    customer: Ints
    priority: Ints
    received_ms: Ints
    due_ms: Ints
    cancelled: Flags
    ordered_units: Ints
    shipped_units: Ints
    short_units: Ints
    processed_ms: Ints
    shipped_ms: Ints
    closed_short: Flags
    line_order: Ints
    line_owner: Ints
    line_sku: Ints
    line_ordered: Ints
    line_wanted: Ints
    line_shipped: Ints
    line_shipped_ms: Ints
    line_promised: Flags
    line_then_short: Flags


class OrderLives:
    """Gathers the book's facts about orders; `lives()` puts them together.

    A line still wants what was ordered less what was shorted or cancelled. An order is shipped when each line's wanted
    units have left; the moment is the departure of its last handling unit. Backordered units keep it open.
    """

    def __init__(self) -> None:
        self.received = Gathered("OrderReceived", "order", "customer", "due_ms", "value")
        self.promised = Gathered("LinePromised", "order", "line", "owner", "sku", "units", "expected_units")
        self.shorted = Gathered("LineShorted", "order", "line", "units", "reason")
        self.backordered = Gathered("LineBackordered", "order", "line", "reason")
        self.line_cancelled = Gathered("LineCancelled", "order", "line", "units")
        self.cancelled = Gathered("OrderCancelled", "order")
        self.changed = Gathered("OrderChanged", "order", "line", "units")
        self.picked = Gathered("LinePicked", "order", "line", "handling_unit", "units")
        self.exceptions = Gathered("ExceptionReported", "order", "line", "units", "expected_units", "reason")
        self.closed = Gathered("CartonClosed", "origin", "handling_unit")
        self.staged = Gathered("HandlingUnitStaged", "handling_unit")
        self.loaded = Gathered("HandlingUnitLoaded", "handling_unit", "trailer")
        self.departed = Gathered("TrailerDeparted", "trailer", "action")
        self._all = [v for v in vars(self).values() if isinstance(v, Gathered)]
        self._next_seq = 0
        self._known: Lives | None = None

    @property
    def names(self) -> Names:
        """The names behind the codes."""
        return self.received.names

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        if chunk.first_seq >= self._next_seq:
            self._next_seq = chunk.first_seq + chunk.size
            self._known = None
            fold_all(self._all, chunk)

    def lives(self) -> Lives:
        """All orders received so far."""
        if self._known is None:
            self._known = self._put_together()
        return self._known

    def _put_together(self) -> Lives:
        received, promised = self.received.columns(), self.promised.columns()
        orders, first = np.unique(received["order"], return_index=True)
        first = np.sort(first)
        received = {name: column[first] for name, column in received.items()}
        n = len(orders)
        key = _line_keys(promised)
        _, first_line = np.unique(key, return_index=True)
        first_line = np.sort(first_line)
        promised = {name: column[first_line] for name, column in promised.items()}
        key = key[first_line]
        line_order = positions(promised["order"], received["order"])
        m = len(key)

        shorted, cancelled = self.shorted.columns(), self.line_cancelled.columns()
        short_at, cancel_at = positions(_line_keys(shorted), key), positions(_line_keys(cancelled), key)
        short, cancel = sums(short_at, shorted["units"], m), sums(cancel_at, cancelled["units"], m)
        ordered = promised["expected_units"].copy()
        self._apply_changes(key, ordered, (shorted, short_at), (cancelled, cancel_at))
        wanted = np.maximum(0, ordered - short - cancel)

        picked = self.picked.columns()
        pick_line = positions(_line_keys(picked), key)
        staged_ms, departed_ms = self._milestones(picked)
        missing = self._missing_at_packing(key)
        shipped, line_shipped_ms = _reached(pick_line, picked["units"], departed_ms, missing, m)
        processed, line_processed_ms = _reached(pick_line, picked["units"], staged_ms, missing, m)
        shipped = np.minimum(shipped, wanted)

        some = sums(line_order, (wanted > 0).astype(np.int64), n) > 0
        unshipped = sums(line_order, ((shipped < wanted) | (wanted == 0) & (line_shipped_ms > _ONGOING)) * 0, n)
        unshipped = sums(line_order, (shipped < wanted).astype(np.int64), n) + sums(
            line_order, (line_shipped_ms == _ONGOING).astype(np.int64), n
        )
        unstaged = sums(line_order, (processed < wanted).astype(np.int64), n) + sums(
            line_order, (line_processed_ms == _ONGOING).astype(np.int64), n
        )
        lines = sums(line_order, np.ones(m, dtype=np.int64), n)
        shipped_ms = latest(line_order, line_shipped_ms, n, MISSING)
        processed_ms = latest(line_order, line_processed_ms, n, MISSING)
        gone = positions(received["order"], self.cancelled.columns()["order"]) >= 0
        return Lives(
            order=received["order"],
            customer=received["customer"],
            priority=received["value"],
            received_ms=received["at_ms"],
            due_ms=received["due_ms"],
            cancelled=gone,
            ordered_units=sums(line_order, ordered - cancel, n),
            shipped_units=sums(line_order, shipped, n),
            short_units=sums(line_order, short, n),
            processed_ms=np.where(some & (unstaged == 0), processed_ms, MISSING),
            shipped_ms=np.where(some & (unshipped == 0), shipped_ms, MISSING),
            closed_short=~some & ~gone & (lines > 0),
            line_order=line_order,
            line_owner=promised["owner"],
            line_sku=promised["sku"],
            line_ordered=ordered,
            line_wanted=wanted,
            line_shipped=shipped,
            line_shipped_ms=np.where((shipped >= wanted) & (wanted > 0), line_shipped_ms, MISSING),
            line_promised=promised["units"] > 0,
            line_then_short=self._then_short(key),
        )
