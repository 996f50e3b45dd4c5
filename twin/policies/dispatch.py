"""Task dispatch and interleaving: which task a free worker takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from twin.domain.ids import LocationId, TaskId, WorkerId
from twin.domain.records import builder
from twin.policies.shape import Policy, PolicyError, Rejection, RejectionCode, Rules, Snapshot
from twin.policies.why import is_watched, seen

STORING = frozenset({"putaway"})
RETRIEVING = frozenset({"pick", "replenish"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Work that nobody has begun."""

    task: TaskId
    queue: str
    kind: Literal["putaway", "pick", "replenish", "count", "load", "move"]
    priority: int
    latest_start_ms: int
    created_at_ms: int
    starts_at: LocationId
    work_ms: int
    needs: frozenset[str]
    cold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSnapshot(Snapshot):
    """One free worker and the tasks open to the worker's queues; `travel_ms` stands beside `tasks`."""

    worker: WorkerId
    queues: tuple[str, ...]
    has: frozenset[str]
    last_kind: str | None
    shift_ends_ms: int
    cold_left_ms: int
    tasks: tuple[OpenTask, ...]
    travel_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRules(Rules):
    """Tasks older than `max_wait_s` come before all others."""

    guard_s: float = 600.0
    max_wait_s: float = 7200.0
    may_overrun_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """`task` None: nothing fits, the worker waits for the next event."""

    task: TaskId | None
    interleaved: bool
    rejected: tuple[Rejection, ...]


Work = tuple[OpenTask, int]
"""A task and the worker's way to it in milliseconds."""


def complements(kind: str, last_kind: str | None) -> bool:
    """Is it a retrieval after a putaway, or the reverse?"""
    return (last_kind in STORING and kind in RETRIEVING) or (last_kind in RETRIEVING and kind in STORING)


def refusal(task: OpenTask, travel_ms: int, snapshot: DispatchSnapshot, rules: DispatchRules) -> RejectionCode | None:
    """The first hard filter that the task fails, None if the worker may take it; `choose` has the same in its loop."""
    _, rejected = choose(replace(snapshot, tasks=(task,), travel_ms=(travel_ms,)), rules, lambda work: (work[0].task,))
    return rejected[0].code if rejected else None


def choose(
    snapshot: DispatchSnapshot, rules: DispatchRules, key: Callable[[Work], Any]
) -> tuple[Work | None, tuple[Rejection, ...]]:
    """Filter, then the least by (waited too long, key)."""
    if len(snapshot.tasks) != len(snapshot.travel_ms):
        raise PolicyError(f"dispatch to {snapshot.worker}: travel_ms must stand beside tasks, one for each")
    ends_ms = snapshot.shift_ends_ms + round(rules.may_overrun_s * 1000)
    queues, has, now_ms = snapshot.queues, snapshot.has, snapshot.now_ms
    old_ms = now_ms - round(rules.max_wait_s * 1000)
    fits: list[Work] = []
    rejected: list[Rejection] = []
    for work in zip(snapshot.tasks, snapshot.travel_ms, strict=True):
        task, travel_ms = work
        code: RejectionCode | None = None
        if task.queue not in queues:
            code = "queue"
        elif not task.needs <= has:
            code = "skill"
        elif now_ms + travel_ms + task.work_ms > ends_ms:
            code = "shift_end"
        elif task.cold and task.work_ms > snapshot.cold_left_ms:
            code = "cold_exposure"
        if code is None:
            fits.append(work)
        else:
            rejected.append(Rejection(subject=task.task, code=code))
    if len(rejected) > 1:
        rejected.sort(key=lambda r: r.subject)

    def whole(work: Work) -> Any:
        return (work[0].created_at_ms >= old_ms, *key(work))

    if len(fits) > 1 or is_watched():
        return min(fits, key=seen(whole, lambda work: work[0].task), default=None), tuple(rejected)
    return (fits[0] if fits else None), tuple(rejected)


_dispatch = builder(Dispatch)


def _decided(best: Work | None, rejected: tuple[Rejection, ...]) -> Dispatch:
    return _dispatch(best[0].task if best else None, False, rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarliestStart:
    """The task that must start first."""

    rules: DispatchRules = DispatchRules()

    def __call__(self, snapshot: DispatchSnapshot, /) -> Dispatch:
        return _decided(*choose(snapshot, self.rules, lambda w: (w[0].latest_start_ms, w[0].priority, w[1], w[0].task)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The task that starts nearest to the worker."""

    rules: DispatchRules = DispatchRules()

    def __call__(self, snapshot: DispatchSnapshot, /) -> Dispatch:
        return _decided(*choose(snapshot, self.rules, lambda w: (w[1], w[0].latest_start_ms, w[0].priority, w[0].task)))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOrder:
    """The worker's queues in their rank, inside each the task that must start first."""

    rules: DispatchRules = DispatchRules()

    def __call__(self, snapshot: DispatchSnapshot, /) -> Dispatch:
        rank = {queue: place for place, queue in reversed(list(enumerate(snapshot.queues)))}
        return _decided(
            *choose(
                snapshot,
                self.rules,
                lambda w: (rank[w[0].queue], w[0].latest_start_ms, w[0].priority, w[1], w[0].task),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interleave:
    """After a putaway a retrieval near by, and the reverse; what must start within `guard_s` still goes first."""

    rules: DispatchRules = DispatchRules()

    def __call__(self, snapshot: DispatchSnapshot, /) -> Dispatch:
        last_kind = snapshot.last_kind
        pressing_ms = snapshot.now_ms + round(self.rules.guard_s * 1000)

        def key(work: Work) -> tuple[object, ...]:
            task, travel_ms = work
            return (
                task.latest_start_ms > pressing_ms,
                not complements(task.kind, last_kind),
                travel_ms,
                task.latest_start_ms,
                task.task,
            )

        best, rejected = choose(snapshot, self.rules, key)
        return Dispatch(
            task=best[0].task if best else None,
            interleaved=best is not None and complements(best[0].kind, last_kind),
            rejected=rejected,
        )


DISPATCH: dict[str, type[Policy[DispatchSnapshot, Dispatch]]] = {
    "earliest_start": EarliestStart,
    "nearest": Nearest,
    "queue_order": QueueOrder,
    "interleave": Interleave,
}
