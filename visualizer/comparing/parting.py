"""Looks aside, while the window goes on, for where two recordings part."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from twin.domain.errors import TwinError
from visualizer.comparing.differing import (
    Difference,
    DifferentDecisions,
    Reason,
    different_decisions,
    first_difference,
    reasons,
)
from visualizer.feed import Record
from visualizer.stored.fingerprints import Fingerprints
from visualizer.stored.recorded import RecordedFeed


@dataclass(frozen=True, slots=True)
class Parted:
    """What was found. `first` None: the two recordings are the same."""

    first: Difference | None
    decisions: DifferentDecisions
    reasons: tuple[Reason, ...]

    @property
    def is_comparable(self) -> bool:
        """Is all the same up to a decision."""
        return self.first is None or self.first.verdict != "incomparable"


class _GivenUp(Exception):
    """The window was closed meanwhile."""


class Parting:
    """The search and its outcome: `found` once it is there, `failed` a sentence if it cannot be."""

    def __init__(self, a: RecordedFeed, b: RecordedFeed, *, patient: bool = False) -> None:
        self.share = 0.0
        self.found: Parted | None = None
        self.failed: str | None = None
        self._a, self._b = a, b
        self._stop = False
        self._records: dict[tuple[int, int], Record | None] = {}
        self._aside: ThreadPoolExecutor | None = None
        self._coming: Future[Parted] | None = None
        if patient:
            self.found = self._look()
        else:
            self._aside = ThreadPoolExecutor(1, thread_name_prefix="parting")
            self._coming = self._aside.submit(self._look)

    def frame_on(self) -> None:
        """Take the outcome once it is there."""
        if self._coming is None or not self._coming.done():
            return
        coming, self._coming = self._coming, None
        try:
            self.found = coming.result()
        except TwinError as error:
            self.failed = str(error)

    @property
    def is_looking(self) -> bool:
        """Is it still under way."""
        return self._coming is not None

    def records(self, place: int) -> tuple[Record | None, Record | None]:
        """Both sides of the different decision at a place of the list; None where a side took none."""
        assert self.found is not None
        listed = self.found.decisions
        rows = int(listed.rows_a[place]), int(listed.rows_b[place])
        return self._record(0, rows[0]), self._record(1, rows[1])

    def _record(self, side: int, row: int) -> Record | None:
        if row < 0:
            return None
        if (side, row) not in self._records:
            self._records[side, row] = (self._a, self._b)[side].records(row, row)[0]
        return self._records[side, row]

    def close(self) -> None:
        """Give up what is under way."""
        self._stop = True
        if self._aside is not None:
            self._aside.shutdown(wait=True, cancel_futures=True)

    def _look(self) -> Parted:
        a, b = Fingerprints(self._a), Fingerprints(self._b)
        try:
            first = first_difference(a, b, self._tell)
            return Parted(first, different_decisions(a, b, first), reasons(self._a.title, self._b.title))
        finally:
            a.close()
            b.close()

    def _tell(self, share: float) -> None:
        if self._stop:
            raise _GivenUp
        self.share = share
