"""The figures of a long recording, folded by a process of its own so that the window's frames stay free of it.

`python -m visualizer.figures.aside FOLDER` reads the folder itself and writes what it has found, stretch by stretch:
the steps of each series as arrays. Folding in the window gives the same: both are a pure function of the facts.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Final

from twin.domain.errors import JournalError, TwinError
from visualizer.collecting import SELDOM
from visualizer.figures.ledgers import COLUMNS, FOLDED, Ledgers
from visualizer.figures.series import Series
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.recorded import RecordedFeed

STRETCH_ROWS: Final = 40_000
GIVES_WAY: Final = 5
"""How much nicer than the window the process is, where a system knows that."""


Told = tuple[int, int, Mapping[str, tuple[Array, Mapping[str, Array]]]]
"""Up to which event and time all is in, and the new rows of each series by its name: times, values."""


class FiguresAside:
    """Begins at once; `tell` a series what has come. Raises JournalError, once, if they cannot be worked out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._came: deque[Told] = deque()
        self._failed: str | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._listener = Thread(target=self._listen, args=(self._process.stdout,), name="figures", daemon=True)
        self._listener.start()

    def _listen(self, pipe: IO[bytes]) -> None:
        try:
            while isinstance(told := pickle.load(pipe), tuple):
                self._came.append(told)
            why = told
        except (EOFError, OSError, pickle.UnpicklingError):
            why = f"the figures of {self.folder} could not be worked out: their process ended"
        self._failed = why

    def tell(self, series: Series, store: Store) -> None:
        """What has come of the events that the store has."""
        if self._came and self._came[0][0] <= len(store):
            series.adopt(*self._came.popleft())
        elif self._failed is not None and not self._came:
            sentence, self._failed = self._failed, None
            raise JournalError(sentence)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


# --- the other process --------------------------------------------------------------------------------------------


def told_of(folder: Path, stretch_rows: int = STRETCH_ROWS) -> Iterator[Told]:
    """All figures of a recording, stretch by stretch."""
    feed = RecordedFeed(folder)
    ledgers = Ledgers(feed.context.warmup_ms)
    sent: dict[str, int] = {}
    try:
        for first in range(0, feed.events, stretch_rows):
            after = min(first + stretch_rows, feed.events)
            ledgers.take(feed.facts(tuple(FOLDED), COLUMNS, first, after - 1))
            is_last = after == feed.events
            known_ms = feed.head_ms if is_last else int(feed.records(after, after)[0]["at_ms"]) - 1
            ledgers.advance(known_ms)
            yield after, known_ms, _fresh(ledgers, sent)
    finally:
        feed.close()


def _fresh(ledgers: Ledgers, sent: dict[str, int]) -> dict[str, tuple[Array, Mapping[str, Array]]]:
    found: dict[str, tuple[Array, Mapping[str, Array]]] = {}
    for name, steps in ledgers.steps().items():
        start = sent.get(name, 0)
        if len(steps) > start or name not in sent:
            found[name] = steps.since(start)
            sent[name] = len(steps)
    return found


def main(folder: str) -> None:
    """Write what is found to stdout; a sentence if it cannot be."""
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    out = sys.stdout.buffer
    gc.freeze()
    gc.set_threshold(*SELDOM)
    with suppress(BrokenPipeError):
        try:
            for told in told_of(Path(folder)):
                pickle.dump(told, out, protocol=5)
                out.flush()
            pickle.dump(None, out)
        except TwinError as error:
            pickle.dump(str(error), out)
        out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
