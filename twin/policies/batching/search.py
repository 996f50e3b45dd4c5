"""Searches that make batches shorter: `savings_improved` moves and swaps, `optimised` takes apart and rebuilds.

Both start from `savings`, never end longer than it, and stop after counts of work, never by the clock: two machines
decide alike. Draws are keyed by (seed, round, order).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.domain.draws import Uniforms, draw, entities, stream, uniforms
from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import Limits, Load, Mates, Waiting, in_turn
from twin.policies.batching.lengths import Lengths
from twin.policies.batching.partition import ORDERS_MAX, best_partition
from twin.policies.batching.savings import by_id, in_turn_of, key_of, merged_by_savings

SHARE_BEFORE, SHARE_OF_ROUNDS = 0.85, 0.85
"""Of `max_tours`, what `optimised` may have measured when its rounds begin and when they end: the rest is for the moves
and swaps before and after."""

PARTITION_MAX = 10
"""Orders of a few batches that one round divides anew, proven."""

OUT_MIN, OUT_MAX = 6, 30
"""Orders that one round takes out, however few or many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsImproved:
    """`savings`, then single orders moved or swapped while the total length falls, first improvement in id order.

    At most `max_improvements` changes and `max_tours` tours measured.
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        search = Search(snapshot, waiting, self.rules)
        search.improve(search.lengths.tours + self.rules.max_tours)
        return batching(search.batches(), rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimised:
    """Proven best for up to 12 orders; beyond, large-neighbourhood search on `savings`, ended by moves and swaps.

    Each of at most `max_rounds` rounds takes `destroy_share` of the orders out (at most 30: those most alike to a drawn
    one, the batches around it, or the worst batches), puts them back by regret and keeps what is shorter; at most
    `max_tours` tours are measured. Ropke & Pisinger (2006); related removal: Shaw (1998).
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        rules = self.rules
        if len(waiting) <= ORDERS_MAX:
            orders = by_id(waiting)
            lengths = Lengths(snapshot, orders, rules.routing)
            best = best_partition(orders, range(len(orders)), snapshot.now_ms, Limits(snapshot), lengths)
            return batching(in_turn_of([[orders[i] for i in batch] for batch in best], waiting), rejected)
        search = Search(snapshot, waiting, rules)
        begun = search.lengths.tours
        search.improve(begun + int(SHARE_BEFORE * rules.max_tours))
        for number in range(rules.max_rounds):
            if search.lengths.tours - begun >= SHARE_OF_ROUNDS * rules.max_tours:
                break
            search.round(number)
        search.improve(begun + rules.max_tours)
        return batching(search.batches(), rejected)


Changed = dict[int, tuple[list[int], int]]  # per batch that changed: its orders and its length


class Search:
    """Batches that change: places of orders, in the order of their ids."""

    def __init__(self, snapshot: BatchingSnapshot, waiting: Waiting, rules: BatchingRules) -> None:
        self.now_ms, self.limits, self.rules = snapshot.now_ms, Limits(snapshot), rules
        self.waiting = waiting
        self.orders = by_id(waiting)
        self.slack = [o.cutoff_at_ms - snapshot.now_ms - o.work_ms for o in self.orders]
        self.lengths = Lengths(snapshot, self.orders, rules.routing)
        self.parts = merged_by_savings(snapshot, self.orders, self.lengths)
        self.aisles = [_aisles(o) for o in self.orders]
        self.kg = [o.mass_kg or 0.0 for o in self.orders]
        self.kg_most = self.limits.kg * (1.0 + 1e-9)
        self.mates = Mates(self.orders, self.slack, self.limits)
        self.words = entities([o.order for o in self.orders])
        self.length = self.measured(self.parts)
        self.keys: list[int] = []

    def measured(self, parts: list[list[int]]) -> list[int]:
        """The length of each batch."""
        return self.lengths.of(parts, [key_of(part) for part in parts])

    def batches(self) -> list[list[BatchOrder]]:
        """The decision, most pressing first."""
        return in_turn_of([[self.orders[i] for i in part] for part in self.parts], self.waiting)

    def loaded(self, part: list[int]) -> Load:
        """A batch as the cart sees it."""
        load = Load(self.orders[part[0]], self.now_ms)
        for i in part[1:]:
            load.add(self.orders[i], self.slack[i])
        return load

    def fits(self, load: Load, i: int) -> bool:
        """Whether the order may join."""
        return load.takes(self.orders[i], self.slack[i], self.limits)

    # --- taking apart and rebuilding

    def round(self, number: int) -> None:
        """Take orders out, put them back; keep what is shorter."""
        seed, count = self.rules.seed, len(self.orders)
        luck = uniforms(stream(seed, "batching order"), self.words, number)
        kind, size = draw(seed, "batching round", "kind", number), draw(seed, "batching round", "size", number)
        share = self.rules.destroy_share * (0.5 + size)
        wanted = min(OUT_MAX, count, max(OUT_MIN, round(share * count)))
        if kind < 0.4:
            out = self._alike(luck, wanted)
        else:
            chosen = self._alike_batches(luck) if kind < 0.8 else self._worst_batches(luck)
            whole = self._whole(chosen, wanted if size < 0.5 else PARTITION_MAX)
            out = sorted([i for k in whole for i in self.parts[k]])
            if size >= 0.5 and len(out) <= PARTITION_MAX and 1 < len(whole) < len(out):
                self._repartition(whole, out)
                return
        gone = set(out)
        parts = [[i for i in part if i not in gone] for part in self.parts]
        rebuilt = self._inserted([part for part in parts if part], out)
        length = self.measured(rebuilt)
        if sum(length) < sum(self.length):
            self.parts, self.length = rebuilt, length

    def _repartition(self, whole: list[int], out: list[int]) -> None:
        """The best batches of the orders of a few batches, proven."""
        found = best_partition(self.orders, out, self.now_ms, self.limits, self.lengths)
        length = self.measured(found)
        if sum(length) < sum([self.length[k] for k in whole]):
            kept = [k for k in range(len(self.parts)) if k not in whole]
            self.parts = [self.parts[k] for k in kept] + found
            self.length = [self.length[k] for k in kept] + length

    def _alike(self, luck: Uniforms, wanted: int) -> list[int]:
        """The drawn order and those whose aisles are most alike."""
        centre = int(luck.argmax())
        score = np.array([_unlike(aisles, self.aisles[centre]) for aisles in self.aisles]) + 0.5 * luck
        score[centre] = -1.0
        return sorted(np.argsort(score, kind="stable")[:wanted].tolist())

    def _alike_batches(self, luck: Uniforms) -> list[float]:
        """A score per batch: least for the drawn order's own, then those whose aisles are most alike."""
        centre = int(luck.argmax())
        joined = [self._joined(part) for part in self.parts]
        own = next(aisles for aisles, part in zip(joined, self.parts, strict=True) if centre in part)
        return [
            -1.0 if centre in part else _unlike(aisles, own) + 0.5 * float(luck[min(part)])
            for aisles, part in zip(joined, self.parts, strict=True)
        ]

    def _worst_batches(self, luck: Uniforms) -> list[float]:
        """A score per batch: least for the longest way per line."""
        lines = [sum([self.orders[i].lines for i in part]) for part in self.parts]
        mean = sum(self.length) / max(1, sum(lines))
        return [
            float(luck[min(part)]) - length / max(1.0, n * mean)
            for part, length, n in zip(self.parts, self.length, lines, strict=True)
        ]

    def _whole(self, scores: list[float], wanted: int) -> list[int]:
        """The batches of least score with at most so many orders together, at least one."""
        whole: list[int] = []
        out = 0
        for k in sorted(range(len(scores)), key=lambda k: (scores[k], min(self.parts[k]))):
            if whole and out + len(self.parts[k]) > wanted:
                break
            whole.append(k)
            out += len(self.parts[k])
        return whole

    def _joined(self, part: list[int]) -> int:
        aisles = 0
        for i in part:
            aisles |= self.aisles[i]
        return aisles

    def _inserted(self, parts: list[list[int]], out: list[int]) -> list[list[int]]:
        """Put the orders back: next the one that loses most if it does not get its best batch; ties: id."""
        parts = [part.copy() for part in parts]
        keys = [key_of(part) for part in parts]
        loads = [self.loaded(part) for part in parts]
        length = self.lengths.of(parts, keys)
        alone = dict(zip(out, self.lengths.of([[i] for i in out], [1 << i for i in out]), strict=True))
        added: dict[int, dict[int, int]] = {i: {} for i in out}
        self._weigh(added, parts, keys, loads, length, range(len(parts)))
        rest = list(out)
        while rest:
            best: tuple[int, int, int] | None = None
            into = -1
            for i in rest:
                first, second, at = alone[i], alone[i], -1
                for b, cost in added[i].items():
                    if cost < first or (cost == first and at < 0):
                        first, second, at = cost, first, b
                    elif cost < second:
                        second = cost
                turn = (first - second, first, i)
                if best is None or turn < best:
                    best, into = turn, at
            assert best is not None
            i = best[2]
            rest.remove(i)
            del added[i]
            if into < 0:
                into = len(parts)
                parts.append([i])
                keys.append(1 << i)
                loads.append(Load(self.orders[i], self.now_ms))
                length.append(alone[i])
            else:
                length[into] += best[1]
                parts[into].append(i)
                keys[into] |= 1 << i
                loads[into].add(self.orders[i], self.slack[i])
            self._weigh(added, parts, keys, loads, length, (into,))
        return parts

    def _weigh(
        self, added: dict[int, dict[int, int]], parts: list[list[int]], keys: list[int], loads: list[Load],
        length: list[int], changed: range | tuple[int, ...],
    ) -> None:  # fmt: skip
        """What each order that is out would add to each changed batch."""
        asked: list[tuple[int, int]] = []
        for i, costs in added.items():
            for b in changed:
                if self.fits(loads[b], i):
                    asked.append((i, b))
                else:
                    costs.pop(b, None)
        found = self.lengths.of([[*parts[b], i] for i, b in asked], [keys[b] | 1 << i for i, b in asked])
        for (i, b), mm in zip(asked, found, strict=True):
            added[i][b] = mm - length[b]

    # --- moves and swaps

    def improve(self, tours_upto: int) -> None:
        """Move or swap single orders while the total length falls, first improvement in id order."""
        count = len(self.orders)
        changed = [0] * len(self.parts)  # when each batch last changed
        looked = [-1] * count  # when each order last found nothing better
        keys = self.keys = [key_of(part) for part in self.parts]
        changes, since, place = 0, 0, 0
        while since < count and changes < self.rules.max_improvements and self.lengths.tours < tours_upto:
            home = next(k for k, part in enumerate(self.parts) if place in part)
            fresh = [
                k for k, part in enumerate(self.parts)
                if k != home and part and max(changed[k], changed[home]) > looked[place]
            ]  # fmt: skip
            found = (self._move(place, home, fresh) or self._swap(place, home, fresh)) if fresh else None
            if found is None:
                looked[place] = changes
                since += 1
            else:
                changes, since = changes + 1, 0
                for k, (part, mm) in found.items():
                    self.parts[k], self.length[k], keys[k], changed[k] = part, mm, key_of(part), changes
            place = (place + 1) % count
        self.length = [mm for part, mm in zip(self.parts, self.length, strict=True) if part]
        self.parts = [part for part in self.parts if part]

    def _move(self, i: int, home: int, others: list[int]) -> Changed | None:
        """The order in another batch: the first that is shorter, batches in the order of their smallest id."""
        rest = [m for m in self.parts[home] if m != i]
        targets = [b for b in others if self.mates.take(self.parts[b], i)]
        targets.sort(key=lambda b: min(self.parts[b]))
        one = 1 << i
        tries = [[*self.parts[b], i] for b in targets]
        keys = [self.keys[b] | one for b in targets]
        if rest:
            tries, keys = [*tries, rest], [*keys, self.keys[home] ^ one]
        length = self.lengths.of(tries, keys)
        left = length.pop() if rest else 0
        for b, larger, mm in zip(targets, tries, length, strict=False):
            if left + mm < self.length[home] + self.length[b]:
                return {home: (rest, left), b: (larger, mm)}
        return None

    def _swap(self, i: int, home: int, others: list[int]) -> Changed | None:
        """The order against one of another batch: the first that is shorter, by the other's id."""
        rest = [m for m in self.parts[home] if m != i]
        take = self.mates.take
        kg, room = self.kg, self.kg_most - sum([self.kg[m] for m in rest])
        one = 1 << i
        key_home = self.keys[home] ^ one
        asked: list[tuple[int, int, list[int], list[int]]] = []
        for b in others:
            part = self.parts[b]
            over = sum([kg[m] for m in part]) + kg[i] - self.kg_most
            for j in part:
                if kg[j] > room or kg[j] < over:
                    continue
                other = [m for m in part if m != j]
                if take(rest, j) and take(other, i):
                    asked.append((j, b, [*rest, j], [*other, i]))
        asked.sort(key=lambda row: row[0])
        keys = [key for j, b, _, _ in asked for key in (key_home | 1 << j, self.keys[b] ^ 1 << j | one)]
        length = self.lengths.of([part for _, _, here, there in asked for part in (here, there)], keys)
        for (_, b, here, there), mm_here, mm_there in zip(asked, length[::2], length[1::2], strict=True):
            if mm_here + mm_there < self.length[home] + self.length[b]:
                return {home: (here, mm_here), b: (there, mm_there)}
        return None


def _unlike(a: int, b: int) -> float:
    """The share of aisles that only one of two visits."""
    return (a ^ b).bit_count() / max(1, (a | b).bit_count())


def _aisles(order: BatchOrder) -> int:
    """The aisles of an order, one bit each; of a graph its locations stand for them."""
    aisles = 0
    for stop in order.stops:
        aisles |= 1 << stop.aisle
    return aisles
