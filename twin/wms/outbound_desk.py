"""From a packed tote to a departed trailer: cartons, lanes, doors, loading."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import NamedTuple

from twin.domain.ids import CarrierId, DoorId, LocationId, Lpn, OrderId, TaskId, TrailerId
from twin.domain.records import new_row
from twin.events.catalogue import (
    CartonClosed,
    HandlingUnitLoaded,
    HandlingUnitStaged,
    TrailerArrived,
    TrailerDeparted,
    TrailerDocked,
)
from twin.policies.dock_assignment import DockSnapshot, Door, DoorAssignment, Visit
from twin.wms.messages import CartonLoaded, CartonPacked, CartonStaged, LoadTask, TrailerAtGate, TrailerLeft
from twin.wms.orders import OrderInHand, PackedOrder, Status
from twin.wms.records import FAR_MS, Records


class Caller(NamedTuple):
    """A trailer at the gate or at a door."""

    trailer: TrailerId
    direction: str
    partner: str
    arrived_at_ms: int
    leaves_at_ms: int | None


class OutboundDesk:
    """Cartons, the trailers that carry them, and the doors for both directions.

    A carton is in one place at a time: `closed`, then `staged`, `taken` by a loader, `loaded`; each tells its order.
    `again`: of cartons that are not of their order's first shipment, which it is.
    """

    def __init__(self, records: Records) -> None:
        self.r = records
        self.closed: dict[Lpn, OrderId] = {}
        self.staged: dict[CarrierId, dict[Lpn, OrderId]] = {}
        self.again: dict[Lpn, int] = {}
        self._alike: dict[PackedOrder, PackedOrder] = {}
        self.at_gate: dict[TrailerId, Caller] = {}
        self.at_door: dict[LocationId, Caller] = {}
        self.moved: dict[TrailerId, int] = {}
        self.outbound_door: dict[CarrierId, LocationId] = {}
        self._lanes: dict[CarrierId, LocationId] = {}
        self.loaded: dict[TrailerId, list[OrderId]] = {}
        self.load_tasks: dict[TrailerId, TaskId] = {}
        self.taken: dict[TaskId, dict[Lpn, OrderId]] = {}
        self.full: set[TrailerId] = set()
        self.door_rows: dict[LocationId, Door] = {}
        self.docked_in: list[tuple[Caller, LocationId, LocationId]] = []

    # --- cartons ---------------------------------------------------------------------------------------------

    def packed(self, m: CartonPacked) -> LocationId:
        """A tote became a carton; returns its lane."""
        r = self.r
        now, _, worker, station, named, tote, carton = m
        hand = r.orders[named]
        order = self.closed[carton] = hand.order.order
        if hand.departures:
            self.again[carton] = hand.departures + 1
        units, asked = hand.totes.pop(tote, (0, 0))
        hand.to_stage += 1
        r.record(
            CartonClosed, now, r.site, worker, station, order, self._shipment(order, carton), carton, units, asked,
            "staging", tote,
        )  # fmt: skip
        if not hand.totes and not hand.open_units:
            del r.orders[order]
            self._put(order, hand.packed())
        return self.lane_of(hand.order.carrier)

    def _shipment(self, order: OrderId, carton: Lpn) -> str:
        """The name of the shipment of a carton."""
        return f"{order}#{self.again.get(carton, 1)}"

    def _put(self, order: OrderId, packed: PackedOrder) -> None:
        self.r.packed[order] = self._alike.setdefault(packed, packed)

    def _advance(self, hand: OrderInHand | PackedOrder, status: Status) -> None:
        """An order whose last pick was keyed when its cartons were closed long before."""
        if isinstance(hand, OrderInHand) and not hand.totes and not hand.open_units:
            hand.advance(status)

    def _step(self, order: OrderId, to_stage: int, to_load: int, to_leave: int) -> OrderInHand | PackedOrder:
        """Cartons of an order went a step further."""
        packed = self.r.packed.get(order)
        if packed is not None:
            carrier, ships, departures, stage, load, leave = packed
            row = (carrier, ships, departures, stage + to_stage, load + to_load, leave + to_leave)
            packed = new_row(PackedOrder, row)
            self._put(order, packed)
            return packed
        hand = self.r.orders[order]
        hand.to_stage += to_stage
        hand.to_load += to_load
        hand.to_leave += to_leave
        return hand

    def lane_of(self, carrier: CarrierId) -> LocationId:
        """Where cartons of a carrier stand: the lane of its door, else the first lane, else the depot."""
        r = self.r
        lane = self._lanes.get(carrier)
        if lane is None:
            door = self.outbound_door.get(carrier) or r.carrier_doors.get(carrier)
            lane = r.plan.lane_of_door(door) if door is not None else None
            lane = lane or (r.plan.lanes[0] if r.plan.lanes else r.depot)
            self._lanes[carrier] = lane
        return lane

    def stand(self, m: CartonStaged) -> None:
        """A carton stands in its lane."""
        r = self.r
        now, _, carton = m
        order = self.closed.pop(carton)
        hand = self._step(order, -1, 1, 0)
        carrier = hand.carrier
        self.staged.setdefault(carrier, {})[carton] = order
        r.record(
            HandlingUnitStaged, now, r.site, order, self._shipment(order, carton), carton, self.lane_of(carrier),
            carrier, "truck", None, None,
        )  # fmt: skip
        if not hand.to_stage:
            self._advance(hand, "staged")
        door = self.outbound_door.get(carrier)
        if door is not None:
            self._offer_loading(self.at_door[door], door, now)

    def _offer_loading(self, caller: Caller, door: LocationId, now: int) -> None:
        if caller.trailer in self.load_tasks:
            return
        r = self.r
        carrier = CarrierId(caller.partner)
        if not self.staged.get(carrier):
            return
        task = r.work.new_task_id("load")
        self.load_tasks[caller.trailer] = task
        leaves = caller.leaves_at_ms if caller.leaves_at_ms is not None else FAR_MS
        r.work.put(
            now, task, "load", (caller, door), starts_at=self.lane_of(carrier), latest_start_ms=leaves - 900_000,
            priority=1, work_ms=60_000,
        )  # fmt: skip
        r.ready.add("load")

    def fill(self, now: int, task: TaskId, caller: Caller, door: LocationId) -> LoadTask:
        """A loader begins: the task takes a load of what stands in the lane; the rest is offered to the next."""
        carrier = CarrierId(caller.partner)
        waiting = self.staged.get(carrier, {})
        cartons = tuple(islice(waiting, self.r.rules.cartons_per_load))
        self.taken[task] = {carton: waiting.pop(carton) for carton in cartons}
        self.load_tasks.pop(caller.trailer, None)
        there = self.at_door.get(door)
        if there is not None and there.trailer == caller.trailer:
            self._offer_loading(there, door, now)
        return LoadTask(task, caller.trailer, cartons, self.lane_of(carrier), door)

    def load(self, m: CartonLoaded) -> None:
        """A carton was scanned into a trailer."""
        r = self.r
        now, _, worker, task, carton, name = m
        trailer = TrailerId(name)
        door = next(d for d, c in self.at_door.items() if c.trailer == trailer)
        order = self.taken[task].pop(carton)
        self.loaded.setdefault(trailer, []).append(order)
        hand = self._step(order, 0, -1, 1)
        r.record(
            HandlingUnitLoaded, now, r.site, worker, order, self._shipment(order, carton), carton, trailer, door,
            hand.carrier, "departure",
        )  # fmt: skip
        self.again.pop(carton, None)
        if not hand.to_stage and not hand.to_load:
            self._advance(hand, "loaded")

    def loading_ended(self, task: TaskId, caller: Caller, now: int) -> None:
        """A load task ended; what it left stands in the lane again, for another trailer: this one is full or gone."""
        left = self.taken.pop(task, {})
        if left:
            name = CarrierId(caller.partner)
            if any(there.trailer == caller.trailer for there in self.at_door.values()):
                self._drop_load_task(caller.trailer)
                self.full.add(caller.trailer)
                self._dock(name)
            self.staged[name] = {**left, **self.staged.get(name, {})}
            door = self.outbound_door.get(name)
            if door is not None:
                self._offer_loading(self.at_door[door], door, now)

    def loader_left(self, task: TaskId, caller: Caller, now: int) -> None:
        """A loader put his task back: what he did not load stands in the lane again, for whoever takes the task up."""
        name = CarrierId(caller.partner)
        self.staged[name] = {**self.taken.pop(task, {}), **self.staged.get(name, {})}
        stands = any(there.trailer == caller.trailer for there in self.at_door.values())
        if not stands or caller.trailer in self.full or self.load_tasks.setdefault(caller.trailer, task) != task:
            self.r.work.withdraw(task, "load")
        door = self.outbound_door.get(name)
        if door is not None:
            self._offer_loading(self.at_door[door], door, now)

    # --- trailers and doors ----------------------------------------------------------------------------------

    def arrive(self, m: TrailerAtGate, asn_units: int | None) -> None:
        """A trailer reported at the gate."""
        r = self.r
        out = m.direction == "out"
        trailer = TrailerId(m.trailer)
        leaves = self.moved.pop(trailer, m.leaves_at_ms)  # a call of the carrier may be quicker than the gate's
        r.record(
            TrailerArrived, m.at_ms, r.site, m.trailer, m.direction, m.partner if out else None,
            None if out else m.partner, leaves, asn_units,
        )  # fmt: skip
        self.at_gate[trailer] = Caller(trailer, m.direction, m.partner, m.at_ms, leaves)
        self.assign_doors(m.at_ms)

    def assign_doors(self, now: int) -> None:
        """Ask which waiting trailer goes to which free door."""
        r = self.r
        if not self.at_gate or not r.plan.doors:
            return
        visits = tuple(
            Visit(
                trailer=c.trailer, direction=c.direction,  # type: ignore[arg-type]
                arrived_at_ms=c.arrived_at_ms, earliest_ms=c.arrived_at_ms,
                latest_ms=c.leaves_at_ms if c.leaves_at_ms is not None else FAR_MS, work_ms=3_600_000,
                storage="ambient", carrier=c.partner, loads=(), drop=False,
            )
            for c in self.at_gate.values()
        )  # fmt: skip
        doors = tuple(
            Door(
                door=DoorId(d.name), directions=frozenset(d.directions), storage=frozenset(d.storage),
                busy=((now, FAR_MS),) if d.name in self.at_door else (), lane_places_free=1, walk_mm=(),
            )
            for d in r.plan.doors.values()
        )  # fmt: skip
        snapshot = DockSnapshot(now_ms=now, book_version=r.book.version, visits=visits, doors=doors)
        decision: DoorAssignment = r.decisions.ask("dock_assignment", snapshot)
        for trailer, door_id, start_ms in decision.bookings:
            door = LocationId(door_id)
            if start_ms > now:
                continue
            if door not in r.plan.doors or door in self.at_door or trailer not in self.at_gate:
                raise r.decisions.broken("dock_assignment", "a trailer at the gate goes to a free door", snapshot)
            caller = self.at_gate.pop(trailer)
            cause = r.decisions.record("dock_assignment", now, r.site, len(doors), door_id, trailer=trailer)
            self.at_door[door] = caller
            out = caller.direction == "out"
            r.record(
                TrailerDocked, now, r.site, trailer, door, caller.direction, caller.partner if out else None,
                None if out else caller.partner, cause,
            )  # fmt: skip
            lane = r.plan.lane_of_door(door) or (r.plan.lanes[0] if r.plan.lanes else r.depot)
            r.docked.append((trailer, door, lane))
            if out:
                self._dock(CarrierId(caller.partner))
                self._offer_loading(caller, door, now)
            else:
                self.docked_in.append((caller, door, lane))

    def leaves_later(self, trailer: TrailerId, leaves_at_ms: int) -> None:
        """A trailer at the gate, at a door or still on its way leaves at another time."""
        self.moved[trailer] = leaves_at_ms
        for where in (self.at_gate, self.at_door):
            for place, caller in where.items():
                if caller.trailer == trailer:
                    where[place] = caller._replace(leaves_at_ms=leaves_at_ms)  # type: ignore[index]
                    self.moved.pop(trailer, None)

    def _dock(self, carrier: CarrierId) -> None:
        """A trailer of a carrier came to a door or left it: its cartons go to the first that stands there."""
        doors = [
            d for d, c in self.at_door.items()
            if c.direction == "out" and c.partner == carrier and c.trailer not in self.full
        ]  # fmt: skip
        self._lanes.pop(carrier, None)
        self.outbound_door.pop(carrier, None)
        if doors:
            self.outbound_door[carrier] = doors[0]

    def _drop_load_task(self, trailer: TrailerId) -> None:
        task = self.load_tasks.pop(trailer, None)
        if task is not None:
            self.r.work.withdraw(task, "load")

    def leave(self, m: TrailerLeft) -> None:
        """A trailer left: goods issue of what it carries, and its door is free."""
        r = self.r
        trailer = TrailerId(m.trailer)
        door = next((d for d, c in self.at_door.items() if c.trailer == trailer), None)
        caller = self.at_door.pop(door) if door is not None else self.at_gate.pop(trailer)
        gone = self.loaded.pop(trailer, [])
        out = caller.direction == "out"
        if out:
            self._dock(CarrierId(caller.partner))
        r.record(
            TrailerDeparted, m.at_ms, r.site, trailer, caller.direction, len(gone), door,
            caller.partner if out else None, None if out else caller.partner, caller.leaves_at_ms,
        )  # fmt: skip
        self._drop_load_task(trailer)
        self.full.discard(trailer)
        for order, cartons in Counter(gone).items():
            hand = self._step(order, 0, 0, -cartons)
            if isinstance(hand, OrderInHand):
                hand.departures += 1
                self.close_if_done(hand)
            elif hand.to_stage or hand.to_load or hand.to_leave:
                self._put(order, hand._replace(departures=hand.departures + 1))
            else:
                del r.packed[order]
        self.assign_doors(m.at_ms)

    def close_if_done(self, hand: OrderInHand) -> None:
        """An order whose last handling unit left is history; the book forgets it."""
        if hand.totes or hand.open_units or hand.to_stage or hand.to_load or hand.to_leave:
            return
        hand.advance("shipped")
        self.r.orders.pop(hand.order.order, None)
