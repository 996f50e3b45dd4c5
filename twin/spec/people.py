"""Workforce: roles, shifts, breaks; each role is one group or a list of groups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.spec.shape import ClockTime, Name, NotNegative, Share, SomeOrUnlimited, Spec, Speed

Queue = Literal["pick", "putaway", "replenish", "count", "load", "receive", "pack", "key"]
Headcount = Annotated[int, Field(ge=0, le=10_000)]
ROLES: dict[str, str] = {
    "pickers": "picker",
    "packers": "packer",
    "receivers": "receiver",
    "putaway_drivers": "putaway_driver",
    "replenishers": "replenisher",
    "loaders": "loader",
    "counters": "counter",
    "clerks": "clerk",
}
QUEUE_OF_ROLE: dict[str, str] = {
    "picker": "pick",
    "packer": "pack",
    "receiver": "receive",
    "putaway_driver": "putaway",
    "replenisher": "replenish",
    "loader": "load",
    "counter": "count",
    "clerk": "key",
}


class BreakSpec(Spec):
    """A pause, taken at the next task boundary."""

    at: ClockTime
    minutes: NotNegative


class ShiftSpec(Spec):
    """Daily working time; `days` are weekdays, Monday = 0, empty = every day."""

    starts: ClockTime
    ends: ClockTime
    breaks: tuple[BreakSpec, ...] = Field(default=(), strict=False)
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(default=(), strict=False)


class CrewSpec(Spec):
    """Workers alike. Without `shifts` they are there all the time."""

    count: Headcount | Literal["unlimited"] = 1
    shifts: tuple[ShiftSpec, ...] = Field(default=(), strict=False)
    also: tuple[Queue, ...] = Field(default=(), strict=False)
    skills: tuple[Name, ...] = Field(default=(), strict=False)
    speed_m_per_s: Speed | Literal["unlimited"] | None = None
    time_factor: NotNegative = 1.0
    slip_factor: NotNegative = 1.0
    method: Literal["paper", "barcode"] | None = None
    absence: Share = 0.0
    starts_at: Name | None = None
    cart_positions: SomeOrUnlimited | None = None


Crew = CrewSpec | Annotated[tuple[CrewSpec, ...], Field(strict=False)]


class WorkforceSpec(Spec):
    """Groups of workers by role."""

    pickers: Crew = CrewSpec(count=4)
    packers: Crew = CrewSpec(count=2)
    receivers: Crew = CrewSpec(count=1)
    putaway_drivers: Crew = CrewSpec(count=1)
    replenishers: Crew = CrewSpec(count=1)
    loaders: Crew = CrewSpec(count=1)
    counters: Crew = CrewSpec(count=0)
    clerks: Crew = CrewSpec(count=1)
