"""Dock door assignment: which trailer stands where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import DoorId, StorageClass, TrailerId, Zone
from twin.policies.shape import Policy, Rejection, RejectionCode, Rules, Snapshot


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


def serve_in_turn(snapshot: DockSnapshot, fixed: dict[str, DoorId]) -> DoorAssignment:
    """Trailers by (arrived, id), each at the door that is free first; ties by walk, then door id.

    A trailer of a carrier with a fixed door waits for that one, unless it is out of order and so not among the doors.
    """
    busy: Busy = {door.door: list(door.busy) for door in snapshot.doors}
    bookings: list[tuple[TrailerId, DoorId, int]] = []
    here = [(v.arrived_at_ms, v.trailer, v) for v in snapshot.visits if v.arrived_at_ms is not None]
    rejected = [
        Rejection(subject=visit.trailer, code="window", detail="has not arrived")
        for visit in snapshot.visits
        if visit.arrived_at_ms is None
    ]
    for arrived_at_ms, _, visit in sorted(here, key=lambda row: row[:2]):
        doors = [door for door in snapshot.doors if door.door == fixed.get(visit.carrier)] or list(snapshot.doors)
        codes = {door.door: refusal(door, visit) for door in doors}
        from_ms = max(snapshot.now_ms, arrived_at_ms)
        options = [
            (earliest_gap(busy[door.door], from_ms, visit.work_ms), walk_mm(door, visit), door.door)
            for door in doors
            if codes[door.door] is None
        ]
        if options:
            start_ms, _, name = min(options)
            busy[name].append((start_ms, start_ms + visit.work_ms))
            bookings.append((visit.trailer, name, start_ms))
        else:
            rejected.append(Rejection(subject=visit.trailer, code=_nearest_miss(list(codes.values()))))
    return DoorAssignment(bookings=tuple(bookings), rejected=tuple(sorted(rejected, key=lambda r: r.subject)))


def _nearest_miss(codes: list[RejectionCode | None]) -> RejectionCode:
    """The code of the doors that came closest to serving."""
    latest: tuple[RejectionCode, ...] = ("no_lane", "temperature", "no_place")
    return next((code for code in latest if code in codes), "no_place")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome:
    """First come, first served: the door that is free first."""

    rules: DockRules = DockRules()

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return serve_in_turn(snapshot, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCarrier:
    """Each carrier at its fixed door; a carrier without one takes the door that is free first."""

    rules: DockRules = DockRules()

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return serve_in_turn(snapshot, dict(self.rules.fixed))


DOCK_ASSIGNMENT: dict[str, type[Policy[DockSnapshot, DoorAssignment]]] = {
    "first_come": FirstCome,
    "by_carrier": ByCarrier,
}
