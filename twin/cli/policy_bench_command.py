"""`twin bench routing` and `twin bench batching`: policies against published instances, or what a decision costs."""

from __future__ import annotations

import csv
import json as jsonlib
import platform
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError


def policy_bench_command(
    family: str, of_set: str | None, path: Path | None, policy: str | None, *, routing: str, rules: list[str],
    seeds: int, every: int, limit: int | None, workers: int, max_gap: float | None, to_csv: Path | None, json: bool,
) -> int:  # fmt: skip
    """Exit code 1: a run is invalid, or the mean gap is above `max_gap`."""
    if of_set is None and path is None:
        _times(family, routing, json=json)
        return 0
    if of_set is None or path is None or policy is None:
        raise SpecError(f"twin bench {family}: --set NAME, PATH and --policy NAME belong together")
    from twin.run.policy_bench import Job, Row, as_dict, summary
    from twin.run.policy_bench import rows as run_rows

    job = Job(family, of_set, path, policy, routing, rules=tuple(_rules(rules).items()))
    found = []
    total = 0

    def done(row: Row) -> None:
        nonlocal total
        total += 1
        if sys.stderr.isatty():
            print(f"\r{total} done, {row.instance}\033[K", end="", file=sys.stderr)

    found = run_rows(job, range(seeds), every, limit, workers, done)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    figures = summary(found)
    if to_csv is not None:
        from twin.events.whole_file import whole_file

        with whole_file(to_csv) as part, part.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, [field.name for field in fields(Row)])
            writer.writeheader()
            writer.writerows([as_dict(row) for row in found])
    answer = {
        "schema": "twin.bench-policy/1", "family": family, "set": of_set, "policy": policy,
        "routing": routing if family == "batching" else None, "machine": _machine(), "summary": figures,
    }  # fmt: skip
    if json:
        print(jsonlib.dumps(answer | {"rows": [as_dict(row) for row in found]}, indent=2))
    else:
        _print(answer, [as_dict(row) for row in found if not row.valid])
    above = max_gap is not None and (figures["mean_gap"] is None or figures["mean_gap"] > max_gap)
    return 1 if figures["invalid"] or above else 0


def _machine() -> str:
    return f"{platform.machine()}, Python {platform.python_version()}"


def _rules(given: list[str]) -> dict[str, Any]:
    from twin.spec.plain_yaml import scalar

    found: dict[str, Any] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise SpecError(f"--rule {one}: KEY=VALUE is needed")
        found[key] = scalar(value)
    return found


def _print(answer: dict[str, Any], invalid: list[dict[str, Any]]) -> None:
    figures = answer["summary"]
    under = f", measured by {answer['routing']} tours" if answer["routing"] else ""
    print(f"{answer['family']}={answer['policy']} on {answer['set']}{under}")

    def share(value: float | None) -> str:
        return "-" if value is None else f"{100 * value:.4f} %"

    for label, value in (
        ("instances", f"{figures['instances']:,}, {figures['seeds']} seed(s)"),
        ("invalid", figures["invalid"]),
        ("mean gap", share(figures["mean_gap"])),
        ("95th percentile", share(figures["p95_gap"])),
        ("largest gap", share(figures["max_gap"])),
        ("equal to the reference", share(figures["share_exact"])),
        ("CPU per instance", f"median {figures['cpu_us_median']:,.0f} us, 95th {figures['cpu_us_p95']:,.0f} us"),
        ("CPU in all", f"{figures['cpu_s']:.2f} s ({answer['machine']})"),
    ):
        print(f"  {label:<24}{value}")
    if figures["max_gap"]:
        print("  worst: " + ", ".join([f"{row['instance']} {share(row['gap'])}" for row in figures["worst"]]))
    for row in invalid[:5]:
        print(f"  INVALID {row['instance']}: {row['fault']}")


def _times(family: str, routing: str, *, json: bool) -> None:
    from twin.run.policy_times import tour_times, wave_times

    found = tour_times() if family == "routing" else wave_times(routing)
    if json:
        print(jsonlib.dumps({"schema": "twin.bench-times/1", "family": family, "machine": _machine(), "rows": found}))
        return
    if family == "routing":
        print(f"{'policy':<14}{'blocks':>7}{'stops':>7}{'us per tour':>13}{'mean m':>10}")
        for row in found:
            print(
                f"{row['policy']:<14}{row['blocks']:>7}{row['stops']:>7}{row['us_per_tour']:>13,.0f}{row['mean_m']:>10,.1f}"
            )
        return
    print(
        f"{'blocks':>6}{'orders':>7} {'policy':<18}{'max_tours':>10}{'batches':>9}{'length m':>12}"
        f"{'over best':>11}{'CPU s':>8}"
    )
    for row in found:
        print(
            f"{row['blocks']:>6}{row['orders']:>7} {row['policy']:<18}{row['max_tours'] or '-':>10}{row['batches']:>9}"
            f"{row['length_m']:>12,.0f}{100 * row['over_best']:>9.2f} %{row['cpu_s']:>8.2f}"
        )
