"""Trucks: they come, stand at a door, are loaded or unloaded, and leave on time whatever is still in the lane."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy.events import Event as SimEvent

from twin.events.catalogue import GoodsLeft, WorkEnded, WorkStarted
from twin.floor.docks import InboundVisit, OutboundVisit
from twin.floor.site import FloorSite
from twin.floor.workers import Worker
from twin.wms.messages import CartonLoaded, LoadTask, TrailerAtGate, TrailerLeft, WorkDone

Activity = Generator[SimEvent, Any, None]


def load(site: FloorSite, worker: Worker, work: LoadTask) -> Activity:
    """Carry carton after carton into the trailer, until the lane is empty or the trailer has gone."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "load", work.task, None, work.door, None)
    yield from site.walk(worker, work.lane, work.task)
    loaded = 0
    for carton in work.cartons:
        duration = site.load_ms(carton)
        if duration:
            yield env.timeout(round(duration * worker.time_factor))
        if work.trailer not in site.trailer_loads or not site.has_room(work.trailer):
            break
        site.trailer_loads[work.trailer].append(carton)
        site.link.tell(CartonLoaded(env.now, site.name, worker.name, work.task, carton, work.trailer))
        site.off_lane(carton)
        loaded += 1
    worker.last_kind = "load"
    site.link.tell(WorkDone(env.now, site.name, worker.name, work.task, "load", loaded))
    site.record(WorkEnded, env.now, site.name, worker.name, "load", env.now - began, work.task, None, work.door, None)


def outbound_trailer(site: FloorSite, trailer: str, visit: OutboundVisit) -> Activity:
    """One scheduled departure, or when it has been moved to."""
    env = site.env
    while visit.arrives_ms > env.now:
        yield env.timeout(visit.arrives_ms - env.now)
    visit.at_gate = True
    site.trailer_loads[trailer] = []
    site.link.tell(TrailerAtGate(env.now, site.name, trailer, "out", visit.carrier, visit.leaves_ms))
    while visit.leaves_ms > env.now:
        yield env.timeout(visit.leaves_ms - env.now)
    del site.outbound[trailer]
    for carton in site.trailer_loads.pop(trailer):
        gone = site.truth.leaves(carton)
        site.luck.pop(gone.order, None)
        site.record(GoodsLeft, env.now, site.name, trailer, carton, gone.label, site.door_of.get(trailer))
    site.door_of.pop(trailer, None)
    site.link.tell(TrailerLeft(env.now, site.name, trailer))


def inbound_trailer(site: FloorSite, trailer: str, visit: InboundVisit, pallets: int) -> Activity:
    """A supplier's trailer, when it comes: it leaves when its last pallet is off."""
    env = site.env
    while visit.arrives_ms > env.now:
        yield env.timeout(visit.arrives_ms - env.now)
    del site.inbound[trailer]
    site.pallets_on[trailer] = pallets
    site.link.tell(TrailerAtGate(env.now, site.name, trailer, "in", visit.supplier, None))
    if pallets == 0:
        site.link.tell(TrailerLeft(env.now, site.name, trailer))


def expect(site: FloorSite) -> None:
    """All trucks of the plan are on their way."""
    for d in site.premises.departures:
        visit = site.outbound[d.trailer] = OutboundVisit(d.carrier, d.arrives_at_ms, d.leaves_at_ms)
        site.env.process(outbound_trailer(site, d.trailer, visit))
    for a in site.premises.arrivals:
        coming = site.inbound[a.trailer] = InboundVisit(a.supplier, a.arrives_at_ms)
        site.env.process(inbound_trailer(site, a.trailer, coming, a.pallets))
