"""Any floor: named points, ways between them, locations on the ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import NamedTuple

from twin.domain.ids import Site, Zone
from twin.space.placing import Depots, Doors, Lanes, PackStations, Where, area_m2, named, place_all
from twin.space.plan import Conveyor, FloorPlan, FloorZone, GraphEdge, Location, Place, PlaceKind, Subaisle


class Way(NamedTuple):
    """A way between two points, both directions unless one_way; length None: straight."""

    origin: str
    destination: str
    length_mm: int | None = None
    capacity: int | None = None
    one_way: bool = False
    name: str | None = None


class OnWay(NamedTuple):
    """A location on a way, so far from its origin."""

    name: str
    way: tuple[str, str]
    offset_mm: int
    zone: str = "A"
    level: int = 0


def graph(
    *,
    site: Site,
    points: Mapping[str, tuple[int, int]],
    ways: Sequence[Way],
    locations: Sequence[OnWay],
    depots: Depots,
    zones: Sequence[FloorZone] = (),
    pack_stations: PackStations = (),
    lanes: Lanes = (),
    doors: Doors = (),
    offices: Depots = (),
    gate: Where | None = None,
    conveyors: Sequence[Conveyor] = (),
    floor_m2: float | None = None,
) -> FloorPlan:
    """A floor of points (x, y in mm) and ways; every named place stands on a point.

    ValueError, all faults at once: unknown points, ways, zones, offsets beyond the end of a way, two locations of one
    name.
    """
    faults: list[str] = []
    edges: list[GraphEdge] = []
    for way in ways:
        unknown = [end for end in (way.origin, way.destination) if end not in points]
        if unknown:
            faults += [f"way {way.origin} to {way.destination}: unknown point {end}" for end in unknown]
            continue
        (x1, y1), (x2, y2) = points[way.origin], points[way.destination]
        length = round(hypot(x2 - x1, y2 - y1)) if way.length_mm is None else way.length_mm
        key = named(site, way.name or f"{way.origin}-{way.destination}")
        edges.append(
            GraphEdge(
                key=key,
                origin=way.origin,
                destination=way.destination,
                length_mm=length,
                capacity=way.capacity,
                one_way=way.one_way,
            )
        )
    zones = tuple(zones) or tuple([FloorZone(name=Zone(name)) for name in sorted({x.zone for x in locations} or {"A"})])
    zone_of = {zone.name: zone for zone in zones}
    edge_of = {(e.origin, e.destination): i for i, e in enumerate(edges)}
    stock: list[Location] = []
    seen: set[str] = set()
    for rank, x in enumerate(locations):
        i = edge_of.get(x.way)
        zone = zone_of.get(Zone(x.zone))
        if x.name in seen:
            faults.append(f"two locations are named {x.name}")
        seen.add(x.name)
        if i is None:
            faults.append(f"location {x.name}: no way from {x.way[0]} to {x.way[1]}")
        elif not 0 <= x.offset_mm <= edges[i].length_mm:
            faults.append(f"location {x.name}: offset {x.offset_mm} mm is not within 0 to {edges[i].length_mm}")
        elif zone is None:
            faults.append(f"location {x.name}: unknown zone {x.zone}")
        else:
            (x1, y1), (x2, y2) = points[x.way[0]], points[x.way[1]]
            share = x.offset_mm / edges[i].length_mm if edges[i].length_mm else 0.0
            stock.append(
                Location(
                    named(site, x.name),
                    i,
                    0,
                    round(x1 + (x2 - x1) * share),
                    round(y1 + (y2 - y1) * share),
                    x.offset_mm,
                    "left",
                    x.level,
                    zone.name,
                    edges[i].key,
                    rank,
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
    if faults:
        raise ValueError("; ".join(faults))

    def locate(where: Where, name: str, kind: PlaceKind) -> Place:
        if where.point is None or where.point not in points:
            raise ValueError(f"{kind} {name}: name one of the points, got {where.point}")
        x_mm, y_mm = points[where.point]
        return Place(name=named(site, name), kind=kind, x_mm=x_mm, y_mm=y_mm, node=where.point)

    corners: list[Place] = [
        Place(name=named(site, p), kind="point", x_mm=x_mm, y_mm=y_mm, node=p) for p, (x_mm, y_mm) in points.items()
    ]
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
        points=corners,
    )
    subaisles = [
        Subaisle(
            key=e.key,
            aisle=i,
            block=0,
            x_mm=points[e.origin][0],
            y_mm=points[e.origin][1],
            to_x_mm=points[e.destination][0],
            to_y_mm=points[e.destination][1],
            capacity=e.capacity,
            one_way="up" if e.one_way else "both",
        )
        for i, e in enumerate(edges)
    ]
    return FloorPlan(
        site=site,
        locations=tuple(stock),
        subaisles=tuple(subaisles),
        zones=zones,
        places=placed.places,
        depots=placed.depots,
        pack_stations=placed.pack_stations,
        staging_lanes=placed.staging_lanes,
        doors=placed.doors,
        conveyors=placed.conveyors,
        floor_m2=area_m2(points.values(), 1000) if floor_m2 is None else floor_m2,
        aisle_plan=None,
        nodes=dict(points),
        edges=tuple(edges),
    )
