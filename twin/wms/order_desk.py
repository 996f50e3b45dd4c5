"""Order entry: validate, promise, hold; change, cancel; cover what waits when stock comes."""

from __future__ import annotations

from collections import deque

from twin.domain.ids import LineId, OrderId
from twin.domain.orders import Order
from twin.domain.refusals import Refusal
from twin.events.catalogue import (
    LineBackordered,
    LineCancelled,
    LinePromised,
    LineShorted,
    LineWaits,
    OrderAllocated,
    OrderCancelled,
    OrderChanged,
    OrderPromised,
    OrderReceived,
    OrderRefused,
)
from twin.policies.promising import Promise
from twin.wms.book import Account, Key
from twin.wms.messages import CancelOrder, ChangeOrder, NewOrder
from twin.wms.orders import LineInHand, OrderInHand
from twin.wms.picking_desk import PickingDesk
from twin.wms.promise_knowledge import PromiseKnowledge
from twin.wms.records import FAR_MS, Records
from twin.wms.release_desk import ReleaseDesk


class OrderDesk:
    """Takes orders in and keeps their promises."""

    def __init__(self, records: Records, release: ReleaseDesk, picking: PickingDesk) -> None:
        self.r = records
        self.release = release
        self.picking = picking
        self.backlog: dict[Key, deque[tuple[OrderId, LineId]]] = {}
        self.uncovered: dict[OrderId, OrderInHand] = {}
        self.known = PromiseKnowledge(records, self.backlog)

    # --- entry -----------------------------------------------------------------------------------------------

    def enter(self, m: NewOrder) -> None:
        """An order arrives: received, promised, allocated (held)."""
        r, order, now = self.r, m.order, m.at_ms
        site, record, known = r.site, r.record, r.book.accounts
        accounts = [known.get((x.owner, x.sku)) for x in order.lines]
        units = [x.units for x in order.lines]
        in_hand = order.order in r.orders or order.order in r.packed
        hand = OrderInHand(order, accounts)  # type: ignore[arg-type]
        if in_hand or not units or None in accounts or min(units) <= 0 or len(hand.lines) < len(units):
            faults = "; ".join(self._faults(order, accounts, in_hand))
            record(OrderRefused, now, site, order.order, order.owner, order.customer, "not_valid", faults)
            return
        departure = r.departure(order.carrier, now, order.due_at_ms)
        hand.cutoff_at_ms, hand.leaves_at_ms = departure.cutoff_at_ms, departure.leaves_at_ms
        hand.due_ms = departure.leaves_at_ms if order.due_at_ms is None else order.due_at_ms
        due = hand.due_ms if hand.due_ms < FAR_MS else None
        r.orders[order.order] = hand
        record(
            OrderReceived, now, site, order.order, order.owner, order.customer, sum(units),
            due, order.priority, "priority", "promise", order.carrier,
        )  # fmt: skip
        self._promise(hand, now, due)
        self._hold(hand, now)

    def _faults(self, order: Order, accounts: list[Account | None], in_hand: bool) -> list[str]:
        """Why an order cannot be taken in."""
        faults = [f"unknown SKU {x.sku}" for x, account in zip(order.lines, accounts, strict=True) if account is None]
        faults += [f"{x.line}: units must be > 0, got {x.units}" for x in order.lines if x.units <= 0]
        names = [x.line for x in order.lines]
        faults += [f"{name}: two lines of this name" for name in dict.fromkeys(names) if names.count(name) > 1]
        if in_hand:
            faults.append("the order is already in hand")
        if not order.lines:
            faults.append("no lines")
        return faults

    def _promise(self, hand: OrderInHand, now: int, due: int | None) -> None:
        r, order = self.r, hand.order
        site, record = r.site, r.record
        snapshot = self.known.snapshot(hand, now)
        promise: Promise = r.decisions.ask("promising", snapshot)
        total = 0
        ready_at: dict[LineId, int] = {}
        lines, lead_ms = hand.lines, self.known.lead_ms
        for line, sku, units, ready_ms in promise.promised:
            x = lines.get(line)
            if x is None or units < 0 or sku != x.row.sku or x.promised + units > x.row.units:
                raise r.decisions.broken("promising", "units promised are 0 to the units asked", snapshot)
            x.promised += units
            total += units
            if ready_ms > ready_at.get(line, -1):
                ready_at[line] = ready_ms
            if lead_ms is not None and ready_ms > now + lead_ms:
                x.later += units
                x.ready_ms = ready_ms
        hand.open_units += total
        asked = 0
        cause = r.decisions.record(
            "promising", now, site, len(snapshot.supplies) or len(snapshot.feed) or len(order.lines), "promise",
            order=order.order, units=total,
        )  # fmt: skip
        since = self.known.promised_since if self.known.is_feed else None
        for line, x in lines.items():
            row = x.row
            promised, units = x.promised, row.units
            asked += units
            record(
                LinePromised, now, site, row.order, line, row.owner, row.sku, promised, units,
                ready_at.get(line, now), cause,
            )  # fmt: skip
            if promised and since is not None:
                since[x.key] = since.get(x.key, 0) + promised
            if promised < units:
                missing = units - promised
                record(
                    LineShorted, now, site, row.order, line, row.owner, row.sku, missing, "not_promised", cause,
                    None,
                )  # fmt: skip
        hand.advance("promised")
        record(OrderPromised, now, site, order.order, total, asked, due, "stock", cause)
        hand.cause = cause

    # --- the hold (step 4) -----------------------------------------------------------------------------------

    def _hold(self, hand: OrderInHand, now: int) -> None:
        r, order = self.r, hand.order
        if order.lines[0].ship_rule == "order_complete" and not self._is_covered(hand):
            self.uncovered[order.order] = hand
            self.release.hold_back(hand, now, "not_covered")
            return
        held = 0
        for x in hand.lines.values():
            held += self._hold_line(hand, x, now)
        hand.advance("allocated")
        promised = sum([x.promised for x in hand.lines.values()])
        r.record(OrderAllocated, now, r.site, order.order, held, promised, "release", hand.cause)
        if held:
            hand.covered = True
            self.release.enter(hand, now)
        elif not any(x.backordered for x in hand.lines.values()):
            hand.advance("cancelled")
            del r.orders[order.order]

    @staticmethod
    def _is_covered(hand: OrderInHand) -> bool:
        """Free stock serves all that is promised of an order; lines of one SKU share it."""
        wanted: dict[Account, int] = {}
        for x in hand.lines.values():
            if x.promised:
                wanted[x.account] = wanted.get(x.account, 0) + x.promised
        return all(account.free >= units for account, units in wanted.items())

    def _hold_line(self, hand: OrderInHand, x: LineInHand, now: int) -> int:
        promised, account = x.promised, x.account
        free = account.on_hand - account.held
        if free >= promised:
            account.held += promised
            x.held += promised
            return promised
        units = 0 if free < 0 or x.row.ship_rule == "line_complete" else free
        account.held += units
        x.held += units
        missing = promised - units
        whole = x.row.ship_rule == "line_complete" and x.later
        later = missing if whole else min(missing, x.later)
        if later:
            self._wait_for(x, later, now, x.ready_ms, hand.cause)
        if missing > later:
            self.fall_short(hand, x, missing - later, now, hand.cause, None)
        return units

    def _wait_for(self, x: LineInHand, units: int, now: int, due: int | None, cause: int | None) -> None:
        """Units of a line wait for goods to come; `due`: when they are promised, if goods are announced."""
        row = x.row
        reason = "no_stock" if due is None else "announced"
        x.backordered += units
        self.backlog.setdefault(x.key, deque()).append((row.order, row.line))
        self.r.record(
            LineBackordered, now, self.r.site, row.order, row.line, row.owner, row.sku, units, reason, due, cause
        )

    def fall_short(
        self, hand: OrderInHand, x: LineInHand, units: int, now: int, cause: int | None, location: str | None
    ) -> None:
        """Units that were promised and cannot be had: shipped short, or waited for."""
        r, row = self.r, x.row
        if r.rules.short_lines == "backorder":
            self._wait_for(x, units, now, None, cause)
        else:
            x.shorted += units
            hand.open_units -= units
            r.record(
                LineShorted, now, r.site, row.order, row.line, row.owner, row.sku, units, "no_stock", cause, location
            )

    def stock_came(self, key: Key, now: int) -> None:
        """Units of a SKU became free: cover backorders, first come first, then orders that wait as a whole."""
        r = self.r
        waiting = self.backlog.get(key, deque())
        for _ in range(len(waiting)):  # those that fall short again wait for the next time
            order, line = waiting[0]
            hand = r.orders.get(order)
            x = hand.lines.get(line) if hand else None
            if hand is None or x is None or not x.backordered:
                waiting.popleft()
                continue
            units = min(x.backordered, x.account.free)
            if units <= 0 or (units < x.backordered and x.row.ship_rule == "line_complete"):
                break
            x.backordered -= units
            x.held += units
            x.account.held += units
            if not x.backordered:
                waiting.popleft()
            departure = r.departure(hand.order.carrier, now, None)
            hand.cutoff_at_ms, hand.leaves_at_ms = departure.cutoff_at_ms, departure.leaves_at_ms
            hand.covered = True
            r.record(LineWaits, now, r.site, order, line, "release", hand.cause, None)
            self.release.enter(hand, now)
        if not waiting:
            self.backlog.pop(key, None)
        for hand in [h for h in self.uncovered.values() if any(x.key == key for x in h.lines.values())]:
            if self._is_covered(hand):
                del self.uncovered[hand.order.order]
                self._hold(hand, now)

    # --- changes of mind -------------------------------------------------------------------------------------

    def cancel(self, m: CancelOrder) -> Refusal | None:
        """Cancel an order that no picker has begun; returns why not."""
        r = self.r
        hand, packed = r.orders.get(m.order), r.packed.get(m.order)
        if packed is not None:
            return Refusal("order_begun", status=packed.status)
        if hand is None:
            return Refusal("no_order")
        if hand.status not in ("received", "promised", "allocated", "released") or any(
            x.picked for x in hand.lines.values()
        ):
            return Refusal("order_begun", status=hand.status)
        self.release.leave(hand)
        self.uncovered.pop(m.order, None)
        self.picking.tours.withdraw(hand)
        self.picking.unpark(hand)
        for x in hand.lines.values():
            units = x.promised - x.shorted - x.cancelled
            if units:
                x.cancelled += units
                hand.open_units -= units
                r.record(LineCancelled, m.at_ms, r.site, m.order, x.row.line, units, "customer", m.actor)
            self._give_back(x, x.held)
            x.backordered = 0
        self._close_cancelled(hand, m.at_ms, m.actor)
        for x in hand.lines.values():
            self.stock_came(x.key, m.at_ms)
        self.release.trigger(m.at_ms, "task_done")  # its lines count in no zone any more
        return None

    def _close_cancelled(self, hand: OrderInHand, now: int, actor: str) -> None:
        hand.advance("cancelled")
        self.r.record(OrderCancelled, now, self.r.site, hand.order.order, "customer", actor)
        del self.r.orders[hand.order.order]

    def _give_back(self, x: LineInHand, units: int) -> None:
        x.account.held -= units
        x.held -= units

    def change(self, m: ChangeOrder) -> Refusal | None:
        """Change the units of a line before release; returns why not."""
        r = self.r
        hand, packed = r.orders.get(m.order), r.packed.get(m.order)
        x = hand.lines.get(m.line) if hand else None
        if packed is not None:
            return Refusal("order_needs_person", status=packed.status)
        if hand is None or x is None:
            return Refusal("no_line")
        if hand.status != "allocated":
            return Refusal("order_needs_person", status=hand.status)
        more = m.units - (x.promised - x.shorted - x.cancelled)
        if more > 0:
            waits = x.backordered if x.row.ship_rule == "line_complete" else 0
            if x.account.free < more + waits:
                return Refusal("units_free", units=max(0, x.account.free))
            x.account.held += more
            x.held += more
            x.promised += more
            hand.open_units += more
        elif more < 0:
            unheld = min(-more, x.backordered)
            x.backordered -= unheld
            given = min(-more - unheld, x.held)
            self._give_back(x, given)
            less = unheld + given
            x.cancelled += less
            hand.open_units -= less
            r.record(LineCancelled, m.at_ms, r.site, m.order, m.line, less, "customer", m.actor)
        r.record(OrderChanged, m.at_ms, r.site, m.order, m.line, m.units, x.row.units, m.actor, None)
        if more > 0 and hand.index_key is None:  # it held nothing before
            hand.covered = True
            self.release.enter(hand, m.at_ms)
        elif hand.open_units:
            self.release.refresh(hand)
        else:
            self.release.leave(hand)
            self._close_cancelled(hand, m.at_ms, m.actor)
        if more < 0:
            self.stock_came(x.key, m.at_ms)
        return None
