"""Allocation: which stock serves an order line.

Hard filters first; a strategy only sorts what is left, and the take is greedy. What no stock serves is `short`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.policies.shape import Policy
from twin.policies.stock_filters import (
    NEVER,
    Allocation,
    AllocationRules,
    AllocationSnapshot,
    Reservation,
    StockLine,
    available,
    governing_day,
    refusal,
)
from twin.policies.stock_picks import (
    emptied_locations,
    fewest,
    full_units_then_partials,
    largest_packs,
    tail,
    take,
)

__all__ = [
    "ALLOCATION",
    "Allocation",
    "AllocationRules",
    "AllocationSnapshot",
    "Reservation",
    "StockLine",
    "available",
    "governing_day",
    "refusal",
    "tail",
    "take",
]


DEFAULTS = AllocationRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifo:
    """First in, first out; ties by fewer touches, pick order, id."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifo:
    """Last in, first out."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (-s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fefo:
    """First expired, first out; undated stock last; ties by fewer touches, pick order, id."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line, rules = snapshot.line, self.rules
        return take(snapshot, rules, key=lambda s: (governing_day(s, rules), s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lefo:
    """Last expired, first out; undated stock last all the same."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line, rules = snapshot.line, self.rules

        def key(stock: StockLine) -> tuple[object, ...]:
            day = governing_day(stock, rules)
            return (day if day == NEVER else -day, stock.received_at_ms, *tail(stock, line))

        return take(snapshot, rules, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictFifo:
    """First in, first out over the whole site: the tiers do not count."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (s.received_at_ms, *tail(s, line)), tiers=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFaceFirst:
    """The SKU's own pick face before any other location, then first in, first out."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (not s.fixed_face, s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactMatch:
    """Stock that holds exactly the units needed first, then first in, first out."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (available(s) != line.units, s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The stock nearest to the depot; by distance, not by name."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (s.distance_mm, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialFirst:
    """A need of a full unit or more: full units, then partial ones; a smaller need: partials, then break a full one."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(
            snapshot, self.rules, key=lambda s: (s.received_at_ms, *tail(s, line)), pick=full_units_then_partials
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePacks:
    """Whole packs, largest first; the rest only if `break_packs`."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (s.received_at_ms, *tail(s, line)), pick=largest_packs)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyLocation:
    """First in, first out, but only where the location becomes empty; the rest goes to the next rule of the chain."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: (s.received_at_ms, *tail(s, line)), pick=emptied_locations)


@dataclass(frozen=True, slots=True, kw_only=True)
class FewestStops:
    """As few stock lines as can be; among these the last leaves least behind."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        return take(snapshot, self.rules, key=lambda s: tail(s, line), pick=fewest)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLot:
    """Only the lot or handling unit that the line names, first in, first out; untracked stock never stands in."""

    rules: AllocationRules = DEFAULTS

    def __call__(self, snapshot: AllocationSnapshot, /) -> Allocation:
        line = snapshot.line
        rules = replace(self.rules, untracked_serves_lot=False) if self.rules.untracked_serves_lot else self.rules
        return take(snapshot, rules, key=lambda s: (s.received_at_ms, *tail(s, line)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLpn(NamedLot):
    """As `named_lot`: only the handling unit that the line names; it is never replaced, not even in an exception."""


ALLOCATION: dict[str, type[Policy[AllocationSnapshot, Allocation]]] = {
    "fifo": Fifo,
    "lifo": Lifo,
    "fefo": Fefo,
    "lefo": Lefo,
    "strict_fifo": StrictFifo,
    "fixed_face_first": FixedFaceFirst,
    "partial_first": PartialFirst,
    "whole_packs": WholePacks,
    "empty_location": EmptyLocation,
    "exact_match": ExactMatch,
    "fewest_stops": FewestStops,
    "nearest": Nearest,
    "named_lot": NamedLot,
    "named_lpn": NamedLpn,
}
