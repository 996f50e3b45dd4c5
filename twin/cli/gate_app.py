"""`twin gate`: figures recorded in git, checked in CI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Cluster, Json, Overrides, Store, Workers

gate_app = typer.Typer(
    help="Record figures and check in CI whether they got worse: exit code 0 fine, 1 regressed, 2 error, 3 no verdict.",
    no_args_is_help=True,
)

BaselinePath = Annotated[Path, typer.Option("--baseline", help="A .json file, or a folder with one per scenario.")]
Replications = Annotated[
    int, typer.Option("-n", "--replications", min=2, help="Seeds to record; a check uses 10 first.")
]
Figures = Annotated[list[str] | None, typer.Option("--figure", help="Watch this figure; else the default ones.")]
Margins = Annotated[list[str] | None, typer.Option("--margin", metavar="FIGURE=2%", help="How much worse is too much.")]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", metavar="FAMILY=NAME", help="Use this policy for a family.")
]


@gate_app.command("record")
def gate_record(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files or shipped names.")],
    baseline: BaselinePath = Path("baselines"),
    replications: Replications = 40,
    seed: Annotated[int | None, typer.Option("--seed", help="The first seed; else the scenario's.")] = None,
    override: Overrides = None,
    figure: Figures = None,
    margin: Margins = None,
    policy: Policies = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the file.")] = "first record",
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Run scenarios and write what they yield as their baseline."""
    from twin.cli.gate_command import record_command

    record_command(
        scenarios, baseline, replications, seed, override or [], figure or [], margin or [], policy or [], reason,
        store, workers, cluster,
    )  # fmt: skip


@gate_app.command("check")
def gate_check(
    baseline: BaselinePath = Path("baselines"),
    policy: Policies = None,
    max_minutes: Annotated[
        float | None, typer.Option("--max-minutes", min=0, help="No further look beyond this.")
    ] = None,
    nightly: Annotated[bool, typer.Option("--nightly", help="Run every recorded seed, not the first ten.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Report, and exit with 0 all the same.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML here.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, or github for annotations.")] = "text",
    history: Annotated[Path | None, typer.Option("--history", help="Add this commit's line to this file.")] = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Check against the baseline, on the same seeds."""
    from twin.cli.gate_command import CheckOptions, check_command

    raise typer.Exit(
        check_command(
            baseline,
            CheckOptions(
                policies=policy or [], max_minutes=max_minutes, nightly=nightly, exit_zero=exit_zero, junit=junit,
                form=form, history=history, store=store, workers=workers, cluster=cluster, json=json,
            ),
        )
    )  # fmt: skip


@gate_app.command("update")
def gate_update(
    reason: Annotated[str, typer.Option("--reason", help="Why the figures may be others now.")],
    baseline: BaselinePath = Path("baselines"),
    policy: Policies = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Record the same scenarios anew; the review is the diff of the file. Refused in CI."""
    from twin.cli.gate_command import update_command

    update_command(baseline, reason, policy or [], store, workers, cluster)


@gate_app.command("history")
def gate_history(
    file: Annotated[Path, typer.Argument(help="The file that `check --history` writes.")],
    png: Annotated[Path | None, typer.Option("--png", help="Draw it.")] = None,
    json: Json = False,
) -> None:
    """List, and draw, the figures of each commit."""
    from twin.cli.gate_command import history_command

    history_command(file, png, json=json)
