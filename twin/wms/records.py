"""What the desks of one site share: its book, its orders, its work, its plan, and what the next reply must say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from twin.domain.calendar import DAY_MS, Calendar
from twin.domain.ids import CarrierId, LocationId, OrderId, Site, Zone
from twin.events.stream import Record
from twin.space.plan import FloorPlan
from twin.space.travel import TravelGraph
from twin.wms.book import Book, Key
from twin.wms.orders import OrderInHand, PackedOrder
from twin.wms.policies import Decisions
from twin.wms.work import WorkQueue

FAR_MS = 1 << 50
"""No cut-off and no departure: later than any horizon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """How a site works, where no policy decides it. `caps`: open lines allowed per zone."""

    cart_positions: int = 8
    cart_max_lines: int = 0
    cart_max_kg: float = float("inf")
    cart_max_l: float = float("inf")
    short_lines: str = "ship_short"
    count_after_exception: bool = True
    count_tolerance_units: int = 0
    caps: Mapping[Zone, int] = field(default_factory=dict)
    work_ms_fixed: int = 900_000
    work_ms_per_line: int = 30_000
    reply_ms: int = 300
    cartons_per_load: int = 20


class Departure(NamedTuple):
    """One scheduled departure of a carrier: what is picked up to its cut-off leaves with it."""

    cutoff_at_ms: int
    leaves_at_ms: int


class Records:
    """Shared by the desks of one site; the reply of the running message is gathered here.

    An order in hand is one of `orders` until nothing can be picked or packed for it any more, then one of `packed`.
    """

    def __init__(
        self, *, site: Site, plan: FloorPlan, graph: TravelGraph, calendar: Calendar, book: Book, work: WorkQueue,
        decisions: Decisions, record: Record, rules: SiteRules,
        departures: Mapping[CarrierId, tuple[Departure, ...]], carrier_doors: Mapping[CarrierId, LocationId],
    ) -> None:  # fmt: skip
        self.site = site
        self.plan = plan
        self.graph = graph
        self.calendar = calendar
        self.book = book
        self.work = work
        self.decisions = decisions
        self.record = record
        self.rules = rules
        self.departures = dict(departures)
        self.carrier_doors = dict(carrier_doors)
        self.orders: dict[OrderId, OrderInHand] = {}
        self.packed: dict[OrderId, PackedOrder] = {}
        self.depot: LocationId = plan.depots[0]
        self._day = self._day_begins_ms = self._day_ends_ms = 0
        self.ready: set[str] = set()
        self.looks: set[int] = set()
        self.docked: list[tuple[str, LocationId, LocationId]] = []

    def look_at(self, at_ms: int) -> None:
        """Ask to be woken at a time."""
        self.looks.add(at_ms)

    def departure(self, carrier: CarrierId, now_ms: int, due_ms: int | None) -> Departure:
        """The departure an order is for: the last that keeps a given date, else the next one whose cut-off is ahead."""
        days = self.departures.get(carrier, ())
        first = bisect_left(days, (now_ms,))
        if first == len(days):
            return Departure(FAR_MS, FAR_MS)
        if due_ms is not None:
            kept = [d for d in days[first:] if d.leaves_at_ms <= due_ms]
            if kept:
                return kept[-1]
        return days[first]

    def on_day(self, at_ms: int) -> int:
        """Midnights since the date of the start; for what has no time, that of the start."""
        if self._day_begins_ms <= at_ms < self._day_ends_ms:
            return self._day
        if at_ms >= FAR_MS:
            return 0
        day = self.calendar.day_of(at_ms)
        self._day, self._day_begins_ms = day, self.calendar.at_ms("00:00", day)
        self._day_ends_ms = self._day_begins_ms + DAY_MS
        return day

    def sku_key(self, owner: str, sku: str) -> Key:
        """(owner, SKU) as the book keys it."""
        return owner, sku  # type: ignore[return-value]
