"""Sourcing and order splitting across sites: which site ships which line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from twin.domain.ids import LineId, Site
from twin.policies.shape import Policy, Rejection, RejectionCode
from twin.policies.sourcing_records import (
    Bundle,
    Place,
    SiteState,
    Sourcing,
    SourcingRules,
    SourcingSnapshot,
    able,
    bundles_of,
)
from twin.policies.why import seen

HOUR_MS = 3_600_000
RULES = SourcingRules()
Parts = dict[tuple[Site, LineId], int]


def fill(bundle: Bundle, places: Sequence[Place]) -> Parts:
    """Take from the places in turn what each has; a kit whole from the first that has all of it."""
    parts: Parts = {}
    for line in bundle.loose:
        left = line.units
        for place in places:
            units = min(left, place.has(line))
            if units > 0:
                parts[place.state.site, line.line] = units
                left -= units
    for kit in bundle.kits:
        home = next((p for p in places if all(p.has(line) == line.units for line in kit)), None)
        if home is not None:
            parts |= {(home.state.site, line.line): line.units for line in kit}
    return parts


def complete(bundle: Bundle, parts: Parts) -> bool:
    """Do these parts hold all that the bundle asks?"""
    mine = {line.line for line in bundle.lines}
    return sum([n for (_, name), n in parts.items() if name in mine]) == sum([x.units for x in bundle.lines])


def served(bundles: Iterable[Bundle], places: Sequence[Place]) -> Parts:
    """What the places ship of all bundles; nothing of one that must be whole and is not."""
    parts: Parts = {}
    for bundle in bundles:
        mine = fill(bundle, places)
        if not bundle.whole or complete(bundle, mine):
            parts |= mine
    return parts


def in_turn(bundles: Sequence[Bundle], order: Sequence[Place], max_splits: int) -> list[Place]:
    """The sites that have something of what those before them left open, till the cuts are used up."""
    chosen: list[Place] = []
    for place in order:
        if len(chosen) <= max_splits:
            sites = {site for bundle in bundles for site, _ in fill(bundle, [*chosen, place])}
            if place.state.site in sites:
                chosen.append(place)
    return chosen


def greedy(snapshot: SourcingSnapshot, rules: SourcingRules, key: Callable[[Place], Any]) -> Sourcing:
    """Site by site in this order.

    What must be whole takes part only if it would be alone; if several do not fit together, the last by id waits.
    """
    places, refused = able(snapshot)
    order = sorted(places, key=seen(key, lambda place: place.state.site))
    bundles = bundles_of(snapshot)
    taking = [b for b in bundles if not b.whole or complete(b, served([b], in_turn([b], order, rules.max_splits)))]
    while True:
        chosen = in_turn(taking, order, rules.max_splits)
        broken = [b for b in taking if b.whole and not complete(b, fill(b, chosen))]
        if not broken:
            return decided(snapshot, places, refused, served(taking, chosen), order)
        taking = [b for b in taking if b is not broken[-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a set of sites ships at least cost; `cost` in cents x milliseconds of an hour, so that it stays whole."""

    places: tuple[Place, ...]
    parts: Parts
    cost: int

    @property
    def tail(self) -> tuple[int, tuple[Site, ...]]:
        """The last ties: sum of ranks, then the ids."""
        return sum([p.state.rank for p in self.places]), tuple(sorted([p.state.site for p in self.places]))


def cost_of(parts: Parts, places: Sequence[Place], rules: SourcingRules) -> int:
    """fixed_cents + unit_cents x units + late_cents_per_h x hours, per shipment; it is as late as its last part."""
    cost = 0
    for place in places:
        mine = {line: units for (site, line), units in parts.items() if site == place.state.site}
        late_ms = max([place.late_ms(line, units) for line, units in mine.items()], default=0)
        cost += HOUR_MS * (place.state.fixed_cents + place.state.unit_cents * sum(mine.values()))
        cost += rules.late_cents_per_h * late_ms
    return cost


def least_cost(bundles: Sequence[Bundle], places: tuple[Place, ...], rules: SourcingRules) -> Plan | None:
    """The cheapest way in which all of these sites ship as much as they can; None if one has nothing to ship.

    For each bound on how late each site may be, the rest is simple: units come from the cheapest site first. A bound
    that costs more than the best so far, even with the units as cheap as without any bound, is passed over.
    """
    cheap = sorted(places, key=lambda p: (p.state.unit_cents, p.state.rank, p.state.site))
    free = served(bundles, cheap)
    most, floor = sum(free.values()), cost_of(free, cheap, replace(rules, late_cents_per_h=0))
    asked = {line.line for bundle in bundles for line in bundle.lines}
    bounds = [
        sorted({late_ms for line, rows in place.offers.items() if line in asked for late_ms, _ in rows})
        if rules.late_cents_per_h
        else [max([late_ms for rows in place.offers.values() for late_ms, _ in rows], default=0)]
        for place in cheap
    ]
    best: Plan | None = None
    for bound in product(*bounds):
        if best is not None and floor + rules.late_cents_per_h * sum(bound) >= best.cost:
            continue
        parts = served(bundles, [place.by(late_ms) for place, late_ms in zip(cheap, bound, strict=True)])
        if sum(parts.values()) == most and {site for site, _ in parts} == {p.state.site for p in places}:
            plan = Plan(places=places, parts=parts, cost=cost_of(parts, places, rules))
            best = plan if best is None or plan.cost < best.cost else best
    return best


def enumerated(snapshot: SourcingSnapshot, rules: SourcingRules, key: Callable[[Plan], Any]) -> Sourcing:
    """Of all sets of sites those that ship most, of those the least by the key."""
    places, refused = able(snapshot)
    bundles = bundles_of(snapshot)
    near = places[: rules.max_sites]
    sets = [
        chosen for size in range(1, min(rules.max_splits + 1, len(near)) + 1) for chosen in combinations(near, size)
    ]
    plans = [plan for plan in [least_cost(bundles, chosen, rules) for chosen in sets] if plan is not None]
    key = seen(key, lambda plan: " + ".join(plan.tail[1]))
    best = min(plans, key=lambda plan: (-sum(plan.parts.values()), key(plan)), default=None)
    return decided(snapshot, places, refused, best.parts if best else {}, places)


def decided(
    snapshot: SourcingSnapshot, places: list[Place], refused: list[Rejection], parts: Parts, order: Sequence[Place]
) -> Sourcing:
    """The shipments in this order of sites, and what is left of each line with its code."""
    got = {line.line: sum([n for (_, name), n in parts.items() if name == line.line]) for line in snapshot.lines}
    backorder = sorted([(x.line, x.units - got[x.line]) for x in snapshot.lines if x.units > got[x.line]])
    codes: dict[LineId, RejectionCode] = {}
    for bundle in bundles_of(snapshot):
        lone = {x.line: sum([p.has(x) for p in places]) for x in bundle.loose}
        for kit in bundle.kits:
            full = any(all(p.has(x) == x.units for x in kit) for p in places)
            lone |= {x.line: x.units if full else 0 for x in kit}
        possible = not bundle.whole or all(lone[x.line] >= x.units for x in bundle.lines)
        for x in bundle.lines:
            enough = lone[x.line] >= x.units if bundle.whole else lone[x.line] > got[x.line]
            codes[x.line] = "no_stock" if not enough else "max_splits" if possible else "not_covered"
    shipments = [
        (place.state.site, tuple(sorted([(line, n) for (site, line), n in parts.items() if site == place.state.site])))
        for place in order
    ]
    waits = [Rejection(subject=line, code=codes[line], detail=f"{units} units wait") for line, units in backorder]
    return Sourcing(
        shipments=tuple([row for row in shipments if row[1]]),
        backorder=tuple(backorder),
        rejected=tuple(sorted([*refused, *waits], key=lambda r: (r.subject, r.code))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRank:
    """Sites by rank, each ships what it has; known as source priority."""

    rules: SourcingRules = RULES

    def __call__(self, snapshot: SourcingSnapshot, /) -> Sourcing:
        return greedy(snapshot, self.rules, lambda p: (p.state.rank, p.state.site))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The site nearest to the customer first; known as distance priority."""

    rules: SourcingRules = RULES

    def __call__(self, snapshot: SourcingSnapshot, /) -> Sourcing:
        return greedy(snapshot, self.rules, lambda p: (p.distance_mm, p.state.rank, p.state.site))


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestWithRoom:
    """The nearest site whose open lines leave room for this order; full sites after all others."""

    rules: SourcingRules = RULES

    def __call__(self, snapshot: SourcingSnapshot, /) -> Sourcing:
        lines = len(snapshot.lines)

        def key(p: Place) -> tuple[object, ...]:
            return (p.state.open_lines + lines > p.state.capacity_lines, p.distance_mm, p.state.rank, p.state.site)

        return greedy(snapshot, self.rules, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FewestSplits:
    """The smallest set of sites that ships most; then the cheapest, the best ranks, the ids."""

    rules: SourcingRules = RULES

    def __call__(self, snapshot: SourcingSnapshot, /) -> Sourcing:
        return enumerated(snapshot, self.rules, lambda plan: (len(plan.places), plan.cost, *plan.tail))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """The set of sites that ships most at least cost; then the fewest shipments, the best ranks, the ids."""

    rules: SourcingRules = RULES

    def __call__(self, snapshot: SourcingSnapshot, /) -> Sourcing:
        return enumerated(snapshot, self.rules, lambda plan: (plan.cost, len(plan.places), *plan.tail))


SOURCING: dict[str, type[Policy[SourcingSnapshot, Sourcing]]] = {
    "by_rank": ByRank,
    "nearest": Nearest,
    "nearest_with_room": NearestWithRoom,
    "fewest_splits": FewestSplits,
    "cheapest": Cheapest,
}

__all__ = [
    "SOURCING",
    "ByRank",
    "Cheapest",
    "FewestSplits",
    "Nearest",
    "NearestWithRoom",
    "SiteState",
    "Sourcing",
    "SourcingRules",
    "SourcingSnapshot",
]
