"""What else a recorded decision could have been, worked out aside: the run is repeated in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

from twin.domain.errors import JournalError, TwinError
from visualizer.feed import Ranking

LONGEST_EVENTS = 3_000_000
"""A longer run is not repeated for a click: that takes minutes."""
MOST_OTHERS = 3


class AskedAgain:
    """Ask it from a thread that may wait; `close` gives the process up, and who waits gets a JournalError."""

    def __init__(self, folder: Path, *, longest_events: int = LONGEST_EVENTS) -> None:
        self._folder = folder
        self._longest = longest_events
        self._process: Any = None
        self._closed = False
        self._starting = Lock()

    def __call__(self, seqs: Sequence[int], events: int, /) -> Mapping[int, Ranking]:
        """The ranking behind each of these decisions, by one repetition of a run that has so many events."""
        if events > self._longest:
            raise JournalError(
                f"{self._folder}: to say what else could have been, all its {events:,} events are made again, which "
                f"takes long; `twin decisions {self._folder} --id {min(seqs)} --why` does it, and with `--export FILE` "
                f"instead of `--why` makes a case of it"
            )
        context = get_context("spawn")
        mine, its = context.Pipe(duplex=False)
        process = context.Process(target=_rankings, args=(its, self._folder, tuple(seqs)), daemon=True)
        with self._starting:
            if self._closed:
                raise JournalError(f"{self._folder}: its repetition was given up")
            process.start()
            self._process = process
        its.close()
        try:
            told: dict[int, Ranking] | str = mine.recv()
        except EOFError:
            raise JournalError(f"{self._folder}: its repetition ended without an answer") from None
        finally:
            mine.close()
            process.join()
        if isinstance(told, str):
            raise JournalError(told)
        return told

    def close(self) -> None:
        """Wait for nothing any more."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                self._process.terminate()


def _rankings(answer: Connection, folder: Path, seqs: Sequence[int]) -> None:
    from twin.policies.why import key_text
    from twin.run.rankings import rankings

    try:
        answer.send({
            seq: Ranking(
                chosen=tuple((subject, key_text(key)) for subject, key in found.chosen[:MOST_OTHERS]),
                others=tuple((subject, key_text(key)) for subject, key in found.others[:MOST_OTHERS]),
                rejected=found.rejected,
                seen=found.seen,
            )
            for seq, found in rankings(folder, seqs).items()
        })  # fmt: skip
    except TwinError as error:
        answer.send(str(error))
