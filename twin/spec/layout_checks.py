"""What a layout's numbers and names must agree on, beyond the shape of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

from twin.spec.layout import DepotSpec, GraphSpec, ParallelAisleSpec, PlaceSpec
from twin.spec.mistakes import Mistake, Path, dotted, unknown
from twin.spec.plain_yaml import Node

LOCATIONS_MAX = 5_000_000


def mark_at(tree: Node, path: Path) -> Node:
    """The node at a path, or the nearest above it that is there."""
    node = tree
    for part in path:
        child = node.child(part)
        if child is None:
            break
        node = child
    return node


@dataclass(slots=True)
class LayoutChecks:
    """Checks one layout that stands at a path of a document."""

    layout: ParallelAisleSpec | GraphSpec
    tree: Node
    at: Path
    mistakes: list[Mistake]

    def run(self) -> None:
        """All checks."""
        self._places()
        if isinstance(self.layout, GraphSpec):
            self._graph(self.layout)
        else:
            self._aisles(self.layout)
        self._belts()

    def say(self, path: Path, sentence: str) -> None:
        """A mistake about a key of the layout."""
        whole = (*self.at, *path)
        self.mistakes.append(Mistake(mark_at(self.tree, whole).mark, dotted(whole), sentence))

    def once(self, key: str, names: Iterable[str], what: str) -> None:
        """Each name once in a list."""
        seen: dict[str, int] = {}
        for place, name in enumerate(names):
            if name in seen:
                self.say((key, place), f"a second {what} named {name}; the first is {key}.{seen[name]}")
            seen.setdefault(name, place)

    @property
    def place_names(self) -> list[str]:
        """Where people and belts can go by name."""
        layout = self.layout
        lists: Sequence[Sequence[PlaceSpec | DepotSpec]] = (
            layout.depots, layout.pack_stations, layout.lanes, layout.doors, layout.offices,
        )  # fmt: skip
        names = [place.name for places in lists for place in places]
        return names + ([p.name for p in layout.points] if isinstance(layout, GraphSpec) else [])

    def _places(self) -> None:
        layout = self.layout
        seen: dict[str, str] = {}
        for key in ("depots", "pack_stations", "lanes", "doors", "offices"):
            for place, one in enumerate(getattr(layout, key)):
                if one.name in seen:
                    self.say((key, place), f"a second place named {one.name}; the first is {seen[one.name]}")
                seen.setdefault(one.name, f"{key}.{place}")
                self._stands(one, (key, place))
        lanes = [lane.name for lane in layout.lanes]
        for place, door in enumerate(layout.doors):
            if door.lane is not None and door.lane not in lanes:
                self.say(("doors", place, "lane"), unknown(door.lane, lanes, f"no lane named {door.lane}"))
            if not door.directions:
                self.say(("doors", place, "directions"), "name at least one of in and out")
        if isinstance(layout, ParallelAisleSpec) and not layout.depots:
            self.say(("depots",), "at least one depot is needed: tours start there")

    def _stands(self, place: PlaceSpec | DepotSpec, path: Path) -> None:
        layout = self.layout
        if isinstance(layout, GraphSpec):
            points = {p.name for p in layout.points}
            point = place.point if isinstance(place, PlaceSpec) else None
            if point is None:
                self.say(path, "say at which point it stands: a graph layout has no aisle, x_m or y_m for places")
            elif point not in points:
                self.say((*path, "point"), unknown(point, sorted(points), f"no point named {point}"))
            return
        if isinstance(place, PlaceSpec) and place.point is not None:
            self.say((*path, "point"), "points are for graph layouts; say aisle and cross_aisle, or x_m and y_m")
        if place.aisle is not None and place.aisle >= layout.aisles:
            self.say((*path, "aisle"), f"aisles are 0 to {layout.aisles - 1}, got {place.aisle}")
        if place.cross_aisle is not None and place.cross_aisle > layout.blocks:
            self.say((*path, "cross_aisle"), f"cross-aisles are 0 to {layout.blocks}, got {place.cross_aisle}")

    def _aisles(self, layout: ParallelAisleSpec) -> None:
        self.once("zones", [zone.name for zone in layout.zones], "zone")
        count = layout.aisles * layout.blocks * layout.locations_per_subaisle * layout.levels * layout.sides
        if count > LOCATIONS_MAX:
            self.say((), f"makes {count:,} locations; more than {LOCATIONS_MAX:,} are not built")
            return
        owner: dict[int, str] = {}
        for place, zone in enumerate(layout.zones):
            first, last = zone.aisles
            if not first <= last < layout.aisles:
                told = f"[first, last] from 0 to {layout.aisles - 1} is needed, got [{first}, {last}]"
                self.say(("zones", place, "aisles"), told)
                continue
            shared = [a for a in range(first, last + 1) if a in owner]
            if shared:
                self.say(("zones", place, "aisles"), f"aisle {shared[0]} is already in zone {owner[shared[0]]}")
            owner |= dict.fromkeys(range(first, last + 1), zone.name)
        left = [a for a in range(layout.aisles) if a not in owner]
        if layout.zones and left and not any(self._about("zones")):
            self.say(("zones",), f"aisle{'s' if len(left) > 1 else ''} {_runs(left)} in no zone")

    def _about(self, key: str) -> Iterable[Mistake]:
        prefix = dotted((*self.at, key)) + "."
        return [m for m in self.mistakes if m.key.startswith(prefix)]

    def _graph(self, layout: GraphSpec) -> None:
        self.once("points", [p.name for p in layout.points], "point")
        self.once("locations", [x.name for x in layout.locations], "location")
        places = set(self.place_names)
        for place, location in enumerate(layout.locations):
            if location.name in places:
                self.say(("locations", place), f"a place or point is named {location.name} too; give each its own name")
        self.once("zones", [z.name for z in layout.zones], "zone")
        points = {p.name: p for p in layout.points}
        lengths: dict[tuple[str, str], float] = {}
        for place, edge in enumerate(layout.edges):
            ends = (edge.origin, edge.destination)
            for key, end in zip(("origin", "destination"), ends, strict=True):
                if end not in points:
                    self.say(("edges", place, key), unknown(end, list(points), f"no point named {end}"))
            if ends in lengths:
                self.say(("edges", place), f"a second edge from {ends[0]} to {ends[1]}")
            if edge.origin == edge.destination:
                self.say(("edges", place), f"goes from {edge.origin} to itself")
            length = edge.length_m
            if length is None:
                a, b = points.get(edge.origin), points.get(edge.destination)
                length = hypot(a.x_m - b.x_m, a.y_m - b.y_m) if a is not None and b is not None else float("inf")
            lengths[ends] = length
        zones = {z.name for z in layout.zones}
        for place, location in enumerate(layout.locations):
            if location.edge not in lengths:
                known = [f"[{a}, {b}]" for a, b in lengths]
                told = f"no edge from {location.edge[0]} to {location.edge[1]}"
                turned = (location.edge[1], location.edge[0])
                if turned in lengths:
                    told += f"; there is [{turned[0]}, {turned[1]}]: offset_m counts from {turned[0]}"
                    self.say(("locations", place, "edge"), told)
                else:
                    self.say(("locations", place, "edge"), unknown(str(list(location.edge)), known, told))
            elif location.offset_m > lengths[location.edge] + 0.0005:
                told = f"must be <= {lengths[location.edge]:g} (the length of the edge), got {location.offset_m:g}"
                self.say(("locations", place, "offset_m"), told)
            if zones and location.zone not in zones:
                told = unknown(location.zone, sorted(zones), f"no zone named {location.zone}")
                self.say(("locations", place, "zone"), told)

    def _belts(self) -> None:
        self.once("conveyors", [belt.name for belt in self.layout.conveyors], "conveyor")
        names = self.place_names
        for place, belt in enumerate(self.layout.conveyors):
            for key, end in (("origin", belt.origin), ("destination", belt.destination)):
                if end not in names:
                    self.say(("conveyors", place, key), unknown(end, names, f"no place named {end}"))
            if belt.origin == belt.destination:
                self.say(("conveyors", place, "destination"), f"goes from {belt.origin} to itself")
        begins: dict[str, str] = {}
        for place, belt in enumerate(self.layout.conveyors):
            if belt.origin in begins:
                told = f"conveyor {begins[belt.origin]} begins at {belt.origin} already; one place feeds one conveyor"
                self.say(("conveyors", place, "origin"), told)
            begins.setdefault(belt.origin, belt.name)
        self._ends()

    def _ends(self) -> None:
        """Totes ride from a depot to a pack station, cartons from a pack station to a lane; no belt leads back."""
        leads = {belt.origin: belt.destination for belt in self.layout.conveyors}
        stations = {station.name for station in self.layout.pack_stations}
        depots = {depot.name for depot in self.layout.depots}
        for place, belt in enumerate(self.layout.conveyors):
            end = belt.destination
            for _ in self.layout.conveyors:
                end = leads.get(end, end) if end != belt.origin and end not in stations else end
            told = ""
            if end == belt.origin:
                told = f"leads back to {belt.origin}, where it begins: what rides would never arrive"
            elif belt.origin in depots and end not in stations:
                told = f"totes from {belt.origin} would end at {end}: they must come to a pack station"
            elif belt.origin in stations and end in stations:
                told = f"cartons packed at {belt.origin} would come to {end}, to be packed again: end at a lane"
            if told and belt.origin != belt.destination and end in self.place_names:
                self.say(("conveyors", place, "destination"), told)
                return


def _runs(numbers: Sequence[int]) -> str:
    """`0, 3 to 5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)
