"""Orders and lines as the book tells them, each with its part in the sums of all; those that are done kept small."""

from __future__ import annotations

import marshal
from operator import attrgetter
from typing import Final

from twin.events.columns import MISSING
from visualizer.figures.under_labels import Goods

COHORT: Final = (
    "received", "shipped", "unfinished", "due", "on_time", "processed", "processing_ms", "cycle_ms", "right",
    "lines_shipped", "units_shipped", "judged_shipped", "judged_ordered",
)  # fmt: skip
"""Sums over the orders received between warm-up and the time asked for."""
NOTHING: Final = (0,) * len(COHORT)
_NO_PART: Final = (0, 0, 0, 0, 0, 0, 0, 0)
_OF_A_LINE: Final = (
    "again", "changes", "goods", "is_picked", "lacking", "last_units", "left_ms", "ordered", "part", "promised",
    "ready_ms", "settled_left_ms", "settled_ready_ms", "settled_units", "short", "cancelled",
)  # fmt: skip
_OF_AN_ORDER: Final = (
    "cancelled", "counted", "due_ms", "is_due", "is_left", "open", "parcels", "received_ms", "seen", "sums", "wrong",
)  # fmt: skip
_of_a_line, _of_an_order = attrgetter(*_OF_A_LINE), attrgetter(*_OF_AN_ORDER)


PACKED, STAGED, LOADED, DEPARTED = 1, 2, 4, 8
"""What a pick waits for, as bits."""


class Pick:
    """Units of a line on their way: when they came to stand in a lane and when they left; MISSING if not yet.

    `waits` for the facts that will follow; when it is 0 nothing can change any more. `lacking`: of its units, those
    that a bench did not find.
    """

    __slots__ = (
        "departed_ms",
        "lacking",
        "line",
        "loaded_seq",
        "staged_ms",
        "trailer",
        "unit",
        "unit_seq",
        "units",
        "waits",
    )

    def __init__(self, line: Line, units: int) -> None:
        self.line = line
        self.units = units
        self.lacking = 0
        self.waits = PACKED | STAGED | LOADED | DEPARTED
        self.unit = ""
        self.unit_seq = MISSING
        self.staged_ms = MISSING
        self.trailer = ""
        self.loaded_seq = MISSING
        self.departed_ms = MISSING

    @property
    def there(self) -> int:
        """The units that were truly in the tote."""
        return max(0, self.units - self.lacking)


class Line:
    """A line; it counts once it was promised and its order received."""

    __slots__ = (*_OF_A_LINE, "order", "picks")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.promised = False
        self.goods: Goods = (None, None)
        self.ordered = 0
        self.again = 0
        """Of `ordered`, units that had fallen short and are asked for again: not ordered twice."""
        self.short = 0
        self.cancelled = 0
        self.lacking = 0
        self.last_units = MISSING
        """Of the last pick once all are settled; `lacking` is what a bench missed of it, or before there was any."""
        self.changes: list[tuple[int, int, int]] | None = None
        self.picks: tuple[Pick, ...] = ()
        self.settled_units = 0
        self.settled_left_ms = MISSING
        self.settled_ready_ms = MISSING
        self.is_picked = False
        self.left_ms = MISSING
        self.ready_ms = MISSING
        self.part: tuple[int, ...] = _NO_PART
        """In its order's sums: wanting, left whole, ready, short, cancelled, ordered, units shipped, asked again."""

    def promise(self, goods: Goods, ordered: int) -> None:
        """The first promise says what the line asks for."""
        if not self.promised:
            self.promised, self.goods, self.ordered = True, goods, ordered
            for change in self.changes or ():
                self._change(*change)
            self.changes = None

    def change(self, units: int) -> None:
        """Another number of units is wanted: more than still are raises what was ordered."""
        change = units, self.short, self.cancelled
        if self.promised:
            self._change(*change)
        else:
            self.changes = [*(self.changes or ()), change]

    def _change(self, units: int, short: int, cancelled: int) -> None:
        more = max(0, units - (self.ordered - short - cancelled))
        self.ordered += more
        self.again += min(more, short - self.again)

    def pick(self, units: int) -> Pick:
        """Units were confirmed as picked; what a bench missed before there was a pick is missed of the first."""
        pick = Pick(self, units)
        if not self.picks and self.last_units == MISSING:
            pick.lacking = self.lacking
        self.picks = (*self.picks, pick)
        return pick

    def misses(self, units: int) -> None:
        """A bench did not find units of the last pick."""
        if self.picks:
            self.picks[-1].lacking += units
            return
        before = max(0, self.last_units - self.lacking)
        self.lacking += units
        if self.last_units != MISSING:
            self.settled_units += max(0, self.last_units - self.lacking) - before

    def refresh(self, warmup_ms: int) -> int:
        """Bring its part up to date; how many lines more (1, 0, -1) left whole since the warm-up."""
        wanted = max(0, self.ordered - self.short - self.cancelled)
        left = ready = self.settled_units
        left_more = ready_more = 0
        left_ms, ready_ms = self.settled_left_ms, self.settled_ready_ms
        unsettled = False
        for pick in self.picks:
            if pick.departed_ms == MISSING:
                left_more += pick.there
            else:
                left += pick.there
                left_ms = max(left_ms, pick.departed_ms)
            if pick.staged_ms == MISSING:
                ready_more += pick.there
            else:
                ready += pick.there
                ready_ms = max(ready_ms, pick.staged_ms)
            if pick.waits:
                unsettled = True
        if self.picks and not unsettled:
            self.settled_units, self.settled_left_ms, self.settled_ready_ms = left, left_ms, ready_ms
            self.last_units, self.lacking = self.picks[-1].units, self.picks[-1].lacking
            self.picks = ()
        is_left = wanted > 0 and left >= wanted and left_more <= 0
        is_ready = wanted > 0 and ready >= wanted and ready_more <= 0
        before = self.part
        counted = before[1] and self.left_ms >= warmup_ms
        counts = is_left and left_ms >= warmup_ms
        self.left_ms, self.ready_ms = left_ms, ready_ms
        shipped = min(left, wanted)
        part = (wanted > 0, is_left, is_ready, self.short, self.cancelled, self.ordered, shipped, self.again)
        if part != before:
            self.part = part
            sums = self.order.sums
            for i, value in enumerate(part):
                sums[i] += value - before[i]
            more = wanted - max(0, before[5] - before[3] - before[4])
            if more:
                self.order.wants(self.goods, more, 0)
        return bool(counts) - bool(counted)


class Order:
    """An order and the sums over its lines."""

    __slots__ = (*_OF_AN_ORDER, "lines", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.received_ms = MISSING
        self.due_ms = MISSING
        self.cancelled = False
        self.seen = False
        self.is_due = False
        self.lines: dict[str, Line] = {}
        self.sums: list[int] = list(_NO_PART)
        self.parcels: dict[Goods, tuple[int, int]] = {}
        self.wrong = 0
        self.counted: tuple[int, ...] = NOTHING
        self.open = (0, 0, 0)
        """In the sums of all orders: unfinished, lines of it that are still to leave, overdue."""
        self.is_left = False

    def wants(self, goods: Goods, wanted: int, packed: int) -> None:
        """More units are wanted, or left under the label."""
        before = self.parcels.get(goods, (0, 0))
        after = (before[0] + wanted, before[1] + packed)
        self.parcels[goods] = after
        self.wrong += (after[0] != after[1]) - (before[0] != before[1])

    def refresh(self, warmup_ms: int) -> None:
        """Bring its parts up to date."""
        wanting, lines_left, lines_ready, short, cancelled, ordered, units_shipped, again = self.sums
        gone = self.cancelled or (wanting == 0 and short == 0 and cancelled > 0)
        shipped_ms = processed_ms = MISSING
        if wanting and not gone and (lines_left == wanting or lines_ready == wanting):
            lines = [line for line in self.lines.values() if line.promised]
            if lines_left == wanting:
                shipped_ms = max(line.left_ms for line in lines)
            if lines_ready == wanting:
                processed_ms = max(line.ready_ms for line in lines)
        shipped, processed = shipped_ms != MISSING, processed_ms != MISSING
        closed_short = wanting == 0 and short > 0 and not gone
        unfinished = not (shipped or gone or closed_short)
        self.is_left = shipped and shipped_ms >= warmup_ms
        self.open = (0, 0, 0)
        if self.seen and unfinished:
            self.open = (1, wanting - lines_left, int(self.is_due))
        if not self.seen or self.received_ms < warmup_ms:
            return
        due = self.is_due and not gone
        judged = not gone and (due or shipped or closed_short)
        self.counted = (
            1, int(shipped), int(unfinished), int(due), int(due and shipped and shipped_ms <= self.due_ms),
            int(processed), processed_ms - self.received_ms if processed else 0,
            shipped_ms - self.received_ms if shipped else 0, int(shipped and not self.wrong), lines_left,
            units_shipped, units_shipped if judged else 0, ordered - cancelled - again if judged else 0,
        )  # fmt: skip

    @property
    def may_be_done(self) -> bool:
        """Whether it is finished, and counted and due if it will ever be."""
        return self.seen and not self.open[0] and (self.is_due or self.due_ms == MISSING)

    @property
    def is_done(self) -> bool:
        """Whether nothing is expected to come: it can be kept small."""
        return self.may_be_done and not any(line.picks for line in self.lines.values())

    def kept(self) -> bytes:
        """All that it is, in a tenth of the room."""
        lines = {name: _of_a_line(line) for name, line in self.lines.items()}
        return marshal.dumps((_of_an_order(self), lines))

    @staticmethod
    def from_kept(name: str, kept: bytes) -> Order:
        """As it was."""
        order = Order(name)
        own, lines = marshal.loads(kept)
        for of, value in zip(_OF_AN_ORDER, own, strict=True):
            setattr(order, of, value)
        for line_name, values in lines.items():
            line = order.lines[line_name] = Line(order)
            for of, value in zip(_OF_A_LINE, values, strict=True):
                setattr(line, of, value)
        return order
