"""The life of every order as the book tells it: asked, promised, short, picked, staged, shipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import Among, Flags, Succession, latest, positions, sums

MISSING_AT_PACKING = "missing_at_packing"
NOT_PROMISED = "not_promised"
ANNOUNCED = "announced"
"""A line that was promised for goods to come waits as promised: it has not fallen short."""
LINES_TOGETHER = 1 << 14
"""So many lines are put together at a time where a figure needs no more."""


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
    line_wanted: Ints
    line_units_shipped: Ints
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

    def parts(self, lines_together: int = LINES_TOGETHER) -> Iterator[Lives]:
        """All orders received so far, each in one part, so that a long run needs no more room than a short one."""
        if self._known is not None or len(self.promised) <= lines_together:
            yield self.lives()
            return
        codes = np.unique(self.received.columns("order")["order"])
        orders = max(1, len(codes) * lines_together // len(self.promised))
        for first in range(0, len(codes), orders):
            some = codes[first : first + orders]
            yield self._put_together((int(some[0]), int(some[-1])))

    def _put_together(self, span: tuple[int, int] | None = None) -> Lives:
        received, promised = _of(self.received, span), _of(self.promised, span)
        orders, first = np.unique(received["order"], return_index=True)
        first = np.sort(first)
        received = {name: column[first] for name, column in received.items()}
        n = len(orders)
        key = _line_keys(promised)
        _, first_line = np.unique(key, return_index=True)
        first_line = np.sort(first_line)
        first_line = first_line[positions(promised["order"][first_line], received["order"]) >= 0]
        promised = {name: column[first_line] for name, column in promised.items()}
        key = key[first_line]
        line_order = positions(promised["order"], received["order"])
        m = len(key)

        shorted, cancelled = _of(self.shorted, span), _of(self.line_cancelled, span)
        short_at, cancel_at = positions(_line_keys(shorted), key), positions(_line_keys(cancelled), key)
        short, cancel = sums(short_at, shorted["units"], m), sums(cancel_at, cancelled["units"], m)
        ordered = promised["expected_units"].copy()
        again = self._apply_changes(_of(self.changed, span), key, ordered, (shorted, short_at), (cancelled, cancel_at))
        wanted = np.maximum(0, ordered - short - cancel)

        picked = _of(self.picked, span)
        pick_line = positions(_line_keys(picked), key)
        staged_ms, departed_ms = self.milestones(picked)
        lacking, of_pick = self._missing_at_packing(_of(self.exceptions, span), picked)
        left = _arrived(pick_line, picked["units"], departed_ms, (lacking, of_pick), m)
        ready = _arrived(pick_line, picked["units"], staged_ms, (lacking, of_pick), m)
        line_shipped = (left.units >= wanted) & ~left.more_to_come & (wanted > 0)
        line_ready = (ready.units >= wanted) & ~ready.more_to_come & (wanted > 0)
        shipped = np.minimum(left.units, wanted)

        wanting = sums(line_order, (wanted > 0).astype(np.int64), n)
        whole = (wanting > 0) & (sums(line_order, line_shipped.astype(np.int64), n) == wanting)
        processed = (wanting > 0) & (sums(line_order, line_ready.astype(np.int64), n) == wanting)
        short_units = sums(line_order, short, n)
        gone = positions(received["order"], _of(self.cancelled, span)["order"]) >= 0
        gone |= (wanting == 0) & (short_units == 0) & (sums(line_order, cancel, n) > 0)
        return Lives(
            order=received["order"],
            customer=received["customer"],
            priority=received["value"],
            received_ms=received["at_ms"],
            due_ms=received["due_ms"],
            cancelled=gone,
            ordered_units=sums(line_order, ordered - cancel - again, n),
            shipped_units=sums(line_order, shipped, n),
            short_units=short_units,
            processed_ms=np.where(processed & ~gone, latest(line_order, ready.at_ms, n, MISSING), MISSING),
            shipped_ms=np.where(whole & ~gone, latest(line_order, left.at_ms, n, MISSING), MISSING),
            closed_short=(wanting == 0) & (short_units > 0) & ~gone,
            line_order=line_order,
            line_owner=promised["owner"],
            line_sku=promised["sku"],
            line_wanted=wanted,
            line_units_shipped=shipped,
            line_shipped_ms=np.where(line_shipped, left.at_ms, MISSING),
            line_promised=promised["units"] > 0,
            line_then_short=self._then_short((shorted, _of(self.backordered, span)), key),
        )

    def milestones(self, picked: Columns | None = None) -> tuple[Ints, Ints]:
        """When each of `picked` (all) stood in its lane and when it left; MISSING if not yet."""
        picked = self.picked.columns() if picked is None else picked
        departed = self.departed.columns()
        closed = self.closed.those(Among(picked["handling_unit"]), "origin")
        units = Among(np.concatenate([picked["handling_unit"], closed["handling_unit"]]))
        staged, loaded = (told.those(units, "handling_unit") for told in (self.staged, self.loaded))
        out = departed["action"] == self.names.find("out")
        packing = _met(picked["handling_unit"], picked["seq"], closed["origin"], closed["seq"])
        unit = np.where(packing >= 0, _at(closed["handling_unit"], packing), picked["handling_unit"])
        seq = np.where(packing >= 0, _at(closed["seq"], packing), picked["seq"])
        stand = _met(unit, seq, staged["handling_unit"], staged["seq"])
        load = _met(unit, seq, loaded["handling_unit"], loaded["seq"])
        leave = _met(
            _at(loaded["trailer"], load), _at(loaded["seq"], load), departed["trailer"][out], departed["seq"][out]
        )
        leave = np.where(load >= 0, leave, -1)
        return _at(staged["at_ms"], stand), _at(departed["at_ms"][out], leave)

    def _missing_at_packing(self, told: Columns, picked: Columns) -> tuple[Ints, Ints]:
        """Units that a bench missed, and for each time the pick that had told of them."""
        at_bench = told["reason"] == self.names.find(MISSING_AT_PACKING)
        told = {name: column[at_bench] for name, column in told.items()}
        picks = Succession(_line_keys(picked), picked["seq"])
        before = picks.neighbour(_line_keys(told), told["seq"], after=False)
        after = picks.neighbour(_line_keys(told), told["seq"], after=True)
        return told["expected_units"] - told["units"], np.where(before >= 0, before, after)

    def _then_short(self, told: tuple[Columns, ...], key: Ints) -> Flags:
        never = [self.names.find(reason) for reason in (NOT_PROMISED, ANNOUNCED)]
        short = np.zeros(len(key), dtype=np.bool_)
        for facts in told:
            at = positions(_line_keys(facts), key)
            short[at[(at >= 0) & ~np.isin(facts["reason"], never)]] = True
        return short

    def _apply_changes(
        self, changed: Columns, key: Ints, ordered: Ints, shorted: tuple[Columns, Ints], cancelled: tuple[Columns, Ints]
    ) -> Ints:
        """A change that asks for more raises what was ordered; one that asks for less came with a LineCancelled.

        Of the raise, by line, the units that had fallen short before: they are asked for again, not ordered twice.
        """
        again = np.zeros(len(key), dtype=np.int64)
        at = positions(_line_keys(changed), key)
        for line, seq, units in zip(at.tolist(), changed["seq"].tolist(), changed["units"].tolist(), strict=True):
            if line >= 0:
                short, less = (
                    int(facts["units"][(where == line) & (facts["seq"] < seq)].sum())
                    for facts, where in (shorted, cancelled)
                )
                more = max(0, units - (ordered[line] - short - less))
                ordered[line] += more
                again[line] += min(more, short - again[line])
        return again


def _of(gathered: Gathered, span: tuple[int, int] | None) -> Columns:
    """The facts about orders whose codes lie in `span`; None: all."""
    if span is None:
        return gathered.columns()
    first, last = span
    return gathered.those(lambda order: (order >= first) & (order <= last), "order")


class _Arrived(NamedTuple):
    units: Ints
    at_ms: Ints
    more_to_come: Flags


def _arrived(line: Ints, units: Ints, at_ms: Ints, missing: tuple[Ints, Ints], size: int) -> _Arrived:
    """By line: the units of picks that reached a milestone, when the last did, and whether some did not yet.

    `missing`: units that were not in the tote after all, and whose pick they were.
    """
    lacking, of_pick = missing
    units = np.maximum(0, units - sums(of_pick, lacking, len(units)))
    there = at_ms != MISSING
    came = sums(line[there], units[there], size)
    last = latest(line[there], at_ms[there], size, MISSING)
    return _Arrived(came, last, sums(line[~there], units[~there], size) > 0)


def _met(keys: Ints, seq: Ints, of_keys: Ints, of_seq: Ints) -> Ints:
    """The fact of the same handling unit that follows; else, where the book heard late, the one before."""
    facts = Succession(of_keys, of_seq)
    after = facts.neighbour(keys, seq, after=True)
    return np.where(after >= 0, after, facts.neighbour(keys, seq, after=False))


def _at(values: Ints, places: Ints) -> Ints:
    """Values at places, MISSING at -1."""
    if not len(values):
        return np.full(len(places), MISSING, dtype=np.int64)
    return np.where(places >= 0, values[places], MISSING)


def _line_keys(facts: Columns) -> Ints:
    """A line's id is its own within its order: both in one number."""
    return facts["order"] * 2**31 + facts["line"]
