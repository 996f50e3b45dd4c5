"""Order promising (ATP): how many and when, at order time, without touching lot or location.

`accept_all` and `stock_feed` are the "before" arms of "ordered, then short": their promises hold no stock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import LineId, OrderId, OwnerId, SkuId
from twin.domain.orders import OrderLine
from twin.policies.shape import Policy, Rejection, Rules, Snapshot

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Units that are or will be there; on hand: status available only."""

    supply: str
    owner: OwnerId
    sku: SkuId
    units: int
    at_ms: int
    kind: Literal["on_hand", "asn", "purchase_order", "production"]
    expires_on_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """An earlier promise that is not shipped, reserved or not yet."""

    line: LineId
    owner: OwnerId
    sku: SkuId
    units: int
    due_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """The shop's copy of the book for one SKU, and what the shop has promised since."""

    owner: OwnerId
    sku: SkuId
    units: int
    published_at_ms: int
    promised_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisingSnapshot(Snapshot):
    """The lines of an order, and supply and demand of their SKUs.

    substitutes: (SKU, substitute, rank); recipes: (kit, component, units per kit).
    """

    lines: tuple[OrderLine, ...]
    wanted_at_ms: int
    supplies: tuple[Supply, ...]
    commitments: tuple[Commitment, ...]
    feed: tuple[FeedRow, ...] = ()
    quota_left: tuple[tuple[SkuId, int], ...]
    substitutes: tuple[tuple[SkuId, SkuId, int], ...]
    recipes: tuple[tuple[SkuId, SkuId, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisingRules(Rules):
    """`feed_net` False: the shop does not count its own sales since the last publication."""

    lead_h: float = 4.0
    horizon_h: float = 336.0
    safety_units: int = 0
    partial: bool = True
    feed_every_min: float = 15.0
    feed_at: tuple[str, ...] = ()
    feed_net: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """promised: (line, SKU, units, ready_at_ms). A line promised in part or not at all is rejected with its reason."""

    promised: tuple[tuple[LineId, SkuId, int, int], ...]
    rejected: tuple[Rejection, ...]


Article = tuple[OwnerId, SkuId]
FreeUnits = Callable[[OrderLine], int]
Use = Callable[[OrderLine, int], None]


def ready_at_ms(snapshot: PromisingSnapshot, rules: PromisingRules) -> int:
    """When goods that are there can be ready."""
    return snapshot.now_ms + round(rules.lead_h * HOUR_MS)


def in_turn(snapshot: PromisingSnapshot) -> list[OrderLine]:
    """First ordered, first served: by order id, then line id."""
    return sorted(snapshot.lines, key=lambda line: (line.order, line.line))


def grant(snapshot: PromisingSnapshot, rules: PromisingRules, free: FreeUnits, use: Use) -> Promise:
    """Promise each line min(wanted, free); all or nothing unless `partial` and the ship rule allow a part."""
    ready = ready_at_ms(snapshot, rules)
    if rules.lead_h > rules.horizon_h:
        return Promise(
            promised=(),
            rejected=tuple([Rejection(subject=line.line, code="beyond_horizon") for line in in_turn(snapshot)]),
        )
    orders: dict[OrderId, list[OrderLine]] = {}
    for line in in_turn(snapshot):
        orders.setdefault(line.order, []).append(line)
    promised: list[tuple[LineId, SkuId, int, int]] = []
    rejected: list[Rejection] = []
    for lines in orders.values():
        granted: list[tuple[OrderLine, int]] = []
        for line in lines:
            units = max(0, min(line.units, free(line)))
            if units < line.units and (not rules.partial or line.ship_rule != "partial"):
                units = 0
            use(line, units)
            granted.append((line, units))
        if any(units < line.units and line.ship_rule == "order_complete" for line, units in granted):
            for line, units in granted:
                use(line, -units)
            granted = [(line, 0) for line in lines]
        for line, units in granted:
            if units > 0:
                promised.append((line.line, line.sku, units, ready))
            if units < line.units:
                rejected.append(
                    Rejection(subject=line.line, code="no_stock", detail=f"{units} of {line.units} units promised")
                )
    return Promise(promised=tuple(promised), rejected=tuple(rejected))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAll:
    """The shop without a stock check: whatever is asked, at now + lead; supply and commitments are not read."""

    rules: PromisingRules = PromisingRules()

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        ready = ready_at_ms(snapshot, self.rules)
        return Promise(
            promised=tuple([(ln.line, ln.sku, ln.units, ready) for ln in in_turn(snapshot) if ln.units > 0]),
            rejected=(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFeed:
    """The shop that promises against its last published copy of the book; a SKU missing from the feed counts 0."""

    rules: PromisingRules = PromisingRules()

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        rules = self.rules
        left: dict[Article, int] = {}
        for row in snapshot.feed:
            sold = row.promised_since if rules.feed_net else 0
            left[row.owner, row.sku] = row.units - sold - rules.safety_units

        def use(line: OrderLine, units: int) -> None:
            if rules.feed_net and (line.owner, line.sku) in left:
                left[line.owner, line.sku] -= units

        return grant(snapshot, rules, lambda line: left.get((line.owner, line.sku), 0), use)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHandAtp:
    """Available to promise = on hand - committed - safety stock, ready at now + lead.

    Stock that expires before the delivery plus the days the line asks for is not counted; days are whole days of
    `at_ms`. A kit is the least, over its components, of floor(ATP / units per kit).
    """

    rules: PromisingRules = PromisingRules()

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        deliver_on_day = max(ready_at_ms(snapshot, self.rules), snapshot.wanted_at_ms) // DAY_MS
        safety = self.rules.safety_units
        supplies: dict[Article, list[Supply]] = {}
        for supply in snapshot.supplies:
            if supply.kind == "on_hand":
                supplies.setdefault((supply.owner, supply.sku), []).append(supply)
        used: dict[Article, int] = {}
        for commitment in snapshot.commitments:
            article = (commitment.owner, commitment.sku)
            used[article] = used.get(article, 0) + commitment.units
        recipes: dict[SkuId, list[tuple[SkuId, int]]] = {}
        for kit, component, units in snapshot.recipes:
            recipes.setdefault(kit, []).append((component, units))

        def atp(article: Article, min_days_left: int) -> int:
            on_hand = 0
            for supply in supplies.get(article, ()):
                day = supply.expires_on_day
                if day is None or day - deliver_on_day >= min_days_left:
                    on_hand += supply.units
            return max(0, on_hand - used.get(article, 0) - safety)

        def free(line: OrderLine) -> int:
            parts = recipes.get(line.sku)
            if parts is None:
                return atp((line.owner, line.sku), line.min_days_left)
            return min([atp((line.owner, part), line.min_days_left) // units for part, units in parts])

        def use(line: OrderLine, units: int) -> None:
            for part, per_unit in recipes.get(line.sku, [(line.sku, 1)]):
                article = (line.owner, part)
                used[article] = used.get(article, 0) + units * per_unit

        return grant(snapshot, self.rules, free, use)


PROMISING: dict[str, type[Policy[PromisingSnapshot, Promise]]] = {
    "accept_all": AcceptAll,
    "stock_feed": StockFeed,
    "on_hand_atp": OnHandAtp,
}
