"""Where tables are printed: as wide as the terminal, and wide enough where there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def wide_console() -> Console:
    """A console whose tables are not crushed where the output is no terminal: figures stay whole in a file."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 150)
