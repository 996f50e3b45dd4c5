"""What lies in the locations: the book's figure beside the truth, and how full the place is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.domain.goods import OpeningStock
from twin.events.chunk import Chunk, Ints
from twin.observers.gathered import Coding, Columns
from twin.observers.matching import Totals, grouped, sums
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

    `volume_l`: of each storage location that has one. `sku_volume_l`: of a unit by (owner, SKU). `locations`: all of
    storage; else those with a volume, else those with stock at the opening.
    """

    def __init__(
        self,
        opening: Sequence[OpeningStock] = (),
        volume_l: Mapping[str, float] | None = None,
        sku_volume_l: Mapping[tuple[str, str], float] | None = None,
        units: UnitMoves | None = None,
        locations: Collection[str] = (),
    ) -> None:
        self.opening = opening
        self.locations = frozenset(locations)
        self.volume_l = dict(volume_l or {})
        self.sku_volume_l = dict(sku_volume_l or {})
        self.units = units or UnitMoves()
        self._book = Totals()
        self._next_seq = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events; of the book's facts only the sums are kept."""
        self.units.fold(chunk)
        if chunk.first_seq < self._next_seq:
            return
        self._next_seq = chunk.first_seq + chunk.size
        for kind, place, sign in _BOOKED:
            rows = chunk.rows(kind)
            if len(rows):
                units = chunk.take("units", rows)
                if kind == "LinePicked":
                    keyed = chunk.take("value", rows)
                    units = np.where(keyed >= 0, keyed, units)
                self._book.add(*(chunk.take(c, rows) for c in (place, "owner", "sku", "lot")), sign * units)

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
        floor = Totals()
        for part, units in self.units.in_locations():
            floor.add(part["location"], part["owner"], part["sku"], part["lot"], units)
        booked, lies = self._book.rows(), floor.rows()
        entries: tuple[tuple[tuple[Ints, ...], Ints, Ints], ...] = (
            (tuple(opening[c] for c in _STOCK_LINE), opening["book"], opening["floor"]),
            (booked[:4], booked[4], _zero(booked[4])),
            (lies[:4], _zero(lies[4]), lies[4]),
        )
        location, owner, sku, lot = (np.concatenate([e[0][i] for e in entries]) for i in range(4))
        stored = np.isin(location, coding.codes(sorted(self.locations) or self._locations()))
        location, owner, sku, lot = location[stored], owner[stored], sku[stored], lot[stored]
        row, shown = grouped(location, owner, sku, lot)
        book = sums(row, np.concatenate([e[1] for e in entries])[stored], len(shown))
        on_floor = sums(row, np.concatenate([e[2] for e in entries])[stored], len(shown))
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
        window_ms = context.horizon_ms - context.warmup_ms
        codes = Coding(self.units.names).codes(sorted(stored))
        each_l: dict[int, float] = {}
        seqs, shares = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        for part, units in self.units.in_locations():
            mine = np.isin(part["location"], codes)
            at_ms = np.clip(part["at_ms"][mine], context.warmup_ms, context.horizon_ms)
            lasts = (context.horizon_ms - at_ms) / window_ms if window_ms > 0 else _zero(at_ms)
            seqs.append(part["seq"][mine])
            shares.append(units[mine] * self._each_l(part["owner"][mine], part["sku"][mine], each_l) * lasts)
        seq = np.concatenate(seqs)
        if window_ms <= 0 or not len(seq):
            return start
        in_order = np.concatenate(shares)
        if (seq[1:] < seq[:-1]).any():  # a sum of fractions depends on the order: that of the stream
            in_order = in_order[np.argsort(seq, kind="stable")]
        return start + float(in_order.sum())

    def _each_l(self, owner: Ints, sku: Ints, known: dict[int, float]) -> NDArray[np.float64]:
        """Litres of a unit, row by row."""
        kinds, row = np.unique(owner * 2**31 + sku, return_inverse=True)
        name = self.units.names.name
        for kind in kinds.tolist():
            if kind not in known:
                owned_by, article = name(kind >> 31), name(kind & (2**31 - 1))
                known[kind] = self.sku_volume_l.get((owned_by or "", article or ""), 0.0)
        litres: NDArray[np.float64] = np.array([known[kind] for kind in kinds.tolist()], dtype=np.float64)
        each: NDArray[np.float64] = litres[row.reshape(-1)]
        return each


_STOCK_LINE = ("location", "owner", "sku", "lot")
_BOOKED = (
    ("LinePicked", "location", -1), ("StockPutAway", "location", 1), ("StockPutAway", "origin", -1),
    ("StockReplenished", "location", 1), ("StockReplenished", "origin", -1), ("StockAdjusted", "location", 1),
)  # fmt: skip
"""What changes the book: the kind of fact, the place whose stock it changes, and how."""


def _zero(like: Ints) -> Ints:
    return np.zeros(len(like), dtype=np.int64)
