"""A column that is kept for the whole run: what came lately as it is, all before packed as narrow as it allows.

A packed block holds distances from its least value, or steps where the values never fall, in 8, 16 or 32 bits; one
value throughout costs no room at all. Where the run has an archive the blocks lie there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.events.archive import Archive, Archived
from twin.events.chunk import Ints
from twin.events.columns import MISSING

BLOCK_ROWS = 8192
PARTS_MOST = 64
"""Above so many small parts an array's own overhead would outweigh what is in it."""

_WIDTHS = ((np.uint8, 1 << 8), (np.uint16, 1 << 16), (np.uint32, 1 << 32))


class Block(NamedTuple):
    """`size` values: `least` + each of `more`, or their running sum where they are `steps`; `missing`: its code."""

    size: int
    least: int
    more: NDArray[Any] | Archived | None
    steps: bool
    missing: int | None
    kind: str = ""

    def put(self, archive: Archive) -> Block:
        """The same with `more` in an archive, and its `kind` of numbers known."""
        if not isinstance(self.more, np.ndarray):
            return self
        return self._replace(more=archive.put(self.more.tobytes()), kind=self.more.dtype.str)


class Kept:
    """Whole numbers in order of arrival."""

    __slots__ = ("_blocks", "_lately", "_waiting")

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lately: list[Ints] = []
        self._waiting = 0

    def add(self, values: Ints, archive: Archive | None = None) -> None:
        """Take more values; what is packed goes to the archive if there is one."""
        self._lately.append(values)
        self._waiting += len(values)
        if self._waiting >= BLOCK_ROWS:
            block = packed(np.concatenate(self._lately))
            self._blocks.append(block if archive is None else block.put(archive))
            self._lately, self._waiting = [], 0
        elif len(self._lately) == PARTS_MOST:
            self._lately = [np.concatenate(self._lately)]

    def values(self) -> Ints:
        """All of them."""
        whole = np.empty(len(self), dtype=np.int64)
        at = 0
        for part in self.parts():
            whole[at : at + len(part)] = part
            at += len(part)
        return whole

    def parts(self) -> Iterator[Ints]:
        """All of them, some thousand at a time; columns that are added to together are parted alike."""
        for number in range(self.part_count):
            yield self.part(number)

    @property
    def part_count(self) -> int:
        """How many parts there are."""
        return len(self._blocks) + bool(self._lately)

    def part(self, number: int) -> Ints:
        """One of the parts."""
        return unpacked(self._blocks[number]) if number < len(self._blocks) else np.concatenate(self._lately)

    def __len__(self) -> int:
        return sum([block.size for block in self._blocks]) + self._waiting


def packed(values: Ints) -> Block:
    """Values in as little room as they allow."""
    size = len(values)
    least, most = int(values.min()), int(values.max())
    if least == most:
        return Block(size, least, None, False, None)
    gaps = values == MISSING if least == MISSING else None
    if gaps is not None:
        least = int(values[~gaps].min())
    elif most - least >= 1 << 8:
        steps = np.diff(values)
        if steps.min() >= 0 and int(steps.max()) < (most - least) >> 8:
            return Block(size, int(values[0]), _narrow(steps, int(steps.max())), True, None)
    if most - least + 1 >= 1 << 32:
        return Block(size, 0, values, False, None)
    more = values - least
    missing = None
    if gaps is not None:
        missing = most - least + 1
        more[gaps] = missing
    return Block(size, least, _narrow(more, most - least + (gaps is not None)), False, missing)


def _narrow(values: Ints, most: int) -> NDArray[Any]:
    return values.astype(next(kind for kind, above in _WIDTHS if most < above))


def unpacked(block: Block) -> Ints:
    """The values of a block."""
    more = block.more
    if more is None:
        return np.full(block.size, block.least, dtype=np.int64)
    if isinstance(more, Archived):
        more = np.frombuffer(more.read(), dtype=block.kind)
    if block.steps:
        values = np.empty(block.size, dtype=np.int64)
        values[0] = block.least
        np.cumsum(more, dtype=np.int64, out=values[1:])
        values[1:] += block.least
        return values
    values = more.astype(np.int64) + block.least
    if block.missing is not None:
        values[more == block.missing] = MISSING
    return values
