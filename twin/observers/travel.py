"""How far pickers went for a line."""

from __future__ import annotations

import numpy as np

from twin.events.chunk import Chunk
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import Flags, shares
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.utilisation import Utilisation

PICKER = "picker"


class Travel:
    """Ways of pickers against lines picked, both between warm-up and horizon."""

    def __init__(self, people: Utilisation | None = None, picked: Gathered | None = None) -> None:
        self.people = people or Utilisation()
        self.ways = Gathered("WorkerDeparted", "worker", "value")
        self.picked = Gathered("LinePicked", "order", "line", "units") if picked is None else picked

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.people.fold(chunk)
        fold_all((self.ways, self.picked), chunk)

    def figures(self, context: RunContext) -> Figures:
        """Metres walked or driven by pickers per line picked."""
        picking = self.people.in_role(PICKER)
        walked_mm = 0
        for ways in self.ways.parts():
            mine = in_window(ways, context) & picking(ways["worker"], ways["at_ms"])
            walked_mm += int(ways["value"][mine].sum())
        lines = 0
        for some in shares(len(self.picked)):
            picked = self.picked.those(some, "order")
            took = in_window(picked, context) & (picked["units"] > 0)
            lines += len(np.unique(picked["order"][took] * 2**31 + picked["line"][took]))
        return {"travel_m_per_line": share(walked_mm / 1000, lines)}


def in_window(facts: Columns, context: RunContext) -> Flags:
    """Facts between warm-up and horizon."""
    inside: Flags = (facts["at_ms"] >= context.warmup_ms) & (facts["at_ms"] <= context.horizon_ms)
    return inside
