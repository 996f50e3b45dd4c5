"""The command `view`, as it stands on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Json, Overrides


def add_view(app: typer.Typer) -> None:
    """Put the command on the app."""
    app.command()(view)


def view(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO|RUN]", help="A scenario runs live, a run folder is replayed; none: choose."),
    ] = None,
    beside: Annotated[
        str | None, typer.Argument(metavar="[RUN_B]", help="A second run folder: both side by side, on one clock.")
    ] = None,
    override: Overrides = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of a live run: another seed than the scenario's.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", metavar="FAMILY=NAME", help="Of a live run: use this policy.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Of a live run: write the run folder here.")] = None,
    commands: Annotated[
        Path | None, typer.Option("--commands", help="Of a live run: a file of commands, JSON lines.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one page that replays the run in a browser; no window opens.")
    ] = None,
    shot: Annotated[
        tuple[str, Path] | None, typer.Option("--shot", metavar="TIME FILE", help="Write a picture of a time, PNG.")
    ] = None,
    gif: Annotated[Path | None, typer.Option("--gif", help="Write a film as GIF.")] = None,
    mp4: Annotated[Path | None, typer.Option("--mp4", help="Write a film as MP4; needs the extra `video`.")] = None,
    follow: Annotated[
        str | None, typer.Option("--follow", metavar="WORKER", help="Of pictures and films: follow this worker.")
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option(
            "--layers", metavar="A,B", help="Of pictures and films: locations, heat, trails, queues, labels, abc."
        ),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="TIME", help="10:45:41, 2d10:45 or 2h30m.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Until when.")] = None,
    speed: Annotated[
        float | None, typer.Option("--speed", min=0, help="Simulated per real time; 0: as it can. Of a window: 60.")
    ] = None,
    size: Annotated[
        str | None, typer.Option("--size", metavar="WxH", help="In pixels: 1600x900, of a GIF 800x450.")
    ] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="dark or light.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en or zh.")] = None,
    scale: Annotated[float | None, typer.Option("--scale", help="Size of words and signs: 1, 1.25, 1.5 or 2.")] = None,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="Write what the window shows as JSON lines, for tests.")
    ] = None,
    frames: Annotated[int | None, typer.Option("--frames", min=1, help="Close after so many frames.")] = None,
    json: Json = False,
) -> None:
    """Look at a run, live or recorded, or at two side by side; or write one as a page, as pictures or as films."""
    from twin.cli.view_command import view_command
    from twin.cli.view_exports import Exports
    from twin.cli.view_options import Window

    window = Window(
        overrides=override or [], seed=seed, policies=policy or [], out=out, commands=commands, start=start,
        times_real=60 if speed is None else speed, size=size or "1600x900", theme=theme, lang=lang, scale=scale,
        trace=trace, frames=frames,
    )  # fmt: skip
    exports = Exports(
        html=html, shot=shot, gif=gif, mp4=mp4, start=start, end=end, times_real=speed, follow=follow, layers=layers,
        size=size, theme=theme or "dark", lang=lang or "en", scale=scale, json=json,
    )  # fmt: skip
    view_command(what, beside, exports, window)
