"""`--trace FILE`: what the window shows, as JSON lines, for end-to-end tests: a line when something changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from twin.domain.errors import JournalError

EVERY_MS = 100
"""While only time goes on there is a line so often."""
_RUNNING = frozenset({"at_ms", "head_ms", "holding", "wall_ms", "frame"})


class Trace:
    """Writes a state when anything but the time differs from the last one written, or after a while."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: TextIO = path.open("w", encoding="utf-8")
        except OSError as error:
            raise JournalError(f"--trace {path} cannot be written: {error.strerror or error}") from error
        self._last: dict[str, Any] = {}

    def write(self, state: dict[str, Any]) -> None:
        """Take the state after a frame."""
        last = self._last
        still = last and all(last.get(name) == value for name, value in state.items() if name not in _RUNNING)
        if still and (state["at_ms"] == last["at_ms"] or state["wall_ms"] - last["wall_ms"] < EVERY_MS):
            return
        self._last = state
        self._file.write(json.dumps(state, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
