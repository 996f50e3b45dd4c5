"""The WMS as others see it: one door, `tell(message) -> Reply`."""

from __future__ import annotations

from collections.abc import Mapping

from twin.domain.ids import OrderId, Site
from twin.domain.refusals import Refusal
from twin.wms import messages as m
from twin.wms.messages import Message, Reply
from twin.wms.site import SiteDesk


class Wms:
    """All sites' desks behind one door. It holds no clock: each message says when it is."""

    def __init__(self, sites: Mapping[Site, SiteDesk]) -> None:
        self.sites = dict(sites)
        self.site_of_order: dict[OrderId, Site] = {}
        self._only = next(iter(self.sites.values())) if len(self.sites) == 1 else None

    def tell(self, message: Message) -> Reply:
        """Hear one message and answer it."""
        if self._only is not None:
            return self._only.answers[type(message)](message)
        if isinstance(message, m.TimePassed):
            return self._joined([(d, d.answers[m.TimePassed](message)) for d in self.sites.values()])
        desk = self._desk(message)
        if desk is None:
            return Reply(refused=Refusal("no_order"))
        return desk.answers[type(message)](message)

    def open(self, now: int) -> Reply:
        """All sites open."""
        return self._joined([(d, d.open(now)) for d in self.sites.values()])

    def _desk(self, message: Message) -> SiteDesk | None:
        if isinstance(message, m.NewOrder):
            self.site_of_order[message.order.order] = message.order.site
            return self.sites[message.order.site]
        if isinstance(message, m.NewAsn):
            return self.sites[message.asn.site]
        if isinstance(message, (m.CancelOrder, m.ChangeOrder, m.HoldOrder)):
            site = self.site_of_order.get(message.order)
            return self.sites[site] if site is not None else None
        return self.sites[message.site]  # type: ignore[union-attr]

    @staticmethod
    def _joined(replies: list[tuple[SiteDesk, Reply]]) -> Reply:
        looks = [r.next_look_ms for _, r in replies if r.next_look_ms is not None]
        soonest = min(looks, default=None)
        for desk, reply in replies:
            if reply.next_look_ms is not None and reply.next_look_ms != soonest:
                desk.r.look_at(reply.next_look_ms)  # it has told it and would not tell it again
        ready = tuple(x for _, r in replies for x in r.ready)
        return Reply(None, soonest, ready, tuple(x for _, r in replies for x in r.docked))
