"""What lies in the locations: the book's figure beside the truth, and how full the place is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from twin.domain.goods import OpeningStock
from twin.events.chunk import Chunk, Ints
from twin.observers.gathered import Coding, Columns, Gathered, fold_all
from twin.observers.matching import grouped, sums
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.unit_moves import UnitMoves


class StockLines(NamedTuple):
    """Units by (location, owner, SKU, lot), on the book and on the floor, of storage locations."""

    location: Ints
    owner: Ints
    sku: Ints
    lot: Ints
    book: Ints
    floor: Ints


class Storage:
    """Book and floor folded from opening stock and events; lanes and totes are not storage.

    `volume_l`: of each storage location. `sku_volume_l`: of a unit by (owner, SKU).
    """

    def __init__(
        self,
        opening: Sequence[OpeningStock] = (),
        volume_l: Mapping[str, float] | None = None,
        sku_volume_l: Mapping[tuple[str, str], float] | None = None,
        units: UnitMoves | None = None,
    ) -> None:
        self.opening = opening
        self.volume_l = dict(volume_l or {})
        self.sku_volume_l = dict(sku_volume_l or {})
        self.units = units or UnitMoves()
        stock = ("owner", "sku", "lot", "units")
        self.picked = Gathered("LinePicked", *stock, "location", "value")
        self.put_away = Gathered("StockPutAway", *stock, "location", "origin")
        self.replenished = Gathered("StockReplenished", *stock, "location", "origin")
        self.adjusted = Gathered("StockAdjusted", *stock, "location")
        self._book = (self.picked, self.put_away, self.replenished, self.adjusted)

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.units.fold(chunk)
        fold_all(self._book, chunk)

    def figures(self, context: RunContext) -> Figures:
        """Inventory record accuracy at the end, storage utilisation as a mean over time."""
        stock = self.stock_lines()
        some = (stock.book != 0) | (stock.floor != 0)
        right = some & (stock.book == stock.floor)
        capacity_l = sum(self.volume_l.values())
        return {
            "inventory_record_accuracy": share(int(right.sum()), int(some.sum())),
            "storage_utilisation": share(self._mean_volume_l(context), capacity_l),
        }

    def stock_lines(self) -> StockLines:
        """All stock lines that the book or the floor ever had."""
        coding = Coding(self.units.names)
        opening = self._opening(coding)
        moves = self.units.moves()
        placed = moves.in_location
        picked, put, filled = self.picked.columns(), self.put_away.columns(), self.replenished.columns()
        adjusted = self.adjusted.columns()
        taken = np.where(picked["value"] >= 0, picked["value"], picked["units"])
        floor: Columns = {c: getattr(moves, c)[placed] for c in ("owner", "sku", "lot")}
        entries: list[tuple[Columns, Ints, Ints, Ints]] = [
            (opening, opening["location"], opening["book"], opening["floor"]),
            (floor, moves.holder[placed], _zero(moves.units[placed]), moves.units[placed]),
            (picked, picked["location"], -taken, _zero(taken)),
            (put, put["location"], put["units"], _zero(put["units"])),
            (put, put["origin"], -put["units"], _zero(put["units"])),
            (filled, filled["location"], filled["units"], _zero(filled["units"])),
            (filled, filled["origin"], -filled["units"], _zero(filled["units"])),
            (adjusted, adjusted["location"], adjusted["units"], _zero(adjusted["units"])),
        ]
        location = np.concatenate([entry[1] for entry in entries])
        stored = np.isin(location, coding.codes(self._locations()))
        owner, sku, lot = (np.concatenate([e[0][c] for e in entries])[stored] for c in ("owner", "sku", "lot"))
        location = location[stored]
        row, shown = grouped(location, owner, sku, lot)
        book = sums(row, np.concatenate([e[2] for e in entries])[stored], len(shown))
        on_floor = sums(row, np.concatenate([e[3] for e in entries])[stored], len(shown))
        return StockLines(location[shown], owner[shown], sku[shown], lot[shown], book, on_floor)

    def _locations(self) -> list[str]:
        return sorted(self.volume_l) or sorted({line.location for line in self.opening})

    def _opening(self, coding: Coding) -> Columns:
        lines = self.opening
        return {
            "location": coding.codes([line.location for line in lines]),
            "owner": coding.codes([line.owner for line in lines]),
            "sku": coding.codes([line.sku for line in lines]),
            "lot": coding.codes([line.lot for line in lines]),
            "book": np.array([line.book_units for line in lines], dtype=np.int64),
            "floor": np.array([line.floor_units for line in lines], dtype=np.int64),
        }

    def _mean_volume_l(self, context: RunContext) -> float:
        """The volume of goods in storage locations, as a mean from warm-up to horizon."""
        stored = set(self._locations())
        start = sum(
            line.floor_units * self.sku_volume_l.get((line.owner, line.sku), 0.0)
            for line in self.opening
            if line.location in stored
        )
        moves = self.units.moves()
        coding = Coding(self.units.names)
        mine = moves.in_location & np.isin(moves.holder, coding.codes(sorted(stored)))
        kind, shown = grouped(moves.owner[mine], moves.sku[mine])
        table = self.units.names.table
        owners, skus = moves.owner[mine][shown].tolist(), moves.sku[mine][shown].tolist()
        each_l = np.array([self.sku_volume_l.get((table[o], table[s]), 0.0) for o, s in zip(owners, skus, strict=True)])
        window_ms = context.horizon_ms - context.warmup_ms
        if window_ms <= 0 or not len(kind):
            return start
        lasts_ms = context.horizon_ms - np.clip(moves.at_ms[mine], context.warmup_ms, context.horizon_ms)
        return start + float((moves.units[mine] * each_l[kind] * (lasts_ms / window_ms)).sum())


def _zero(like: Ints) -> Ints:
    return np.zeros(len(like), dtype=np.int64)
