"""All that reaches the WMS, and all that it answers: frozen messages, so they can be delayed, recorded and replayed.

Every message carries `at_ms`, the moment at which the WMS hears it; the WMS holds no clock of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from twin.domain.ids import LineId, LocationId, LotId, Lpn, OrderId, OwnerId, Site, SkuId, StockId, TaskId
from twin.domain.orders import Asn, Order
from twin.domain.refusals import Refusal

# --- work that the WMS hands out -----------------------------------------------------------------------------


class Pick(NamedTuple):
    """Units of one line to take from one stock line into one tote."""

    line: LineId
    order: OrderId
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    stock: StockId
    location: LocationId
    units: int
    tote: Lpn


class TourStop(NamedTuple):
    """One visit of a tour; `via` is the cross-aisle of the way to it (-1: the shortest)."""

    location: LocationId
    via: int
    picks: tuple[Pick, ...]


class PickTour(NamedTuple):
    """A closed walk with its stops; `totes` are the cart's positions."""

    task: TaskId
    tour: str
    start: LocationId
    stops: tuple[TourStop, ...]
    end: LocationId
    end_via: int
    totes: tuple[tuple[Lpn, OrderId], ...]
    length_mm: int


class PutawayTask(NamedTuple):
    """Bring a pallet from its lane to a location (None: a person decides; the pallet stays)."""

    task: TaskId
    lpn: Lpn
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    origin: LocationId
    location: LocationId


class ReplenishTask(NamedTuple):
    """Bring units from reserve to a pick face."""

    task: TaskId
    stock: StockId
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    origin: LocationId
    location: LocationId


class CountTask(NamedTuple):
    """Count all that lies in a location, blind."""

    task: TaskId
    location: LocationId


class ReceiveTask(NamedTuple):
    """Unload, check and label one announced pallet."""

    task: TaskId
    trailer: str
    lpn: Lpn
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    expires_on_day: int | None
    door: LocationId
    lane: LocationId


class LoadTask(NamedTuple):
    """Load these cartons, in this order."""

    task: TaskId
    trailer: str
    cartons: tuple[Lpn, ...]
    lane: LocationId
    door: LocationId


Work = PickTour | PutawayTask | ReplenishTask | CountTask | ReceiveTask | LoadTask

# --- what the floor (or a customer, a supplier, a supervisor) says -------------------------------------------


class NewOrder(NamedTuple):
    """A customer ordered."""

    at_ms: int
    order: Order


class ChangeOrder(NamedTuple):
    """A customer wants other units of a line."""

    at_ms: int
    order: OrderId
    line: LineId
    units: int
    actor: str


class CancelOrder(NamedTuple):
    """A customer cancelled."""

    at_ms: int
    order: OrderId
    actor: str


class HoldOrder(NamedTuple):
    """A supervisor holds an order back (`hold`), or lets it go at once."""

    at_ms: int
    order: OrderId
    hold: bool
    actor: str


class HoldWork(NamedTuple):
    """A supervisor holds back (`hold`), or lets go at once, all orders in hand to which what is given applies."""

    at_ms: int
    site: Site
    hold: bool
    wave: str | None
    priority: int | None
    zone: str | None
    carrier: str | None
    actor: str


class CountWanted(NamedTuple):
    """A supervisor wants a location counted."""

    at_ms: int
    site: Site
    location: LocationId
    actor: str


class ChangePolicy(NamedTuple):
    """From now on the policy of this registered name decides in its family."""

    at_ms: int
    site: Site
    family: str
    name: str
    rules: Mapping[str, Any]


class DepartureMoved(NamedTuple):
    """A carrier says that a trailer, due to leave at `leaves_at_ms`, comes and leaves later by `delay_ms`."""

    at_ms: int
    site: Site
    carrier: str
    trailer: str
    leaves_at_ms: int
    delay_ms: int


class NewAsn(NamedTuple):
    """A supplier announced a trailer."""

    at_ms: int
    asn: Asn


class TrailerAtGate(NamedTuple):
    """A trailer stands at the gate; `direction` in or out; `partner` is its carrier or supplier."""

    at_ms: int
    site: Site
    trailer: str
    direction: str
    partner: str
    leaves_at_ms: int | None


class TrailerLeft(NamedTuple):
    """A trailer left its door."""

    at_ms: int
    site: Site
    trailer: str


class WorkWanted(NamedTuple):
    """A free worker asks for work from these queues, in this order of preference."""

    at_ms: int
    site: Site
    worker: str
    queues: tuple[str, ...]
    has: frozenset[str]
    location: LocationId
    last_kind: str | None
    shift_ends_ms: int
    cart_positions: int


class PickConfirmed(NamedTuple):
    """A scan, or a keyed row: the pick was done as asked; `units` is what was keyed, and what the book takes."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    pick: Pick
    units: int


class ToteEmpty(NamedTuple):
    """A tote came back without goods: all its picks were short."""

    at_ms: int
    site: Site
    worker: str
    order: OrderId
    tote: Lpn


class FaceFaulty(NamedTuple):
    """The face was not as booked: only `found` units of the pick could be had. `scanned`: told at the face."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    pick: Pick
    found: int
    code: str
    scanned: bool
    ahead: frozenset[LocationId]


class ContentsShort(NamedTuple):
    """The pack bench found `missing` units of a line missing and could not get them."""

    at_ms: int
    site: Site
    worker: str
    pick: Pick
    missing: int


class GoodsReceived(NamedTuple):
    """Units of a pallet were counted in."""

    at_ms: int
    site: Site
    worker: str
    task: ReceiveTask
    units: int


class PutawayConfirmed(NamedTuple):
    """A pallet was reported to stand in `location` with `units`."""

    at_ms: int
    site: Site
    worker: str
    task: PutawayTask
    location: LocationId
    units: int


class ReplenishConfirmed(NamedTuple):
    """A face was reported filled by `units`."""

    at_ms: int
    site: Site
    worker: str
    task: ReplenishTask
    units: int


class CountConfirmed(NamedTuple):
    """What a counter saw: (owner, SKU, lot, units)."""

    at_ms: int
    site: Site
    worker: str
    task: CountTask
    seen: tuple[tuple[OwnerId, SkuId, LotId | None, int], ...]


class CartonPacked(NamedTuple):
    """A tote was packed into a carton; the label scan names the carton."""

    at_ms: int
    site: Site
    worker: str
    station: str
    order: OrderId
    tote: Lpn
    carton: Lpn


class CartonStaged(NamedTuple):
    """A carton stands in its lane."""

    at_ms: int
    site: Site
    carton: Lpn


class CartonLoaded(NamedTuple):
    """A carton was scanned into a trailer."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    carton: Lpn
    trailer: str


class WorkDone(NamedTuple):
    """A worker reports a task as ended."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    kind: str
    units: int


class WorkLeft(NamedTuple):
    """A worker put a task back with what was done."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    kind: str
    reason: str


class Keyed(NamedTuple):
    """A clerk finished keying a sheet of `rows` rows."""

    at_ms: int
    site: Site
    worker: str
    task: TaskId
    rows: int
    duration_ms: int


class TimePassed(NamedTuple):
    """The moment has come at which the WMS asked to be woken."""

    at_ms: int


Message = (
    NewOrder | ChangeOrder | CancelOrder | HoldOrder | HoldWork | CountWanted | ChangePolicy | DepartureMoved
    | NewAsn | TrailerAtGate | TrailerLeft | WorkWanted | PickConfirmed
    | ToteEmpty
    | FaceFaulty | ContentsShort | GoodsReceived | PutawayConfirmed | ReplenishConfirmed | CountConfirmed
    | CartonPacked | CartonStaged | CartonLoaded | WorkDone | WorkLeft | Keyed | TimePassed
)  # fmt: skip


class Reply(NamedTuple):
    """What to do now, and when to look again.

    `ready`: (site, queue) in which work may be had now. `docked`: (trailer, door, lane) that may go to their doors.
    `stops`: further stops of the running tour. `lane`: where a carton goes. `refused`: why a wish was not granted.
    """

    work: Work | None = None
    next_look_ms: int | None = None
    ready: tuple[tuple[Site, str], ...] = ()
    docked: tuple[tuple[str, LocationId, LocationId], ...] = ()
    stops: tuple[TourStop, ...] = ()
    lane: LocationId | None = None
    refused: Refusal | None = None


SILENT = Reply()
"""The answer of a WMS that has nothing to say."""
