"""Zoning: how a batch is cut by zone and joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from twin.domain.ids import LineId, Zone
from twin.policies.shape import Policy, Rejection, Rules, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonedLine:
    """A line and where it is picked."""

    line: LineId
    zone: Zone
    zone_rank: int
    pick_rank: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoningSnapshot(Snapshot):
    """One batch. waiting_totes: totes that wait before each zone; units_per_tote, wall_places_free: 0 = none."""

    lines: tuple[ZonedLine, ...]
    blocked: frozenset[Zone]
    waiting_totes: tuple[tuple[Zone, int], ...]
    units_per_tote: int
    wall_places_free: int


ZoningRules = Rules
RULES = ZoningRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """legs: (zone, sequence, lines); legs of one sequence run at once. held: lines of blocked zones, or all of them."""

    legs: tuple[tuple[Zone, int, tuple[LineId, ...]], ...]
    consolidate: bool
    held: tuple[Rejection, ...]


def _turn(x: ZonedLine) -> tuple[int, Zone, int, LineId]:
    return (x.zone_rank, x.zone, x.pick_rank, x.line)


def _workable(snapshot: ZoningSnapshot) -> tuple[list[ZonedLine], list[Rejection]]:
    """The lines in order, and those whose leg is held because the zone is blocked: the leg waits, not the order."""
    lines = sorted(snapshot.lines, key=_turn)
    held = [
        Rejection(subject=x.line, code="location_blocked", detail=f"zone {x.zone} is blocked")
        for x in lines
        if x.zone in snapshot.blocked
    ]
    return [x for x in lines if x.zone not in snapshot.blocked], sorted(held, key=lambda r: r.subject)


def _by_zone(lines: Sequence[ZonedLine]) -> list[tuple[Zone, tuple[LineId, ...]]]:
    legs: dict[Zone, list[LineId]] = {}
    for x in lines:
        legs.setdefault(x.zone, []).append(x.line)
    return [(zone, tuple(names)) for zone, names in legs.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """No cut: one leg through all zones by (zone_rank, pick_rank, line), named after the first zone."""

    rules: ZoningRules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        lines, held = _workable(snapshot)
        legs = ((lines[0].zone, 0, tuple([x.line for x in lines])),) if lines else ()
        return ZonePlan(legs=legs, consolidate=False, held=tuple(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class PickAndPass:
    """One tote through the zones by (zone_rank, zone); zones without lines are skipped.

    A full tote: a second one on the same legs, so the plan does not change.
    """

    rules: ZoningRules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        lines, held = _workable(snapshot)
        legs = [(zone, turn, names) for turn, (zone, names) in enumerate(_by_zone(lines))]
        return ZonePlan(legs=tuple(legs), consolidate=False, held=tuple(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """All zones at once; parts of several zones meet at a place of the put wall. No place: all wait."""

    rules: ZoningRules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        lines, held = _workable(snapshot)
        zones = _by_zone(lines)
        together = len({x.zone for x in snapshot.lines}) > 1
        if together and snapshot.wall_places_free <= 0:
            waiting = [Rejection(subject=x.line, code="no_wall_place") for x in lines]
            return ZonePlan(legs=(), consolidate=True, held=tuple(sorted([*held, *waiting], key=lambda r: r.subject)))
        return ZonePlan(legs=tuple([(zone, 0, names) for zone, names in zones]), consolidate=together, held=tuple(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketBrigade:
    """No fixed borders: legs as for pick and pass; who is met takes over, and the other walks back.

    Workers stand slowest to fastest; where they settle: `hand_offs`.
    """

    rules: ZoningRules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        return PickAndPass(rules=self.rules)(snapshot)


def hand_offs(speeds: Sequence[float]) -> tuple[tuple[float, ...], float]:
    """Where workers of these speeds hand over in the end, as shares of the line, and the rate of the line.

    Worker i works on [V(i-1)/V(n), V(i)/V(n)], V the running sum of speeds; the walk back takes no time. Bartholdi &
    Eisenstein (1996). speeds: work per unit of time, slowest first.
    """
    sums = list(accumulate(speeds))
    return tuple([v / sums[-1] for v in sums[:-1]]), sums[-1]


ZONING: dict[str, type[Policy[ZoningSnapshot, ZonePlan]]] = {
    "single": Single,
    "pick_and_pass": PickAndPass,
    "parallel": Parallel,
    "bucket_brigade": BucketBrigade,
}
