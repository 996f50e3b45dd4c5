"""A WMS location master becomes a layout: `twin layout import`.

Every location keeps its name and stands on the edge of its aisle. What the master does not say (coordinates, sides,
where the depot, the packing and the doors are) is guessed, and every guess is listed, so that a person can mend it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from twin.spec.imported_layout import ENTRY_M, AisleOfLocations, Standing, document_of, text_of
from twin.spec.layout import GraphSpec
from twin.spec.location_rows import LocationRow, read_locations

AISLE_PITCH_M, BAY_PITCH_M = 5.0, 1.0


@dataclass(frozen=True, slots=True)
class ImportedLayout:
    """The layout, its file's text, and what was guessed on the way."""

    layout: GraphSpec
    text: str
    guesses: tuple[str, ...]
    locations: int


def import_locations(path: Path, name: str | None = None) -> ImportedLayout:
    """The layout of a CSV or XLSX location master; DataError tells all that is wrong with the file."""
    table = read_locations(path)
    guesses = list(table.guesses)
    stands = [Standing(row, *_address(row)) for row in table.rows]
    _tell_addresses(stands, guesses)
    _levels(stands, guesses)
    along_x = _directions(stands, guesses)
    aisles = _in_aisles(stands, guesses)
    _spread(aisles, guesses)
    _sides(aisles, guesses)
    document = document_of(aisles, name or re.sub(r"[/\s]+", "-", path.stem).strip("-") or "layout", along_x, guesses)
    text = text_of(document, path.name, guesses)
    layout = GraphSpec.model_validate(document)
    return ImportedLayout(layout, text, tuple(guesses), len(stands))


def _address(row: LocationRow) -> tuple[str, tuple[int, str] | None]:
    """Aisle and bay, from their columns or else from the name: `A-03-2`, `A03-012`, `A0312`."""
    parts = [part for part in re.split(r"[-_. :|]+", row.name) if part]
    if len(parts) == 1:
        parts = re.findall(r"[^\W\d]+|\d+", row.name) or parts
    aisle, bay = row.aisle, row.bay
    if aisle is None:
        aisle = "-".join(parts[:-2]) if len(parts) > 3 else parts[0]
        if len(parts) == 1 and row.x_m is not None:
            aisle = ""
    if bay is None and len(parts) > 1:
        bay = parts[-2] if len(parts) > 2 else parts[1]
    return aisle, None if bay is None else _order(bay)


def _order(word: str) -> tuple[int, str]:
    """Numbers by value, then words."""
    digits = re.search(r"\d{1,9}", word)
    return (int(digits[0]) if digits else 10**9, word)


def _tell_addresses(stands: Sequence[Standing], guesses: list[str]) -> None:
    by_name = sum(1 for s in stands if s.row.aisle is None)
    if by_name:
        guesses.append(f"aisle: read from the name of {by_name} of {len(stands)} locations, as in {stands[0].row.name}")
    if any(s.row.bay is None and s.row.x_m is None for s in stands):
        guesses.append("bay: read from the name, else the order of the file")
    if all(s.row.zone is None for s in stands):
        guesses.append("zone: none named, all locations are in zone A")
    elif any(s.row.zone is None for s in stands):
        guesses.append(f"zone: A for {sum(1 for s in stands if s.row.zone is None)} locations that name none")


def _levels(stands: Sequence[Standing], guesses: list[str]) -> None:
    """Levels from 0, the floor: numbers as they stand, less one where the lowest is 1; letters by the alphabet."""
    words = [s.row.level for s in stands]
    if all(word is None for word in words):
        guesses.append("level: none named; locations of one spot are put on top of each other")
        return
    numbers = {w: float(w) for w in set(words) if w is not None and re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", w)}
    known = {w for w in words if w is not None}
    if len(numbers) == len(known) and all(n.is_integer() and n < 100 for n in numbers.values()):
        lowest = int(min(numbers.values()))
        if lowest:
            guesses.append(f"level: {lowest} is the lowest and taken as the floor (0)")
        rank = {w: int(n) - lowest for w, n in numbers.items()}
    else:
        rank = {w: i for i, w in enumerate(sorted(known, key=lambda w: (numbers.get(w, 1e9), w)))}
        guesses.append(f"level: {', '.join(list(rank)[:6])}{', ...' if len(rank) > 6 else ''} from the floor up")
    for s in stands:
        s.level = rank[s.row.level] if s.row.level is not None else 0


def _directions(stands: Sequence[Standing], guesses: list[str]) -> bool:
    """Put coordinates as along and across; True if the aisles run along x."""
    groups: dict[str, list[Standing]] = defaultdict(list)
    for s in stands:
        if s.row.x_m is not None:
            groups[s.aisle].append(s)
    if not groups:
        return False
    votes = 0.0
    for group in groups.values():
        xs, ys = [s.row.x_m or 0.0 for s in group], [s.row.y_m or 0.0 for s in group]
        votes += (max(xs) - min(xs)) - (max(ys) - min(ys))
    along_x = votes > 0 and "" not in groups
    for s in stands:
        if s.row.x_m is not None:
            s.along, s.across = (s.row.x_m, s.row.y_m) if along_x else (s.row.y_m, s.row.x_m)
    guesses.append(f"aisles run along {'x' if along_x else 'y'}, with a cross-aisle at either end")
    return along_x


def _in_aisles(stands: Sequence[Standing], guesses: list[str]) -> list[AisleOfLocations]:
    """Locations by aisle, from left to right; aisles on one line are one; those without coordinates to the right."""
    for s in stands:
        if not s.aisle:
            s.aisle = f"{s.across:g}"
    groups: dict[str, list[Standing]] = defaultdict(list)
    for s in stands:
        groups[s.aisle].append(s)
    placed = {name: median([s.across for s in g if s.across is not None]) for name, g in groups.items() if _has(g)}
    aisles: list[AisleOfLocations] = []
    for name in sorted(placed, key=lambda n: (placed[n], _order(n))):
        if aisles and placed[name] - aisles[-1].across < 0.5:
            guesses.append(f"aisle {name}: on one line with {aisles[-1].name}, taken as one aisle")
            aisles[-1].stands += groups[name]
        else:
            aisles.append(AisleOfLocations(name, placed[name], groups[name]))
    without = sorted((name for name in groups if name not in placed), key=lambda n: (re.sub(r"\d+", "", n), _order(n)))
    if without:
        right = aisles[-1].across + AISLE_PITCH_M if aisles else 0.0
        guesses.append(f"x: {len(without)} aisles side by side, {AISLE_PITCH_M:g} m apart, in the order of their names")
        aisles += [AisleOfLocations(name, right + AISLE_PITCH_M * i, groups[name]) for i, name in enumerate(without)]
    return aisles


def _has(group: Sequence[Standing]) -> bool:
    return any(s.across is not None for s in group)


def _spread(aisles: Sequence[AisleOfLocations], guesses: list[str]) -> None:
    """Where coordinates are missing: bays in order, at the pitch of the others, else one metre apart."""
    front = min((s.along for a in aisles for s in a.stands if s.along is not None), default=ENTRY_M)
    guessed = 0
    for aisle in aisles:
        bays = sorted({s.bay for s in aisle.stands if s.bay is not None})
        rank = {bay: float(i) for i, bay in enumerate(bays)}
        known = {rank[s.bay]: s.along for s in aisle.stands if s.along is not None and s.bay is not None}
        steps = [(known[b] - known[a]) / (b - a) for a, b in pairwise(sorted(known)) if known[b] != known[a]]
        pitch = median(steps) if steps else BAY_PITCH_M
        behind = max((s.along for s in aisle.stands if s.along is not None), default=front - BAY_PITCH_M)
        for s in aisle.stands:
            if s.along is not None:
                continue
            guessed += 1
            if s.bay is None:
                behind += BAY_PITCH_M
                s.along = behind
            elif known:
                near = min(known, key=lambda r: (abs(r - rank[s.bay or (0, "")]), r))
                s.along = known[near] + (rank[s.bay] - near) * pitch
            else:
                s.along = front + rank[s.bay] * BAY_PITCH_M
    if guessed:
        guesses.append(f"y: {guessed} locations by their bay, {BAY_PITCH_M:g} m apart where nothing else is known")


def _sides(aisles: Sequence[AisleOfLocations], guesses: list[str]) -> None:
    """Left and right of the aisle's line: by column, by coordinate, by the name's last letter, else as they come."""
    moved = 0
    for aisle in aisles:
        taken: Counter[tuple[int, int, str]] = Counter()
        for s in aisle.stands:
            s.side = _side(s, aisle.across)
        for s in sorted(aisle.stands, key=lambda s: (s.along or 0.0, s.level, s.row.name)):
            spot = round((s.along or 0.0) * 1000)
            free = [side for side in ([s.side] if s.side else ["left", "right"]) if not taken[spot, s.level, side]]
            if not free and s.row.level is None:
                while taken[spot, s.level, s.side or "left"]:
                    s.level += 1
                free = [s.side or "left"]
            while not free:
                spot += 10
                free = [side for side in ([s.side] if s.side else ["left", "right"]) if not taken[spot, s.level, side]]
            if spot != round((s.along or 0.0) * 1000):
                moved += 1
                s.along = spot / 1000
            s.side = free[0]
            taken[spot, s.level, s.side] += 1
    if moved:
        guesses.append(f"{moved} locations share spot, level and side with another: moved on by centimetres")


def _side(s: Standing, across: float) -> str:
    word = (s.row.side or "").strip().lower()
    if word[:1] in ("l", "r"):
        return "left" if word[0] == "l" else "right"
    if s.across is not None and abs(s.across - across) > 0.05:
        return "left" if s.across < across else "right"
    letter = re.search(r"\d([LR])$", s.row.name)
    if letter:
        return "left" if letter[1] == "L" else "right"
    return ""
