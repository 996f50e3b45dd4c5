"""Closed cartons on their way from the bench to the trailer."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from typing import NamedTuple

from twin.domain.ids import Lpn


class Carton(NamedTuple):
    """A closed carton: the order it is for and the one on its label; `load_ms`: drawn with the order, for its first.

    `row`: what is in it, as numbers of kinds, then their units. It stays as it is, and thousands wait for a truck: so
    it is kept as bytes.
    """

    order: str
    number: int
    label: str
    load_ms: int | None
    row: tuple[int, ...]

    @property
    def contents(self) -> Iterator[tuple[int, int]]:
        """Numbers of kinds, and units."""
        kinds = len(self.row) // 2
        return zip(self.row[:kinds], self.row[kinds:], strict=True)

    def put(self) -> bytes:
        """As it is kept."""
        return marshal.dumps(tuple(self))

    @classmethod
    def of(cls, kept: bytes) -> Carton:
        """The carton again."""
        return cls(*marshal.loads(kept))


def carton_name(site: str, number: int) -> Lpn:
    """The licence plate of a carton."""
    return Lpn(f"{site}/C{number:07d}")
