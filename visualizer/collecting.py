"""When the garbage collector looks: not within a frame that moves, but where the window rests.

What a run is shown from lives as long as the window does: walking through all of it would be a hitch.
"""

from __future__ import annotations

import gc
from typing import Final

SELDOM: Final = (200_000, 50, 100)
"""Thresholds while frames run: they make next to no cycles."""
ENOUGH: Final = 20_000
"""So much must be new before a rest is used to look."""


class Collecting:
    """`after_frame` of each frame; `close` leaves the collector as it was."""

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def after_frame(self, *, is_loaded: bool, moves: bool) -> None:
        """Once all is read, what there is gets out of the collector's sight; later it looks when nothing moves."""
        if not is_loaded:
            return
        if self._before is None:
            self._before = gc.get_threshold()
            gc.collect()
            gc.freeze()
            gc.set_threshold(*SELDOM)
        elif not moves and gc.get_count()[0] > ENOUGH:
            gc.collect()

    def close(self) -> None:
        """As it was; what was kept of a run that is shown no more may go."""
        if self._before is not None:
            gc.unfreeze()
            gc.set_threshold(*self._before)
            self._before = None
