"""Orders in hand: what each line was promised, holds, has been picked; and the status the customer sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from twin.domain.ids import CarrierId, LineId, Lpn, OrderId
from twin.domain.orders import Order, OrderLine
from twin.policies.batching import BatchOrder
from twin.policies.release import Releasable
from twin.wms.book import Account, Key

Status = Literal[
    "received", "promised", "allocated", "released", "picking", "picked", "packed", "staged", "loaded", "shipped",
    "cancelled",
]  # fmt: skip
STATUSES: tuple[Status, ...] = (
    "received", "promised", "allocated", "released", "picking", "picked", "packed", "staged", "loaded", "shipped",
    "cancelled",
)  # fmt: skip
_RANK = {status: rank for rank, status in enumerate(STATUSES)}


class LineInHand:
    """One line of an order in hand; `account`: its SKU in the book. `held`: units of the site's stock that are its own
    and not yet picked.

    `later`: units promised of goods that are announced, ready at `ready_ms`.
    """

    __slots__ = (
        "account",
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

    def __init__(self, row: OrderLine, account: Account) -> None:
        self.row = row
        self.account = account
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
    def key(self) -> Key:
        """(owner, SKU)."""
        return self.account.key


class PackedOrder(NamedTuple):
    """An order of which nothing is to be picked or packed any more: what it takes to see its cartons off.

    `to_stage`, `to_load`, `to_leave`: cartons that are still to be; `ships`: some unit of it was not given up. Says
    nothing that is one order's own, so that the thousands that wait for a truck share a few.
    """

    carrier: CarrierId
    ships: bool
    departures: int
    to_stage: int
    to_load: int
    to_leave: int

    @property
    def status(self) -> Status:
        """As the customer sees it."""
        return "packed" if self.to_stage else "staged" if self.to_load else "loaded"


class OrderInHand:
    """An order from entry until it is packed; `totes` are its handling units before packing, each with the units booked
    into it and those asked for; of its cartons are counted those `to_stage`, `to_load` and `to_leave`.

    `open_units`: promised, and neither picked nor given up; `held_for`: why it was not released, as put on record.
    """

    __slots__ = (
        "batch_row", "cause", "covered", "cutoff_at_ms", "departures", "due_ms", "held_for", "index_key",
        "leaves_at_ms", "lines", "on_hold", "open_units", "order", "releasable", "status", "to_leave", "to_load",
        "to_stage", "totes", "wave",
    )  # fmt: skip

    def __init__(self, order: Order, accounts: Sequence[Account]) -> None:
        self.order = order
        self.lines: dict[LineId, LineInHand] = {
            x.line: LineInHand(x, account) for x, account in zip(order.lines, accounts, strict=True)
        }
        self.status: Status = "received"
        self.cutoff_at_ms = 0
        self.leaves_at_ms = 0
        self.due_ms = 0
        self.covered = False
        self.on_hold = False
        self.held_for: tuple[str, ...] = ()
        self.open_units = 0
        self.releasable: Releasable | None = None
        self.batch_row: BatchOrder | None = None
        self.index_key: tuple[int, int, int, OrderId] | None = None
        self.totes: dict[Lpn, list[int]] = {}
        self.to_stage = self.to_load = self.to_leave = 0
        self.departures = 0
        self.cause: int | None = None
        self.wave: str | None = None

    @property
    def carrier(self) -> CarrierId:
        """Who takes it away."""
        return self.order.carrier

    def packed(self) -> PackedOrder:
        """What is left of it once nothing can be picked or packed for it any more."""
        ships = any(x.promised > x.shorted + x.cancelled for x in self.lines.values())
        return PackedOrder(self.order.carrier, ships, self.departures, self.to_stage, self.to_load, self.to_leave)

    def advance(self, status: Status) -> None:
        """The status only ever moves on."""
        if _RANK[status] > _RANK[self.status]:
            self.status = status
