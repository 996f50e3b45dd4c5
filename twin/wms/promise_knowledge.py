"""What promising may know: what is on hand, what is announced, what is promised already, or the shop's old copy."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from twin.domain.ids import LineId, Lpn, OrderId
from twin.domain.records import builder
from twin.policies.promising import Commitment, FeedRow, PromisingRules, PromisingSnapshot, Supply
from twin.wms.book import Key
from twin.wms.inbound_desk import Announced
from twin.wms.orders import OrderInHand
from twin.wms.records import Records

ON_HAND_ONLY = ("accept_all", "stock_feed", "on_hand_atp")

_supply = builder(Supply)
_commitment = builder(Commitment)
_snapshot = builder(PromisingSnapshot)


class PromiseKnowledge:
    """Builds the question of an order. `lead_ms`: None if the rule sees only what is on hand.

    `is_feed`: the rule sees the shop's copy, so what was promised since is counted.
    """

    def __init__(self, records: Records, backlog: Mapping[Key, deque[tuple[OrderId, LineId]]]) -> None:
        self.r = records
        self.backlog = backlog
        self.feed: dict[Key, int] = {}
        self.fed_at_ms = 0
        self.promised_since: dict[Key, int] = {}
        self.announced: dict[Key, dict[Lpn, Announced]] = {}
        self.learn_policy()

    def learn_policy(self) -> None:
        """Read what it needs of the policy in use; again when it is changed."""
        policy = self.r.decisions.policies["promising"]
        rules: Any = getattr(policy.decide, "rules", None)
        lead_h: float = getattr(rules, "lead_h", PromisingRules().lead_h)
        # the simple rules see what is on hand; any other, a user's own too, also what is announced
        self.lead_ms = None if policy.ref.name in ON_HAND_ONLY else round(lead_h * 3_600_000)
        self.is_feed = policy.ref.name == "stock_feed"

    def publish(self, now_ms: int) -> None:
        """Copy what is free to the shop's feed."""
        book = self.r.book
        self.feed = {key: max(0, account.free) for key, account in book.accounts.items() if account.stocked}
        self.fed_at_ms = now_ms
        self.promised_since = {}

    def snapshot(self, hand: OrderInHand, now: int) -> PromisingSnapshot:
        """All that the promise of an order may depend on."""
        book, lines = self.r.book, hand.order.lines
        supplies: list[Supply] = []
        commitments: list[Commitment] = []
        feed: tuple[FeedRow, ...] = ()
        if self.is_feed:
            feed = tuple(
                FeedRow(
                    owner=x.owner, sku=x.sku, units=self.feed[x.owner, x.sku], published_at_ms=self.fed_at_ms,
                    promised_since=self.promised_since.get((x.owner, x.sku), 0),
                )
                for x in lines
                if (x.owner, x.sku) in self.feed
            )  # fmt: skip
        elif self.r.decisions.policies["promising"].ref.name != "accept_all":
            for account in dict.fromkeys([x.account for x in hand.lines.values()]):
                key = owner, sku = account.key
                if account.dated:
                    supplies += self._by_day(key, now)
                else:
                    supplies.append(_supply(sku, owner, sku, account.on_hand, now, "on_hand", None))
                if account.held:
                    commitments.append(_commitment("held", owner, sku, account.held, now))
                if self.lead_ms is not None:
                    supplies += self._announced(key, now)
                    commitments += self._waiting_for(key, now)
        return _snapshot(now, book.version, 0, lines, now, tuple(supplies), tuple(commitments), feed, (), (), (), ())

    def _by_day(self, key: Key, now: int) -> list[Supply]:
        """What is usable and on sale: a row for each day on which some of it expires."""
        book = self.r.book
        units: dict[int | None, int] = {}
        today = self.r.on_day(now)
        for stock in book.by_sku.get(key, ()):
            off_sale = stock.remove_on_day is not None and stock.remove_on_day < today
            if stock.usable and not off_sale:
                units[stock.expires_on_day] = units.get(stock.expires_on_day, 0) + stock.units
        days = sorted(units, key=lambda day: (day is None, day or 0))
        return [
            _supply(key[1] if day is None else f"{key[1]}@{day}", key[0], key[1], units[day], now, "on_hand", day)
            for day in days
        ]

    def _announced(self, key: Key, now: int) -> list[Supply]:
        """What is on its way; what is overdue may come at any moment."""
        return [
            _supply(lpn, key[0], key[1], x.units, max(now, x.at_ms), "asn", x.expires_on_day)
            for lpn, x in sorted(self.announced.get(key, {}).items())
        ]

    def _waiting_for(self, key: Key, now: int) -> list[Commitment]:
        """Earlier promises of goods to come."""
        waiting = []
        for order, name in dict.fromkeys(self.backlog.get(key, ())):  # a line may wait twice, for two reasons
            hand = self.r.orders.get(order)
            x = hand.lines.get(name) if hand else None
            if x is not None and x.backordered:
                waiting.append(_commitment(name, key[0], key[1], x.backordered, max(now, x.ready_ms)))
        return waiting
