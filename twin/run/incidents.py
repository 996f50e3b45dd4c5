"""What goes wrong at a trainer's word or by a lesson's plan: rushes, late trucks, blocked aisles, faults, absences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from twin.domain.ids import CarrierId, LineId, OwnerId, SkuId
from twin.domain.orders import Order, OrderLine
from twin.domain.refusals import Refusal
from twin.floor.site import FloorSite
from twin.floor.world import World
from twin.run import command_kinds as c
from twin.run.outcomes import Outcome, told
from twin.wms.messages import DepartureMoved


def rush_orders(world: World, site: FloorSite, command: c.RushOrders) -> Outcome:
    """Urgent orders reach the WMS."""
    carriers = dict.fromkeys(x.name for x in site.premises.spec.carriers)
    if command.carrier is not None and command.carrier not in carriers:
        code = "no_carrier" if carriers else "no_carriers"
        return Outcome(Refusal(code, carrier=command.carrier, **({"known": list(carriers)} if carriers else {})))
    owners = {sku: owner for owner, sku in site.skus}
    for line in command.lines:
        owner = line.owner or owners.get(SkuId(line.sku))
        if (owner, line.sku) not in site.skus:
            of_owner = {"owner": line.owner} if line.owner else {}
            return Outcome(Refusal("no_sku_of_owner" if of_owner else "no_sku", sku=line.sku, **of_owner))
    due_ms = world.env.now + round(command.due_min * 60_000)
    orders = world.rush_in(site.name, command.count, due_ms, _shape_of(command, owners))
    return Outcome(note=f"{orders[0].order} to {orders[-1].order}" if len(orders) > 1 else orders[0].order)


def _shape_of(command: c.RushOrders, owners: dict[SkuId, OwnerId]) -> Callable[[Order], Order]:
    """A drawn order as the command wants it: with its carrier, with the lines given."""

    def shape(order: Order) -> Order:
        if command.carrier is not None:
            order = replace(order, carrier=CarrierId(command.carrier))
        if not command.lines:
            return order
        rule, days = order.lines[0].ship_rule, order.lines[0].min_days_left
        lines = tuple(
            OrderLine(
                line=LineId(f"{order.order}-{n}"), order=order.order, sku=SkuId(x.sku), units=x.units,
                owner=OwnerId(x.owner) if x.owner else owners[SkuId(x.sku)], ship_rule=rule, min_days_left=days,
            )
            for n, x in enumerate(command.lines, 1)
        )  # fmt: skip
        return replace(order, owner=lines[0].owner, lines=lines)

    return shape


def late_truck(world: World, site: FloorSite, command: c.LateTruck) -> Outcome:
    """The carrier's next trailer comes and leaves later, and the WMS hears of it."""
    now = world.env.now
    mine = [(visit.leaves_ms, name) for name, visit in site.outbound.items() if visit.carrier == command.carrier]
    to_come = [x for x in mine if x[0] > now]
    if not to_come:
        known = list(dict.fromkeys(v.carrier for v in site.outbound.values() if v.leaves_ms > now))
        if not known:
            return Outcome(Refusal("no_departures", carrier=command.carrier))
        return Outcome(Refusal("no_departure", carrier=command.carrier, known=known))
    leaves_ms, name = min(to_come)
    delay_ms = round(command.delay_min * 60_000)
    visit = site.outbound[name]
    visit.leaves_ms += delay_ms
    if not visit.at_gate:
        visit.arrives_ms += delay_ms
    world.link.tell(DepartureMoved(now, site.premises.site, command.carrier, name, leaves_ms, delay_ms))
    return Outcome(note=f"{name} leaves at {site.calendar.stamp(visit.leaves_ms)}")


def late_trailer(world: World, site: FloorSite, command: c.LateTrailer) -> Outcome:
    """The next trailer comes in later. The WMS has its ASN, and learns at the gate."""
    mine = [
        (visit.arrives_ms, name) for name, visit in site.inbound.items()
        if command.supplier in (None, visit.supplier) and visit.arrives_ms > world.env.now
    ]  # fmt: skip
    if not mine:
        none = Refusal("no_trailers") if command.supplier is None else Refusal("no_trailer", supplier=command.supplier)
        return Outcome(none)
    _, name = min(mine)
    visit = site.inbound[name]
    visit.arrives_ms += round(command.delay_min * 60_000)
    return Outcome(note=f"{name} of {visit.supplier} comes at {site.calendar.stamp(visit.arrives_ms)}")


def block_aisle(world: World, site: FloorSite, command: c.BlockAisle) -> Outcome:
    """Nobody enters an aisle for a time."""
    key = command.aisle if command.aisle in site.aisles else f"{site.name}/{command.aisle}"
    aisle = site.aisles.get(key)
    if aisle is None:
        return Outcome(Refusal("no_aisle", aisle=command.aisle))
    aisle.close()
    world.env.timeout(round(command.duration_s * 1000)).callbacks.append(lambda _: aisle.reopen())
    return Outcome()


def inject_fault(world: World, site: FloorSite, command: c.InjectFault) -> Outcome:
    """A device, a conveyor, a worker, the WMS or the network fails."""
    duration_ms = round(command.duration_s * 1000)
    return Outcome(world.strike(command.kind, command.target, duration_ms, f"command/{world.env.now}", site))


def absent_workers(world: World, site: FloorSite, command: c.AbsentWorkers) -> Outcome:
    """People of a role leave."""
    duration_ms = round(command.duration_s * 1000)
    names = world.absent(site, command.role, command.count, duration_ms, f"command/{world.env.now}")
    if not names:
        return Outcome(Refusal("nobody_there", role=command.role))
    return Outcome(note=told(len(names), command.count, names))
