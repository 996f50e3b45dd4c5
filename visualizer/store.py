"""All that happened, so that any instant can be asked for: one store for runs that go on and for recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from twin.events.catalogue import KINDS
from twin.events.columns import MISSING
from twin.events.names import Names
from visualizer.feed import Batch, Feed
from visualizer.stored.commanded import Commanded
from visualizer.stored.ground import Ground
from visualizer.stored.growing import Array, Growing
from visualizer.stored.moment import (
    BLOCKED,
    BREAK,
    IDLE,
    MOVING,
    OFF,
    WAITING,
    WORKING,
    Belt,
    Incident,
    Moment,
    Queue,
    Workers,
)
from visualizer.stored.saturation import Saturated, Saturation
from visualizer.stored.slotting import Slotting
from visualizer.stored.tracks import Occurrences, Sums, Track
from visualizer.stored.ways import Ways

KIND_NAMES: tuple[str, ...] = tuple(KINDS)
"""Kinds by number, as in `Batch.kinds`."""
KIND_OF = {name: i for i, name in enumerate(KIND_NAMES)}

STATE_AFTER: dict[str, int] = {
    "WorkerCheckedIn": IDLE, "WorkerCheckedOut": OFF, "WorkerAbsent": OFF, "BreakStarted": BREAK, "BreakEnded": IDLE,
    "WorkStarted": WORKING, "WorkEnded": IDLE, "WorkerDeparted": MOVING, "WorkerBlocked": BLOCKED,
    "WorkerUnblocked": WORKING, "ServiceStarted": WORKING, "ServiceEnded": IDLE, "EquipmentFailed": WAITING,
    "EquipmentRepaired": WORKING, "MessageDelayed": WAITING,
}  # fmt: skip
"""What a worker does after a fact that names him. One who moves works where he arrives, until the next fact."""

_NOWHERE = np.array([-1], dtype=np.int32)
WAYS_KEPT = 100_000
"""Ways known by the codes of their ends; more are looked up anew."""

_FLOOR_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "UnitsTaken": (("location", -1),), "UnitsPlaced": (("location", 1),), "UnitsLost": (("location", -1),),
}  # fmt: skip
_BOOK_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "LinePicked": (("location", -1),), "StockPutAway": (("location", 1), ("origin", -1)),
    "StockReplenished": (("location", 1), ("origin", -1)), "StockAdjusted": (("location", 1),),
}  # fmt: skip


class Store:
    """`add` what comes, `at` any time. `Moment` is a pure function of the two."""

    def __init__(self, feed: Feed) -> None:
        tables = feed.tables
        self.ground = Ground(tables)
        self.ways = Ways(self.ground)
        self.names = Names()
        self._at_ms = Growing(np.int64)
        self._kinds = Growing(np.uint8)
        self._row_of_kind: dict[int, tuple[int, Array]] = {}
        self.workers: list[str] = []
        self.worker_of: dict[str, int] = {}
        self.role: list[str] = []
        self.home: list[str] = []
        self.place = Track(origin=np.int32, destination=np.int32, duration=np.int32, length=np.int32)
        self.state = Track(state=np.int8)
        self.task = Track(action=np.int32)
        self.slotting = Slotting(self.ground, tables)
        book, floor = _opening(self.ground, tables["opening_stock"])
        self.book_units, self.floor_units = Sums(book), Sums(floor)
        self.picks = Sums(np.zeros(len(self.ground.cells), dtype=np.int32))
        self.waits = Sums(np.zeros(len(self.ground.aisles), dtype=np.int32))
        self.waiting = Sums(np.zeros(len(self.ground.aisles), dtype=np.int32))
        ground = self.ground
        self.arrived, self.begun, self.served = (Occurrences(len(ground.stations)) for _ in range(3))
        self.entered, self.left, self.jams = (Occurrences(len(ground.belts)) for _ in range(3))
        self._saturation = Saturation(ground, self.waiting, self.arrived, self.begun)
        self.door = Track(trailer=np.int32, action=np.int32)
        self.staged, self.loaded = (
            Sums(np.zeros(len(ground.lanes), np.int32)),
            Sums(np.zeros(len(ground.doors), np.int32)),
        )
        self.failures = Track(up=np.int8, reason=np.int32, worker=np.int32)
        self.commanded = Commanded(ground)
        self.equipment: list[str] = []
        self._equipment_of: dict[str, int] = {}
        self._known_places: dict[int, Array] = {}
        self._ways_by_code: dict[tuple[int, int, int], int] = {}

    # --- what came --------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._at_ms)

    @property
    def head_ms(self) -> int:
        """The time of the last event."""
        return int(self._at_ms.values[-1]) if len(self._at_ms) else 0

    @property
    def at_ms(self) -> Array:
        """The time of each event."""
        return self._at_ms.values

    @property
    def kinds(self) -> Array:
        """The kind of each event, as a place in `KIND_NAMES`."""
        return self._kinds.values

    @property
    def nbytes(self) -> int:
        """Memory held by what came."""
        parts = (
            self._at_ms, self._kinds, self.place, self.state, self.task, self.book_units, self.floor_units, self.picks,
            self.waits, self.waiting, self.arrived, self.begun, self.served, self.entered, self.left, self.jams,
            self.door, self.staged, self.loaded, self.failures,
        )  # fmt: skip
        return sum(part.nbytes for part in parts)

    def row_at(self, at_ms: int) -> int:
        """The last event at or before a time; -1 for none."""
        return int(np.searchsorted(self.at_ms, at_ms, side="right")) - 1

    def rows_of(self, kind: str) -> Array:
        """All events of a kind, by number."""
        code = KIND_OF[kind]
        seen, rows = self._row_of_kind.get(code, (0, np.empty(0, dtype=np.int64)))
        if seen < len(self):
            fresh = seen + np.flatnonzero(self.kinds[seen:] == code)
            rows = np.concatenate([rows, fresh]) if len(fresh) else rows
            self._row_of_kind[code] = (len(self), rows)
        return rows

    def add(self, batch: Batch) -> None:
        """Events behind the last."""
        if batch.first_seq != len(self):
            raise ValueError(f"the batch begins at {batch.first_seq}, expected {len(self)}")
        self.names = batch.names
        self._at_ms.extend(batch.at_ms)
        self._kinds.extend(batch.kinds)
        facts = batch.facts
        self._add_workers(facts)
        self._add_units(facts)
        self._add_queues(facts)
        self._add_doors(facts)
        self._add_failures(facts)
        given = facts.get("CommandGiven")
        if given is not None:
            self.commanded.add(given, self.at_ms, self.names)

    def _index(self, codes: Array, of: Mapping[str, int]) -> Array:
        """Codes of names as places in a list; -1 for those that are not in it."""
        if not len(codes):
            return np.empty(0, dtype=np.int32)
        if of is not self.worker_of and of is not self._equipment_of:
            return self._places_of(of)[np.maximum(codes, -1)]
        some, back = np.unique(codes, return_inverse=True)
        table = self.names.table
        places = np.array([-1 if c == MISSING else of.get(table[c], -1) for c in some.tolist()], dtype=np.int32)
        return places[back]

    def _places_of(self, of: Mapping[str, int]) -> Array:
        """For each code its place in a list that stays as it is; the last is for what is missing, and -1."""
        known = self._known_places.get(id(of), _NOWHERE)
        table = self.names.table
        if len(known) <= len(table):
            fresh = [of.get(name, -1) for name in table[len(known) - 1 :]]
            known = np.concatenate([known[:-1], np.array(fresh, dtype=np.int32), _NOWHERE])
            self._known_places[id(of)] = known
        return known

    def _add_workers(self, facts: Mapping[str, Mapping[str, Array]]) -> None:
        table = self.names.table
        come = facts.get("WorkerCheckedIn")
        if come is not None:
            for worker, action, location in zip(
                *(come[c].tolist() for c in ("worker", "action", "location")), strict=True
            ):
                name = table[worker]
                if name not in self.worker_of:
                    self.worker_of[name] = len(self.workers)
                    self.workers.append(name)
                    self.role.append(table[action])
                    self.home.append(table[location])
        states: list[tuple[Array, ...]] = []
        for kind, state in STATE_AFTER.items():
            some = facts.get(kind)
            if some is None or "worker" not in some:
                continue
            who = self._index(some["worker"], self.worker_of)
            states.append((some["row"], who, np.full(len(who), state, dtype=np.int8)))
        _merged(states, lambda row, who, state: self.state.extend(row, who, state=state))
        moves: list[tuple[Array, ...]] = []
        gone = facts.get("WorkerDeparted")
        if gone is not None:
            who = self._index(gone["worker"], self.worker_of)
            moves.append((gone["row"], who, gone["origin"], gone["destination"], gone["duration_ms"], gone["value"]))
        if come is not None:
            who = self._index(come["worker"], self.worker_of)
            none = np.zeros(len(who), dtype=np.int64)
            moves.append((come["row"], who, come["location"], come["location"], none, none))
        _merged(
            moves,
            lambda row, who, origin, destination, duration, length: self.place.extend(
                row, who, origin=origin, destination=destination, duration=duration, length=length
            ),
        )
        work = facts.get("WorkStarted")
        if work is not None:
            _merged(
                [(work["row"], self._index(work["worker"], self.worker_of), work["action"])],
                lambda row, who, action: self.task.extend(row, who, action=action),
            )
        aisles = self.ground.aisle_of
        changes: list[tuple[Array, ...]] = []
        for kind, by in (("WorkerBlocked", 1), ("WorkerUnblocked", -1)):
            some = facts.get(kind)
            if some is not None:
                where = self._index(some["location"], aisles)
                changes.append((some["row"], where, np.full(len(where), by, dtype=np.int32)))
        _merged(changes, self.waiting.extend)
        freed = facts.get("WorkerUnblocked")
        if freed is not None:
            _merged([(freed["row"], self._index(freed["location"], aisles), freed["duration_ms"])], self.waits.extend)

    def _add_units(self, facts: Mapping[str, Mapping[str, Array]]) -> None:
        cells = self.ground.cell_of
        for which, sums in ((_FLOOR_UNITS, self.floor_units), (_BOOK_UNITS, self.book_units)):
            changes: list[tuple[Array, ...]] = []
            for kind, parts in which.items():
                some = facts.get(kind)
                if some is None:
                    continue
                units = some["units"]
                if kind == "LinePicked":
                    units = np.where(some["value"] >= 0, some["value"], units)
                if kind == "UnitsLost":
                    units = np.where(some["handling_unit"] == MISSING, units, 0)
                for column, sign in parts:
                    changes.append((some["row"], self._index(some[column], cells), sign * units))
            _merged(changes, sums.extend)
        picked = facts.get("LinePicked")
        if picked is not None:
            where = self._index(picked["location"], cells)
            _merged([(picked["row"], where, np.ones(len(where), dtype=np.int32))], self.picks.extend)

    def _add_queues(self, facts: Mapping[str, Mapping[str, Array]]) -> None:
        ground = self.ground
        for kind, column, of, occurrences in (
            ("StationArrived", "station", ground.station_of, self.arrived),
            ("ServiceStarted", "station", ground.station_of, self.begun),
            ("ServiceEnded", "station", ground.station_of, self.served),
            ("BeltEntered", "equipment", ground.belt_of, self.entered),
            ("BeltLeft", "equipment", ground.belt_of, self.left),
            ("BeltBlocked", "equipment", ground.belt_of, self.jams),
        ):
            some = facts.get(kind)
            if some is not None:
                row = some["row"]
                duration = some.get("duration_ms", np.zeros(len(row), dtype=np.int64))
                occurrences.extend(row, self._index(some[column], of), self.at_ms[row], duration)

    def _add_doors(self, facts: Mapping[str, Mapping[str, Array]]) -> None:
        ground = self.ground
        changes: list[tuple[Array, ...]] = []
        for kind, there in (("TrailerDocked", True), ("TrailerDeparted", False)):
            some = facts.get(kind)
            if some is not None:
                trailer = some["trailer"] if there else np.full(len(some["row"]), -1)
                changes.append((some["row"], self._index(some["door"], ground.door_of), trailer, some["action"]))
        _merged(changes, lambda row, door, trailer, action: self.door.extend(row, door, trailer=trailer, action=action))
        for kind, column, of, sums in (
            ("HandlingUnitStaged", "location", ground.lane_of, self.staged),
            ("HandlingUnitLoaded", "door", ground.door_of, self.loaded),
        ):
            some = facts.get(kind)
            if some is not None:
                where = self._index(some[column], of)
                _merged([(some["row"], where, np.ones(len(where), dtype=np.int32))], sums.extend)

    def _add_failures(self, facts: Mapping[str, Mapping[str, Array]]) -> None:
        table = self.names.table
        changes: list[tuple[Array, ...]] = []
        for kind, up in (("EquipmentFailed", 0), ("EquipmentRepaired", 1)):
            some = facts.get(kind)
            if some is None:
                continue
            for code in np.unique(some["equipment"]).tolist():
                if table[code] not in self._equipment_of:
                    self._equipment_of[table[code]] = len(self.equipment)
                    self.equipment.append(table[code])
            who = self._index(some["equipment"], self._equipment_of)
            reason = some.get("reason", np.full(len(who), -1))
            whose = self._index(some["worker"], self.worker_of)
            changes.append((some["row"], who, np.full(len(who), up, dtype=np.int8), reason, whose))
        _merged(
            changes,
            lambda row, who, up, reason, worker: self.failures.extend(row, who, up=up, reason=reason, worker=worker),
        )

    # --- what was ---------------------------------------------------------------------------------------------

    def at(self, at_ms: int) -> Moment:
        """How things stand at a time: after all events up to it."""
        row = self.row_at(at_ms)
        ground = self.ground
        return Moment(
            at_ms=at_ms, row=row, workers=self._workers_at(at_ms, row),
            floor_units=self.floor_units.at(row), book_units=self.book_units.at(row),
            waiting=self.waiting.at(row),
            queues=[self._queue_at(i, row) for i in range(len(ground.stations))],
            belts=[self._belt_at(i, at_ms, row) for i in range(len(ground.belts))],
            trailers=self._trailers_at(row),
            staged=self._staged_at(row),
            down=self._down_at(row), incidents=self._incidents_at(at_ms, row),
            saturated=self._saturation.at(self.at_ms, at_ms),
        )  # fmt: skip

    @property
    def saturations_version(self) -> int:
        """Changes when `saturations` does."""
        return self._saturation.version(self.at_ms)

    def saturations(self) -> list[Saturated]:
        """Where it was saturated for more than five minutes, and where it is now."""
        return self._saturation.spells(self.at_ms)

    def _workers_at(self, at_ms: int, row: int) -> Workers:
        n = len(self.workers)
        states, places = self.state.at(row), self.place.at(row)
        known = min(len(states), len(places), n)
        state = np.full(n, OFF, dtype=np.int8)
        state[:known] = np.where(states[:known] >= 0, self.state.field("state", states[:known]), OFF) if known else OFF
        x, y, share, way = np.zeros(n), np.zeros(n), np.ones(n), np.full(n, -1, dtype=np.int64)
        here = np.flatnonzero(places[:known] >= 0)
        if len(here):
            at = places[here]
            since = self.at_ms[self.place.row.values[at]]
            duration = self.place.field("duration", at)
            done = np.where(duration > 0, (at_ms - since) / np.maximum(duration, 1), 1.0).clip(0.0, 1.0)
            kept = self._ways_by_code
            way[here] = [
                kept[key] if key in kept else self._way(key)
                for key in zip(
                    self.place.field("origin", at).tolist(), self.place.field("destination", at).tolist(),
                    self.place.field("length", at).tolist(), strict=True,
                )
            ]  # fmt: skip
            x[here], y[here] = self.ways.positions(way[here], done)
            share[here] = done
        arrived = (state == MOVING) & (share >= 1.0)
        state[arrived] = WORKING
        return Workers(x, y, state, share, way)

    def _way(self, key: tuple[int, int, int]) -> int:
        """The number of the way between two names by their codes; kept, as looking up names takes longer."""
        origin, destination, length_mm = key
        table = self.names.table
        if len(self._ways_by_code) >= WAYS_KEPT:
            self._ways_by_code.clear()
        number = self._ways_by_code[key] = self.ways.number(table[origin], table[destination], length_mm)
        return number

    def _queue_at(self, station: int, row: int) -> Queue:
        arrived, begun, served = (o.so_far(station, row) for o in (self.arrived, self.begun, self.served))
        since = self.arrived.at_ms(station, begun, arrived)
        return Queue(arrived - begun, begun - served, int(since[0]) if len(since) else None)

    def _belt_at(self, belt: int, at_ms: int, row: int) -> Belt:
        entered, left = self.entered.so_far(belt, row), self.left.so_far(belt, row)
        since = self.entered.at_ms(belt, left, entered)
        rides = np.maximum(self.entered.durations_ms(belt, left, entered), 1)
        return Belt(np.clip((at_ms - since) / rides, 0.0, 1.0), self.jams.so_far(belt, row))

    def _trailers_at(self, row: int) -> list[str | None]:
        docked: list[str | None] = [None] * len(self.ground.doors)
        for door, place in enumerate(self.door.at(row).tolist()):
            trailer = -1 if place < 0 else int(self.door.fields["trailer"].values[place])
            docked[door] = None if trailer < 0 else self.names.name(trailer)
        return docked

    def _staged_at(self, row: int) -> Array:
        staged = self.staged.at(row).copy()
        for door, loaded in enumerate(self.loaded.at(row).tolist()):
            lane = self.ground.lane_of.get(self.ground.doors[door].lane or "", -1)
            if lane >= 0:
                staged[lane] -= loaded
        return np.maximum(staged, 0)

    def _down_at(self, row: int) -> list[str]:
        last = self.failures.at(row)
        there = np.flatnonzero(last >= 0)
        down = there[self.failures.field("up", last[there]) == 0] if len(there) else there
        return [self.equipment[i] for i in down.tolist()]

    def _incidents_at(self, at_ms: int, row: int) -> tuple[Incident, ...]:
        last = self.failures.at(row)
        found: list[Incident] = []
        for who in np.flatnonzero(last >= 0).tolist():
            place = int(last[who])
            up, reason, worker = (int(self.failures.fields[f].values[place]) for f in ("up", "reason", "worker"))
            if not up:
                since = int(self.at_ms[self.failures.row.values[place]])
                why = self.names.name(reason) if reason >= 0 else ""
                found.append(Incident("down", self.equipment[who], since, why or "", worker))
        for aisle, at in self.commanded.closed_at(at_ms, row):
            found.append(Incident("closed", self.ground.aisles[aisle].name, int(self.at_ms[at]), "aisle_blocked"))
        return tuple(found)


def _merged(parts: list[tuple[Array, ...]], extend: Callable[..., None]) -> None:
    """Parts of several kinds in order of row, those of entities that are not drawn (-1) left out."""
    if not parts:
        return
    columns = [np.concatenate(some) for some in zip(*parts, strict=True)] if len(parts) > 1 else list(parts[0])
    keep = columns[1] >= 0
    if not keep.all():
        columns = [column[keep] for column in columns]
    if len(parts) > 1:
        order = np.argsort(columns[0], kind="stable")
        columns = [column[order] for column in columns]
    extend(*columns)


def _opening(ground: Ground, table: Mapping[str, Array]) -> tuple[Array, Array]:
    """Units in each location at the start, on the book and on the floor."""
    book, floor = (np.zeros(len(ground.cells), dtype=np.int64) for _ in range(2))
    for location, on_book, on_floor in zip(table["location"], table["book_units"], table["floor_units"], strict=True):
        cell = ground.cell_of.get(location, -1)
        if cell >= 0:
            book[cell] += on_book
            floor[cell] += on_floor
    return book, floor
