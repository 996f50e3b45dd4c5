"""The scene told fact by fact, as a person would: the oracle that the store's fast answers are held against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from visualizer.feed import Record, Tables
from visualizer.store import STATE_AFTER


@dataclass(frozen=True, slots=True)
class Leg:
    """A way that someone set out on."""

    origin: str
    destination: str
    at_ms: int = 0
    duration_ms: int = 0
    length_mm: int = 0


@dataclass(slots=True)
class Scene:
    """Everything a viewer knows after some events. `after` is its only way to learn."""

    role: dict[str, str] = field(default_factory=dict)
    state: dict[str, int] = field(default_factory=dict)
    leg: dict[str, Leg] = field(default_factory=dict)
    floor_units: Counter[str] = field(default_factory=Counter)
    book_units: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    queue: dict[str, list[int]] = field(default_factory=dict)
    serving: Counter[str] = field(default_factory=Counter)
    belt: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    trailer: dict[str, str] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)

    @classmethod
    def at_start(cls, tables: Tables) -> Scene:
        """Before the first event: the opening stock lies where the tables say."""
        scene, stock = cls(), tables["opening_stock"]
        for location, book, floor in zip(stock["location"], stock["book_units"], stock["floor_units"], strict=True):
            scene.book_units[location] += int(book)
            scene.floor_units[location] += int(floor)
        return scene

    def after(self, record: Record) -> Scene:
        """The scene once `record` is known."""
        at_ms, kind, worker = record["at_ms"], record["kind"], str(record.get("worker", ""))
        if worker and kind in STATE_AFTER and (kind == "WorkerCheckedIn" or worker in self.role):
            self.state[worker] = STATE_AFTER[kind]
        match kind:
            case "WorkerCheckedIn":
                self.role.setdefault(worker, record["action"])
                self.leg[worker] = Leg(record["location"], record["location"])
            case "WorkerDeparted":
                self.leg[worker] = Leg(
                    record["origin"], record["destination"], at_ms, record["duration_ms"], record["value"]
                )
            case "WorkerBlocked":
                self.waiting[record["location"]] += 1
            case "WorkerUnblocked":
                self.waiting[record["location"]] -= 1
            case "UnitsTaken":
                self.floor_units[record["location"]] -= record["units"]
            case "UnitsPlaced":
                self.floor_units[record["location"]] += record["units"]
            case "UnitsLost" if "handling_unit" not in record:
                self.floor_units[record["location"]] -= record["units"]
            case "LinePicked":
                self.book_units[record["location"]] -= _keyed(record)
            case "StockPutAway" | "StockReplenished":
                self.book_units[record["location"]] += record["units"]
                self.book_units[record.get("origin", "")] -= record["units"]
            case "StockAdjusted":
                self.book_units[record["location"]] += record["units"]
            case "StationArrived":
                self.queue.setdefault(record["station"], []).append(at_ms)
            case "ServiceStarted":
                self.queue[record["station"]].pop(0)
                self.serving[record["station"]] += 1
            case "ServiceEnded":
                self.serving[record["station"]] -= 1
            case "BeltEntered":
                self.belt.setdefault(record["equipment"], []).append((at_ms, record["duration_ms"]))
            case "BeltLeft":
                self.belt[record["equipment"]].pop(0)
            case "TrailerDocked":
                self.trailer[record["door"]] = record["trailer"]
            case "TrailerDeparted":
                self.trailer.pop(record.get("door", ""), None)
            case "EquipmentFailed":
                self.down.add(record["equipment"])
            case "EquipmentRepaired":
                self.down.discard(record["equipment"])
        return self


def _keyed(record: Record) -> int:
    """Units by which the book fell: those keyed where they differ from those picked."""
    value: Any = record.get("value", -1)
    return int(value if value >= 0 else record["units"])
