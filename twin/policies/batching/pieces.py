"""Batches as arrays, as many at a time as fit the memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
PREPARED_AT_ONCE = 20_000  # batches


def in_pieces(batches: Sequence[Sequence[int]] | Ints, measure: Callable[[Ints, Ints], Ints]) -> list[int]:
    """What `measure` says of each batch; it is given the orders of batch after batch, and how many each has."""
    found: list[int] = []
    for at in range(0, len(batches), PREPARED_AT_ONCE):
        piece = batches[at : at + PREPARED_AT_ONCE]
        counts = np.fromiter(map(len, piece), dtype=np.int64, count=len(piece))
        members = np.fromiter(chain.from_iterable(piece), dtype=np.int64, count=int(counts.sum()))
        found += measure(members, counts).tolist()
    return found
