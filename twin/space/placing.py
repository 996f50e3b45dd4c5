"""Where the named places of a layout stand, and what they are: shared by both layout types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

from twin.domain.ids import LocationId, Site
from twin.space.plan import Conveyor, DockDoor, PackStation, Place, PlaceKind, StagingLane


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """One of: an aisle and a cross-aisle (from 0, front = 0), x_m and y_m, or a point of a graph."""

    aisle: int | None = None
    cross_aisle: int = 0
    x_m: float | None = None
    y_m: float | None = None
    point: str | None = None


Depots = Sequence[tuple[str, Where]]
PackStations = Sequence[tuple[PackStation, Where]]
Lanes = Sequence[tuple[StagingLane, Where]]
Doors = Sequence[tuple[DockDoor, Where]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """All named places of a site, with the site in their names."""

    places: Mapping[LocationId, Place]
    depots: tuple[LocationId, ...]
    pack_stations: Mapping[LocationId, PackStation]
    staging_lanes: Mapping[LocationId, StagingLane]
    doors: Mapping[LocationId, DockDoor]
    conveyors: tuple[Conveyor, ...]


def named(site: Site, name: str) -> LocationId:
    """`site/name`."""
    return LocationId(f"{site}/{name}")


def place_all(
    site: Site,
    locate: Callable[[Where, str, PlaceKind], Place],
    *,
    depots: Depots,
    pack_stations: PackStations,
    lanes: Lanes,
    doors: Doors,
    offices: Depots,
    gate: Where | None,
    conveyors: Sequence[Conveyor],
    points: Iterable[Place] = (),
) -> Placed:
    """Put every named place on the floor; ValueError names two places of one name and belts to nowhere.

    A conveyor of length 0 gets the straight way between its ends.
    """
    places: dict[LocationId, Place] = {p.name: p for p in points}

    def put(name: str, where: Where, kind: PlaceKind) -> LocationId:
        place = locate(where, name, kind)
        known = places.get(place.name)
        if known is not None and known.kind != "point":
            raise ValueError(f"two places are named {name}: a {known.kind} and a {kind}")
        places[place.name] = place
        return place.name

    depot_names = tuple([put(name, where, "depot") for name, where in depots])
    stations = [replace(s, name=put(s.name, where, "pack_station")) for s, where in pack_stations]
    staging = [replace(s, name=put(s.name, where, "lane")) for s, where in lanes]
    docks = [
        replace(d, name=put(d.name, where, "door"), lane=None if d.lane is None else named(site, d.lane))
        for d, where in doors
    ]
    for name, where in offices:
        put(name, where, "office")
    if gate is not None:
        put("gate", gate, "gate")
    lane_names = {s.name for s in staging}
    for d in docks:
        if d.lane is not None and d.lane not in lane_names:
            raise ValueError(f"door {d.name}: lane {d.lane} is none of {', '.join(sorted(lane_names)) or 'no lanes'}")
    belts: list[Conveyor] = []
    for belt in conveyors:
        origin, destination = named(site, belt.origin), named(site, belt.destination)
        for end in (origin, destination):
            if end not in places:
                raise ValueError(f"conveyor {belt.name}: {end} is no place of this site")
        a, b = places[origin], places[destination]
        between = round(hypot(a.x_mm - b.x_mm, a.y_mm - b.y_mm))
        length = between if belt.length_mm < 0 else belt.length_mm
        belts.append(
            replace(belt, name=named(site, belt.name), origin=origin, destination=destination, length_mm=length)
        )
    return Placed(
        places=places,
        depots=depot_names,
        pack_stations={s.name: s for s in stations},
        staging_lanes={s.name: s for s in staging},
        doors={d.name: d for d in docks},
        conveyors=tuple(belts),
    )


def area_m2(points: Iterable[tuple[int, int]], margin_mm: int) -> float:
    """The rectangle around all points, with a margin on each side."""
    corners = list(points)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return (max(xs) - min(xs) + 2 * margin_mm) * (max(ys) - min(ys) + 2 * margin_mm) / 1_000_000
