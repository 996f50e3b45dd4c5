"""Which line an order's time is told by: at each merge the part that arrived last, ties by line id.

An order that left: of the handling units that left last, the one staged last; of its lines, the one picked last. One
that is still open or was cancelled: the line that is least advanced.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags, positions, sums
from twin.observers.order_facts import Fact, GatheredTimes, Line, OrderFacts, last, line_keys
from twin.observers.order_lives import MISSING_AT_PACKING, Lives

Key = tuple[int, ...]


class Pick(NamedTuple):
    """A confirmed pick: its line, tour and tote."""

    line: Line
    tour: int
    tote: int
    seq: int


def by_text(codes: Ints, table: Sequence[str]) -> Ints:
    """The place of each code among all of them by their text."""
    distinct, at = np.unique(codes, return_inverse=True)
    text = sorted(range(len(distinct)), key=lambda i: table[int(distinct[i])])
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[text] = np.arange(len(distinct))
    found: Ints = rank[at.reshape(-1)]
    return found


def last_picks(gathered: GatheredTimes, lives: Lives) -> dict[int, Pick]:
    """By order the pick that tells its time: the last of its last handling unit."""
    staged_ms, departed_ms = gathered.lives.milestones()
    picked = gathered.picked.columns()
    return _last(picked, staged_ms, departed_ms, picked["units"] > 0, gathered.names.table)


def _last(
    picked: dict[str, Ints], staged_ms: Ints, departed_ms: Ints, among: Flags, table: Sequence[str]
) -> dict[int, Pick]:
    rows = np.flatnonzero(among & (departed_ms != MISSING))
    if not len(rows):
        return {}
    line_rank = by_text(picked["line"][rows], table)
    keys = (-line_rank, picked["at_ms"][rows], staged_ms[rows], departed_ms[rows], picked["order"][rows])
    rows = rows[np.lexsort(keys)]
    order = picked["order"][rows]
    ends = rows[np.append(order[1:] != order[:-1], True)]
    columns = [picked[name][ends].tolist() for name in ("order", "line", "tour", "handling_unit", "seq")]
    return {o: Pick((o, n), tour, tote, seq) for o, n, tour, tote, seq in zip(*columns, strict=True)}


def open_lines(gathered: GatheredTimes, lives: Lives, orders: set[int]) -> dict[int, list[tuple[Line, bool]]]:
    """By order its lines that are not done, and whether units of them are still to be picked."""
    picked, told = gathered.picked.columns(), gathered.lives.exceptions.columns()
    promised = gathered.lives.promised.columns()
    keys = line_keys(promised["order"], promised["line"])
    _, first = np.unique(keys, return_index=True)
    own = lives.order[lives.line_order]
    first = np.sort(first)
    first = first[positions(promised["order"][first], lives.order) >= 0]
    line = promised["line"][first]
    mine = line_keys(own, line)
    came = sums(positions(line_keys(picked["order"], picked["line"]), mine), picked["units"], len(mine))
    at_bench = told["reason"] == gathered.names.find(MISSING_AT_PACKING)
    lacking = np.where(at_bench, told["expected_units"] - told["units"], 0)
    came -= sums(positions(line_keys(told["order"], told["line"]), mine), lacking, len(mine))
    found: dict[int, list[tuple[Line, bool]]] = {order: [] for order in orders}
    left = lives.line_shipped_ms != MISSING
    rows = np.flatnonzero(np.isin(own, np.array(sorted(orders), dtype=np.int64)))
    for i in rows.tolist():
        if not left[i]:
            found[int(own[i])].append(((int(own[i]), int(line[i])), bool(came[i] < lives.line_wanted[i])))
    return found


class Standing(NamedTuple):
    """Where a line stands: how far it has come, since when, and by which fact."""

    stage: str
    rank: int
    since: Fact


def standing(f: OrderFacts, line: Line, before_seq: int) -> Standing | None:
    """What units of a line that are not picked wait for, the least advanced first; None if no fact tells."""
    order = line[0]
    found: list[Standing] = []
    released = last(f.released.get(order, []), before_seq)
    batched = last(f.batched.get(order, []), before_seq)
    allocation = last(f.allocations.get(line, []), before_seq)
    waits = [w for w in f.waits.get(line, []) if w.seq < before_seq]
    short = last(f.backordered.get(line, []), before_seq)
    covered = next((w for w in reversed(waits) if w.about == f.for_release), None)
    parked = next((w for w in reversed(waits) if w.about == f.replenishment), None)
    sent = next((w for w in reversed(waits) if w.about == f.for_worker), None)
    back = next((w for w in reversed(waits) if w.about == f.taken_back), None)
    since_back = -1 if back is None else back.seq
    allocated = last(f.allocated.get(order, []), before_seq)
    if short is not None and (covered is None or covered.seq < short.seq):
        found.append(Standing("goods", 0, short))
    if parked is not None and parked.seq > max(since_back, -1 if allocation is None else allocation.seq):
        found.append(Standing("move", 1, parked))
    for since in sorted((x for x in (covered, back, allocated) if x is not None), reverse=True):
        if released is None or released.seq < since.seq:
            found.append(Standing("release", 2, since))
            break
    if allocation is not None and allocation.seq > max(since_back, -1 if batched is None else batched.seq):
        found.append(Standing("batch", 3, allocation))
    offered = max((x.seq for x in (allocation, sent) if x is not None), default=None)
    if batched is not None and offered is not None and batched.seq > max(offered, since_back):
        begun = f.started.get(batched.about)
        if begun is None or begun.seq >= before_seq:
            found.append(Standing("worker", 4, batched))
        elif not any(p.about == batched.about for p in f.picks.get(line, [])) and not any(
            x.about == batched.about for x in f.faults.get(line, [])
        ):
            found.append(Standing("tour", 5, batched))
    if not found and allocated is None:
        promised = f.promised.get(order)
        if promised is not None:
            found.append(Standing("hold", 0, promised))
    return min(found, key=lambda s: s.rank, default=None)
