"""A run that nobody simulated, for measuring viewers: as many events, locations and workers as asked, lawful in order.

Pickers walk tours of five picks in one aisle each and put a tote on the belt; packers serve the totes as they come;
totes are staged and loaded. Every way is as long as its duration says, every queue first come, first served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.events.catalogue import KINDS
from twin.events.chunk import Chunk, blank
from twin.events.columns import NAMES
from twin.events.names import Names
from twin.events.run_folder import RunFolder

Numbers = NDArray[np.int64]
Values = Numbers | str | int
"""A column of some facts: a value each (names as codes), or one word or number for all."""

BAYS = 100
AISLE_PITCH_MM, BAY_MM, ENTRY_MM = 4000, 1000, 2000
MM_PER_S = 1500
PICKS, PICK_MS, SERVICE_MS, RIDE_MS = 5, 8000, 20_000, 27_000
BELT_GAP_MS = 800
EVENTS_PER_ORDER = 50
BLOCKED_EVERY, FAULT_EVERY = 10, 2000
DECISIONS = ("promising", "allocation", "release", "batching", "routing", "dispatch", "cartonization")
CHUNK_EVENTS = 200_000


class MadeUpRun:
    """Facts of each kind as columns, and the order in which they happened."""

    def __init__(self, events: int, locations: int, workers: int, seed: int = 1) -> None:
        self.names = Names()
        self._draw = np.random.default_rng(seed)
        self.aisles = max(round(locations / (2 * BAYS)), 1)
        self.packers = max(workers // 5, 1)
        self.pickers = max(workers - self.packers, 1)
        self.orders = max(events // EVENTS_PER_ORDER, 1)
        self._facts: list[tuple[str, Numbers, dict[str, Values]]] = []
        self._depot_x = self.aisles // 2 * AISLE_PITCH_MM
        self._aisle = self._codes(f"m/A{a:03d}" for a in range(self.aisles))
        self._location = self._codes(
            f"m/A{a:03d}-{b:03d}{side}" for a in range(self.aisles) for b in range(BAYS) for side in "LR"
        )
        self._worker = self._codes(f"m/picker-{i:03d}" for i in range(self.pickers))
        self._packer = self._codes(f"m/packer-{i:03d}" for i in range(self.packers))
        self._come()
        self._tell_orders()

    # --- what happened ----------------------------------------------------------------------------------------

    def _codes(self, names: Iterator[str] | Any) -> Numbers:
        return np.array([self.names.codes[name] for name in names], dtype=np.int64)

    def _tell(self, kind: str, at_ms: Numbers, **columns: Values) -> None:
        """Facts of a kind; what its catalogue requires and nobody gave is a dash or a nought."""
        for name in KINDS[kind].required:
            if name not in ("at_ms", *columns):
                columns[name] = "-" if name in NAMES else 0
        self._facts.append((kind, at_ms, columns))

    def _come(self) -> None:
        for who, role, place in ((self._worker, "picker", "m/depot"), (self._packer, "packer", "m/pack")):
            self._tell("WorkerCheckedIn", np.zeros(len(who), dtype=np.int64), worker=who, action=role, location=place)

    def _tell_orders(self) -> None:
        n, draw = self.orders, self._draw
        turn, picker = np.divmod(np.arange(n), self.pickers)
        aisle = np.minimum((draw.random(n) ** 1.6 * self.aisles).astype(np.int64), self.aisles - 1)
        bay = np.sort(draw.integers(0, BAYS, (n, PICKS)), axis=1)
        place = self._location[(aisle[:, None] * BAYS + bay) * 2 + draw.integers(0, 2, (n, PICKS))]
        across = np.abs(aisle * AISLE_PITCH_MM - self._depot_x)
        along = ENTRY_MM + bay * BAY_MM
        steps = np.diff(along, axis=1, prepend=0)
        home = along[:, -1] + across
        blocked = np.where(np.arange(n) % BLOCKED_EVERY == 3, 5000 + 1000 * (np.arange(n) % 37), 0)
        fault = np.where(np.arange(n) % FAULT_EVERY == 7, 60_000, 0)
        lasts = _ms(across) + blocked + _ms(steps).sum(axis=1) + PICKS * PICK_MS + fault + _ms(home)
        begin = self._begin(turn, picker, lasts)
        who, aisle_code, depot = self._worker[picker], self._aisle[aisle], self.names.codes["m/depot"]
        order, tote, task = (self._codes(f"{letter}{i:07d}" for i in range(n)) for letter in "OTK")
        self._desk(begin, order, tote, task, who)
        self._tell("WorkStarted", begin, worker=who, action="pick", task=task)
        self._depart(begin, who, np.full(n, depot), aisle_code, across)
        now = begin + _ms(across)
        jam = np.flatnonzero(blocked)
        self._tell("WorkerBlocked", now[jam], worker=who[jam], location=aisle_code[jam])
        now = now + blocked
        self._tell("WorkerUnblocked", now[jam], worker=who[jam], location=aisle_code[jam], duration_ms=blocked[jam])
        before = aisle_code
        for k in range(PICKS):
            self._depart(now, who, before, place[:, k], steps[:, k])
            now = now + _ms(steps[:, k])
            if k == 2:
                now = self._break_down(now, who, fault)
            now = now + PICK_MS
            line = self._codes(f"O{i:07d}/{k}" for i in range(n))
            units = draw.integers(1, 4, n)
            some: dict[str, Values] = {
                "worker": who,
                "location": place[:, k],
                "units": units,
                "order": order,
                "line": line,
            }
            self._tell("UnitsTaken", now, **some, handling_unit=tote, sku="X", owner="m")
            self._tell("LinePicked", now, **some, handling_unit=tote, sku="X", owner="m", expected_units=units)
            before = place[:, k]
        self._depart(now, who, before, np.full(n, depot), home)
        now = now + _ms(home)
        self._tell("WorkEnded", now, worker=who, action="pick", duration_ms=now - begin)
        self._tell("TaskEnded", now, task=task, worker=who, action="pick")
        self._pack(now, order, tote)

    def _begin(self, turn: Numbers, picker: Numbers, lasts: Numbers) -> Numbers:
        """Each picker's tours one after the other, 10 s apart; the pickers begin one after the other."""
        rows = int(turn.max()) + 1
        table = np.zeros((rows, self.pickers), dtype=np.int64)
        table[turn, picker] = lasts + 10_000
        start = np.cumsum(table, axis=0) - table + 1500 * np.arange(self.pickers)
        found: Numbers = start[turn, picker] + 60_000
        return found

    def _desk(self, at: Numbers, order: Numbers, tote: Numbers, task: Numbers, who: Numbers) -> None:
        """What the system of record says of an order before anybody walks."""
        early = np.maximum(at - 45_000, 0)
        self._tell("OrderReceived", early, order=order, units=PICKS)
        for family in DECISIONS:
            self._tell("PolicyDecided", early, family=family, policy="made_up", candidates=3, choice="-", order=order)
        for k in range(PICKS):
            self._tell(
                "LinePromised",
                early,
                order=order,
                line=self._codes(f"O{i:07d}/{k}" for i in range(len(order))),
                units=2,
            )
        for kind in ("OrderPromised", "OrderAllocated", "OrderReleased"):
            self._tell(kind, early, order=order)
        self._tell("OrderBatched", at, order=order, handling_unit=tote)
        self._tell("TaskCreated", at, task=task, action="pick", location="m/depot")
        self._tell("TaskAssigned", at, task=task, worker=who, action="pick")
        self._tell("TourStarted", at, worker=who, units=PICKS)

    def _depart(self, at: Numbers, who: Numbers, origin: Numbers, to: Numbers, way_mm: Numbers) -> None:
        self._tell("WorkerDeparted", at, worker=who, origin=origin, destination=to, duration_ms=_ms(way_mm),
                   value=way_mm, value_unit="mm")  # fmt: skip

    def _break_down(self, now: Numbers, who: Numbers, fault: Numbers) -> Numbers:
        some = np.flatnonzero(fault)
        device = self._codes(f"{self.names.table[code]}/device" for code in who[some].tolist())
        self._tell(
            "EquipmentFailed", now[some], equipment=device, reason="device", worker=who[some], duration_ms=fault[some]
        )
        now = now + fault
        self._tell("EquipmentRepaired", now[some], equipment=device, worker=who[some], duration_ms=fault[some])
        return now

    def _pack(self, arrive: Numbers, order: Numbers, tote: Numbers) -> None:
        """On the belt as it has room, at a bench as it is free, then to the door."""
        line = np.argsort(arrive, kind="stable")
        order, tote, arrive = order[line], tote[line], arrive[line]
        on = _in_turn(arrive, BELT_GAP_MS)
        self._tell("BeltEntered", on, equipment="m/belt", handling_unit=tote, duration_ms=RIDE_MS)
        off = on + RIDE_MS
        self._tell("BeltLeft", off, equipment="m/belt", handling_unit=tote, duration_ms=RIDE_MS)
        self._tell("StationArrived", off, station="m/pack", handling_unit=tote, order=order)
        start = np.empty_like(off)
        for p in range(self.packers):
            mine = slice(p, None, self.packers)
            start[mine] = _in_turn(off[mine], SERVICE_MS)
        start = np.maximum.accumulate(start)
        who = self._packer[np.arange(len(start)) % self.packers]
        same: dict[str, Values] = {"station": "m/pack", "worker": who, "handling_unit": tote, "order": order}
        end = start + SERVICE_MS
        self._tell("ServiceEnded", end, **same, duration_ms=SERVICE_MS)  # told first: one ends before the next begins
        self._tell("ServiceStarted", start, **same, duration_ms=SERVICE_MS)
        self._tell("CartonClosed", end, **same)
        self._tell("GoodsPacked", end, **same)
        door = self._codes(f"m/door-{i}" for i in range(1, 5))[np.arange(len(end)) % 4]
        lane = self._codes(f"m/lane-{i}" for i in range(1, 5))[np.arange(len(end)) % 4]
        self._tell("HandlingUnitStaged", end + 5000, handling_unit=tote, order=order, location=lane)
        self._tell("HandlingUnitLoaded", end + 900_000, handling_unit=tote, order=order, door=door)
        self._tell("GoodsLeft", end + 900_000, handling_unit=tote, order=order)

    # --- written ----------------------------------------------------------------------------------------------

    def write(self, folder: Path) -> int:
        """The run as a folder; how many events it has."""
        run = RunFolder.create(folder)
        run.write_tables(self.tables())
        journal = run.journal()
        count = 0
        for chunk in self._chunks():
            journal.fold(chunk)
            count += chunk.size
        journal.finish()
        run.write_scenario("name: made up\nstart: 2026-03-02 06:00\n")
        run.write_result({"scenario": "made up", "seed": 1, "start": "2026-03-02T06:00", "policies": {}})
        return count

    def _chunks(self) -> Iterator[Chunk]:
        """All facts in the order of their times, those of an instant in the order they were told."""
        at_ms = np.concatenate([at for _, at, _ in self._facts])
        which = np.repeat(np.arange(len(self._facts)), [len(at) for _, at, _ in self._facts])
        row = np.concatenate([np.arange(len(at)) for _, at, _ in self._facts])
        line = np.argsort(at_ms, kind="stable")
        at_ms, which, row = at_ms[line], which[line].astype(np.int16), row[line].astype(np.int32)
        for start in range(0, len(at_ms), CHUNK_EVENTS):
            end = min(start + CHUNK_EVENTS, len(at_ms))
            yield self._chunk(start, at_ms[start:end], which[start:end], row[start:end])

    def _chunk(self, first_seq: int, at_ms: Numbers, which: Numbers, row: Numbers) -> Chunk:
        codes, size = self.names.codes, len(at_ms)
        columns: dict[str, Any] = {"at_ms": at_ms, "kind": blank("kind", size), "side": blank("side", size)}
        for i in np.unique(which).tolist():
            kind, _, some = self._facts[i]
            here = np.flatnonzero(which == i)
            told: dict[str, Values] = {**some, "kind": kind, "side": KINDS[kind].side, "site": "m"}
            for name, values in told.items():
                if name not in columns:
                    columns[name] = blank(name, size)
                if isinstance(values, np.ndarray):
                    columns[name][here] = values[row[here]]
                else:
                    columns[name][here] = codes[values] if isinstance(values, str) else values
        return Chunk(first_seq, size, columns, self.names)

    # --- the floor --------------------------------------------------------------------------------------------

    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """The tables that make it self-contained."""
        aisle = np.repeat(np.arange(self.aisles), 2 * BAYS)
        bay = np.tile(np.repeat(np.arange(BAYS), 2), self.aisles)
        names = [self.names.table[code] for code in self._location.tolist()]
        n, high = len(names), 2 * ENTRY_MM + BAYS * BAY_MM
        x = self._depot_x
        places = [("m/depot", "depot", x, 0), ("m/pack", "pack_station", x, -20_000)]
        places += [(f"m/lane-{i}", "lane", x + 20_000 * (i - 2), -32_000) for i in range(1, 5)]
        places += [(f"m/door-{i}", "door", x + 20_000 * (i - 2), -38_000) for i in range(1, 5)]
        xs = np.arange(self.aisles) * AISLE_PITCH_MM
        return {
            "nodes": {
                "site": ["m"] * len(places), "node": [p[0] for p in places], "kind": [p[1] for p in places],
                "x_mm": [p[2] for p in places], "y_mm": [p[3] for p in places],
            },
            "edges": {
                "site": ["m"] * self.aisles, "edge": [f"m/A{a:03d}" for a in range(self.aisles)], "x_mm": xs,
                "y_mm": np.zeros(self.aisles, dtype=np.int64), "to_x_mm": xs, "to_y_mm": np.full(self.aisles, high),
                "capacity": np.full(self.aisles, 3), "one_way": ["both"] * self.aisles,
            },
            "locations": {
                "site": ["m"] * n, "location": names, "zone": ["pick"] * n,
                "aisle": [f"m/A{a:03d}" for a in aisle.tolist()], "x_mm": aisle * AISLE_PITCH_MM,
                "y_mm": ENTRY_MM + bay * BAY_MM, "level": np.zeros(n, dtype=np.int64),
                "side": ["left", "right"] * (n // 2), "kind": ["shelf"] * n, "use": ["pick"] * n,
                "storage": ["ambient"] * n, "secure": np.zeros(n, dtype=bool), "volume_l": np.full(n, 300.0),
            },
            "stations": {"site": ["m"], "station": ["m/pack"], "benches": [self.packers]},
            "doors": {"site": ["m"] * 4, "door": [f"m/door-{i}" for i in range(1, 5)],
                      "lane": [f"m/lane-{i}" for i in range(1, 5)]},
            "skus": {"owner": ["m"], "sku": ["X"], "volume_l": [0.5], "lines_per_day": [1.0]},
            "equipment": {"site": ["m"], "equipment": ["m/belt"], "kind": ["conveyor"], "origin": ["m/depot"],
                          "destination": ["m/pack"], "length_mm": [20_000]},
            "opening_stock": {
                "site": ["m"] * n, "location": names, "owner": ["m"] * n, "sku": ["X"] * n,
                "book_units": np.full(n, 400), "floor_units": np.full(n, 400), "face": np.ones(n, dtype=bool),
            },
        }  # fmt: skip


def _ms(way_mm: Numbers) -> Numbers:
    """How long a way takes."""
    return way_mm * 1000 // MM_PER_S


def _in_turn(come: Numbers, each_ms: int) -> Numbers:
    """When each begins whom a single server takes `each_ms`, first come, first served."""
    step = np.arange(len(come)) * each_ms
    return np.maximum.accumulate(come - step) + step
