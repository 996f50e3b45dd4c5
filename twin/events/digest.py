"""The fingerprint of a run: equal inputs give an equal digest, whoever watched.

sha256 over blocks of 4,096 events in order; per block, each column that holds a value: its name, then its values as
little-endian int64. Ids and words count by the 64-bit BLAKE2b of their names, missing as the minimum.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Protocol

import numpy as np

from twin.events.chunk import Chunk, joined
from twin.events.columns import COLUMNS, MISSING, NAMES, NOT_IN_DIGEST

BLOCK_EVENTS = 4096

_COLUMNS = tuple((name, name.encode(), name in NAMES) for name in COLUMNS if name not in NOT_IN_DIGEST)


class _Hash(Protocol):
    def update(self, data: Any, /) -> None: ...


class Digest:
    """Folds chunks of any size into one digest; the blocks are its own."""

    def __init__(self) -> None:
        self._sha = sha256()
        self._waiting: list[Chunk] = []
        self._waiting_events = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        if not self._waiting and chunk.size == BLOCK_EVENTS:
            self._take(self._sha, chunk)
            return
        self._waiting.append(chunk)
        self._waiting_events += chunk.size
        if self._waiting_events >= BLOCK_EVENTS:
            whole = joined(self._waiting)
            last = whole.size - whole.size % BLOCK_EVENTS
            for start in range(0, last, BLOCK_EVENTS):
                self._take(self._sha, whole[start : start + BLOCK_EVENTS])
            self._waiting = [whole[last:]] if last < whole.size else []
            self._waiting_events = whole.size - last

    def value(self) -> str:
        """`sha256:` and 64 hexadecimal digits, over all events so far; more may follow."""
        sha = self._sha.copy()
        if self._waiting:
            self._take(sha, joined(self._waiting))
        return f"sha256:{sha.hexdigest()}"

    def figures(self) -> dict[str, str]:
        """The digest under its name in the result."""
        return {"digest": self.value()}

    def _take(self, sha: _Hash, block: Chunk) -> None:
        columns = block.columns
        for name, word, is_name in _COLUMNS:
            values = columns.get(name)
            if values is None or values.max() == MISSING:
                continue
            sha.update(word)
            if is_name:
                values = block.names.hashes(values)
            sha.update(np.ascontiguousarray(values, dtype="<i8").data)
