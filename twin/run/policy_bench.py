"""Policies against published instances: one row per instance, every tour measured again from its stops."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twin.domain.aisles import Stop
from twin.domain.errors import DataError
from twin.domain.ids import OrderId, OwnerId
from twin.policies.batching import BatchingSnapshot, BatchOrder
from twin.policies.named import AnyPolicy, named
from twin.policies.routing import RoutingSnapshot, Tour, walked_mm
from twin.policies.shape import POLICY_FAULTS
from twin.run.foreign import foreign, is_foreign
from twin.spec.published_sets import Instance, Reference, instances, references

EXACT = 1e-6
KINDS = {"sprp": "routing", "sprp-two-blocks": "routing"}


@dataclass(frozen=True, slots=True)
class Row:
    """One instance under one policy and seed. valid: complete, within the capacity, measured again, not below proof."""

    instance: str
    policy: str
    seed: int
    value: float
    optimum: float | None
    gap: float | None
    cpu_s: float
    valid: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What to run. rules: of the policy under test; routing: measures batches."""

    family: str
    of_set: str
    path: Path
    policy: str
    routing: str = "optimal"
    seed: int = 0
    rules: tuple[tuple[str, Any], ...] = ()


def rows(
    job: Job, seeds: Sequence[int], every: int = 1, limit: int | None = None, workers: int = 1,
    done: Callable[[Row], None] = lambda row: None,
) -> list[Row]:  # fmt: skip
    """All rows, by seed and file name whatever the number of workers."""
    if (KINDS.get(job.of_set, "batching")) != job.family:
        raise DataError(f"--set {job.of_set} has no instances of {job.family}")
    policy_of(job)  # a wrong name is told before anything is read
    chosen = list(instances(job.of_set, job.path))[::every][:limit]
    if not chosen:
        raise DataError(f"{job.path}: holds no instance")
    best = references(job.path) if job.of_set != "sprp-two-blocks" else {}
    tasks = [
        (Job(**{**_fields(job), "seed": seed}), instance, best.get(instance.name))
        for seed in seeds
        for instance in chosen
    ]
    found: list[Row] = []
    for row in _worked(tasks, workers):
        done(row)
        found.append(row)
    return found


def _fields(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in Job.__slots__}


Task = tuple[Job, Instance, Reference | None]


def _worked(tasks: list[Task], workers: int) -> Iterable[Row]:
    if workers == 1:
        yield from map(solve, tasks)
        return
    from concurrent.futures.process import BrokenProcessPool

    from twin.run.workers import pool_of

    try:
        with pool_of(workers) as pool:
            yield from pool.map(solve, tasks, chunksize=4)
    except BrokenProcessPool:
        raise DataError("a worker was stopped from outside; run again, or with --workers 1") from None


def policy_of(job: Job) -> AnyPolicy:
    """The policy under test with its rules."""
    given = dict(job.rules)
    of_bench = {"routing": job.routing, "seed": job.seed, "candidates_max": 0} if job.family == "batching" else {}
    if is_foreign(job.policy):
        policy: AnyPolicy = foreign(job.family, job.policy, given, of_family=of_bench).policy
        return policy
    return named(job.family, job.policy, of_bench | given, where=f"--policy {job.policy}")


def solve(task: Task) -> Row:
    """One instance: CPU of the decision alone; then everything is checked from the stops."""
    job, instance, reference = task
    policy = policy_of(job)
    asked = tour_snapshot(instance, instance.orders[0]) if job.family == "routing" else batch_snapshot(instance)
    begun = time.process_time()
    try:
        decided: Any = policy(asked)
    except POLICY_FAULTS as error:  # a policy under test may fail in any way: an instance without an answer has failed
        fault = f"{type(error).__name__}: {error}"
        cpu_s = time.process_time() - begun
        best = None if reference is None else reference.value
        return Row(instance.name, job.policy, job.seed, 0.0, best, None, cpu_s, False, fault)
    cpu_s = time.process_time() - begun
    if isinstance(asked, RoutingSnapshot):
        value, fault = _walked(instance, asked, decided)
    else:
        value, fault = _summed(instance, asked, decided.batches, named("routing", job.routing))
    own = value / instance.scale
    gap = None if reference is None else own / reference.value - 1
    if not fault and reference is not None and reference.proven and own < reference.value - EXACT:
        fault = "shorter than the proven optimum"
    return Row(
        instance.name, job.policy, job.seed, own, None if reference is None else reference.value, gap, cpu_s,
        not fault, fault,
    )  # fmt: skip


def tour_snapshot(instance: Instance, stops: Iterable[Stop]) -> RoutingSnapshot:
    """One tour of an instance, as the WMS would ask."""
    once = tuple({s.location: s for s in stops}.values())
    return RoutingSnapshot(
        now_ms=0, book_version=0, stops=once, plan=instance.plan, start=instance.depot, end=instance.depot
    )


def batch_snapshot(instance: Instance) -> BatchingSnapshot:
    """All orders of an instance; its capacity stands as the mass that a cart takes."""
    width = len(str(len(instance.orders)))
    return BatchingSnapshot(
        now_ms=0,
        book_version=0,
        orders=tuple(
            [
                BatchOrder(
                    order=OrderId(f"{i:0{width}d}"), owner=OwnerId("owner"), stops=stops, lines=len(stops),
                    mass_kg=float(size), volume_l=0.0, cutoff_at_ms=0, work_ms=0, storage="ambient", segregation=None,
                )
                for i, (stops, size) in enumerate(zip(instance.orders, instance.sizes, strict=True))
            ]
        ),
        plan=instance.plan, start=instance.depot, end=instance.depot, cart_positions=0, max_lines=0,
        max_mass_kg=math.inf if instance.capacity is None else float(instance.capacity), max_volume_l=math.inf,
    )  # fmt: skip


def _walked(instance: Instance, asked: RoutingSnapshot, tour: Tour) -> tuple[int, str]:
    length = walked_mm(instance.plan, instance.depot, instance.depot, tour)
    if sorted([s.location for s in tour.stops]) != sorted([s.location for s in asked.stops]):
        return length, "a stop is missed or visited twice"
    if length != tour.length_mm:
        return length, f"says {tour.length_mm}, walks {length}"
    return length, ""


def _summed(
    instance: Instance, asked: BatchingSnapshot, batches: Sequence[Sequence[OrderId]], route: AnyPolicy
) -> tuple[int, str]:
    by_id = {o.order: o for o in asked.orders}
    total, fault = 0, ""
    if sorted([o for batch in batches for o in batch]) != sorted(by_id):
        return 0, "an order is left out, split or invented"
    for batch in batches:
        load = sum([by_id[o].mass_kg or 0.0 for o in batch])
        if len(batch) > 1 and load > asked.max_mass_kg:
            fault = f"a batch of {load:g} for a capacity of {asked.max_mass_kg:g}"
        question = tour_snapshot(instance, [s for o in batch for s in by_id[o].stops])
        length, missed = _walked(instance, question, route(question))
        total, fault = total + length, fault or missed
    return total, fault


def summary(found: Sequence[Row]) -> dict[str, Any]:
    """The figures over all rows; gaps are means over instances per seed, then over seeds."""
    gaps = sorted([row.gap for row in found if row.gap is not None])
    per_seed = [
        sum(own) / len(own)
        for seed in sorted({row.seed for row in found})
        if (own := [row.gap for row in found if row.seed == seed and row.gap is not None])
    ]
    mean = sum(per_seed) / len(per_seed) if per_seed else None
    known = [row for row in found if row.optimum is not None]  # those without an answer too: they have failed
    cpu = sorted([row.cpu_s for row in found])
    worst = sorted([row for row in found if row.gap is not None], key=lambda row: (-(row.gap or 0.0), row.instance))
    return {
        "instances": len({row.instance for row in found}),
        "seeds": len({row.seed for row in found}),
        "rows": len(found),
        "invalid": sum([not row.valid for row in found]),
        "mean_gap": mean,
        "gap_spread_over_seeds": max(per_seed) - min(per_seed) if per_seed else None,
        "p95_gap": _quantile(gaps, 0.95) if gaps else None,
        "max_gap": gaps[-1] if gaps else None,
        "share_exact": (
            sum([row.valid and abs(row.value - row.optimum) <= EXACT for row in known if row.optimum is not None])
            / len(known)
            if known
            else None
        ),
        "cpu_s": sum(cpu),
        "cpu_us_median": 1e6 * _quantile(cpu, 0.5),
        "cpu_us_p95": 1e6 * _quantile(cpu, 0.95),
        "worst": [{"instance": row.instance, "seed": row.seed, "gap": row.gap} for row in worst[:5]],
    }


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, math.ceil(share * len(values)) - 1 if values else 0)]


def as_dict(row: Row) -> dict[str, Any]:
    """A row as JSON and CSV write it."""
    return asdict(row)
