"""What door assignment sees and answers, which doors a trailer may use, and when one of them is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import DoorId, StorageClass, TrailerId, Zone
from twin.policies.shape import Rejection, RejectionCode, Rules, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A trailer that needs a door. `drop`: the trailer stays, the tractor leaves."""

    trailer: TrailerId
    direction: Literal["in", "out"]
    arrived_at_ms: int | None
    earliest_ms: int
    latest_ms: int
    work_ms: int
    storage: StorageClass
    carrier: str
    loads: tuple[tuple[Zone, int], ...]
    drop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A dock door. busy: (from, to) in order or not; walk_mm: to each zone."""

    door: DoorId
    directions: frozenset[str]
    storage: frozenset[str]
    busy: tuple[tuple[int, int], ...]
    lane_places_free: int
    walk_mm: tuple[tuple[Zone, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DockSnapshot(Snapshot):
    """Trailers without a door, and the doors in order."""

    visits: tuple[Visit, ...]
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DockRules(Rules):
    """fixed: (carrier, door)."""

    grace_min: float = 30.0
    fixed: tuple[tuple[str, DoorId], ...] = ()


DEFAULTS = DockRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAssignment:
    """bookings: (trailer, door, start_ms)."""

    bookings: tuple[tuple[TrailerId, DoorId, int], ...]
    rejected: tuple[Rejection, ...]


Busy = dict[DoorId, list[tuple[int, int]]]


def refusal(door: Door, visit: Visit) -> RejectionCode | None:
    """The first hard filter that the door fails, None if the trailer may stand there."""
    if visit.direction not in door.directions:
        return "no_place"
    if visit.storage not in door.storage:
        return "temperature"
    if door.lane_places_free <= 0:
        return "no_lane"
    return None


def earliest_gap(busy: list[tuple[int, int]], from_ms: int, work_ms: int) -> int:
    """The first moment from which the door is free for the whole work."""
    start_ms = from_ms
    for begins_ms, ends_ms in sorted(busy):
        if ends_ms <= start_ms:
            continue
        if begins_ms >= start_ms + work_ms and begins_ms > start_ms:
            break
        start_ms = ends_ms
    return start_ms


def walk_mm(door: Door, visit: Visit) -> int:
    """Sum of loads x walk; a zone that the door does not list adds nothing."""
    walks = dict(door.walk_mm)
    return sum([loads * walks.get(zone, 0) for zone, loads in visit.loads])


def nearest_miss(codes: list[RejectionCode | None]) -> RejectionCode:
    """The code of the doors that came closest to serving."""
    latest: tuple[RejectionCode, ...] = ("no_lane", "temperature", "no_place")
    return next((code for code in latest if code in codes), "no_place")
