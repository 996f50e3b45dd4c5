"""An imported layout as a file: aisles as edges, and in front of them what every warehouse needs.

A location master knows neither depot nor door: they are put where most buildings have them, and listed as guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from twin.spec.location_rows import LocationRow
from twin.spec.yaml_text import flow

ENTRY_M = 1.5
"""From a cross-aisle to the first and last location."""
APRON_M = 4.0
"""From the front cross-aisle to the line of depot, packing and lane, and from there to the door."""
_ZONE_WORDS = (
    ("storage", "frozen", ("frozen", "freez", "tiefk", "冻")),
    ("storage", "chilled", ("chill", "cool", "cold", "kühl", "kuehl", "冷")),
    ("secure", True, ("secure", "vault", "cage", "贵重")),
    ("use", "reserve", ("reserve", "bulk", "pallet", "overstock", "储备")),
)


@dataclass(slots=True)
class Standing:
    """A location with its place: `along` its aisle, `across` the aisles; metres."""

    row: LocationRow
    aisle: str
    bay: tuple[int, str] | None
    level: int = 0
    along: float | None = None
    across: float | None = None
    side: str = ""


@dataclass(slots=True)
class AisleOfLocations:
    """The locations of one aisle, as the master tells of them."""

    name: str
    across: float
    stands: list[Standing] = field(default_factory=list)


def document_of(aisles: Sequence[AisleOfLocations], name: str, along_x: bool, guesses: list[str]) -> dict[str, Any]:
    """The layout as its file says it."""
    alongs = [s.along or 0.0 for a in aisles for s in a.stands]
    front, back = min(alongs) - ENTRY_M, max(alongs) + ENTRY_M
    points: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    locations: list[dict[str, Any]] = []

    def point(called: str, across: float, along: float) -> None:
        x, y = (along, across) if along_x else (across, along)
        points.append({"name": called, "x_m": round(x, 3), "y_m": round(y, 3)})

    for a in aisles:
        ends = (f"{a.name} front", f"{a.name} back")
        point(ends[0], a.across, front)
        point(ends[1], a.across, back)
        edges.append({"origin": ends[0], "destination": ends[1], "name": a.name})
        for s in sorted(a.stands, key=lambda s: (s.along or 0.0, s.level, s.side, s.row.name)):
            at: dict[str, Any] = {
                "name": s.row.name,
                "edge": list(ends),
                "offset_m": round((s.along or 0.0) - front, 3),
            }
            at["zone"] = s.row.zone or "A"
            at |= {"level": s.level} if s.level else {}
            at |= {"side": s.side} if s.side == "right" else {}
            locations.append(at)
    for left, right in pairwise(aisles):
        edges += [{"origin": f"{left.name} {end}", "destination": f"{right.name} {end}"} for end in ("front", "back")]
    used = {a.name for a in aisles} | {p["name"] for p in points} | {x["name"] for x in locations}
    depot, pack, lane, door = (_free(word, used) for word in ("depot", "pack", "lane", "door"))
    middle, apron = aisles[len(aisles) // 2], front - APRON_M
    at_depot = aisles[0].across
    at_pack = max(middle.across, at_depot + APRON_M)
    at_lane = max(aisles[-1].across, at_pack + APRON_M)
    point(depot, at_depot, apron)
    point(pack, at_pack, apron)
    point(lane, at_lane, apron)
    point(door, at_lane, apron - APRON_M)
    edges += [
        {"origin": depot, "destination": f"{aisles[0].name} front"},
        {"origin": pack, "destination": f"{middle.name} front"},
        {"origin": lane, "destination": f"{aisles[-1].name} front"},
        {"origin": depot, "destination": pack},
        {"origin": pack, "destination": lane},
        {"origin": lane, "destination": door},
    ]
    guesses.append(f"depot, one pack station, one lane and one door: {APRON_M:g} m in front of the aisles")
    guesses.append("aisle capacity: unlimited; nobody waits for room in an aisle")
    zones = [_zone(zone, guesses) for zone in sorted({x["zone"] for x in locations})]
    return {
        "type": "graph", "name": name, "depots": [{"name": depot, "point": depot}],
        "pack_stations": [{"name": pack, "point": pack}], "lanes": [{"name": lane, "point": lane}],
        "doors": [{"name": door, "point": door, "lane": lane}],
        "zones": zones, "points": points, "edges": edges, "locations": locations,
    }  # fmt: skip


def _free(word: str, used: set[str]) -> str:
    while word in used:
        word += "-1"
    return word


def _zone(name: str, guesses: list[str]) -> dict[str, Any]:
    zone: dict[str, Any] = {"name": name}
    for key, value, words in _ZONE_WORDS:
        if key not in zone and any(word in name.lower() for word in words):
            zone[key] = value
            guesses.append(f"zone {name}: {key} {'yes' if value is True else value}, from its name")
    return zone


def text_of(document: dict[str, Any], source: str, guesses: Sequence[str]) -> str:
    """The file: what was guessed on top, then one entry a line."""
    source = source.encode("ascii", "backslashreplace").decode()
    lines = [f"# A layout made of {source}. Guessed, to be checked:"]
    lines += [f"#   {' '.join(guess.split())}" for guess in guesses]
    for key, value in document.items():
        if isinstance(value, list):
            lines.append(f"{key}:")
            lines += [f"  - {flow(entry)}" for entry in value]
        else:
            lines.append(f"{key}: {flow(value)}")
    return "\n".join(lines) + "\n"
