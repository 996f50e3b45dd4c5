"""Carries commands out on a world."""

from __future__ import annotations

from typing import Any

from twin.domain.ids import LineId, OrderId
from twin.events.catalogue import CommandGiven
from twin.floor.site import FloorSite
from twin.floor.world import World
from twin.run import commands as c
from twin.wms.messages import CancelOrder, ChangeOrder, HoldOrder


def carry_out(world: World, command: Any) -> str | None:
    """Do what a command says, now; returns why it could not be done. Either way it is on record."""
    now = world.env.now
    site = world.sites.get(command.site, world.first)
    known = command.site is None or command.site in world.sites
    refused = _do(world, site, command, now) if known else f"no site {command.site!r}"
    words = command.model_dump(exclude_none=True, exclude={"at", "at_ms", "actor", "site", "action"})
    detail = ", ".join(f"{k}={v}" for k, v in sorted(words.items()))
    world.emit(
        CommandGiven(
            now,
            command.action,
            site.name,
            command.actor,
            "refused" if refused else "done",
            None,
            None,
            None,
            getattr(command, "order", None),
            None,
            f"{detail}; {refused}" if refused else detail,
            None,
        )
    )
    return refused


def _do(world: World, site: FloorSite, command: Any, now: int) -> str | None:
    if isinstance(command, c.AddWorkers):
        crews = [x for x in site.crews if x.role == command.role]
        if not crews:
            return f"no crew of role {command.role!r}"
        for _ in range(command.count):
            worker = crews[0].hire()
            if not worker.is_here:
                crews[0].come(worker, now + (1 << 50), -1)
        return None
    if isinstance(command, c.BlockAisle):
        key = command.aisle if command.aisle in site.aisles else f"{site.name}/{command.aisle}"
        aisle = site.aisles.get(key)
        if aisle is None:
            return f"no aisle {command.aisle!r}"
        aisle.close()
        world.env.timeout(round(command.duration_s * 1000)).callbacks.append(lambda _: aisle.reopen())
        return None
    if isinstance(command, c.InjectFault):
        return world.strike(command.kind, command.target, round(command.duration_s * 1000), f"command/{now}", site)
    message: Any
    if isinstance(command, c.CancelOrderCommand):
        message = CancelOrder(now, OrderId(command.order), command.actor)
    elif isinstance(command, c.ChangeOrderCommand):
        message = ChangeOrder(now, OrderId(command.order), LineId(command.line), command.units, command.actor)
    else:
        message = HoldOrder(now, OrderId(command.order), isinstance(command, c.HoldOrderCommand), command.actor)
    reply = world.link.tell(message)
    return reply.refused if reply is not None else None
