"""`savings`: join the two batches that save most of the way, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import Limits, Waiting, in_turn
from twin.policies.batching.lengths import Lengths

Ints = NDArray[np.int64]
NONE = -1
ROWS_AT_ONCE, PAIRS_AT_ONCE = 20, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Merge the fitting pair of batches with the largest `length(i) + length(j) - length(i and j)`.

    Lengths are those of `rules.routing`, measured again after each merge; it ends when no pair saves. Ties: the smaller
    pair of ids. Clarke & Wright (1964), as C&W(ii) of De Koster, Van der Poort & Wolters (1999).
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        orders = by_id(waiting)
        merged = merged_by_savings(snapshot, orders, Lengths(snapshot, orders, self.rules.routing))
        return batching(in_turn_of([[orders[i] for i in batch] for batch in merged], waiting), rejected)


def by_id(waiting: Waiting) -> list[BatchOrder]:
    """The orders that may be batched, by id: the searches know them by their place here."""
    return sorted([o for _, _, o in waiting], key=lambda o: o.order)


def in_turn_of(batches: list[list[BatchOrder]], waiting: Waiting) -> list[list[BatchOrder]]:
    """Batches and the orders in them, most pressing first."""
    turn = {o.order: i for i, (_, _, o) in enumerate(waiting)}
    ordered = [sorted(batch, key=lambda o: turn[o.order]) for batch in batches]
    return sorted(ordered, key=lambda batch: turn[batch[0].order])


class _Fits:
    """Which pairs of batches one cart takes: `cart.Load.joins` over whole rows; a batch is known by its first order."""

    def __init__(self, snapshot: BatchingSnapshot, orders: list[BatchOrder]) -> None:
        self.limits = Limits(snapshot)
        self.orders = np.ones(len(orders), dtype=np.int64)
        self.lines = np.array([o.lines for o in orders], dtype=np.int64)
        self.kg = np.array([o.mass_kg or 0.0 for o in orders])
        self.litres = np.array([o.volume_l or 0.0 for o in orders])
        classes: dict[tuple[str, str | None], int] = {}
        self.kind = np.array([classes.setdefault((o.storage, o.segregation), len(classes)) for o in orders])
        self.cutoff = np.array([o.cutoff_at_ms for o in orders], dtype=np.int64)
        self.mixed = np.zeros(len(orders), dtype=bool)
        self.slack = np.array([o.cutoff_at_ms - snapshot.now_ms - o.work_ms for o in orders], dtype=np.int64)

    def with_others(self, a: int, others: Ints) -> NDArray[np.bool_]:
        """Whether batch `a` and each of the others fit one cart."""
        limits = self.limits
        fits: NDArray[np.bool_] = (self.orders[others] + self.orders[a] <= limits.positions) & (
            self.kind[others] == self.kind[a]
        )
        fits &= self.lines[others] + self.lines[a] <= limits.lines
        if limits.kg < inf:
            fits &= self.kg[others] + self.kg[a] <= limits.kg
        if limits.litres < inf:
            fits &= self.litres[others] + self.litres[a] <= limits.litres
        one_cutoff = (self.cutoff[others] == self.cutoff[a]) & ~self.mixed[others] & ~self.mixed[a]
        fits &= one_cutoff | ((self.slack[others] >= 0) & (self.slack[a] >= 0))
        return fits

    def merge(self, kept: int, gone: int) -> None:
        """Take all orders of `gone` along in `kept`."""
        for counted in (self.orders, self.lines, self.kg, self.litres):
            counted[kept] += counted[gone]
        self.mixed[kept] |= self.mixed[gone] or self.cutoff[kept] != self.cutoff[gone]
        self.slack[kept] = min(self.slack[kept], self.slack[gone])


def merged_by_savings(snapshot: BatchingSnapshot, orders: list[BatchOrder], lengths: Lengths) -> list[list[int]]:
    """The batches as places in `orders`, which are in the order of their ids.

    What a pair saves is known at most at first: no tour is shorter than one of a part of its stops. Where measuring is
    dear, only pairs that may be the best are measured; the merges are the same.
    """
    count = len(orders)
    if not count:
        return []
    pairs = _Pairs(snapshot, orders, lengths)
    while True:
        kept = int(pairs.best.argmax())  # the first of equals: the smaller pair of ids
        if pairs.best[kept] <= 0:
            return list(pairs.batches.values())
        gone = int(pairs.saved[kept].argmax())
        if pairs.measured[kept, gone]:
            pairs.merge(kept, gone)
        else:
            pairs.measure()


class _Pairs:
    """What every pair of batches saves, at most or measured; a batch is known by its first order."""

    def __init__(self, snapshot: BatchingSnapshot, orders: list[BatchOrder], lengths: Lengths) -> None:
        count = len(orders)
        self.lengths, self.fits = lengths, _Fits(snapshot, orders)
        self.batches: dict[int, list[int]] = {i: [i] for i in range(count)}
        alone = lengths.of([[i] for i in range(count)], [1 << i for i in range(count)])
        self.length = np.array(alone, dtype=np.int64)
        self.places = np.arange(count)
        self.alive = np.ones(count, dtype=bool)
        self.saved = np.full((count, count), NONE, dtype=np.int64)  # only above the diagonal: the smaller name first
        self.measured = np.zeros((count, count), dtype=bool)
        left: list[Ints] = []
        right: list[Ints] = []
        for a in range(count - 1):
            others = self.places[a + 1 :][self.fits.with_others(a, self.places[a + 1 :])]
            left.append(np.full(len(others), a))
            right.append(others)
        if left:
            i, j = np.concatenate(left), np.concatenate(right)
            if lengths.dear:
                self.saved[i, j] = np.minimum(self.length[i], self.length[j])
            else:
                self.saved[i, j] = self.length[i] + self.length[j] - lengths.of_pairs(i, j)
                self.measured[i, j] = True
        self.best = self.saved.max(axis=1)  # of each row

    def merge(self, kept: int, gone: int) -> None:
        """Both become one batch; what the others save with it is new."""
        length, saved, fits = self.length, self.saved, self.fits
        before = length[kept], length[gone]
        length[kept] += length[gone] - saved[kept, gone]
        fits.merge(kept, gone)
        self.batches[kept] += self.batches.pop(gone)
        self.alive[gone] = False
        others = self.places[self.alive]
        others = others[others != kept]
        others = others[fits.with_others(kept, others)]
        at_least = np.maximum(length[kept], length[others])
        for name, mm in zip((kept, gone), before, strict=True):
            low, high = np.minimum(others, name), np.maximum(others, name)
            at_least = np.maximum(at_least, mm + length[others] - saved[low, high])
        for name in (kept, gone):
            saved[name, :] = NONE
            saved[:, name] = NONE
        if len(others):
            low, high = np.minimum(others, kept), np.maximum(others, kept)
            saved[low, high] = length[kept] + length[others] - at_least
            self.measured[low, high] = False
            if not self.lengths.dear:
                self._measure(low, high)
        count = len(saved)
        rows = count if count <= 64 else max(kept, gone) + 1  # rows above may have changed in these columns
        self.best[:rows] = saved[:rows].max(axis=1)

    def measure(self) -> None:
        """Measure the pairs that seem to save most."""
        rows = np.argsort(-self.best, kind="stable")[:ROWS_AT_ONCE]
        hopeful = np.where(self.measured[rows], NONE, self.saved[rows])
        row, column = np.nonzero(hopeful >= max(1, int(self.best[rows[-1]])))
        if len(row) > PAIRS_AT_ONCE:
            most = np.argsort(-hopeful[row, column], kind="stable")[:PAIRS_AT_ONCE]
            row, column = row[most], column[most]
        self._measure(rows[row], column)
        self.best[rows] = self.saved[rows].max(axis=1)

    def _measure(self, low: Ints, high: Ints) -> None:
        pairs = [self.batches[a] + self.batches[b] for a, b in zip(low.tolist(), high.tolist(), strict=True)]
        both = self.lengths.of(pairs, [key_of(pair) for pair in pairs])
        self.saved[low, high] = self.length[low] + self.length[high] - np.array(both, dtype=np.int64)
        self.measured[low, high] = True


def key_of(members: list[int]) -> int:
    """The orders as a set of bits."""
    key = 0
    for i in members:
        key |= 1 << i
    return key
