"""What a page that replays a run holds beside the workers' deeds: stock, queues, doors, orders, what is wrong."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from visualizer.feed import Feed
from visualizer.replay.byte_planes import BytePlanes
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.tracks import Sums, Track

MS_PER_S = 1000
FOREVER = 1 << 62


def write_stock(store: Store, first_row: int, last_row: int, planes: BytePlanes, taken: set[int]) -> None:
    """Units on the floor at the start and changes that are no one's deed; where the book differs, and since when."""
    floor, book = store.floor_units, store.book_units
    planes.add("floor.start", floor.at(first_row))
    planes.add("gap.start", book.at(first_row).astype(np.int64) - floor.at(first_row))
    row, cell, change = _part(floor, first_row, last_row)
    rest = np.array([r not in taken for r in row.tolist()], dtype=bool)
    _write_changes("floor", store, row[rest], cell[rest], change[rest], planes)
    rows, cells, changes = (
        np.concatenate([a, b]) for a, b in zip(_part(book, first_row, last_row), (row, cell, -change), strict=True)
    )
    if len(rows):
        at = store.at_ms[rows]
        order = np.lexsort((rows, cells, at))
        keys = np.stack([at[order], cells[order]])
        first = np.flatnonzero(np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)))
        net = np.add.reduceat(changes[order], first)
        some = net != 0
        rows, cells, changes = rows[order][first][some], cells[order][first][some], net[some]
    _write_changes("gap", store, rows, cells, changes, planes)


def write_queues(store: Store, first_row: int, last_row: int, planes: BytePlanes) -> dict[str, Any]:
    """Columns `arrived.*`, `entered.*`, `left.*`, `staged.*`, `loaded.*`, `door.*`, `down.*`; counts at the start.

    Who is before a station or on a belt at the start came earlier: his coming is kept too.
    """
    ground = store.ground
    started: dict[str, Any] = {"serving": []}
    lists: dict[str, tuple[list[int], list[int]]] = {}
    for name, count, occurrences, behind in (
        ("arrived", len(ground.stations), store.arrived, store.begun),
        ("entered", len(ground.belts), store.entered, store.left),
        ("left", len(ground.belts), store.left, None),
        ("jams", len(ground.belts), store.jams, None),
    ):
        counts, times, durations = [], [], []
        for one in range(count):
            start = (behind or occurrences).so_far(one, first_row)
            end = occurrences.so_far(one, last_row)
            counts.append(end - start)
            at = occurrences.at_ms(one, start, end)
            times.extend(np.diff(at, prepend=0).tolist())
            durations.extend(occurrences.durations_ms(one, start, end).tolist())
        lists[name] = counts, durations
        planes.add(f"{name}.count", counts)
        planes.add(f"{name}.late", times)
    planes.add("entered.duration", lists["entered"][1])
    for one in range(len(ground.stations)):
        started["serving"].append(store.begun.so_far(one, first_row) - store.served.so_far(one, first_row))
    started["jams"] = [store.jams.so_far(one, first_row) for one in range(len(ground.belts))]
    for name, sums in (("staged", store.staged), ("loaded", store.loaded)):
        planes.add(f"{name}.start", sums.at(first_row))
        row, entity, change = _part(sums, first_row, last_row)
        _write_changes(name, store, row, entity, change, planes)
    names = store.names.table
    trailers: dict[str, int] = {}
    docked, door, place = _last_and_part(store.door, first_row, last_row)
    numbers = [
        -1 if t < 0 else trailers.setdefault(names[t], len(trailers))
        for t in store.door.field("trailer", place).tolist()
    ]
    planes.add("door.at", store.at_ms[docked] if len(docked) else docked, steps=True)
    planes.add("door.door", door)
    planes.add("door.trailer", numbers)
    ways = [names[a] if a >= 0 else "" for a in store.door.field("action", place).tolist()]
    planes.add("door.is_in", [int(way == "in") for way in ways])
    failed, equipment, place = _last_and_part(store.failures, first_row, last_row)
    planes.add("down.at", store.at_ms[failed] if len(failed) else failed, steps=True)
    planes.add("down.equipment", equipment)
    planes.add("down.up", store.failures.field("up", place))
    planes.add("down.worker", store.failures.field("worker", place))
    reasons = [names[r] if r >= 0 else "" for r in store.failures.field("reason", place).tolist()]
    closures = [
        [int(store.at_ms[row]), aisle, until if until < FOREVER else None]
        for row, aisle, until in store.commanded.closures
        if row <= last_row
    ]
    return {
        "started": started,
        "trailers": list(trailers),
        "equipment": store.equipment,
        "reasons": reasons,
        "closures": closures,
    }


def write_orders(feed: Feed, first_ms: int, last_ms: int, planes: BytePlanes) -> list[str]:
    """Columns `order.*` in whole seconds, -1 for never, of orders in the house in the stretch; their names."""
    received = feed.columns("OrderReceived", ("order", "due_ms"))
    gone = _last_of(feed, "HandlingUnitLoaded")
    rows = [
        (name, at, due)
        for name, at, due in zip(
            received["order"].tolist(), received["at_ms"].tolist(), received["due_ms"].tolist(), strict=True
        )
        if at <= last_ms and gone.get(name, last_ms) >= first_ms
    ]
    planes.add("order.received", [at // MS_PER_S for _, at, _ in rows], steps=True)
    planes.add("order.due", [max(due // MS_PER_S, -1) for _, _, due in rows])
    for column, kind in (("released", "OrderReleased"), ("packed", "CartonClosed"), ("loaded", "HandlingUnitLoaded")):
        at_of = gone if kind == "HandlingUnitLoaded" else _last_of(feed, kind)
        planes.add(f"order.{column}", [_after(at, at_of.get(name), last_ms) for name, at, _ in rows])
    return [name for name, _, _ in rows]


def counted_up(names: list[str], column: str, planes: BytePlanes) -> list[str] | dict[str, Any]:
    """Names; where they are one word and a number of equal width (O000001), the word, the width and a column."""
    parts = [re.fullmatch(r"(.*?)(\d{1,9})", name) for name in names]
    looks = {(part[1], len(part[2])) if part else None for part in parts}
    if len(looks) != 1 or None in looks:
        return names
    ((word, width),) = ((look[0], look[1]) for look in looks if look)
    planes.add(column, [int(part[2]) for part in parts if part], steps=True)
    return {"word": word, "width": width}


def _after(since_ms: int, at_ms: int | None, last_ms: int) -> int:
    if at_ms is None or at_ms > last_ms:
        return -1
    return at_ms // MS_PER_S - since_ms // MS_PER_S


def _last_of(feed: Feed, kind: str) -> dict[str, int]:
    facts = feed.columns(kind, ("order",))
    return dict(zip(facts["order"].tolist(), facts["at_ms"].tolist(), strict=True))


def _part(sums: Sums, first_row: int, last_row: int) -> tuple[Array, Array, Array]:
    row = sums.row.values
    start, end = (int(np.searchsorted(row, r, side="right")) for r in (first_row, last_row))
    return row[start:end], sums.entity.values[start:end], sums.change.values[start:end]


def _last_and_part(track: Track, first_row: int, last_row: int) -> tuple[Array, Array, Array]:
    """(row, entity, place) of the last fact of each entity before a stretch, and of those in it."""
    row = track.row.values
    before = track.at(first_row)
    before = np.sort(before[before >= 0])
    start, end = (int(np.searchsorted(row, r, side="right")) for r in (first_row, last_row))
    place = np.concatenate([before, np.arange(start, end)])
    return row[place], track.entity.values[place], place


def _write_changes(name: str, store: Store, row: Array, entity: Array, change: Array, planes: BytePlanes) -> None:
    planes.add(f"{name}.at", store.at_ms[row] if len(row) else row, steps=True)
    planes.add(f"{name}.of", entity)
    planes.add(f"{name}.change", change)
