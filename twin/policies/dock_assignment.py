"""Dock door assignment: which trailer stands where and when."""

from __future__ import annotations

from dataclasses import dataclass

from twin.domain.ids import DoorId, TrailerId
from twin.policies.dock_doors import (
    DEFAULTS,
    Busy,
    DockRules,
    DockSnapshot,
    Door,
    DoorAssignment,
    Visit,
    earliest_gap,
    nearest_miss,
    refusal,
    walk_mm,
)
from twin.policies.dock_windows import Appointment, LeastWalk
from twin.policies.shape import Policy, Rejection
from twin.policies.why import seen

__all__ = [
    "DOCK_ASSIGNMENT",
    "Appointment",
    "ByCarrier",
    "DockRules",
    "DockSnapshot",
    "Door",
    "DoorAssignment",
    "FirstCome",
    "LeastWalk",
    "Visit",
]


def _by_arrival(row: tuple[int, TrailerId, Visit]) -> tuple[int, str]:
    return row[0], row[1]


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
    for arrived_at_ms, _, visit in sorted(here, key=seen(_by_arrival, lambda row: row[1])):
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
            rejected.append(Rejection(subject=visit.trailer, code=nearest_miss(list(codes.values()))))
    return DoorAssignment(bookings=tuple(bookings), rejected=tuple(sorted(rejected, key=lambda r: r.subject)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome:
    """First come, first served: the door that is free first."""

    rules: DockRules = DEFAULTS

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return serve_in_turn(snapshot, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCarrier:
    """Each carrier at its fixed door; a carrier without one takes the door that is free first."""

    rules: DockRules = DEFAULTS

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return serve_in_turn(snapshot, dict(self.rules.fixed))


DOCK_ASSIGNMENT: dict[str, type[Policy[DockSnapshot, DoorAssignment]]] = {
    "first_come": FirstCome,
    "by_carrier": ByCarrier,
    "appointment": Appointment,
    "least_walk": LeastWalk,
}
