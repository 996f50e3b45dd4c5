"""The command `train`, as it stands on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Json, Workers


def add_train(app: typer.Typer) -> None:
    """Put the command on the app."""
    app.command()(train)


def train(
    lesson: Annotated[
        str | None, typer.Argument(metavar="[LESSON|SCENARIO]", help="A lesson or scenario, by file or shipped name.")
    ] = None,
    commands: Annotated[
        Path | None, typer.Option("--commands", help="Decisions as JSON lines; no window opens.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="With --save: how far to go, HH:MM or +2h30m.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Lay the exercise aside instead of scoring it.")] = None,
    resume: Annotated[Path | None, typer.Option("--resume", help="Go on with an exercise laid aside.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Another seed than the lesson's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the trainee's run here, as a run folder.")] = None,
    no_worth: Annotated[
        bool, typer.Option("--no-worth", help="Leave out what each decision was worth: faster.")
    ] = False,
    workers: Workers = None,
    json: Json = False,
) -> None:
    """Run a shift with incidents, decide, and see what the decisions were worth: exit code 1 below the pass mark."""
    from twin.cli.train_command import TrainOptions, train_command

    options = TrainOptions(
        commands=commands, until=until, save=save, resume=resume, seed=seed, out=out, worth=not no_worth,
        workers=workers, json=json,
    )  # fmt: skip
    raise typer.Exit(train_command(lesson, options))
