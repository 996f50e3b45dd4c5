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
    """The batches as places in `orders`, which are in the order of their ids."""
    count = len(orders)
    if not count:
        return []
    fits = _Fits(snapshot, orders)
    batches: dict[int, list[int]] = {i: [i] for i in range(count)}
    length = np.array(lengths.of([[i] for i in range(count)], [1 << i for i in range(count)]), dtype=np.int64)
    saved = np.full((count, count), NONE, dtype=np.int64)  # only above the diagonal: the first name is the smaller
    best = np.full(count, NONE, dtype=np.int64)  # the largest of each row
    places = np.arange(count)
    left: list[Ints] = []
    right: list[Ints] = []
    for a in range(count - 1):
        others = places[a + 1 :][fits.with_others(a, places[a + 1 :])]
        left.append(np.full(len(others), a))
        right.append(others)
    if left:
        i, j = np.concatenate(left), np.concatenate(right)
        saved[i, j] = length[i] + length[j] - lengths.of_pairs(i, j)
        best = saved.max(axis=1)
    alive = np.ones(count, dtype=bool)
    while True:
        kept = int(best.argmax())  # the first of equals: the smaller pair of ids
        if best[kept] <= 0:
            return list(batches.values())
        gone = int(saved[kept].argmax())
        length[kept] += length[gone] - saved[kept, gone]
        fits.merge(kept, gone)
        batches[kept] += batches.pop(gone)
        alive[gone] = False
        for name in (kept, gone):
            saved[name, :] = NONE
            saved[:, name] = NONE
        others = places[alive]
        others = others[others != kept]
        others = others[fits.with_others(kept, others)]
        if len(others):
            own = batches[kept]
            pairs = [own + batches[b] for b in others.tolist()]
            both = lengths.of(pairs, [key_of(pair) for pair in pairs])
            low, high = np.minimum(others, kept), np.maximum(others, kept)
            saved[low, high] = length[kept] + length[others] - np.array(both, dtype=np.int64)
        best = saved.max(axis=1) if count <= 64 else _again(best, saved, kept, gone)


def _again(best: Ints, saved: Ints, kept: int, gone: int) -> Ints:
    """The largest of each row after two batches became one: rows above them may have changed in these columns."""
    rows = max(kept, gone) + 1
    best[:rows] = saved[:rows].max(axis=1)
    return best


def key_of(members: list[int]) -> int:
    """The orders as a set of bits."""
    key = 0
    for i in members:
        key |= 1 << i
    return key
