"""The work queue of a site: tasks by queue, handed out by the dispatch policy, ended or put back."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Any, NamedTuple

from twin.domain.ids import LocationId, TaskId, WorkerId
from twin.domain.records import builder
from twin.events.catalogue import TaskAssigned, TaskCreated, TaskEnded, TaskSuspended
from twin.events.stream import Record
from twin.policies.dispatch import Dispatch, DispatchSnapshot, OpenTask
from twin.space.travel import TravelGraph
from twin.wms.messages import WorkWanted
from twin.wms.policies import Decisions

_open_task, _dispatch_snapshot = builder(OpenTask), builder(DispatchSnapshot)

KIND_OF_QUEUE = {
    "pick": "pick", "putaway": "putaway", "replenish": "replenish", "count": "count", "load": "load", "receive": "move",
}  # fmt: skip

NEVER_TOO_COLD_MS = 1 << 40
"""Nobody's time in the cold is counted yet."""


class QueuedTask(NamedTuple):
    """A task in hand: the row that policies see and what is to be done."""

    row: OpenTask
    work: Any


class OpenTasks:
    """The open tasks of one queue, indexed by time and by the zone in which they start."""

    __slots__ = ("by_time", "by_zone", "tasks")

    def __init__(self) -> None:
        self.tasks: dict[TaskId, QueuedTask] = {}
        self.by_time: list[tuple[int, int, TaskId]] = []
        self.by_zone: dict[LocationId, list[tuple[int, TaskId]]] = {}

    def add(self, queued: QueuedTask, zone: LocationId) -> None:
        """Put a task in."""
        row = queued.row
        self.tasks[row.task] = queued
        insort(self.by_time, (row.latest_start_ms, row.priority, row.task))
        insort(self.by_zone.setdefault(zone, []), (row.latest_start_ms, row.task))

    def take(self, task: TaskId, zone: LocationId) -> QueuedTask:
        """Take a task out."""
        queued = self.tasks.pop(task)
        row = queued.row
        del self.by_time[bisect_left(self.by_time, (row.latest_start_ms, row.priority, task))]
        there = self.by_zone[zone]
        del there[bisect_left(there, (row.latest_start_ms, task))]
        if not there:
            del self.by_zone[zone]
        return queued


class WorkQueue:
    """Open and assigned tasks of one site."""

    def __init__(
        self, site: str, graph: TravelGraph, decisions: Decisions, record: Record,
        speed_mm_per_ms: float, zone_of: Mapping[LocationId, LocationId],
    ) -> None:  # fmt: skip
        self.site = site
        self.graph = graph
        self.decisions = decisions
        self.record = record
        self.speed_mm_per_ms = speed_mm_per_ms
        self.zone_of = zone_of
        self.open: dict[str, OpenTasks] = {}
        self.assigned: dict[TaskId, tuple[QueuedTask, str]] = {}
        self._last_task = 0

    def new_task_id(self, queue: str) -> TaskId:
        """The next task number."""
        self._last_task += 1
        return TaskId(f"{self.site}/{queue}-{self._last_task:06d}")

    def put(
        self, at_ms: int, task: TaskId, queue: str, work: Any, *, starts_at: LocationId, latest_start_ms: int,
        priority: int, work_ms: int, units: int | None = None, cause: int | None = None, reason: str | None = None,
        handling_unit: str | None = None, needs: frozenset[str] = frozenset(), cold: bool = False,
    ) -> None:  # fmt: skip
        """Put a task on a queue."""
        row = _open_task(
            task, queue, KIND_OF_QUEUE[queue], priority, latest_start_ms, at_ms, starts_at, work_ms, needs, cold
        )
        self._add(QueuedTask(row, work))
        self.record(
            TaskCreated, at_ms, self.site, task, queue, starts_at, units, latest_start_ms, handling_unit, cause, reason
        )

    def _add(self, queued: QueuedTask) -> None:
        row = queued.row
        open_tasks = self.open.get(row.queue)
        if open_tasks is None:
            open_tasks = self.open[row.queue] = OpenTasks()
        open_tasks.add(queued, self.zone_of.get(row.starts_at, row.starts_at))

    def waiting(self, queue: str) -> int:
        """Open tasks of a queue."""
        open_tasks = self.open.get(queue)
        return len(open_tasks.by_time) if open_tasks is not None else 0

    def open_in(self, queue: str) -> list[QueuedTask]:
        """The open tasks of a queue, the most pressing first."""
        open_tasks = self.open.get(queue)
        return [open_tasks.tasks[k[2]] for k in open_tasks.by_time] if open_tasks is not None else []

    def replace(self, task: TaskId, queue: str, work: Any) -> None:
        """Another content for an open task."""
        tasks = self.open[queue].tasks
        tasks[task] = tasks[task]._replace(work=work)

    def withdraw(self, task: TaskId, queue: str) -> QueuedTask | None:
        """Take an open task off its queue; None if it is not open."""
        open_tasks = self.open.get(queue)
        if open_tasks is None or task not in open_tasks.tasks:
            return None
        starts_at = open_tasks.tasks[task].row.starts_at
        return open_tasks.take(task, self.zone_of.get(starts_at, starts_at))

    def _candidates(self, m: WorkWanted, most: int) -> tuple[list[OpenTask], int]:
        """Half by time, half by the distance of the task's zone from the worker; each task once."""
        there: list[OpenTasks] = []
        total = 0
        for name in m.queues:
            open_tasks = self.open.get(name)
            if open_tasks is not None and open_tasks.by_time:
                there.append(open_tasks)
                total += len(open_tasks.by_time)
        if not most or total <= most:
            return [q.tasks[k[2]].row for q in there for k in q.by_time], 0
        half = most - most // 2
        keys = sorted([(*k, i) for i, q in enumerate(there) for k in q.by_time[:half]])[:half]
        rows = [there[k[3]].tasks[k[2]].row for k in keys]
        taken = {k[2] for k in keys}
        distance = self.graph.distance_mm
        zones = sorted((distance(m.location, zone), zone, i) for i, q in enumerate(there) for zone in q.by_zone)
        for _, zone, i in zones:
            for _, task in there[i].by_zone[zone]:
                if len(rows) == most:
                    return rows, total - most
                if task not in taken:
                    taken.add(task)
                    rows.append(there[i].tasks[task].row)
        return rows, total - len(rows)

    def dispatch(self, m: WorkWanted) -> QueuedTask | None:
        """Ask the dispatch policy which open task this worker takes, and assign it."""
        rows, left_out = self._candidates(m, self.decisions.policies["dispatch"].candidates_max)
        if not rows:
            return None
        now, _, worker, queues, has, location, last_kind, shift_ends_ms, _ = m
        distance = self.graph.distance_mm
        speed = self.speed_mm_per_ms
        travel: dict[LocationId, int] = {}
        for row in rows:
            place = row.starts_at
            if place not in travel:
                travel[place] = int(distance(location, place) / speed) if speed else 0
        snapshot = _dispatch_snapshot(
            now, 0, left_out, WorkerId(worker), queues, has, last_kind, shift_ends_ms, NEVER_TOO_COLD_MS, tuple(rows),
            tuple([travel[row.starts_at] for row in rows]),
        )  # fmt: skip
        decision: Dispatch = self.decisions.ask("dispatch", snapshot, alone=len(rows) == 1)
        task = decision.task
        if task is None:
            return None
        for queue in queues:
            queued = self.withdraw(task, queue)
            if queued is not None:
                break
        else:
            raise self.decisions.broken("dispatch", "the task is open in a queue of the worker", snapshot)
        cause = self.decisions.record("dispatch", now, self.site, len(rows), task, task=task, worker=worker)
        self.assigned[task] = (queued, worker)
        self.record(TaskAssigned, now, self.site, task, worker, queue, cause)
        return queued

    def end(self, at_ms: int, task: TaskId, worker: str, units: int | None) -> QueuedTask | None:
        """A task was reported done."""
        found = self.assigned.pop(task, None)
        if found is None:
            return None
        self.record(TaskEnded, at_ms, self.site, task, worker, found[0].row.queue, units)
        return found[0]

    def put_back(self, at_ms: int, task: TaskId, worker: str, reason: str) -> QueuedTask | None:
        """A worker left a task: it is open again. None if nobody had it."""
        found = self.assigned.pop(task, None)
        if found is None:
            return None
        queued = found[0]
        self._add(queued)
        self.record(TaskSuspended, at_ms, self.site, task, worker, queued.row.queue, None, reason)
        return queued
