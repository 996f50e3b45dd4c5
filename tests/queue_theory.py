"""Queues of theory, run through the product's own house: what theory says, how long to run, and what a run shows."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from math import factorial, log, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

SERVICE_S = 60.0
REPLICATIONS = 30
FIRST_SEED = 1000


class Queue(NamedTuple):
    """`servers` benches at a load of `rho`; `orders` in all replications together, after the warm-up.

    `orders` is what the variance of the mean needs for a half-width under 5 %, with a third to spare.
    """

    scenario: str
    servers: int
    rho: float
    orders: int

    @property
    def p_wait(self) -> float:
        """The share that waits (Erlang C; with one server the load, whatever the service times)."""
        a = self.servers * self.rho
        full = a**self.servers / (factorial(self.servers) * (1 - self.rho))
        return full / (sum(a**k / factorial(k) for k in range(self.servers)) + full)

    @property
    def wait_mean(self) -> float:
        """The mean wait in mean services."""
        if self.scenario == "oracles/md1":
            return self.rho / (2 * (1 - self.rho))
        return self.p_wait / (self.servers * (1 - self.rho))

    @property
    def sojourn_p95(self) -> float:
        """M/M/1 only: the time in the system is exponential with rate 1 - rho."""
        return -log(0.05) / (1 - self.rho)

    @property
    def waits_are_rare(self) -> bool:
        """Then the time in the system is tested instead of the wait."""
        return self.p_wait < 0.1

    @property
    def overrides(self) -> list[str]:
        """The scenario at this load: the warm-up is 12 relaxation times of M/M/c."""
        per_minute = self.servers * self.rho
        warmup_h = 12 / (self.servers * (1 - sqrt(self.rho)) ** 2) / 60
        horizon_h = warmup_h + self.orders / REPLICATIONS / per_minute / 60
        return [
            f"layout.pack_stations.pack.benches={self.servers}",
            f"workforce.packers.count={self.servers}",
            f"demand.generate.interarrival_s={{exponential: {{mean: {SERVICE_S / per_minute!r}}}}}",
            f"warmup_h={warmup_h!r}",
            f"horizon_h={horizon_h!r}",
        ]


class Seen(NamedTuple):
    """One replication, in mean services. `sojourn_p95` is of one server only, where service follows arrival."""

    p_wait: float
    wait_mean: float
    sojourn_mean: float
    sojourn_p95: float


class Waits:
    """A sink for waits and services after the warm-up, as the product's log tells them."""

    def __init__(self, warmup_ms: int) -> None:
        self.warmup_ms = warmup_ms
        self.waits_ms: list[np.ndarray] = []
        self.services_ms: list[np.ndarray] = []

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        for kind, kept in (("ServiceStarted", self.waits_ms), ("ServiceEnded", self.services_ms)):
            rows = chunk.rows(kind)
            began_ms = chunk.take("at_ms", rows)
            durations_ms = chunk.take("duration_ms", rows)
            if kind == "ServiceEnded":
                began_ms = began_ms - durations_ms
            kept.append(durations_ms[began_ms >= self.warmup_ms])

    def seen(self) -> Seen:
        """What theory speaks of."""
        waits = np.concatenate(self.waits_ms) / (SERVICE_S * 1000)
        services = np.concatenate(self.services_ms) / (SERVICE_S * 1000)
        both = min(len(waits), len(services))
        return Seen(
            float((waits > 0).mean()),
            float(waits.mean()),
            float(waits.mean() + services.mean()),
            float(np.quantile(waits[:both] + services[:both], 0.95, method="linear")),
        )


def replicate(queue: Queue, seed: int) -> Seen:
    """One run."""
    loaded = load_scenario(queue.scenario, queue.overrides)
    waits = Waits(round(loaded.spec.warmup_h * 3_600_000))
    run_scenario(loaded, seed=seed, observers=False, sinks=[waits])
    return waits.seen()


@contextmanager
def two_workers() -> Iterator[ProcessPoolExecutor]:
    """Replications are independent: two processes share them, and the order of completion changes nothing."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def replications(queue: Queue, pool: ProcessPoolExecutor) -> list[Seen]:
    """All replications with their fixed seeds."""
    seeds = range(FIRST_SEED, FIRST_SEED + REPLICATIONS)
    return list(pool.map(replicate, [queue] * REPLICATIONS, seeds))


def agree(values: list[float], theory: float) -> None:
    """The rule: within four standard errors, and a half-width of at most 5 % so that noise cannot pass."""
    from scipy.stats import t

    n = len(values)
    error = stdev(values) / sqrt(n)
    half_width = float(t.ppf(0.975, n - 1)) * error
    told = f"theory {theory:.6f}, seen {fmean(values):.6f} +- {half_width:.6f}, n = {n}"
    print(told)
    assert half_width <= 0.05 * theory, f"not precise enough: {told}"
    assert abs(fmean(values) - theory) <= 4 * error, f"does not agree: {told}"
