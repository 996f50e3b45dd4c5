"""`twin view`: files in place of a window."""

from __future__ import annotations

from twin.cli.view_exports import Exports, export
from twin.domain.errors import JournalError


def view_command(run: str, asked: Exports) -> None:
    """Write what is asked for."""
    if not asked.any:
        raise JournalError("name what to write: --html out.html")
    export(run, asked)
