"""Replications gathered: from the store where they are, else made; each kept the moment it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from experiments.designs import Design
from experiments.execution import Executor, SpawnedWorkers
from experiments.replication import Job, Replication, job_of
from experiments.store import ResultStore

Wanted = tuple[Design, int]
Progress = Callable[["Tally"], None]


@dataclass(slots=True)
class Tally:
    """How far a gathering is. `from_store`: of the `done` ones; seconds are of this process's clock."""

    wanted: int
    done: int = 0
    from_store: int = 0
    failed: int = 0
    begun_s: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float | None:
        """About how long it still takes; None while none was made."""
        made = self.done - self.from_store
        if not made:
            return None
        return (time.monotonic() - self.begun_s) / made * (self.wanted - self.done)


class Gathering:
    """Makes and keeps replications; the executor is started when the first one is missing, and shared by all asks."""

    def __init__(
        self, store: ResultStore, executor: Callable[[], Executor] = SpawnedWorkers, progress: Progress | None = None,
        stopped: Progress | None = None,
    ) -> None:  # fmt: skip
        self.store = store
        self.progress = progress
        self.stopped = stopped
        self.tally = Tally(0)
        self._make_executor = executor
        self._executor: Executor | None = None
        self._known: dict[str, Replication] = {}

    def __enter__(self) -> Gathering:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._executor is not None:
            self._executor.close(now=error is not None)
        if isinstance(error, KeyboardInterrupt) and self.stopped is not None:
            self.stopped(self.tally)

    @property
    def workers(self) -> int:
        """How many replications are made at a time, 1 if that is not known yet."""
        return self._executor.workers if self._executor is not None else 1

    def gather(self, wanted: Iterable[Wanted]) -> list[Replication]:
        """The replications of (design, seed), in the order asked. One that failed bears its `error`."""
        jobs = [job_of(design.loaded, seed, design.policies) for design, seed in wanted]
        first = {job.address: job for job in reversed(jobs)}
        new = [job for job in jobs if first[job.address] is job and job.address not in self._known]
        self.tally.wanted += len(new)
        missing: list[Job] = []
        for job in new:
            found = self.store.get(job.address)
            if found is None:
                missing.append(job)
            else:
                self.tally.from_store += 1
                self._arrived(found, keep=False)
        if missing:
            self._make(missing)
        return [self._known[job.address] for job in jobs]

    def _make(self, jobs: Sequence[Job]) -> None:
        if self._executor is None:
            self._executor = self._make_executor()
        executor = self._executor
        waiting = iter(jobs)
        open_: dict[Future[Replication], Job] = {}
        while True:
            while len(open_) < 4 * executor.workers and (job := next(waiting, None)) is not None:
                open_[executor.submit(job)] = job
                if executor.workers == 1:
                    break
            if not open_:
                return
            done, _ = wait(open_, return_when=FIRST_COMPLETED)
            for future in done:
                job = open_.pop(future)
                error = future.exception()
                self._arrived(
                    future.result() if error is None
                    else Replication(seed=job.seed, address=job.address, error=str(error) or type(error).__name__),
                    keep=True,
                )  # fmt: skip

    def _arrived(self, replication: Replication, *, keep: bool) -> None:
        if keep:
            self.store.put(replication)
        self._known[replication.address] = replication
        self.tally.done += 1
        self.tally.failed += replication.error is not None
        if self.progress is not None:
            self.progress(self.tally)
