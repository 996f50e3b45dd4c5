"""When work starts: covered orders wait in an index by cut-off until the release policy lets them go."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Literal, Protocol

from twin.domain.calendar import DAY_MS
from twin.domain.ids import OrderId, Zone
from twin.domain.records import builder
from twin.events.catalogue import OrderReleased
from twin.policies.release import Releasable, Release, ReleaseRules, ReleaseSnapshot, Wave
from twin.wms.orders import OrderInHand
from twin.wms.records import Records

_releasable, _snapshot = builder(Releasable), builder(ReleaseSnapshot)
IndexKey = tuple[int, int, int, OrderId]


class StartsWork(Protocol):
    """Who takes a released order on."""

    def start(self, hand: OrderInHand, now: int, cause: int) -> None: ...

    @property
    def open_lines(self) -> dict[Zone, int]: ...


class ReleaseDesk:
    """The index of orders that wait, and the asks to the policy, at most one per `release_every_s`."""

    def __init__(self, records: Records, picking: StartsWork) -> None:
        self.r = records
        self.picking = picking
        self._learn_policy()
        self.index: list[IndexKey] = []
        self.urgent: list[IndexKey] = []
        self.asked_at_ms = -1
        self._asked_before_ms = -1
        self.wave_lines: dict[tuple[str, int], int] = {}

    def _learn_policy(self) -> None:
        policy = self.r.decisions.policies["release"]
        self.rules: ReleaseRules = getattr(policy.decide, "rules", ReleaseRules())
        self.most = policy.candidates_max
        self.every_ms = round(self.rules.release_every_s * 1000)
        self.urgent_half = policy.ref.name == "urgent_first"

    def policy_changed(self, now: int) -> None:
        """Another policy decides from now on: it is asked about all that wait. Waves closed before are past."""
        self._learn_policy()
        self.asked_at_ms = max(self.asked_at_ms, now - self.every_ms - 1)
        self.rearranged(now)

    def rearranged(self, now: int) -> None:
        """What orders are ranked by has changed: index all that wait anew, and ask."""
        keys, self.index, self.urgent = [*self.index, *self.urgent], [], []
        for key in keys:
            self._index(self.r.orders[key[3]])
        self.trigger(now, "tick")

    def _index(self, hand: OrderInHand) -> None:
        order = hand.order
        key = hand.index_key = (hand.cutoff_at_ms, order.priority, order.received_at_ms, order.order)
        insort(self.urgent if order.urgent and self.urgent_half else self.index, key)
        self.refresh(hand)

    def enter(self, hand: OrderInHand, now: int) -> None:
        """A covered order joins the index."""
        self.leave(hand)
        if hand.on_hold:
            return
        self._index(hand)
        self.trigger(now, "order")

    def refresh(self, hand: OrderInHand) -> None:
        """Make the row that the policy sees again."""
        r, order = self.r, hand.order
        zones: dict[str, int] = {}
        lines = 0
        for x in hand.lines.values():
            if x.held > x.in_work:
                zone = x.account.home_zone
                zones[zone] = zones.get(zone, 0) + 1
                lines += 1
        hand.releasable = _releasable(
            order.order, order.owner, order.priority, order.urgent, order.received_at_ms, hand.cutoff_at_ms,
            r.rules.work_ms_fixed + lines * r.rules.work_ms_per_line, tuple(sorted(zones.items())), hand.covered,
        )  # fmt: skip

    def leave(self, hand: OrderInHand) -> None:
        """Take an order out of the index."""
        key = hand.index_key
        if key is None:
            return
        for index in (self.index, self.urgent):
            at = bisect_left(index, key)
            if at < len(index) and index[at] == key:
                del index[at]
                break
        hand.index_key = hand.releasable = None

    def hold_back(self, hand: OrderInHand, now: int, code: str) -> None:
        """Put on record, once, why an order does not wait for release."""
        if code not in hand.held_for:
            hand.held_for = (*hand.held_for, code)
            self.r.decisions.record("release", now, self.r.site, 1, f"held:{code}", order=hand.order.order)

    def hold(self, hand: OrderInHand) -> None:
        """A supervisor holds an order."""
        hand.on_hold = True
        self.leave(hand)

    def let_go(self, hand: OrderInHand, now: int) -> None:
        """A supervisor releases an order at once, whatever the policy says; what holds no stock waits on for it."""
        hand.on_hold = False
        self.leave(hand)
        if not any(x.held > x.in_work for x in hand.lines.values()):
            return
        seq = self.r.decisions.record(
            "release", now, self.r.site, 1, "by_hand", order=hand.order.order, detail='{"actor": "supervisor"}'
        )
        self._release(hand, now, seq, None, "")

    def trigger(self, now: int, trigger: Literal["order", "task_done", "tick", "cutoff"]) -> None:
        """Something happened that may let orders go: ask now, or at the next allowed moment."""
        if not self.index and not self.urgent:
            return
        allowed = self.asked_at_ms + self.every_ms if self.asked_at_ms >= 0 else now
        if now < allowed and trigger != "cutoff":
            self.r.look_at(allowed)
            return
        self._asked_before_ms = max(self.asked_at_ms, now - DAY_MS)
        self.asked_at_ms = now
        while self._ask(now, trigger):
            pass

    def _rows(self) -> tuple[list[OrderInHand], int]:
        orders, most = self.r.orders, self.most
        if not self.urgent:
            keys = self.index if not most else self.index[:most]
        else:
            if not most:
                keys = self.urgent + self.index
            else:
                half = min(len(self.urgent), max(most // 2, most - len(self.index)))
                keys = self.urgent[:half] + self.index[: most - half]
        left_out = len(self.index) + len(self.urgent) - len(keys)
        return [orders[k[3]] for k in keys], left_out

    def _ask(self, now: int, trigger: Literal["order", "task_done", "tick", "cutoff"]) -> bool:
        hands, left_out = self._rows()
        if not hands:
            return False
        r = self.r
        caps = r.rules.caps
        snapshot = _snapshot(
            now_ms=now, book_version=r.book.version, left_out=left_out,
            waiting=tuple([h.releasable for h in hands]),
            waves=self._waves(now), caps=tuple(sorted(caps.items())),
            open_lines=tuple(sorted((z, n) for z, n in self.picking.open_lines.items() if z in caps)), trigger=trigger,
        )  # fmt: skip
        release: Release = r.decisions.ask("release", snapshot)
        if release.look_again_at_ms is not None and release.look_again_at_ms > now:
            r.look_at(release.look_again_at_ms)
        late = {x.subject for x in release.held if x.code == "cutoff_missed"}
        offered = {h.order.order: h for h in hands} if release.held or release.orders else {}
        for held in release.held:
            if held.code != "cutoff_missed" and held.subject in offered:
                self.hold_back(offered[OrderId(held.subject)], now, held.code)
        if not release.orders:
            return False
        any_in_vain = False
        cause = r.decisions.record(
            "release", now, r.site, len(hands), release.wave or "release", units=len(release.orders), wave=release.wave
        )
        for order in release.orders:
            hand = offered.get(order)
            if hand is None or hand.index_key is None:
                raise r.decisions.broken("release", "only waiting orders are released, each once", snapshot)
            self.leave(hand)
            status = None
            if order in late or hand.cutoff_at_ms < now:
                departure = r.departure(hand.order.carrier, now, None)
                hand.cutoff_at_ms, hand.leaves_at_ms = departure.cutoff_at_ms, departure.leaves_at_ms
                status = "cutoff_missed"
            if release.wave is not None:
                self._count_wave(snapshot.waves, release.wave, len(hand.lines))
            self._release(hand, now, cause, release.wave, status)
            any_in_vain = any_in_vain or not any(x.in_work for x in hand.lines.values())
        if any_in_vain and (self.index or self.urgent):  # others were held for the room that nobody takes
            r.look_at(now + self.every_ms)
        if release.look_again_at_ms is not None and release.look_again_at_ms <= now:
            return True
        return len(release.orders) == len(hands) and left_out > 0

    def _release(self, hand: OrderInHand, now: int, cause: int, wave: str | None, status: str | None) -> None:
        hand.advance("released")
        hand.cause = cause
        hand.wave = wave
        r = self.r
        r.record(OrderReleased, now, r.site, hand.order.order, "batch", wave, cause, status or None)
        self.picking.start(hand, now, cause)

    def _count_wave(self, waves: tuple[Wave, ...], name: str, lines: int) -> None:
        for wave in waves:
            if wave.wave == name:
                key = (name, wave.closes_at_ms)
                self.wave_lines[key] = self.wave_lines.get(key, 0) + lines

    def _waves(self, now: int) -> tuple[Wave, ...]:
        """The next closing of each template; one that fell due since the ask before is still to be acted on."""
        calendar = self.r.calendar
        day = calendar.day_of(now)
        waves = []
        for name, clock, most in self.rules.waves:
            closings = [calendar.at_ms(clock, d) for d in (day - 1, day, day + 1)]
            closes = next(t for t in closings if t > min(self._asked_before_ms, now - 1))
            lines = self.wave_lines.get((name, closes), 0)
            waves.append(Wave(wave=name, closes_at_ms=closes, max_lines=most, lines=lines))
        return tuple(waves)

    def closing_due(self, now: int) -> bool:
        """A wave closed since the last ask."""
        calendar = self.r.calendar
        day = calendar.day_of(now)
        return any(
            self.asked_at_ms < calendar.at_ms(clock, d) <= now
            for _, clock, _ in self.rules.waves
            for d in (day - 1, day)
        )
