"""Closed cartons on their way from the bench to the trailer."""

from __future__ import annotations

from typing import NamedTuple


class Carton(NamedTuple):
    """A closed carton: the order it is for and the one on its label; `load_ms`: drawn with the order, for its first."""

    order: str
    number: int
    label: str
    load_ms: int | None
