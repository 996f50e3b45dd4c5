"""What is written by hand and waits in the tray for the clerk."""

from __future__ import annotations

from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """Rows written by hand, and what is told when they are all keyed."""

    task: str
    worker: str
    rows: list[Any]
    after: list[Any]
