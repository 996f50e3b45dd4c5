"""What a page that replays a run holds beside the workers' deeds: the floor, stock, queues, doors, orders."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from visualizer.byte_planes import BytePlanes
from visualizer.feed import Feed
from visualizer.growing import Array
from visualizer.store import Store
from visualizer.tracks import Sums, Track

MS_PER_S = 1000
CLASS_A, CLASS_B = 0.80, 0.95
"""Shares of all lines picked that the classes A and B reach."""
FILL_STEPS = 5


def ground_of(store: Store) -> dict[str, Any]:
    """What stands on the floor and never changes, but for the locations."""
    ground = store.ground
    return {
        "bounds": [round(v) for v in ground.bounds],
        "aisles": [[a.name, *_xy(a.start), *_xy(a.end), a.capacity] for a in ground.aisles],
        "belts": [[b.name, *_xy(b.start), *_xy(b.end)] for b in ground.belts],
        "stations": [[s.name, *_xy(s.at), s.benches] for s in ground.stations],
        "doors": [[d.name, *_xy(d.at), ground.lane_of.get(d.lane or "", -1)] for d in ground.doors],
        "lanes": [[lane.name, *_xy(lane.at)] for lane in ground.lanes],
        "places": [[p.name, p.kind, *_xy(p.at)] for p in ground.places],
        "sites": ground.sites,
    }


def write_cells(store: Store, planes: BytePlanes) -> dict[str, Any]:
    """Columns `cell.*`; their names and words."""
    cells = store.ground.cells
    for name, values in (
        ("x", cells.x), ("y", cells.y), ("half_x", cells.half_x), ("half_y", cells.half_y),
    ):  # fmt: skip
        planes.add(f"cell.{name}", np.rint(values).astype(np.int64), steps=True)
    planes.add("cell.aisle", cells.aisle, steps=True)
    for step, fewest in enumerate(fill_steps(most_held(store)), start=1):
        planes.add(f"cell.step_{step}", fewest)
    planes.add("cell.abc", classes_by_picks(store))
    words: dict[str, Any] = {"names": cells.name}
    for column in ("zone", "use", "storage"):
        values = getattr(cells, column)
        once = sorted({str(v) for v in values})
        words[column] = once
        planes.add(f"cell.{column}", [once.index(str(v)) for v in values], steps=True)
    return words


def fill_steps(most: Array) -> Array:
    """For each location the fewest units of fill steps 1 to 4, one row for each step."""
    steps = np.arange(1, FILL_STEPS)[:, None]
    return np.maximum(np.ceil(steps * most[None, :] / FILL_STEPS), 1).astype(np.int64)


def most_held(store: Store) -> Array:
    """The most units that each location ever holds: what counts as full; at least 1."""
    sums = store.floor_units
    start = sums.at(-1).astype(np.int64)
    most = start.copy()
    order = np.lexsort((sums.row.values, sums.entity.values))
    cell, change = sums.entity.values[order], sums.change.values[order].astype(np.int64)
    if len(cell):
        running = np.cumsum(change)
        first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
        before = np.repeat(running[first] - change[first], np.diff(np.append(first, len(cell))))
        np.maximum.at(most, cell, start[cell] + running - before)
    return np.maximum(most, 1)


def classes_by_picks(store: Store) -> Array:
    """1, 2, 3 for the classes A, B, C by lines picked in the whole run; 0 for what was never picked."""
    picks = store.picks.at(len(store))
    order = np.argsort(-picks, kind="stable")
    reached = np.cumsum(picks[order]) - picks[order]
    total = max(int(picks.sum()), 1)
    letters = np.where(reached < CLASS_A * total, 1, np.where(reached < CLASS_B * total, 2, 3))
    classes = np.zeros(len(picks), dtype=np.int64)
    classes[order] = np.where(picks[order] > 0, letters, 0)
    return classes


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
    failed, equipment, place = _last_and_part(store.failures, first_row, last_row)
    planes.add("down.at", store.at_ms[failed] if len(failed) else failed, steps=True)
    planes.add("down.equipment", equipment)
    planes.add("down.up", store.failures.field("up", place))
    return {"started": started, "trailers": list(trailers), "equipment": store.equipment}


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


def _xy(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


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
