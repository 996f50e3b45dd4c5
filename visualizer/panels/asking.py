"""Answers of the feed that a picture needs beside its scene, kept. A recording is asked aside: no frame waits for it.

What is asked about is named by a key. While an answer is on its way there is none: the panel shows what it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from twin.domain.errors import TwinError
from visualizer.feed import Feed, Record

KEPT = 96
REACH = 400
"""Events of one thing fetched at a time, half of them behind the one asked for where there are many."""
AHEAD_SHARE = 0.04
"""Of a recording, how far beyond the row asked for a fetch reaches, so that the next frames find it there."""

T = TypeVar("T")


@dataclass(slots=True)
class _Stretch:
    """Events of one thing, all that there are between two rows."""

    records: list[Record]
    seqs: list[int]
    first_seq: int
    last_seq: int


class Asking:
    """Keeps answers. `patient`: wait for each one, as pictures and tests want it; a live run answers at once anyway."""

    def __init__(self, feed: Feed, *, patient: bool = False) -> None:
        self.feed = feed
        self.patient = patient
        self.failed: str | None = None
        """Why the feed could not answer, in a sentence, until somebody shows it."""
        self._aside: ThreadPoolExecutor | None = None
        self._aside_long: ThreadPoolExecutor | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._coming: dict[Hashable, Future[Any]] = {}

    def answer(self, key: Hashable, ask: Callable[[], T], *, again: bool = False, takes_long: bool = False) -> T | None:
        """What was asked under `key`; the first time, or with `again`, it is asked. None while it is on its way.

        What `takes_long` is asked beside all else, and whoever answers is to be made to give up before it is forgotten.
        """
        self._gather(key)
        if (key not in self._kept or again) and key not in self._coming:
            if self.patient or self.feed.live:
                self._keep(key, self._tried(ask))
            else:
                self._coming[key] = self._thread(takes_long).submit(ask)
        return self._kept.get(key)

    def _thread(self, takes_long: bool) -> ThreadPoolExecutor:
        if takes_long:
            self._aside_long = self._aside_long or ThreadPoolExecutor(1, thread_name_prefix="asking long")
            return self._aside_long
        self._aside = self._aside or ThreadPoolExecutor(1, thread_name_prefix="asking")
        return self._aside

    def answered(self, key: Hashable) -> Any:
        """What was asked under `key` and is there; None if it is not, or was never asked."""
        self._gather(key)
        return self._kept.get(key)

    def is_coming(self, key: Hashable) -> bool:
        """Is an answer on its way."""
        return key in self._coming

    @property
    def is_waiting(self) -> bool:
        """Is any answer on its way."""
        return bool(self._coming)

    def history(self, column: str, name: str, row: int, *, whole: bool = False) -> list[Record] | None:
        """Events up to `row` that name a thing, in order: the last few hundred, or with `whole` as many as there are.

        None while they are on their way and nothing older is at hand.
        """
        key = ("history", column, name, whole)
        known: _Stretch | None = self.answer(key, lambda: self._stretch(column, name, row, whole))
        if known is not None and not known.first_seq <= row <= known.last_seq:
            known = self.answer(key, lambda: self._stretch(column, name, row, whole), again=True)
        if known is None:
            return None
        return known.records[: bisect_right(known.seqs, row)]

    def _stretch(self, column: str, name: str, row: int, whole: bool) -> _Stretch:
        if self.feed.live:
            ahead = row
        elif whole:
            ahead = 2**60
        else:
            ahead = row + max(2000, round(AHEAD_SHARE * max(row, 50_000)))
        limit = 20_000 if whole else REACH
        records = self.feed.history(column, name, None if whole and not self.feed.live else ahead, limit)
        seqs = [r["seq"] for r in records]
        first = seqs[0] if len(records) >= limit else -1
        if first > row:  # so much happens to it that what lies ahead fills the fetch
            records = self.feed.history(column, name, row, limit)
            seqs = [r["seq"] for r in records]
            first, ahead = (seqs[0] if len(records) >= limit else -1), row
        return _Stretch(records, seqs, first, ahead)

    def forget(self) -> None:
        """Let go of the threads; answers on their way are not waited for."""
        if self.feed.alternatives is not None:
            self.feed.alternatives.close()
        if self._aside_long is not None:
            self._aside_long.shutdown(wait=True, cancel_futures=True)
            self._aside_long = None
        if self._aside is not None:
            self._aside.shutdown(wait=True, cancel_futures=True)
            self._aside = None
        self._coming.clear()

    def _gather(self, key: Hashable) -> None:
        coming = self._coming.get(key)
        if coming is not None and coming.done():
            del self._coming[key]
            self._keep(key, self._tried(coming.result))
        elif key in self._kept:
            self._kept.move_to_end(key)

    def _tried(self, ask: Callable[[], T]) -> T | None:
        try:
            return ask()
        except TwinError as error:
            self.failed = str(error)
            return None

    def _keep(self, key: Hashable, value: Any) -> None:
        self._kept[key] = value
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
