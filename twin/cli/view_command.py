"""`twin view`: files in place of a window, or the window."""

from __future__ import annotations

from twin.cli.view_exports import Exports, export
from twin.cli.view_options import Window
from twin.domain.errors import SpecError


def view_command(what: str | None, beside: str | None, asked: Exports, window: Window) -> None:
    """Write what is asked for, or open the window on a run, two runs, a scenario or the start screen."""
    if not asked.any:
        from twin.cli.view_window import open_window

        open_window(what, beside, window)
        return
    if beside is not None:
        raise SpecError("two runs side by side are for a window; pages, pictures and films are of one run")
    if what is None:
        raise SpecError("name the run to write: twin view RUN --html FILE, --shot TIME FILE, --gif FILE or --mp4 FILE")
    if window.is_of_live_runs:
        raise SpecError("--seed, -o, --policy, --commands and --out go with a window on a live run, not with files")
    export(what, asked)
