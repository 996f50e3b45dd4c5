"""A pick list as a file: location names, or aisle, block and position."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError
from twin.domain.ids import LocationId
from twin.space.plan import FloorPlan
from twin.space.travel import TravelGraph
from twin.spec.plain_yaml import read_bytes

KEYS = ("aisle", "block", "position")


def read_stops(file: Path, plan: FloorPlan) -> list[LocationId]:
    """The locations of a YAML or JSON list, in its order; SpecError tells all faults at once.

    An entry is a location's name, or a mapping of aisle, block and position, each from 0: the position counts from the
    front of its block, and either side of the aisle stands for both.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SpecError(f"{file}: cannot be read: {error.strerror or error}") from None
    tree = read_bytes(content, str(file))
    rows = tree.plain()
    if isinstance(rows, dict) and set(rows) == {"stops"}:
        rows = rows["stops"]
    if not isinstance(rows, list):
        raise SpecError(f"{file}: a list of stops is needed, got {rows!r}")
    at: dict[tuple[int, int], dict[int, LocationId]] = {}
    for x in plan.locations if plan.aisle_plan is not None else ():
        at.setdefault((x.aisle, x.block), {}).setdefault(x.along_mm, x.location)
    positions = {key: [by_y[y] for y in sorted(by_y)] for key, by_y in at.items()}
    found: list[LocationId] = []
    faults: list[str] = []
    for turn, row in enumerate(rows):
        try:
            found.append(_location(row, plan, positions))
        except ValueError as error:
            faults.append(f"{file}: stops[{turn}]: {error}")
    if faults:
        raise SpecError("\n".join(faults))
    return found


def _location(row: Any, plan: FloorPlan, positions: dict[tuple[int, int], list[LocationId]]) -> LocationId:
    if isinstance(row, dict):
        return _by_numbers(row, plan, positions)
    name = str(row)
    full = LocationId(name if name.startswith(f"{plan.site}/") else f"{plan.site}/{name}")
    if full not in plan.by_name:
        near = [x.partition("/")[2] for x in list(plan.by_name)[:3]]
        raise ValueError(f"no location {name!r} in this layout; its names read like {', '.join(near)}")
    return full


def _by_numbers(row: dict[str, Any], plan: FloorPlan, positions: dict[tuple[int, int], list[LocationId]]) -> LocationId:
    if plan.aisle_plan is None:
        raise ValueError("a graph layout has no aisles and blocks; give the location's name")
    unknown = [key for key in row if key not in KEYS]
    if unknown or "aisle" not in row or "position" not in row:
        raise ValueError(f"aisle, block and position are needed, got {row}")
    aisle, block, position = row["aisle"], row.get("block", 0), row["position"]
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in (aisle, block, position)):
        raise ValueError(f"aisle, block and position are whole numbers from 0, got {row}")
    if (aisle, block) not in positions:
        aisles, blocks = len(plan.aisle_plan.x_mm), len(plan.aisle_plan.cross_y_mm) - 1
        raise ValueError(f"aisle {aisle} block {block}: aisles are 0 to {aisles - 1}, blocks 0 to {blocks - 1}")
    here = positions[aisle, block]
    if not 0 <= position < len(here):
        raise ValueError(f"position {position}: aisle {aisle} block {block} has positions 0 to {len(here) - 1}")
    place: LocationId = here[position]
    return place


def ways_between(plan: FloorPlan, names: Iterable[LocationId]) -> tuple[tuple[LocationId, LocationId, int], ...]:
    """(from, to, mm) for each ordered pair of places."""
    travel = TravelGraph(plan)
    listed = sorted(set(names))
    return tuple([(a, b, travel.distance_mm(a, b)) for a in listed for b in listed if a != b])
