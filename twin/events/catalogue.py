"""Every kind of event, past tense, flat and frozen. `side` says who knows it: the book (a scan) or the floor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar

from twin.events.columns import COLUMNS

Side = Literal["book", "floor"]
K = TypeVar("K", bound="type[Any]")


class Kind(NamedTuple):
    """What the catalogue knows of a kind."""

    name: str
    side: Side
    fields: tuple[str, ...]
    required: tuple[str, ...]
    doc: str


KINDS: dict[str, Kind] = {}
"""By name, in the order of this file."""


def fact(side: Side) -> Callable[[K], K]:
    """Register a NamedTuple as a kind of event."""

    def register(cls: K) -> K:
        fields = tuple(cls._fields)
        unknown = set(fields) - set(COLUMNS)
        if unknown:
            raise TypeError(f"{cls.__name__}: not in the vocabulary: {sorted(unknown)}")
        required = tuple(f for f in fields if f not in cls._field_defaults)
        KINDS[cls.__name__] = Kind(cls.__name__, side, fields, required, str(cls.__doc__))
        return cls

    return register


Fact = tuple[Any, ...]
"""Any of the classes below."""


@fact("book")
class OrderReceived(NamedTuple):
    """An order reached the WMS and was found valid. `value` is its priority."""

    at_ms: int
    site: str
    order: str
    owner: str
    customer: str
    units: int
    due_ms: int | None
    value: int
    value_unit: str
    reason: str
    carrier: str
    cause: int | None = None


@fact("book")
class OrderRefused(NamedTuple):
    """An order reached the WMS and was refused with all its faults."""

    at_ms: int
    site: str
    order: str
    owner: str
    customer: str
    reason: str
    detail: str | None = None


@fact("book")
class LinePromised(NamedTuple):
    """`units` of the `expected_units` a line asks for were promised for `due_ms`."""

    at_ms: int
    site: str
    order: str
    line: str
    owner: str
    sku: str
    units: int
    expected_units: int
    due_ms: int
    cause: int | None = None


@fact("book")
class OrderPromised(NamedTuple):
    """Date and units of a whole order were promised."""

    at_ms: int
    site: str
    order: str
    units: int
    expected_units: int
    due_ms: int | None
    reason: str
    cause: int | None = None


@fact("book")
class PromiseChanged(NamedTuple):
    """The promise of an order moved."""

    at_ms: int
    site: str
    order: str
    due_ms: int
    reason: str | None = None
    cause: int | None = None


@fact("book")
class OrderAllocated(NamedTuple):
    """Units of an order are held at their site; lot and location follow with the release."""

    at_ms: int
    site: str
    order: str
    units: int
    expected_units: int
    reason: str
    cause: int | None = None


@fact("book")
class LineShorted(NamedTuple):
    """Units of a line that no stock serves. `reason`: no_stock after a promise, not_promised before."""

    at_ms: int
    site: str
    order: str
    line: str
    owner: str
    sku: str
    units: int
    reason: str
    cause: int | None = None
    location: str | None = None


@fact("book")
class LineBackordered(NamedTuple):
    """Units of a line wait for stock to come. `reason`: no_stock after a promise, announced as promised (`due_ms`)."""

    at_ms: int
    site: str
    order: str
    line: str
    owner: str
    sku: str
    units: int
    reason: str
    due_ms: int | None = None
    cause: int | None = None


@fact("book")
class OrderReleased(NamedTuple):
    """Work of an order may begin."""

    at_ms: int
    site: str
    order: str
    reason: str
    wave: str | None = None
    cause: int | None = None
    status: str | None = None


@fact("book")
class OrderBatched(NamedTuple):
    """An order was joined to a tour, with its place on the cart."""

    at_ms: int
    site: str
    order: str
    tour: str
    handling_unit: str
    reason: str
    cause: int | None = None
    units: int | None = None


@fact("book")
class OrderChanged(NamedTuple):
    """A line's wanted units changed."""

    at_ms: int
    site: str
    order: str
    line: str
    units: int
    expected_units: int
    actor: str | None = None
    reason: str | None = None


@fact("book")
class LineCancelled(NamedTuple):
    """A line was cancelled."""

    at_ms: int
    site: str
    order: str
    line: str
    units: int
    reason: str | None = None
    actor: str | None = None


@fact("book")
class OrderCancelled(NamedTuple):
    """An order was cancelled."""

    at_ms: int
    site: str
    order: str
    reason: str | None = None
    actor: str | None = None


@fact("book")
class LineWaits(NamedTuple):
    """What an order line waits for changed outside its usual life."""

    at_ms: int
    site: str
    order: str
    line: str
    reason: str
    cause: int | None = None
    location: str | None = None


@fact("book")
class TaskCreated(NamedTuple):
    """Work was put on the queue named by `action`."""

    at_ms: int
    site: str
    task: str
    action: str
    location: str
    units: int | None = None
    due_ms: int | None = None
    handling_unit: str | None = None
    cause: int | None = None
    reason: str | None = None


@fact("book")
class TaskAssigned(NamedTuple):
    """A worker was given a task."""

    at_ms: int
    site: str
    task: str
    worker: str
    action: str
    cause: int | None = None


@fact("book")
class TaskSuspended(NamedTuple):
    """A task was put back with what was done."""

    at_ms: int
    site: str
    task: str
    worker: str
    action: str
    units: int | None = None
    reason: str | None = None


@fact("book")
class TaskEnded(NamedTuple):
    """A task was reported done."""

    at_ms: int
    site: str
    task: str
    worker: str
    action: str
    units: int | None = None


@fact("book")
class TourStarted(NamedTuple):
    """A picker set out; the orders of the tour are being picked. `value` is the planned way."""

    at_ms: int
    site: str
    tour: str
    worker: str
    units: int
    value: int
    value_unit: str
    cause: int | None = None


@fact("book")
class LinePicked(NamedTuple):
    """Units of a line were confirmed as picked; on hand falls by `value` where a keyed number differs from `units`."""

    at_ms: int
    site: str
    worker: str
    order: str
    line: str
    owner: str
    sku: str
    lot: str | None
    location: str
    handling_unit: str
    tour: str
    units: int
    expected_units: int
    reason: str | None = None
    value: int | None = None
    value_unit: str | None = None


@fact("book")
class ExceptionReported(NamedTuple):
    """The face was not as booked: `units` found of `expected_units`."""

    at_ms: int
    site: str
    worker: str
    order: str
    line: str
    sku: str
    location: str
    units: int
    expected_units: int
    reason: str
    task: str | None = None
    cause: int | None = None
    lot: str | None = None


@fact("book")
class UnitsBlocked(NamedTuple):
    """Suspect stock was blocked."""

    at_ms: int
    site: str
    location: str
    owner: str
    sku: str
    units: int
    reason: str
    lot: str | None = None
    cause: int | None = None


@fact("book")
class StockAdjusted(NamedTuple):
    """The book was corrected by `units`."""

    at_ms: int
    site: str
    location: str
    owner: str
    sku: str
    units: int
    reason: str
    lot: str | None = None
    cause: int | None = None
    worker: str | None = None


@fact("book")
class CountRequested(NamedTuple):
    """A location is to be counted."""

    at_ms: int
    site: str
    location: str
    reason: str
    cause: int | None = None


@fact("book")
class LocationCounted(NamedTuple):
    """A count was booked: `units` seen against `expected_units` on the book."""

    at_ms: int
    site: str
    worker: str
    location: str
    owner: str
    sku: str
    units: int
    expected_units: int
    lot: str | None = None
    reason: str | None = None
    task: str | None = None


@fact("book")
class CartonClosed(NamedTuple):
    """A carton was packed, checked and labelled."""

    at_ms: int
    site: str
    worker: str
    station: str
    order: str
    shipment: str
    handling_unit: str
    units: int
    expected_units: int
    reason: str
    origin: str | None = None


@fact("book")
class HandlingUnitStaged(NamedTuple):
    """A handling unit stands in its lane."""

    at_ms: int
    site: str
    order: str
    shipment: str
    handling_unit: str
    location: str
    carrier: str
    reason: str
    worker: str | None = None
    door: str | None = None


@fact("book")
class HandlingUnitLoaded(NamedTuple):
    """A handling unit was loaded."""

    at_ms: int
    site: str
    worker: str
    order: str
    shipment: str
    handling_unit: str
    trailer: str
    door: str
    carrier: str
    reason: str


@fact("book")
class TrailerArrived(NamedTuple):
    """A trailer reported at the gate. `action`: in or out."""

    at_ms: int
    site: str
    trailer: str
    action: str
    carrier: str | None = None
    supplier: str | None = None
    due_ms: int | None = None
    units: int | None = None


@fact("book")
class TrailerDocked(NamedTuple):
    """A trailer was sent to a door."""

    at_ms: int
    site: str
    trailer: str
    door: str
    action: str
    carrier: str | None = None
    supplier: str | None = None
    cause: int | None = None


@fact("book")
class TrailerDeparted(NamedTuple):
    """A trailer left; goods issue of what it carries."""

    at_ms: int
    site: str
    trailer: str
    action: str
    units: int
    door: str | None = None
    carrier: str | None = None
    supplier: str | None = None
    due_ms: int | None = None


@fact("book")
class DepartureMoved(NamedTuple):
    """A carrier said that a trailer leaves later: at `due_ms`, by `duration_ms`."""

    at_ms: int
    site: str
    trailer: str
    carrier: str
    due_ms: int
    duration_ms: int


@fact("book")
class HandlingUnitReceived(NamedTuple):
    """Goods were received: `units` booked against `expected_units` on the ASN."""

    at_ms: int
    site: str
    worker: str
    handling_unit: str
    trailer: str
    owner: str
    sku: str
    units: int
    expected_units: int
    location: str
    lot: str | None = None
    supplier: str | None = None
    reason: str | None = None


@fact("book")
class StockPutAway(NamedTuple):
    """Goods were booked into a location."""

    at_ms: int
    site: str
    worker: str
    handling_unit: str
    owner: str
    sku: str
    units: int
    location: str
    lot: str | None = None
    origin: str | None = None
    task: str | None = None
    cause: int | None = None
    reason: str | None = None


@fact("book")
class StockReplenished(NamedTuple):
    """A pick face was filled from reserve."""

    at_ms: int
    site: str
    worker: str
    owner: str
    sku: str
    units: int
    origin: str
    location: str
    lot: str | None = None
    task: str | None = None


@fact("book")
class SheetKeyed(NamedTuple):
    """A clerk finished keying a sheet of `units` rows."""

    at_ms: int
    site: str
    worker: str
    task: str
    units: int
    duration_ms: int


@fact("book")
class PolicyDecided(NamedTuple):
    """A policy decided; other facts name its seq as their cause. `detail`: of dispatch and putaway the sort key (`key`)
    and the three best `alternatives` with theirs, least first; of a shortage who was `rejected`, by code."""

    at_ms: int
    site: str
    family: str
    policy: str
    candidates: int
    choice: str
    score: float | None = None
    order: str | None = None
    line: str | None = None
    task: str | None = None
    worker: str | None = None
    location: str | None = None
    handling_unit: str | None = None
    trailer: str | None = None
    units: int | None = None
    wave: str | None = None
    detail: str | None = None


@fact("book")
class DecisionRefused(NamedTuple):
    """The book refused a proposal because its subject had changed."""

    at_ms: int
    site: str
    family: str
    policy: str
    reason: str
    order: str | None = None
    line: str | None = None
    task: str | None = None
    location: str | None = None
    detail: str | None = None


@fact("book")
class DecisionAsked(NamedTuple):
    """A question from the floor, open until `due_ms`; unanswered, `choice` applies. `action` names it, `value` is how
    many choices there are, `detail` the words of all."""

    at_ms: int
    site: str
    action: str
    actor: str
    choice: str
    value: int
    value_unit: str
    due_ms: int
    detail: str


@fact("book")
class CommandGiven(NamedTuple):
    """A person intervened. `status`: done, refused, or waiting for the WMS (then CommandAnswered says what came of it);
    `choice`: an answer's; `value`: its number, of `value_unit`; `worker`: who or which role; `cause`: the question;
    `detail`: all arguments, and what came of it."""

    at_ms: int
    action: str
    site: str | None = None
    actor: str | None = None
    choice: str | None = None
    value: int | None = None
    location: str | None = None
    worker: str | None = None
    order: str | None = None
    equipment: str | None = None
    detail: str | None = None
    duration_ms: int | None = None
    carrier: str | None = None
    station: str | None = None
    family: str | None = None
    policy: str | None = None
    value_unit: str | None = None
    cause: int | None = None
    status: str | None = None


@fact("book")
class CommandAnswered(NamedTuple):
    """The WMS heard a command that had waited for it: `status` done or refused, `cause` the command, `detail` why."""

    at_ms: int
    site: str
    action: str
    actor: str
    status: str
    cause: int
    detail: str


@fact("floor")
class WorkerCheckedIn(NamedTuple):
    """A worker came on shift. `action` is the role."""

    at_ms: int
    site: str
    worker: str
    action: str
    location: str
    due_ms: int | None = None


@fact("floor")
class WorkerCheckedOut(NamedTuple):
    """A worker went off shift."""

    at_ms: int
    site: str
    worker: str
    action: str


@fact("floor")
class WorkerAbsent(NamedTuple):
    """A worker did not come."""

    at_ms: int
    site: str
    worker: str
    action: str
    reason: str | None = None


@fact("floor")
class BreakStarted(NamedTuple):
    """A worker went on a break, at a task boundary."""

    at_ms: int
    site: str
    worker: str
    action: str
    duration_ms: int


@fact("floor")
class BreakEnded(NamedTuple):
    """A worker came back."""

    at_ms: int
    site: str
    worker: str
    action: str


@fact("floor")
class WorkStarted(NamedTuple):
    """A worker began a task. `action` is the kind of work."""

    at_ms: int
    site: str
    worker: str
    action: str
    task: str | None = None
    tour: str | None = None
    location: str | None = None
    station: str | None = None


@fact("floor")
class WorkEnded(NamedTuple):
    """A worker ended a task after `duration_ms`."""

    at_ms: int
    site: str
    worker: str
    action: str
    duration_ms: int
    task: str | None = None
    tour: str | None = None
    location: str | None = None
    station: str | None = None


@fact("floor")
class WorkerDeparted(NamedTuple):
    """A worker set off and arrives after `duration_ms`; `value` is the way in mm."""

    at_ms: int
    site: str
    worker: str
    origin: str
    destination: str
    duration_ms: int
    value: int
    value_unit: str
    task: str | None = None


@fact("floor")
class WorkerBlocked(NamedTuple):
    """A worker found the aisle full and waits."""

    at_ms: int
    site: str
    worker: str
    location: str
    task: str | None = None


@fact("floor")
class WorkerUnblocked(NamedTuple):
    """A worker may enter after `duration_ms`."""

    at_ms: int
    site: str
    worker: str
    location: str
    duration_ms: int
    task: str | None = None


@fact("floor")
class UnitsTaken(NamedTuple):
    """Units really left a location into a handling unit. `duration_ms` before it went into confirming a pick: the scan
    and its retries, the reply of the WMS, the tick on paper."""

    at_ms: int
    site: str
    worker: str
    owner: str
    sku: str
    lot: str | None
    location: str
    handling_unit: str
    units: int
    order: str | None = None
    line: str | None = None
    duration_ms: int | None = None


@fact("floor")
class UnitsPlaced(NamedTuple):
    """Units really came to stand in a location."""

    at_ms: int
    site: str
    worker: str
    owner: str
    sku: str
    lot: str | None
    location: str
    units: int
    handling_unit: str | None = None
    order: str | None = None
    line: str | None = None


@fact("floor")
class SlipMade(NamedTuple):
    """A person slipped. `reason` is the kind of slip."""

    at_ms: int
    site: str
    worker: str
    reason: str
    order: str | None = None
    line: str | None = None
    location: str | None = None
    handling_unit: str | None = None
    task: str | None = None


@fact("floor")
class SlipCaught(NamedTuple):
    """A check caught a slip. `action` is the check."""

    at_ms: int
    site: str
    worker: str
    reason: str
    action: str
    order: str | None = None
    line: str | None = None
    location: str | None = None
    handling_unit: str | None = None
    task: str | None = None
    station: str | None = None


@fact("floor")
class GoodsPacked(NamedTuple):
    """A tote's contents went into a carton that bears the label of `order`."""

    at_ms: int
    site: str
    worker: str
    station: str
    origin: str
    handling_unit: str
    order: str
    units: int | None = None


@fact("floor")
class StationArrived(NamedTuple):
    """A handling unit joined the queue of a station."""

    at_ms: int
    site: str
    station: str
    handling_unit: str
    order: str | None = None


@fact("floor")
class ServiceStarted(NamedTuple):
    """A station began a handling unit after `duration_ms` of waiting."""

    at_ms: int
    site: str
    station: str
    worker: str
    handling_unit: str
    duration_ms: int
    order: str | None = None


@fact("floor")
class ServiceEnded(NamedTuple):
    """A station ended a handling unit after `duration_ms` of service."""

    at_ms: int
    site: str
    station: str
    worker: str
    handling_unit: str
    duration_ms: int
    order: str | None = None


@fact("floor")
class BeltEntered(NamedTuple):
    """A handling unit entered a conveyor and rides `duration_ms` if nothing blocks it."""

    at_ms: int
    site: str
    equipment: str
    handling_unit: str
    duration_ms: int


@fact("floor")
class BeltLeft(NamedTuple):
    """A handling unit left a conveyor."""

    at_ms: int
    site: str
    equipment: str
    handling_unit: str
    duration_ms: int


@fact("floor")
class BeltBlocked(NamedTuple):
    """A conveyor had no room for a handling unit."""

    at_ms: int
    site: str
    equipment: str
    handling_unit: str


@fact("floor")
class LaneFull(NamedTuple):
    """A handling unit came to a staging lane that had no place for it."""

    at_ms: int
    site: str
    location: str
    handling_unit: str


@fact("floor")
class GoodsUnloaded(NamedTuple):
    """Goods really came off a trailer."""

    at_ms: int
    site: str
    worker: str
    trailer: str
    handling_unit: str
    owner: str
    sku: str
    lot: str | None
    units: int
    location: str


@fact("floor")
class GoodsLeft(NamedTuple):
    """A carton really left with a trailer."""

    at_ms: int
    site: str
    trailer: str
    handling_unit: str
    order: str
    door: str | None = None


@fact("floor")
class UnitsLost(NamedTuple):
    """Units vanished or broke. `reason`: damage, loss."""

    at_ms: int
    site: str
    owner: str
    sku: str
    lot: str | None
    location: str
    units: int
    reason: str
    worker: str | None = None
    handling_unit: str | None = None


@fact("floor")
class EquipmentFailed(NamedTuple):
    """A device, conveyor or system failed."""

    at_ms: int
    site: str
    equipment: str
    reason: str
    worker: str | None = None
    duration_ms: int | None = None


@fact("floor")
class EquipmentRepaired(NamedTuple):
    """It works again after `duration_ms`."""

    at_ms: int
    site: str
    equipment: str
    duration_ms: int
    worker: str | None = None


@fact("floor")
class MessageDelayed(NamedTuple):
    """A report could not reach the WMS and waits."""

    at_ms: int
    site: str
    action: str
    reason: str
    worker: str | None = None
    task: str | None = None
