"""Where every unit really went: the floor's facts as entries of a ledger, followed from tote to carton to trailer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import Among, Flags, Succession, positions

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


class Labelled(NamedTuple):
    """Changes of what left under the labels of some orders; `order`: which of them."""

    order: Ints
    owner: Ints
    sku: Ints
    units: Ints
    damaged: Flags


class UnitMoves:
    """Gathers the floor's facts about units; `moves()` puts them together.

    `under` and `in_locations` give parts of them that need no more room in a long run than in a short one.
    """

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

    def under(self, orders: Ints) -> Labelled:
        """The moves of all units that left under the labels of these orders."""
        carried, packed, left = self._under_labels(orders)
        packings, leavings = _successions(packed, left)
        nothing: Ints = np.empty(0, dtype=np.int64)
        found = [(nothing, nothing, nothing, nothing, np.empty(0, dtype=np.bool_))]
        for gathered, sign in ((self.taken, 1), (self.placed, -1), (self.unloaded, 1), (self.lost, -1)):
            held_by = ("handling_unit", "worker") if gathered is self.placed else ("handling_unit",)
            facts = gathered.those(lambda *holders: carried(_held_by(*holders)), *held_by)
            holder = _held_by(*[facts[name] for name in held_by])
            ends_on, seq = _followed(holder, facts["seq"], holder == MISSING, packed, packings)
            leave = leavings.neighbour(ends_on, seq, after=True)
            order = positions(_label(left, leave), orders)
            mine = order >= 0
            damaged = np.zeros(len(holder), dtype=np.bool_)
            if gathered is self.lost:
                damaged = facts["reason"] == self.names.find("damage")
            found.append(
                (order[mine], facts["owner"][mine], facts["sku"][mine], sign * facts["units"][mine], damaged[mine])
            )
        return Labelled(*(np.concatenate(columns) for columns in zip(*found, strict=True)))

    def _under_labels(self, orders: Ints) -> tuple[Among, Columns, Columns]:
        """The handling units whose contents may have left under these labels, and what is told of their ends."""
        units = np.unique(self.left.those(Among(orders), "order")["handling_unit"])
        for _ in range(_NESTING_MAX):
            came = self.packed.those(Among(units), "handling_unit")["origin"]
            more = np.union1d(units, came)
            if len(more) == len(units):
                break
            units = more
        carried = Among(units)
        return carried, self.packed.those(carried, "origin"), self.left.those(carried, "handling_unit")

    def in_locations(self) -> Iterator[tuple[Columns, Ints]]:
        """Facts about what lies in locations, part by part, with the units that came; not in the stream's order."""
        for part in self.taken.parts("seq", "at_ms", "owner", "sku", "lot", "location", "units"):
            yield part, -part["units"]
        for part in self.placed.parts("seq", "at_ms", "owner", "sku", "lot", "location", "units"):
            yield part, part["units"]
        for part in self.lost.parts():
            here = part["handling_unit"] == MISSING
            yield {name: column[here] for name, column in part.items()}, -part["units"][here]

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
        packed, left = self.packed.columns(), self.left.columns()
        packings, leavings = _successions(packed, left)
        ends_on, seq = _followed(holder, columns["seq"], in_location, packed, packings)
        leave = np.where(in_location, -1, leavings.neighbour(ends_on, seq, after=True))
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
            order=_label(left, leave),
        )


def _held_by(unit: Ints, worker: Ints | None = None) -> Ints:
    """The handling unit whose contents a fact is about, else the hands; MISSING: what lies in a location."""
    return unit if worker is None else np.where(unit == MISSING, worker, unit)


def _successions(packed: Columns, left: Columns) -> tuple[Succession, Succession]:
    return Succession(packed["origin"], packed["seq"]), Succession(left["handling_unit"], left["seq"])


def _label(left: Columns, leave: Ints) -> Ints:
    """The order on the label under which something left; MISSING where it did not."""
    label = np.full(len(leave), MISSING, dtype=np.int64)
    label[leave >= 0] = left["order"][leave[leave >= 0]]
    return label


def _followed(holder: Ints, seq: Ints, in_location: Flags, packed: Columns, packings: Succession) -> tuple[Ints, Ints]:
    """The last handling unit of each holder's contents, and since when."""
    holder, seq = holder.copy(), seq.copy()
    for _ in range(_NESTING_MAX):
        into = np.where(in_location, -1, packings.neighbour(holder, seq, after=True))
        there = into >= 0
        if not there.any():
            break
        holder[there], seq[there] = packed["handling_unit"][into[there]], packed["seq"][into[there]]
    return holder, seq
