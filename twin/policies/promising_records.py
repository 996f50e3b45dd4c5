"""What promising sees and answers, and what all its strategies share: whose turn it is, and when goods can be ready."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from twin.domain.ids import LineId, OwnerId, SkuId
from twin.domain.orders import OrderLine
from twin.policies.shape import Rejection, Rules, Snapshot
from twin.policies.why import seen

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

PromiseClass = Literal["protect", "share", "yield"]


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

    substitutes: (SKU, substitute, rank); recipes: (kit, component, units per kit). For `reconfirm` the lines are all
    open ones and standing: (line, class, ordered_at_ms); a line that is not listed is `share`, ordered at 0.
    """

    lines: tuple[OrderLine, ...]
    wanted_at_ms: int
    supplies: tuple[Supply, ...]
    commitments: tuple[Commitment, ...]
    feed: tuple[FeedRow, ...] = ()
    quota_left: tuple[tuple[SkuId, int], ...]
    substitutes: tuple[tuple[SkuId, SkuId, int], ...]
    recipes: tuple[tuple[SkuId, SkuId, int], ...]
    standing: tuple[tuple[LineId, PromiseClass, int], ...] = ()


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


DEFAULTS = PromisingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """promised: (line, SKU, units, ready_at_ms). A line promised in part or not at all is rejected with its reason."""

    promised: tuple[tuple[LineId, SkuId, int, int], ...]
    rejected: tuple[Rejection, ...]


Article = tuple[OwnerId, SkuId]

_by_order, _line = attrgetter("order", "line"), attrgetter("line")


def ready_at_ms(snapshot: PromisingSnapshot, rules: PromisingRules) -> int:
    """When goods that are there can be ready."""
    return snapshot.now_ms + round(rules.lead_h * HOUR_MS)


def in_turn(snapshot: PromisingSnapshot) -> list[OrderLine]:
    """First ordered, first served: by order id, then line id."""
    return sorted(snapshot.lines, key=seen(_by_order, _line))
