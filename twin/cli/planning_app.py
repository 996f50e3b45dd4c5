"""The commands `costs`, `staff` and `stress`, as they stand on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Cluster, Json, Overrides, Store, Workers

Policies = Annotated[
    list[str] | None, typer.Option("--policy", metavar="FAMILY=NAME", help="Use this policy for a family.")
]
Replications = Annotated[int, typer.Option("-n", "--replications", min=1, help="Seeds that each design runs.")]
Seed = Annotated[int | None, typer.Option("--seed", help="The first seed; else the scenario's.")]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.9999, help="Of the intervals.")]


def add_planning(app: typer.Typer) -> None:
    """Put the commands on the app."""
    app.command()(costs)
    app.command()(staff)
    app.command()(stress)


def costs(
    arms: Annotated[
        list[str], typer.Argument(metavar="A [B...]", help="SCENARIO, SCENARIO+KEY=VALUE, or +KEY=VALUE: A, changed.")
    ],
    override: Overrides = None,
    policy: Policies = None,
    replications: Replications = 10,
    seed: Seed = None,
    confidence: Confidence = 0.95,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """What a day costs, item by item; with several designs what each saves and when it is paid back."""
    from twin.cli.planning_command import PlanningOptions, costs_command

    costs_command(
        arms,
        PlanningOptions(
            overrides=override or [], policies=policy or [], replications=replications, seed=seed,
            confidence=confidence, store=store, workers=workers, cluster=cluster, json=json,
        ),
    )  # fmt: skip


def staff(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")],
    role: Annotated[str, typer.Option("--role", help="The role of the workforce.")] = "pickers",
    on_time: Annotated[float, typer.Option("--on-time", help="The share of due orders to leave in time.")] = 0.98,
    between: Annotated[tuple[int, int], typer.Option("--between", help="The fewest and the most to try.")] = (1, 40),
    group: Annotated[int | None, typer.Option("--group", min=0, help="Which group, where a role has several.")] = None,
    override: Overrides = None,
    policy: Policies = None,
    replications: Replications = 10,
    seed: Seed = None,
    confidence: Confidence = 0.95,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """How many people are enough."""
    from twin.cli.planning_command import PlanningOptions, staff_command

    options = PlanningOptions(
        overrides=override or [], policies=policy or [], replications=replications, seed=seed, confidence=confidence,
        store=store, workers=workers, cluster=cluster, json=json,
    )  # fmt: skip
    raise typer.Exit(staff_command(scenario, role, on_time, between, group, options))


def stress(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")],
    until_on_time: Annotated[float, typer.Option("--until-on-time", help="The share on time to fall below.")] = 0.95,
    most: Annotated[float, typer.Option("--most", help="Demand goes no further than so many times its own.")] = 4.0,
    override: Overrides = None,
    policy: Policies = None,
    replications: Replications = 10,
    seed: Seed = None,
    confidence: Confidence = 0.95,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """How much peak is borne, and which resource gives way first."""
    from twin.cli.planning_command import PlanningOptions, stress_command

    options = PlanningOptions(
        overrides=override or [], policies=policy or [], replications=replications, seed=seed, confidence=confidence,
        store=store, workers=workers, cluster=cluster, json=json,
    )  # fmt: skip
    raise typer.Exit(stress_command(scenario, until_on_time, most, options))
