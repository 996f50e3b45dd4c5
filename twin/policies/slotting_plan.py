"""What slotting sees and answers, and how a wish for homes becomes a plan.

Rank the SKUs, give each in turn the best home that fits. A SKU that has a home leaves it only if the saved walking
pays the move and the new home is free by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import floor

from twin.domain.ids import LocationId, OwnerId, SkuId, StorageClass
from twin.policies.home_search import HomeRow, OpenHomes
from twin.policies.shape import Rules, Snapshot


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
    """SKUs and homes of a planning run. together: at most the ten strongest partners of a SKU.

    ordered: (owner, SKU, lines, units) that are ordered, reserved or released and not yet picked, for `from_orders`.
    """

    demand: tuple[SkuDemand, ...]
    homes: tuple[Home, ...]
    together: tuple[tuple[SkuId, SkuId, float], ...]
    ordered: tuple[tuple[OwnerId, SkuId, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingRules(Rules):
    """class_cuts: cumulative shares of the lines at which a class ends. `max_moves` 0: nothing moves."""

    class_cuts: tuple[float, ...] = (0.8, 0.95)
    affinity_weight: float = 1.0
    horizon_days: int = 30
    hurdle: float = 1.5
    max_moves: int = 50
    move_s: float = 240.0
    speed_m_per_s: float = 1.2


DEFAULTS = SlottingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingPlan:
    """homes: of all SKUs once the moves are done, SKUs for which nothing fits left out; moves in a possible order.

    moves: (owner, sku, from, to, saved_ms).
    """

    homes: tuple[tuple[OwnerId, SkuId, LocationId], ...]
    moves: tuple[tuple[OwnerId, SkuId, LocationId, LocationId, int], ...]


Article = tuple[OwnerId, SkuId]
PlannedMove = tuple[OwnerId, SkuId, LocationId, LocationId, int]
Settled = Mapping[Article, LocationId]
Assign = Callable[[Sequence[SkuDemand], Sequence[Home], Settled], dict[Article, LocationId]]
"""Homes for SKUs in their rank among open homes, given where other SKUs are settled."""
Search = Callable[[list[HomeRow]], OpenHomes]


def plan(snapshot: SlottingSnapshot, rules: SlottingRules, ranked: Sequence[SkuDemand], assign: Assign) -> SlottingPlan:
    """Homes for the SKUs in their rank, then the moves that pay, then homes for the SKUs that have none."""
    home_of = homes_today(snapshot)
    open_to_all = open_homes(snapshot, home_of)
    wanted = assign(ranked, open_to_all, {})
    homes = {home.location: home for home in snapshot.homes}
    worth_it = paying(wanted, home_of, snapshot.demand, homes, rules)
    moves = possible(worth_it, Counter(home_of.values()), rules.max_moves)
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
    settled.update(assign(homeless, left, settled))
    return SlottingPlan(
        homes=tuple(sorted([(owner, sku, location) for (owner, sku), location in settled.items()])),
        moves=tuple(moves),
    )


def homes_today(snapshot: SlottingSnapshot) -> dict[Article, LocationId]:
    """The home of each SKU that has one among those seen."""
    known = {home.location for home in snapshot.homes}
    return {(d.owner, d.sku): d.home for d in snapshot.demand if d.home is not None and d.home in known}


def open_homes(snapshot: SlottingSnapshot, home_of: Settled) -> list[Home]:
    """Homes that are nobody's, or that of a SKU of this run."""
    return [h for h in snapshot.homes if h.taken_by is None or home_of.get(h.taken_by) == h.location]


def grouped(homes: Sequence[Home]) -> dict[tuple[StorageClass, bool], list[Home]]:
    """Homes by storage class and security; a SKU is never assigned outside its own."""
    groups: dict[tuple[StorageClass, bool], list[Home]] = {}
    for home in homes:
        groups.setdefault((home.storage, home.secure), []).append(home)
    return groups


def best_by(search: Search) -> Assign:
    """The best open home of the same storage class and security that holds the SKU's litres, SKU by SKU."""

    def assign(ranked: Sequence[SkuDemand], homes: Sequence[Home], settled: Settled) -> dict[Article, LocationId]:
        return _assigned(ranked, homes, search)

    return assign


def _assigned(ranked: Iterable[SkuDemand], homes: Sequence[Home], search: Search) -> dict[Article, LocationId]:
    groups = grouped(homes)
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


def paying(
    wanted: Settled,
    home_of: Settled,
    demand: Iterable[SkuDemand],
    homes: Mapping[LocationId, Home],
    rules: SlottingRules,
) -> list[PlannedMove]:
    """The moves whose saved walking over the horizon exceeds `hurdle` times the work of the move."""
    least_ms = rules.hurdle * rules.move_s * 1000
    moves: list[PlannedMove] = []
    for row in demand:
        article = (row.owner, row.sku)
        old, new = home_of.get(article), wanted.get(article)
        if old is None or new is None or old == new or rules.speed_m_per_s <= 0:
            continue
        walk_both_ways = 2 * (homes[old].walk_mm - homes[new].walk_mm)
        saved_ms = floor(walk_both_ways * row.lines_per_day * rules.horizon_days / rules.speed_m_per_s)
        if saved_ms > least_ms:
            moves.append((row.owner, row.sku, old, new, saved_ms))
    return moves


def possible(wanted: list[PlannedMove], taken: Counter[LocationId], max_moves: int) -> list[PlannedMove]:
    """Most saved first; a move waits until the one that frees its target is done, and a swap waits for ever."""
    heap = [(-move[4], move[1], move[3], move[0], move) for move in wanted]
    heapify(heap)
    waiting: dict[LocationId, list[tuple[int, SkuId, LocationId, OwnerId, PlannedMove]]] = {}
    done: list[PlannedMove] = []
    while heap and len(done) < max_moves:
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
