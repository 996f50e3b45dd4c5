"""Chains: strategies in order, each gets what the former left.

`zones` limits the stock or places that an entry may touch, `owners` the lines or goods it serves; empty: all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from twin.domain.ids import LotId, OwnerId, StockId, Zone
from twin.policies.allocation import Allocation, AllocationSnapshot, Reservation, StockLine
from twin.policies.putaway import PutawayChoice, PutawaySnapshot
from twin.policies.shape import Policy, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEntry:
    """One strategy of a chain, and what it may touch."""

    name: str
    policy: Policy[Any, Any]
    zones: frozenset[Zone] = frozenset()
    owners: frozenset[OwnerId] = frozenset()

    def serves(self, owner: OwnerId) -> bool:
        """May this entry work for the owner?"""
        return not self.owners or owner in self.owners

    def may_touch(self, zone: Zone) -> bool:
        """May this entry use what stands in the zone?"""
        return not self.zones or zone in self.zones


class _Taken:
    """What the entries have reserved so far, and what each stock line was refused for."""

    def __init__(self, need: int) -> None:
        self.need = need
        self.units: dict[StockId, int] = {}
        self.refused: dict[str, Rejection] = {}
        self.accepted: set[StockId] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationChain:
    """Allocation by several strategies. Stock counts as rejected if every entry that saw it refused it."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        taken = self._run(snapshot, snapshot.stock)
        rejected = [row for name, row in sorted(taken.refused.items()) if name not in taken.accepted]
        if line.single_lot:
            taken = self._one_lot(snapshot)
            if taken.need and len({row.lot for row in snapshot.stock if row.stock in taken.accepted}) > 1:
                rejected.append(Rejection(subject=line.line, code="lot_mixing"))
        short = taken.need
        if short and line.ship_rule == "line_complete":
            return Allocation(reservations=(), short=line.units, rejected=tuple(rejected))
        return Allocation(
            reservations=tuple([Reservation(line=line.line, stock=s, units=n) for s, n in taken.units.items()]),
            short=short,
            rejected=tuple(rejected),
        )

    def _run(self, snapshot: AllocationSnapshot, stock: tuple[StockLine, ...]) -> _Taken:
        taken = _Taken(snapshot.line.units)
        for entry in self.entries:
            if not entry.serves(snapshot.line.owner):
                continue
            rows = tuple(
                [
                    replace(row, reserved=row.reserved + taken.units[row.stock]) if row.stock in taken.units else row
                    for row in stock
                    if entry.may_touch(row.zone)
                ]
            )
            line = replace(snapshot.line, units=taken.need, ship_rule="partial", single_lot=False)
            found: Allocation = entry.policy(replace(snapshot, line=line, stock=rows))
            refused = {row.subject: row for row in found.rejected}
            for row in rows:
                if row.stock not in refused:
                    taken.accepted.add(row.stock)
            taken.refused = refused | taken.refused
            for reservation in found.reservations:
                taken.units[reservation.stock] = taken.units.get(reservation.stock, 0) + reservation.units
            taken.need = found.short
        return taken

    def _one_lot(self, snapshot: AllocationSnapshot) -> _Taken:
        """The first lot that the chain would touch and that covers the line alone; else the lot with most units."""
        rows = list(snapshot.stock)
        lot_of = {row.stock: row.lot for row in rows}
        best = _Taken(snapshot.line.units)
        accepted: set[StockId] = set()
        while rows:
            ahead = self._run(snapshot, tuple(rows))
            accepted |= ahead.accepted
            first = next(iter(ahead.units), None)
            if first is None:
                break
            lot: LotId | None = lot_of[first]
            alone = self._run(snapshot, tuple([row for row in rows if row.lot == lot]))
            if alone.need < best.need:
                best = alone
            if best.need <= 0:
                break
            rows = [row for row in rows if row.lot != lot]
        best.accepted = accepted
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class PutawayChain:
    """Putaway by several strategies: the first that finds a place. `overflow`: the last entry, with zones, found it."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        refused: dict[str, Rejection] = {}
        for turn, entry in enumerate(self.entries):
            if not entry.serves(snapshot.owner):
                continue
            inside = [i for i, place in enumerate(snapshot.candidates) if entry.may_touch(place.zone)]
            choice: PutawayChoice = entry.policy(
                replace(
                    snapshot,
                    candidates=tuple([snapshot.candidates[i] for i in inside]),
                    distance_mm=tuple([snapshot.distance_mm[i] for i in inside]),
                    face_distance_mm=tuple([snapshot.face_distance_mm[i] for i in inside]),
                )
            )
            for rejection in choice.rejected:
                if rejection.code != "no_location":
                    refused.setdefault(rejection.subject, rejection)
            if choice.location is not None:
                overflow = turn > 0 and turn == len(self.entries) - 1 and bool(entry.zones)
                return PutawayChoice(location=choice.location, overflow=overflow, rejected=_sorted(refused))
        nowhere = Rejection(subject=snapshot.lpn, code="no_location")
        return PutawayChoice(location=None, overflow=False, rejected=(*_sorted(refused), nowhere))


def _sorted(refused: dict[str, Rejection]) -> tuple[Rejection, ...]:
    return tuple([refused[name] for name in sorted(refused)])
