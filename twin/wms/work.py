"""The work queue of a site: tasks by queue, handed out by the dispatch policy, ended or put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from twin.domain.ids import LocationId, TaskId, WorkerId
from twin.events.catalogue import Fact, TaskAssigned, TaskCreated, TaskEnded, TaskSuspended
from twin.policies.dispatch import Dispatch, DispatchSnapshot, OpenTask
from twin.space.travel import TravelGraph
from twin.wms.messages import WorkWanted
from twin.wms.policies import Decisions

KIND_OF_QUEUE = {
    "pick": "pick", "putaway": "putaway", "replenish": "replenish", "count": "count", "load": "load", "receive": "move",
}  # fmt: skip


class QueuedTask(NamedTuple):
    """A task in hand: the row that policies see and what is to be done."""

    row: OpenTask
    work: Any


class WorkQueue:
    """Open and assigned tasks of one site."""

    def __init__(
        self, site: str, graph: TravelGraph, decisions: Decisions, emit: Callable[[Fact], int],
        speed_mm_per_ms: float,
    ) -> None:  # fmt: skip
        self.site = site
        self.graph = graph
        self.decisions = decisions
        self.emit = emit
        self.speed_mm_per_ms = speed_mm_per_ms
        self.open: dict[str, dict[TaskId, QueuedTask]] = {}
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
        row = OpenTask(
            task=task, queue=queue, kind=KIND_OF_QUEUE[queue], priority=priority,  # type: ignore[arg-type]
            latest_start_ms=latest_start_ms, created_at_ms=at_ms, starts_at=starts_at, work_ms=work_ms, needs=needs,
            cold=cold,
        )  # fmt: skip
        self.open.setdefault(queue, {})[task] = QueuedTask(row, work)
        self.emit(
            TaskCreated(at_ms, self.site, task, queue, starts_at, units, latest_start_ms, handling_unit, cause, reason)
        )

    def waiting(self, queue: str) -> int:
        """Open tasks of a queue."""
        return len(self.open.get(queue, ()))

    def dispatch(self, m: WorkWanted) -> QueuedTask | None:
        """Ask the dispatch policy which open task this worker takes, and assign it."""
        rows = [t.row for q in m.queues for t in self.open.get(q, {}).values()]
        if not rows:
            return None
        most = self.decisions.policies["dispatch"].candidates_max
        left_out = 0
        if most and len(rows) > most:
            left_out = len(rows) - most
            by_time = sorted(rows, key=lambda r: (r.latest_start_ms, r.priority, r.task))
            half = by_time[: most - most // 2]
            taken = {r.task for r in half}
            travel = self.graph.distance_mm
            near = sorted(
                (r for r in by_time if r.task not in taken),
                key=lambda r: (travel(m.location, r.starts_at), r.latest_start_ms, r.task),
            )
            rows = half + near[: most // 2]
        distance = self.graph.distance_mm
        speed = self.speed_mm_per_ms
        snapshot = DispatchSnapshot(
            now_ms=m.at_ms, book_version=0, left_out=left_out, worker=WorkerId(m.worker), queues=m.queues, has=m.has,
            last_kind=m.last_kind, shift_ends_ms=m.shift_ends_ms, cold_left_ms=1 << 40, tasks=tuple(rows),
            travel_ms=tuple(int(distance(m.location, r.starts_at) / speed) if speed else 0 for r in rows),
        )  # fmt: skip
        decision: Dispatch = self.decisions.ask("dispatch", snapshot)
        if decision.task is None:
            return None
        queue = next((q for q in m.queues if decision.task in self.open.get(q, {})), None)
        if queue is None:
            raise self.decisions.broken("dispatch", "the task is open in a queue of the worker", snapshot)
        cause = self.decisions.record(
            "dispatch", m.at_ms, self.site, len(rows), decision.task, task=decision.task, worker=m.worker
        )
        queued = self.open[queue].pop(decision.task)
        self.assigned[decision.task] = (queued, m.worker)
        self.emit(TaskAssigned(m.at_ms, self.site, decision.task, m.worker, queue, cause))
        return queued

    def end(self, at_ms: int, task: TaskId, worker: str, units: int | None) -> QueuedTask | None:
        """A task was reported done."""
        found = self.assigned.pop(task, None)
        if found is None:
            return None
        self.emit(TaskEnded(at_ms, self.site, task, worker, found[0].row.queue, units))
        return found[0]

    def put_back(self, at_ms: int, task: TaskId, worker: str, reason: str) -> None:
        """A worker left a task: it is open again."""
        found = self.assigned.pop(task, None)
        if found is None:
            return
        queued = found[0]
        self.open.setdefault(queued.row.queue, {})[task] = queued
        self.emit(TaskSuspended(at_ms, self.site, task, worker, queued.row.queue, None, reason))
