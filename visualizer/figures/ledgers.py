"""Facts of the stream handed to the ledgers in order, instant by instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from visualizer.figures.labour_ledger import PARTS, LabourLedger
from visualizer.figures.order_ledger import OrderLedger
from visualizer.stored.growing import Array
from visualizer.stored.steps import Steps

FOLDED: Final[dict[str, tuple[str, ...]]] = {
    "OrderReceived": ("order", "due_ms"),
    "LinePromised": ("order", "line", "owner", "sku", "expected_units"),
    "LineShorted": ("order", "line", "units"),
    "LineCancelled": ("order", "line", "units"),
    "OrderCancelled": ("order",),
    "OrderChanged": ("order", "line", "units"),
    "LinePicked": ("order", "line", "handling_unit", "units"),
    "ExceptionReported": ("order", "line", "units", "expected_units", "reason"),
    "CartonClosed": ("origin", "handling_unit"),
    "HandlingUnitStaged": ("handling_unit",),
    "HandlingUnitLoaded": ("handling_unit", "trailer"),
    "TrailerDeparted": ("trailer", "action"),
    "UnitsTaken": ("owner", "sku", "handling_unit", "units"),
    "UnitsPlaced": ("owner", "sku", "handling_unit", "units"),
    "GoodsUnloaded": ("owner", "sku", "handling_unit", "units"),
    "UnitsLost": ("owner", "sku", "handling_unit", "units", "reason"),
    "GoodsPacked": ("origin", "handling_unit"),
    "GoodsLeft": ("handling_unit", "order"),
    "WorkerCheckedIn": ("worker", "action"),
    "WorkerCheckedOut": ("worker",),
    "BreakStarted": ("worker",),
    "BreakEnded": ("worker",),
    "WorkStarted": ("worker",),
    "WorkEnded": ("worker", "duration_ms"),
    "ServiceStarted": ("worker",),
    "ServiceEnded": ("worker", "duration_ms"),
    "WorkerBlocked": ("worker",),
    "WorkerUnblocked": ("worker", "duration_ms"),
}
"""The kinds and columns of which figures are made."""
COLUMNS: Final = tuple(dict.fromkeys(column for columns in FOLDED.values() for column in columns))
Facts = Mapping[str, Array]
"""In order: `row`, `at_ms`, `kind` and COLUMNS, names as text."""
FACTS_AT_ONCE: Final = 16
ROLE: Final = "role."
"""Before the name of a role, in the names of steps."""
_OUT: Final = "out"


class Ledgers:
    """`take` facts in order; `advance` says that all up to a time are in."""

    def __init__(self, warmup_ms: int) -> None:
        self.orders = OrderLedger(warmup_ms)
        self.labour = LabourLedger(warmup_ms)
        self._now_ms: int | None = None
        self._handlers = self._handled()

    def take(self, facts: Facts) -> None:
        """The next facts."""
        for _ in self.taking(facts):
            pass

    def taking(self, facts: Facts) -> Iterator[None]:
        """As `take`, bit by bit; no other facts before it is done."""
        kinds = facts["kind"]
        told = {}
        for kind, columns in FOLDED.items():
            mine = np.flatnonzero(kinds == kind)
            if len(mine):
                told[kind] = zip(*(facts[c][mine].tolist() for c in ("row", "at_ms", *columns)), strict=True)
        for n, (kind, at_ms) in enumerate(zip(kinds.tolist(), facts["at_ms"].tolist(), strict=True), 1):
            if n % FACTS_AT_ONCE == 0:
                yield
            if at_ms != self._now_ms:
                yield from self._moving_to(at_ms)
            work = self._handlers[kind](*next(told[kind]))
            if work is not None:
                yield from work

    def steps(self) -> dict[str, Steps]:
        """All that was found, by a name each."""
        orders = self.orders
        return {
            "cohort": orders.cohort, "open": orders.open, "left": orders.left, "lines_picked": orders.lines_picked,
            "processing_times": orders.processing_times, "cycle_times": orders.cycle_times,
            **{f"{ROLE}{role}": steps for role, steps in self.labour.roles.items()},
        }  # fmt: skip

    def extend(self, name: str, at_ms: Array, columns: Mapping[str, Array]) -> None:
        """Rows of one of `steps` that other ledgers have found."""
        if name.startswith(ROLE) and name not in self.steps():
            self.labour.roles[name.removeprefix(ROLE)] = Steps(*PARTS)
        self.steps()[name].extend(at_ms, **columns)

    def advance(self, head_ms: int) -> None:
        """All facts up to `head_ms` are in; facts that come later are later."""
        for _ in self.advancing(head_ms):
            pass

    def advancing(self, head_ms: int) -> Iterator[None]:
        """As `advance`, bit by bit; no facts before it is done."""
        if self._now_ms is None or head_ms >= self._now_ms:
            yield from self._moving_to(head_ms)
            yield from self._closing(head_ms)

    def _moving_to(self, at_ms: int) -> Iterator[None]:
        """End the instant before; what changes by itself until `at_ms` changes at its own time."""
        now = self._now_ms
        if now is not None:
            if at_ms < now:
                raise ValueError(f"a fact of {at_ms} ms came after {now} ms was over")
            yield from self._closing(now)
        while True:
            coming = min(self.orders.next_ms(), self.labour.next_ms())
            if coming >= at_ms:
                break
            yield from self._closing(coming)
        self._now_ms = at_ms

    def _closing(self, now_ms: int) -> Iterator[None]:
        yield from self.orders.closing(now_ms)
        self.labour.close(now_ms)

    def _handled(self) -> dict[str, Callable[..., Iterator[None] | None]]:
        orders, labour = self.orders, self.labour
        trail, labels = orders.trail, orders.labels

        def received(_: int, at_ms: int, order: str, due_ms: int) -> None:
            orders.received(at_ms, order, due_ms)

        def promised(_: int, __: int, order: str, line: str, owner: str, sku: str, ordered: int) -> None:
            orders.promised(order, line, (owner, sku), ordered)

        def picked(row: int, _: int, order: str, line: str, tote: str, units: int) -> None:
            orders.picked(row, order, line, tote, units)

        def closed(row: int, _: int, origin: str | None, unit: str) -> None:
            if origin is not None:
                trail.closed(row, origin, unit)

        def departed(row: int, at_ms: int, trailer: str, action: str) -> Iterator[None] | None:
            return trail.departing(row, at_ms, trailer) if action == _OUT else None

        def came(_: int, __: int, owner: str, sku: str, unit: str | None, units: int) -> None:
            labels.came(unit, (owner, sku), units)

        def placed(_: int, __: int, owner: str, sku: str, unit: str | None, units: int) -> None:
            labels.came(unit, (owner, sku), -units)

        def lost(_: int, __: int, owner: str, sku: str, unit: str | None, units: int, reason: str | None) -> None:
            labels.lost(unit, (owner, sku), units, reason)

        return {
            "OrderReceived": received,
            "LinePromised": promised,
            "LineShorted": lambda row, at_ms, *line: orders.shorted(*line),
            "LineCancelled": lambda row, at_ms, *line: orders.line_cancelled(*line),
            "OrderCancelled": lambda row, at_ms, order: orders.cancelled(order),
            "OrderChanged": lambda row, at_ms, *line: orders.changed(*line),
            "LinePicked": picked,
            "ExceptionReported": lambda row, at_ms, *told: orders.excepted(*told),
            "CartonClosed": closed,
            "HandlingUnitStaged": trail.staged,
            "HandlingUnitLoaded": lambda row, at_ms, unit, trailer: trail.loaded(row, unit, trailer),
            "TrailerDeparted": departed,
            "UnitsTaken": came,
            "UnitsPlaced": placed,
            "GoodsUnloaded": came,
            "UnitsLost": lost,
            "GoodsPacked": lambda row, at_ms, origin, unit: labels.packed(origin, unit),
            "GoodsLeft": lambda row, at_ms, unit, order: labels.gone(unit, order),
            "WorkerCheckedIn": lambda row, at_ms, worker, role: labour.came(at_ms, worker, role),
            "WorkerCheckedOut": lambda row, at_ms, worker: labour.ended(at_ms, worker, "shift"),
            "BreakStarted": lambda row, at_ms, worker: labour.began(at_ms, worker, "pause"),
            "BreakEnded": lambda row, at_ms, worker: labour.ended(at_ms, worker, "pause"),
            "WorkStarted": lambda row, at_ms, worker: labour.began(at_ms, worker, "task"),
            "WorkEnded": lambda row, at_ms, worker, ms: labour.worked(at_ms, worker, "task", ms),
            "ServiceStarted": lambda row, at_ms, worker: labour.began(at_ms, worker, "service"),
            "ServiceEnded": lambda row, at_ms, worker, ms: labour.worked(at_ms, worker, "service", ms),
            "WorkerBlocked": lambda row, at_ms, worker: labour.stands(at_ms, worker),
            "WorkerUnblocked": lambda row, at_ms, worker, ms: labour.waited(at_ms, worker, ms),
        }
