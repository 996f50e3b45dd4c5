"""One instant of a warehouse, as arrays: what the painter and the panels draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visualizer.stored.growing import Array
from visualizer.stored.saturation import Saturated

OFF, IDLE, BREAK, WORKING, WAITING, BLOCKED, MOVING = range(7)
STATE_NAMES = ("off", "idle", "break", "working", "waiting", "blocked", "moving")
"""What workers do, by number."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Of each worker: where (mm), what (STATE_NAMES), the share of the way done, and which way (`Ways`; -1 none)."""

    x: Array
    y: Array
    state: Array
    share: Array
    way: Array


@dataclass(frozen=True, slots=True)
class Queue:
    """Before a station: how many wait, how many are served, since when the first waits."""

    waiting: int
    serving: int
    since_ms: int | None


@dataclass(frozen=True, slots=True)
class Belt:
    """The share of the belt that each handling unit on it has done, the first to leave first; times blocked so far."""

    shares: Array
    blocked: int


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that is wrong now: equipment `down`, an aisle `closed`; `worker` whose device it is, or -1."""

    kind: Literal["down", "closed"]
    name: str
    since_ms: int
    reason: str
    worker: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """State at `at_ms`, after event `row`. Lists and arrays go by the places of `Ground` and of `Store.workers`."""

    at_ms: int
    row: int
    workers: Workers
    floor_units: Array
    book_units: Array
    waiting: Array
    queues: list[Queue]
    belts: list[Belt]
    trailers: list[str | None]
    staged: Array
    down: list[str]
    incidents: tuple[Incident, ...] = ()
    saturated: tuple[Saturated, ...] = ()
