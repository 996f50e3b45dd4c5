"""Orders in hand: what each line was promised, holds, has been picked; and the status the customer sees."""

from __future__ import annotations

from typing import Any, Literal, NoReturn

from twin.domain.ids import LineId, Lpn, OrderId, OwnerId, SkuId
from twin.domain.orders import Order, OrderLine
from twin.domain.records import builder
from twin.policies.batching import BatchOrder
from twin.policies.release import Releasable

Status = Literal[
    "received", "promised", "allocated", "released", "picking", "picked", "packed", "staged", "loaded", "shipped",
    "cancelled",
]  # fmt: skip
STATUSES: tuple[Status, ...] = (
    "received", "promised", "allocated", "released", "picking", "picked", "packed", "staged", "loaded", "shipped",
    "cancelled",
)  # fmt: skip


class LineInHand:
    """One line of an order in hand; `key`: (owner, SKU). `held`: units of the site's stock that are its own and not yet
    picked.

    `later`: units promised of goods that are announced, ready at `ready_ms`.
    """

    __slots__ = (
        "backordered",
        "cancelled",
        "held",
        "in_work",
        "key",
        "later",
        "picked",
        "promised",
        "ready_ms",
        "row",
        "shorted",
    )

    def __init__(self, row: OrderLine) -> None:
        self.row = row
        self.key: tuple[OwnerId, SkuId] = (row.owner, row.sku)
        self.promised = 0
        self.held = 0
        self.in_work = 0
        self.picked = 0
        self.shorted = 0
        self.cancelled = 0
        self.backordered = 0
        self.later = 0
        self.ready_ms = 0


_order = builder(Order)


class _Nothing(dict[Any, Any]):
    """Stands in for what an order has no more; one for all."""

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        raise AssertionError(f"{key}: the order is packed, nothing can come to it")


_NOTHING = _Nothing()


class OrderInHand:
    """An order from entry to departure; `totes` are its handling units before packing, each with the units booked into
    it and those asked for; of its cartons are counted those `to_stage`, `to_load` and `to_leave`.

    `open_units`: promised, and neither picked nor given up. Once it is packed its lines are history (`lines_away`), so
    that an order that waits for its truck takes little room; `ships`: some unit of it was not given up.
    """

    __slots__ = (
        "batch_row", "cause", "covered", "cutoff_at_ms", "departures", "due_ms", "index_key", "leaves_at_ms", "lines",
        "on_hold", "open_units", "order", "releasable", "ships", "status", "to_leave", "to_load", "to_stage", "totes",
        "wave", "zones",
    )  # fmt: skip

    def __init__(self, order: Order) -> None:
        self.order = order
        self.lines: dict[LineId, LineInHand] = {line.line: LineInHand(line) for line in order.lines}
        self.status: Status = "received"
        self.cutoff_at_ms = 0
        self.leaves_at_ms = 0
        self.due_ms = 0
        self.covered = False
        self.on_hold = False
        self.open_units = 0
        self.releasable: Releasable | None = None
        self.batch_row: BatchOrder | None = None
        self.index_key: tuple[int, int, int, OrderId] | None = None
        self.zones: dict[str, int] = {}
        self.totes: dict[Lpn, list[int]] = {}
        self.to_stage = self.to_load = self.to_leave = 0
        self.departures = 0
        self.ships = True
        self.cause: int | None = None
        self.wave: str | None = None

    @property
    def lines_away(self) -> bool:
        """It is packed, and its lines are forgotten."""
        return self.lines is _NOTHING

    def put_lines_away(self) -> None:
        """Nothing can be picked for it any more: what only picking needs is forgotten."""
        self.ships = any(x.promised > x.shorted + x.cancelled for x in self.lines.values())
        o = self.order
        self.order = _order(
            o.order, o.site, o.owner, o.customer, o.priority, o.urgent, o.received_at_ms, o.due_at_ms, o.carrier,
            o.batch, (),
        )  # fmt: skip
        self.lines = self.totes = self.zones = _NOTHING
        self.releasable = self.batch_row = None

    def advance(self, status: Status) -> None:
        """The status only ever moves on."""
        if STATUSES.index(status) > STATUSES.index(self.status):
            self.status = status
