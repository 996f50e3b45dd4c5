"""What a picker did with each moment of a tour: walked, waited for an aisle, picked, scanned, saw to the cart.

A tour is cut at its own facts (set off, blocked, units taken, device failed ...). What a departure says of its way is
walking, from its start; the rest of the stretch is handling at the place gone to. Where in a stop its scans lie is not
on record (a stop is one stretch of time): they are put at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import positions
from twin.observers.time_parts import CODE, DEED

_START, _WORK, _DEPART, _BLOCK, _UNBLOCK, _TAKE, _FAIL, _REPAIR, _END = range(9)
TOUR_PARTS = ("aisle", "walking", "search_and_pick", "scan_and_retry", "cart", "other")
_FAR = 2**61


@dataclass(frozen=True, slots=True)
class Tours:
    """One row per tour, and the pieces of all tours: by tour and time, each beginning where the one before ended."""

    tour: Ints
    worker: Ints
    started_ms: Ints
    ended_ms: Ints
    piece_tour: Ints
    piece_from_ms: Ints
    piece_to_ms: Ints
    piece_part: Ints
    piece_deed: Ints
    piece_place: Ints

    def spent(self, tour: Ints, from_ms: Ints, to_ms: Ints) -> dict[str, Ints]:
        """By part, the time of tours (their rows) between two moments of each."""
        return {part: self._up_to(part, tour, to_ms) - self._up_to(part, tour, from_ms) for part in TOUR_PARTS}

    def _up_to(self, part: str, tour: Ints, at_ms: Ints) -> Ints:
        if not len(self.piece_tour):
            return np.zeros(len(tour), dtype=np.int64)
        mine = self.piece_part == CODE[part]
        length = np.where(mine, self.piece_to_ms - self.piece_from_ms, 0)
        before = np.concatenate([[0], np.cumsum(length)])
        low = int(self.piece_from_ms.min())
        span = int(self.piece_to_ms.max()) - low + 2
        at = np.searchsorted(
            self.piece_tour * span + (self.piece_from_ms - low), tour * span + (at_ms - low), side="right"
        )
        piece = np.maximum(at - 1, 0)
        inside = (at > 0) & (self.piece_tour[piece] == tour) & mine[piece]
        reached = np.where(inside, at_ms - self.piece_to_ms[piece], 0)  # what of its last piece is still to come
        found: Ints = before[at] + reached
        return found

    def pieces(self, tour: int, from_ms: int, to_ms: int) -> list[tuple[int, int, int, int, int]]:
        """(part, deed, from, to, place) of a tour between two moments, neighbours that are alike in one."""
        low, high = np.searchsorted(self.piece_tour, [tour, tour + 1]).tolist()
        found: list[tuple[int, int, int, int, int]] = []
        for i in range(low, high):
            start = max(from_ms, int(self.piece_from_ms[i]))
            end = min(to_ms, int(self.piece_to_ms[i]))
            if end > start:
                row = (int(self.piece_part[i]), int(self.piece_deed[i]), start, end, int(self.piece_place[i]))
                if found and found[-1][:2] == row[:2] and found[-1][4] == row[4]:
                    row = (*row[:2], found.pop()[2], *row[3:])
                found.append(row)
        return found


class TourTimes:
    """Folds what pickers do."""

    def __init__(self) -> None:
        self.started = Gathered("TourStarted", "worker", "tour", "cause")
        self.created = Gathered("TaskCreated", "task", "location")
        self.began = Gathered("WorkStarted", "worker", "tour")
        self.ended = Gathered("WorkEnded", "worker", "tour")
        self.departed = Gathered("WorkerDeparted", "worker", "destination", "duration_ms")
        self.blocked = Gathered("WorkerBlocked", "worker", "location")
        self.unblocked = Gathered("WorkerUnblocked", "worker", "location")
        self.taken = Gathered("UnitsTaken", "worker", "location", "duration_ms")
        self.failed = Gathered("EquipmentFailed", "worker")
        self.repaired = Gathered("EquipmentRepaired", "worker")
        self.all = [v for v in vars(self).values() if isinstance(v, Gathered)]

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all(self.all, chunk)

    def tours(self, until_ms: int) -> Tours:
        """All tours begun so far; one under way counts up to `until_ms`."""
        started = self.started.columns()
        by_worker = np.lexsort((started["seq"], started["worker"]))
        started = {name: column[by_worker] for name, column in started.items()}
        marks, tour = _marks(self._facts(), started, self.ended.columns(), until_ms)
        created = self.created.columns()
        at = positions(started["tour"], created["task"])
        depot = np.where(at >= 0, created["location"][at] if len(at) and len(created["task"]) else MISSING, MISSING)
        pieces = _pieces(marks, tour, depot)
        count = len(started["tour"])
        last = np.searchsorted(tour, np.arange(count), side="right") - 1
        return Tours(
            started["tour"], started["worker"], started["at_ms"],
            marks["at_ms"][last] if count else started["at_ms"], *pieces,
        )  # fmt: skip

    def _facts(self) -> Columns:
        """Everything that cuts a tour: seq, at_ms, worker, what, place, duration."""
        sources = (
            (_START, self.started, None, None), (_WORK, self.began, None, None),
            (_DEPART, self.departed, "destination", "duration_ms"), (_BLOCK, self.blocked, "location", None),
            (_UNBLOCK, self.unblocked, "location", None), (_TAKE, self.taken, "location", "duration_ms"),
            (_FAIL, self.failed, None, None), (_REPAIR, self.repaired, None, None), (_END, self.ended, None, None),
        )  # fmt: skip
        parts: list[Columns] = []
        for what, gathered, place, duration in sources:
            own = gathered.columns()
            none = np.full(len(own["seq"]), MISSING, dtype=np.int64)
            keep = own["worker"] != MISSING
            if "tour" in own:
                keep &= own["tour"] != MISSING
            took = none if duration is None else own[duration]
            columns = {
                "seq": own["seq"], "at_ms": own["at_ms"], "worker": own["worker"], "what": np.full_like(none, what),
                "place": none if place is None else own[place], "took_ms": np.where(took == MISSING, 0, took),
            }  # fmt: skip
            parts.append({name: column[keep] for name, column in columns.items()})
        whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        order = np.lexsort((whole["seq"], whole["worker"]))
        return {name: column[order] for name, column in whole.items()}


def _marks(facts: Columns, started: Columns, ended: Columns, until_ms: int) -> tuple[Columns, Ints]:
    """The facts of tours and the row of each one's tour, by tour and seq; one under way gets a mark at the end."""
    tour = np.cumsum(facts["what"] == _START) - 1
    count = len(started["tour"])
    at = positions(started["tour"], ended["tour"])
    end_seq = np.where(at >= 0, ended["seq"][at] if count and len(ended["seq"]) else _FAR, _FAR)
    known = tour >= 0
    mine = known.copy()
    mine[known] = (facts["worker"][known] == started["worker"][tour[known]]) & (
        facts["seq"][known] <= end_seq[tour[known]]
    )
    marks, tour = {name: column[mine] for name, column in facts.items()}, tour[mine]
    still = np.flatnonzero(end_seq == _FAR)
    if len(still):
        ends = {
            "seq": np.full(len(still), _FAR), "at_ms": np.full(len(still), until_ms),
            "worker": started["worker"][still],
            "what": np.full(len(still), _END), "place": np.full(len(still), MISSING),
            "took_ms": np.zeros(len(still), dtype=np.int64),
        }  # fmt: skip
        marks = {name: np.concatenate([column, ends[name]]) for name, column in marks.items()}
        tour = np.concatenate([tour, still])
        order = np.lexsort((marks["seq"], tour))
        marks, tour = {name: column[order] for name, column in marks.items()}, tour[order]
    return marks, tour


def _pieces(marks: Columns, tour: Ints, depot: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Cut what lies between neighbouring marks of a tour into walking, handling and scans."""
    size = len(tour)
    if size < 2:
        none = np.empty(0, dtype=np.int64)
        return none, none, none, none, none, none
    what, at = marks["what"], marks["at_ms"]
    row = np.arange(size)
    same = np.append(tour[1:] == tour[:-1], False)
    gap = np.where(same, np.append(at[1:], 0) - at, 0)
    departs = what == _DEPART
    last_departure = np.maximum.accumulate(np.where(departs, row, -1))
    gone = (last_departure >= 0) & (tour[last_departure] == tour)
    place = np.where(gone, marks["place"][last_departure], MISSING)
    at_cart = ~gone | (place == depot[tour])
    to_stop = np.cumsum(departs & (marks["place"] != depot[tour]))
    first = np.searchsorted(tour, tour)
    been_out = to_stop > to_stop[first]
    # the way of a departure is walked in the stretch that follows; a device that fails at once comes before it
    way = np.where(departs, marks["took_ms"], 0)
    stuck = np.flatnonzero(departs[:-2] & (what[1:-1] == _FAIL) & (gap[:-2] == 0) & (tour[:-2] == tour[2:]))
    way[stuck + 2], way[stuck] = way[stuck], 0
    special = (what == _START) | (what == _FAIL) | (what == _BLOCK)
    cut_short = np.append(marks["seq"][1:] == _FAR, False) & same
    odd = (way > gap) & ~cut_short & ~special & (gap > 0)
    walk = np.where(special | odd, 0, np.minimum(way, gap))
    handling = np.where(special | odd, 0, gap - walk)
    # scans of a visit are the last part of its handling
    visit = np.cumsum(departs | (what == _START)) - 1
    visits = int(visit[-1]) + 1
    scans = np.bincount(visit, np.where(what == _TAKE, marks["took_ms"], 0), visits).astype(np.int64)
    handled = np.bincount(visit, handling, visits).astype(np.int64)
    odd |= (scans > handled)[visit] & (handling > 0)
    handling = np.where(odd, 0, handling)
    upto = np.cumsum(handling)
    before = upto - handling
    scan = np.clip(scans[visit] - (before - before[np.searchsorted(visit, visit)]), 0, handling)
    begin = at
    middle, late = at + walk, at + walk + handling - scan
    end = at + gap
    cart_part = np.where(at_cart, CODE["cart"], CODE["search_and_pick"])
    cart_deed = np.where(at_cart, np.where(been_out, DEED["put_down"], DEED["set_up"]), 0)
    alone = np.select(
        [odd, what == _BLOCK], [CODE["other"], CODE["aisle"]], CODE["scan_and_retry"]
    )  # START: the reply of the WMS; FAIL: another device
    alone_deed = np.select([odd, what == _FAIL, what == _START], [0, DEED["device"], DEED["reply"]], 0)
    here = np.where(what == _BLOCK, marks["place"], place)
    whole = special | odd
    rows = (
        (begin, middle, np.full(size, CODE["walking"]), np.zeros(size), place),
        (middle, late, cart_part, cart_deed, place),
        (late, np.where(whole, late, end), np.full(size, CODE["scan_and_retry"]), np.full(size, DEED["scan"]), place),
        (np.where(whole, begin, end), end, alone, alone_deed, here),
    )
    stacked = [np.stack([r[i] for r in rows], axis=1).reshape(-1).astype(np.int64) for i in range(5)]
    some = stacked[1] > stacked[0]
    owner = np.repeat(tour, len(rows))[some]
    start, stop, part, deed, where = (column[some] for column in stacked)
    return owner.astype(np.int64), start, stop, part, deed, where
