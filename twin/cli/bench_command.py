"""`twin bench run` and `twin bench scale`: speed as ratios taken in one process, against a bare SimPy loop."""

from __future__ import annotations

import json as jsonlib
import math
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BARE_PROCESSES = 150


def bare_loop_s(events: int) -> float:
    """CPU of a SimPy loop in which 150 processes only yield timeouts, `events` in all."""
    import simpy

    env = simpy.Environment()

    def ticking(count: int) -> Any:
        for _ in range(count):
            yield env.timeout(7)

    for _ in range(BARE_PROCESSES):
        env.process(ticking(events // BARE_PROCESSES))
    begun = time.process_time()
    env.run()
    return time.process_time() - begun


def memory_mb() -> float:
    """Peak resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(scenario: str, overrides: list[str]) -> dict[str, Any]:
    """One run with the full journal on, and a bare loop with as many scheduled events before and after it."""
    from twin.events.parquet import connect
    from twin.events.waiting import NO_EVENTS, Waiting
    from twin.run.running import Run, few_collections
    from twin.spec.loading import load_scenario

    connect().close()  # the libraries that write the tables and the events are imports like the others
    Waiting().packed(NO_EVENTS)
    loaded = load_scenario(scenario, overrides)
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(loaded, out=Path(scratch) / "run")
        before_mb = memory_mb()
        begun = time.process_time()
        with few_collections():
            run.advance(run.premises.horizon_ms)
            result = run.finish()
        cpu_s = time.process_time() - begun
        log_bytes = (Path(scratch) / "run" / "events.parquet").stat().st_size
        peak_mb = memory_mb() - before_mb
    scheduled = result.scheduled_events
    bare = sorted(bare_loop_s(scheduled) for _ in range(3))[1]
    lines = _lines(result)
    return {
        "schema": "twin.bench/1", "scenario": scenario, "overrides": overrides, "lines": lines,
        "events": result.events, "scheduled_events": scheduled, "cpu_s": round(cpu_s, 3), "bare_s": round(bare, 3),
        "cpu_over_bare": round(cpu_s / bare, 2), "scheduled_per_line": round(scheduled / lines, 3),
        "cpu_us_per_line": round(cpu_s / lines * 1e6, 1), "bare_timeout_us": round(bare / scheduled * 1e6, 3),
        "cpu_per_line_over_timeout": round((cpu_s / lines) / (bare / scheduled), 1),
        "log_bytes_per_event": round(log_bytes / result.events, 2),
        "peak_bytes_per_line": round(peak_mb * 1024 * 1024 / lines),
        "digest": result.digest, "versions": result.versions,
    }  # fmt: skip


def shares(scenario: str, overrides: list[str]) -> dict[str, Any]:
    """A run of its own in which every question and all recording is timed: their shares of the run's CPU."""
    from dataclasses import replace

    from twin.events import stream
    from twin.run.running import Run, few_collections
    from twin.spec.loading import load_scenario

    used: dict[str, float] = {}
    asked: dict[str, int] = {}
    clock = time.process_time

    def timed(what: str, work: Any) -> Any:
        used[what], asked[what] = 0.0, 0

        def do(*given: Any) -> Any:
            begun = clock()
            done = work(*given)
            used[what] += clock() - begun
            asked[what] += 1
            return done

        return do

    class Timed:
        def __init__(self, what: str, sink: Any) -> None:
            self.fold = timed(what, sink.fold)

    families: list[str] = []
    sealed = stream.sealed
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(load_scenario(scenario, overrides), out=Path(scratch) / "run")
        assert run.journal is not None
        for desk in run.world.wms.sites.values():
            policies = desk.r.decisions.policies
            families = list(policies)
            for family, policy in policies.items():
                policies[family] = replace(policy, decide=timed(family, policy.decide))
        run.stream.sinks[:] = [
            Timed("log" if sink is run.journal else "digest and observers", sink) for sink in run.stream.sinks
        ]
        merge = run.journal.finish
        run.journal.finish = timed("log at the end", merge)  # type: ignore[method-assign]
        stream.sealed = timed("columns", sealed)
        begun = clock()
        try:
            with few_collections():
                run.advance(run.premises.horizon_ms)
                result = run.finish()
        finally:
            stream.sealed = sealed
        whole = clock() - begun

    def share_of(*parts: str) -> float:
        return round(sum(used[part] for part in parts) / whole, 4)

    record = ("columns", "digest and observers", "log", "log at the end")
    by_family = {
        family: {"share": share_of(family), "asked": asked[family],
                 "us_each": round(1e6 * used[family] / asked[family], 1) if asked[family] else None}
        for family in sorted(families, key=lambda f: (-used[f], f))
    }  # fmt: skip
    return {
        "policies": {"share": share_of(*families), "families": by_family},
        "record": {"share": share_of(*record), "parts": {part: share_of(part) for part in record},
                   "us_per_event": round(1e6 * sum(used[part] for part in record) / result.events, 2)},
    }  # fmt: skip


def _lines(result: Any) -> int:
    return max(1, int(result.kpis["lines_shipped"] or 0))


POLICIES_MOST = 1 / 3
AIMS = (
    ("cpu_over_bare", "CPU of the run / CPU of a bare SimPy loop with as many events", 6.0),
    ("scheduled_per_line", "scheduled events per order line", 7.0),
    ("cpu_per_line_over_timeout", "CPU per order line / one bare timeout", 50.0),
    ("log_bytes_per_event", "log on disk, bytes per event", 16.0),
)


def bench_run_command(scenario: str, overrides: list[str], *, json: bool) -> None:
    """Print the ratios of one run."""
    found = measure(scenario, overrides)
    found |= shares(scenario, overrides)
    if json:
        print(jsonlib.dumps(found, indent=2))
        return
    print(
        f"{scenario}: {found['lines']:,} lines shipped, {found['events']:,} events on record, "
        f"{found['scheduled_events']:,} scheduled, {found['cpu_s']:.1f} s CPU, bare loop {found['bare_s']:.2f} s"
    )
    for key, words, aim in AIMS:
        verdict = "reached" if found[key] <= aim else "not reached"
        print(f"  {words:68} {found[key]:>8.2f}   aim at most {aim:g}  {verdict}")
    policies, record = found["policies"], found["record"]
    verdict = "reached" if policies["share"] <= POLICIES_MOST else "not reached"
    words = "share of the policies in the CPU of a run"
    print(f"  {words:68} {policies['share']:>8.2f}   aim at most 0.33  {verdict}")
    for family, row in policies["families"].items():
        if row["asked"]:
            print(
                f"    {family:<18}{100 * row['share']:>6.2f} %{row['asked']:>10,} asked{row['us_each']:>10,.1f} us each"
            )
    words = f"share of the record in it, {record['us_per_event']:.2f} us per event"
    print(f"  {words:68} {record['share']:>8.2f}")
    for part, share in record["parts"].items():
        print(f"    {part:<22}{100 * share:>6.2f} %")


def bench_scale_command(most: int, *, json: bool) -> None:
    """CPU and memory from 10 thousand lines up to `most`, each size in a process of its own."""
    import subprocess

    sizes = [n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000) if n <= most]
    rows = []
    for lines in sizes:
        orders = lines // 5
        share = lines / 100_000
        overrides = [
            f"demand.generate.orders_per_day={orders}", f"demand.generate.max_orders={orders}",
            f"workforce.pickers.count={max(2, round(150 * share))}",
            f"workforce.packers.count={max(1, round(40 * share))}",
            f"workforce.replenishers.count={max(1, round(10 * share))}",
            f"workforce.loaders.count={max(1, round(8 * share))}",
            f"layout.pack_stations.pack.benches={max(1, round(40 * share))}", "layout.aisle_capacity=unlimited",
            f"layout.conveyors.spine.speed_m_per_s={max(1.5, 1.5 * share)}",
            f"assortment.generate.units_per_pallet={max(240, round(480 * share))}",
        ]  # fmt: skip
        code = (
            "import json, sys; from twin.cli.bench_command import measure; "
            "print(json.dumps(measure(sys.argv[1], sys.argv[2:])))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "reference", *overrides], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            raise SystemExit(done.returncode)
        rows.append(jsonlib.loads(done.stdout))
        print(f"{lines:,} lines: {rows[-1]['cpu_s']:.1f} s", file=sys.stderr)
    exponent = None
    if len(rows) > 1:
        x = [math.log(r["lines"]) for r in rows]
        y = [math.log(r["cpu_s"] / r["bare_timeout_us"]) for r in rows]
        mx, my = sum(x) / len(x), sum(y) / len(y)
        exponent = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)
    if json:
        print(jsonlib.dumps({"schema": "twin.scale/1", "sizes": rows, "exponent": exponent}, indent=2))
        return
    for r in rows:
        print(
            f"  {r['lines']:>9,} lines  {r['cpu_us_per_line']:>7.1f} us per line  "
            f"{r['cpu_per_line_over_timeout']:>6.1f} timeouts  {r['peak_bytes_per_line']:>6} bytes per line"
        )
    if exponent is not None:
        print(f"  growth of CPU (in bare timeouts) with lines: exponent {exponent:.3f}   aim at most 1.05")


def bench_study_command(scenario: str, replications: int, workers: int, *, json: bool) -> None:
    """Efficiency: seconds one by one / (processes x seconds at a time), start of the processes included."""
    from experiments.designs import design_of
    from experiments.execution import InPlace, SpawnedWorkers
    from experiments.gathering import Gathering
    from experiments.store import ResultStore

    design = design_of(scenario, scenario)
    seeds = range(1, replications + 1)
    seconds, digests = [], []
    for executor in (InPlace, lambda: SpawnedWorkers(workers)):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            with Gathering(ResultStore(Path(folder)), executor) as gathering:
                found = gathering.gather([(design, seed) for seed in seeds])
            seconds.append(time.perf_counter() - begun)
            digests.append([r.digest for r in found])
    efficiency = seconds[0] / (workers * seconds[1])
    said = {
        "schema": "twin.bench-study/1", "scenario": scenario, "replications": replications, "workers": workers,
        "one_by_one_s": round(seconds[0], 2), "at_a_time_s": round(seconds[1], 2),
        "efficiency": round(efficiency, 3), "same_digests": digests[0] == digests[1],
    }  # fmt: skip
    if json:
        print(jsonlib.dumps(said, indent=2))
        return
    print(
        f"{replications} replications of {scenario}: {seconds[0]:.1f} s one by one, {seconds[1]:.1f} s in {workers} "
        f"processes: efficiency {100 * efficiency:.0f} % (aim 90), digests "
        f"{'the same' if said['same_digests'] else 'DIFFER'}"
    )
