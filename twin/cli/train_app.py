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
        Path | None,
        typer.Option("--commands", help="Decisions as JSON lines; no window opens, nor with --json or --until."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="With --save: how far to go, HH:MM or +2h30m.")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Lay the exercise aside here: at --until, or when the window is asked to."),
    ] = None,
    resume: Annotated[Path | None, typer.Option("--resume", help="Go on with an exercise laid aside.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Another seed than the lesson's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the trainee's run here, as a run folder.")] = None,
    no_worth: Annotated[
        bool, typer.Option("--no-worth", help="Leave out what each decision was worth: faster.")
    ] = False,
    workers: Workers = None,
    trainer: Annotated[
        bool, typer.Option("--trainer", help="A second window for the trainer: the truth, and incidents to inject.")
    ] = False,
    speed: Annotated[float, typer.Option("--speed", min=0, help="Simulated per real time; 0: as it can.")] = 60.0,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Of the windows, in pixels.")] = "1600x900",
    theme: Annotated[str | None, typer.Option("--theme", help="dark or light.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en or zh.")] = None,
    scale: Annotated[float | None, typer.Option("--scale", help="Size of words and signs: 1, 1.25, 1.5 or 2.")] = None,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="Write what the window shows as JSON lines, for tests.")
    ] = None,
    frames: Annotated[int | None, typer.Option("--frames", min=1, help="Close after so many frames.")] = None,
    json: Json = False,
) -> None:
    """Run a shift with incidents, decide, and see what the decisions were worth: exit code 1 below the pass mark."""
    from twin.cli.train_command import TrainOptions, train_command
    from twin.cli.view_options import Window

    options = TrainOptions(
        commands=commands, until=until, save=save, resume=resume, seed=seed, out=out, worth=not no_worth,
        workers=workers, json=json, trainer=trainer,
        window=Window(times_real=speed, size=size, theme=theme, lang=lang, scale=scale, trace=trace, frames=frames,
                      out=out),
    )  # fmt: skip
    raise typer.Exit(train_command(lesson, options))
