"""What stands on the floor and at the gate: stations, aisles, belts, doors, lanes, trailers."""

from __future__ import annotations

import numpy as np

from visualizer.drawing.written import lasting, number
from visualizer.inspecting.blocks import Block, Heading, Note, Row
from visualizer.inspecting.known import Known
from visualizer.palette import Tone
from visualizer.stored.moment import BLOCKED, OFF
from visualizer.view import Selection
from visualizer.words import word

HOUR_MS = 3_600_000


def station_page(known: Known, name: str) -> list[Block]:
    """A station: who waits before it, how fast it works."""
    say, store = known.say, known.store
    station = known.ground.station_of.get(name)
    if station is None:
        return [Heading(known.short(name), say("inspect.station"), sign="square"), Note(say("inspect.gone"))]
    queue = known.moment.queues[station]
    benches = store.commanded.benches(station, known.moment.row)
    served = store.served.so_far(station, known.moment.row)
    before = store.served.so_far(station, store.row_at(known.moment.at_ms - HOUR_MS))
    busy: Tone = "warning" if benches is not None and queue.serving >= benches and queue.waiting else "good"
    text = f"{queue.serving} / {'∞' if benches is None else benches}"
    blocks: list[Block] = [
        Heading(
            known.short(name),
            say("inspect.station"),
            say("inspect.waiting", n=queue.waiting) if queue.waiting else "",
            busy,
            sign="square",
        ),
        Row(say("inspect.occupancy"), text, busy),
        _queue(known, queue.waiting, queue.since_ms),
        Row(say("inspect.rate"), say("unit.per_h", n=number(_per_h(known, served - before)))),
        Row(say("inspect.done"), number(served)),
    ]
    return blocks + known.last_events(known.history("station", name), "inspect.history", name)


def _queue(known: Known, waiting: int, since_ms: int | None) -> Row:
    text = number(waiting)
    if since_ms is not None:
        text += f" · {known.say('inspect.since', time=lasting(known.moment.at_ms - since_ms))}"
    return Row(known.say("inspect.queue"), text, "warning" if waiting else "text")


def _per_h(known: Known, count: int) -> float:
    """A count of the last hour, or of what there was of it, as a rate."""
    passed = min(HOUR_MS, max(known.moment.at_ms, 1))
    return count * HOUR_MS / passed


def aisle_page(known: Known, name: str) -> list[Block]:
    """An aisle: who is in it, who waits before it, how much was picked."""
    say, store, ground, moment = known.say, known.store, known.ground, known.moment
    aisle = ground.aisle_of.get(name)
    if aisle is None:
        return [Heading(known.short(name), say("inspect.aisle"), sign="square"), Note(say("inspect.gone"))]
    line = ground.aisles[aisle]
    inside = _inside(known, aisle)
    waiting = int(moment.waiting[aisle])
    first = store.row_at(moment.at_ms - HOUR_MS)
    cells, picks = store.picks.over(first, moment.row)
    lines = int(picks[ground.cells.aisle[cells] == aisle].sum()) if len(cells) else 0
    aisles, waits = store.waits.over(first, moment.row)
    waited_ms = int(waits[aisles == aisle].sum()) if len(aisles) else 0
    minutes = min(HOUR_MS, max(moment.at_ms, 1)) / 60_000
    of = "∞" if line.capacity is None else str(line.capacity)
    full: Tone = "warning" if line.capacity is not None and len(inside) >= line.capacity else "text"
    mine = np.flatnonzero(ground.cells.aisle == aisle)
    below = [say("inspect.aisle"), say("unit.m", n=number(line.length_mm / 1000))]
    if len(mine):
        below.append(say("inspect.locations", n=number(len(mine))))
    blocks: list[Block] = [
        Heading(
            known.short(name),
            " · ".join(below),
            say("inspect.waiting", n=waiting) if waiting else "",
            "warning" if waiting else "text_2",
            sign="square",
        ),
        Row(say("inspect.occupancy"), f"{len(inside)} / {of}", full),
        Row(say("inspect.queue"), number(waiting), "warning" if waiting else "text"),
        Row(say("heat.waiting"), say("unit.s_per_min", n=number(waited_ms / 1000 / minutes, 1))),
        Row(say("inspect.rate"), say("unit.lines_per_h", n=number(_per_h(known, lines)))),
    ]
    for worker in inside[:4]:
        role = word("role", store.role[store.worker_of[worker]], known.language)
        blocks.append(Row(role, known.short(worker), link=Selection("worker", worker)))
    return blocks + known.last_events(known.history("location", name), "inspect.history", name)


def _inside(known: Known, aisle: int) -> list[str]:
    """Who is in an aisle: stands in it, or walks within it."""
    store, ground, moment = known.store, known.ground, known.moment
    line = ground.aisles[aisle]
    places = store.place.at(moment.row)
    table = store.names.table
    found = []
    x0, x1 = sorted((line.start[0], line.end[0]))
    y0, y1 = sorted((line.start[1], line.end[1]))
    for worker in np.flatnonzero((moment.workers.state != OFF) & (moment.workers.state != BLOCKED)).tolist():
        if worker >= len(places) or places[worker] < 0:
            continue
        at = places[worker : worker + 1]
        share = float(moment.workers.share[worker])
        column = "destination" if share > 0 else "origin"
        x, y = float(moment.workers.x[worker]), float(moment.workers.y[worker])
        there = ground.aisle_at(table[int(store.place.field(column, at)[0])]) == aisle
        if there and x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1:
            found.append(store.workers[worker])
    return found


def belt_page(known: Known, name: str) -> list[Block]:
    """A belt: what rides on it, how often it had no room."""
    say, store, moment = known.say, known.store, known.moment
    belt = known.ground.belt_of.get(name)
    if belt is None:
        return [Heading(known.short(name), say("inspect.equipment"), sign="square"),
                *known.last_events(known.history("equipment", name), "inspect.history", name)]  # fmt: skip
    line, now = known.ground.belts[belt], moment.belts[belt]
    left = store.left.so_far(belt, moment.row)
    before = store.left.so_far(belt, store.row_at(moment.at_ms - HOUR_MS))
    down = name in moment.down
    pill = say("inspect.down") if down else say("inspect.runs")
    blocks: list[Block] = [
        Heading(known.short(name), f"{say('inspect.conveyor')} · {say('unit.m', n=number(line.length_mm / 1000))}",
                pill, "bad" if down else "good", sign="square"),
        Row(say("inspect.occupancy"), number(len(now.shares))),
        Row(say("inspect.rate"), say("unit.per_h", n=number(_per_h(known, left - before)))),
        Row(say("inspect.blockages"), number(now.blocked), "warning" if now.blocked else "text"),
    ]  # fmt: skip
    return blocks + known.last_events(known.history("equipment", name), "inspect.history", name)


def door_page(known: Known, name: str) -> list[Block]:
    """A door, or the lane before one: what stands there."""
    say, ground, moment = known.say, known.ground, known.moment
    doors = [i for i, d in enumerate(ground.doors) if name in (d.name, d.lane)]
    if not doors:
        return [Heading(known.short(name), say("inspect.door"), sign="square"),
                *known.last_events(known.history("location", name), "inspect.history", name)]  # fmt: skip
    door = ground.doors[doors[0]]
    is_lane = name != door.name
    trailer = moment.trailers[doors[0]]
    pill = known.short(trailer) if trailer else say("inspect.free_door")
    what = say("map.lane" if is_lane else "map.door", name=known.short(name))
    blocks: list[Block] = [Heading(known.short(name), what, pill, "info" if trailer else "text_3", sign="square")]
    if trailer:
        blocks.append(Row(say("inspect.truck"), known.short(trailer), link=Selection("trailer", trailer)))
    lane = ground.lane_of.get(door.lane or "")
    if lane is not None:
        blocks.append(Row(say("inspect.staged"), say("inspect.cartons", n=number(int(moment.staged[lane])))))
    column = "location" if is_lane else "door"
    return blocks + known.last_events(known.history(column, name), "inspect.history", name)


def trailer_page(known: Known, name: str) -> list[Block]:
    """A trailer: where it stands, what is in it, when it leaves."""
    say = known.say
    records = known.history("trailer", name, whole=True)
    if records is None:
        return [Heading(known.short(name), say("inspect.truck"), sign="truck"), Note(say("inspect.asking"))]
    arrived = next((r for r in records if r["kind"] == "TrailerArrived"), None)
    docked = next((r for r in reversed(records) if r["kind"] == "TrailerDocked"), None)
    departed = next((r for r in reversed(records) if r["kind"] == "TrailerDeparted"), None)
    loaded = sum(r["kind"] == "HandlingUnitLoaded" for r in records)
    unloaded = sum(r["kind"] == "GoodsUnloaded" for r in records)
    if arrived is None:
        return [Heading(known.short(name), say("inspect.truck"), sign="truck"), Note(say("inspect.not_yet"))]
    stage = "departed" if departed else "docked" if docked else "arrived"
    below = [word("way", arrived["action"], known.language)]
    below += [str(arrived[c]) for c in ("carrier", "supplier") if c in arrived]
    tone: Tone = "text_3" if departed else "good" if docked else "warning"
    blocks: list[Block] = [
        Heading(known.short(name), " · ".join(below), say(f"inspect.{stage}"), tone, sign="truck"),
        Row(say("inspect.arrived"), known.clock(arrived["at_ms"]), at_ms=arrived["at_ms"]),
    ]
    if docked:
        text = f"{known.short(docked['door'])} · {known.clock(docked['at_ms'])}"
        blocks.append(Row(say("inspect.door"), text, link=Selection("door", docked["door"])))
    if "due_ms" in arrived:
        blocks.append(Row(say("inspect.next_planned"), known.clock(arrived["due_ms"])))
    if departed:
        blocks.append(Row(say("inspect.departs"), known.clock(departed["at_ms"]), at_ms=departed["at_ms"]))
    count = say("inspect.cartons", n=number(loaded)) if loaded else say("inspect.pallets", n=number(unloaded))
    blocks.append(Row(say("inspect.loaded" if arrived["action"] == "out" else "inspect.unloaded"), count))
    return blocks + known.last_events(records, "inspect.history", name)
