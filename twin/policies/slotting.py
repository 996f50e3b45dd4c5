"""Slotting: homes of SKUs, in advance. Rules that only rank cost n log n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from twin.policies.home_search import HashedHomes, SortedHomes
from twin.policies.shape import Policy
from twin.policies.slotting_plan import (
    DEFAULTS,
    Article,
    Home,
    SkuDemand,
    SlottingPlan,
    SlottingRules,
    SlottingSnapshot,
    best_by,
    plan,
)
from twin.policies.slotting_search import Optimised
from twin.policies.slotting_together import Affinity
from twin.policies.why import seen

__all__ = [
    "SLOTTING",
    "Home",
    "SkuDemand",
    "SlottingPlan",
    "SlottingRules",
    "SlottingSnapshot",
    "velocity_class",
]


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


def _sku(row: SkuDemand) -> str:
    return row.sku


@dataclass(frozen=True, slots=True, kw_only=True)
class Abc:
    """Fast classes near the depot: SKUs by (class of lines per day, SKU id), the nearest home that fits."""

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        classes = velocity_class(snapshot.demand, self.rules.class_cuts)
        ranked = sorted(snapshot.demand, key=seen(lambda d: (classes[d.owner, d.sku], d.sku, d.owner), _sku))
        return plan(snapshot, self.rules, ranked, best_by(SortedHomes))


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTurnover:
    """Most units per day nearest to the depot."""

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        ranked = sorted(snapshot.demand, key=seen(lambda d: (-d.units_per_day, d.sku, d.owner), _sku))
        return plan(snapshot, self.rules, ranked, best_by(SortedHomes))


@dataclass(frozen=True, slots=True, kw_only=True)
class CubePerOrder:
    """Least space per line nearest to the depot (Heskett 1963); SKUs without lines last."""

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        def index(row: SkuDemand) -> float:
            return row.litres_at_max / row.lines_per_day if row.lines_per_day > 0 else inf

        ranked = sorted(snapshot.demand, key=seen(lambda d: (index(d), d.sku, d.owner), _sku))
        return plan(snapshot, self.rules, ranked, best_by(SortedHomes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scattered:
    """Random homes without a generator, the "before" arm: SKUs by id, the least stable hash of (SKU, location)."""

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        ranked = sorted(snapshot.demand, key=seen(lambda d: (d.sku, d.owner), _sku))
        return plan(snapshot, self.rules, ranked, best_by(HashedHomes))


@dataclass(frozen=True, slots=True, kw_only=True)
class FromOrders:
    """Most ordered lines nearest to the depot: what is ordered, reserved or released is the demand, and pays a move.

    SKUs without ordered lines follow by lines per day. With nothing ordered the demand of the snapshot stands, as a
    forecast.
    """

    rules: SlottingRules = DEFAULTS

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        lines: dict[Article, int] = {}
        units: dict[Article, int] = {}
        for owner, sku, of_lines, of_units in snapshot.ordered:
            lines[owner, sku] = lines.get((owner, sku), 0) + of_lines
            units[owner, sku] = units.get((owner, sku), 0) + of_units

        def most_ordered(d: SkuDemand) -> tuple[int, int, float, str, str]:
            ordered = (-lines.get((d.owner, d.sku), 0), -units.get((d.owner, d.sku), 0))
            return (*ordered, -d.lines_per_day, d.sku, d.owner)

        ranked = sorted(snapshot.demand, key=seen(most_ordered, _sku))
        if not lines:
            return plan(snapshot, self.rules, ranked, best_by(SortedHomes))
        demand = tuple([replace(d, lines_per_day=float(lines.get((d.owner, d.sku), 0))) for d in snapshot.demand])
        rules = replace(self.rules, horizon_days=1)
        return plan(replace(snapshot, demand=demand), rules, ranked, best_by(SortedHomes))


SLOTTING: dict[str, type[Policy[SlottingSnapshot, SlottingPlan]]] = {
    "abc": Abc,
    "scattered": Scattered,
    "full_turnover": FullTurnover,
    "cube_per_order": CubePerOrder,
    "affinity": Affinity,
    "from_orders": FromOrders,
    "optimised": Optimised,
}
