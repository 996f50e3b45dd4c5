"""A pick tour: walk stop by stop, take, scan; on paper the sheet tells the WMS later.

One timeout per stop lumps walk, search, grasp and scan; the aisle is the thing that can block.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.calendar import ms
from twin.domain.ids import LocationId, Lpn
from twin.events.catalogue import (
    SlipCaught,
    SlipMade,
    UnitsLost,
    UnitsTaken,
    WorkEnded,
    WorkerBlocked,
    WorkerDeparted,
    WorkerUnblocked,
    WorkStarted,
)
from twin.floor.aisles import Aisle
from twin.floor.handling import LineLuck, read_ms
from twin.floor.site import FloorSite
from twin.floor.slips import Slip
from twin.floor.truth import Good
from twin.floor.workers import Worker
from twin.spec.work import GuidanceSpec
from twin.wms.messages import FaceFaulty, Pick, PickConfirmed, PickTour, ToteEmpty, TourStop, WorkDone

Activity = Generator[SimEvent, Any, None]
_Todo = tuple[Pick, LineLuck, int]  # a pick, its luck, the ms of the stop's time that go into confirming it


def tour(site: FloorSite, worker: Worker, work: PickTour) -> Activity:
    """Walk the tour, then hand the totes over."""
    env, record = site.env, site.record
    began = env.now
    record(WorkStarted, began, site.name, worker.name, "pick", work.task, work.tour, None, None)
    method = worker.method or site.methods.picking
    guidance = site.methods.paper if method == "paper" else site.methods.barcode
    sheet: list[Any] | None = [] if method == "paper" else None
    for _, order in work.totes:
        site.totes_of[order] = site.totes_of.get(order, 0) + 1
    yield from site.walk(worker, work.start, work.task)
    first = min(order for _, order in work.totes)  # luck is keyed by orders: tours are numbered as they come
    setup = site.times.draw_ms("tour_setup_s", first)
    if setup:
        yield env.timeout(setup)
    confirm_ms = ms(guidance.confirm_s) + (site.reply_ms if sheet is None else 0)
    reads = guidance.first_read < 1.0
    cluster = len(work.totes) > 1
    speed, pace, name, site_name = worker.speed_mm_per_ms, worker.time_factor, worker.name, site.name
    task = work.task
    leg, aisle_at, line_luck, timeout = site.graph.leg, site.aisle_at, site.line_luck, env.timeout
    position: LocationId = work.start
    aisle: Aisle | None = None
    stops, planned = deque(work.stops), len(work.stops)
    work = work._replace(stops=())  # a stop is forgotten when it is behind him
    while stops:
        location, via, picks = stops.popleft()
        leave_mm, cross_mm, enter_mm = leg(position, location, via)
        next_aisle = aisle_at[location]
        turns = next_aisle is not aisle
        origin: str = position
        way_mm = leave_mm + cross_mm + enter_mm
        if turns and (next_aisle.bounded or (aisle is not None and aisle.bounded)):
            leave_ms = round(leave_mm / speed) if speed else 0
            cross_ms = round(cross_mm / speed) if speed else 0
            origin, way_mm = next_aisle.name, enter_mm
            outside_ms, outside_mm = leave_ms + cross_ms, leave_mm + cross_mm
            record(WorkerDeparted, env.now, site_name, name, position, origin, outside_ms, outside_mm, "mm", task)
            if leave_ms:
                yield timeout(leave_ms)
            if aisle is not None:
                aisle.leave()
            if cross_ms:
                yield timeout(cross_ms)
            if not next_aisle.let_in():
                blocked_at = env.now
                record(WorkerBlocked, blocked_at, site_name, name, origin, task)
                yield next_aisle.queue()
                record(WorkerUnblocked, env.now, site_name, name, origin, env.now - blocked_at, task)
        elif turns:
            if aisle is not None:
                aisle.leave()
            next_aisle.enter()
        aisle = next_aisle
        position = location
        walk_ms = round(way_mm / speed) if speed else 0
        if way_mm:
            record(WorkerDeparted, env.now, site_name, name, origin, position, walk_ms, way_mm, "mm", task)
        todo: list[_Todo] = []
        handle = 0
        for pick in picks:
            luck = line_luck(pick)
            if not todo:
                handle = luck.search_ms + luck.turn_ms if turns else luck.search_ms
            scan = confirm_ms
            if reads and luck.reads:
                scan += read_ms(guidance, luck.reads)
            todo.append((pick, luck, scan))
            handle += luck.grasp_ms + scan
            if cluster:
                handle += luck.put_ms
        if pace != 1.0:
            handle = round(handle * pace)
            todo = _stretched(todo, pace)
        if sheet is None and env.now - began + worker.used_ms >= worker.fails_at_ms:
            yield from site.device_fails(worker, began)
        duration = walk_ms + handle
        if duration:
            yield timeout(duration)
        worker.location = position
        for pick, luck, scan in todo:
            extra, more = take(site, worker, work, pick, luck, guidance, sheet, stops, scan)
            if more:
                _join(stops, more)
            if extra:
                yield timeout(extra)
    if aisle is not None:
        aisle.leave()
    yield from _finish(site, worker, work, planned, position, sheet)
    record(WorkEnded, env.now, site.name, worker.name, "pick", env.now - began, work.task, work.tour, None, None)


def _stretched(todo: list[_Todo], pace: float) -> list[_Todo]:
    """Picks with the times of a slower or faster worker, which add up as their rounded sum does: never to more than
    the stop.
    """
    stretched, sum_ms, before = [], 0, 0
    for pick, luck, scan_ms in todo:
        sum_ms += scan_ms
        now = round(sum_ms * pace)
        stretched.append((pick, luck, now - before))
        before = now
    return stretched


def _finish(
    site: FloorSite, worker: Worker, work: PickTour, planned: int, position: Any, sheet: list[Any] | None
) -> Activity:
    env = site.env
    leave_mm, cross_mm, enter_mm = site.graph.leg(position, work.end, work.end_via)
    way_mm = leave_mm + cross_mm + enter_mm
    duration = round(way_mm / worker.speed_mm_per_ms) if worker.speed_mm_per_ms else 0
    if way_mm:
        site.record(
            WorkerDeparted, env.now, site.name, worker.name, position, work.end, duration, way_mm, "mm", work.task
        )
    worker.location = work.end
    duration += site.times.draw_ms("tour_drop_s", min(order for _, order in work.totes))
    if duration:
        yield env.timeout(duration)
    worker.last_kind = "pick"
    full = []
    done: list[Any] = []
    for tote, order in work.totes:
        if site.truth.units_on.get(tote):
            full.append((tote, order))
        else:
            site.truth.units_on.pop(tote, None)
            if tote not in site.flaws:
                site.tote_back(order)
                done.append(ToteEmpty(env.now, site.name, worker.name, order, tote))
            else:
                full.append((tote, order))
    done.append(WorkDone(env.now, site.name, worker.name, work.task, "pick", planned))
    if sheet is None:
        for message in done:
            site.link.tell(message)
    else:
        site.hand_in(work.task, worker.name, sheet, done)
    yield from site.totes_away(full, work.end)


def take(
    site: FloorSite, worker: Worker, work: PickTour, pick: Pick, luck: LineLuck, guidance: GuidanceSpec,
    sheet: list[Any] | None, ahead: deque[TourStop], scan_ms: int,
) -> tuple[int, tuple[TourStop, ...]]:  # fmt: skip
    """Do one pick as the person really does it; returns extra time and further stops. `scan_ms`: of the stop's time."""
    truth, now = site.truth, site.env.now
    line, order, owner, sku, lot, _, location, units, tote = pick
    good = truth.kind(owner, sku, lot)
    if luck.slips is not None:
        return _careless(site, worker, work, pick, luck, guidance, sheet, ahead, good, scan_ms)
    if not truth.move(location, tote, good, units):
        return _fall_short(site, worker, work, pick, sheet, ahead, good, scan_ms)
    _lived_through(site, pick, luck)
    name = worker.name
    site.record(UnitsTaken, now, site.name, name, owner, sku, lot, location, tote, units, order, line, scan_ms or None)
    message = PickConfirmed(now, site.name, name, work.task, pick, units)
    if sheet is None:
        site.link.tell(message)
    else:
        sheet.append(message)
    return 0, ()


def _lived_through(site: FloorSite, pick: Pick, luck: LineLuck) -> None:
    """All of a line was picked, and it will not be picked again: its luck is forgotten."""
    if luck.units == pick.units and site.picks_once:
        drawn = site.luck.get(pick.order)  # None: a first carton of the order left meanwhile
        if drawn is not None:
            drawn[1].pop(pick.line, None)


def _move(
    site: FloorSite, worker: Worker, pick: Pick, good: Good, units: int, location: Any, tote: Lpn, scan_ms: int
) -> None:
    site.truth.take(location, good, units)
    site.truth.load(tote, good, units)
    site.record(
        UnitsTaken, site.env.now, site.name, worker.name, good.owner, good.sku, good.lot, location, tote, units,
        pick.order, pick.line, scan_ms or None,
    )  # fmt: skip


def _confirm(site: FloorSite, worker: Worker, work: PickTour, pick: Pick, sheet: list[Any] | None) -> None:
    message = PickConfirmed(site.env.now, site.name, worker.name, work.task, pick, pick.units)
    if sheet is None:
        site.link.tell(message)
    else:
        sheet.append(message)


def _fall_short(
    site: FloorSite, worker: Worker, work: PickTour, pick: Pick, sheet: list[Any] | None, ahead: deque[TourStop],
    good: Good, scan_ms: int,
) -> tuple[int, tuple[TourStop, ...]]:  # fmt: skip
    """The face holds less than asked: take what is there (other lots of the SKU too, unseen), report the rest."""
    left = pick.units
    pile = site.truth.places.get(pick.location, {})
    alike = [good, *sorted((g for g in pile if g.sku == good.sku and g.owner == good.owner and g is not good), key=str)]
    for g in alike:
        units = min(left, site.truth.at(pick.location, g))
        if units:
            _move(site, worker, pick, g, units, pick.location, pick.tote, scan_ms)
            left -= units
            scan_ms = 0
    found = pick.units - left
    if not left:
        _confirm(site, worker, work, pick, sheet)
        return 0, ()
    code = "empty" if not found else "short"
    message = FaceFaulty(
        site.env.now, site.name, worker.name, work.task, pick, found, code, sheet is None,
        frozenset(s.location for s in ahead),
    )  # fmt: skip
    extra = site.times.draw_ms("report_s", pick.line)
    if sheet is not None:
        sheet.append(message)
        return extra, ()
    reply = site.link.tell(message)
    return extra, reply.stops if reply is not None else ()


def _careless(
    site: FloorSite, worker: Worker, work: PickTour, pick: Pick, luck: LineLuck, guidance: GuidanceSpec,
    sheet: list[Any] | None, ahead: deque[TourStop], good: Good, scan_ms: int,
) -> tuple[int, tuple[TourStop, ...]]:  # fmt: skip
    """A line on which the person may slip: left out, wrong SKU, wrong units, wrong place on the cart."""
    spec, seed, line = site.methods.slips, site.seed, pick.line
    u_sku, u_units, u_left, u_position, u_damage = luck.slips or (1.0,) * 5
    factor = worker.slip_factor
    extra = 0
    if u_left < spec.left_out * guidance.left_out_factor * factor:
        _slipped(site, worker, work, pick, Slip("left_out", pick, None, 0))
        _lived_through(site, pick, luck)
        _confirm(site, worker, work, pick, sheet)
        return 0, ()
    if u_sku < spec.wrong_sku * guidance.location_factor * factor:
        other = site.neighbour(pick, good)
        if other is not None:
            if _scan_catches(site, guidance, line, "wrong_sku", guidance.catches_wrong_sku):
                _caught(site, worker, work, pick, "wrong_sku", "sku_scan")
                extra += luck.search_ms + luck.grasp_ms
            else:
                location, wrong = other
                units = min(pick.units, site.truth.at(location, wrong))
                _move(site, worker, pick, wrong, units, location, pick.tote, scan_ms)
                _slipped(site, worker, work, pick, Slip("wrong_sku", pick, wrong, units))
                _lived_through(site, pick, luck)
                _confirm(site, worker, work, pick, sheet)
                return extra, ()
    limit = spec.wrong_units if pick.units > 1 else spec.wrong_units_single
    have = site.truth.at(pick.location, good)
    wrong_by = 0
    if u_units < limit * guidance.units_factor * factor:
        wrong_by = 1 if pick.units == 1 or draws.draw(seed, "wrong_units_sign", line) < 0.5 else -1
        if have < pick.units + wrong_by:
            wrong_by = 0
        elif _scan_catches(site, guidance, line, "wrong_units", guidance.catches_wrong_units):
            _caught(site, worker, work, pick, "wrong_units", "unit_scan")
            wrong_by = 0
    if u_damage < spec.damage and have > pick.units + wrong_by:
        _break_one(site, worker, pick, good)
    have = site.truth.at(pick.location, good)
    if have < pick.units + wrong_by:
        more, stops = _fall_short(site, worker, work, pick, sheet, ahead, good, scan_ms)
        return extra + more, stops
    tote = pick.tote
    if u_position < spec.wrong_cart_position * factor and len(work.totes) > 1:
        if _scan_catches(site, guidance, line, "wrong_position", guidance.catches_wrong_position):
            _caught(site, worker, work, pick, "wrong_position", "put_scan")
        else:
            others = [t for t, _ in work.totes if t != tote]
            tote = others[int(draws.draw(seed, "wrong_position_which", line) * len(others))]
    _move(site, worker, pick, good, pick.units + wrong_by, pick.location, tote, scan_ms)
    if wrong_by:
        _slipped(site, worker, work, pick, Slip("wrong_units", pick, good, wrong_by))
    if tote != pick.tote:
        _slipped(site, worker, work, pick, Slip("wrong_position", pick, good, pick.units + wrong_by, tote))
    _lived_through(site, pick, luck)
    _confirm(site, worker, work, pick, sheet)
    return extra, ()


def _scan_catches(site: FloorSite, guidance: GuidanceSpec, line: str, kind: str, catches: float) -> bool:
    if not catches:
        return False
    if guidance.skip and draws.draw(site.seed, f"skip_{kind}", line) < guidance.skip:
        return False
    return draws.draw(site.seed, f"catch_{kind}", line) < catches


def _slipped(site: FloorSite, worker: Worker, work: PickTour, pick: Pick, slip: Slip) -> None:
    site.flaws.setdefault(pick.tote, []).append(slip)
    if slip.other_tote is not None:
        site.flaws.setdefault(slip.other_tote, []).append(slip)
    site.record(
        SlipMade, site.env.now, site.name, worker.name, slip.kind, pick.order, pick.line, pick.location, pick.tote,
        work.task,
    )  # fmt: skip


def _caught(site: FloorSite, worker: Worker, work: PickTour, pick: Pick, kind: str, check: str) -> None:
    now = site.env.now
    site.record(SlipMade, now, site.name, worker.name, kind, pick.order, pick.line, pick.location, pick.tote, work.task)
    site.record(
        SlipCaught, now, site.name, worker.name, kind, check, pick.order, pick.line, pick.location, pick.tote, work.task
    )


def _break_one(site: FloorSite, worker: Worker, pick: Pick, good: Good) -> None:
    """A unit breaks at hand and is thrown away; nobody tells the book."""
    site.truth.take(pick.location, good, 1)
    site.lost[good] = site.lost.get(good, 0) + 1
    site.record(
        UnitsLost, site.env.now, site.name, good.owner, good.sku, good.lot, pick.location, 1, "damage", worker.name,
        None,
    )  # fmt: skip


def _join(stops: deque[TourStop], more: tuple[TourStop, ...]) -> None:
    """Put further picks at stops that are still ahead; a new place comes last."""
    for stop in more:
        for i, s in enumerate(stops):
            if s.location == stop.location:
                stops[i] = s._replace(picks=s.picks + stop.picks)
                break
        else:
            stops.append(stop)
