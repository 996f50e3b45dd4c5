"""Order promising (ATP): how many and when, at order time, without touching lot or location.

`accept_all` and `stock_feed` are the "before" arms of "ordered, then short": their promises hold no stock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from twin.domain.ids import LineId, SkuId
from twin.domain.orders import OrderLine
from twin.domain.records import builder
from twin.policies.promising_over_time import CumulativeAtp, QuotaAtp, SubstituteAtp
from twin.policies.promising_records import (
    DAY_MS,
    DEFAULTS,
    Article,
    Commitment,
    FeedRow,
    Promise,
    PromisingRules,
    PromisingSnapshot,
    Supply,
    in_turn,
    ready_at_ms,
)
from twin.policies.reconfirming import Reconfirm
from twin.policies.shape import Policy, Rejection

__all__ = [
    "PROMISING",
    "Commitment",
    "FeedRow",
    "Promise",
    "PromisingRules",
    "PromisingSnapshot",
    "Supply",
]

_promise = builder(Promise)

Take = Callable[[OrderLine, bool], int]
"""Take what is free of a line's units, all of them or none if the flag says `whole`; returns how many."""
GiveBack = Callable[[OrderLine, int], None]
_order = attrgetter("order")


def grant(snapshot: PromisingSnapshot, rules: PromisingRules, take: Take, give_back: GiveBack) -> Promise:
    """Promise each line min(wanted, free); all or nothing unless `partial` and the ship rule allow a part."""
    ready = ready_at_ms(snapshot, rules)
    if rules.lead_h > rules.horizon_h:
        return Promise(
            promised=(),
            rejected=tuple([Rejection(subject=line.line, code="beyond_horizon") for line in in_turn(snapshot)]),
        )
    promised: list[tuple[LineId, SkuId, int, int]] = []
    rejected: list[Rejection] = []
    partial = rules.partial
    for _, of_order in groupby(in_turn(snapshot), _order):
        granted: list[tuple[OrderLine, int]] = []
        complete = True
        for line in of_order:
            units = take(line, not partial or line.ship_rule != "partial")
            if units < line.units and line.ship_rule == "order_complete":
                complete = False
            granted.append((line, units))
        if not complete:
            for line, units in granted:
                give_back(line, units)
            granted = [(line, 0) for line, _ in granted]
        for line, units in granted:
            if units > 0:
                promised.append((line.line, line.sku, units, ready))
            if units < line.units:
                rejected.append(
                    Rejection(subject=line.line, code="no_stock", detail=f"{units} of {line.units} units promised")
                )
    return _promise(tuple(promised), tuple(rejected))


def at_most(wanted: int, free: int, whole: bool) -> int:
    """The units wanted, as far as they are free; `whole`: all or none."""
    if free >= wanted:
        return wanted if wanted > 0 else 0
    return 0 if whole or free < 0 else free


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAll:
    """The shop without a stock check: whatever is asked, at now + lead; supply and commitments are not read."""

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        ready = ready_at_ms(snapshot, self.rules)
        return Promise(
            promised=tuple([(ln.line, ln.sku, ln.units, ready) for ln in in_turn(snapshot) if ln.units > 0]),
            rejected=(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFeed:
    """The shop that promises against its last published copy of the book; a SKU missing from the feed counts 0."""

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        rules = self.rules
        left: dict[Article, int] = {}
        for row in snapshot.feed:
            sold = row.promised_since if rules.feed_net else 0
            left[row.owner, row.sku] = row.units - sold - rules.safety_units

        def take(line: OrderLine, whole: bool) -> int:
            units = at_most(line.units, left.get((line.owner, line.sku), 0), whole)
            give_back(line, -units)
            return units

        def give_back(line: OrderLine, units: int) -> None:
            if rules.feed_net and (line.owner, line.sku) in left:
                left[line.owner, line.sku] += units

        return grant(snapshot, rules, take, give_back)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHandAtp:
    """Available to promise = on hand - committed - safety stock, ready at now + lead.

    Stock that expires before the delivery plus the days the line asks for is not counted; days are whole days of
    `at_ms`. A kit is the least, over its components, of floor(ATP / units per kit).
    """

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        deliver_on_day = max(ready_at_ms(snapshot, self.rules), snapshot.wanted_at_ms) // DAY_MS
        safety = self.rules.safety_units
        left: dict[Article, int] = {}  # undated units, less those that are committed or promised now
        dated: dict[Article, list[Supply]] = {}
        for supply in snapshot.supplies:
            if supply.kind == "on_hand":
                article = (supply.owner, supply.sku)
                if supply.expires_on_day is None:
                    left[article] = left.get(article, 0) + supply.units
                else:
                    dated.setdefault(article, []).append(supply)
        recipes: dict[SkuId, list[tuple[SkuId, int]]] = {}
        for kit, component, units in snapshot.recipes:
            recipes.setdefault(kit, []).append((component, units))

        def give_back(row: OrderLine | Commitment, units: int) -> None:
            for part, per_unit in recipes.get(row.sku) or ((row.sku, 1),):
                article = (row.owner, part)
                left[article] = left.get(article, 0) + units * per_unit

        for taken in snapshot.commitments:
            give_back(taken, -taken.units)

        def atp(line: OrderLine, part: SkuId) -> int:
            article = (line.owner, part)
            units = left.get(article, 0) - safety
            if article in dated:
                for supply in dated[article]:
                    if supply.expires_on_day - deliver_on_day >= line.min_days_left:  # type: ignore[operator]
                        units += supply.units
            return units

        def take(line: OrderLine, whole: bool) -> int:
            article = (line.owner, line.sku)
            if article in left and line.sku not in recipes and article not in dated:  # the usual case, in short
                there = left[article]
                units = at_most(line.units, there - safety, whole)
                left[article] = there - units
                return units
            parts = recipes.get(line.sku) or ((line.sku, 1),)
            units = at_most(line.units, min([atp(line, part) // per_unit for part, per_unit in parts]), whole)
            give_back(line, -units)
            return units

        return grant(snapshot, self.rules, take, give_back)


PROMISING: dict[str, type[Policy[PromisingSnapshot, Promise]]] = {
    "accept_all": AcceptAll,
    "stock_feed": StockFeed,
    "on_hand_atp": OnHandAtp,
    "cumulative_atp": CumulativeAtp,
    "quota_atp": QuotaAtp,
    "substitute_atp": SubstituteAtp,
    "reconfirm": Reconfirm,
}
