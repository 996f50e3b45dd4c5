"""The life of every order, kept up to date fact by fact: what figures need of it, at each instant.

The same rules as `twin.observers.order_lives`, `service` and `accuracy`, which put whole runs together; a test holds
the two against each other at random times.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Final

from twin.events.columns import MISSING
from visualizer.figures.order_lines import COHORT, Line, Order
from visualizer.figures.pick_trail import PickTrail
from visualizer.figures.spread import COLUMNS as SPREAD
from visualizer.figures.under_labels import Goods, UnderLabels
from visualizer.stored.steps import NEVER, Steps

OPEN: Final = ("in_process", "open_lines", "overdue", "overdue_since_ms")
"""Sums over all orders received before the time asked for; when the first of those overdue was due, 0 for none."""
LEFT: Final = ("orders_left", "lines_left")
"""What left whole since the warm-up."""
_PROCESSED, _PROCESSING, _SHIPPED, _CYCLE = map(COHORT.index, ("processed", "processing_ms", "shipped", "cycle_ms"))
KEPT_AT_ONCE: Final = 8
"""Orders made small at the end of one instant."""
LINES_AT_ONCE: Final = 64
ORDERS_AT_ONCE: Final = 32
"""Brought up to date at once; each takes some microseconds."""
_MISSING_AT_PACKING: Final = "missing_at_packing"


class OrderLedger:
    """Facts in, with their number and time; `close` ends an instant and writes what changed as steps."""

    def __init__(self, warmup_ms: int) -> None:
        self.warmup_ms = warmup_ms
        self.cohort, self.open, self.left = Steps(*COHORT), Steps(*OPEN), Steps(*LEFT)
        self.lines_picked = Steps("lines")
        self.processing_times, self.cycle_times = Steps(*SPREAD), Steps(*SPREAD)
        """The times of which `processed`, `processing_ms` and `shipped`, `cycle_ms` of the cohort are the sums."""
        self._times: list[tuple[Steps, int, int]] = []
        self._timed = 0
        self.trail = PickTrail(self._touch)
        self.labels = UnderLabels(self._packed)
        self._orders: dict[str, Order] = {}
        self._done: dict[str, bytes] = {}
        self._goods: dict[Goods, Goods] = {}
        self._over: deque[Order] = deque()
        self._dirty_lines: dict[Line, None] = {}
        self._dirty: dict[Order, None] = {}
        self._coming: list[tuple[int, int, Order, bool]] = []
        self._came = 0
        self._cohort, self._open = [0] * len(COHORT), [0, 0, 0]
        self._overdue: list[tuple[int, int, Order]] = []
        self._orders_left = self._lines_left = self._picked = self._picked_before = 0

    # --- facts ------------------------------------------------------------------------------------------------

    def received(self, at_ms: int, order: str, due_ms: int) -> None:
        """An order came. It counts in figures of later times, and as due from its due time on."""
        hand = self._order(order)
        if hand.received_ms != MISSING:
            return
        hand.received_ms, hand.due_ms = at_ms, due_ms
        self._expect(at_ms + 1, hand, False)
        if due_ms != MISSING:
            self._expect(due_ms, hand, True)
        self._dirty[hand] = None
        for line in hand.lines.values():
            self._dirty_lines[line] = None

    def promised(self, order: str, line: str, goods: Goods, ordered: int) -> None:
        """A line was promised."""
        self._line(order, line).promise(self._goods.setdefault(goods, goods), ordered)

    def shorted(self, order: str, line: str, units: int) -> None:
        """Units of a line that no stock serves."""
        self._line(order, line).short += units

    def line_cancelled(self, order: str, line: str, units: int) -> None:
        """Units of a line are not wanted any more."""
        self._line(order, line).cancelled += units

    def cancelled(self, order: str) -> None:
        """An order is not wanted any more."""
        hand = self._order(order)
        hand.cancelled = True
        self._dirty[hand] = None

    def changed(self, order: str, line: str, units: int) -> None:
        """Another number of units is wanted."""
        self._line(order, line).change(units)

    def picked(self, seq: int, order: str, line: str, tote: str, units: int) -> None:
        """Units were confirmed as picked."""
        found = self._line(order, line, touched=False)
        if found.part[1] or found.part[2]:
            self._dirty_lines[found] = None  # it was whole, and is not while this pick is under way
        pick = found.pick(units)
        if units > 0 and not found.is_picked:
            found.is_picked = True
            self._picked += 1
        self.trail.picked(seq, tote, pick)

    def excepted(self, order: str | None, line: str | None, units: int, expected: int, reason: str | None) -> None:
        """Goods were not there; at the bench they lack in what was picked."""
        if reason == _MISSING_AT_PACKING and order is not None and line is not None:
            self._line(order, line).misses(expected - units)

    # --- instants ---------------------------------------------------------------------------------------------

    def next_ms(self) -> int:
        """When something changes without a fact: an order begins to count, or is due; NEVER if nothing will."""
        return self._coming[0][0] if self._coming else NEVER

    def close(self, now_ms: int) -> None:
        """All facts up to `now_ms` are in: write what figures are from then on."""
        for _ in self.closing(now_ms):
            pass

    def closing(self, now_ms: int) -> Iterator[None]:
        """As `close`, bit by bit: a truck takes hundreds of orders at once. Nothing is written before the end."""
        while self._coming and self._coming[0][0] <= now_ms:
            _, _, order, is_due = heappop(self._coming)
            if is_due:
                order.is_due = True
            else:
                order.seen = True
            self._dirty[order] = None
        if not (self._dirty_lines or self._dirty or self._over or self._picked != self._picked_before):
            return
        if self._dirty_lines:
            for n, line in enumerate(self._dirty_lines, 1):
                if n % LINES_AT_ONCE == 0:
                    yield
                if line.promised and line.order.received_ms != MISSING:
                    before, at = line.part, (line.left_ms, line.ready_ms)
                    self._lines_left += line.refresh(self.warmup_ms)
                    if line.part is not before or at != (line.left_ms, line.ready_ms):
                        self._dirty[line.order] = None
            self._dirty_lines.clear()
        if self._dirty:
            for n, order in enumerate(self._dirty, 1):
                if n % ORDERS_AT_ONCE == 0:
                    yield
                if order.received_ms != MISSING:
                    self._refresh(order)
            self._dirty.clear()
            for steps, ms, by in self._times:
                self._timed += 1
                steps.put(now_ms, (self._timed, ms, by))
            self._times.clear()
            self.cohort.put(now_ms, tuple(self._cohort))
            self.open.put(now_ms, (*self._open, self._overdue_since_ms()))
            self.left.put(now_ms, (self._orders_left, self._lines_left))
        self._keep_small()
        if self._picked != self._picked_before:
            self._picked_before = self._picked
            self.lines_picked.put(now_ms, (self._picked,))

    def _refresh(self, order: Order) -> None:
        counted, is_open, is_left = order.counted, order.open, order.is_left
        order.refresh(self.warmup_ms)
        if order.counted != counted:
            sums = self._cohort
            for i, value in enumerate(order.counted):
                sums[i] += value - counted[i]
            for steps, is_there, ms in (
                (self.processing_times, _PROCESSED, _PROCESSING),
                (self.cycle_times, _SHIPPED, _CYCLE),
            ):
                before, after = (one[ms] if one[is_there] else None for one in (counted, order.counted))
                if before != after:
                    self._times += [(steps, time, by) for time, by in ((before, -1), (after, 1)) if time is not None]
        for i, value in enumerate(order.open):
            self._open[i] += value - is_open[i]
        if order.open[2] and not is_open[2]:
            self._came += 1
            heappush(self._overdue, (order.due_ms, self._came, order))
        self._orders_left += order.is_left - is_left
        if order.may_be_done:
            self._over.append(order)

    def _keep_small(self) -> None:
        """A few of the orders that are over: a truck takes hundreds in one instant."""
        for _ in range(min(KEPT_AT_ONCE, len(self._over))):
            order = self._over.popleft()
            if self._orders.get(order.name) is order and order.is_done:
                self._done[order.name] = order.kept()
                del self._orders[order.name]
                order.lines.clear()  # lines know their order: without this the two would wait for the collector

    def _overdue_since_ms(self) -> int:
        while self._overdue and not self._overdue[0][2].open[2]:
            heappop(self._overdue)
        return self._overdue[0][0] if self._overdue else 0

    # --- looking up -------------------------------------------------------------------------------------------

    def _order(self, name: str) -> Order:
        found = self._orders.get(name)
        if found is None:
            kept = self._done.pop(name, None)
            found = self._orders[name] = Order(name) if kept is None else Order.from_kept(name, kept)
        return found

    def _line(self, order: str, line: str, *, touched: bool = True) -> Line:
        hand = self._order(order)
        found = hand.lines.get(line)
        if found is None:
            found = hand.lines[line] = Line(hand)
        if touched:
            self._dirty_lines[found] = None
        return found

    def _touch(self, line: Line) -> None:
        self._dirty_lines[line] = None

    def _packed(self, order: str, goods: Goods, units: int) -> None:
        hand = self._order(order)
        hand.wants(self._goods.setdefault(goods, goods), 0, units)
        self._dirty[hand] = None

    def _expect(self, at_ms: int, order: Order, is_due: bool) -> None:
        self._came += 1
        heappush(self._coming, (at_ms, self._came, order, is_due))
