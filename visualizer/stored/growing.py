"""Columns that grow at their end, as arrays: what live runs append and replays load at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Growing:
    """A one-dimensional array with room at its end; `values` is a view, valid until the next append."""

    __slots__ = ("_room", "size")

    def __init__(self, dtype: Any) -> None:
        self._room: Array = np.empty(0, dtype=dtype)
        self.size = 0

    def __len__(self) -> int:
        return self.size

    @property
    def values(self) -> Array:
        """What is there."""
        return self._room[: self.size]

    @property
    def nbytes(self) -> int:
        """Memory held, room included."""
        return self._room.nbytes

    def extend(self, more: Array) -> None:
        """Put values behind the last."""
        need = self.size + len(more)
        if need > len(self._room):
            room = np.empty(need if self.size == 0 else max(need, self.size + self.size // 2 + 64), self._room.dtype)
            room[: self.size] = self.values
            self._room = room
        self._room[self.size : need] = more
        self.size = need
