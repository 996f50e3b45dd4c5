"""Layouts: parallel aisles by numbers, or any graph of points and edges."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.spec.shape import Coordinate, Count, CountOrUnlimited, Name, NotNegative, Positive, Spec, Speed

Storage = Literal["ambient", "chilled", "frozen"]


class DepotSpec(Spec):
    """Where tours start and end: a crossing of an aisle and a cross-aisle, both from 0, front = 0."""

    name: Name
    aisle: Count = 0
    cross_aisle: Count = 0


class PlaceSpec(Spec):
    """A named point: at a crossing (`aisle`, `cross_aisle`), at `x_m`, `y_m`, or at a `point` of a graph layout."""

    name: Name
    aisle: Count | None = None
    cross_aisle: Count | None = None
    x_m: Coordinate | None = None
    y_m: Coordinate | None = None
    point: Name | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> PlaceSpec:
        ways = (self.aisle is not None, self.x_m is not None and self.y_m is not None, self.point is not None)
        if sum(ways) != 1:
            raise ValueError("say where it is: aisle (and cross_aisle), or x_m and y_m, or point")
        return self


class PackStationSpec(PlaceSpec):
    """Pack benches side by side with one queue in front of them."""

    benches: CountOrUnlimited = 1
    queue_places: CountOrUnlimited = "unlimited"


class LaneSpec(PlaceSpec):
    """A staging lane in front of doors. `places`: handling units that stand in it; more wait before it."""

    places: CountOrUnlimited = "unlimited"


class DoorSpec(PlaceSpec):
    """A dock door."""

    directions: tuple[Literal["in", "out"], ...] = Field(default=("in", "out"), strict=False)
    storage: tuple[Storage, ...] = Field(default=("ambient", "chilled", "frozen"), strict=False)
    lane: Name | None = None


class BeltSpec(Spec):
    """One conveyor between two points; `length_m` defaults to the way between them.

    `pitch_m` 0: it takes any number, all at once.
    """

    name: Name
    origin: Name
    destination: Name
    length_m: NotNegative | None = None
    speed_m_per_s: Speed = 0.75
    pitch_m: NotNegative = 0.6


class GraphZoneSpec(Spec):
    """A zone with three separate attributes: `storage`, `secure`, `kind`."""

    name: Name
    storage: Storage = "ambient"
    secure: bool = False
    kind: Literal["shelf", "pallet_rack", "small_parcel", "staging"] = "shelf"
    use: Literal["pick", "reserve"] = "pick"
    mix: Literal["any", "same_owner", "same_sku", "same_lot", "empty_only"] = "same_sku"
    location_volume_l: Positive | None = None
    location_max_kg: Positive | None = None
    handling_unit_places: Count = 1
    height_mm: Count = 2000


class ZoneSpec(GraphZoneSpec):
    """A zone of straight aisles: which ones, from 0, both ends included."""

    aisles: tuple[Count, Count] = Field(strict=False)


class _SiteFloorSpec(Spec):
    pack_stations: tuple[PackStationSpec, ...] = Field(default=(), strict=False)
    lanes: tuple[LaneSpec, ...] = Field(default=(), strict=False)
    doors: tuple[DoorSpec, ...] = Field(default=(), strict=False)
    conveyors: tuple[BeltSpec, ...] = Field(default=(), strict=False)
    offices: tuple[PlaceSpec, ...] = Field(default=(), strict=False)
    floor_m2: Positive | None = None


class ParallelAisleSpec(_SiteFloorSpec):
    """Straight aisles between cross-aisles; lengths in metres, counts from 0."""

    type: Literal["parallel_aisle"]
    name: Name = "layout"
    blocks: Annotated[int, Field(ge=1)] = 1
    aisles: Annotated[int, Field(ge=1)]
    aisle_pitch_m: NotNegative = 5.0
    locations_per_subaisle: Annotated[int, Field(ge=1)]
    location_pitch_m: NotNegative = 1.0
    entry_m: NotNegative = 1.5
    levels: Annotated[int, Field(ge=1)] = 1
    sides: Literal[1, 2] = 2
    aisle_capacity: CountOrUnlimited = "unlimited"
    one_way: Literal["no", "alternate", "up", "down"] = "no"
    depots: tuple[DepotSpec, ...] = Field(default=(DepotSpec(name="depot"),), strict=False)
    zones: tuple[ZoneSpec, ...] = Field(default=(), strict=False)


class PointSpec(Spec):
    """A named point of a graph layout."""

    name: Name
    x_m: Coordinate
    y_m: Coordinate


class EdgeSpec(Spec):
    """A way between two points; `length_m` defaults to the straight distance."""

    origin: Name
    destination: Name
    name: Name | None = None
    length_m: NotNegative | None = None
    capacity: CountOrUnlimited = "unlimited"
    one_way: bool = False


class GraphLocationSpec(Spec):
    """A location on an edge, `offset_m` from its origin, on the left or right of who walks from there."""

    name: Name
    edge: tuple[Name, Name] = Field(strict=False)
    offset_m: NotNegative
    zone: Name = "A"
    level: Count = 0
    side: Literal["left", "right"] = "left"


class GraphSpec(_SiteFloorSpec):
    """Named points, edges with lengths, locations on edges."""

    type: Literal["graph"]
    name: Name = "layout"
    points: tuple[PointSpec, ...] = Field(min_length=1, strict=False)
    edges: tuple[EdgeSpec, ...] = Field(default=(), strict=False)
    locations: tuple[GraphLocationSpec, ...] = Field(default=(), strict=False)
    zones: tuple[GraphZoneSpec, ...] = Field(default=(), strict=False)
    depots: tuple[PlaceSpec, ...] = Field(min_length=1, strict=False)


LayoutSpec = Annotated[ParallelAisleSpec | GraphSpec, Field(discriminator="type")]
