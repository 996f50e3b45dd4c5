"""One site's WMS: its desks, and what each message means to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.domain.ids import LocationId, OrderId
from twin.domain.records import new_row
from twin.domain.refusals import Refusal
from twin.events.catalogue import SheetKeyed
from twin.wms import messages as m
from twin.wms.book import Key
from twin.wms.exceptions_desk import ExceptionsDesk
from twin.wms.inbound_desk import InboundDesk
from twin.wms.messages import SILENT, Reply, TourStop
from twin.wms.order_desk import OrderDesk
from twin.wms.orders import OrderInHand
from twin.wms.outbound_desk import OutboundDesk
from twin.wms.picking_desk import PickingDesk
from twin.wms.records import Records
from twin.wms.release_desk import ReleaseDesk
from twin.wms.replenishment_desk import ReplenishmentDesk
from twin.wms.supervisor_desk import SupervisorDesk
from twin.wms.tour_desk import TourDesk


class SiteDesk:
    """Answers the messages of one site."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self.tours = TourDesk(records)
        self.picking = PickingDesk(records, self.tours)
        self.replenishment = ReplenishmentDesk(records)
        self.exceptions = ExceptionsDesk(records, self.picking, self.replenishment)
        self.release = ReleaseDesk(records, self.picking)
        self.orders = OrderDesk(records, self.release, self.picking)
        self.outbound = OutboundDesk(records)
        self.inbound = InboundDesk(records)
        self.orders.known.announced = self.inbound.announced
        self.supervisor = SupervisorDesk(
            records, release=self.release, tours=self.tours, exceptions=self.exceptions, picking=self.picking,
            replenishment=self.replenishment, known=self.orders.known, outbound=self.outbound,
        )  # fmt: skip
        self.picking.fall_short = self.orders.fall_short
        self.picking.face_wanted = self.replenishment.face_wanted
        self.picking.units_coming = self.replenishment.units_coming
        self.picking.order_picked = self._all_picked
        self.answers: dict[type, Callable[[Any], Reply]] = {
            m.PickConfirmed: self._picked,
            m.WorkWanted: self._work_wanted,
            m.NewOrder: self._new_order,
            m.CartonPacked: self._packed,
            m.ToteEmpty: self._tote_empty,
            m.CartonStaged: self._staged,
            m.CartonLoaded: self._loaded,
            m.WorkDone: self._work_done,
            m.WorkLeft: self._work_left,
            m.FaceFaulty: self._faulty,
            m.ContentsShort: self._contents_short,
            m.GoodsReceived: self._received,
            m.PutawayConfirmed: self._put_away,
            m.ReplenishConfirmed: self._replenished,
            m.CountConfirmed: self._counted,
            m.TrailerAtGate: self._at_gate,
            m.TrailerLeft: self._left,
            m.NewAsn: self._announced,
            m.CancelOrder: self._cancel,
            m.ChangeOrder: self._change,
            m.HoldOrder: self._hold,
            m.HoldWork: self._hold_work,
            m.CountWanted: self._count_wanted,
            m.ChangePolicy: self._change_policy,
            m.DepartureMoved: self._departure_moved,
            m.Keyed: self._keyed,
            m.TimePassed: self._time_passed,
        }
        self._learn_feed()

    def _learn_feed(self) -> None:
        self._feed_every_ms = 0
        self._feed_at: tuple[str, ...] = ()
        policy = self.r.decisions.policies["promising"]
        if policy.ref.name == "stock_feed":
            rules: Any = getattr(policy.decide, "rules", None)
            self._feed_every_ms = round(rules.feed_every_min * 60_000)
            self._feed_at = tuple(rules.feed_at)

    def open(self, now: int) -> Reply:
        """The site opens: publish the first feed, look at what is due."""
        self.orders.known.publish(now)
        self._look_for_feed(now)
        self._look_for_waves(now)
        self.replenishment.look_at_faces(now)
        return self._reply()

    def _reply(self, work: Any = None, stops: tuple[TourStop, ...] = (), lane: LocationId | None = None) -> Reply:
        r = self.r
        if not (r.ready or r.looks or r.docked or stops or lane or work):
            return SILENT
        ready: tuple[tuple[str, str], ...] = ()
        if r.ready:
            ready = tuple([(r.site, q) for q in sorted(r.ready)])
            r.ready.clear()
        look = None
        if r.looks:  # later ones are told with the next replies: at this look at the latest
            look = min(r.looks)
            r.looks.remove(look)
        docked: tuple[tuple[str, LocationId, LocationId], ...] = ()
        if r.docked:
            docked = tuple(r.docked)
            r.docked.clear()
        return new_row(Reply, (work, look, ready, docked, stops, lane, None))

    # --- orders ----------------------------------------------------------------------------------------------

    def _new_order(self, msg: m.NewOrder) -> Reply:
        self.orders.enter(msg)
        return self._reply()

    def _cancel(self, msg: m.CancelOrder) -> Reply:
        refused = self.orders.cancel(msg)
        return self._reply()._replace(refused=refused)

    def _change(self, msg: m.ChangeOrder) -> Reply:
        refused = self.orders.change(msg)
        return self._reply()._replace(refused=refused)

    def _hold(self, msg: m.HoldOrder) -> Reply:
        hand, packed = self.r.orders.get(msg.order), self.r.packed.get(msg.order)
        if packed is not None:
            return Reply(refused=Refusal("order_released", status=packed.status))
        if hand is None:
            return Reply(refused=Refusal("no_order"))
        taken_back = hand.on_hold and not msg.hold
        if hand.status not in ("allocated", "promised", "received") and not taken_back:
            return Reply(refused=Refusal("order_released", status=hand.status))
        if msg.hold:
            self.release.hold(hand)
        else:
            self.release.let_go(hand, msg.at_ms)
        return self._reply()

    # --- what a supervisor decides ---------------------------------------------------------------------------

    def _hold_work(self, msg: m.HoldWork) -> Reply:
        refused = self.supervisor.hold_work(msg)
        return self._reply()._replace(refused=refused)

    def _count_wanted(self, msg: m.CountWanted) -> Reply:
        refused = self.supervisor.count_wanted(msg)
        return self._reply()._replace(refused=refused)

    def _change_policy(self, msg: m.ChangePolicy) -> Reply:
        refused = self.supervisor.change_policy(msg)
        if refused is None and msg.family == "promising":
            self._learn_feed()
            self.orders.known.publish(msg.at_ms)
            self._look_for_feed(msg.at_ms)
        if refused is None and msg.family == "putaway":
            self.inbound.ask_again(msg.at_ms)
        if refused is None and msg.family == "release":
            self._look_for_waves(msg.at_ms)
        return self._reply()._replace(refused=refused)

    def _departure_moved(self, msg: m.DepartureMoved) -> Reply:
        self.supervisor.departure_moved(msg)
        return self._reply()

    # --- work ------------------------------------------------------------------------------------------------

    def _work_wanted(self, msg: m.WorkWanted) -> Reply:
        r, now, queues = self.r, msg.at_ms, msg.queues
        waiting = r.work.waiting
        if "pick" in queues and not waiting("pick"):
            self.tours.make_tasks(now)
        if "count" in queues and not waiting("count"):
            self.exceptions.make_tasks(now, msg.worker)
        if "replenish" in queues and not waiting("replenish"):
            self.replenishment.idle(now)
        queued = r.work.dispatch(msg)
        for queue in queues:
            if waiting(queue) or (queue == "pick" and self.tours.pool_index):
                r.ready.add(queue)
        if queued is None:
            return self._reply()
        work = queued.work
        task = queued.row.task
        if queued.row.queue == "pick":
            work = self.tours.route(task, work, msg.worker, now)
        elif queued.row.queue == "load":
            work = self.outbound.fill(now, task, *work)
        return self._reply(work)

    def _work_done(self, msg: m.WorkDone) -> Reply:
        r = self.r
        queued = r.work.end(msg.at_ms, msg.task, msg.worker, msg.units)
        if queued is not None and msg.kind == "load":
            self.outbound.loading_ended(msg.task, queued.work[0], msg.at_ms)
        if msg.kind == "pick":
            self.tours.active.pop(msg.task, None)
            self.release.trigger(msg.at_ms, "task_done")
        return self._reply()

    def _work_left(self, msg: m.WorkLeft) -> Reply:
        r, task = self.r, msg.task
        picks = self.tours.active.pop(task, None)
        if picks is not None and not picks:  # nothing is left of it
            return self._work_done(m.WorkDone(msg.at_ms, msg.site, msg.worker, task, msg.kind, 0))
        queued = r.work.put_back(msg.at_ms, task, msg.worker, msg.reason)
        if queued is not None:
            r.ready.add(queued.row.queue)
            if picks:
                r.work.replace(task, queued.row.queue, queued.work._replace(picks=tuple(picks.values())))
            elif queued.row.queue == "load":
                self.outbound.loader_left(task, queued.work[0], msg.at_ms)
        return self._reply()

    def _keyed(self, msg: m.Keyed) -> Reply:
        self.r.record(SheetKeyed, msg.at_ms, self.r.site, msg.worker, msg.task, msg.rows, msg.duration_ms)
        return self._reply()

    # --- picking and packing ---------------------------------------------------------------------------------

    def _picked(self, msg: m.PickConfirmed) -> Reply:
        place, now = self.picking.picked(msg), msg.at_ms
        if self.exceptions.plan.after_picks:
            self.exceptions.picked_from(place.location, now)
        if not place.stocks or self.inbound.stranded:
            self.inbound.left(place.location, now)
        return self._reply()

    def _faulty(self, msg: m.FaceFaulty) -> Reply:
        stops = self.exceptions.fault(msg)
        self._maybe_done(msg.pick.order, msg.at_ms)
        return self._reply(stops=stops)

    def _contents_short(self, msg: m.ContentsShort) -> Reply:
        self.exceptions.contents_short(msg)
        key = (msg.pick.owner, msg.pick.sku)
        self.orders.stock_came(key, msg.at_ms)  # there may be more of it elsewhere
        return self._reply()

    def _all_picked(self, hand: OrderInHand, now: int) -> None:
        self.outbound.close_if_done(hand)

    def _maybe_done(self, order: OrderId, now: int) -> None:
        hand = self.r.orders.get(order)
        if hand is not None:
            self.outbound.close_if_done(hand)

    def _packed(self, msg: m.CartonPacked) -> Reply:
        return self._reply(lane=self.outbound.packed(msg))

    def _staged(self, msg: m.CartonStaged) -> Reply:
        self.outbound.stand(msg)
        return self._reply()

    def _loaded(self, msg: m.CartonLoaded) -> Reply:
        self.outbound.load(msg)
        return self._reply()

    def _tote_empty(self, msg: m.ToteEmpty) -> Reply:
        hand = self.r.orders.get(msg.order)
        if hand is not None:
            hand.totes.pop(msg.tote, None)
            self._maybe_done(msg.order, msg.at_ms)
        return self._reply()

    # --- trailers and goods in -------------------------------------------------------------------------------

    def _announced(self, msg: m.NewAsn) -> Reply:
        self.inbound.announce(msg)
        return self._reply()

    def _at_gate(self, msg: m.TrailerAtGate) -> Reply:
        units = self.inbound.units_announced(msg.trailer) if msg.direction == "in" else None
        self.outbound.arrive(msg, units)
        self._open_docked(msg.at_ms)
        return self._reply()

    def _left(self, msg: m.TrailerLeft) -> Reply:
        self.outbound.leave(msg)
        self.inbound.trailer_left(msg.trailer)
        self._open_docked(msg.at_ms)
        return self._reply()

    def _open_docked(self, now: int) -> None:
        for caller, door, lane in self.outbound.docked_in:
            self.inbound.open_trailer(caller, door, lane, now)
        self.outbound.docked_in.clear()

    def _received(self, msg: m.GoodsReceived) -> Reply:
        self.inbound.received(msg)
        return self._reply()

    def _put_away(self, msg: m.PutawayConfirmed) -> Reply:
        self._stock_came(self.inbound.put_away(msg), msg.at_ms)
        return self._reply()

    def _replenished(self, msg: m.ReplenishConfirmed) -> Reply:
        key = self.replenishment.confirmed(msg)
        if msg.units < msg.task.units:
            self.exceptions.reserve_short(msg)
        self._stock_came(key, msg.at_ms)
        self.inbound.left(msg.task.origin, msg.at_ms)
        return self._reply()

    def _counted(self, msg: m.CountConfirmed) -> Reply:
        for key in self.exceptions.counted(msg):
            self._stock_came(key, msg.at_ms)
        self.inbound.left(msg.task.location, msg.at_ms)
        return self._reply()

    def _stock_came(self, key: Key, now: int) -> None:
        self.replenishment.stock_came(key, now)
        self.picking.stock_came(key, now)
        self.orders.stock_came(key, now)

    # --- time ------------------------------------------------------------------------------------------------

    def _time_passed(self, msg: m.TimePassed) -> Reply:
        now = msg.at_ms
        if self._feed_due(now):
            self.orders.known.publish(now)
            self._look_for_feed(now)
        self.release.trigger(now, "cutoff" if self.release.closing_due(now) else "tick")
        self._look_for_waves(now)
        return self._reply()

    def _feed_due(self, now: int) -> bool:
        return bool(self._feed_every_ms or self._feed_at) and now >= self._next_feed_ms

    def _look_for_feed(self, now: int) -> None:
        if self._feed_at:
            calendar = self.r.calendar
            day = calendar.day_of(now)
            times = [calendar.at_ms(c, d) for d in (day, day + 1) for c in self._feed_at]
            self._next_feed_ms = min(t for t in times if t > now)
        elif self._feed_every_ms:
            self._next_feed_ms = now + self._feed_every_ms
        else:
            return
        self.r.look_at(self._next_feed_ms)

    def _look_for_waves(self, now: int) -> None:
        calendar = self.r.calendar
        times = [
            calendar.at_ms(clock, day)
            for _, clock, _ in self.release.rules.waves
            for day in (calendar.day_of(now), calendar.day_of(now) + 1)
        ]
        ahead = [t for t in times if t > now]
        if ahead:
            self.r.look_at(min(ahead))
