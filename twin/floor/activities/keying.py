"""The clerk's desk: sheets come back at the end of the work; until one is keyed, the WMS knows nothing of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain import draws
from twin.events.catalogue import SlipMade, WorkEnded, WorkStarted
from twin.floor.sheets import Sheet
from twin.floor.site import FloorSite
from twin.floor.workers import Worker
from twin.wms.messages import Keyed, PickConfirmed

Activity = Generator[SimEvent, Any, None]


def key(site: FloorSite, worker: Worker, sheet: Sheet) -> Activity:
    """Key a sheet row by row; each row is told as it is keyed."""
    env, began = site.env, site.env.now
    site.record(WorkStarted, began, site.name, worker.name, "key", sheet.task, None, None, None)
    wrong = site.methods.clerk.wrong_units
    for number, row in enumerate(sheet.rows):
        duration = site.times.draw_ms("key_line_s", f"{sheet.task}/{number}")
        if duration:
            yield env.timeout(round(duration * worker.time_factor))
        message = row._replace(at_ms=env.now)
        if isinstance(message, PickConfirmed) and wrong:
            name = f"{message.pick.line}/{message.pick.stock}"
            if draws.draw(site.seed, "keyed_units", name) < wrong:
                sign = 1 if draws.draw(site.seed, "keyed_units_sign", name) < 0.5 else -1
                message = message._replace(units=max(0, message.units + sign))
                site.record(
                    SlipMade, env.now, site.name, worker.name, "keyed_units", message.pick.order, message.pick.line,
                    message.pick.location, None, sheet.task,
                )  # fmt: skip
        site.link.tell(message)
    for message in sheet.after:
        site.link.tell(message._replace(at_ms=env.now))
    site.link.tell(Keyed(env.now, site.name, worker.name, sheet.task, len(sheet.rows), env.now - began))  # type: ignore[arg-type]
    worker.last_kind = "key"
    site.record(WorkEnded, env.now, site.name, worker.name, "key", env.now - began, sheet.task, None, None, None)
