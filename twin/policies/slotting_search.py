"""Slotting by local search: from the plans of simple rules, homes are changed one by one while it pays."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from twin.domain.ids import LocationId, StorageClass
from twin.policies.home_search import SortedHomes
from twin.policies.slotting_plan import (
    DEFAULTS,
    Article,
    Home,
    SkuDemand,
    SlottingPlan,
    SlottingRules,
    SlottingSnapshot,
    best_by,
    grouped,
    homes_today,
    open_homes,
    paying,
    plan,
    possible,
)
from twin.policies.slotting_together import Partners, apart_mm, beside_partners, by_lines, partners_of

ROUNDS_MAX = 10
NEIGHBOURS = 8
"""Homes tried on either side of a home: in the order of the walk, and along the aisle beside each partner."""
LEAST_GAIN = 1e-6


def objective(
    homes_of: Mapping[Article, Home], demand: Iterable[SkuDemand], partners: Partners, affinity_weight: float
) -> tuple[int, float]:
    """(SKUs without a home, sum of lines x walk + affinity_weight x sum over pairs of together x apart)."""
    terms: list[float] = []
    homeless = 0
    for row in demand:
        article = (row.owner, row.sku)
        home = homes_of.get(article)
        if home is None:
            homeless += 1
            continue
        terms.append(row.lines_per_day * home.walk_mm)
        for partner, number in partners.get(article, ()):
            if partner > article and partner in homes_of:
                terms.append(affinity_weight * number * apart_mm(home, homes_of[partner]))
    return homeless, fsum(terms)


class _Search:
    """A plan under change: where each SKU will live, and whether the moves to it can be done and pay."""

    def __init__(self, snapshot: SlottingSnapshot, rules: SlottingRules, partners: Partners) -> None:
        self.snapshot, self.rules, self.partners = snapshot, rules, partners
        self.homes = {home.location: home for home in snapshot.homes}
        self.rows = {(row.owner, row.sku): row for row in snapshot.demand}
        self.today = homes_today(snapshot)
        self.of_today = {location: article for article, location in self.today.items()}
        groups = grouped(open_homes(snapshot, self.today))
        self.by_walk: dict[tuple[StorageClass, bool], list[LocationId]] = {}
        self.by_aisle: dict[tuple[StorageClass, bool], list[tuple[int, int, LocationId]]] = {}
        self.rank: dict[LocationId, int] = {}
        for key, members in groups.items():
            self.by_walk[key] = [h.location for h in sorted(members, key=lambda h: (h.walk_mm, h.location))]
            self.by_aisle[key] = sorted([(h.x_mm, h.y_mm, h.location) for h in members])
            self.rank.update({location: place for place, location in enumerate(self.by_walk[key])})
        self.at: dict[Article, LocationId] = {}
        self.who: dict[LocationId, Article] = {}
        self.movers: set[Article] = set()

    def begin(self, found: SlottingPlan) -> None:
        """Start from a plan."""
        self.at = {(owner, sku): location for owner, sku, location in found.homes}
        self.who = {location: article for article, location in self.at.items()}
        self.movers = {a for a, location in self.at.items() if self.today.get(a, location) != location}

    def improve(self) -> None:
        """Rounds over the SKUs in id order; the first better home is taken at once."""
        for _ in range(ROUNDS_MAX):
            better = False
            for article in sorted(self.at, key=lambda a: (a[1], a[0])):
                for location in self._worth_a_try(article):
                    better = self._change(article, location) or better
            if not better:
                return

    def _worth_a_try(self, article: Article) -> list[LocationId]:
        """Homes beside today's in the order of the walk, the nearest of all, and those beside the partners."""
        row = self.rows[article]
        key = (row.storage, row.secure)
        by_walk, by_aisle = self.by_walk.get(key, []), self.by_aisle.get(key, [])
        place = self.rank.get(self.at[article], 0)
        found = [*by_walk[:NEIGHBOURS], *by_walk[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]]
        for partner, _ in self.partners.get(article, ()):
            if partner in self.at:
                home = self.homes[self.at[partner]]
                beside = bisect_left(by_aisle, (home.x_mm, home.y_mm, home.location))
                found += [row[2] for row in by_aisle[max(0, beside - NEIGHBOURS) : beside + NEIGHBOURS + 1]]
        return list(dict.fromkeys(found))

    def _change(self, article: Article, location: LocationId) -> bool:
        """Put the SKU there, its tenant to the SKU's own home; undone unless that is allowed and better."""
        old, tenant = self.at[article], self.who.get(location)
        if location == old or not self._may_live(article, location):
            return False
        if tenant is not None and not self._may_live(tenant, old):
            return False
        touched = [article] if tenant is None else [article, tenant]
        before = self._cost(touched)
        self._put(article, location, tenant, old)
        if self._cost(touched) < before - LEAST_GAIN and self._can_be_done(touched):
            return True
        self._put(article, old, tenant, location)
        return False

    def _put(self, article: Article, location: LocationId, tenant: Article | None, old: LocationId) -> None:
        self.who.pop(old, None)
        self.who.pop(location, None)
        for one, to in ((article, location), (tenant, old)):
            if one is not None:
                self.at[one] = to
                self.who[to] = one
                if self.today.get(one, to) == to:
                    self.movers.discard(one)
                else:
                    self.movers.add(one)

    def _cost(self, touched: list[Article]) -> float:
        cost = 0.0
        for place, article in enumerate(touched):
            home = self.homes[self.at[article]]
            cost += self.rows[article].lines_per_day * home.walk_mm
            for partner, number in self.partners.get(article, ()):
                if partner in self.at and partner not in touched[:place]:
                    apart = apart_mm(home, self.homes[self.at[partner]])
                    cost += self.rules.affinity_weight * number * apart
        return cost

    def _may_live(self, article: Article, location: LocationId) -> bool:
        """Is it an open home that fits, and does a move to it pay?"""
        row, home, today = self.rows[article], self.homes[location], self.today.get(article)
        if location == today:
            return True
        if location not in self.rank or (home.storage, home.secure) != (row.storage, row.secure):
            return False
        if max(home.free_l, 0.0) < max(row.litres_at_max, 0.0):
            return False
        return today is None or bool(paying({article: location}, {article: today}, [row], self.homes, self.rules))

    def _can_be_done(self, touched: list[Article]) -> bool:
        """No more moves than allowed, and no ring of moves: it would have no free home to begin with."""
        if self.rules.max_moves < len(self.movers):
            return False
        for article in touched:
            ahead = self.of_today.get(self.at[article])
            while ahead is not None and ahead in self.movers and article in self.movers:
                if ahead == article:
                    return False
                ahead = self.of_today.get(self.at[ahead])
        return True

    def plan(self) -> SlottingPlan | None:
        """The homes and the moves in an order that can be done; None if there is no such order."""
        wanted = {article: self.at[article] for article in self.movers}
        rows = [row for row in self.snapshot.demand if (row.owner, row.sku) in wanted]
        found = paying(wanted, self.today, rows, self.homes, self.rules)
        moves = possible(found, Counter(self.today.values()), self.rules.max_moves)
        if len(moves) < len(self.movers):
            return None
        return SlottingPlan(
            homes=tuple(sorted([(owner, sku, location) for (owner, sku), location in self.at.items()])),
            moves=tuple(moves),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimised:
    """Local search from the plans of `affinity` and of `full_turnover`, the better result; never worse than either.

    The goal is theirs together: lines_per_day x walk + affinity_weight x together x apart, each pair once. SKUs change
    to a free home or change places, in the order of their ids, for at most ten rounds; a SKU that has a home today
    moves only if the move pays by itself, and there are never more than `max_moves` moves.
    """

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        rules, partners = self.rules, partners_of(snapshot)
        homes = {home.location: home for home in snapshot.homes}
        by_units = sorted(snapshot.demand, key=lambda d: (-d.units_per_day, d.sku, d.owner))
        begun = [
            plan(snapshot, rules, by_lines(snapshot.demand), beside_partners(homes, partners, rules.affinity_weight)),
            plan(snapshot, rules, by_units, best_by(SortedHomes)),
        ]
        demand = sorted(snapshot.demand, key=lambda d: (d.sku, d.owner))

        def worth(found: SlottingPlan) -> tuple[int, float]:
            at = {(owner, sku): homes[location] for owner, sku, location in found.homes}
            return objective(at, demand, partners, rules.affinity_weight)

        best = min(begun, key=worth)
        if len(set(homes_today(snapshot).values())) < len(homes_today(snapshot)):
            return best  # two SKUs claim one home: first the book is to be put right
        for start in begun:
            search = _Search(snapshot, rules, partners)
            search.begin(start)
            search.improve()
            found = search.plan()
            if found is not None and worth(found) < worth(best):
                best = found
        return best
