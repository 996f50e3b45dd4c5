"""Carries commands out on a world, and puts each on record with what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twin.domain.ids import LineId, LocationId, OrderId
from twin.domain.refusals import Refusal
from twin.events.catalogue import CommandAnswered, CommandGiven
from twin.floor.site import FloorSite
from twin.floor.world import World
from twin.run import command_kinds as c
from twin.run import incidents, questions
from twin.run.outcomes import Outcome, told
from twin.wms.messages import CancelOrder, ChangeOrder, ChangePolicy, CountWanted, HoldOrder, HoldWork, Reply


def carry_out(world: World, command: Any) -> Outcome:
    """Do what a command says, now; what came of it. Either way it is on record."""
    site = world.sites.get(_site_of(world, command), world.first)
    if command.site is not None and command.site not in world.sites:
        outcome = Outcome(Refusal("no_site", site=command.site))
    else:
        outcome = _DEEDS[type(command)](world, site, command)
    seq = _record(world, site, command, outcome)
    if outcome.waits is not None:
        outcome.waits(seq)
    for deed in outcome.then:
        carry_out(world, deed)
    return outcome


def _site_of(world: World, command: Any) -> str:
    """The site that a command names, or else that of the place, person or order in it; "" if nothing says it."""
    if command.site is not None:
        return str(command.site)
    for key in ("aisle", "location", "station", "target"):
        site, slash, _ = (getattr(command, key, None) or "").partition("/")
        if slash:
            return str(site)
    return world.wms.site_of_order.get(OrderId(getattr(command, "order", "")), "")


_NUMBERS = ("count", "units", "benches", "priority")


def _record(world: World, site: FloorSite, command: Any, outcome: Outcome) -> int:
    """The command as an event: what is an id stands in its column, all arguments and the outcome in the detail."""
    words = command.model_dump(exclude_none=True, exclude={"at", "at_ms", "actor", "site", "action", "choices"})
    unit = next((n for n in _NUMBERS if n in words), None)
    seconds = words.get("duration_s") or 60 * words.get("delay_min", words.get("due_min", 0))
    detail = dict(sorted(words.items())) | _why(outcome.refused)
    if outcome.note:
        detail["outcome"] = outcome.note
    place = words.get("location") or words.get("aisle") or words.get("zone")
    role = words.get("role") or words.get("from_role")
    return world.record(
        CommandGiven, at_ms=world.env.now, action=command.action, site=site.name, actor=command.actor,
        status=outcome.status, choice=words.get("choice"),
        value=words[unit] if unit else None, value_unit=unit, location=place, worker=words.get("target") or role,
        order=words.get("order"), equipment=words.get("kind"), carrier=words.get("carrier"),
        station=words.get("station"), family=words.get("family"), policy=words.get("name"),
        duration_ms=round(seconds * 1000) or None, cause=outcome.cause,
        detail=json.dumps(detail, ensure_ascii=False),
    )  # fmt: skip


def _why(refused: Refusal | None) -> dict[str, Any]:
    """A refusal as its sentence, and as what it is made of."""
    return {} if refused is None else {"refused": refused, "why": {"code": refused.code, **refused.values}}


# --- people and stations -----------------------------------------------------------------------------------------


def _add_workers(world: World, site: FloorSite, command: c.AddWorkers) -> Outcome:
    crew = world.crews[site.name].of_role(command.role)
    if crew is None:
        return Outcome(Refusal("no_crew", role=command.role))
    names = []
    for _ in range(command.count):
        worker = crew.hire()
        names.append(worker.name)
        if not worker.is_here:
            crew.come(worker, world.env.now + (1 << 50), -1)
    return Outcome(note=", ".join(names))


def _move_workers(world: World, site: FloorSite, command: c.MoveWorkers) -> Outcome:
    refused, names = world.crews[site.name].move(command.from_role, command.to_role, command.count)
    return Outcome(refused, told(len(names), command.count, names))


def _work_with(benches_of: Callable[[Any, int | None], int | None]) -> Callable[[World, FloorSite, Any], Outcome]:
    def deed(world: World, site: FloorSite, command: Any) -> Outcome:
        station = site.stations.get(LocationId(command.station)) or site.stations.get(site.place(command.station))
        if station is None:
            return Outcome(Refusal("no_station", station=command.station, known=list(site.stations)))
        benches = benches_of(command, station.planned_benches)
        if station.benches == benches:
            if benches is None:
                return Outcome(Refusal("all_benches_already", station=station.name))
            return Outcome(Refusal("benches_already", station=station.name, benches=benches))
        before = station.benches
        station.work_with(benches)
        return Outcome(note=f"benches {before} -> {benches}")

    return deed


def _set_method(world: World, site: FloorSite, command: c.SetMethod) -> Outcome:
    if getattr(site.methods, command.work) == command.method:
        return Outcome(Refusal("method_already", work=command.work, method=command.method))
    site.methods = site.methods.model_copy(update={command.work: command.method})
    return Outcome()


def _set_checks(world: World, site: FloorSite, command: c.SetChecks) -> Outcome:
    if set(site.methods.packing_checks) == set(command.checks):
        if not command.checks:
            return Outcome(Refusal("no_checks_already"))
        return Outcome(Refusal("checks_already", checks=list(command.checks)))
    site.methods = site.methods.model_copy(update={"packing_checks": tuple(dict.fromkeys(command.checks))})
    return Outcome()


# --- orders, counts, policies ------------------------------------------------------------------------------------


def _ask_wms(message_of: Callable[[int, FloorSite, Any], Any]) -> Callable[[World, FloorSite, Any], Outcome]:
    """The WMS decides; in an outage it hears of it later, and what came of it is on record then."""

    def deed(world: World, site: FloorSite, command: Any) -> Outcome:
        seqs: list[int] = []

        def heard(reply: Reply) -> None:
            world.record(
                CommandAnswered, world.env.now, site.name, command.action, command.actor,
                Outcome(reply.refused).status, seqs[0], json.dumps(_why(reply.refused), ensure_ascii=False),
            )  # fmt: skip

        reply = world.link.tell(message_of(world.env.now, site, command), heard)
        if reply is not None:
            return Outcome(reply.refused)
        return Outcome(note="the WMS is down and hears of it later", waits=seqs.append)

    return deed


def _hold_order(now: int, site: FloorSite, command: Any) -> HoldOrder:
    return HoldOrder(now, OrderId(command.order), isinstance(command, c.HoldOrderCommand), command.actor)


def _hold_work(now: int, site: FloorSite, command: Any) -> HoldWork:
    return HoldWork(
        now, site.premises.site, isinstance(command, c.HoldWork), command.wave, command.priority, command.zone,
        command.carrier, command.actor,
    )  # fmt: skip


def _count(now: int, site: FloorSite, command: c.CallCount) -> CountWanted:
    name = LocationId(command.location)
    return CountWanted(now, site.premises.site, name if name in site.aisle_at else site.place(name), command.actor)


_DEEDS: dict[type, Callable[[World, FloorSite, Any], Outcome]] = {
    c.AddWorkers: _add_workers,
    c.MoveWorkers: _move_workers,
    c.OpenStation: _work_with(lambda command, planned: planned),
    c.CloseStation: _work_with(lambda command, planned: 0),
    c.SetBenches: _work_with(lambda command, planned: command.benches),
    c.SetMethod: _set_method,
    c.SetChecks: _set_checks,
    c.HoldOrderCommand: _ask_wms(_hold_order),
    c.ReleaseOrderCommand: _ask_wms(_hold_order),
    c.HoldWork: _ask_wms(_hold_work),
    c.ReleaseWork: _ask_wms(_hold_work),
    c.CallCount: _ask_wms(_count),
    c.ChangePolicy: _ask_wms(lambda now, s, x: ChangePolicy(now, s.premises.site, x.family, x.name, x.rules)),
    c.CancelOrderCommand: _ask_wms(lambda now, s, x: CancelOrder(now, OrderId(x.order), x.actor)),
    c.ChangeOrderCommand: _ask_wms(
        lambda now, s, x: ChangeOrder(now, OrderId(x.order), LineId(x.line), x.units, x.actor)
    ),
    c.RushOrders: incidents.rush_orders,
    c.LateTruck: incidents.late_truck,
    c.LateTrailer: incidents.late_trailer,
    c.BlockAisle: incidents.block_aisle,
    c.InjectFault: incidents.inject_fault,
    c.AbsentWorkers: incidents.absent_workers,
    c.AskQuestion: lambda world, site, command: questions.ask(world, site, command, carry_out),
    c.AnswerQuestion: questions.answer,
}
