"""What allocation sees and answers, and the hard filters: a fixed order, one code per refused candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import LineId, LocationId, LotId, Lpn, OwnerId, StockId, StockStatus, StorageClass, Zone
from twin.domain.orders import OrderLine
from twin.policies.shape import Rejection, RejectionCode, Rules, Snapshot

NEVER = 1 << 60
"""A day beyond all days: what has no date sorts last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """Units of one SKU, lot, handling unit, owner and status at one location, as the book believes."""

    stock: StockId
    location: LocationId
    zone: Zone
    tier: int
    pick_rank: int
    distance_mm: int
    lot: LotId | None
    lpn: Lpn | None
    owner: OwnerId
    status: StockStatus
    location_blocked: bool
    units: int
    reserved: int
    units_per_pack: int
    fixed_face: bool
    received_at_ms: int
    expires_on_day: int | None
    remove_on_day: int | None
    storage: StorageClass
    excursion: bool
    segregation: str | None
    secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationSnapshot(Snapshot):
    """One line and the stock of its SKU at one site, nothing else."""

    line: OrderLine
    on_day: int
    deliver_on_day: int
    stock: tuple[StockLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRules(Rules):
    """`expired`: refuse filters, last sorts expired stock behind all other, ignore only sorts."""

    expired: Literal["refuse", "last", "ignore"] = "refuse"
    governing: Literal["expires", "remove"] = "remove"
    use_tiers: bool = True
    untracked_serves_lot: bool = False
    break_packs: bool = True
    forbidden_segregation: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Units of a stock line held for an order line."""

    line: LineId
    stock: StockId
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Reserved units + `short` = units asked."""

    reservations: tuple[Reservation, ...]
    short: int
    rejected: tuple[Rejection, ...]


def available(stock: StockLine) -> int:
    """On hand less reserved; a negative book counts as 0."""
    free = stock.units - stock.reserved
    return free if free > 0 else 0


def governing_day(stock: StockLine, rules: AllocationRules) -> int:
    """The day that decides on expiry; NEVER if the stock is undated."""
    day = stock.remove_on_day if rules.governing == "remove" else None
    if day is None:
        day = stock.expires_on_day
    return NEVER if day is None else day


def refusal(stock: StockLine, snapshot: AllocationSnapshot, rules: AllocationRules) -> RejectionCode | None:
    """The first hard filter that the stock fails, None if it may serve the line.

    Days left are asked for under `expired: refuse`, or wherever the line asks for some: else stock that the rules
    `last` and `ignore` let pass as expired would never reach the sort.
    """
    line = snapshot.line
    if stock.status != "available":
        return "status"
    if stock.location_blocked:
        return "location_blocked"
    if stock.owner != line.owner:
        return "owner"
    if line.lot is not None and stock.lot != line.lot and not (stock.lot is None and rules.untracked_serves_lot):
        return "lot"
    if line.lpn is not None and stock.lpn != line.lpn:
        return "lot"
    expires_on_day = stock.expires_on_day
    if rules.expired == "refuse":
        day = stock.remove_on_day if rules.governing == "remove" else None
        if day is None:
            day = expires_on_day
        if day is not None and day < snapshot.on_day:
            return "expired"
        if expires_on_day is not None and expires_on_day - snapshot.deliver_on_day < line.min_days_left:
            return "shelf_life"
    elif (
        line.min_days_left > 0
        and expires_on_day is not None
        and expires_on_day - snapshot.deliver_on_day < line.min_days_left
    ):
        return "shelf_life"
    if stock.storage != line.storage or stock.excursion:
        return "temperature"
    if stock.segregation is not None and stock.segregation in rules.forbidden_segregation:
        return "segregation"
    if stock.secure and not line.cleared:
        return "secure_zone"
    free = stock.units - stock.reserved
    if line.whole_packs_only and free < stock.units_per_pack:
        return "packing_level"
    if free <= 0:
        return "no_units"
    return None
