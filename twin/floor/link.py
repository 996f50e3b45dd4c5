"""The radio between floor and WMS: messages go out, replies come in; in an outage they wait and are told in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy.events import Event as SimEvent

from twin.events.catalogue import EquipmentFailed, EquipmentRepaired, MessageDelayed
from twin.events.stream import Record
from twin.floor.clock import Clock
from twin.wms.control import Wms
from twin.wms.messages import (
    SILENT,
    CancelOrder,
    ChangeOrder,
    ChangePolicy,
    CountWanted,
    DepartureMoved,
    FaceFaulty,
    HoldOrder,
    HoldWork,
    Message,
    NewAsn,
    NewOrder,
    Reply,
    TimePassed,
)

OFFICE = (
    NewOrder, ChangeOrder, CancelOrder, HoldOrder, HoldWork, CountWanted, ChangePolicy, DepartureMoved, NewAsn,
    TimePassed,
)  # fmt: skip
"""Messages that need no network of the floor."""


Heard = Callable[[Reply], None]
"""Who wants to know what the WMS said in the end."""


class Link:
    """Tells the WMS what was scanned and passes on what it wants done."""

    def __init__(self, env: Clock, wms: Wms, record: Record, site: str) -> None:
        self.env = env
        self.wms = wms
        self.record = record
        self.site = site
        self.down = False
        self.reason = ""
        self.waiting: list[tuple[Message, Heard | None]] = []
        self.on_ready: Callable[[str, str, bool], None]
        self.on_docked: Callable[[str, str, str], None]
        self._looks: set[int] = set()
        self._up: SimEvent | None = None

    def tell(self, message: Any, heard: Heard | None = None) -> Reply | None:
        """Say it now; None while the WMS is down: it will hear it later, and `heard` is told what it says then."""
        if self.down and (self.reason != "network" or not isinstance(message, OFFICE)):
            if isinstance(message, FaceFaulty):
                message = message._replace(scanned=False)  # the picker goes on: too late to join his tour
            self.waiting.append((message, heard))
            worker = getattr(message, "worker", None)
            site = self._site_of(message)
            self.record(MessageDelayed, self.env.now, site, type(message).__name__, self.reason, worker, None)
            return None
        reply = self.wms.tell(message)
        if reply is not SILENT:
            self.hear(reply)
        return reply

    def _site_of(self, message: Any) -> str:
        """The site that a message is of; what names none is put on record at the first."""
        of = message.order if isinstance(message, NewOrder) else message
        of = message.asn if isinstance(message, NewAsn) else of
        return str(getattr(of, "site", self.site))

    def ask(self, message: Any) -> Reply | None:
        """Ask for work; what is left over may wake others, but it is no news to those who were told there is none."""
        if self.down:
            return None
        reply = self.wms.tell(message)
        if reply is not SILENT:
            self.hear(reply, news=False)
        return reply

    def hear(self, reply: Reply, *, news: bool = True) -> None:
        """Pass on what a reply wants of others than the one who asked."""
        for site, queue in reply.ready:
            self.on_ready(site, queue, news)
        for trailer, door, lane in reply.docked:
            self.on_docked(trailer, door, lane)
        look = reply.next_look_ms
        if look is not None and look not in self._looks:
            self._looks.add(look)
            timeout = self.env.timeout(max(0, look - self.env.now))
            timeout.callbacks.append(lambda _: self._look(look))

    def _look(self, at_ms: int) -> None:
        self._looks.discard(at_ms)
        self.tell(TimePassed(self.env.now))

    def back(self) -> SimEvent:
        """An event for the end of the outage."""
        if self._up is None:
            self._up = self.env.event()
        return self._up

    def fail(self, duration_ms: int, reason: str = "wms_outage") -> bool:
        """The WMS is down for a time, or the network between the floor and it; False: it is down already."""
        if self.down:
            return False
        self.down, self.reason = True, reason
        what = "network" if reason == "network" else "wms"
        self.record(EquipmentFailed, self.env.now, self.site, what, reason, None, duration_ms)
        timeout = self.env.timeout(duration_ms)
        timeout.callbacks.append(lambda _: self._recover(what, duration_ms))
        return True

    def _recover(self, what: str, duration_ms: int) -> None:
        self.down = False
        self.record(EquipmentRepaired, self.env.now, self.site, what, duration_ms, None)
        waiting, self.waiting = self.waiting, []
        for message, heard in waiting:
            reply = self.tell(message._replace(at_ms=self.env.now), heard)
            if reply is not None and heard is not None:
                heard(reply)
        if self._up is not None:
            up, self._up = self._up, None
            up.succeed()
