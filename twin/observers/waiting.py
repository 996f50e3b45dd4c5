"""How long pickers stood before full aisles."""

from __future__ import annotations

import numpy as np

from twin.events.chunk import Chunk
from twin.observers.gathered import Gathered
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.travel import PICKER, of_role
from twin.observers.utilisation import Utilisation


class Waiting:
    """Time that pickers waited for an aisle against the time they worked."""

    def __init__(self, people: Utilisation | None = None) -> None:
        self.people = people or Utilisation()
        self.unblocked = Gathered("WorkerUnblocked", "worker", "duration_ms")

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.people.fold(chunk)
        self.unblocked.fold(chunk)

    def figures(self, context: RunContext) -> Figures:
        """The share of pickers' working time that they stood before full aisles."""
        waits = self.unblocked.columns()
        mine = of_role(waits["worker"], self.people, PICKER)
        end = np.clip(waits["at_ms"], context.warmup_ms, context.horizon_ms)
        start = np.clip(waits["at_ms"] - waits["duration_ms"], context.warmup_ms, context.horizon_ms)
        worked_ms = self.people.labour(context).at_work_ms.get(PICKER, 0)
        return {"aisle_blocked_share": share(int((end - start)[mine].sum()), worked_ms)}
