"""From what a layout file says, in metres and counts, to the plan of a floor, in whole millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any

from twin.domain.errors import SpecError
from twin.domain.ids import LocationId, Site, Zone
from twin.space.graph import OnWay, Way, graph
from twin.space.parallel_aisle import parallel_aisle
from twin.space.placing import Where
from twin.space.plan import Conveyor, DockDoor, FloorPlan, FloorZone, PackStation, StagingLane
from twin.spec.collecting import uncollected
from twin.spec.layout import (
    DepotSpec,
    GraphSpec,
    GraphZoneSpec,
    LayoutSpec,
    ParallelAisleSpec,
    PlaceSpec,
    ZoneSpec,
)


def mm(metres: float) -> int:
    """Whole millimetres."""
    return round(metres * 1000)


def bound(count: int | str) -> int | None:
    """A count of the file; None stands for unlimited."""
    return count if isinstance(count, int) else None


@uncollected()
def plan_of(layout: LayoutSpec, site: str) -> FloorPlan:
    """The floor of one site; SpecError where the layout cannot be built."""
    try:
        if isinstance(layout, GraphSpec):
            return _graph(layout, Site(site))
        return _parallel_aisle(layout, Site(site))
    except ValueError as error:
        raise SpecError(f"layout {layout.name}: {error}") from None


def _parallel_aisle(layout: ParallelAisleSpec, site: Site) -> FloorPlan:
    return parallel_aisle(
        site=site,
        aisles=layout.aisles,
        locations_per_subaisle=layout.locations_per_subaisle,
        blocks=layout.blocks,
        aisle_pitch_mm=mm(layout.aisle_pitch_m),
        location_pitch_mm=mm(layout.location_pitch_m),
        entry_mm=mm(layout.entry_m),
        levels=layout.levels,
        sides=layout.sides,
        aisle_capacity=bound(layout.aisle_capacity),
        one_way=layout.one_way,
        zones=[_zone(zone, zone.aisles) for zone in layout.zones],
        **_places(layout),
    )


def _graph(layout: GraphSpec, site: Site) -> FloorPlan:
    plan = graph(
        site=site,
        points={p.name: (mm(p.x_m), mm(p.y_m)) for p in layout.points},
        ways=[
            Way(
                origin=edge.origin,
                destination=edge.destination,
                length_mm=None if edge.length_m is None else mm(edge.length_m),
                capacity=bound(edge.capacity),
                one_way=edge.one_way,
                name=edge.name,
            )
            for edge in layout.edges
        ],
        locations=[
            OnWay(name=x.name, way=x.edge, offset_mm=mm(x.offset_m), zone=x.zone, level=x.level)
            for x in layout.locations
        ],
        zones=[_zone(zone, None) for zone in layout.zones],
        **_places(layout),
    )
    if all(x.side == "left" for x in layout.locations):
        return plan
    sided = [replace(x, side=said.side) for x, said in zip(plan.locations, layout.locations, strict=True)]
    return replace(plan, locations=tuple(sided))


def _places(layout: ParallelAisleSpec | GraphSpec) -> dict[str, Any]:
    """What both layout types say alike."""
    return {
        "depots": [(depot.name, _where(depot)) for depot in layout.depots],
        "pack_stations": [
            (
                PackStation(name=LocationId(s.name), benches=bound(s.benches), queue_places=bound(s.queue_places)),
                _where(s),
            )
            for s in layout.pack_stations
        ],
        "lanes": [
            (StagingLane(name=LocationId(lane.name), places=bound(lane.places)), _where(lane)) for lane in layout.lanes
        ],
        "doors": [
            (
                DockDoor(
                    name=LocationId(door.name),
                    directions=door.directions,
                    storage=door.storage,
                    lane=None if door.lane is None else LocationId(door.lane),
                ),
                _where(door),
            )
            for door in layout.doors
        ],
        "offices": [(office.name, _where(office)) for office in layout.offices],
        "conveyors": [
            Conveyor(
                name=LocationId(belt.name),
                origin=LocationId(belt.origin),
                destination=LocationId(belt.destination),
                length_mm=-1 if belt.length_m is None else mm(belt.length_m),
                speed_mm_per_s=mm(belt.speed_m_per_s),
                pitch_mm=mm(belt.pitch_m),
            )
            for belt in layout.conveyors
        ],
        "floor_m2": layout.floor_m2,
    }


def _where(place: DepotSpec | PlaceSpec) -> Where:
    if isinstance(place, DepotSpec):
        return Where(aisle=place.aisle, cross_aisle=place.cross_aisle)
    return Where(aisle=place.aisle, cross_aisle=place.cross_aisle or 0, x_m=place.x_m, y_m=place.y_m, point=place.point)


def _zone(zone: ZoneSpec | GraphZoneSpec, aisles: Sequence[int] | None) -> FloorZone:
    return FloorZone(
        name=Zone(zone.name),
        aisles=None if aisles is None else (aisles[0], aisles[1]),
        storage=zone.storage,
        secure=zone.secure,
        kind=zone.kind,
        use=zone.use,
        mix=zone.mix,
        location_volume_l=inf if zone.location_volume_l is None else zone.location_volume_l,
        location_max_kg=inf if zone.location_max_kg is None else zone.location_max_kg,
        handling_unit_places=zone.handling_unit_places,
        height_mm=zone.height_mm,
    )
