"""The whole world of a run: one clock, one WMS, one floor per site, the orders that come, and what goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.calendar import Calendar, ms
from twin.domain.errors import ConservationError
from twin.domain.orders import Asn, Order
from twin.domain.refusals import Refusal
from twin.domain.variates import Variate
from twin.events.catalogue import EquipmentFailed, EquipmentRepaired, WorkerAbsent
from twin.events.stream import Record
from twin.floor.activities import shipping
from twin.floor.clock import Clock
from twin.floor.crews import Crews
from twin.floor.link import Link
from twin.floor.site import FloorSite
from twin.floor.workers import Worker
from twin.spec.unfold import variate
from twin.spec.work import FaultSpec
from twin.wms.control import Wms
from twin.wms.messages import NewAsn, NewOrder

Activity = Generator[SimEvent, Any, None]
LUCK_BLOCK = 256


class World:
    """Runs in whole milliseconds from 0 to the horizon, in one go or step by step."""

    def __init__(
        self, env: Clock, wms: Wms, link: Link, sites: Mapping[str, FloorSite], *, seed: int,
        horizon_ms: int, calendar: Calendar, orders: Iterator[Order], asns: Iterable[Asn],
        faults: tuple[FaultSpec, ...], rush: Callable[[Sequence[str], str, int, int], list[Order]],
        record: Record,
    ) -> None:  # fmt: skip
        self.env = env
        self.wms = wms
        self.link = link
        self.sites = dict(sites)
        self.first = next(iter(sites.values()))
        self.crews = {name: Crews(site) for name, site in sites.items()}
        self.seed = seed
        self.horizon_ms = horizon_ms
        self.calendar = calendar
        self.orders = orders
        self.asns = sorted(asns, key=lambda a: (a.announced_at_ms, a.trailer))
        self.faults = faults
        self.missed: Counter[tuple[int, Refusal]] = Counter()
        """Planned faults that found nobody, by their number: why, and how often."""
        self.rush = rush
        self.questions: dict[str, Any] = {}
        self._rushed = 0
        self._rushed_at_ms = -1
        self.record = record
        link.on_ready = lambda site, queue, news: (sites[site].work_came if news else sites[site].wake_one)(queue)
        link.on_docked = self._docked

    def _docked(self, trailer: str, door: str, lane: str) -> None:
        site = self.sites[door.split("/")[0]]
        site.door_of[trailer] = door

    @property
    def scheduled_events(self) -> int:
        """Events that SimPy has scheduled so far."""
        return self.env.scheduled

    def start(self) -> None:
        """Time 0."""
        for site in self.sites.values():
            site.start()
            self.crews[site.name].start()
            shipping.expect(site)
        for asn in self.asns:
            if asn.announced_at_ms <= 0:
                self.link.tell(NewAsn(0, asn))
        self.link.hear(self.wms.open(0))
        self.env.process(self._asns_later())
        self.env.process(self._demand())
        for number, fault in enumerate(self.faults):
            self.env.process(self._fault(number, fault))

    def run_until(self, at_ms: int) -> None:
        """Advance the clock; what is due exactly then is still to come."""
        if at_ms > self.env.now:
            self.env.run_before(at_ms)
            self.env.come_to(at_ms)

    def complete(self, at_ms: int) -> None:
        """Do all that is due at `at_ms`, which is the next instant at which anything is."""
        self.env.run_before(at_ms + 1)

    # --- what comes from outside -----------------------------------------------------------------------------

    def _asns_later(self) -> Activity:
        for asn in self.asns:
            if asn.announced_at_ms > 0:
                if asn.announced_at_ms > self.env.now:
                    yield self.env.timeout(asn.announced_at_ms - self.env.now)
                self.link.tell(NewAsn(self.env.now, asn))

    def _demand(self) -> Activity:
        env, tell = self.env, self.link.tell
        block: list[Order] = []
        while True:
            block = []
            for order in self.orders:
                block.append(order)
                if len(block) == LUCK_BLOCK:
                    break
            if not block:
                return
            self._meet_fate(block)
            for order in block:
                if order.received_at_ms > env.now:
                    if order.received_at_ms >= self.horizon_ms:
                        return
                    yield env.timeout(order.received_at_ms - env.now)
                tell(NewOrder(env.now, order))

    def rush_in(self, site: str, count: int, due_ms: int, shape: Callable[[Order], Order]) -> list[Order]:
        """Urgent orders come in now, named by the time and their number at it, so that others' draws stay theirs."""
        now = self.env.now
        self._rushed = self._rushed if self._rushed_at_ms == now else 0
        names = [f"RUSH{now // 1000:06d}.{now % 1000:03d}-{self._rushed + n + 1}" for n in range(count)]
        self._rushed, self._rushed_at_ms = self._rushed + count, now
        orders = [shape(order) for order in self.rush(names, site, now, due_ms)]
        self._meet_fate(orders)
        for order in orders:
            self.link.tell(NewOrder(now, order))
        return orders

    def _meet_fate(self, block: list[Order]) -> None:
        by_site: dict[str, list[Order]] = {}
        for order in block:
            by_site.setdefault(order.site, []).append(order)
        for name, orders in by_site.items():
            self.sites[name].meet_fate(orders)

    # --- what goes wrong -------------------------------------------------------------------------------------

    def _fault(self, number: int, fault: FaultSpec) -> Activity:
        env = self.env
        duration = variate(fault.duration_s, 0.3)
        occurrence = 0
        name = f"fault-{number}"
        while True:
            if fault.at is not None:
                wait = self.calendar.at_ms(fault.at, fault.day) - env.now
                if wait < 0:
                    return
            elif not fault.per_h:
                return
            else:
                u = draws.draw(self.seed, "fault_gap", name, occurrence)
                wait = round(Variate.exponential(3_600_000 / fault.per_h).at(u))
            if wait:
                yield env.timeout(wait)
            u = draws.draw(self.seed, "fault_duration", name, occurrence)
            missed = self.strike(fault.kind, fault.target, ms(duration.at(u)), f"{name}/{occurrence}")
            if missed is not None:
                self.missed[number, missed] += 1
            occurrence += 1
            if fault.at is not None:
                return

    def strike(
        self, kind: str, target: str | None, duration_ms: int, name: str, site: FloorSite | None = None
    ) -> Refusal | None:
        """Let something fail now, at one site or at any; returns why nothing could."""
        floors = [site] if site is not None else list(self.sites.values())
        if kind in ("wms_outage", "network"):
            down = not self.link.fail(duration_ms, kind)
            return Refusal("down_already") if down and name.startswith("command") else None
        if kind == "conveyor":
            belts = [
                (floor, belt)
                for floor in floors
                for belt in floor.belts.values()
                if target in (None, belt.name, belt.name.split("/")[-1])
            ]
            if not belts:
                return Refusal("no_conveyors") if target is None else Refusal("no_conveyor", target=target)
            for floor, belt in belts:
                belt.stop(duration_ms)
                self.record(EquipmentFailed, self.env.now, floor.name, belt.name, "jam", None, duration_ms)
                self._repaired_later(floor.name, belt.name, duration_ms)
            return None
        people = [(floor, worker) for floor in floors for worker in self._people(floor, target)]
        if not people:
            return Refusal("no_worker", target=target)
        here = [(floor, worker) for floor, worker in people if worker.is_here]
        if kind == "absent_worker":  # who is to leave already is absent once
            here = [(floor, worker) for floor, worker in here if worker.shift_ends_ms > self.env.now]
        if not here:
            return Refusal("nobody_at_work") if target is None else Refusal("not_at_work", target=target)
        floor, worker = here[int(draws.draw(self.seed, "fault_target", name) * len(here))]
        if kind == "device":
            worker.fails_at_ms = 0
            return None
        self._send_home(floor, worker, duration_ms)
        return None

    def absent(self, floor: FloorSite, role: str, count: int, duration_ms: int, name: str) -> list[str]:
        """So many of a role, drawn, leave at their next task boundary; who they are."""
        here = [w for w in floor.workers.values() if w.role == role and w.is_here and w.shift_ends_ms > self.env.now]
        drawn = sorted(here, key=lambda w: (draws.draw(self.seed, "absent", f"{name}/{w.name}"), w.name))[:count]
        for worker in drawn:
            self._send_home(floor, worker, duration_ms)
        return [w.name for w in drawn]

    def _send_home(self, floor: FloorSite, worker: Worker, duration_ms: int) -> None:
        worker.shift_ends_ms = min(worker.shift_ends_ms, self.env.now)
        self.record(WorkerAbsent, self.env.now, floor.name, worker.name, worker.role, "fault")
        floor.rouse(worker)
        if duration_ms:
            worker.away_until_ms = self.env.now + duration_ms
            crew = self.crews[floor.name].of(worker)
            self.env.timeout(duration_ms).callbacks.append(lambda _: crew.come_back(worker))

    def _people(self, floor: FloorSite, target: str | None) -> list[Worker]:
        return [
            w
            for w in floor.workers.values()
            if target is None or w.role == target or w.name == target or w.name.split("/")[-1] == target
        ]

    def _repaired_later(self, site: str, equipment: str, duration_ms: int) -> None:
        def say(_: SimEvent) -> None:
            self.record(EquipmentRepaired, self.env.now, site, equipment, duration_ms, None)

        self.env.timeout(duration_ms).callbacks.append(say)

    # --- law 7 -----------------------------------------------------------------------------------------------

    def check_nothing_is_lost(self) -> None:
        """Units in = units out + units on the floor, per SKU and lot."""
        for site in self.sites.values():
            now, left = site.truth.totals(), site.truth.left
            goods = {*site.opening, *now, *site.unloaded, *left, *site.lost}
            for good in goods:
                came = site.opening.get(good, 0) + site.unloaded.get(good, 0)
                there = now.get(good, 0) + left.get(good, 0) + site.lost.get(good, 0)
                if came != there:
                    raise ConservationError(
                        f"{site.name}: {came} units of {good.sku} (lot {good.lot}) came, {there} are accounted for"
                    )
