"""Time lost to a full floor: people before full aisles, totes in the queues of stations."""

from __future__ import annotations

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.observers.gathered import Gathered, fold_all
from twin.observers.matching import following


class Congestion:
    """Folds waits that ended, and those that still go on at the horizon."""

    def __init__(self) -> None:
        self.blocked = Gathered("WorkerBlocked", "worker")
        self.unblocked = Gathered("WorkerUnblocked", "worker", "duration_ms")
        self.arrived = Gathered("StationArrived", "handling_unit")
        self.served = Gathered("ServiceStarted", "handling_unit", "duration_ms")
        self._all = (self.blocked, self.unblocked, self.arrived, self.served)

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all(self._all, chunk)

    def hours(self, horizon_ms: int) -> float:
        """Hours of people before aisles and of totes in queues, up to the horizon."""
        return (self._waited(self.blocked, self.unblocked, "worker", horizon_ms)
                + self._waited(self.arrived, self.served, "handling_unit", horizon_ms)) / 3_600_000  # fmt: skip

    @staticmethod
    def _waited(began: Gathered, ended: Gathered, who: str, horizon_ms: int) -> int:
        starts, ends = began.columns(), ended.columns()
        still: Ints = following(starts[who], starts["seq"], ends[who], ends["seq"]) < 0  # type: ignore[assignment]
        return int(ends["duration_ms"].sum()) + int(np.sum(horizon_ms - starts["at_ms"][still]))
