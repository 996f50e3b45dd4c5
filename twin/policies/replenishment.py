"""Replenishment: what the pick faces get from reserve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Any, Literal

from twin.domain.ids import LineId, LocationId, OrderId, OwnerId, SkuId, StockId, StorageClass, Zone
from twin.domain.orders import OrderLine
from twin.domain.records import builder
from twin.policies.allocation import ALLOCATION
from twin.policies.shape import Policy, PolicyError, Rejection, Rules, Snapshot
from twin.policies.stock_filters import Allocation, AllocationSnapshot, StockLine, available
from twin.policies.why import least_first

_order_line, _allocation_snapshot = builder(OrderLine), builder(AllocationSnapshot)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NO_ZONE = Zone("")
_REPLENISH = OrderId("replenish")
_CLASSES: tuple[StorageClass, ...] = ("ambient", "chilled", "frozen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A pick face. `coming_units`: moves on their way; `wanted_units`: reserved here, not yet picked.

    `zone` is read by `zone_threshold`; faces without one count as of one zone.
    """

    location: LocationId
    owner: OwnerId
    sku: SkuId
    units: int
    coming_units: int
    wanted_units: int
    min_units: int
    max_units: int
    capacity_units: int
    units_per_h: float
    zone: Zone = NO_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplenishmentSnapshot(Snapshot):
    """Faces, and the reserve stock of their SKUs.

    `reserve_skus` stands beside `reserve`; it may be empty while all faces are of one SKU.
    """

    faces: tuple[Face, ...]
    reserve: tuple[StockLine, ...]
    on_day: int
    trigger: Literal["level", "demand", "immediate", "idle"]
    reserve_skus: tuple[SkuId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplenishmentRules(Rules):
    """`allocation`: the rule that picks the reserve stock."""

    share_of_max: float = 0.3
    allocation: str = "fefo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replenishment:
    """moves: (stock, to, units, due_ms), due when the face is expected to run empty."""

    moves: tuple[tuple[StockId, LocationId, int, int], ...]
    rejected: tuple[Rejection, ...]


_replenishment = builder(Replenishment)


def position(face: Face) -> int:
    """Units that the face can still give: there and coming, less those wanted from it."""
    return face.units + face.coming_units - face.wanted_units


def cover_h(face: Face) -> float:
    """Hours until the face runs empty."""
    if face.units_per_h > 0:
        return position(face) / face.units_per_h
    return inf if position(face) > 0 else 0.0


def due_ms(face: Face, now_ms: int) -> int:
    """Now plus the cover; a day ahead where nothing moves or the cover is longer."""
    hours = cover_h(face)
    return now_ms + (DAY_MS if hours >= 24 else max(0, int(hours * HOUR_MS)))


def fill(
    snapshot: ReplenishmentSnapshot, rules: ReplenishmentRules, units_to_bring: Callable[[Face], int]
) -> Replenishment:
    """Bring to each face its need, faces of least cover first, from reserve stock of the same owner and SKU.

    Whole packs, rounded up, then capped by the room of the face. What reserve cannot give is `no_stock`.
    """
    decide = _allocation(rules.allocation)
    reserve = _reserve_by_article(snapshot)
    moves: list[tuple[StockId, LocationId, int, int]] = []
    rejected: dict[str, Rejection] = {}

    def key(f: Face) -> tuple[Any, ...]:
        return (cover_h(f), f.sku, f.location, f.owner)

    def name(f: Face) -> str:
        return f.location

    for face in least_first(snapshot.faces, key, name):
        need = units_to_bring(face)
        if need <= 0:
            continue
        room = face.capacity_units - face.units - face.coming_units
        if room <= 0:
            rejected[face.location] = Rejection(subject=face.location, code="no_place", detail="the face is full")
            continue
        rows = reserve.get((face.owner, face.sku), {})
        taken, missing, refused = _sourced(face, min(need, room), room, rows, snapshot, decide)
        for rejection in refused:
            rejected.setdefault(rejection.subject, rejection)
        for stock, units in taken:
            moves.append((stock, face.location, units, due_ms(face, snapshot.now_ms)))
            if len(snapshot.faces) > 1:  # the next face finds them reserved
                rows[stock] = replace(rows[stock], reserved=rows[stock].reserved + units)
        if missing > 0:
            detail = f"{missing} of {min(need, room)} units are not in reserve"
            rejected[face.location] = Rejection(subject=face.location, code="no_stock", detail=detail)
    return _replenishment(tuple(moves), tuple([rejected[name] for name in sorted(rejected)]))


@cache
def _allocation(name: str) -> Policy[AllocationSnapshot, Allocation]:
    if name not in ALLOCATION:
        raise PolicyError(f"replenishment: allocation must be one of {', '.join(ALLOCATION)}, got {name!r}")
    policy: Policy[AllocationSnapshot, Allocation] = ALLOCATION[name]()
    return policy


def _reserve_by_article(snapshot: ReplenishmentSnapshot) -> dict[tuple[OwnerId, SkuId], dict[StockId, StockLine]]:
    """Reserve stock by owner and SKU; stock that stands in one of the faces is not reserve."""
    skus = snapshot.reserve_skus
    if not skus and snapshot.reserve:
        of_faces = {face.sku for face in snapshot.faces}
        if len(of_faces) > 1:
            raise PolicyError("replenishment: faces of several SKUs need reserve_skus beside reserve")
        skus = tuple(of_faces) * len(snapshot.reserve)
    if snapshot.faces and len(skus) != len(snapshot.reserve):
        raise PolicyError("replenishment: reserve_skus must stand beside reserve, one for each")
    faces = {face.location for face in snapshot.faces}
    by_article: dict[tuple[OwnerId, SkuId], dict[StockId, StockLine]] = {}
    for sku, row in zip(skus, snapshot.reserve, strict=False):
        if row.location not in faces:
            by_article.setdefault((row.owner, sku), {})[row.stock] = row
    return by_article


def _sourced(
    face: Face,
    need: int,
    room: int,
    rows: dict[StockId, StockLine],
    snapshot: ReplenishmentSnapshot,
    decide: Policy[AllocationSnapshot, Allocation],
) -> tuple[list[tuple[StockId, int]], int, list[Rejection]]:
    """(stock, units) by the allocation rule, the last one rounded up to whole packs; units missing; refused stock.

    A face has no storage class of its own: stock of each class in turn is asked with a line of that class.
    """
    taken: list[tuple[StockId, int]] = []
    refused: list[Rejection] = []
    for storage in _CLASSES:
        stock = tuple([row for row in rows.values() if row.storage == storage])
        if not stock:
            continue
        name, on_day = LineId(f"replenish {face.location}"), snapshot.on_day
        line = _order_line(name, _REPLENISH, face.sku, need, face.owner, storage=storage, cleared=True)
        found = decide(_allocation_snapshot(snapshot.now_ms, snapshot.book_version, 0, line, on_day, on_day, stock))
        refused += found.rejected
        for reservation in found.reservations:
            row = rows[reservation.stock]
            packs = -(-reservation.units // row.units_per_pack) * row.units_per_pack
            units = min(packs, available(row), room)
            if units > 0:
                taken.append((row.stock, units))
                need -= units
                room -= units
        if need <= 0 or room <= 0:
            break
    return taken, max(0, need), refused


@dataclass(frozen=True, slots=True, kw_only=True)
class MinMax:
    """Below the minimum: fill up to the maximum."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        return fill(snapshot, self.rules, lambda f: f.max_units - position(f) if position(f) < f.min_units else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentOfMax:
    """At or below a share of the maximum: fill up to the maximum."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        share = self.rules.share_of_max
        return fill(
            snapshot, self.rules, lambda f: f.max_units - position(f) if position(f) <= share * f.max_units else 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Released work exceeds what is there and coming: bring the gap."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        return fill(snapshot, self.rules, lambda f: -position(f))


@dataclass(frozen=True, slots=True, kw_only=True)
class Immediate:
    """Allocation has just failed at these faces: fill those with nothing left to give."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        return fill(snapshot, self.rules, lambda f: f.max_units - position(f) if position(f) <= 0 else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneThreshold:
    """The faces of a SKU in a zone together: summed positions below the summed minima, fill each up to its maximum."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        above_min: dict[tuple[Zone, OwnerId, SkuId], int] = {}
        for face in snapshot.faces:
            zone = (face.zone, face.owner, face.sku)
            above_min[zone] = above_min.get(zone, 0) + position(face) - face.min_units
        return fill(
            snapshot, self.rules, lambda f: f.max_units - position(f) if above_min[f.zone, f.owner, f.sku] < 0 else 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """In idle time: fill whatever is not full, lowest cover first."""

    rules: ReplenishmentRules = ReplenishmentRules()

    def __call__(self, snapshot: ReplenishmentSnapshot, /) -> Replenishment:
        return fill(snapshot, self.rules, lambda f: f.max_units - position(f))


REPLENISHMENT: dict[str, type[Policy[ReplenishmentSnapshot, Replenishment]]] = {
    "min_max": MinMax,
    "percent_of_max": PercentOfMax,
    "demand": Demand,
    "immediate": Immediate,
    "zone_threshold": ZoneThreshold,
    "top_up": TopUp,
}
