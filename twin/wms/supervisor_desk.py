"""What a supervisor decides beside the policies: work held or let go, counts, other policies; and late trucks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.domain.errors import PolicyError
from twin.domain.ids import CarrierId, TrailerId
from twin.domain.refusals import Refusal
from twin.events.catalogue import DepartureMoved
from twin.policies.named import ASKED, FAMILIES
from twin.wms import messages as m
from twin.wms.exceptions_desk import ExceptionsDesk
from twin.wms.orders import OrderInHand
from twin.wms.outbound_desk import OutboundDesk
from twin.wms.picking_desk import PickingDesk
from twin.wms.policies import in_use
from twin.wms.promise_knowledge import PromiseKnowledge
from twin.wms.records import Records
from twin.wms.release_desk import ReleaseDesk
from twin.wms.replenishment_desk import ReplenishmentDesk
from twin.wms.tour_desk import TourDesk

NOT_RELEASED = ("received", "promised", "allocated")


class SupervisorDesk:
    """Carries out what a person wants of the whole site; each answers why not, or None."""

    def __init__(
        self, records: Records, *, release: ReleaseDesk, tours: TourDesk, exceptions: ExceptionsDesk,
        picking: PickingDesk, replenishment: ReplenishmentDesk, known: PromiseKnowledge, outbound: OutboundDesk,
    ) -> None:  # fmt: skip
        self.r = records
        self.release = release
        self.tours = tours
        self.exceptions = exceptions
        self.picking = picking
        self.replenishment = replenishment
        self.known = known
        self.outbound = outbound

    # --- work held and let go --------------------------------------------------------------------------------

    def hold_work(self, msg: m.HoldWork) -> Refusal | None:
        """Hold what no picker has begun, or let go what waits or is on hold."""
        chosen = [h for h in self.r.orders.values() if self._not_begun(h, msg.hold) and self._meant(h, msg)]
        if not chosen:
            code = "none_to_hold" if msg.hold else "none_to_release"
            return Refusal(f"{code}_of", chosen=said) if (said := _told(msg)) else Refusal(code)
        for hand in chosen:
            if not msg.hold:
                self.release.let_go(hand, msg.at_ms)
                continue
            if hand.status == "released":
                self.tours.take_back(hand, msg.at_ms)
                self.picking.unpark(hand)
            self.release.hold(hand)
        if msg.hold:
            self.release.trigger(msg.at_ms, "task_done")
        return None

    def _not_begun(self, hand: OrderInHand, hold: bool) -> bool:
        if hand.on_hold:
            return not hold
        if hand.status in NOT_RELEASED:
            return True
        return hold and hand.status == "released" and any(x.held for x in hand.lines.values())

    def _meant(self, hand: OrderInHand, msg: m.HoldWork) -> bool:
        order = hand.order
        if msg.priority is not None and order.priority != msg.priority:
            return False
        if msg.carrier is not None and order.carrier != msg.carrier:
            return False
        if msg.zone is not None and not any(x.account.home_zone == msg.zone for x in hand.lines.values()):
            return False
        if msg.wave is None:
            return True
        to_come = hand.wave is None and any(name == msg.wave for name, _, _ in self.release.rules.waves)
        return hand.wave == msg.wave or to_come

    # --- counts ----------------------------------------------------------------------------------------------

    def count_wanted(self, msg: m.CountWanted) -> Refusal | None:
        """Ask for a count of a location."""
        if msg.location not in self.r.book.places:
            return Refusal("no_location", location=msg.location)
        before = len(self.exceptions.requests)
        self.exceptions.request(msg.location, "supervisor", msg.at_ms, None)
        if len(self.exceptions.requests) == before:
            return Refusal("counted_already", location=msg.location)
        return None

    # --- policies --------------------------------------------------------------------------------------------

    def change_policy(self, msg: m.ChangePolicy) -> Refusal | None:
        """Another policy decides from now on; the desks read of it what they keep."""
        family, policies = msg.family, self.r.decisions.policies
        if family not in ASKED:
            known = [x for x in ASKED if x != "slotting"]
            return Refusal("family_not_asked" if family in FAMILIES else "no_family", family=family, known=known)
        if family == "slotting":
            return Refusal("slotting_once")
        try:
            policies[family] = in_use(family, msg.name, self._with_kept_rules(family, msg.rules))
        except PolicyError as error:
            return Refusal("no_policy", why=str(error))
        now = msg.at_ms
        self.tours.learn_policy()
        self.picking.learn_policies()
        if family == "release":
            self.release.policy_changed(now)
        elif family == "cycle_counting":
            self.exceptions.plan.learn_policy()
            self.r.ready.add("count")
        elif family == "promising":
            self.known.learn_policy()
        elif family == "replenishment":
            self.replenishment.learn_policy()
            self.replenishment.look_at_faces(now)
            self.r.ready.add("replenish")
        elif family == "dispatch":
            r = self.r
            r.ready.update(queue for queue in r.work.open if r.work.waiting(queue))
        elif family == "dock_assignment":
            self.outbound.assign_doors(now)
        return None

    def _with_kept_rules(self, family: str, rules: Mapping[str, Any]) -> Mapping[str, Any]:
        """The doors of the carriers are the site's, whichever policy assigns the others."""
        fixed = getattr(getattr(self.r.decisions.policies[family].decide, "rules", None), "fixed", ())
        return {"fixed": fixed, **rules} if family == "dock_assignment" and fixed else rules

    # --- late trucks -----------------------------------------------------------------------------------------

    def departure_moved(self, msg: m.DepartureMoved) -> None:
        """A carrier's trailer leaves later: what is meant for it has longer."""
        r, carrier = self.r, CarrierId(msg.carrier)
        leaves = msg.leaves_at_ms + msg.delay_ms
        old = next((d for d in r.departures.get(carrier, ()) if d.leaves_at_ms == msg.leaves_at_ms), None)
        if old is not None:
            new = old._replace(cutoff_at_ms=old.cutoff_at_ms + msg.delay_ms, leaves_at_ms=leaves)
            rest = [d for d in r.departures[carrier] if d is not old]
            r.departures[carrier] = tuple(sorted([*rest, new]))
            for hand in r.orders.values():
                if hand.order.carrier == carrier and hand.leaves_at_ms == old.leaves_at_ms:
                    hand.cutoff_at_ms, hand.leaves_at_ms = new.cutoff_at_ms, new.leaves_at_ms
        self.outbound.leaves_later(TrailerId(msg.trailer), leaves)
        r.record(DepartureMoved, msg.at_ms, r.site, msg.trailer, msg.carrier, leaves, msg.delay_ms)
        self.release.rearranged(msg.at_ms)


def _told(msg: m.HoldWork) -> list[str]:
    said = {"wave": msg.wave, "priority": msg.priority, "zone": msg.zone, "carrier": msg.carrier}
    return [f"{key} {value}" for key, value in said.items() if value is not None]
