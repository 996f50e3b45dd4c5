"""The command `view`, as it stands on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Json, Lang


def add_view(app: typer.Typer) -> None:
    """Put the command on the app."""
    app.command()(view)


def view(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")],
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one page that replays the run in a browser; no window opens.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="TIME", help="10:45:41, 2d10:45 or 2h30m.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Until when.")] = None,
    theme: Annotated[str, typer.Option("--theme", help="dark or light.")] = "dark",
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Look at a run, or write it as a page for a browser."""
    from twin.cli.view_command import view_command
    from twin.cli.view_exports import Exports

    view_command(run, Exports(html=html, start=start, end=end, theme=theme, lang=lang, json=json))
