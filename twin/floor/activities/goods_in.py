"""Receiving, putting away, replenishing, counting: goods and facts between doors, reserve and faces."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.ids import LocationId
from twin.events.catalogue import (
    GoodsUnloaded,
    SlipCaught,
    SlipMade,
    UnitsLost,
    UnitsPlaced,
    UnitsTaken,
    WorkEnded,
    WorkStarted,
)
from twin.floor.site import FloorSite
from twin.floor.workers import Worker
from twin.wms.messages import (
    CountConfirmed,
    CountTask,
    GoodsReceived,
    PutawayConfirmed,
    PutawayTask,
    ReceiveTask,
    ReplenishConfirmed,
    ReplenishTask,
    WorkDone,
)

Activity = Generator[SimEvent, Any, None]


def _report(site: FloorSite, worker: Worker, task: Any, kind: str, method: str, message: Any, units: int) -> None:
    """Scan it, or write it on a sheet for the clerk."""
    done = WorkDone(site.env.now, site.name, worker.name, task, kind, units)
    worker.last_kind = kind
    if method == "paper":
        site.hand_in(task, worker.name, [message], [done])
    else:
        site.link.tell(message)
        site.link.tell(done)


def receive(site: FloorSite, worker: Worker, work: ReceiveTask) -> Activity:
    """Unload a pallet, check it against the ASN, label it."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "receive", work.task, None, work.door, None)
    yield from site.walk(worker, work.door, work.task)
    good, units, damaged = site.what_came(work)
    duration = site.times.sum_ms(
        work.lpn, {"unload_pallet_s": 1.0, "check_pallet_s": 1.0, "check_line_s": 1.0, "label_s": 1.0}
    )
    if duration:
        yield env.timeout(round(duration * worker.time_factor))
    now = env.now
    if units:
        site.truth.load(work.lpn, good, units)
    site.unloaded[good] = site.unloaded.get(good, 0) + units
    site.record(
        GoodsUnloaded, now, site.name, worker.name, work.trailer, work.lpn, good.owner, good.sku, good.lot, units,
        work.lane,
    )  # fmt: skip
    if damaged:
        site.truth.unload(work.lpn, good, damaged)
        site.lost[good] = site.lost.get(good, 0) + damaged
        site.record(
            UnitsLost, now, site.name, good.owner, good.sku, good.lot, work.lane, damaged, "damage", worker.name,
            work.lpn,
        )  # fmt: skip
    counted = units - damaged
    method = worker.method or site.methods.receiving
    if good.sku != work.sku:
        guidance = site.methods.barcode
        if method == "barcode" and draws.draw(site.seed, "catch_receipt_sku", work.lpn) < guidance.catches_wrong_sku:
            site.record(
                SlipCaught, now, site.name, worker.name, "wrong_sku", "receipt_scan", None, None, work.lane, work.lpn,
                work.task,
            )  # fmt: skip
            counted = 0
    slips = site.methods.slips
    if counted and draws.draw(site.seed, "receipt_units", work.lpn) < slips.putaway_wrong_units * worker.slip_factor:
        counted += 1 if draws.draw(site.seed, "receipt_units_sign", work.lpn) < 0.5 else -1
        site.record(
            SlipMade, now, site.name, worker.name, "wrong_units_booked", None, None, work.lane, work.lpn, work.task
        )
    message = GoodsReceived(now, site.name, worker.name, work, counted)
    _report(site, worker, work.task, "receive", method, message, counted)
    site.pallet_off(work.trailer)
    if site.reply_ms and method != "paper":
        yield env.timeout(site.reply_ms)
    site.record(
        WorkEnded, env.now, site.name, worker.name, "receive", env.now - began, work.task, None, work.door, None
    )


def _where_to(site: FloorSite, worker: Worker, task: str, wanted: LocationId, method: str) -> LocationId:
    """The location goods really end up in: by a slip a neighbour, unless the location scan catches it."""
    slips, guidance = site.methods.slips, site.methods.paper if method == "paper" else site.methods.barcode
    if draws.draw(site.seed, "putaway_location", task) >= slips.putaway_wrong_location * worker.slip_factor:
        return wanted
    other = site.beside(wanted)
    if other is None:
        return wanted
    now = site.env.now
    site.record(SlipMade, now, site.name, worker.name, "wrong_location", None, None, wanted, None, task)
    skipped = draws.draw(site.seed, "skip_putaway_location", task) < guidance.skip
    if not skipped and draws.draw(site.seed, "catch_putaway_location", task) < guidance.catches_wrong_sku:
        site.record(
            SlipCaught, now, site.name, worker.name, "wrong_location", "location_scan", None, None, wanted, None, task
        )
        return wanted
    return other


def put_away(site: FloorSite, worker: Worker, work: PutawayTask) -> Activity:
    """Fetch a pallet from its lane and set it into its location."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "putaway", work.task, None, work.location, None)
    yield from site.walk(worker, work.origin, work.task)
    set_ms = site.times.sum_ms(work.lpn, {"pallet_handling_s": 1.0})
    if set_ms:
        yield env.timeout(round(set_ms * worker.time_factor))
    yield from site.walk(worker, work.location, work.task)
    if set_ms:
        yield env.timeout(round(set_ms * worker.time_factor))
    method = worker.method or site.methods.putaway
    location = _where_to(site, worker, work.task, work.location, method)
    for good, units in sorted(site.truth.units_on.pop(work.lpn, {}).items(), key=str):
        site.truth.put(location, good, units)
        site.record(
            UnitsPlaced, env.now, site.name, worker.name, good.owner, good.sku, good.lot, location, units, work.lpn,
            None, None,
        )  # fmt: skip
    message = PutawayConfirmed(env.now, site.name, worker.name, work, work.location, work.units)
    _report(site, worker, work.task, "putaway", method, message, work.units)
    if site.reply_ms and method != "paper":
        yield env.timeout(site.reply_ms)
    site.record(
        WorkEnded, env.now, site.name, worker.name, "putaway", env.now - began, work.task, None, work.location, None
    )


def replenish(site: FloorSite, worker: Worker, work: ReplenishTask) -> Activity:
    """Take cases from reserve and fill the face."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "replenish", work.task, None, work.location, None)
    yield from site.walk(worker, work.origin, work.task)
    good = site.truth.kind(work.owner, work.sku, work.lot)
    packs = -(-work.units // max(1, site.units_per_pack(work.owner, work.sku)))
    half = site.times.sum_ms(work.task, {"pallet_handling_s": 0.5, "replenish_case_s": packs / 2})
    if half:
        yield env.timeout(round(half * worker.time_factor))
    units = min(work.units, site.truth.at(work.origin, good))
    if units:
        site.truth.take(work.origin, good, units)
        site.truth.load(work.task, good, units)  # type: ignore[arg-type]
        site.record(
            UnitsTaken, env.now, site.name, worker.name, good.owner, good.sku, good.lot, work.origin, work.task, units,
            None, None,
        )  # fmt: skip
    yield from site.walk(worker, work.location, work.task)
    if half:
        yield env.timeout(round(half * worker.time_factor))
    method = worker.method or site.methods.replenishing
    location = _where_to(site, worker, work.task, work.location, method)
    if units:
        site.truth.unload(work.task, good, units)  # type: ignore[arg-type]
        site.truth.put(location, good, units)
        site.record(
            UnitsPlaced, env.now, site.name, worker.name, good.owner, good.sku, good.lot, location, units, work.task,
            None, None,
        )  # fmt: skip
    site.truth.units_on.pop(work.task, None)  # type: ignore[call-overload]
    message = ReplenishConfirmed(env.now, site.name, worker.name, work, units)
    _report(site, worker, work.task, "replenish", method, message, units)
    if site.reply_ms and method != "paper":
        yield env.timeout(site.reply_ms)
    site.record(
        WorkEnded, env.now, site.name, worker.name, "replenish", env.now - began, work.task, None, work.location, None
    )


def count(site: FloorSite, worker: Worker, work: CountTask) -> Activity:
    """Count all that lies in a location, blind."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "count", work.task, None, work.location, None)
    yield from site.walk(worker, work.location, work.task)
    lying = sum(site.truth.places.get(work.location, {}).values())
    duration = site.times.sum_ms(work.task, {"count_location_s": 1.0, "count_unit_s": float(min(50, lying))})
    if duration:
        yield env.timeout(round(duration * worker.time_factor))
    seen = sorted(site.truth.places.get(work.location, {}).items(), key=str)
    if seen and draws.draw(site.seed, "miscount", work.task) < site.methods.slips.miscount * worker.slip_factor:
        good, units = seen[0]
        seen[0] = (good, units + (1 if draws.draw(site.seed, "miscount_sign", work.task) < 0.5 else -1))
        site.record(SlipMade, env.now, site.name, worker.name, "miscount", None, None, work.location, None, work.task)
    message = CountConfirmed(
        env.now, site.name, worker.name, work, tuple((g.owner, g.sku, g.lot, max(0, n)) for g, n in seen)
    )
    method = worker.method or site.methods.counting
    _report(site, worker, work.task, "count", method, message, len(seen))
    if site.reply_ms and method != "paper":
        yield env.timeout(site.reply_ms)
    site.record(
        WorkEnded, env.now, site.name, worker.name, "count", env.now - began, work.task, None, work.location, None
    )
