"""Columns of whole numbers as byte planes in one deflated text: small enough for a page that a browser unpacks.

Each column is zigzagged (0, -1, 1, -2 ... become 0, 1, 2, 3 ...), cut into bytes, and its lowest bytes are written
first, then the next: like bytes stand together, which deflates well. `unpack.js` reads it.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from typing import Any

import numpy as np

from visualizer.stored.growing import Array

WIDEST = 6
"""Bytes of a value: what a number of a browser holds exactly."""


class BytePlanes:
    """Columns by name, then all of it as text."""

    def __init__(self) -> None:
        self._columns: list[list[Any]] = []
        self._planes: list[bytes] = []

    def add(self, name: str, values: Array | list[int], *, steps: bool = False) -> None:
        """A column; `steps`: each value is written as its difference from the one before it."""
        column = np.asarray(values, dtype=np.int64)
        if steps:
            column = np.diff(column, prepend=np.int64(0))
        folded = np.where(column < 0, -2 * column - 1, 2 * column).astype("<u8")
        width = max(1, (int(folded.max(initial=0)).bit_length() + 7) // 8)
        if width > WIDEST:
            raise ValueError(f"column {name} needs {width} bytes a value, at most {WIDEST} can be kept")
        self._columns.append([name, len(column), width, int(steps)])
        self._planes.append(folded.view(np.uint8).reshape(-1, 8)[:, :width].T.tobytes())

    def sizes(self) -> dict[str, int]:
        """Bytes of each column, deflated alone."""
        return {
            column[0]: len(zlib.compress(plane, 9)) for column, plane in zip(self._columns, self._planes, strict=True)
        }

    def text(self, head: dict[str, Any]) -> str:
        """Length of the head, head, planes; deflated (zlib), base64. The head also lists the columns."""
        words = json.dumps({**head, "columns": self._columns}, ensure_ascii=False, separators=(",", ":")).encode()
        whole = len(words).to_bytes(4, "little") + words + b"".join(self._planes)
        return b64encode(zlib.compress(whole, 9)).decode("ascii")
