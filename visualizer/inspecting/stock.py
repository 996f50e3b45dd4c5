"""A location or a SKU: what the book says and what is really there, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from twin.events.columns import MISSING
from visualizer.drawing.written import number
from visualizer.feed import Record, Tables
from visualizer.inspecting.blocks import Block, Cell, Heading, Note, Row, Table
from visualizer.inspecting.known import Known
from visualizer.palette import Tone
from visualizer.stored.growing import Array
from visualizer.view import Selection
from visualizer.words import word

Key = tuple[str, str | None]
"""SKU and lot, or location and lot."""
MOST_ROWS = 12
_VISITS = frozenset({"UnitsTaken", "UnitsPlaced", "LinePicked", "StockPutAway", "StockReplenished", "LocationCounted",
                     "ExceptionReported", "StockAdjusted", "UnitsLost"})  # fmt: skip


@dataclass(slots=True)
class Side:
    """Units by what they are: of the book and of the floor."""

    book: dict[Key, int] = field(default_factory=dict)
    floor: dict[Key, int] = field(default_factory=dict)

    def add(self, side: dict[Key, int], key: Key, units: int) -> None:
        """Change one of the two."""
        side[key] = side.get(key, 0) + units

    @property
    def keys(self) -> list[Key]:
        """All that there is or was, those with most first."""
        some = {k for k, n in (*self.book.items(), *self.floor.items()) if n}
        return sorted(some, key=lambda k: (-max(self.book.get(k, 0), self.floor.get(k, 0)), k[0], k[1] or ""))


def opening(tables: Tables, column: str, name: str, other: str) -> Side:
    """What lay there at the start: rows of the opening stock whose `column` is `name`, by `other`."""
    stock = tables["opening_stock"]
    side = Side()
    for row in np.flatnonzero(np.asarray(stock[column], dtype=object) == name).tolist():
        key = (str(stock[other][row]), _text(stock["lot"][row]))
        side.add(side.book, key, int(stock["book_units"][row]))
        side.add(side.floor, key, int(stock["floor_units"][row]))
    return side


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def after(side: Side, records: Iterable[Record], location: str | None = None) -> Side:
    """The stock once the records are known: of one location by SKU, or of one SKU by location.

    A put-away from a handling unit that is no location comes from nowhere that is counted here.
    """

    def change(which: dict[Key, int], r: Record, column: str, units: int) -> None:
        place = r.get(column)
        if place is None or (location is not None and place != location):
            return
        side.add(which, (r["sku"] if location is not None else place, r.get("lot")), units)

    for r in records:
        kind = r["kind"]
        if kind == "UnitsTaken" or (kind == "UnitsLost" and "handling_unit" not in r):
            change(side.floor, r, "location", -r["units"])
        elif kind == "UnitsPlaced":
            change(side.floor, r, "location", r["units"])
        elif kind == "LinePicked":
            change(side.book, r, "location", -(r["value"] if r.get("value", -1) >= 0 else r["units"]))
        elif kind in ("StockPutAway", "StockReplenished"):
            change(side.book, r, "location", r["units"])
            change(side.book, r, "origin", -r["units"])
        elif kind == "StockAdjusted":
            change(side.book, r, "location", r["units"])
    return side


def location_page(known: Known, name: str) -> list[Block]:
    """All that is shown of a location."""
    say, ground, moment = known.say, known.ground, known.moment
    cell = ground.cell_of.get(name)
    if cell is None:
        return [Heading(name, say("inspect.location"), sign="square"), Note(say("inspect.gone"))]
    cells = ground.cells
    aisle = ground.aisles[int(cells.aisle[cell])].name if cells.aisle[cell] >= 0 else ""
    below = [say("map.zone", name=known.short(cells.zone[cell]))] if cells.zone[cell] else []
    below += [say("map.aisle", name=known.short(aisle))] if aisle else []
    below.append(word("temperature", cells.storage[cell], known.language))
    book, floor = int(moment.book_units[cell]), int(moment.floor_units[cell])
    blocks: list[Block] = [_heading(known, name, " · ".join(below), book, floor)]
    own = known.asking.history("location", name, moment.row, whole=True)
    gone = known.asking.history("origin", name, moment.row, whole=True)
    if own is None or gone is None:
        return [*blocks, Note(say("inspect.asking"))]
    records = _merged(own, gone)
    side = after(opening(known.feed.tables, "location", name, "sku"), records, name)
    blocks.append(_compared(known, side, "sku"))
    expiry = _expiries(known, side)
    if expiry:
        blocks.append(Row(say("inspect.expiry"), expiry))
    blocked = sum(r["units"] for r in records if r["kind"] == "UnitsBlocked")
    if blocked:
        blocks.append(Row(say("inspect.blocked"), number(blocked), "warning"))
    counted = [r for r in records if r["kind"] == "LocationCounted"]
    text = say("inspect.never")
    if counted:
        text = f"{known.clock(counted[-1]['at_ms'])} · {counted[-1]['units']} / {counted[-1]['expected_units']}"
    blocks.append(Row(say("inspect.last_count"), text, "text" if counted else "text_3",
                      at_ms=counted[-1]["at_ms"] if counted else None))  # fmt: skip
    blocks.append(Row(say("inspect.abc"), _abc(known, cell)))
    if aisle:
        blocks.append(Row(say("inspect.aisle"), known.short(aisle), link=Selection("aisle", aisle)))
    seen = [r for r in records if r["kind"] in _VISITS and (known.sees_floor or r["side"] == "book")]
    return blocks + known.last_events(seen, "inspect.visits", name)


def sku_page(known: Known, name: str) -> list[Block]:
    """All that is shown of a SKU: where it lies."""
    say = known.say
    records = known.asking.history("sku", name, known.moment.row, whole=True)
    blocks: list[Block] = [Heading(name, _of_sku(known, name), sign="square")]
    if records is None:
        return [*blocks, Note(say("inspect.asking"))]
    side = after(opening(known.feed.tables, "sku", name, "location"), records)
    for units in (side.book, side.floor):  # goods at a door are on their way, not yet stock of a location
        for key in [k for k in units if k[0] not in known.ground.cell_of]:
            del units[key]
    book, floor = sum(side.book.values()), sum(side.floor.values())
    blocks[0] = _heading(known, name, _of_sku(known, name), book, floor)
    blocks.append(_compared(known, side, "location"))
    seen = [r for r in records if known.sees_floor or r["side"] == "book"]
    return blocks + known.last_events(seen, "inspect.history", name)


def _heading(known: Known, name: str, below: str, book: int, floor: int) -> Heading:
    if not known.sees_floor:
        return Heading(known.short(name), below, sign="square")
    differs = book != floor
    word_ = known.say("inspect.differs" if differs else "inspect.agrees")
    return Heading(known.short(name), below, word_, "warning" if differs else "good", sign="square")


def _compared(known: Known, side: Side, what: str) -> Table:
    """Book, floor and their difference, which is marked; a trainee sees the book only."""
    say = known.say
    rows, links = [], []
    keys = side.keys
    has_lots = any(lot for _, lot in keys)
    for key in keys[:MOST_ROWS]:
        name, lot = key
        book, floor = side.book.get(key, 0), side.floor.get(key, 0)
        tone: Tone = "text" if book == floor else "bad"
        row = [Cell(known.short(name)), Cell(number(book))]
        if has_lots:
            row.insert(1, Cell(known.short(lot) if lot else "", "text_2"))
        if known.sees_floor:
            row += [Cell(number(floor), tone), Cell(number(floor - book, signed=True) if floor != book else "", tone)]
        rows.append(tuple(row))
        links.append(Selection("sku" if what == "sku" else "location", name))
    heads = [say(f"inspect.{what}"), say("inspect.book")]
    widths = [0.44 if has_lots else 0.66, 0.14]
    if has_lots:
        heads.insert(1, say("inspect.lot"))
        widths = [0.34, 0.24, 0.14]
    if known.sees_floor:
        heads += [say("inspect.floor"), say("inspect.gap")]
        widths = [widths[0] - (0.0 if has_lots else 0.08), *widths[1:], 0.14, 0.14]
    links_: list[Selection | None] = [*links]
    if not rows:
        nothing = [say("inspect.nothing_there"), *[""] * (len(heads) - 1)]
        rows, links_ = [tuple(Cell(text, "text_3") for text in nothing)], [None]
    return Table(tuple(heads), tuple(rows), tuple(widths), tuple(links_))


def _merged(own: list[Record], gone: list[Record]) -> list[Record]:
    if not gone:
        return own
    by_seq = {r["seq"]: r for r in (*own, *gone)}
    return [by_seq[seq] for seq in sorted(by_seq)]


def _expiries(known: Known, side: Side) -> str:
    """Of the lots that lie there, when each expires."""
    lots = {lot for _, lot in side.keys if lot}
    table = known.feed.tables.get("lots")
    if not lots or table is None:
        return ""
    found = []
    for lot, day in zip(table["lot"], table["expires_on_day"], strict=True):
        if lot in lots and day is not None and day == day and day != MISSING:
            found.append(f"{known.start + timedelta(days=int(day)):%Y-%m-%d}")
    return ", ".join(sorted(found)[:3])


def abc_of(picks: Array) -> Array:
    """Class of each location by lines picked: A to 80 % of all, B to 95 %, C the rest; 0 none, 1 A, 2 B, 3 C."""
    total = picks.sum()
    found = np.zeros(len(picks), dtype=np.int8)
    if not total:
        return found
    order = np.argsort(-picks, kind="stable")
    before = (np.cumsum(picks[order]) - picks[order]) / total
    found[order] = np.where(before < 0.8, 1, np.where(before < 0.95, 2, 3))
    found[picks <= 0] = 0
    return found


def _abc(known: Known, cell: int) -> str:
    picks = known.store.picks.at(known.moment.row)
    letter = ("", "A", "B", "C")[int(abc_of(picks)[cell])]
    lines = known.say("unit.lines", n=number(int(picks[cell])))
    return f"{letter} · {lines}" if letter else known.say("legend.none")


def _of_sku(known: Known, name: str) -> str:
    table = known.feed.tables.get("skus")
    parts = [known.say("inspect.sku")]
    if table is not None:
        rows = np.flatnonzero(np.asarray(table["sku"], dtype=object) == name)
        if len(rows):
            row = int(rows[0])
            mass = table["mass_kg"][row]
            parts.append(word("temperature", str(table["storage"][row]), known.language))
            if mass == mass and mass is not None:
                parts.append(known.say("unit.kg", n=number(float(mass), 2)))
    return " · ".join(parts)
