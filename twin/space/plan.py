"""The floor of one site on paper: locations, aisles, zones and named places. Whole millimetres, y from the front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Literal

from twin.domain.aisles import AislePlan, Direction, Point, Stop
from twin.domain.ids import LocationId, Site, StorageClass, Zone
from twin.domain.records import builder

_stop = builder(Stop)

PlaceKind = Literal["depot", "pack_station", "lane", "door", "office", "gate", "point"]
Mix = Literal["any", "same_owner", "same_sku", "same_lot", "empty_only"]
Use = Literal["pick", "reserve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorZone:
    """Aisles with three separate attributes: `storage`, `secure`, `kind`. On graph layouts `aisles` is empty."""

    name: Zone
    aisles: tuple[int, int] | None = None
    storage: StorageClass = "ambient"
    secure: bool = False
    kind: str = "shelf"
    use: Use = "pick"
    mix: Mix = "same_sku"
    location_volume_l: float = inf
    location_max_kg: float = inf
    handling_unit_places: int = 1
    height_mm: int = 2000


@dataclass(frozen=True, slots=True)
class Location:
    """An addressable place for stock; x and y on the centre line of its aisle.

    aisle, block: as routing counts them (a graph's edges are its aisles); along_mm: where in the aisle: y, or the
    offset on the edge; subaisle: the key of the stretch that people share; pick_rank: the order along a walk.
    """

    location: LocationId
    aisle: int
    block: int
    x_mm: int
    y_mm: int
    along_mm: int
    side: Literal["left", "right"]
    level: int
    zone: Zone
    subaisle: str
    pick_rank: int
    kind: str = "shelf"
    use: Use = "pick"
    storage: StorageClass = "ambient"
    secure: bool = False
    mix: Mix = "same_sku"
    max_kg: float = inf
    volume_l: float = inf
    handling_unit_places: int = 1
    height_mm: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subaisle:
    """The stretch of an aisle in one block, or an edge of a graph. capacity: people inside, None: unlimited."""

    key: str
    aisle: int
    block: int
    x_mm: int
    y_mm: int
    to_x_mm: int
    to_y_mm: int
    capacity: int | None = None
    one_way: Direction = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named point of the floor. aisle: set where it stands on the centre line of one; node: its point on a graph."""

    name: LocationId
    kind: PlaceKind
    x_mm: int
    y_mm: int
    aisle: int | None = None
    node: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackStation:
    """Benches side by side with one queue in front of them; None: unlimited."""

    name: LocationId
    benches: int | None = 1
    queue_places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingLane:
    """Where handling units wait for their truck; None: unlimited places."""

    name: LocationId
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DockDoor:
    """A door for trailers, and the lane in front of it."""

    name: LocationId
    directions: tuple[Literal["in", "out"], ...] = ("in", "out")
    storage: tuple[StorageClass, ...] = ("ambient", "chilled", "frozen")
    lane: LocationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conveyor:
    """One belt between two places. `length_mm` below 0: the way between them, once they stand."""

    name: LocationId
    origin: LocationId
    destination: LocationId
    length_mm: int = -1
    speed_mm_per_s: int = 750
    pitch_mm: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEdge:
    """A way between two points of a graph layout."""

    key: str
    origin: str
    destination: str
    length_mm: int
    capacity: int | None = None
    one_way: bool = False


@dataclass(frozen=True, kw_only=True)
class FloorPlan:
    """One site. `aisle_plan` for parallel aisles, None for a graph; then `nodes` and `edges` hold its ways."""

    site: Site
    locations: tuple[Location, ...]
    subaisles: tuple[Subaisle, ...]
    zones: tuple[FloorZone, ...]
    places: Mapping[LocationId, Place]
    depots: tuple[LocationId, ...]
    pack_stations: Mapping[LocationId, PackStation]
    staging_lanes: Mapping[LocationId, StagingLane]
    doors: Mapping[LocationId, DockDoor]
    conveyors: tuple[Conveyor, ...]
    floor_m2: float
    aisle_plan: AislePlan | None
    nodes: Mapping[str, tuple[int, int]]
    edges: tuple[GraphEdge, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[LocationId, Location]:
        """The locations by their id."""
        return {x.location: x for x in self.locations}

    @property
    def lanes(self) -> tuple[LocationId, ...]:
        """The staging lanes, in the order of the layout."""
        return tuple(self.staging_lanes)

    def lane_of_door(self, door: LocationId) -> LocationId | None:
        """The lane in front of a door: its own, else the one lane of the site, else None."""
        own = self.doors[door].lane if door in self.doors else None
        if own is None and len(self.staging_lanes) == 1:
            return self.lanes[0]
        return own

    def routing_stop(self, location: LocationId, visit_group: int = 0) -> Stop:
        """A location as routing sees it."""
        x = self.by_name[location]
        return _stop(location, x.aisle, x.block, x.along_mm, visit_group)

    def routing_point(self, name: LocationId) -> Point:
        """A named place, or a location, as the start or end of a tour."""
        if name in self.places:
            place = self.places[name]
            if self.aisle_plan is None:
                return Point(location=name)
            if place.aisle is not None:
                return Point(location=name, aisle=place.aisle, y_mm=place.y_mm)
            return Point(location=name, x_mm=place.x_mm, y_mm=place.y_mm)
        x = self.by_name[name]
        return Point(location=name) if self.aisle_plan is None else Point(location=name, aisle=x.aisle, y_mm=x.y_mm)
