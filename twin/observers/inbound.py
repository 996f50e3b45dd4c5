"""Goods in: how long from the door to the shelf."""

from __future__ import annotations

import numpy as np

from twin.events.chunk import Chunk
from twin.observers.gathered import Gathered, fold_all
from twin.observers.matching import preceding
from twin.observers.run_context import Figures, RunContext
from twin.observers.travel import in_window


class Inbound:
    """Dock-to-stock time of handling units booked into a location between warm-up and horizon."""

    def __init__(self) -> None:
        self.docked = Gathered("TrailerDocked", "trailer")
        self.received = Gathered("HandlingUnitReceived", "handling_unit", "trailer")
        self.put_away = Gathered("StockPutAway", "handling_unit")

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all((self.docked, self.received, self.put_away), chunk)

    def figures(self, context: RunContext) -> Figures:
        """The mean, from the docking of its trailer to the booking of each handling unit."""
        docked, received, put = self.docked.columns(), self.received.columns(), self.put_away.columns()
        put = {name: column[in_window(put, context)] for name, column in put.items()}
        receipt = preceding(put["handling_unit"], put["seq"], received["handling_unit"], received["seq"])
        put = {name: column[receipt >= 0] for name, column in put.items()}
        receipt = receipt[receipt >= 0]
        dock = preceding(received["trailer"][receipt], received["seq"][receipt], docked["trailer"], docked["seq"])
        times = put["at_ms"][dock >= 0] - docked["at_ms"][dock[dock >= 0]]
        return {"dock_to_stock_mean_s": float(np.mean(times)) / 1000 if len(times) else None}
