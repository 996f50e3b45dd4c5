"""Closed cartons on their way from the bench to the trailer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.domain.ids import Lpn


class Carton(NamedTuple):
    """A closed carton: the order it is for and the one on its label; `load_ms`: drawn with the order, for its first.

    `row`: what is in it, as a row of kinds, then their units: it stays as it is.
    """

    order: str
    number: int
    label: str
    load_ms: int | None
    row: tuple[Any, ...]

    @property
    def contents(self) -> Iterator[tuple[Any, int]]:
        """Kind and units."""
        kinds = len(self.row) // 2
        return zip(self.row[:kinds], self.row[kinds:], strict=True)


def carton_name(site: str, number: int) -> Lpn:
    """The licence plate of a carton."""
    return Lpn(f"{site}/C{number:07d}")
