"""Facts for the figures of a recording, read aside one stretch ahead: a frame takes what has come, and never waits."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from visualizer.feed import Feed
from visualizer.figures.ledgers import COLUMNS, FOLDED, Facts


class ReadingAhead:
    """`facts` gives a stretch if it has come; the first time it is asked for it sets out."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._aside: ThreadPoolExecutor | None = None
        self._coming: dict[tuple[int, int], Future[Facts]] = {}

    def facts(self, first_row: int, last_row: int) -> Facts | None:
        """Facts between two rows, or None while they are read. Raises what reading raised."""
        if self._feed.live:
            return self._feed.facts(tuple(FOLDED), COLUMNS, first_row, last_row)
        known = self._coming.pop((first_row, last_row), None) or self._set_out(first_row, last_row)
        if not known.done():
            self._coming[first_row, last_row] = known
            return None
        size = last_row - first_row + 1
        following = (last_row + 1, min(last_row + size, self._feed.events - 1))
        if following[0] <= following[1] and following not in self._coming:
            self._coming[following] = self._set_out(*following)
        return known.result()

    def _set_out(self, first_row: int, last_row: int) -> Future[Facts]:
        if self._aside is None:
            self._aside = ThreadPoolExecutor(1, thread_name_prefix="figures")
        return self._aside.submit(self._feed.facts, tuple(FOLDED), COLUMNS, first_row, last_row)

    def close(self) -> None:
        """Let go of the thread."""
        if self._aside is not None:
            self._aside.shutdown(wait=True, cancel_futures=True)
