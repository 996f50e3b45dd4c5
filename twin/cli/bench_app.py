"""`twin bench`: speed as ratios, and policies against published values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Json, Overrides

bench_app = typer.Typer(help="Measure speed, as ratios taken in one run.", no_args_is_help=True)


@bench_app.command("run")
def bench_run(
    scenario: Annotated[str, typer.Argument()] = "reference",
    override: Overrides = None,
    json: Json = False,
) -> None:
    """CPU of a run against a bare SimPy loop in the same process."""
    from twin.cli.bench_command import bench_run_command

    bench_run_command(scenario, override or [], json=json)


@bench_app.command("scale")
def bench_scale(
    most: Annotated[int, typer.Option("--most", help="The largest run, in lines.")] = 1_000_000,
    json: Json = False,
) -> None:
    """How CPU and memory grow with the number of lines."""
    from twin.cli.bench_command import bench_scale_command

    bench_scale_command(most, json=json)


@bench_app.command("study")
def bench_study(
    scenario: Annotated[str, typer.Argument()] = "quickstart",
    replications: Annotated[int, typer.Option("-n", "--replications", min=2, help="Seeds to run.")] = 40,
    workers: Annotated[int, typer.Option("--workers", min=2, help="Processes at a time.")] = 2,
    json: Json = False,
) -> None:
    """How well processes are used: the time of the same replications one by one over that of many at a time."""
    from twin.cli.bench_command import bench_study_command

    bench_study_command(scenario, replications, workers, json=json)


@bench_app.command("view")
def bench_view(
    events: Annotated[int, typer.Option("--events", min=1000, help="Events of the run that is made up.")] = 5_000_000,
    locations: Annotated[int, typer.Option("--locations", min=200, help="Its locations.")] = 20_000,
    workers: Annotated[int, typer.Option("--workers", min=2, help="Its workers.")] = 200,
    json: Json = False,
) -> None:
    """What the visualizer costs here: opening, seeking, playing at 60x, and the parts of a frame."""
    from twin.cli.view_bench_command import bench_view_command

    bench_view_command(events, locations, workers, json=json)


BenchSet = Annotated[str | None, typer.Option("--set", help="The kind of files; without it drawn pick lists.")]
BenchPath = Annotated[Path | None, typer.Argument(help="A folder of instances, or the .tgz in it.")]
BenchRules = Annotated[list[str] | None, typer.Option("--rule", metavar="KEY=VALUE", help="A rule of the policy.")]
Every = Annotated[int, typer.Option("--every", min=1, help="Only every N-th instance.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many instances.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes; the rows stay in order.")]
MaxGap = Annotated[float | None, typer.Option("--max-gap", help="Exit code 1 if the mean gap is above this share.")]
ToCsv = Annotated[Path | None, typer.Option("--csv", help="Write the rows here.")]


@bench_app.command("routing")
def bench_routing(
    path: BenchPath = None,
    of_set: BenchSet = None,
    policy: Annotated[str | None, typer.Option("--policy", help="The routing policy.")] = None,
    every: Every = 1,
    limit: Limit = None,
    workers: Workers = 1,
    max_gap: MaxGap = None,
    csv: ToCsv = None,
    json: Json = False,
) -> None:
    """A routing policy against published optima; without a set, microseconds per tour of all policies."""
    from twin.cli.policy_bench_command import policy_bench_command

    raise typer.Exit(
        policy_bench_command(
            "routing", of_set, path, policy, routing="", rules=[], seeds=1, every=every, limit=limit, workers=workers,
            max_gap=max_gap, to_csv=csv, json=json,
        )
    )  # fmt: skip


@bench_app.command("batching")
def bench_batching(
    path: BenchPath = None,
    of_set: BenchSet = None,
    policy: Annotated[str | None, typer.Option("--policy", help="The batching policy.")] = None,
    routing: Annotated[str, typer.Option("--routing", help="The policy that walks the batches.")] = "optimal",
    rule: BenchRules = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds 0 to N-1 of a randomised search.")] = 1,
    every: Every = 1,
    limit: Limit = None,
    workers: Workers = 1,
    max_gap: MaxGap = None,
    csv: ToCsv = None,
    json: Json = False,
) -> None:
    """A batching policy against published values; without a set, CPU and length of drawn waves."""
    from twin.cli.policy_bench_command import policy_bench_command

    raise typer.Exit(
        policy_bench_command(
            "batching", of_set, path, policy, routing=routing, rules=rule or [], seeds=seeds, every=every, limit=limit,
            workers=workers, max_gap=max_gap, to_csv=csv, json=json,
        )
    )  # fmt: skip
