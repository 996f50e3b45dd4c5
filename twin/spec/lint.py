"""What a layout allows but a warehouse would not have: places nobody can reach, two in one spot, zones for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from twin.domain.errors import SpecError
from twin.domain.ids import LocationId
from twin.space.plan import FloorPlan

Rule = Literal["unreachable", "overlap", "zone_without_capacity", "belt_without_length", "door_without_lane", "routing"]
Ways = Mapping[Hashable, set[Hashable]]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that does not look like a warehouse. `places`: all that it is about."""

    rule: Rule
    sentence: str
    places: tuple[str, ...]


def lint(plan: FloorPlan) -> list[Finding]:
    """All findings of a plan, by rule; empty for a sound layout."""
    findings = [*_unreachable(plan), *_overlaps(plan), *_zones(plan), *_shut(plan), *_belts(plan), *_doors(plan)]
    return sorted(findings)


def must_be_walkable(plans: Iterable[FloorPlan]) -> None:
    """SpecError where a run would send people to places that nobody can reach, or leave."""
    cut_off = [finding.sentence for plan in plans for finding in _unreachable(plan)]
    if cut_off:
        raise SpecError("\n".join(f"layout: {told}; change one_way, or add a way" for told in cut_off))


def _unreachable(plan: FloorPlan) -> Iterable[Finding]:
    ways, node_of_depot, ends = _graph(plan) if plan.aisle_plan is None else _aisles(plan)
    back: dict[Hashable, set[Hashable]] = defaultdict(set)
    for origin, destinations in ways.items():
        for destination in destinations:
            back[destination].add(origin)
    there, home = _from(node_of_depot, ways), _from(node_of_depot, back)
    cut_off: dict[str, list[str]] = defaultdict(list)
    for x in plan.locations:
        enter, leave = ends[x.subaisle]
        if not (enter & there and leave & home):
            told = "no way leads to it" if not enter & there else "no way leads back from it"
            cut_off[told].append(str(x.location))
    for told, names in cut_off.items():
        yield Finding("unreachable", f"{_several(names, 'location')}: {told}", tuple(names))
    if plan.aisle_plan is not None:
        return
    for place in plan.places.values():
        if place.kind == "point" or place.node is None:
            continue
        if place.node not in there or place.node not in home:
            told = f"nothing reaches the {place.kind.replace('_', ' ')} {place.name}"
            yield Finding("unreachable", told, (str(place.name),))


def _graph(plan: FloorPlan) -> tuple[Ways, set[Hashable], dict[str, tuple[set[Hashable], set[Hashable]]]]:
    """Ways between points, the points of the depots, and for each edge where one enters and leaves it."""
    ways: dict[Hashable, set[Hashable]] = defaultdict(set)
    ends: dict[str, tuple[set[Hashable], set[Hashable]]] = {}
    for edge in plan.edges:
        ways[edge.origin].add(edge.destination)
        if not edge.one_way:
            ways[edge.destination].add(edge.origin)
        both: set[Hashable] = {edge.origin, edge.destination}
        ends[edge.key] = ({edge.origin}, {edge.destination}) if edge.one_way else (both, both)
    return ways, {plan.places[d].node for d in plan.depots}, ends


def _aisles(plan: FloorPlan) -> tuple[Ways, set[Hashable], dict[str, tuple[set[Hashable], set[Hashable]]]]:
    """The same for parallel aisles: crossings by (aisle, cross-aisle); cross-aisles are walked both ways."""
    assert plan.aisle_plan is not None
    ways: dict[Hashable, set[Hashable]] = defaultdict(set)
    ends: dict[str, tuple[set[Hashable], set[Hashable]]] = {}
    for aisle in range(1, len(plan.aisle_plan.x_mm)):
        for cross in range(len(plan.aisle_plan.cross_y_mm)):
            ways[aisle - 1, cross].add((aisle, cross))
            ways[aisle, cross].add((aisle - 1, cross))
    for s in plan.subaisles:
        front: set[Hashable] = {(s.aisle, s.block)}
        back: set[Hashable] = {(s.aisle, s.block + 1)}
        if s.one_way in ("both", "up"):
            ways[s.aisle, s.block] |= back
        if s.one_way in ("both", "down"):
            ways[s.aisle, s.block + 1] |= front
        ends[s.key] = (
            (front, back) if s.one_way == "up" else (back, front) if s.one_way == "down" else (front | back,) * 2
        )
    return ways, {_crossing(plan, d) for d in plan.depots}, ends


def _crossing(plan: FloorPlan, name: LocationId) -> tuple[int, int]:
    """The crossing nearest to a place: from there all of the front or back cross-aisle is open."""
    assert plan.aisle_plan is not None
    place, floor = plan.places[name], plan.aisle_plan
    aisle = min(range(len(floor.x_mm)), key=lambda a: (abs(floor.x_mm[a] - place.x_mm), a))
    cross = min(range(len(floor.cross_y_mm)), key=lambda c: (abs(floor.cross_y_mm[c] - place.y_mm), c))
    return aisle, cross


def _from(starts: set[Hashable], ways: Ways) -> set[Hashable]:
    seen, ahead = set(starts), list(starts)
    while ahead:
        for node in ways.get(ahead.pop(), ()):
            if node not in seen:
                seen.add(node)
                ahead.append(node)
    return seen


def _overlaps(plan: FloorPlan) -> Iterable[Finding]:
    at: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for x in plan.locations:
        at[(x.x_mm, x.y_mm, x.subaisle, x.level, x.side)].append(str(x.location))
    shared = [names for names in at.values() if len(names) > 1]
    if shared:
        names = [name for group in shared for name in group]
        told = (
            f"{_several(names, 'location')} share a spot, level and side with another, as {' and '.join(shared[0][:2])}"
        )
        yield Finding("overlap", told, tuple(names))
    places: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for place in plan.places.values():
        places[place.kind, place.x_mm, place.y_mm].append(str(place.name))
    for (kind, *_), names in places.items():
        if len(names) > 1:
            told = f"{', '.join(names[:4])} stand in one spot: {len(names)} {str(kind).replace('_', ' ')}s"
            yield Finding("overlap", told, tuple(names))


def _zones(plan: FloorPlan) -> Iterable[Finding]:
    used = {x.zone for x in plan.locations}
    for zone in plan.zones:
        if zone.name not in used:
            yield Finding("zone_without_capacity", f"zone {zone.name} has no location", (str(zone.name),))
        elif zone.handling_unit_places == 0 or zone.location_volume_l == 0 or zone.location_max_kg == 0:
            yield Finding("zone_without_capacity", f"the locations of zone {zone.name} hold nothing", (str(zone.name),))


def _shut(plan: FloorPlan) -> Iterable[Finding]:
    shut = {s.key for s in plan.subaisles if s.capacity == 0} | {e.key for e in plan.edges if e.capacity == 0}
    names = [str(x.location) for x in plan.locations if x.subaisle in shut]
    if names:
        told = f"{_several(names, 'location')}: in aisles of capacity 0, which nobody may enter"
        yield Finding("zone_without_capacity", told, tuple(names))


def _belts(plan: FloorPlan) -> Iterable[Finding]:
    for belt in plan.conveyors:
        if belt.length_mm == 0:
            told = f"conveyor {belt.name} has no length; give length_m"
            yield Finding("belt_without_length", told, (str(belt.name),))


def _doors(plan: FloorPlan) -> Iterable[Finding]:
    if len(plan.staging_lanes) < 2:
        return
    for door in plan.doors:
        if plan.lane_of_door(door) is None:
            told = f"door {door} names no lane, and there are {len(plan.staging_lanes)}"
            yield Finding("door_without_lane", told, (str(door),))


def _several(names: list[str], what: str) -> str:
    if len(names) == 1:
        return f"{what} {names[0]}"
    return f"{len(names)} {what}s ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})"
