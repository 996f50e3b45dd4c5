"""Released orders wait in a pool; batching joins them to tasks, routing orders the stops of a task that begins."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import NamedTuple

from twin.domain.ids import LocationId, Lpn, OrderId, TaskId, Zone
from twin.domain.records import builder, new_row
from twin.events.catalogue import LineWaits, OrderBatched, TourStarted
from twin.policies.batching import BatchingSnapshot, BatchOrder
from twin.policies.batching.cart import Limits, overfull
from twin.policies.routing import Point, RoutingSnapshot, Stop, Tour
from twin.wms.book import Place, Stock
from twin.wms.messages import Pick, PickTour, TourStop
from twin.wms.orders import LineInHand, OrderInHand
from twin.wms.records import Records

_batch_order, _batching, _routing = builder(BatchOrder), builder(BatchingSnapshot), builder(RoutingSnapshot)


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


class TourDesk:
    """The pool, the pick tasks made of it, and the tours under way."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self.open_lines: dict[Zone, int] = {}
        self.pool: dict[OrderId, list[Wanted]] = {}
        self.pool_index: list[tuple[int, OrderId]] = []
        self.active: dict[TaskId, dict[tuple[str, str], Pick]] = {}
        self.learn_policy()
        self.start_point = self.end_point = self._point(records.plan.depots[0])

    def learn_policy(self) -> None:
        """Read what it needs of the batching policy in use; again when it is changed."""
        self._batching_most = self.r.decisions.policies["batching"].candidates_max

    def _point(self, name: LocationId) -> Point:
        return self.r.plan.routing_point(name)

    # --- the pool of released orders -------------------------------------------------------------------------

    def stop_at(self, place: Place) -> Stop:
        """The routing stop of a location."""
        stop = place.stop
        if stop is None:
            stop = place.stop = self.r.plan.routing_stop(place.location)
        return stop

    def offer(self, hand: OrderInHand, wanted: list[Wanted]) -> None:
        """Newly reserved units of an order join what it has in the pool; what a line has of one stock is one pick."""
        before = self.leave_pool(hand)
        joined = {(w.x.row.line, w.stock.stock): w for w in before}
        open_lines = self.open_lines
        for w in wanted:
            _, x, stock, units = w
            key = (x.row.line, stock.stock)
            same = joined.setdefault(key, w)
            if same is w:
                zone = stock.place.zone
                open_lines[zone] = open_lines.get(zone, 0) + 1
            else:
                joined[key] = same._replace(units=same.units + units)
        if joined:
            self.to_pool(hand, list(joined.values()))

    def to_pool(self, hand: OrderInHand, wanted: list[Wanted]) -> None:
        """These are now the units of an order that wait for a tour."""
        order = hand.order
        mass = volume = 0.0
        stops: list[Stop] = []
        for _, _, stock, units in wanted:
            sku = stock.sku
            mass += sku.mass_kg * units
            volume += sku.volume_l * units
            place = stock.place
            stops.append(place.stop or self.stop_at(place))
        first, lines, rules = wanted[0].stock, len(wanted), self.r.rules
        hand.batch_row = _batch_order(
            order.order, order.owner, tuple(stops), lines, mass, volume, hand.cutoff_at_ms,
            rules.work_ms_fixed + lines * rules.work_ms_per_line, first.place.storage, first.sku.segregation,
            order.batch,
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
        snapshot = _batching(
            now_ms=now, book_version=r.book.version, left_out=len(self.pool_index) - len(keys),
            orders=tuple([h.batch_row for h in hands]), plan=r.plan.aisle_plan,
            start=self.start_point, end=self.end_point, ways=ways, cart_positions=rules.cart_positions,
            max_lines=rules.cart_max_lines, max_mass_kg=rules.cart_max_kg, max_volume_l=rules.cart_max_l,
        )  # fmt: skip
        decision = r.decisions.ask("batching", snapshot)
        cart = Limits(snapshot, rounding=1e-9)
        left = {h.order.order: h for h in hands}
        position = dict(decision.put_to)
        for batch in decision.batches:
            together = [left.pop(o) for o in batch if o in left]
            if len(together) != len(batch) or not batch:
                raise r.decisions.broken("batching", "each order offered is in at most one batch", snapshot)
            if len(batch) > 1 and (why := overfull([h.batch_row for h in together], cart)) is not None:  # type: ignore[misc]
                raise r.decisions.broken("batching", f"a batch fits the cart: {why[1]}", snapshot)
            positions = {position.get(o, -1) for o in batch}
            if len(positions) != len(batch) or -1 in positions:
                raise r.decisions.broken("batching", "each order of a batch has a cart position of its own", snapshot)
            cause = r.decisions.record("batching", now, r.site, len(hands), "batch", units=len(batch))
            self._make_task(together, position, now, cause)
        for refused in decision.rejected:
            hand = left.pop(OrderId(refused.subject), None)
            if hand is not None:
                r.decisions.record("batching", now, r.site, len(hands), f"held:{refused.code}", order=refused.subject)
                for w in self.leave_pool(hand):
                    self.unreserve(w.stock, w.x, w.units)
                hand.on_hold = True  # until a person lets it go
        if len(left) == len(hands):
            raise r.decisions.broken("batching", "every order offered is batched or rejected", snapshot)

    def leave_pool(self, hand: OrderInHand) -> list[Wanted]:
        """Take out what an order has in the pool."""
        wanted = self.pool.pop(hand.order.order, [])
        if wanted:
            self._drop_index(hand)
        return wanted

    def _drop_index(self, hand: OrderInHand) -> None:
        assert hand.batch_row is not None
        key = (hand.batch_row.cutoff_at_ms, hand.order.order)
        del self.pool_index[bisect_left(self.pool_index, key)]
        hand.batch_row = None

    def _make_task(self, hands: list[OrderInHand], position: dict[OrderId, int], now: int, cause: int) -> None:
        """One task per batch; an order above the cart's line limit fills several."""
        r = self.r
        most = r.rules.cart_max_lines
        hands = sorted(hands, key=lambda h: (position.get(h.order.order, 0), h.order.order))
        all_wanted = [(h, self.leave_pool(h)) for h in hands]
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
            hand.totes[tote] = [0, sum([w.units for w in wanted])]
            for _, x, s, units in wanted:
                where = s.place.location
                picks.append(new_row(Pick, (x.row.line, order, s.owner, s.sku_id, s.lot, s.stock, where, units, tote)))
            r.record(OrderBatched, now, r.site, order, task, tote, "worker", cause, len(wanted))
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
        for w in self.leave_pool(hand):
            self.unreserve(w.stock, w.x, w.units)
        for queued in r.work.open_in("pick"):
            task, plan = queued.row.task, queued.work
            mine = [p for p in plan.picks if p.order == order]
            if mine:
                for p in mine:
                    self.unreserve(r.book.stocks[p.stock], hand.lines[p.line], p.units)
                rest = TourPlan(
                    tuple(p for p in plan.picks if p.order != order), tuple(t for t in plan.totes if t[1] != order)
                )
                if rest.picks:
                    r.work.replace(task, "pick", rest)
                else:
                    r.work.withdraw(task, "pick")

    def take_back(self, hand: OrderInHand, now: int) -> None:
        """Units of a released order that nobody has begun wait for release again."""
        r, order = self.r, hand.order.order
        totes = [tote for queued in r.work.open_in("pick") for tote, o in queued.work.totes if o == order]
        self.withdraw(hand)
        for tote in totes:
            hand.totes.pop(tote, None)
        for line, x in hand.lines.items():
            if x.held:
                r.record(LineWaits, now, r.site, order, line, "taken_back", hand.cause, None)

    def unreserve(self, stock: Stock, x: LineInHand, units: int) -> None:
        """Units of a line are reserved no more; they stay held."""
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
        at: dict[LocationId, tuple[Pick, ...]] = {}
        open_picks: dict[tuple[str, str], Pick] = {}
        for p in plan.picks:
            line, _, _, _, _, stock, location, _, _ = p
            open_picks[line, stock] = p
            at[location] = (*at[location], p) if location in at else (p,)
        places = r.book.places
        stops = tuple([places[location].stop or self.stop_at(places[location]) for location in at])
        aisles = r.plan.aisle_plan
        snapshot = _routing(
            now_ms=now, book_version=r.book.version, left_out=0, stops=stops, plan=aisles, start=self.start_point,
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
        r.record(TourStarted, now, r.site, task, worker, len(plan.picks), tour.length_mm, "mm", cause)
        self.active[task] = open_picks
        for _, order in plan.totes:
            r.orders[order].advance("picking")
        return PickTour(
            task, task, self.start_point.location,
            tuple([
                new_row(TourStop, (s.location, v, at[s.location]))
                for s, v in zip(tour.stops, via, strict=False)
            ]),
            self.end_point.location, via[-1], plan.totes, tour.length_mm,
        )  # fmt: skip

    def free(self, stock: Stock, units: int) -> list[Wanted]:
        """Orders in the pool give up at least `units` reserved on a stock line, newest first; see `replace`."""
        freed = []
        for order in sorted(self.pool, reverse=True):
            for w in self.pool[order]:
                if units > 0 and w.stock is stock:
                    self.unreserve(stock, w.x, w.units)
                    units -= w.units
                    freed.append(w)
        return freed
