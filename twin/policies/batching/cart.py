"""What one cart takes along: the limits that every batch keeps.

Orders of another storage class or segregation never share. Orders of different cut-offs share only while the smallest
slack among them is not negative. An order above a limit by itself travels alone; the WMS splits it by lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from twin.policies.batching.batch import BatchingSnapshot, BatchOrder
from twin.policies.shape import Rejection, RejectionCode
from twin.policies.why import seen

UNLIMITED = 1 << 60


class Limits:
    """The cart of a snapshot, with unlimited counts as numbers. rounding: a share by which sums may be above."""

    __slots__ = ("kg", "lines", "litres", "positions")

    def __init__(self, snapshot: BatchingSnapshot, rounding: float = 0.0) -> None:
        self.positions = snapshot.cart_positions or UNLIMITED
        self.lines = snapshot.max_lines or UNLIMITED
        self.kg = snapshot.max_mass_kg * (1.0 + rounding)
        self.litres = snapshot.max_volume_l * (1.0 + rounding)


class Load:
    """A batch as it grows."""

    __slots__ = ("cutoff_at_ms", "kg", "lines", "litres", "mixed", "orders", "segregation", "slack_ms", "storage")

    def __init__(self, order: BatchOrder, now_ms: int) -> None:
        self.orders = [order]
        self.lines = order.lines
        self.kg = order.mass_kg or 0.0
        self.litres = order.volume_l or 0.0
        self.storage = order.storage
        self.segregation = order.segregation
        self.cutoff_at_ms = order.cutoff_at_ms
        self.mixed = False
        self.slack_ms = order.cutoff_at_ms - now_ms - order.work_ms

    def copy(self) -> Load:
        """The same load, to grow on its own."""
        same = object.__new__(Load)
        same.orders = self.orders.copy()
        same.lines, same.kg, same.litres = self.lines, self.kg, self.litres
        same.storage, same.segregation = self.storage, self.segregation
        same.cutoff_at_ms, same.mixed, same.slack_ms = self.cutoff_at_ms, self.mixed, self.slack_ms
        return same

    def takes(self, o: BatchOrder, slack_ms: int, limits: Limits) -> bool:
        """Whether the order may join; what does not fit now will not fit later either."""
        return (
            len(self.orders) < limits.positions
            and self.lines + o.lines <= limits.lines
            and self.kg + (o.mass_kg or 0.0) <= limits.kg
            and self.litres + (o.volume_l or 0.0) <= limits.litres
            and o.storage == self.storage
            and o.segregation == self.segregation
            and ((o.cutoff_at_ms == self.cutoff_at_ms and not self.mixed) or (slack_ms >= 0 and self.slack_ms >= 0))
        )

    def add(self, o: BatchOrder, slack_ms: int) -> None:
        """Let the order join."""
        self.orders.append(o)
        self.lines += o.lines
        self.kg += o.mass_kg or 0.0
        self.litres += o.volume_l or 0.0
        self.mixed = self.mixed or o.cutoff_at_ms != self.cutoff_at_ms
        if slack_ms < self.slack_ms:
            self.slack_ms = slack_ms

    def full(self, limits: Limits) -> bool:
        """No order fits any more, whatever it is."""
        return len(self.orders) >= limits.positions or self.lines >= limits.lines


def overfull(orders: Sequence[BatchOrder], limits: Limits) -> tuple[RejectionCode, str] | None:
    """Why one cart does not take these orders together, None if it does; cut-offs are not looked at."""
    lines = sum([o.lines for o in orders])
    kg, litres = sum([o.mass_kg or 0.0 for o in orders]), sum([o.volume_l or 0.0 for o in orders])
    if len({o.storage for o in orders}) > 1:
        return "temperature", "orders of several storage classes"
    if len({o.segregation for o in orders}) > 1:
        return "segregation", "orders of several segregation classes"
    if len(orders) > limits.positions:
        return "no_place", f"{len(orders)} orders for {limits.positions} cart positions"
    if lines > limits.lines:
        return "no_place", f"{lines} lines, at most {limits.lines}"
    if kg > limits.kg:
        return "mass", f"{kg:g} kg, at most {limits.kg:g}"
    if litres > limits.litres:
        return "volume", f"{litres:g} l, at most {limits.litres:g}"
    return None


class Mates:
    """Which orders one cart takes together, as `Load.takes` says, asked of places in a list without growing a load."""

    def __init__(self, orders: Sequence[BatchOrder], slack_ms: Sequence[int], limits: Limits) -> None:
        self.limits, self.slack_ms = limits, slack_ms
        self.lines = [o.lines for o in orders] if limits.lines < UNLIMITED else None
        self.kg = [o.mass_kg or 0.0 for o in orders] if limits.kg < inf else None
        self.litres = [o.volume_l or 0.0 for o in orders] if limits.litres < inf else None
        kinds = [(o.storage, o.segregation) for o in orders]
        self.kinds = kinds if len(set(kinds)) > 1 else None
        cutoffs = [o.cutoff_at_ms for o in orders]
        self.cutoffs = cutoffs if len(set(cutoffs)) > 1 and min(slack_ms) < 0 else None

    def take(self, part: Sequence[int], i: int) -> bool:
        """Whether order `i` may join the orders of `part`; none: it may."""
        if not part:
            return True
        limits = self.limits
        if len(part) >= limits.positions or (self.kinds is not None and self.kinds[part[0]] != self.kinds[i]):
            return False
        return (
            (self.lines is None or _grown(self.lines, part, i) <= limits.lines)
            and (self.kg is None or _grown(self.kg, part, i) <= limits.kg)
            and (self.litres is None or _grown(self.litres, part, i) <= limits.litres)
            and (self.cutoffs is None or self._in_time(self.cutoffs, part, i))
        )

    def _in_time(self, cutoffs: list[int], part: Sequence[int], i: int) -> bool:
        slack_ms = self.slack_ms
        return (slack_ms[i] >= 0 and min([slack_ms[m] for m in part]) >= 0) or all(
            cutoffs[m] == cutoffs[i] for m in part
        )


def _grown(counted: Sequence[float], part: Sequence[int], i: int) -> float:
    """The sum, one after the other as a load grows: `sum` rounds otherwise from Python 3.12 on."""
    total = 0.0
    for m in part:
        total += counted[m]
    return total + counted[i]


Waiting = list[tuple[int, str, BatchOrder]]  # (slack, order id, order)


def in_turn(snapshot: BatchingSnapshot) -> tuple[Waiting, list[Rejection]]:
    """The orders by (slack, order), and those that no batch can take because a size that a limit needs is unknown."""
    now = snapshot.now_ms
    weighs, measures = snapshot.max_mass_kg < inf, snapshot.max_volume_l < inf
    waiting: Waiting = []
    rejected: list[Rejection] = []
    for o in snapshot.orders:
        if (weighs and o.mass_kg is None) or (measures and o.volume_l is None):
            missing = "mass_kg" if weighs and o.mass_kg is None else "volume_l"
            rejected.append(Rejection(subject=o.order, code="unknown_size", detail=f"{missing} is unknown"))
        else:
            waiting.append((o.cutoff_at_ms - now - o.work_ms, o.order, o))
    waiting.sort(key=seen(_turn, lambda row: row[1]))
    rejected.sort(key=lambda r: r.subject)
    return waiting, rejected


def _turn(row: tuple[int, str, BatchOrder]) -> tuple[int, str]:
    return row[:2]
