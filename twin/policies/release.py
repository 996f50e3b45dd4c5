"""Release: when work on an order starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from twin.domain.ids import OrderId, OwnerId, Zone
from twin.policies.shape import Policy, Rejection, Rules, Snapshot
from twin.policies.why import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasable:
    """An order that waits. `work_ms`: expected pick, pack and stage; `covered`: its hold lets it start."""

    order: OrderId
    owner: OwnerId
    priority: int
    urgent: bool
    created_at_ms: int
    cutoff_at_ms: int
    work_ms: int
    lines_by_zone: tuple[tuple[Zone, int], ...]
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The next closing of a template. `lines`: already in it; `max_lines` 0: unlimited."""

    wave: str
    closes_at_ms: int
    max_lines: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSnapshot(Snapshot):
    """Orders that wait, the next closings in the sequence of the templates, and the work open in each zone."""

    waiting: tuple[Releasable, ...]
    waves: tuple[Wave, ...]
    open_lines: tuple[tuple[Zone, int], ...]
    caps: tuple[tuple[Zone, int], ...]
    trigger: Literal["order", "task_done", "tick", "cutoff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules(Rules):
    """waves: (name, "16:00", max lines). `ageing_s` 0: nothing ages."""

    release_every_s: float = 10.0
    waves: tuple[tuple[str, str, int], ...] = ()
    may_pass: int = 0
    ageing_s: float = 900.0
    urgent_boost: int = 5
    urgent_share: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Orders in the sequence of their work. Each other order is held with a code.

    `cutoff_missed` stands in `held` beside an order that is released all the same, for the next departure.
    """

    orders: tuple[OrderId, ...]
    wave: str | None
    held: tuple[Rejection, ...]
    look_again_at_ms: int | None


def slack_ms(order: Releasable, now_ms: int) -> int:
    """What is left until the cut-off once the work is done."""
    return order.cutoff_at_ms - now_ms - order.work_ms


def by_slack(order: Releasable, now_ms: int) -> tuple[int, int, int, OrderId]:
    """(slack, priority, created, order)."""
    return (slack_ms(order, now_ms), order.priority, order.created_at_ms, order.order)


def decided(
    snapshot: ReleaseSnapshot,
    released: Sequence[Releasable],
    held: list[Rejection],
    wave: str | None = None,
    look_again_at_ms: int | None = None,
) -> Release:
    """The decision, with a note beside each released order whose cut-off is past."""
    held += [Rejection(subject=o.order, code="cutoff_missed") for o in released if o.cutoff_at_ms < snapshot.now_ms]
    return Release(
        orders=tuple([o.order for o in released]),
        wave=wave,
        held=tuple(sorted(held, key=lambda r: (r.subject, r.code))),
        look_again_at_ms=look_again_at_ms,
    )


def within_caps(
    snapshot: ReleaseSnapshot, rules: ReleaseRules, key: Callable[[Releasable], Any], urgent_share: float = 0.0
) -> Release:
    """Release in order while each zone of the order has room under its cap.

    `may_pass` later orders may pass the first that does not fit. A zone without a cap has room; an order larger than
    a cap goes when that zone is empty.
    """
    caps = dict(snapshot.caps)
    open_lines = dict(snapshot.open_lines)
    released: list[Releasable] = []
    held: list[Rejection] = []
    blocked_by: OrderId | None = None
    passes_left = rules.may_pass
    for order in sorted(snapshot.waiting, key=seen(key, lambda o: o.order)):
        if not order.covered:
            held.append(Rejection(subject=order.order, code="not_covered"))
            continue
        full: Zone | None = None
        if blocked_by is None or passes_left > 0:
            for zone, lines in order.lines_by_zone:
                cap = caps.get(zone)
                if cap is None or lines <= 0:
                    continue
                if order.urgent:
                    cap += int(cap * urgent_share)
                there = open_lines.get(zone, 0)
                if there + lines > cap and not (lines > cap and there == 0):
                    full = zone
                    break
            if full is None:
                for zone, lines in order.lines_by_zone:
                    open_lines[zone] = open_lines.get(zone, 0) + lines
                released.append(order)
                if blocked_by is not None:
                    passes_left -= 1
                continue
        detail = f"zone {full} is full" if full is not None else f"behind {blocked_by}"
        held.append(Rejection(subject=order.order, code="wip_cap", detail=detail))
        if blocked_by is None:
            blocked_by = order.order
    return decided(snapshot, released, held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveless:
    """Release as soon as there is room, least slack first."""

    rules: ReleaseRules = ReleaseRules()

    def __call__(self, snapshot: ReleaseSnapshot, /) -> Release:
        now_ms = snapshot.now_ms
        return within_caps(snapshot, self.rules, key=lambda o: by_slack(o, now_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class EarliestCutoff:
    """Waveless by (cut-off, priority, created, order)."""

    rules: ReleaseRules = ReleaseRules()

    def __call__(self, snapshot: ReleaseSnapshot, /) -> Release:
        return within_caps(snapshot, self.rules, key=lambda o: (o.cutoff_at_ms, o.priority, o.created_at_ms, o.order))


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentFirst:
    """Waveless by effective priority, which falls with age and by `urgent_boost` for urgent orders.

    Urgent orders may use `urgent_share` on top of each cap. No starvation: after (priority + urgent_boost) x ageing a
    plain order stands level with a new urgent one of priority 0.
    """

    rules: ReleaseRules = ReleaseRules()

    def __call__(self, snapshot: ReleaseSnapshot, /) -> Release:
        now_ms, boost = snapshot.now_ms, self.rules.urgent_boost
        ageing_ms = round(self.rules.ageing_s * 1000)

        def key(order: Releasable) -> tuple[int, int, int, OrderId]:
            aged = (now_ms - order.created_at_ms) // ageing_ms if ageing_ms > 0 else 0
            effective = order.priority - aged - (boost if order.urgent else 0)
            return (effective, slack_ms(order, now_ms), order.created_at_ms, order.order)

        return within_caps(snapshot, self.rules, key=key, urgent_share=self.rules.urgent_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class InWaves:
    """Orders gather in waves; a wave starts when it closes: at its time, or when its lines reach the maximum.

    An order belongs to the first template in sequence that closes in time for its cut-off; if none does, to the one
    that closes next. Without any template all orders start at once. One ask starts one wave; caps are not looked at.
    """

    rules: ReleaseRules = ReleaseRules()

    def __call__(self, snapshot: ReleaseSnapshot, /) -> Release:
        now_ms = snapshot.now_ms
        held: list[Rejection] = []
        waiting: list[Releasable] = []

        def key(o: Releasable) -> Any:
            return by_slack(o, now_ms)

        for order in sorted(snapshot.waiting, key=seen(key, lambda o: o.order)):
            if order.covered:
                waiting.append(order)
            else:
                held.append(Rejection(subject=order.order, code="not_covered"))
        if not snapshot.waves:
            return decided(snapshot, waiting, held)
        members: dict[str, list[Releasable]] = {wave.wave: [] for wave in snapshot.waves}
        for order in waiting:
            members[_wave_of(order, snapshot.waves).wave].append(order)
        started: Wave | None = None
        released: list[Releasable] = []
        look_at: set[int] = set()
        for wave in snapshot.waves:
            orders = members[wave.wave]
            if not orders:
                continue
            going = _that_start(wave, orders, now_ms)
            if started is None and going:
                started, released = wave, going
            elif going:
                look_at.add(now_ms)
            stay = orders[len(going) :] if started is wave else orders
            if stay and wave.closes_at_ms > now_ms:
                look_at.add(wave.closes_at_ms)
            code: Literal["wip_cap", "window"] = "wip_cap" if started is wave else "window"
            held += [Rejection(subject=o.order, code=code, detail=f"wave {wave.wave}") for o in stay]
        return decided(snapshot, released, held, started.wave if started else None, min(look_at) if look_at else None)


def _wave_of(order: Releasable, waves: Sequence[Wave]) -> Wave:
    for wave in waves:
        if wave.closes_at_ms + order.work_ms <= order.cutoff_at_ms:
            return wave
    return min(waves, key=lambda w: (w.closes_at_ms, w.wave))


def _that_start(wave: Wave, orders: list[Releasable], now_ms: int) -> list[Releasable]:
    """The orders that the wave takes now: none before it closes; up to its maximum; one larger than that goes alone."""
    lines = [sum([n for _, n in order.lines_by_zone]) for order in orders]
    if wave.max_lines <= 0:
        return orders if wave.closes_at_ms <= now_ms else []
    if wave.closes_at_ms > now_ms and wave.lines + sum(lines) < wave.max_lines:
        return []
    total = wave.lines
    for place, of_order in enumerate(lines):
        total += of_order
        if total > wave.max_lines:
            return orders[: place or (1 if wave.lines == 0 else 0)]
    return orders


RELEASE: dict[str, type[Policy[ReleaseSnapshot, Release]]] = {
    "wave": InWaves,
    "waveless": Waveless,
    "earliest_cutoff": EarliestCutoff,
    "urgent_first": UrgentFirst,
}
