"""Slotting: homes of SKUs, in advance.

Rank the SKUs, give each in turn the best home that fits. A SKU that has a home leaves it only if the saved walking
pays the move and the new home is free by then. Costs n log n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import floor, inf

from twin.domain.ids import LocationId, OwnerId, SkuId, StorageClass
from twin.policies.home_search import HashedHomes, HomeRow, OpenHomes, SortedHomes
from twin.policies.shape import Policy, Rules, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuDemand:
    """What is expected of a SKU, and its home today."""

    owner: OwnerId
    sku: SkuId
    lines_per_day: float
    units_per_day: float
    litres_at_max: float
    home: LocationId | None
    storage: StorageClass
    secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A location that may be a SKU's home. `walk_mm`: from the depot; `taken_by`: whose home it is today."""

    location: LocationId
    walk_mm: int
    x_mm: int
    y_mm: int
    free_l: float
    kind: str
    storage: StorageClass
    secure: bool
    taken_by: tuple[OwnerId, SkuId] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingSnapshot(Snapshot):
    """SKUs and homes of a planning run. together: at most the ten strongest partners of a SKU."""

    demand: tuple[SkuDemand, ...]
    homes: tuple[Home, ...]
    together: tuple[tuple[SkuId, SkuId, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingRules(Rules):
    """class_cuts: cumulative shares of the lines at which a class ends. `max_moves` 0: unlimited."""

    class_cuts: tuple[float, ...] = (0.8, 0.95)
    affinity_weight: float = 1.0
    horizon_days: int = 30
    hurdle: float = 1.5
    max_moves: int = 50
    move_s: float = 240.0
    speed_m_per_s: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingPlan:
    """homes: of all SKUs once the moves are done, SKUs for which nothing fits left out; moves in a possible order.

    moves: (owner, sku, from, to, saved_ms).
    """

    homes: tuple[tuple[OwnerId, SkuId, LocationId], ...]
    moves: tuple[tuple[OwnerId, SkuId, LocationId, LocationId, int], ...]


Article = tuple[OwnerId, SkuId]
PlannedMove = tuple[OwnerId, SkuId, LocationId, LocationId, int]
Search = Callable[[list[HomeRow]], OpenHomes]


def velocity_class(demand: Sequence[SkuDemand], cuts: Sequence[float]) -> dict[Article, int]:
    """1 for the fastest: a SKU belongs to the class in which the lines of all faster ones end."""
    total = sum([d.lines_per_day for d in demand])
    before = 0.0
    classes: dict[Article, int] = {}
    for row in sorted(demand, key=lambda d: (-d.lines_per_day, d.sku, d.owner)):
        share = before / total if total > 0 else 1.0
        classes[row.owner, row.sku] = 1 + sum([share >= cut - 1e-12 for cut in cuts])
        before += row.lines_per_day
    return classes


def plan(snapshot: SlottingSnapshot, rules: SlottingRules, ranked: Sequence[SkuDemand], search: Search) -> SlottingPlan:
    """Homes for the SKUs in their rank, then the moves that pay, then homes for the SKUs that have none."""
    known = {home.location for home in snapshot.homes}
    home_of = {(d.owner, d.sku): d.home for d in ranked if d.home is not None and d.home in known}
    open_to_all = [h for h in snapshot.homes if h.taken_by is None or home_of.get(h.taken_by) == h.location]
    wanted = _assigned(ranked, open_to_all, search)
    moves = _possible(_paying(wanted, home_of, snapshot, rules), Counter(home_of.values()), rules.max_moves)
    settled = dict(home_of)
    settled.update({(owner, sku): to for owner, sku, _, to, _ in moves})
    taken = set(settled.values())
    homeless: list[SkuDemand] = []
    for row in ranked:
        article = (row.owner, row.sku)
        if article in settled:
            continue
        if article in wanted and wanted[article] not in taken:
            settled[article] = wanted[article]
            taken.add(wanted[article])
        else:
            homeless.append(row)
    left = [home for home in open_to_all if home.location not in taken]
    settled.update(_assigned(homeless, left, search))
    return SlottingPlan(
        homes=tuple(sorted([(owner, sku, location) for (owner, sku), location in settled.items()])),
        moves=tuple(moves),
    )


def _assigned(ranked: Iterable[SkuDemand], homes: Sequence[Home], search: Search) -> dict[Article, LocationId]:
    """The best open home of the same storage class and security that holds the SKU's litres, SKU by SKU."""
    groups: dict[tuple[StorageClass, bool], list[Home]] = {}
    for home in homes:
        groups.setdefault((home.storage, home.secure), []).append(home)
    searches = {
        group: search([(h.location, h.walk_mm, h.free_l) for h in members]) for group, members in groups.items()
    }
    assigned: dict[Article, LocationId] = {}
    for row in ranked:
        of_group = searches.get((row.storage, row.secure))
        location = None if of_group is None else of_group.take(row.sku, row.litres_at_max)
        if location is not None:
            assigned[row.owner, row.sku] = LocationId(location)
    return assigned


def _paying(
    wanted: dict[Article, LocationId],
    home_of: dict[Article, LocationId],
    snapshot: SlottingSnapshot,
    rules: SlottingRules,
) -> list[PlannedMove]:
    """The moves whose saved walking over the horizon exceeds `hurdle` times the work of the move."""
    walk_mm = {home.location: home.walk_mm for home in snapshot.homes}
    least_ms = rules.hurdle * rules.move_s * 1000
    paying: list[PlannedMove] = []
    for row in snapshot.demand:
        article = (row.owner, row.sku)
        old, new = home_of.get(article), wanted.get(article)
        if old is None or new is None or old == new or rules.speed_m_per_s <= 0:
            continue
        walk_both_ways = 2 * (walk_mm[old] - walk_mm[new])
        saved_ms = floor(walk_both_ways * row.lines_per_day * rules.horizon_days / rules.speed_m_per_s)
        if saved_ms > least_ms:
            paying.append((row.owner, row.sku, old, new, saved_ms))
    return paying


def _possible(paying: list[PlannedMove], taken: Counter[LocationId], max_moves: int) -> list[PlannedMove]:
    """Most saved first; a move waits until the one that frees its target is done, and a swap waits for ever."""
    heap = [(-move[4], move[1], move[3], move[0], move) for move in paying]
    heapify(heap)
    waiting: dict[LocationId, list[tuple[int, SkuId, LocationId, OwnerId, PlannedMove]]] = {}
    done: list[PlannedMove] = []
    while heap and (max_moves <= 0 or len(done) < max_moves):
        entry = heappop(heap)
        move = entry[4]
        _, _, old, new, _ = move
        if taken[new] > 0:
            waiting.setdefault(new, []).append(entry)
            continue
        done.append(move)
        taken[new] += 1
        taken[old] -= 1
        if taken[old] == 0:
            for freed in waiting.pop(old, ()):
                heappush(heap, freed)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Abc:
    """Fast classes near the depot: SKUs by (class of lines per day, SKU id), the nearest home that fits."""

    rules: SlottingRules = SlottingRules()

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        classes = velocity_class(snapshot.demand, self.rules.class_cuts)
        ranked = sorted(snapshot.demand, key=lambda d: (classes[d.owner, d.sku], d.sku, d.owner))
        return plan(snapshot, self.rules, ranked, SortedHomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTurnover:
    """Most units per day nearest to the depot."""

    rules: SlottingRules = SlottingRules()

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        ranked = sorted(snapshot.demand, key=lambda d: (-d.units_per_day, d.sku, d.owner))
        return plan(snapshot, self.rules, ranked, SortedHomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CubePerOrder:
    """Least space per line nearest to the depot (Heskett 1963); SKUs without lines last."""

    rules: SlottingRules = SlottingRules()

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        def index(row: SkuDemand) -> float:
            return row.litres_at_max / row.lines_per_day if row.lines_per_day > 0 else inf

        ranked = sorted(snapshot.demand, key=lambda d: (index(d), d.sku, d.owner))
        return plan(snapshot, self.rules, ranked, SortedHomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scattered:
    """Random homes without a generator, the "before" arm: SKUs by id, the least stable hash of (SKU, location)."""

    rules: SlottingRules = SlottingRules()

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        ranked = sorted(snapshot.demand, key=lambda d: (d.sku, d.owner))
        return plan(snapshot, self.rules, ranked, HashedHomes)


SLOTTING: dict[str, type[Policy[SlottingSnapshot, SlottingPlan]]] = {
    "abc": Abc,
    "scattered": Scattered,
    "full_turnover": FullTurnover,
    "cube_per_order": CubePerOrder,
}
