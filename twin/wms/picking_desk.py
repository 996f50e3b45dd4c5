"""From a released order to picked units: reserve lot and location, wait for a move that brings them, book each pick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from twin.domain.ids import LineId, OrderId, TaskId, Zone
from twin.domain.orders import OrderLine
from twin.domain.records import builder, new_row
from twin.events.catalogue import LinePicked, LineWaits, PolicyDecided
from twin.policies.allocation import Allocation, AllocationSnapshot
from twin.wms.book import Key, Place, Stock
from twin.wms.messages import Pick, PickConfirmed
from twin.wms.orders import LineInHand, OrderInHand
from twin.wms.records import Records
from twin.wms.tour_desk import TourDesk, Wanted

_allocation_snapshot = builder(AllocationSnapshot)


class Parked(NamedTuple):
    """Held units of a line that wait for a move to the face."""

    order: OrderId
    line: LineId
    units: int


class PickingDesk:
    """Allocates, keeps what waits for a move, and books picks."""

    def __init__(self, records: Records, tours: TourDesk) -> None:
        self.r = records
        self.tours = tours
        self.parked: dict[Key, list[Parked]] = {}
        self.fall_short: Callable[[OrderInHand, LineInHand, int, int, int | None, str | None], None]
        self.face_wanted: Callable[[Stock, int], None]
        self.units_coming: Callable[[Key], int]
        self.order_picked: Callable[[OrderInHand, int], None]
        self.learn_policies()

    def learn_policies(self) -> None:
        """Read what it needs of the policies in use; again when one is changed."""
        policies = self.r.decisions.policies
        self.every_face = policies["replenishment"].ref.name != "min_max"
        self._allocation_most = policies["allocation"].candidates_max
        self._allocation_name = policies["allocation"].ref.name

    @property
    def open_lines(self) -> dict[Zone, int]:
        """Lines in work per zone."""
        return self.tours.open_lines

    # --- allocation (step 8) ---------------------------------------------------------------------------------

    def start(self, hand: OrderInHand, now: int, cause: int) -> None:
        """A released order: reserve stock for what it holds and offer it to batching."""
        wanted: list[Wanted] = []
        if self.parked:
            self.unpark(hand)
        day = self.r.on_day(now)
        deliver = max(day, self.r.on_day(hand.leaves_at_ms))
        for x in hand.lines.values():
            need = x.held - x.in_work
            if need > 0:
                wanted += self._allocate(hand, x, need, now, day, deliver)
        if wanted:
            self.tours.offer(hand, wanted)
        else:
            self.order_picked(hand, now)

    def allocate(self, hand: OrderInHand, x: LineInHand, need: int, now: int) -> list[Wanted]:
        """Ask which stock serves `need` units of a line, check, reserve; what stays short is reported."""
        day = self.r.on_day(now)
        return self._allocate(hand, x, need, now, day, max(day, self.r.on_day(hand.leaves_at_ms)))

    def _allocate(
        self, hand: OrderInHand, x: LineInHand, need: int, now: int, day: int, deliver_on_day: int
    ) -> list[Wanted]:
        r, book, row = self.r, self.r.book, x.row
        stocks = x.account.stocks
        line = row if need == row.units else self._part(x, need)
        most = self._allocation_most
        while True:
            offered, left_out = stocks, 0
            if most and len(stocks) > most:
                offered = sorted(stocks, key=lambda s: (s.place.tier, self._first_key(s), s.stock))[:most]
                left_out = len(stocks) - most
            snapshot = _allocation_snapshot(
                now, book.version, left_out, line, day, deliver_on_day, tuple([s.row or s.line() for s in offered])
            )
            decision: Allocation = r.decisions.ask("allocation", snapshot)
            if decision.short and left_out:
                most *= 2
                continue
            break
        taken = 0
        wanted: list[Wanted] = []
        choice = ""
        for reservation in decision.reservations:
            name, units = reservation.stock, reservation.units
            stock = offered[0] if offered and offered[0].stock == name else book.stocks.get(name)
            if stock is None or not 0 < units <= stock.units - stock.reserved or not stock.serves(x.account):
                raise r.decisions.broken(
                    "allocation", "a reservation is 1 to the free units of a stock line of the SKU", snapshot
                )
            taken += units
            book.version += 1
            stock.reserved += units
            stock.row = None
            wanted.append(new_row(Wanted, (hand, x, stock, units)))
            choice = choice or stock.place.location
        if taken + decision.short != need:
            raise r.decisions.broken("allocation", "reserved + short = asked", snapshot)
        x.in_work += taken
        for w in wanted:
            stock = w.stock
            if stock.face and (self.every_face or stock.units - stock.reserved < (stock.min_units or 1 << 60)):
                self.face_wanted(stock, now)
        cause = r.record(
            PolicyDecided, now, r.site, "allocation", self._allocation_name, len(offered), choice or "none", None,
            row.order, row.line, None, None, choice or None, None, None, taken, None,
            None if not decision.short else _codes(decision),
        )  # fmt: skip
        if decision.short:
            left = decision.short - self._park_what_comes(x, decision.short, now, cause)
            if left:
                x.account.held -= left
                x.held -= left
                self.fall_short(hand, x, left, now, cause, None)
        return wanted

    # --- units on their way to the face ----------------------------------------------------------------------

    def _park_what_comes(self, x: LineInHand, short: int, now: int, cause: int) -> int:
        """Of units that no free stock serves, those that a move under way brings wait for it; returns how many."""
        key = x.key
        units = min(short, self.units_coming(key) - sum(p.units for p in self.parked.get(key, ())))
        if units <= 0 or (units < short and x.row.ship_rule == "line_complete"):
            return 0
        self.park(x, units, now, cause, None)
        return units

    def park(self, x: LineInHand, units: int, now: int, cause: int, location: str | None) -> None:
        """Keep held units of a line for the move that brings them; `stock_came` allocates them."""
        row = x.row
        self.parked.setdefault(x.key, []).append(Parked(row.order, row.line, units))
        self.r.record(LineWaits, now, self.r.site, row.order, row.line, "replenishment", cause, location)

    def unpark(self, hand: OrderInHand) -> None:
        """What an order has of units on their way is free for others: it is allocated anew, held back or cancelled."""
        for x in hand.lines.values():
            waiting = self.parked.pop(x.key, ())
            others = [p for p in waiting if p.order != hand.order.order]
            if others:
                self.parked[x.key] = others

    def stock_came(self, key: Key, now: int) -> None:
        """A move ended, or a count found units: what waited for the SKU is allocated, or waits on, or falls short."""
        for order, line, units in self.parked.pop(key, ()):
            hand = self.r.orders.get(order)
            x = hand.lines.get(line) if hand is not None else None
            if hand is None or x is None or hand.on_hold:
                continue
            need = min(units, x.held - x.in_work)
            if need > 0:
                wanted = self.allocate(hand, x, need, now)
                if wanted:
                    self.tours.offer(hand, wanted)
                else:
                    self.order_picked(hand, now)

    def _part(self, x: LineInHand, need: int) -> OrderLine:
        return replace(x.row, units=need)

    def _first_key(self, stock: Stock) -> int:
        if self.r.decisions.policies["allocation"].ref.name in ("fefo", "lefo"):
            return stock.expires_on_day if stock.expires_on_day is not None else 1 << 40
        return stock.received_at_ms

    # --- confirmation (step 14) ------------------------------------------------------------------------------

    def picked(self, m: PickConfirmed) -> Place:
        """A pick was confirmed: on hand falls; returns where."""
        now, _, worker, task, pick, units = m
        hand = self.r.orders[pick.order]
        place = self.book_pick(now, worker, task, hand, hand.lines[pick.line], pick, pick.units, units)
        if not hand.totes and not hand.open_units:
            self.order_picked(hand, now)  # keyed after its carton was packed
        return place

    def book_pick(
        self, now: int, worker: str, task: TaskId, hand: OrderInHand, x: LineInHand, pick: Pick, units: int, keyed: int
    ) -> Place:
        """Book `units` of a pick as done and give back the rest of it; the book takes what was `keyed`."""
        r = self.r
        book = r.book
        line, order, owner, sku, lot, stock_id, location, asked, lpn = pick
        stock = book.stocks[stock_id]
        place = stock.place
        open_picks = self.tours.active.get(task)
        if open_picks is not None:
            mine = open_picks.pop((line, stock_id), None)
            if mine is not None and mine.units > asked:
                open_picks[line, stock_id] = mine._replace(units=mine.units - asked)
        stock.reserved -= asked
        off_hand = 0
        if units:
            book.version += 1
            off_hand = keyed if keyed <= stock.units - stock.reserved else stock.units - stock.reserved
            stock.units -= off_hand
            place.row = None
            x.account.on_hand -= off_hand
            x.account.held -= units
            x.held -= units
            x.picked += units
            hand.open_units -= units
            tote = hand.totes.get(lpn)
            if tote is not None:
                tote[0] += units
        stock.row = None
        if stock.units == 0 and stock.reserved == 0 and not stock.max_units:
            book.forget(stock)
        x.in_work -= asked
        self.tours.open_lines[place.zone] -= 1
        r.record(
            LinePicked, now, r.site, worker, order, line, owner, sku, lot, location, lpn, task, units, asked, None,
            None if off_hand == units else off_hand, None if off_hand == units else "units",
        )  # fmt: skip
        return place

    def replace(self, freed: list[Wanted], now: int) -> None:
        """Reserve other units for what was freed; an order in the pool that gets none leaves it."""
        tours = self.tours
        hands = {w.hand.order.order: w.hand for w in freed}
        for hand in hands.values():
            gone = [w for w in freed if w.hand is hand]
            rest = [w for w in tours.leave_pool(hand) if not any(w is g for g in gone)]
            if rest:
                tours.to_pool(hand, rest)
            wanted = [w for g in gone for w in self.allocate(hand, g.x, g.units, now)]
            if wanted:
                tours.offer(hand, wanted)
            elif not rest:
                self.order_picked(hand, now)


def _codes(decision: Allocation) -> str:
    counts: dict[str, int] = {}
    for rejection in decision.rejected:
        counts[rejection.code] = counts.get(rejection.code, 0) + 1
    inside = ", ".join(f'"{code}": {n}' for code, n in sorted(counts.items()))
    return f'{{"short": {decision.short}, "rejected": {{{inside}}}}}'
