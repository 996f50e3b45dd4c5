"""One building: its truth, its people, its machines, and what happens on their borders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.calendar import Calendar, ms
from twin.domain.goods import Sku
from twin.domain.ids import LocationId, Lpn, OwnerId, SkuId
from twin.domain.orders import Order
from twin.domain.variates import Variate
from twin.events.catalogue import EquipmentFailed, EquipmentRepaired, WorkerDeparted
from twin.events.stream import Record
from twin.floor.aisles import Aisle, aisles_of
from twin.floor.belts import Belt
from twin.floor.cartons import carton_name
from twin.floor.clock import Clock
from twin.floor.docks import InboundVisit, OutboundVisit
from twin.floor.handling import LineLuck, Luck, OrderLuck, Times
from twin.floor.lanes import Lane
from twin.floor.link import Link
from twin.floor.sheets import Sheet
from twin.floor.slips import Slip
from twin.floor.stations import Station
from twin.floor.truth import Good, Truth
from twin.floor.workers import FAR_MS, Worker, crew_specs
from twin.space.plan import Location
from twin.spec.people import CrewSpec
from twin.spec.unfold import SitePremises, variate
from twin.spec.work import EquipmentSpec, MethodsSpec
from twin.wms.messages import CartonStaged, Pick, ReceiveTask, TrailerLeft

Activity = Generator[SimEvent, Any, None]
ON_FOOT = ("picker", "packer", "receiver", "loader", "counter", "clerk")


class FloorSite:
    """The floor of one site. Activities are generators over it; whatever they change, they change here."""

    def __init__(
        self, env: Clock, premises: SitePremises, *, seed: int, horizon_ms: int, calendar: Calendar,
        methods: MethodsSpec, equipment: EquipmentSpec, skus: dict[tuple[OwnerId, SkuId], Sku], link: Link,
        record: Record,
    ) -> None:  # fmt: skip
        self.env = env
        self.name = premises.site
        self.premises = premises
        self.plan = premises.plan
        self.graph = premises.graph
        self.distance_mm = premises.graph.distance_mm
        self.seed = seed
        self.horizon_ms = horizon_ms
        self.calendar = calendar
        self.methods = methods
        self.equipment = equipment
        self.skus = skus
        self.link = link
        self.record = record
        self.reply_ms = ms(equipment.wms_reply_s)
        self.truth = Truth()
        self.times = Times(seed, methods.handling, methods.clerk)
        worst = max((spec.slip_factor for _, spec in crew_specs(premises.spec.workforce)), default=1.0)
        self.fate = Luck(seed, methods, self.times, max(1.0, worst))
        self.luck: dict[str, tuple[OrderLuck, dict[str, LineLuck]]] = {}
        self.aisles: dict[str, Aisle] = aisles_of(env, [(x.key, x.capacity) for x in self.plan.subaisles])
        self.aisle_at: dict[LocationId, Aisle] = {x.location: self.aisles[x.subaisle] for x in self.plan.locations}
        self._rows: dict[str, list[Location]] = {}
        self.workers: dict[str, Worker] = {}
        self.work_version = 0
        self._idle: dict[str, dict[Worker, None]] = {}
        self._numbers: dict[str, int] = {}
        self.flaws: dict[Lpn, list[Slip]] = {}
        self.totes_of: dict[str, int] = {}
        self.packed_before: dict[str, int] = {}
        self.picks_once = methods.short_lines != "backorder"
        self.last_label: dict[str, str] = {}
        self.tray: deque[Sheet] = deque()
        self.unloaded: dict[Good, int] = {}
        self.lost: dict[Good, int] = {}
        self.trailer_loads: dict[str, list[Lpn]] = {}
        self.pallets_on: dict[str, int] = {}
        self.outbound: dict[str, OutboundVisit] = {}
        self.inbound: dict[str, InboundVisit] = {}
        self.door_of: dict[str, str] = {}
        self._cartons = 0
        self._swap = variate(equipment.scanner_swap_s, 0.3)
        self.stations = self._build_stations()
        self.lanes = {
            x.name: Lane(env, self.name, x.name, x.places, record, self.staged)
            for x in self.plan.staging_lanes.values()
            if x.places is not None
        }
        """Those with so many places; no other is ever full."""
        self.belts = self._build_belts()
        self.send_for: Callable[[str], None] = lambda queue: None
        """Who sends people whose number has no limit."""

    # --- building up -----------------------------------------------------------------------------------------

    def _build_stations(self) -> dict[LocationId, Station]:
        wake = lambda: self.work_came("pack")  # noqa: E731 - the same two words for every station
        stations = {}
        for s in self.plan.pack_stations.values():
            stations[s.name] = Station(self.env, self.name, s.name, s.benches, s.queue_places, self.record, wake)
        if not stations:
            stations[self.plan.depots[0]] = Station(
                self.env, self.name, self.plan.depots[0], None, None, self.record, wake
            )
        return stations

    def _build_belts(self) -> dict[LocationId, Belt]:
        """Belts by the point they begin at; the last of a chain ends at a station or a lane."""
        belts: dict[LocationId, Belt] = {}
        for c in self.plan.conveyors:
            belts[c.origin] = Belt(
                self.env, self.name, c.name, length_mm=c.length_mm, speed_mm_per_s=c.speed_mm_per_s,
                pitch_mm=c.pitch_mm, record=self.record, deliver=self._deliver_at(c.destination),
                room_ahead=self._room_at(c.destination),
            )  # fmt: skip
        return belts

    def _deliver_at(self, end: LocationId) -> Callable[[Lpn], bool]:
        def deliver(unit: Lpn) -> bool:
            if end in self.stations:
                return self.stations[end].arrive(unit, self.order_on[unit])
            if end in self.belts:
                belt = self.belts[end]
                if not belt.has_room:
                    return False
                belt.accept(unit)
                return True
            if end in self.lanes:
                return self.lanes[end].ridden(unit)
            self.staged(unit)
            return True

        return deliver

    def _room_at(self, end: LocationId) -> Callable[[], SimEvent]:
        def room() -> SimEvent:
            if end in self.stations:
                return self.stations[end].room()
            if end in self.lanes:
                return self.lanes[end].room()
            return self.belts[end].next_taken()

        return room

    def start(self) -> None:
        """Goods lie where they lie, people come, trucks are on their way."""
        for s in self.premises.opening:
            if s.floor_units:
                self.truth.put(s.location, self.truth.kind(s.owner, s.sku, s.lot), s.floor_units)
        self.opening = self.truth.totals()
        self.order_on: dict[Lpn, str] = {}

    # --- people and their work -------------------------------------------------------------------------------

    def walk(self, worker: Worker, destination: LocationId, task: str | None) -> Activity:
        """Go somewhere, by the shortest way, outside the aisles' traffic."""
        if destination == worker.location:
            return
        way_mm = self.distance_mm(worker.location, destination)
        duration = round(way_mm / worker.speed_mm_per_ms) if worker.speed_mm_per_ms else 0
        self.record(
            WorkerDeparted, self.env.now, self.name, worker.name, worker.location, destination, duration, way_mm, "mm",
            task,
        )  # fmt: skip
        worker.location = destination
        if duration:
            yield self.env.timeout(duration)

    def place(self, name: str) -> LocationId:
        """A named point of this site."""
        return LocationId(f"{self.name}/{name}")

    def home_of(self, role: str) -> LocationId:
        """Where people of a role begin their day."""
        plan = self.plan
        if role == "packer" and plan.pack_stations:
            return next(iter(plan.pack_stations))
        if role in ("receiver", "loader") and plan.doors:
            return next(iter(plan.doors))
        return plan.depots[0]

    def speed_of(self, role: str, spec: CrewSpec) -> float:
        """Millimetres per millisecond; 0 means no time passes."""
        own = spec.speed_m_per_s
        if own is None:
            own = self.equipment.walking_speed_m_per_s if role in ON_FOOT else self.equipment.truck_speed_m_per_s
        return 0.0 if own == "unlimited" else float(own)

    def next_number(self, role: str) -> int:
        """Workers of a role are numbered from 1."""
        self._numbers[role] = self._numbers.get(role, 0) + 1
        return self._numbers[role]

    def next_carton(self) -> Lpn:
        """A new licence plate."""
        self._cartons += 1
        return carton_name(self.name, self._cartons)

    def idle(self, worker: Worker, queues: Iterable[str]) -> None:
        """A worker waits for work in those of his queues."""
        for q in queues:
            if q in worker.queues:
                self._idle.setdefault(q, {})[worker] = None

    def rouse(self, worker: Worker) -> None:
        """Something changed for a worker who may be waiting."""
        if worker.wake is not None and not worker.wake.triggered:
            for q in worker.queues:
                self._idle.get(q, {}).pop(worker, None)
            worker.wake.succeed()

    def work_came(self, queue: str) -> None:
        """New work: wake the longest idle worker who has not just been told that there is none for him."""
        self.work_version += 1
        self.wake_one(queue)

    def wake_one(self, queue: str) -> None:
        """Wake one idle worker of a queue; an unlimited crew sends a new one."""
        for worker in self._idle.get(queue, ()):
            if worker.asked_at < self.work_version:
                worker.called = queue
                self.rouse(worker)
                return
        if not self._idle.get(queue):
            self.send_for(queue)

    def pass_on(self, worker: Worker) -> None:
        """A worker who was woken for work does not take it up now: it is the next one's."""
        queue, worker.called = worker.called, None
        if queue is not None:
            self.wake_one(queue)

    def hand_in(self, task: str, worker: str, rows: list[Any], after: list[Any]) -> None:
        """Put a sheet into the tray; without any clerk it is keyed by nobody and stays there."""
        self.tray.append(Sheet(task, worker, rows, after))
        self.work_came("key")

    # --- devices ---------------------------------------------------------------------------------------------

    def set_next_failure(self, worker: Worker, used_ms: int = 0) -> None:
        """When the worker's device, new after `used_ms` of use, fails next."""
        mtbf = self.equipment.scanner_mtbf_h
        if mtbf == "unlimited":
            worker.fails_at_ms = FAR_MS
            return
        u = draws.draw(self.seed, "device_failure", worker.name, worker.failures)
        worker.fails_at_ms = used_ms + round(_exponential(u) * float(mtbf) * 3_600_000)

    def device_fails(self, worker: Worker, began_ms: int) -> Activity:
        """Fetch another device, in the midst of work that began then."""
        u = draws.draw(self.seed, "device_swap", worker.name, worker.failures)
        duration = ms(self._swap.at(u))
        worker.failures += 1
        device = f"{worker.name}/device"
        self.record(EquipmentFailed, self.env.now, self.name, device, "device", worker.name, duration)
        if duration:
            yield self.env.timeout(duration)
        self.record(EquipmentRepaired, self.env.now, self.name, device, duration, worker.name)
        self.set_next_failure(worker, worker.used_ms + self.env.now - began_ms)

    # --- totes and cartons -----------------------------------------------------------------------------------

    def meet_fate(self, orders: Sequence[Order]) -> None:
        """Draw the luck of a block of orders before they come."""
        lines = [x for o in orders for x in o.lines]
        fates = iter(self.fate.of_lines([x.line for x in lines], [x.units for x in lines]))
        for order, luck in zip(orders, self.fate.of_orders([o.order for o in orders]), strict=True):
            self.luck[order.order] = (luck, {x.line: next(fates) for x in order.lines})

    def luck_of(self, order: str) -> tuple[OrderLuck, dict[str, LineLuck]]:
        """The luck of an order; forgotten with its first departure, and the same when it is drawn again."""
        luck = self.luck.get(order)
        if luck is None:
            luck = self.luck[order] = (self.fate.of_orders([order])[0], {})
        return luck

    def line_luck(self, pick: Pick) -> LineLuck:
        """The luck of the line that is picked."""
        drawn = self.luck.get(pick.order) or self.luck_of(pick.order)
        luck = drawn[1].get(pick.line)
        if luck is None:
            luck = drawn[1][pick.line] = self.fate.of_lines([pick.line], [pick.units])[0]
        return luck

    def tote_back(self, order: str) -> None:
        """A tote is empty; with the last one what only an order under way needs is forgotten.

        Where short lines wait for stock a picked line may be picked again, and its luck stays as it was drawn.
        """
        self.totes_of[order] -= 1
        if not self.totes_of[order]:
            del self.totes_of[order]
            luck = self.luck.get(order)
            if self.picks_once and luck is not None and not luck[1]:
                del self.luck[order]
                self.packed_before.pop(order, None)

    def totes_away(self, totes: Sequence[tuple[Lpn, str]], point: LocationId) -> Activity:
        """Totes leave the cart: onto the belt that begins here, or to the station with the shortest queue."""
        belt = self.belts.get(point)
        for tote, order in totes:
            self.order_on[tote] = order
        if belt is not None:
            yield from belt.offer([t for t, _ in totes])
            return
        for tote, order in totes:
            station = self._shortest_queue()
            while not station.arrive(tote, order):
                yield station.room()
                if station.benches == 0:
                    station = self._shortest_queue()

    def _shortest_queue(self) -> Station:
        """Of the stations that are open; of all if none is."""
        at_work = [s for s in self.stations.values() if s.benches != 0] or self.stations.values()
        return min(at_work, key=lambda s: (len(s.queue) + s.busy, s.name))

    def carry_away(
        self, carton: Lpn, station: Station, order: str, number: int, luck: OrderLuck | None, lane: LocationId | None
    ) -> None:
        """A carton goes to its lane: by the belt that begins at the station, or carried.

        `luck`: of the first of it; `lane`: what the WMS said, None in an outage.
        """
        belt = self.belts.get(station.name)
        if belt is not None:
            belt.accept(carton)
            return
        duration = luck.stage_ms if luck is not None else self.times.draw_ms("stage_s", f"{order}/{number}")
        full_at = self.lanes.get(lane) if lane is not None else None
        come = self.staged if full_at is None else full_at.carried
        if not duration:
            come(carton)
            return
        self.env.timeout(duration).callbacks.append(lambda _: come(carton))

    def staged(self, carton: Lpn) -> None:
        """A carton stands in its lane."""
        self.link.tell(CartonStaged(self.env.now, self.name, carton))

    def off_lane(self, carton: Lpn) -> None:
        """A carton is in a trailer: its place in the lane is free."""
        for lane in self.lanes.values():
            lane.left(carton)

    def load_ms(self, carton: Lpn) -> int:
        """How long it takes to carry a carton into a trailer."""
        closed = self.truth.closed(carton)
        if closed.load_ms is None:
            return self.times.draw_ms("load_carton_s", f"{closed.order}/{closed.number}")
        return closed.load_ms

    def has_room(self, trailer: str) -> bool:
        """The trailer takes another carton."""
        room = self.premises.capacity_of(trailer)
        return room is None or len(self.trailer_loads[trailer]) < room

    def pallet_off(self, trailer: str) -> None:
        """One pallet less on an inbound trailer; the last one lets it go."""
        self.pallets_on[trailer] -= 1
        if self.pallets_on[trailer] == 0:
            del self.pallets_on[trailer]
            self.door_of.pop(trailer, None)
            self.link.tell(TrailerLeft(self.env.now, self.name, trailer))

    # --- what lies where -------------------------------------------------------------------------------------

    def what_came(self, work: ReceiveTask) -> tuple[Good, int, int]:
        """What really stands on an announced pallet: (good, units, damaged of them)."""
        seed, lpn, p = self.seed, work.lpn, self.premises
        units, sku = work.units, work.sku
        if draws.draw(seed, "asn_units", lpn) < p.wrong_units:
            units = max(0, units + (1 if draws.draw(seed, "asn_units_sign", lpn) < 0.5 else -1) * max(1, units // 20))
        if draws.draw(seed, "asn_sku", lpn) < p.wrong_sku:
            others = sorted(k for k in self.skus if k[0] == work.owner and k[1] != work.sku)
            if others:
                sku = others[int(draws.draw(seed, "asn_sku_which", lpn) * len(others))][1]
        damaged = 1 if units and draws.draw(seed, "asn_damaged", lpn) < p.damaged else 0
        good = self.truth.kind(work.owner, sku, work.lot if sku == work.sku else None)
        return good, units, damaged

    def neighbours(self, location: LocationId) -> tuple[LocationId, ...]:
        """Other locations of the same aisle, the nearest first."""
        if not self._rows:
            for x in self.plan.locations:
                self._rows.setdefault(x.subaisle, []).append(x)
        here = self.plan.by_name[location]
        near = sorted(
            (x for x in self._rows[here.subaisle] if x.location != location),
            key=lambda x: (abs(x.y_mm - here.y_mm) + abs(x.level - here.level), x.side != here.side, x.location),
        )
        return tuple([x.location for x in near[:12]])

    def neighbour(self, pick: Pick, good: Good) -> tuple[LocationId, Good] | None:
        """The nearest other location beside a pick that holds enough of another SKU."""
        for location in self.neighbours(pick.location):
            pile = self.truth.places.get(location)
            if pile:
                for other in sorted(pile, key=str):
                    if other.sku != good.sku and pile[other] >= pick.units:
                        return location, other
        return None

    def beside(self, location: LocationId) -> LocationId | None:
        """The next location along the aisle."""
        return next(iter(self.neighbours(location)), None)

    def home_location(self, good: Good, near: LocationId) -> LocationId:
        """Where units of a kind came from: the nearest location that holds them, else `near`."""
        for location in (near, *self.neighbours(near)):
            if self.truth.at(location, good):
                return location
        return near

    def units_per_pack(self, owner: OwnerId, sku: SkuId) -> int:
        """Units of a SKU in a case."""
        return self.skus[owner, sku].units_per_pack


def _exponential(u: float) -> float:
    return Variate.exponential(1.0).at(u)
