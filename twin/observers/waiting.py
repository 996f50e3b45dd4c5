"""How long pickers stood before full aisles."""

from __future__ import annotations

import numpy as np

from twin.events.chunk import Chunk
from twin.observers.gathered import Gathered, fold_all
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.travel import PICKER
from twin.observers.utilisation import Utilisation, open_spells


class Waiting:
    """Time that pickers waited for an aisle against the time they worked."""

    def __init__(self, people: Utilisation | None = None) -> None:
        self.people = people or Utilisation()
        self.blocked = Gathered("WorkerBlocked", "worker")
        self.unblocked = Gathered("WorkerUnblocked", "worker", "duration_ms")

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.people.fold(chunk)
        fold_all((self.blocked, self.unblocked), chunk)

    def figures(self, context: RunContext) -> Figures:
        """The share of pickers' working time that they stood before full aisles."""
        waits = self.unblocked.columns()
        still, since_ms, until_ms = open_spells(self.blocked.columns(), waits, context.horizon_ms)
        who = np.concatenate([waits["worker"], still])
        start = np.concatenate([waits["at_ms"] - waits["duration_ms"], since_ms])
        end = np.concatenate([waits["at_ms"], until_ms])
        mine = self.people.in_role(PICKER)(who, start)
        low, high = context.warmup_ms, context.horizon_ms
        waited_ms = (np.clip(end, low, high) - np.clip(start, low, high))[mine]
        worked_ms = self.people.labour(context).at_work_ms.get(PICKER, 0)
        return {"aisle_blocked_share": share(int(waited_ms.sum()), worked_ms)}
