"""From a released order to picked units: reserve lot and location, join orders to tours, route them, book each pick."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from twin.domain.ids import LocationId, Lpn, OrderId, TaskId, Zone
from twin.domain.orders import OrderLine
from twin.domain.records import builder
from twin.events.catalogue import LinePicked, OrderBatched, PolicyDecided, TourStarted
from twin.policies.allocation import Allocation, AllocationSnapshot
from twin.policies.batching import BatchingSnapshot, BatchOrder
from twin.policies.routing import Point, RoutingSnapshot, Stop, Tour
from twin.wms.book import Key, Stock
from twin.wms.messages import Pick, PickConfirmed, PickTour, TourStop
from twin.wms.orders import LineInHand, OrderInHand
from twin.wms.records import Records

_allocation_snapshot = builder(AllocationSnapshot)
_batch_order = builder(BatchOrder)


class Wanted(NamedTuple):
    """Reserved units of a line that wait for a tour."""

    hand: OrderInHand
    x: LineInHand
    stock: Stock
    units: int


class TourPlan(NamedTuple):
    """The work of a pick task before it is routed."""

    picks: tuple[Pick, ...]
    totes: tuple[tuple[Lpn, OrderId], ...]


class PickingDesk:
    """Allocates, batches, routes, and books picks."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self.open_lines: dict[Zone, int] = {}
        self.pool: dict[OrderId, list[Wanted]] = {}
        self.pool_index: list[tuple[int, OrderId]] = []
        self.stops: dict[LocationId, Stop] = {}
        self.active: dict[TaskId, dict[tuple[str, str], Pick]] = {}
        self.fall_short: Callable[[OrderInHand, LineInHand, int, int, int | None, str | None], None]
        self.face_wanted: Callable[[Stock, int], None]
        self.order_picked: Callable[[OrderInHand, int], None]
        self._tours = 0
        self._allocation_most = records.decisions.policies["allocation"].candidates_max
        self._allocation_name = records.decisions.policies["allocation"].ref.name
        self._batching_most = records.decisions.policies["batching"].candidates_max
        plan = records.plan
        self.start_point = self.end_point = self._point(plan.depots[0])

    def _point(self, name: LocationId) -> Point:
        return self.r.plan.routing_point(name)

    # --- allocation (step 8) ---------------------------------------------------------------------------------

    def start(self, hand: OrderInHand, now: int, cause: int) -> None:
        """A released order: reserve stock for what it holds and offer it to batching."""
        wanted: list[Wanted] = []
        day = self.r.on_day(now)
        deliver = max(day, self.r.on_day(hand.leaves_at_ms))
        for x in hand.lines.values():
            need = x.held - x.in_work
            if need > 0:
                wanted += self._allocate(hand, x, need, now, day, deliver)
        if wanted:
            self._offer(hand, wanted)
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
        stocks = book.by_sku.get((row.owner, row.sku), [])
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
            stock = book.stocks.get(reservation.stock)
            units = reservation.units
            if stock is None or not 0 < units <= stock.units - stock.reserved or not stock.serves(x.key):
                raise r.decisions.broken(
                    "allocation", "a reservation is 1 to the free units of a stock line of the SKU", snapshot
                )
            taken += units
            book.version += 1
            stock.reserved += units
            stock.row = None
            wanted.append(Wanted(hand, x, stock, units))
            choice = choice or stock.place.location
        if taken + decision.short != need:
            raise r.decisions.broken("allocation", "reserved + short = asked", snapshot)
        x.in_work += taken
        for w in wanted:
            stock = w.stock
            if stock.face and stock.units - stock.reserved < (stock.min_units or 1 << 60):
                self.face_wanted(stock, now)
        cause = r.emit(
            PolicyDecided(
                now,
                r.site,
                "allocation",
                self._allocation_name,
                len(offered),
                choice or "none",
                None,
                row.order,
                row.line,
                None,
                None,
                choice or None,
                None,
                None,
                taken,
                None,
                None if not decision.short else _codes(decision),
            )
        )
        if decision.short:
            book.hold(x.key, -decision.short)
            x.held -= decision.short
            self.fall_short(hand, x, decision.short, now, cause, None)
        return wanted

    def _part(self, x: LineInHand, need: int) -> OrderLine:
        return replace(x.row, units=need)

    def _first_key(self, stock: Stock) -> int:
        if self.r.decisions.policies["allocation"].ref.name in ("fefo", "lefo"):
            return stock.expires_on_day if stock.expires_on_day is not None else 1 << 40
        return stock.received_at_ms

    # --- the pool of released orders -------------------------------------------------------------------------

    def stop_of(self, location: LocationId) -> Stop:
        """The routing stop of a location."""
        stop = self.stops.get(location)
        if stop is None:
            stop = self.stops[location] = self.r.plan.routing_stop(location)
        return stop

    def _offer(self, hand: OrderInHand, wanted: list[Wanted]) -> None:
        for w in wanted:
            zone = w.stock.place.zone
            self.open_lines[zone] = self.open_lines.get(zone, 0) + 1
        self._to_pool(hand, self._leave_pool(hand) + wanted)

    def _to_pool(self, hand: OrderInHand, wanted: list[Wanted]) -> None:
        order = hand.order
        mass = volume = 0.0
        for w in wanted:
            mass += w.stock.sku.mass_kg * w.units
            volume += w.stock.sku.volume_l * w.units
        stop_of = self.stop_of
        first = wanted[0].stock
        hand.batch_row = _batch_order(
            order.order, order.owner, tuple([stop_of(w.stock.place.location) for w in wanted]), len(wanted), mass,
            volume, hand.cutoff_at_ms, self.r.rules.work_ms_fixed + len(wanted) * self.r.rules.work_ms_per_line,
            first.place.storage, first.sku.segregation, order.batch,
        )  # fmt: skip
        self.pool[order.order] = wanted
        insort(self.pool_index, (hand.cutoff_at_ms, order.order))
        self.r.ready.add("pick")

    def make_tasks(self, now: int) -> None:
        """Ask batching for the orders in the pool and make a pick task of each batch."""
        r, orders = self.r, self.r.orders
        if not self.pool_index:
            return
        most = self._batching_most
        keys = self.pool_index if not most else self.pool_index[:most]
        hands = [orders[k[1]] for k in keys]
        rules = r.rules
        ways: tuple[tuple[LocationId, LocationId, int], ...] = ()
        if r.plan.aisle_plan is None:
            ways = self._ways({s.location for h in hands for s in h.batch_row.stops})  # type: ignore[union-attr]
        snapshot = BatchingSnapshot(
            now_ms=now, book_version=r.book.version, left_out=len(self.pool_index) - len(keys),
            orders=tuple([h.batch_row for h in hands]), plan=r.plan.aisle_plan,  # type: ignore[misc]
            start=self.start_point, end=self.end_point, ways=ways, cart_positions=rules.cart_positions,
            max_lines=rules.cart_max_lines, max_mass_kg=rules.cart_max_kg, max_volume_l=rules.cart_max_l,
        )  # fmt: skip
        decision = r.decisions.ask("batching", snapshot)
        offered = {h.order.order: h for h in hands}
        position = dict(decision.put_to)
        seen: set[OrderId] = set()
        for batch in decision.batches:
            if any(o not in offered or o in seen for o in batch) or not batch:
                raise r.decisions.broken("batching", "each order offered is in at most one batch", snapshot)
            if rules.cart_positions and len(batch) > rules.cart_positions:
                raise r.decisions.broken("batching", "a batch fits the cart's positions", snapshot)
            seen.update(batch)
            cause = r.decisions.record("batching", now, r.site, len(hands), "batch", units=len(batch))
            self._make_task([offered[o] for o in batch], position, now, cause)
        for refused in decision.rejected:
            if refused.subject in offered and refused.subject not in seen:
                seen.add(OrderId(refused.subject))
                r.decisions.record("batching", now, r.site, len(hands), f"held:{refused.code}", order=refused.subject)
                self._leave_pool(offered[OrderId(refused.subject)])
        if not seen:
            raise r.decisions.broken("batching", "every order offered is batched or rejected", snapshot)

    def _leave_pool(self, hand: OrderInHand) -> list[Wanted]:
        wanted = self.pool.pop(hand.order.order, [])
        if wanted:
            self._drop_index(hand)
        return wanted

    def _drop_index(self, hand: OrderInHand) -> None:
        assert hand.batch_row is not None
        key = (hand.batch_row.cutoff_at_ms, hand.order.order)
        del self.pool_index[bisect_left(self.pool_index, key)]

    def _make_task(self, hands: list[OrderInHand], position: dict[OrderId, int], now: int, cause: int) -> None:
        """One task per batch; an order above the cart's line limit fills several."""
        r = self.r
        most = r.rules.cart_max_lines
        hands = sorted(hands, key=lambda h: (position.get(h.order.order, 0), h.order.order))
        all_wanted = [(h, self._leave_pool(h)) for h in hands]
        if most and len(hands) == 1 and len(all_wanted[0][1]) > most:
            hand, wanted = all_wanted[0]
            parts = [[(hand, wanted[i : i + most])] for i in range(0, len(wanted), most)]
        else:
            parts = [all_wanted]
        for part in parts:
            self._one_task(part, now, cause, None)
        r.ready.add("pick")

    def _one_task(
        self, part: list[tuple[OrderInHand, list[Wanted]]], now: int, cause: int, reason: str | None
    ) -> TaskId:
        r = self.r
        task = r.work.new_task_id("pick")
        picks: list[Pick] = []
        totes: list[tuple[Lpn, OrderId]] = []
        for place, (hand, wanted) in enumerate(part):
            order = hand.order.order
            tote = Lpn(f"{task}.{place + 1}")
            totes.append((tote, order))
            hand.totes.add(tote)
            for w in wanted:
                s = w.stock
                picks.append(
                    Pick(w.x.row.line, order, s.owner, s.sku_id, s.lot, s.stock, s.place.location, w.units, tote)
                )
            r.emit(OrderBatched(now, r.site, order, task, tote, "worker", cause, len(wanted)))
        lines = len(picks)
        work_ms = r.rules.work_ms_fixed + lines * r.rules.work_ms_per_line
        cutoff = min(h.cutoff_at_ms for h, _ in part)
        r.work.put(
            now, task, "pick", TourPlan(tuple(picks), tuple(totes)), starts_at=r.depot,
            latest_start_ms=cutoff - work_ms, priority=min(h.order.priority for h, _ in part),
            work_ms=lines * r.rules.work_ms_per_line, units=lines, cause=cause, reason=reason,
        )  # fmt: skip
        return task

    def extra_task(self, hand: OrderInHand, wanted: list[Wanted], now: int, cause: int) -> None:
        """A further task for one line, after an exception."""
        for w in wanted:
            zone = w.stock.place.zone
            self.open_lines[zone] = self.open_lines.get(zone, 0) + 1
        self._one_task([(hand, wanted)], now, cause, "exception")
        self.r.ready.add("pick")

    def withdraw(self, hand: OrderInHand) -> None:
        """Take a cancelled order's units out of the pool and out of tasks that nobody has begun."""
        r, order = self.r, hand.order.order
        for w in self._leave_pool(hand):
            self._unreserve(w.stock, w.x, w.units)
        for queued in r.work.open_in("pick"):
            task, plan = queued.row.task, queued.work
            mine = [p for p in plan.picks if p.order == order]
            if mine:
                for p in mine:
                    self._unreserve(r.book.stocks[p.stock], hand.lines[p.line], p.units)
                rest = TourPlan(
                    tuple(p for p in plan.picks if p.order != order), tuple(t for t in plan.totes if t[1] != order)
                )
                if rest.picks:
                    r.work.replace(task, "pick", rest)
                else:
                    r.work.withdraw(task, "pick")

    def _unreserve(self, stock: Stock, x: LineInHand, units: int) -> None:
        self.r.book.release(stock, units)
        x.in_work -= units
        zone = stock.place.zone
        self.open_lines[zone] -= 1

    # --- routing (step 12) -----------------------------------------------------------------------------------

    def _ways(self, places: set[LocationId]) -> tuple[tuple[LocationId, LocationId, int], ...]:
        names = sorted({*places, self.start_point.location, self.end_point.location})
        distance = self.r.graph.distance_mm
        return tuple((a, b, distance(a, b)) for a in names for b in names if a != b)

    def route(self, task: TaskId, plan: TourPlan, worker: str, now: int) -> PickTour:
        """Order the stops of a task that a picker now begins."""
        r = self.r
        at: dict[LocationId, list[Pick]] = {}
        for p in plan.picks:
            at.setdefault(p.location, []).append(p)
        stops = tuple([self.stop_of(location) for location in at])
        aisles = r.plan.aisle_plan
        snapshot = RoutingSnapshot(
            now_ms=now, book_version=r.book.version, stops=stops, plan=aisles, start=self.start_point,
            end=self.end_point, ways=() if aisles is not None else self._ways(set(at)),
        )  # fmt: skip
        tour: Tour = r.decisions.ask("routing", snapshot)
        if len(tour.stops) != len(at) or {s.location for s in tour.stops} != at.keys():
            raise r.decisions.broken("routing", "every stop is visited once", snapshot)
        cause = r.decisions.record(
            "routing", now, r.site, len(stops), "tour", task=task, worker=worker, units=len(stops),
            score=float(tour.length_mm),
        )  # fmt: skip
        via = tour.via or (-1,) * (len(stops) + 1)
        self._tours += 1
        r.emit(TourStarted(now, r.site, task, worker, len(plan.picks), tour.length_mm, "mm", cause))
        self.active[task] = {(p.line, p.stock): p for p in plan.picks}
        for _, order in plan.totes:
            r.orders[order].advance("picking")
        return PickTour(
            task, task, self.start_point.location,
            tuple([TourStop(s.location, v, tuple(at[s.location])) for s, v in zip(tour.stops, via, strict=False)]),
            self.end_point.location, via[-1], plan.totes, tour.length_mm,
        )  # fmt: skip

    # --- confirmation (step 14) ------------------------------------------------------------------------------

    def picked(self, m: PickConfirmed) -> None:
        """A pick was confirmed: on hand falls."""
        r, pick, units = self.r, m.pick, m.units
        hand = r.orders[pick.order]
        x = hand.lines[pick.line]
        self.book_pick(m.at_ms, m.worker, m.task, hand, x, pick, pick.units, units)
        if not hand.totes and not hand.open_units:
            self.order_picked(hand, m.at_ms)  # keyed after its carton was packed

    def book_pick(
        self, now: int, worker: str, task: TaskId, hand: OrderInHand, x: LineInHand, pick: Pick, units: int, keyed: int
    ) -> None:
        """Book `units` of a pick as done and give back the rest of it; the book takes what was `keyed`."""
        r = self.r
        book = r.book
        stock = book.stocks[pick.stock]
        key: Key = (pick.owner, pick.sku)
        self.active.get(task, {}).pop((pick.line, pick.stock), None)
        asked = pick.units
        stock.reserved -= asked
        off_hand = 0
        if units:
            book.version += 1
            off_hand = keyed if keyed <= stock.units - stock.reserved else stock.units - stock.reserved
            stock.units -= off_hand
            book.on_hand[key] -= off_hand
            book.held[key] -= units
            x.held -= units
            x.picked += units
            hand.open_units -= units
        stock.row = None
        if stock.units == 0 and stock.reserved == 0 and not stock.max_units:
            book.forget(stock)
        x.in_work -= asked
        zone = stock.place.zone
        self.open_lines[zone] -= 1
        r.emit(
            LinePicked(
                now,
                r.site,
                worker,
                pick.order,
                pick.line,
                pick.owner,
                pick.sku,
                pick.lot,
                pick.location,
                pick.tote,
                task,
                units,
                asked,
                None,
                None if off_hand == units else off_hand,
                None if off_hand == units else "units",
            )
        )

    def free(self, stock: Stock, units: int) -> list[Wanted]:
        """Orders in the pool give up at least `units` reserved on a stock line, newest first; see `replace`."""
        freed = []
        for order in sorted(self.pool, reverse=True):
            for w in self.pool[order]:
                if units > 0 and w.stock is stock:
                    self._unreserve(stock, w.x, w.units)
                    units -= w.units
                    freed.append(w)
        return freed

    def replace(self, freed: list[Wanted], now: int) -> None:
        """Reserve other units for what was freed; an order in the pool that gets none leaves it."""
        hands = {w.hand.order.order: w.hand for w in freed}
        for hand in hands.values():
            gone = [w for w in freed if w.hand is hand]
            wanted = [w for w in self._leave_pool(hand) if not any(w is g for g in gone)]
            for g in gone:
                for w in self.allocate(hand, g.x, g.units, now):
                    zone = w.stock.place.zone
                    self.open_lines[zone] = self.open_lines.get(zone, 0) + 1
                    wanted.append(w)
            if wanted:
                self._to_pool(hand, wanted)
            else:
                self.order_picked(hand, now)


def _codes(decision: Allocation) -> str:
    counts: dict[str, int] = {}
    for rejection in decision.rejected:
        counts[rejection.code] = counts.get(rejection.code, 0) + 1
    inside = ", ".join(f'"{code}": {n}' for code, n in sorted(counts.items()))
    return f'{{"short": {decision.short}, "rejected": {{{inside}}}}}'
