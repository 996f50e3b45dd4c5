"""When the face is not as booked: block, allocate again, backorder, ask for a count; and what counts change."""

from __future__ import annotations

from typing import NamedTuple

from twin.domain.ids import LocationId, LotId, OwnerId, SkuId, StockId, TaskId
from twin.events.catalogue import (
    CountRequested,
    ExceptionReported,
    LineWaits,
    LocationCounted,
    StockAdjusted,
    UnitsBlocked,
)
from twin.policies.cycle_counting import CountCandidate, CountProgramme, CountSnapshot
from twin.policies.pick_exceptions import Fault, FaultSnapshot, Recovery
from twin.wms.book import Key, Stock
from twin.wms.count_plan import CountPlan
from twin.wms.messages import (
    ContentsShort,
    CountConfirmed,
    CountTask,
    FaceFaulty,
    Pick,
    PutawayTask,
    ReplenishConfirmed,
    ReplenishTask,
    TourStop,
)
from twin.wms.orders import OrderInHand
from twin.wms.picking_desk import PickingDesk
from twin.wms.records import Records
from twin.wms.replenishment_desk import ReplenishmentDesk
from twin.wms.tour_desk import Wanted

RECOUNT = "recount"
Contents = dict[tuple[OwnerId, SkuId, LotId | None], int]
"""Units by owner, SKU and lot."""


OWN_REASONS = frozenset({"negative", "zero", "threshold", "plan", "spot"})


class CountRequest(NamedTuple):
    """A location that is to be counted; `first_by` is who counted it with a difference."""

    location: LocationId
    reason: str
    asked_at_ms: int
    first_by: str | None


def _outcome(recovery: Recovery) -> str:
    if recovery.wait_until_ms is not None:
        return "wait"
    return "recover" if recovery.reservations else "short"


class ExceptionsDesk:
    """Faults at the face, and the counts that clear them up."""

    def __init__(self, records: Records, picking: PickingDesk, replenishment: ReplenishmentDesk) -> None:
        self.r = records
        self.picking = picking
        self.tours = picking.tours
        self.replenishment = replenishment
        self.requests: dict[LocationId, CountRequest] = {}
        self.under_count: dict[TaskId, CountRequest] = {}
        self.plan = CountPlan(records)

    # --- faults ----------------------------------------------------------------------------------------------

    def fault(self, m: FaceFaulty) -> tuple[TourStop, ...]:
        """Run the fixed sequence; returns further stops for the picker who waits at the face."""
        r, pick, now = self.r, m.pick, m.at_ms
        hand = r.orders[pick.order]
        x = hand.lines[pick.line]
        stock = r.book.stocks[pick.stock]
        missing = pick.units - m.found
        seq = r.record(
            ExceptionReported, now, r.site, m.worker, pick.order, pick.line, pick.sku, pick.location, m.found,
            pick.units, m.code, m.task, None, pick.lot,
        )  # fmt: skip
        self.picking.book_pick(now, m.worker, m.task, hand, x, pick, m.found, m.found)
        snapshot = self._snapshot(m, hand, stock, missing)
        recovery: Recovery = r.decisions.ask("pick_exceptions", snapshot)
        cause = r.decisions.record(
            "pick_exceptions", now, r.site, len(snapshot.others), _outcome(recovery),
            order=pick.order, line=pick.line, location=pick.location, units=sum(v.units for v in recovery.reservations),
        )  # fmt: skip
        for stock_id, units in recovery.block:
            self._block(stock_id, units, now, seq)
        if r.rules.count_after_exception:
            for location in recovery.count:
                self.request(location, "exception", now, cause)
        wanted = self._reserve(hand, pick, recovery, snapshot, missing)
        left = missing - sum(w.units for w in wanted)
        if left and recovery.wait_until_ms is not None:
            self.picking.park(x, left, now, cause, pick.location)
        elif left:
            x.account.held -= left
            x.held -= left
            self.picking.fall_short(hand, x, left, now, cause, pick.location)
        if not wanted:
            return ()
        if m.scanned and all(w.stock.place.location in m.ahead for w in wanted):
            return self._join_tour(m.task, pick, wanted)
        r.record(LineWaits, now, r.site, pick.order, pick.line, "worker", cause, pick.location)
        self.tours.extra_task(hand, wanted, now, cause)
        return ()

    def _snapshot(self, m: FaceFaulty, hand: OrderInHand, stock: Stock, missing: int) -> FaultSnapshot:
        r, pick, now = self.r, m.pick, m.at_ms
        day = r.on_day(now)
        others = [s for s in r.book.by_sku.get((pick.owner, pick.sku), ()) if s.stock != pick.stock]
        work_ms = r.rules.work_ms_fixed
        return FaultSnapshot(
            now_ms=now, book_version=r.book.version,
            fault=Fault(
                line=pick.line, stock=pick.stock, location=pick.location, asked=pick.units, found=m.found,
                code=m.code,  # type: ignore[arg-type]
            ),
            line=hand.lines[pick.line].row, on_day=day, deliver_on_day=max(day, r.on_day(hand.leaves_at_ms)),
            others=tuple(s.line() for s in others), slack_ms=hand.cutoff_at_ms - now - work_ms,
            coming=self.replenishment.coming_for((pick.owner, pick.sku)), still_ahead=m.ahead,
        )  # fmt: skip

    def _block(self, stock_id: StockId, units: int, now: int, cause: int | None) -> None:
        r = self.r
        stock = r.book.stocks.get(stock_id)
        if stock is None:
            return
        blocked = r.book.block(stock, units)
        if blocked:
            r.record(
                UnitsBlocked, now, r.site, stock.place.location, stock.owner, stock.sku_id, blocked, "suspect",
                stock.lot, cause,
            )  # fmt: skip

    def reserve_short(self, m: ReplenishConfirmed) -> None:
        """Reserve did not hold what was booked: nobody is sent there again before it is counted."""
        stock = self.r.book.stocks.get(m.task.stock)
        if stock is not None:
            self._block(stock.stock, stock.free, m.at_ms, None)
        if self.r.rules.count_after_exception:
            self.request(m.task.origin, "exception", m.at_ms, None)

    def _reserve(
        self, hand: OrderInHand, pick: Pick, recovery: Recovery, snapshot: FaultSnapshot, missing: int
    ) -> list[Wanted]:
        r, x = self.r, hand.lines[pick.line]
        wanted: list[Wanted] = []
        for reservation in recovery.reservations:
            stock = r.book.stocks.get(reservation.stock)
            if stock is None or not 0 < reservation.units <= stock.free or not stock.serves(x.account):
                raise r.decisions.broken(
                    "pick_exceptions", "a reservation is 1 to the free units of a stock line of the SKU", snapshot
                )
            missing -= reservation.units
            r.book.reserve(stock, reservation.units)
            x.in_work += reservation.units
            wanted.append(Wanted(hand, x, stock, reservation.units))
        if missing < 0:
            raise r.decisions.broken("pick_exceptions", "no more is reserved than is missing", snapshot)
        for w in wanted:
            if w.stock.face:
                self.picking.face_wanted(w.stock, snapshot.now_ms)
        return wanted

    def _join_tour(self, task: TaskId, pick: Pick, wanted: list[Wanted]) -> tuple[TourStop, ...]:
        tours = self.tours
        stops = []
        for w in wanted:
            s = w.stock
            zone = s.place.zone
            tours.open_lines[zone] = tours.open_lines.get(zone, 0) + 1
            again = pick._replace(stock=s.stock, location=s.place.location, units=w.units, lot=s.lot)
            same = tours.active[task].get((again.line, again.stock))
            tours.active[task][(again.line, again.stock)] = (
                again if same is None else same._replace(units=same.units + again.units)
            )
            stops.append(TourStop(s.place.location, -1, (again,)))
        return tuple(stops)

    def contents_short(self, m: ContentsShort) -> None:
        """The pack bench lacks units that were booked as picked: they are short after all, and the face is counted."""
        r, pick = self.r, m.pick
        hand = r.orders[pick.order]
        x = hand.lines[pick.line]
        seq = r.record(
            ExceptionReported, m.at_ms, r.site, m.worker, pick.order, pick.line, pick.sku, pick.location,
            pick.units - m.missing, pick.units, "missing_at_packing", None, None, pick.lot,
        )  # fmt: skip
        x.picked -= m.missing
        counted = hand.totes.get(pick.tote)
        if counted is not None:
            counted[0] = max(0, counted[0] - m.missing)
        hand.open_units += m.missing
        self.picking.fall_short(hand, x, m.missing, m.at_ms, seq, pick.location)
        if r.rules.count_after_exception:
            self.request(pick.location, "exception", m.at_ms, seq)

    def picked_from(self, location: LocationId, now: int) -> None:
        """A pick left little or nothing: the counting policy may want to know."""
        reason = self.plan.left_by_a_pick(location)
        if reason is not None:
            self.request(location, reason, now, None)

    # --- counts ----------------------------------------------------------------------------------------------

    def request(self, location: LocationId, reason: str, now: int, cause: int | None, by: str | None = None) -> None:
        """Ask for a count, once per location."""
        if location in self.requests or any(q.location == location for q in self.under_count.values()):
            return
        self.requests[location] = CountRequest(location, reason, now, by)
        self.r.record(CountRequested, now, self.r.site, location, reason, cause)
        self.r.ready.add("count")

    def make_tasks(self, now: int, worker: str) -> None:
        """A counter is free: let the counting policy choose what is counted next."""
        r = self.r
        rows = [q for q in self.requests.values() if q.first_by != worker]
        known = {*self.requests, *[q.location for q in self.under_count.values()]}
        planned = [c for c in self.plan.candidates(now) if c.location not in known]
        if not rows and not planned:
            return
        candidates = tuple(planned) + tuple(
            CountCandidate(
                location=q.location, velocity=1, due_at_ms=q.asked_at_ms,
                book_units=sum(s.units for s in r.book.by_location.get(q.location, ())),
                reason=q.reason if q.reason in OWN_REASONS else "exception", value_cents=0,  # type: ignore[arg-type]
            )
            for q in rows
        )  # fmt: skip
        snapshot = CountSnapshot(now_ms=now, book_version=r.book.version, candidates=candidates, max_counts=1)
        programme: CountProgramme = r.decisions.ask("cycle_counting", snapshot)
        for location, reason in programme.counts:
            if location not in known and any(c.location == location for c in planned):
                self.request(location, reason, now, None)
                self.plan.counted(location, reason, now)
            request = self.requests.pop(location, None)
            if request is None:
                raise r.decisions.broken("cycle_counting", "only requested locations are counted", snapshot)
            cause = r.decisions.record("cycle_counting", now, r.site, len(candidates), location, location=location)
            task = r.work.new_task_id("count")
            self.under_count[task] = request
            r.work.put(
                now, task, "count", CountTask(task, location), starts_at=location, latest_start_ms=now, priority=5,
                work_ms=60_000, cause=cause, reason=reason,
            )  # fmt: skip

    def counted(self, m: CountConfirmed) -> list[Key]:
        """Compare what was seen with the book, allowing for work under way; returns SKUs that gained free units."""
        r, now, location = self.r, m.at_ms, m.task.location
        request = self.under_count.pop(m.task.task, None)
        seen: Contents = {(o, s, lot): n for o, s, lot, n in m.seen}
        booked: Contents = {}
        for s in r.book.by_location.get(location, ()):
            k = (s.owner, s.sku_id, s.lot)
            booked[k] = booked.get(k, 0) + s.units
        taken, brought = self._under_way(location)
        differences = {}
        for k in sorted({*seen, *booked}, key=str):
            units, expected = seen.get(k, 0), booked.get(k, 0)
            low, high = expected - taken.get(k, 0), expected + brought.get(k, 0)
            differences[k] = 0 if low <= units <= high else units - (high if units > high else low)
            r.record(
                LocationCounted, now, r.site, m.worker, location, k[0], k[1], units, expected, k[2],
                request.reason if request else None, m.task.task,
            )  # fmt: skip
        worst = max((abs(d) for d in differences.values()), default=0)
        if worst > r.rules.count_tolerance_units > 0 and request and request.reason != RECOUNT:
            self.request(location, RECOUNT, now, None, by=m.worker)
            return []
        gained: list[Key] = []
        for (owner, sku, lot), difference in differences.items():
            if self._settle(location, (owner, sku), lot, difference, now, m.worker):
                gained.append((owner, sku))
        return gained

    def _under_way(self, location: LocationId) -> tuple[Contents, Contents]:
        """What people who are at work may have taken from a location, or brought to it, and not yet reported."""
        taken: Contents = {}
        brought: Contents = {}
        for picks in self.tours.active.values():
            for p in picks.values():
                if p.location == location:
                    k = (p.owner, p.sku, p.lot)
                    taken[k] = taken.get(k, 0) + p.units
        for queued, _ in self.r.work.assigned.values():
            work = queued.work
            if isinstance(work, PutawayTask) or (
                isinstance(work, ReplenishTask) and work.task in self.replenishment.moves
            ):
                k = (work.owner, work.sku, work.lot)
                for where, units in ((work.origin, taken), (work.location, brought)):
                    if where == location:
                        units[k] = units.get(k, 0) + work.units
        return taken, brought

    def _settle(
        self, location: LocationId, key: Key, lot: LotId | None, difference: int, now: int, worker: str
    ) -> bool:
        """Set the book to the count: suspect units come free or go; True when units became free."""
        r, book = self.r, self.r.book
        lines = [s for s in book.by_location.get(location, ()) if (s.owner, s.sku_id, s.lot) == (*key, lot)]
        suspect = [s for s in lines if s.status == "blocked"]
        back = sum(s.units for s in suspect)
        if not difference and not back:
            return False
        for s in suspect:
            book.take(s, s.units)
        change = back + difference
        if change > 0:
            book.add(location, key, lot, change, at_ms=now)
        elif change < 0:
            difference += self._write_off([s for s in lines if s.usable], -change, now)
        if difference:
            r.record(StockAdjusted, now, r.site, location, key[0], key[1], difference, "count", lot, None, worker)
        return change > 0

    def _write_off(self, lines: list[Stock], units: int, now: int) -> int:
        """Lower the book; where reservations stand in the way, orders in the pool give theirs back, newest first.

        Returns the units that stay in it: reserved for work that others have begun.
        """
        book = self.r.book
        freed: list[Wanted] = []
        for s in lines:
            if units > s.free:
                freed += self.tours.free(s, units - s.free)
            less = min(units, s.free)
            if less:
                book.take(s, less)
                units -= less
            if not units:
                break
        self.picking.replace(freed, now)
        return units
