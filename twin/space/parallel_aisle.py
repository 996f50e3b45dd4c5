"""Straight aisles between cross-aisles: the usual warehouse, from a dozen numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from twin.domain.aisles import AislePlan, Direction
from twin.domain.ids import LocationId, Site, Zone
from twin.space.placing import Depots, Doors, Lanes, PackStations, Where, area_m2, named, place_all
from twin.space.plan import Conveyor, FloorPlan, FloorZone, Location, Place, PlaceKind, Subaisle

OneWay = Literal["no", "alternate", "up", "down"]
FRONT_LEFT: Depots = (("depot", Where(aisle=0)),)
DEFAULT_ZONE = FloorZone(name=Zone("A"))


def parallel_aisle(
    *,
    site: Site,
    aisles: int,
    locations_per_subaisle: int,
    blocks: int = 1,
    aisle_pitch_mm: int = 5000,
    location_pitch_mm: int = 1000,
    entry_mm: int = 1500,
    levels: int = 1,
    sides: Literal[1, 2] = 2,
    aisle_capacity: int | None = None,
    one_way: OneWay = "no",
    zones: Sequence[FloorZone] = (),
    depots: Depots = FRONT_LEFT,
    pack_stations: PackStations = (),
    lanes: Lanes = (),
    doors: Doors = (),
    offices: Depots = (),
    gate: Where | None = None,
    conveyors: Sequence[Conveyor] = (),
    floor_m2: float | None = None,
) -> FloorPlan:
    """Aisles from left (x = 0) to right, cross-aisles from the front (y = 0) to the back.

    locations_per_subaisle: on one side and level; entry_mm: from the centre of a cross-aisle to the first location, so
    a middle cross-aisle lies between two entries. Locations are named aisle-block-position-level and side, from 1:
    `site/A03-2-014-1R`. Names of places are given without the site. ValueError: counts below 1, an aisle in no zone or
    in two, a place outside the plan.
    """
    for word, count in (("aisles", aisles), ("blocks", blocks), ("levels", levels)):
        if count < 1:
            raise ValueError(f"{word} must be >= 1, got {count}")
    if locations_per_subaisle < 1:
        raise ValueError(f"locations_per_subaisle must be >= 1, got {locations_per_subaisle}")
    depth = 2 * entry_mm + (locations_per_subaisle - 1) * location_pitch_mm
    ways = _ways(one_way, aisles)
    plan = AislePlan(
        x_mm=tuple([a * aisle_pitch_mm for a in range(aisles)]),
        cross_y_mm=tuple([c * depth for c in range(blocks + 1)]),
        one_way=() if one_way == "no" else ways,
    )
    zones = tuple(zones) or (DEFAULT_ZONE,)
    zone_of = _zones_of_aisles(zones, aisles)

    def locate(where: Where, name: str, kind: PlaceKind) -> Place:
        if where.aisle is not None:
            if not 0 <= where.aisle < aisles or not 0 <= where.cross_aisle <= blocks:
                raise ValueError(
                    f"{kind} {name}: aisle {where.aisle}, cross-aisle {where.cross_aisle} is outside the plan "
                    f"(aisles 0 to {aisles - 1}, cross-aisles 0 to {blocks})"
                )
            x, y = plan.x_mm[where.aisle], plan.cross_y_mm[where.cross_aisle]
            return Place(name=named(site, name), kind=kind, x_mm=x, y_mm=y, aisle=where.aisle)
        if where.x_m is None or where.y_m is None:
            raise ValueError(f"{kind} {name}: say where it is: aisle (and cross_aisle), or x_m and y_m")
        return Place(name=named(site, name), kind=kind, x_mm=round(where.x_m * 1000), y_mm=round(where.y_m * 1000))

    placed = place_all(
        site,
        locate,
        depots=depots,
        pack_stations=pack_stations,
        lanes=lanes,
        doors=doors,
        offices=offices,
        gate=gate,
        conveyors=conveyors,
    )
    subaisles: list[Subaisle] = []
    locations: list[Location] = []
    for a, x in enumerate(plan.x_mm):
        zone = zone_of[a]
        for block in range(blocks):
            front = plan.cross_y_mm[block]
            key = _subaisle_key(site, a, block, blocks)
            subaisles.append(
                Subaisle(
                    key=key,
                    aisle=a,
                    block=block,
                    x_mm=x,
                    y_mm=front,
                    to_x_mm=x,
                    to_y_mm=front + depth,
                    capacity=aisle_capacity,
                    one_way=ways[a],
                )
            )
            for position in range(locations_per_subaisle):
                y = front + entry_mm + position * location_pitch_mm
                along = position if a % 2 == 0 else locations_per_subaisle - 1 - position
                for level in range(levels):
                    for side in range(sides):
                        rank = ((block * aisles + a) * locations_per_subaisle + along) * levels * sides
                        locations.append(
                            Location(
                                LocationId(
                                    f"{site}/A{a + 1:02d}-{block + 1}-{position + 1:03d}-{level + 1}{'LR'[side]}"
                                ),
                                a,
                                block,
                                x,
                                y,
                                y,
                                "right" if side else "left",
                                level,
                                zone.name,
                                key,
                                rank + level * sides + side,
                                zone.kind,
                                zone.use,
                                zone.storage,
                                zone.secure,
                                zone.mix,
                                zone.location_max_kg,
                                zone.location_volume_l,
                                zone.handling_unit_places,
                                zone.height_mm,
                            )
                        )
    if floor_m2 is None:
        corners = [(x, y) for x in (plan.x_mm[0], plan.x_mm[-1]) for y in (0, plan.cross_y_mm[-1])]
        corners += [(p.x_mm, p.y_mm) for p in placed.places.values()]
        floor_m2 = area_m2(corners, aisle_pitch_mm // 2)
    return FloorPlan(
        site=site,
        locations=tuple(locations),
        subaisles=tuple(subaisles),
        zones=zones,
        places=placed.places,
        depots=placed.depots,
        pack_stations=placed.pack_stations,
        staging_lanes=placed.staging_lanes,
        doors=placed.doors,
        conveyors=placed.conveyors,
        floor_m2=floor_m2,
        aisle_plan=plan,
        nodes={},
    )


def _subaisle_key(site: Site, aisle: int, block: int, blocks: int) -> str:
    return f"{site}/A{aisle + 1:02d}" if blocks == 1 else f"{site}/A{aisle + 1:02d}-{block + 1}"


def _ways(one_way: OneWay, aisles: int) -> tuple[Direction, ...]:
    pair: tuple[Direction, Direction] = ("both", "both")
    if one_way == "alternate":
        pair = ("up", "down")
    elif one_way != "no":
        pair = (one_way, one_way)
    return tuple([pair[a % 2] for a in range(aisles)])


def _zones_of_aisles(zones: Sequence[FloorZone], aisles: int) -> list[FloorZone]:
    owner: list[FloorZone | None] = [None] * aisles
    faults: list[str] = []
    for zone in zones:
        first, last = zone.aisles or (0, aisles - 1)
        if not 0 <= first <= last < aisles:
            faults.append(f"zone {zone.name}: aisles {first} to {last} are not within 0 to {aisles - 1}")
            continue
        for a in range(first, last + 1):
            known = owner[a]
            if known is not None:
                faults.append(f"aisle {a} is in two zones, {known.name} and {zone.name}")
            owner[a] = zone
    missing = [str(a) for a, zone in enumerate(owner) if zone is None]
    if missing and not faults:
        faults.append(f"aisles in no zone: {', '.join(missing)}")
    if faults:
        raise ValueError("; ".join(faults))
    return [zone for zone in owner if zone is not None]
