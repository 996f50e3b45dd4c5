"""Where every unit really went: the floor's facts as entries of a ledger, followed from tote to carton to trailer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.gathered import Gathered, fold_all
from twin.observers.matching import Flags, following

_NESTING_MAX = 8


@dataclass(frozen=True, slots=True)
class Moves:
    """One row per change of what a holder holds: a location, a handling unit, or the hands of a worker.

    `ends_on`: the handling unit on which the contents of the holder ended up by packing; `left` whether that one left,
    under the label of `order`. `came` and `lost` mark units that entered or perished; `damaged` those that broke.
    """

    seq: Ints
    at_ms: Ints
    owner: Ints
    sku: Ints
    lot: Ints
    holder: Ints
    units: Ints
    in_location: Flags
    came: Flags
    lost: Flags
    damaged: Flags
    ends_on: Ints
    left: Flags
    order: Ints


class UnitMoves:
    """Gathers the floor's facts about units; `moves()` puts them together."""

    def __init__(self) -> None:
        self.taken = Gathered("UnitsTaken", "owner", "sku", "lot", "location", "handling_unit", "units")
        self.placed = Gathered("UnitsPlaced", "owner", "sku", "lot", "location", "handling_unit", "units", "worker")
        self.unloaded = Gathered("GoodsUnloaded", "owner", "sku", "lot", "handling_unit", "units")
        self.lost = Gathered("UnitsLost", "owner", "sku", "lot", "location", "handling_unit", "units", "reason")
        self.packed = Gathered("GoodsPacked", "origin", "handling_unit", "order")
        self.left = Gathered("GoodsLeft", "handling_unit", "order")
        self._all = [v for v in vars(self).values() if isinstance(v, Gathered)]
        self._next_seq = 0
        self._known: Moves | None = None

    @property
    def names(self) -> Names:
        """The names behind the codes."""
        return self.taken.names

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        if chunk.first_seq >= self._next_seq:
            self._next_seq = chunk.first_seq + chunk.size
            self._known = None
            fold_all(self._all, chunk)

    def moves(self) -> Moves:
        """All moves so far, in the order of the stream."""
        if self._known is None:
            self._known = self._put_together()
        return self._known

    def _put_together(self) -> Moves:
        taken, placed = self.taken.columns(), self.placed.columns()
        unloaded, lost = self.unloaded.columns(), self.lost.columns()
        carried = placed["handling_unit"] != MISSING
        on_unit = lost["handling_unit"] != MISSING
        entries = (
            (taken, taken["location"], -taken["units"], True),
            (taken, taken["handling_unit"], taken["units"], False),
            (placed, np.where(carried, placed["handling_unit"], placed["worker"]), -placed["units"], False),
            (placed, placed["location"], placed["units"], True),
            (unloaded, unloaded["handling_unit"], unloaded["units"], False),
            (lost, np.where(on_unit, lost["handling_unit"], lost["location"]), -lost["units"], False),
        )
        order = np.argsort(np.concatenate([facts["seq"] for facts, *_ in entries]), kind="stable")

        def joined(parts: list[Ints]) -> Ints:
            whole: Ints = np.concatenate(parts)[order]
            return whole

        def marked(part: int, flags: Flags | bool = True) -> Flags:
            some = [np.zeros(len(facts["seq"]), dtype=np.bool_) for facts, *_ in entries]
            some[part][:] = flags
            whole: Flags = np.concatenate(some)[order]
            return whole

        columns = {c: joined([facts[c] for facts, *_ in entries]) for c in ("seq", "at_ms", "owner", "sku", "lot")}
        holder, units = joined([e[1] for e in entries]), joined([e[2] for e in entries])
        in_location = marked(0) | marked(3) | marked(5, ~on_unit)
        ends_on, seq = self._followed(holder, columns["seq"], in_location)
        left = self.left.columns()
        leave = np.where(in_location, -1, following(ends_on, seq, left["handling_unit"], left["seq"]))
        label = left["order"][leave] if len(left["order"]) else np.full(len(leave), MISSING, dtype=np.int64)
        return Moves(
            **columns,
            holder=holder,
            units=units,
            in_location=in_location,
            came=marked(4),
            lost=marked(5),
            damaged=marked(5, lost["reason"] == self.names.find("damage")),
            ends_on=ends_on,
            left=leave >= 0,
            order=np.where(leave >= 0, label, MISSING),
        )

    def _followed(self, holder: Ints, seq: Ints, in_location: Flags) -> tuple[Ints, Ints]:
        """The last handling unit of each holder's contents, and since when."""
        packed = self.packed.columns()
        holder, seq = holder.copy(), seq.copy()
        for _ in range(_NESTING_MAX):
            into = np.where(in_location, -1, following(holder, seq, packed["origin"], packed["seq"]))
            there = into >= 0
            if not there.any():
                break
            holder[there], seq[there] = packed["handling_unit"][into[there]], packed["seq"][into[there]]
        return holder, seq
