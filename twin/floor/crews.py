"""Crews: when people are there, and the loop of asking for work, doing it, and waiting."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.refusals import Refusal
from twin.events.catalogue import (
    BreakEnded,
    BreakStarted,
    WorkerAbsent,
    WorkerCheckedIn,
    WorkerCheckedOut,
)
from twin.floor.activities import goods_in, keying, packing, picking, shipping
from twin.floor.site import FloorSite
from twin.floor.workers import FAR_MS, LOCAL_QUEUES, Worker, crew_specs
from twin.spec.people import QUEUE_OF_ROLE, CrewSpec
from twin.wms.messages import CountTask, LoadTask, PickTour, PutawayTask, ReceiveTask, ReplenishTask, WorkWanted

Activity = Generator[SimEvent, Any, None]
_DO: dict[type, Callable[..., Activity]] = {
    PickTour: picking.tour,
    ReceiveTask: goods_in.receive,
    PutawayTask: goods_in.put_away,
    ReplenishTask: goods_in.replenish,
    CountTask: goods_in.count,
    LoadTask: shipping.load,
}


class Crew:
    """Workers of one role and one shift plan; without shifts they are there all the time."""

    def __init__(self, site: FloorSite, role: str, spec: CrewSpec, number: int) -> None:
        self.site = site
        self.role = role
        self.spec = spec
        self.number = number
        self.workers: list[Worker] = []
        self.unlimited = spec.count == "unlimited"
        self.is_wanted = False
        self.ends_ms = 0 if spec.shifts else FAR_MS
        self.day = 0

    def start(self) -> None:
        """Everybody's day begins."""
        count = 0 if self.spec.count == "unlimited" else self.spec.count
        for _ in range(count):
            self.hire()
        if self.spec.shifts:
            self.site.env.process(self.clock())

    def hire(self) -> Worker:
        """One more worker of this crew."""
        site, spec = self.site, self.spec
        start = site.place(spec.starts_at) if spec.starts_at else site.home_of(self.role)
        name = f"{site.name}/{self.role}-{site.next_number(self.role):03d}"
        worker = Worker(name, self.role, spec, start, site.speed_of(self.role, spec))
        self.workers.append(worker)
        site.workers[name] = worker
        site.set_next_failure(worker)
        if self.is_on_shift:
            self.come(worker, self.ends_ms, self.day)
        site.env.process(life(site, worker))
        return worker

    @property
    def is_on_shift(self) -> bool:
        """It is working time for this crew."""
        return self.ends_ms > self.site.env.now

    def come(self, worker: Worker, ends_ms: int, day: int) -> None:
        """A worker comes on shift, unless he is absent; of an unlimited number there is always another."""
        site = self.site
        if site.env.now < worker.away_until_ms:
            return
        if (
            self.spec.absence
            and not self.unlimited
            and draws.draw(site.seed, "absence", worker.name, day) < self.spec.absence
        ):
            site.record(WorkerAbsent, site.env.now, site.name, worker.name, worker.role, "absence")
            return
        worker.shift_ends_ms = ends_ms
        self._check_in(worker)

    def come_back(self, worker: Worker) -> None:
        """A worker who had to leave is there again, for what is left of the shift."""
        if self.is_on_shift:
            worker.shift_ends_ms = self.ends_ms
            if not worker.is_here:
                self._check_in(worker)

    def _check_in(self, worker: Worker) -> None:
        site = self.site
        worker.is_here = True
        due = worker.shift_ends_ms if worker.shift_ends_ms < FAR_MS else None
        site.record(WorkerCheckedIn, site.env.now, site.name, worker.name, worker.role, worker.location, due)
        site.rouse(worker)

    def clock(self) -> Activity:
        """Shift starts, breaks and ends, as they fall due; each is acted on at the worker's next task boundary."""
        site = self.site
        env, calendar = site.env, site.calendar
        marks: list[tuple[int, int, int, int]] = []
        for number, shift in enumerate(self.spec.shifts):
            for day in range(calendar.day_of(0) - 1, calendar.day_of(site.horizon_ms) + 1):
                if shift.days and calendar.weekday(day) not in shift.days:
                    continue
                starts, ends = calendar.at_ms(shift.starts, day), calendar.at_ms(shift.ends, day)
                if ends <= starts:
                    ends = calendar.at_ms(shift.ends, day + 1)
                if ends <= 0:
                    continue
                marks.append((max(0, starts), 1, ends, day * 8 + number))
                marks.append((ends, 0, 0, 0))
                for pause in shift.breaks:
                    at = calendar.at_ms(pause.at, day)
                    if at < starts:
                        at = calendar.at_ms(pause.at, day + 1)
                    if at >= 0:
                        marks.append((at, 2, round(pause.minutes * 60_000), 0))
        for at_ms, what, value, day in sorted(marks):
            if at_ms > env.now:
                yield env.timeout(at_ms - env.now)
            if what == 1:
                self.ends_ms, self.day = value, day
            for worker in self.workers:
                if what == 1:
                    self.come(worker, value, day)
                elif what == 0:
                    worker.shift_ends_ms = min(worker.shift_ends_ms, env.now)
                    site.rouse(worker)
                elif worker.is_here:
                    worker.break_ms += value
                    site.rouse(worker)
            if what == 1 and self.is_wanted:  # work came when nobody of them was on shift
                self.is_wanted = False
                if not any(worker.is_here for worker in self.workers):
                    self.hire()


class Crews:
    """All crews of a site."""

    def __init__(self, site: FloorSite) -> None:
        self.site = site
        self.crews = [
            Crew(site, role, spec, n) for n, (role, spec) in enumerate(crew_specs(site.premises.spec.workforce))
        ]
        site.send_for = self._send_for

    def start(self) -> None:
        """Everybody's day begins."""
        for crew in self.crews:
            crew.start()

    def of_role(self, role: str) -> Crew | None:
        """The first crew of a role."""
        return next((c for c in self.crews if c.role == role), None)

    def of(self, worker: Worker) -> Crew:
        """The crew that a worker was hired for."""
        return next(c for c in self.crews if worker in c.workers)

    def _send_for(self, queue: str) -> None:
        able = [crew for crew in self.crews if crew.unlimited and QUEUE_OF_ROLE[crew.role] == queue]
        for crew in able:
            if crew.is_on_shift:
                crew.hire()
                return
        for crew in able:
            crew.is_wanted = True

    def move(self, from_role: str, to_role: str, count: int) -> tuple[Refusal | None, list[str]]:
        """Let people take up another role at their next task boundary, idle ones first; why not, and who does."""
        site = self.site
        crew = self.of_role(to_role)
        there = [w for w in site.workers.values() if w.is_here and w.role == from_role and w.next_role is None]
        if crew is None:
            return Refusal("no_crew", role=to_role), []
        if not there:
            return Refusal("nobody_there", role=from_role), []
        able = [w for w in there if w.skills >= set(crew.spec.skills)]
        if not able:
            return Refusal("no_skills", role=from_role, to_role=to_role, skills=sorted(crew.spec.skills)), []
        waiting = [w for w in able if w.wake is not None and not w.wake.triggered]
        chosen = [*waiting, *(w for w in able if w not in waiting)][:count]
        for worker in chosen:
            worker.next_role = (to_role, crew.spec)
            site.rouse(worker)
        return None, [w.name for w in chosen]


def life(site: FloorSite, worker: Worker) -> Activity:
    """Ask for work, do it, wait; breaks and the end of the shift come between tasks."""
    env, record = site.env, site.record
    while True:
        if not worker.is_here:
            worker.wake = env.event()
            yield worker.wake
            continue
        if env.now >= worker.shift_ends_ms:
            worker.is_here = False
            worker.break_ms = 0  # a pause that fell due in the last task is no part of the next shift
            record(WorkerCheckedOut, env.now, site.name, worker.name, worker.role)
            site.pass_on(worker)
            continue
        if worker.next_role is not None:
            site.pass_on(worker)
            yield from take_up(site, worker, *worker.next_role)
            continue
        if worker.break_ms:
            pause, worker.break_ms = worker.break_ms, 0
            record(BreakStarted, env.now, site.name, worker.name, worker.role, pause)
            site.pass_on(worker)
            yield env.timeout(pause)
            record(BreakEnded, env.now, site.name, worker.name, worker.role)
            continue
        begun = env.now
        job = local_job(site, worker)
        if job is not None:
            if worker.called in worker.wms_queues:
                site.pass_on(worker)
            worker.called = None
            yield from job
            worker.used_ms += env.now - begun
            continue
        worker.called = None
        if worker.wms_queues:
            version = site.work_version
            reply = site.link.ask(
                WorkWanted(
                    env.now,
                    site.name,
                    worker.name,
                    worker.wms_queues,
                    worker.skills,
                    worker.location,
                    worker.last_kind,
                    worker.shift_ends_ms,
                    worker.cart_positions,
                )
            )
            if reply is None:
                yield end_of_outage(site, worker)
                continue
            if reply.work is not None:
                job = _DO[type(reply.work)](site, worker, reply.work)
                del reply  # what the job has done of it is forgotten
                if site.reply_ms:
                    yield env.timeout(site.reply_ms)
                yield from job
                worker.used_ms += env.now - begun
                continue
            worker.asked_at = version
        worker.wake = env.event()
        site.idle(worker, worker.queues)
        yield worker.wake


def local_job(site: FloorSite, worker: Worker) -> Activity | None:
    """Work that lies in front of people, not in the WMS: totes at a bench, sheets in the tray."""
    if "pack" in worker.queues:
        for station in site.stations.values():
            if station.has_work:
                return packing.pack(site, worker, station)
    if "key" in worker.queues and site.tray:
        return keying.key(site, worker, site.tray.popleft())
    return None


def end_of_outage(site: FloorSite, worker: Worker) -> SimEvent:
    """An event for the end of the outage, or for what comes before it: a tote at the bench, a pause, the way home."""
    wake = worker.wake = site.env.event()
    site.idle(worker, LOCAL_QUEUES)

    def back(_: SimEvent) -> None:
        if not wake.triggered:
            site.rouse(worker)

    site.link.back().callbacks.append(back)
    return wake


def take_up(site: FloorSite, worker: Worker, role: str, spec: CrewSpec) -> Activity:
    """From now on a worker works in another role: checked out of the one, checked in to the other, where that begins.

    Skills, shift and pace stay the worker's own.
    """
    env, record = site.env, site.record
    worker.next_role = None
    record(WorkerCheckedOut, env.now, site.name, worker.name, worker.role)
    worker.role = role
    worker.queues = (QUEUE_OF_ROLE[role], *(q for q in spec.also if q != QUEUE_OF_ROLE[role]))
    worker.wms_queues = tuple(q for q in worker.queues if q not in LOCAL_QUEUES)
    worker.speed_mm_per_ms = site.speed_of(role, spec)
    due = worker.shift_ends_ms if worker.shift_ends_ms < FAR_MS else None
    record(WorkerCheckedIn, env.now, site.name, worker.name, role, worker.location, due)
    yield from site.walk(worker, site.place(spec.starts_at) if spec.starts_at else site.home_of(role), None)
