"""Where replications are made: one seam, `submit(job)` to a future of its replication.

`SpawnedWorkers` are processes of this machine; `experiments.cluster` gives the workers of a Dask scheduler; `InPlace`
runs here and now. Nothing but time depends on which.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from threading import RLock
from typing import Protocol

from experiments.replication import Job, Replication, replicate
from twin.run.workers import pool_of

DEATHS_MAX = 3
"""So often may a job be lost with its worker until it is given up."""


class Executor(Protocol):
    """Makes replications. `workers`: how many at a time."""

    workers: int

    def submit(self, job: Job) -> Future[Replication]:
        """Have a replication made; the future fails only where nobody could make it."""
        ...

    def close(self, *, now: bool = False) -> None:
        """Let the workers go; `now`: without waiting for what they do."""
        ...


class WorkerLostError(RuntimeError):
    """A job whose worker died again and again."""


class InPlace:
    """This process, one after the other: for tests and for `--workers 1`."""

    workers = 1

    def submit(self, job: Job) -> Future[Replication]:
        """Make it now."""
        future: Future[Replication] = Future()
        future.set_result(replicate(job))
        return future

    def close(self, *, now: bool = False) -> None:
        """Nothing is held."""


class SpawnedWorkers:
    """Fresh processes of this machine. When one dies, the jobs that were lost with it are given out again.

    No more jobs are handed over than there are workers, so that only jobs in hand can be lost.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or processors()
        self._lock = RLock()
        self._waiting: deque[tuple[Job, Future[Replication], int]] = deque()
        self._in_hand = 0
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def submit(self, job: Job) -> Future[Replication]:
        """Queue a job."""
        future: Future[Replication] = Future()
        with self._lock:
            self._waiting.append((job, future, 0))
            self._hand_out()
        return future

    def pids(self) -> list[int]:
        """The processes at work, for those who watch or kill them."""
        with self._lock:
            processes = getattr(self._pool, "_processes", None) if self._pool is not None else None
            return sorted(processes or ())

    def close(self, *, now: bool = False) -> None:
        """Let the processes go."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            pool, self._pool = self._pool, None
            pids = sorted(getattr(pool, "_processes", None) or ()) if pool is not None else []
        if pool is None:
            return
        if now:
            for pid in pids:
                _kill(pid)
        pool.shutdown(wait=not now, cancel_futures=True)

    def _hand_out(self) -> None:
        while self._waiting and self._in_hand < self.workers and not self._closed:
            job, future, deaths = self._waiting.popleft()
            if self._pool is None:
                self._pool = pool_of(self.workers)
            pool = self._pool
            try:
                inner = pool.submit(replicate, job)
            except BrokenProcessPool:
                self._pool = None
                self._waiting.appendleft((job, future, deaths))
                continue
            self._in_hand += 1
            inner.add_done_callback(partial(self._came, job=job, future=future, deaths=deaths, pool=pool))

    def _came(
        self, inner: Future[Replication], *, job: Job, future: Future[Replication], deaths: int,
        pool: ProcessPoolExecutor,
    ) -> None:  # fmt: skip
        with self._lock:
            self._in_hand -= 1
            if self._closed:
                future.cancel()
                return
            error = inner.exception()
            lost = isinstance(error, BrokenProcessPool)
            if lost:
                if self._pool is pool:
                    self._pool = None
                if deaths + 1 < DEATHS_MAX:
                    self._waiting.append((job, future, deaths + 1))
            self._hand_out()
        if error is None:
            future.set_result(inner.result())
        elif not lost:
            future.set_exception(error)
        elif deaths + 1 >= DEATHS_MAX:
            future.set_exception(
                WorkerLostError(
                    f"{job.loaded.spec.name}, seed {job.seed}: its worker died {DEATHS_MAX} times, perhaps for want of "
                    "memory; the other replications are kept"
                )
            )


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _kill(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
