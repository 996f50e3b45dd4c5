"""Slotting that sees which SKUs are ordered together: near the depot, and near the partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.domain.ids import LocationId, OwnerId, SkuId
from twin.policies.home_search import SortedHomes
from twin.policies.slotting_plan import (
    DEFAULTS,
    Article,
    Assign,
    Home,
    Settled,
    SkuDemand,
    SlottingPlan,
    SlottingRules,
    SlottingSnapshot,
    grouped,
    plan,
)
from twin.policies.why import seen

Partners = dict[Article, list[tuple[Article, float]]]
"""Per SKU its partners in order of their ids, and how often they are ordered together."""


def partners_of(snapshot: SlottingSnapshot) -> Partners:
    """Partners of the same owner; a pair that is listed both ways, or twice, counts once, with its larger number."""
    often: dict[tuple[SkuId, SkuId], float] = {}
    for one, other, number in snapshot.together:
        if one != other:
            pair = (min(one, other), max(one, other))
            often[pair] = max(number, often.get(pair, number))
    owners: dict[SkuId, list[OwnerId]] = {}
    for row in snapshot.demand:
        owners.setdefault(row.sku, []).append(row.owner)
    partners: Partners = {}
    for (one, other), number in often.items():
        for owner in set(owners.get(one, ())) & set(owners.get(other, ())):
            partners.setdefault((owner, one), []).append(((owner, other), number))
            partners.setdefault((owner, other), []).append(((owner, one), number))
    return {article: sorted(rows) for article, rows in partners.items()}


def apart_mm(one: Home, other: Home) -> int:
    """|x difference| + |y difference|."""
    return abs(one.x_mm - other.x_mm) + abs(one.y_mm - other.y_mm)


def by_lines(demand: Iterable[SkuDemand]) -> list[SkuDemand]:
    """Most lines per day first, then ids."""

    def key(d: SkuDemand) -> tuple[float, str, str]:
        return (-d.lines_per_day, d.sku, d.owner)

    return sorted(demand, key=seen(key, lambda d: d.sku))


class _Group:
    """Open homes of one storage class and security, as columns in the order (walk, location)."""

    def __init__(self, homes: Sequence[Home]) -> None:
        self.homes = sorted(homes, key=lambda h: (h.walk_mm, h.location))
        self.nearest = SortedHomes([(h.location, h.walk_mm, h.free_l) for h in self.homes])
        self.place = {h.location: i for i, h in enumerate(self.homes)}
        self.walk_mm = np.array([h.walk_mm for h in self.homes], dtype=np.float64)
        self.x_mm = np.array([h.x_mm for h in self.homes], dtype=np.float64)
        self.y_mm = np.array([h.y_mm for h in self.homes], dtype=np.float64)
        self.free_l = np.array([max(h.free_l, 0.0) for h in self.homes], dtype=np.float64)

    def take(self, row: SkuDemand, near: Sequence[tuple[Home, float]]) -> LocationId | None:
        """The home of least lines x walk + sum of number x apart; ties to the shorter walk, then the id."""
        litres = max(row.litres_at_max, 0.0)
        if not near:
            found = self.nearest.take(row.sku, litres)
            if found is not None:
                self.free_l[self.place[LocationId(found)]] = -1.0
            return None if found is None else LocationId(found)
        score = row.lines_per_day * self.walk_mm
        for partner, number in near:
            score += number * (np.abs(self.x_mm - partner.x_mm) + np.abs(self.y_mm - partner.y_mm))
        score[self.free_l < litres] = np.inf
        place = int(np.argmin(score)) if len(score) else 0
        if not len(score) or self.free_l[place] < litres:
            return None
        location = self.homes[place].location
        self.free_l[place] = -1.0
        self.nearest.close(location)
        return location


def beside_partners(homes: Mapping[LocationId, Home], partners: Partners, affinity_weight: float) -> Assign:
    """SKU by SKU the home with the least walk to the depot and to the partners that are placed already."""

    def assign(ranked: Sequence[SkuDemand], open_to: Sequence[Home], settled: Settled) -> dict[Article, LocationId]:
        groups = {key: _Group(members) for key, members in grouped(open_to).items()}
        at = dict(settled)
        assigned: dict[Article, LocationId] = {}
        for row in ranked:
            group = groups.get((row.storage, row.secure))
            if group is None:
                continue
            article = (row.owner, row.sku)
            near = [(homes[at[p]], affinity_weight * number) for p, number in partners.get(article, ()) if p in at]
            location = group.take(row, [(home, number) for home, number in near if number > 0])
            if location is not None:
                at[article] = assigned[article] = location
        return assigned

    return assign


@dataclass(frozen=True, slots=True, kw_only=True)
class Affinity:
    """By (lines per day, id): least lines_per_day x walk + affinity_weight x sum of together x apart_mm.

    The sum goes over the partners placed already. A SKU that has any costs the number of homes; any other goes to the
    nearest home in log n.
    """

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        homes = {home.location: home for home in snapshot.homes}
        assign = beside_partners(homes, partners_of(snapshot), self.rules.affinity_weight)
        return plan(snapshot, self.rules, by_lines(snapshot.demand), assign)
