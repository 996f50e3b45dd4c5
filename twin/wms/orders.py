"""Orders in hand: what each line was promised, holds, has been picked; and the status the customer sees."""

from __future__ import annotations

from typing import Literal

from twin.domain.ids import LineId, Lpn, OrderId, OwnerId, SkuId
from twin.domain.orders import Order, OrderLine
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
    """One line of an order in hand. `held`: units of the site's stock that are its own and not yet picked.

    `later`: units promised of goods that are announced, ready at `ready_ms`.
    """

    __slots__ = (
        "backordered",
        "cancelled",
        "held",
        "in_work",
        "later",
        "picked",
        "promised",
        "ready_ms",
        "row",
        "shorted",
    )

    def __init__(self, row: OrderLine) -> None:
        self.row = row
        self.promised = 0
        self.held = 0
        self.in_work = 0
        self.picked = 0
        self.shorted = 0
        self.cancelled = 0
        self.backordered = 0
        self.later = 0
        self.ready_ms = 0

    @property
    def key(self) -> tuple[OwnerId, SkuId]:
        """(owner, SKU)."""
        return self.row.owner, self.row.sku


class OrderInHand:
    """An order from entry to departure; `totes` and `cartons` are its handling units on their way,
    a tote with the units booked into it and those asked for.

    `open_units`: promised, and neither picked nor given up.
    """

    __slots__ = (
        "batch_row", "cartons", "cause", "covered", "cutoff_at_ms", "departures", "due_ms", "index_key",
        "leaves_at_ms", "lines", "on_hold", "open_units", "order", "releasable", "status", "totes", "zones",
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
        self.cartons: dict[Lpn, Status] = {}
        self.departures = 0
        self.cause: int | None = None

    def advance(self, status: Status) -> None:
        """The status only ever moves on."""
        if STATUSES.index(status) > STATUSES.index(self.status):
            self.status = status
