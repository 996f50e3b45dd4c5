"""A worker: what he does, how far it is, what his shift was like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualizer.drawing.written import lasting, number
from visualizer.feed import Record
from visualizer.inspecting.blocks import Block, Heading, Note, Row, Strip
from visualizer.inspecting.known import Known
from visualizer.palette import State, Tone
from visualizer.stored.growing import Array
from visualizer.stored.moment import BLOCKED, BREAK, IDLE, MOVING, OFF, STATE_NAMES, WAITING, WORKING
from visualizer.view import Selection
from visualizer.words import word

LAST_MS = 600_000
SIGN_OF_ROLE = {"picker": "circle", "packer": "circle", "receiver": "circle", "counter": "circle", "clerk": "circle",
                "loader": "circle", "agv": "square", "putaway_driver": "triangle", "replenisher": "triangle",
                "forklift": "triangle"}  # fmt: skip
"""Shape is role: circle person, square vehicle without a driver, triangle truck driver."""

TONE_OF_STATE: dict[str, Tone] = {
    "moving": "info", "working": "good", "waiting": "warning", "blocked": "bad", "idle": "text_3", "break": "text_3",
    "off": "text_3",
}  # fmt: skip
_LEGEND: tuple[State, ...] = ("moving", "working", "waiting", "blocked", "idle")


_DRAWN: dict[int, State | None] = {
    OFF: None, IDLE: "idle", BREAK: "break", WORKING: "working", WAITING: "waiting", BLOCKED: "blocked",
    MOVING: "moving",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch in one state (`moment.STATE_NAMES` by number)."""

    from_ms: int
    to_ms: int
    state: int


def stays(known: Known, worker: int, from_ms: int, to_ms: int) -> list[Stay]:
    """What a worker did between two times, without gaps; one who has arrived works, until he is told to do else."""
    store = known.store
    first, last = store.row_at(from_ms), min(store.row_at(to_ms), known.moment.row)
    track = store.state
    before = track.at(first)
    state = OFF
    if worker < len(before) and before[worker] >= 0:
        state = int(track.field("state", before[worker : worker + 1])[0])
    places = track.of(worker, first + 1, last)
    times = store.at_ms[track.row.values[places]].tolist()
    marks = [(from_ms, state), *zip(times, track.field("state", places).tolist(), strict=True)]
    since, until = _arrivals(known, worker, first, last)
    way = (np.searchsorted(since, [at for at, _ in marks], side="right") - 1).tolist()
    found: list[Stay] = []
    for (begun, what), place, ended in zip(marks, way, [*(at for at, _ in marks[1:]), to_ms], strict=True):
        arrives = max(begun, int(until[place])) if place >= 0 else begun
        if what == MOVING and arrives < ended:
            found += [Stay(begun, arrives, MOVING), Stay(arrives, ended, WORKING)]
        else:
            found.append(Stay(begun, ended, int(what)))
    return [s for s in found if s.to_ms > s.from_ms]


def _arrivals(known: Known, worker: int, first: int, last: int) -> tuple[Array, Array]:
    """When each departure was, from the one before `first` on, and when it arrives."""
    track, store = known.store.place, known.store
    places = track.of(worker, first + 1, last)
    before = track.at(first)
    if worker < len(before) and before[worker] >= 0:
        places = np.concatenate([before[worker : worker + 1], places])
    since = store.at_ms[track.row.values[places]]
    return since, since + track.field("duration", places)


def worker_page(known: Known, name: str) -> list[Block]:
    """All that is shown of a worker."""
    store, moment, say = known.store, known.moment, known.say
    number_ = store.worker_of.get(name)
    if number_ is None or number_ >= len(moment.workers.state):
        return [Heading(known.short(name)), Note(say("inspect.gone"))]
    state = int(moment.workers.state[number_])
    role = store.role[number_]
    state_name = STATE_NAMES[state]
    shown = _DRAWN[state]
    heading = Heading(
        known.short(name), _below(known, number_, role), word("state", state_name, known.language),
        TONE_OF_STATE[state_name], shown, SIGN_OF_ROLE.get(role, "circle"),
    )  # fmt: skip
    blocks: list[Block] = [heading]
    records = known.history("worker", name)
    blocks += _task(known, number_, state, records or [])
    blocks.append(Row(say("inspect.shift"), _shift(known, number_, name, records or [])))
    blocks.append(_strip(known, number_))
    return blocks + known.last_events(records, "inspect.scans", name)


def _below(known: Known, worker: int, role: str) -> str:
    parts = [word("role", role, known.language)]
    aisle = _aisle(known, worker)
    if aisle is not None:
        parts.append(known.say("map.aisle", name=known.short(aisle)))
        zone = _zone(known, aisle)
        if zone:
            parts.append(known.say("map.zone", name=known.short(zone)))
    return " · ".join(parts)


def _aisle(known: Known, worker: int) -> str | None:
    """The aisle he stands or walks in, by where his way begins or ends."""
    ground, table = known.ground, known.store.names.table
    place = known.store.place.at(known.moment.row)
    if worker >= len(place) or place[worker] < 0:
        return None
    track = known.store.place
    at = place[worker : worker + 1]
    share = known.moment.workers.share[worker]
    column = "destination" if share >= 0.5 else "origin"
    aisle = ground.aisle_at(table[int(track.field(column, at)[0])])
    return ground.aisles[aisle].name if aisle >= 0 else None


def _zone(known: Known, aisle: str) -> str:
    ground = known.ground
    cells = np.flatnonzero(ground.cells.aisle == ground.aisle_of[aisle])
    return ground.cells.zone[int(cells[0])] if len(cells) else ""


def _task(known: Known, worker: int, state: int, records: list[Record]) -> list[Block]:
    """What he is at, how much of it is done, where he goes next."""
    say, language = known.say, known.language
    if state in (OFF, BREAK):
        return []
    blocks: list[Block] = []
    current = None
    for record in records:
        if record["kind"] == "WorkStarted":
            current = record
        elif record["kind"] == "WorkEnded":
            current = None
    if current is None and state == IDLE:
        blocks.append(Row(say("inspect.task"), say("inspect.free"), "text_3"))
    elif current is not None:
        about = str(current.get("tour") or current.get("task") or current.get("station") or "")
        text = word("work", str(current["action"]), language)
        if about:
            text += f" · {known.short(about)}"
        tour = current.get("tour")
        started = next((r for r in records if r["kind"] == "TourStarted" and r.get("tour") == tour), None)
        if tour and started is not None:
            done = sum(r["kind"] == "LinePicked" and r.get("tour") == tour for r in records)
            text += " · " + say("inspect.progress", done=min(done, int(str(started["units"]))), all=started["units"])
        blocks.append(Row(say("inspect.task"), text))
    elif state in (WORKING, WAITING, BLOCKED):
        serving = next((r for r in reversed(records) if r["kind"] in ("ServiceStarted", "ServiceEnded")), None)
        if serving is not None and serving["kind"] == "ServiceStarted":
            order = serving.get("order")
            text = f"{word('work', 'pack', language)} · {known.short(str(serving['station']))}"
            link = Selection("order", str(order)) if order else None
            blocks.append(Row(say("inspect.task"), f"{text} · {order}" if order else text, link=link))
    blocks += _next_stop(known, worker, state)
    return blocks


def _next_stop(known: Known, worker: int, state: int) -> list[Block]:
    track = known.store.place
    at = track.at(known.moment.row)[worker : worker + 1]
    if state != MOVING or not len(at) or at[0] < 0:
        return []
    destination = known.store.names.table[int(track.field("destination", at)[0])]
    left_m = (1 - float(known.moment.workers.share[worker])) * int(track.field("length", at)[0]) / 1000
    cell = destination in known.ground.cell_of
    text = f"{known.short(destination)} · {known.say('inspect.left', m=number(left_m))}"
    link = Selection("location", destination) if cell else None
    return [Row(known.say("inspect.next_stop"), text, link=link)]


def _shift(known: Known, worker: int, name: str, records: list[Record]) -> str:
    """Lines, kilometres and waiting since he came on shift."""
    store, row = known.store, known.moment.row
    since = _on_shift_since(known, worker)
    way = store.place.of(worker, since + 1, row)
    km = float(store.place.field("length", way).sum()) / 1e6
    waited = _waited_ms(known, worker, since)
    lines = _lines(known, name, since, row, records)
    return known.say(
        "inspect.shift_figures", lines="…" if lines is None else number(lines), km=number(km, 1), waited=lasting(waited)
    )


def _waited_ms(known: Known, worker: int, since: int) -> int:
    """How long he waited, at aisles or for what had failed, after a row."""
    track = known.store.state
    places = track.of(worker, since, known.moment.row)
    at_ms = np.append(known.store.at_ms[track.row.values[places]], known.moment.at_ms)
    waits = np.isin(track.field("state", places), (WAITING, BLOCKED))
    return int(np.diff(at_ms)[waits].sum())


def _on_shift_since(known: Known, worker: int) -> int:
    """The row of his last check-in: the last time he stood up from being off."""
    track = known.store.state
    places = track.of(worker, 0, known.moment.row)
    states = track.field("state", places)
    rows = track.row.values[places]
    off = np.flatnonzero(states == OFF)
    after = rows[off[-1] + 1 :] if len(off) else rows
    return int(after[0]) if len(after) else -1


def _lines(known: Known, name: str, since: int, row: int, records: list[Record]) -> int | None:
    """Lines that he confirmed as picked since a row; None while they are being looked up."""
    feed, store = known.feed, known.store

    def rows() -> tuple[Array, int]:
        upto = len(store) - 1 if feed.live else 2**60
        some = feed.columns("LinePicked", ("worker",))
        return np.asarray(some["row"])[some["worker"] == name], upto

    found = known.asking.answer(("lines", name, len(store) // 4000 if feed.live else 0), rows)
    if found is None:
        return None
    picked, upto = found
    before = int(np.searchsorted(picked, row, side="right")) - int(np.searchsorted(picked, since, side="left"))
    return before + sum(1 for r in records if r["kind"] == "LinePicked" and upto < r["seq"] <= row)


def _strip(known: Known, worker: int) -> Strip:
    at_ms = known.moment.at_ms
    from_ms = max(0, at_ms - LAST_MS)
    found = stays(known, worker, from_ms, at_ms)
    pieces: list[tuple[float, State | None]] = []
    lead = LAST_MS - (at_ms - from_ms)
    if lead:
        pieces.append((lead / LAST_MS, None))
    for stay in found:
        state = _DRAWN[stay.state]
        share = (stay.to_ms - stay.from_ms) / LAST_MS
        if pieces and pieces[-1][1] == state:
            pieces[-1] = (pieces[-1][0] + share, state)
        else:
            pieces.append((share, state))
    legend = tuple((s, word("state", s, known.language)) for s in _LEGEND)
    return Strip(known.say("inspect.last_minutes"), tuple(pieces), legend)
