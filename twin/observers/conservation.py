"""Nothing is lost: opening + unloaded = on the floor + left + lost, per owner, SKU and lot, from floor facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.domain.errors import ConservationError
from twin.domain.goods import OpeningStock
from twin.events.chunk import Chunk, Ints
from twin.observers.gathered import Coding
from twin.observers.matching import Flags, grouped, sums
from twin.observers.run_context import Figures
from twin.observers.unit_moves import UnitMoves


class Balance(NamedTuple):
    """Units of one owner, SKU and lot. `floor` counts what is held; whoever gave more than it had holds nothing."""

    owner: str | None
    sku: str | None
    lot: str | None
    opening: int
    unloaded: int
    floor: int
    left: int
    lost: int

    @property
    def difference(self) -> int:
        """0, or units that came from nowhere (below 0) or went there."""
        return self.opening + self.unloaded - self.floor - self.left - self.lost


class Conservation:
    """Follows each unit from holder to holder, in the order of the stream."""

    def __init__(self, opening: Sequence[OpeningStock] = (), units: UnitMoves | None = None) -> None:
        self.opening = opening
        self.units = units or UnitMoves()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.units.fold(chunk)

    def figures(self) -> Figures:
        """Units in all; `difference` adds up the faults of all kinds, `overdrawn` counts holders that gave too much."""
        rows = self.balances()
        found: Figures = {
            name: sum(int(getattr(row, name)) for row in rows)
            for name in ("opening", "unloaded", "floor", "left", "lost")
        }
        found["difference"] = sum(abs(row.difference) for row in rows)
        found["overdrawn"] = len(self.overdrawn())
        return {"conservation": found}

    def balances(self) -> list[Balance]:
        """One row per owner, SKU and lot, by name."""
        coding = Coding(self.units.names)
        ledger = self._ledger(coding)
        kind, shown = grouped(ledger.owner, ledger.sku, ledger.lot)
        held, holds = grouped(ledger.holder, ledger.left, kind)
        contents = np.maximum(0, sums(held, ledger.units, len(holds)))
        gone = ledger.left[holds] == 1
        n = len(shown)
        amounts = {
            "opening": sums(kind, np.where(ledger.seq < 0, ledger.units, 0), n),
            "unloaded": sums(kind, np.where(ledger.came == 1, ledger.units, 0), n),
            "floor": sums(kind[holds], np.where(gone, 0, contents), n),
            "left": sums(kind[holds], np.where(gone, contents, 0), n),
            "lost": sums(kind, np.where(ledger.lost == 1, -ledger.units, 0), n),
        }
        rows = []
        for at, *counts in zip(shown.tolist(), *(v.tolist() for v in amounts.values()), strict=True):
            owner, sku, lot = (coding.name(int(code[at])) for code in (ledger.owner, ledger.sku, ledger.lot))
            rows.append(Balance(owner, sku, lot, *counts))
        return sorted(rows, key=lambda row: (row.owner or "", row.sku or "", row.lot or ""))

    def overdrawn(self) -> list[tuple[int, str]]:
        """(seq, holder) of each moment at which a holder first gave what it did not have."""
        coding = Coding(self.units.names)
        ledger = self._ledger(coding)
        group, _ = grouped(ledger.holder, ledger.left, ledger.owner, ledger.sku, ledger.lot)
        order = np.lexsort((ledger.seq, group))
        group, running = group[order], np.cumsum(ledger.units[order])
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        before = running[starts] - ledger.units[order][starts]
        below = np.flatnonzero(running < before[group])
        _, first = np.unique(group[below], return_index=True)
        at = order[below[first]]
        found = zip(ledger.seq[at].tolist(), ledger.holder[at].tolist(), strict=True)
        return sorted((seq, str(coding.name(holder))) for seq, holder in found)

    def check(self) -> None:
        """Raise ConservationError if a unit appeared or vanished."""
        for row in self.balances():
            if row.difference:
                raise ConservationError(
                    f"{row.sku} of {row.owner}, lot {row.lot}: {row.opening} at first + {row.unloaded} unloaded, but "
                    f"{row.floor} on the floor + {row.left} left + {row.lost} lost"
                )
        for seq, holder in self.overdrawn():
            raise ConservationError(f"event {seq}: {holder} gave units that it did not hold")

    def _ledger(self, coding: Coding) -> _Ledger:
        """Opening stock as entries before the first event, then all moves; nested contents under what carries them."""
        moves, lines = self.units.moves(), self.opening
        nothing = np.zeros(len(lines), dtype=np.int64)

        def column(first: Ints, rest: Ints | Flags) -> Ints:
            return np.concatenate([first, rest.astype(np.int64)])

        return _Ledger(
            seq=column(nothing - 1, moves.seq),
            holder=column(coding.codes([line.location for line in lines]), moves.ends_on),
            owner=column(coding.codes([line.owner for line in lines]), moves.owner),
            sku=column(coding.codes([line.sku for line in lines]), moves.sku),
            lot=column(coding.codes([line.lot for line in lines]), moves.lot),
            units=column(np.array([line.floor_units for line in lines], dtype=np.int64), moves.units),
            came=column(nothing, moves.came),
            lost=column(nothing, moves.lost),
            left=column(nothing, moves.left),
        )


class _Ledger(NamedTuple):
    seq: Ints
    holder: Ints
    owner: Ints
    sku: Ints
    lot: Ints
    units: Ints
    came: Ints
    lost: Ints
    left: Ints
