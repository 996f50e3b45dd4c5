"""At the pack bench: check, correct what the check found, pack, label; then the carton goes to its lane."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.domain.calendar import ms
from twin.domain.ids import LocationId, Lpn, OrderId
from twin.events.catalogue import (
    GoodsPacked,
    ServiceEnded,
    ServiceStarted,
    SlipCaught,
    SlipMade,
    UnitsPlaced,
    UnitsTaken,
)
from twin.floor.site import FloorSite
from twin.floor.slips import Slip
from twin.floor.stations import Station
from twin.floor.truth import Good
from twin.floor.workers import Worker
from twin.spec.work import CheckSpec
from twin.wms.messages import CartonPacked, ContentsShort, ToteEmpty

Activity = Generator[SimEvent, Any, None]


def pack(site: FloorSite, worker: Worker, station: Station) -> Activity:
    """Take the next tote of the queue and make a carton of it."""
    env, record = site.env, site.record
    tote, order, arrived = station.begin()
    began = env.now
    record(ServiceStarted, began, site.name, station.name, worker.name, tote, began - arrived, order)
    contents = site.truth.units_on.get(tote, {})
    units = sum(contents.values())
    checks = site.methods.packing_checks
    work = {
        "pack_fixed_s": 1.0, "pack_unit_s": float(units), "carton_build_s": 1.0, "label_seal_s": 1.0,
        "scale_s": 1.0 if "scale" in checks else 0.0,
    }  # fmt: skip
    number = site.packed_before.get(order, 0)
    site.packed_before[order] = number + 1
    first, name = number == 0, f"{order}/{number}"
    luck = site.luck_of(order)[0] if first else None
    duration = site.times.sum_ms(order if first else name, work, 0, luck.pack_factor if luck is not None else None)
    if "every_unit" in checks:
        duration += ms(site.methods.every_unit.unit_s) * units
    if worker.time_factor != 1.0:
        duration = round(duration * worker.time_factor)
    if duration:
        yield env.timeout(duration)
    flaws = site.flaws.pop(tote, None)
    if flaws:
        unseen = yield from _checked(site, worker, station, order, tote, name, flaws)
        if unseen and not site.truth.units_on.get(tote):  # what was wrong is gone: now it shows that all is missing
            yield from _checked(site, worker, station, order, tote, name, unseen)
    if not site.truth.units_on.get(tote):
        _nothing_to_pack(site, worker, station, order, tote, began)
        return
    u = luck.label if luck is not None else draws.draw(site.seed, "wrong_label", name)
    label = _label(site, worker, station, tote, order, name, u)
    carton = site.next_carton()
    load_ms = luck.load_ms if luck is not None else None
    units = site.truth.close(tote, carton, order=order, number=number, label=label, load_ms=load_ms)
    record(GoodsPacked, env.now, site.name, worker.name, station.name, tote, carton, label, units)
    site.order_on.pop(tote, None)
    site.tote_back(order)
    record(ServiceEnded, env.now, site.name, station.name, worker.name, tote, env.now - began, order)
    worker.last_kind = "pack"
    station.end()
    reply = site.link.tell(CartonPacked(env.now, site.name, worker.name, station.name, order, tote, carton))  # type: ignore[arg-type]
    site.carry_away(carton, station, order, number, luck, reply.lane if reply is not None else None)
    if site.reply_ms:
        yield env.timeout(site.reply_ms)


def _checked(
    site: FloorSite, worker: Worker, station: Station, order: str, tote: Lpn, name: str, flaws: Sequence[Slip]
) -> Generator[SimEvent, Any, list[Slip]]:
    """Put right what the checks of the bench see; returns what they do not."""
    env, unseen = site.env, []
    for slip in flaws:
        check = _which_check(site, tote, slip, name)
        if check is None:
            unseen.append(slip)
            continue
        site.record(
            SlipCaught, env.now, site.name, worker.name, slip.kind, check, order, slip.line, slip.pick.location,
            tote, None, station.name,
        )  # fmt: skip
        fix = site.times.draw_ms("correct_s", slip.line)
        if fix:
            yield env.timeout(fix)
        _correct(site, worker, tote, slip)
    return unseen


def _nothing_to_pack(site: FloorSite, worker: Worker, station: Station, order: str, tote: Lpn, began: int) -> None:
    """Of what the tote should hold nothing was found: it goes back empty."""
    now = site.env.now
    site.truth.units_on.pop(tote, None)
    site.order_on.pop(tote, None)
    site.tote_back(order)
    site.record(ServiceEnded, now, site.name, station.name, worker.name, tote, now - began, order)
    worker.last_kind = "pack"
    station.end()
    site.link.tell(ToteEmpty(now, site.name, worker.name, OrderId(order), tote))


def _passes(site: FloorSite, check: CheckSpec, name: str, purpose: str, catches: float) -> bool:
    """True when the check does not see it: skipped, or not caught."""
    if check.skip and draws.draw(site.seed, f"skip_{purpose}", name) < check.skip:
        return True
    return draws.draw(site.seed, f"catch_{purpose}", name) >= catches


def _which_check(site: FloorSite, tote: Lpn, slip: Slip, carton: str) -> str | None:
    """The first check of the bench that sees this slip."""
    if not site.truth.units_on.get(tote):
        return "empty_tote"
    kind = "wrong_sku" if slip.kind == "wrong_sku" else "wrong_units"
    name = slip.line if slip.other_tote is None else f"{slip.line}@{carton}"
    for word in ("scale", "every_unit"):
        if word in site.methods.packing_checks:
            check: CheckSpec = getattr(site.methods, word)
            catches = check.catches_wrong_sku if kind == "wrong_sku" else check.catches_wrong_units
            if catches and not _passes(site, check, name, f"{word}_{kind}", catches):
                return word
    return None


def _back(site: FloorSite, worker: Worker, tote: Lpn, slip: Slip, good: Good, units: int, location: LocationId) -> None:
    units = min(units, site.truth.units_on.get(tote, {}).get(good, 0))
    if units > 0:
        site.truth.unload(tote, good, units)
        site.truth.put(location, good, units)
        site.record(
            UnitsPlaced, site.env.now, site.name, worker.name, good.owner, good.sku, good.lot, location, units, tote,
            slip.pick.order, slip.line,
        )  # fmt: skip


def _fetch(site: FloorSite, worker: Worker, tote: Lpn, slip: Slip, units: int) -> None:
    """Bring what is missing from the pick's own location; what is not there is reported short."""
    pick = slip.pick
    good = site.truth.kind(pick.owner, pick.sku, pick.lot)
    found = min(units, site.truth.at(pick.location, good))
    if found:
        site.truth.take(pick.location, good, found)
        site.truth.load(tote, good, found)
        site.record(
            UnitsTaken, site.env.now, site.name, worker.name, good.owner, good.sku, good.lot, pick.location, tote,
            found, pick.order, pick.line,
        )  # fmt: skip
    if found < units:
        site.link.tell(ContentsShort(site.env.now, site.name, worker.name, pick, units - found))


def _correct(site: FloorSite, worker: Worker, tote: Lpn, slip: Slip) -> None:
    """Put the tote right: wrong units go back to the shelf, missing ones are fetched."""
    pick = slip.pick
    good = site.truth.kind(pick.owner, pick.sku, pick.lot)
    if slip.kind == "left_out":
        _fetch(site, worker, tote, slip, pick.units)
    elif slip.kind == "wrong_sku" and slip.good is not None:
        _back(site, worker, tote, slip, slip.good, slip.units, site.home_location(slip.good, pick.location))
        _fetch(site, worker, tote, slip, pick.units)
    elif slip.kind == "wrong_units":
        if slip.units > 0:
            _back(site, worker, tote, slip, good, slip.units, pick.location)
        else:
            _fetch(site, worker, tote, slip, -slip.units)
    elif slip.kind == "wrong_position":
        if tote == slip.other_tote:
            _back(site, worker, tote, slip, good, slip.units, pick.location)
        else:
            _fetch(site, worker, tote, slip, pick.units)


def _label(site: FloorSite, worker: Worker, station: Station, tote: Lpn, order: str, carton: str, u: float) -> str:
    """The order named on the label: by a slip that of the carton labelled before at this bench."""
    slips, checks = site.methods.slips, site.methods.packing_checks
    last = site.last_label.get(station.name)
    site.last_label[station.name] = order
    if last is None or last == order or not slips.wrong_label:
        return order
    if u >= slips.wrong_label * worker.slip_factor:
        return order
    now = site.env.now
    site.record(SlipMade, now, site.name, worker.name, "wrong_label", order, None, None, tote, None)
    if "label" in checks and not _passes(
        site, site.methods.label, carton, "label", site.methods.label.catches_wrong_label
    ):
        site.record(
            SlipCaught, now, site.name, worker.name, "wrong_label", "label_scan", order, None, None, tote, None,
            station.name,
        )  # fmt: skip
        return order
    return last
