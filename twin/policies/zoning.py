"""Zoning: how a batch is cut by zone and joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from twin.domain.ids import LineId, Zone
from twin.policies.shape import Policy, Rejection, Rules, Snapshot
from twin.policies.why import seen

RULES = Rules()

Leg = tuple[Zone, int, tuple[LineId, ...]]
"""(zone, sequence from 0, lines in picking order)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonedLine:
    """A line of the batch and where its stock lies."""

    line: LineId
    zone: Zone
    zone_rank: int
    pick_rank: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoningSnapshot(Snapshot):
    """One batch. units_per_tote 0: a tote is never full.

    waiting_totes: (zone, totes that wait before it); no rule here reads it, one of your own may.
    """

    lines: tuple[ZonedLine, ...]
    blocked: frozenset[Zone]
    waiting_totes: tuple[tuple[Zone, int], ...]
    units_per_tote: int
    wall_places_free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """Lines in legs + lines held = lines. Legs of one sequence begin together, else each waits for the one before.

    consolidate: the batch arrives in parts, which meet before packing; a held part counts. totes, beside legs: how many
    go along each; totes of legs that follow one another are the same ones.
    """

    legs: tuple[Leg, ...]
    consolidate: bool
    held: tuple[Rejection, ...]
    totes: tuple[int, ...] = ()


def by_rank(line: ZonedLine) -> tuple[int, int, LineId]:
    """(zone_rank, pick_rank, line)."""
    return (line.zone_rank, line.pick_rank, line.line)


def zones_in_order(lines: Sequence[ZonedLine]) -> list[tuple[Zone, list[ZonedLine]]]:
    """The zones that have lines, each where its first line stands, with its lines by (pick_rank, line)."""
    zones: dict[Zone, list[ZonedLine]] = {}
    for line in sorted(lines, key=seen(by_rank, lambda row: row.line)):
        zones.setdefault(line.zone, []).append(line)
    return [(zone, sorted(there, key=lambda row: (row.pick_rank, row.line))) for zone, there in zones.items()]


def totes_for(lines: Sequence[ZonedLine], units_per_tote: int) -> int:
    """Totes that hold all units of the lines, at least one; the last may be part full."""
    units = sum([line.units for line in lines])
    return max(1, -(-units // units_per_tote)) if units_per_tote > 0 else 1


def open_lines(snapshot: ZoningSnapshot) -> tuple[list[ZonedLine], list[Rejection]]:
    """The lines outside the blocked zones; a code for each other one."""
    free = [line for line in snapshot.lines if line.zone not in snapshot.blocked]
    blocked = [
        Rejection(subject=line.line, code="location_blocked", detail=f"zone {line.zone} is blocked")
        for line in snapshot.lines
        if line.zone in snapshot.blocked
    ]
    return free, blocked


def planned(legs: Sequence[Leg], totes: Sequence[int], held: Sequence[Rejection], parts: int) -> ZonePlan:
    """The plan, held lines by id."""
    return ZonePlan(
        legs=tuple(legs),
        consolidate=bool(legs) and parts > 1,
        held=tuple(sorted(held, key=lambda r: r.subject)),
        totes=tuple(totes),
    )


def uncut(snapshot: ZoningSnapshot) -> ZonePlan:
    """One leg through all zones, under the name of the first."""
    lines, held = open_lines(snapshot)
    if not lines:
        return planned([], [], held, 0)
    lines = sorted(lines, key=seen(by_rank, lambda row: row.line))
    leg: Leg = (lines[0].zone, 0, tuple([line.line for line in lines]))
    return planned([leg], [totes_for(lines, snapshot.units_per_tote)], held, 1 + bool(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """No cut: one worker takes the batch through all zones."""

    rules: Rules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        return uncut(snapshot)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickAndPass:
    """One tote goes from zone to zone by rank and skips those without lines; if it is full, another goes with it."""

    rules: Rules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        lines, held = open_lines(snapshot)
        zones = zones_in_order(lines)
        legs: list[Leg] = [(zone, i, tuple([x.line for x in there])) for i, (zone, there) in enumerate(zones)]
        totes = totes_for(lines, snapshot.units_per_tote)
        return planned(legs, [totes] * len(legs), held, 1 + bool(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """All zones at once, each with totes of its own; the parts meet at a place of the put wall.

    Parts without a place do not begin, for a wall that nobody can finish at stands still. The part of a blocked zone
    comes later and needs the place too.
    """

    rules: Rules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        lines, held = open_lines(snapshot)
        parts = len({line.zone for line in snapshot.lines})
        if parts > 1 and snapshot.wall_places_free <= 0:
            held += [Rejection(subject=line.line, code="no_wall_place") for line in lines]
            lines = []
        zones = zones_in_order(lines)
        legs: list[Leg] = [(zone, 0, tuple([x.line for x in there])) for zone, there in zones]
        return planned(legs, [totes_for(there, snapshot.units_per_tote) for _, there in zones], held, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketBrigade:
    """No fixed borders: each carries on until the next worker takes over, then walks back; slowest to fastest.

    The leg is not cut in advance; where it changes hands follows from the workers' speeds, see `hand_offs`.
    Bartholdi & Eisenstein (1996).
    """

    rules: Rules = RULES

    def __call__(self, snapshot: ZoningSnapshot, /) -> ZonePlan:
        return uncut(snapshot)


def hand_offs(speeds: Sequence[int]) -> tuple[Fraction, ...]:
    """Where work changes hands once the brigade has settled, as shares of the line, with instant walk-back.

    Workers stand slowest to fastest, whatever the order given; their sum is the rate of the line.
    """
    total, so_far = sum(speeds), 0
    points: list[Fraction] = []
    for speed in sorted(speeds)[:-1]:
        so_far += speed
        points.append(Fraction(so_far, total))
    return tuple(points)


ZONING: dict[str, type[Policy[ZoningSnapshot, ZonePlan]]] = {
    "single": Single,
    "pick_and_pass": PickAndPass,
    "parallel": Parallel,
    "bucket_brigade": BucketBrigade,
}
