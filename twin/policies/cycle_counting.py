"""Cycle counting: which locations are counted next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from twin.domain.ids import LocationId
from twin.policies.shape import Policy, Rules, Snapshot
from twin.policies.stable import stable_hash
from twin.policies.why import seen

DAY_MS = 86_400_000
Reason = Literal["negative", "exception", "zero", "threshold", "plan", "spot"]
RANK: dict[Reason, int] = {"negative": 0, "exception": 1, "zero": 2, "threshold": 3, "plan": 4, "spot": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCandidate:
    """A location with a reason to be counted. `due_at_ms`: last count + interval of its class, or when asked."""

    location: LocationId
    velocity: int
    due_at_ms: int
    book_units: int
    reason: Reason
    value_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSnapshot(Snapshot):
    """All candidates, and how many counts there are hands for."""

    candidates: tuple[CountCandidate, ...]
    max_counts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRules(Rules):
    """interval_days: per velocity class, A first."""

    interval_days: tuple[int, ...] = (30, 90, 180)
    threshold_units: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CountProgramme:
    """counts: (location, reason), in order. `left_over`: locations that wait, each counted once."""

    counts: tuple[tuple[LocationId, str], ...]
    left_over: int


def programme(
    snapshot: CountSnapshot,
    key: Callable[[CountCandidate], Any],
    suits: Callable[[CountCandidate], bool] = lambda candidate: True,
) -> CountProgramme:
    """The first `max_counts` locations by the key; a location with several reasons is counted once, for the first."""
    reasons: dict[LocationId, str] = {}
    for candidate in sorted([c for c in snapshot.candidates if suits(c)], key=seen(key, lambda c: c.location)):
        reasons.setdefault(candidate.location, candidate.reason)
    counts = tuple(reasons.items())[: max(0, snapshot.max_counts)]
    waiting = len({c.location for c in snapshot.candidates}) - len(counts)
    return CountProgramme(counts=counts, left_over=waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionsFirst:
    """A negative book, then exceptions, zeros, thresholds, the plan, spot counts; inside each what is due first."""

    rules: CountRules = CountRules()

    def __call__(self, snapshot: CountSnapshot, /) -> CountProgramme:
        return programme(snapshot, lambda c: (RANK[c.reason], c.due_at_ms, c.location))


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcPlan:
    """Only what the plan has due by now, longest due first."""

    rules: CountRules = CountRules()

    def __call__(self, snapshot: CountSnapshot, /) -> CountProgramme:
        return programme(
            snapshot,
            lambda c: (c.due_at_ms, c.location),
            lambda c: c.reason == "plan" and c.due_at_ms <= snapshot.now_ms,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Only where a pick left fewer than `threshold_units`."""

    rules: CountRules = CountRules()

    def __call__(self, snapshot: CountSnapshot, /) -> CountProgramme:
        return programme(
            snapshot,
            lambda c: (c.due_at_ms, c.location),
            lambda c: c.reason == "threshold" and c.book_units < self.rules.threshold_units,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroConfirm:
    """Only where the book predicts that a pick left nothing; the picker confirms "empty"."""

    rules: CountRules = CountRules()

    def __call__(self, snapshot: CountSnapshot, /) -> CountProgramme:
        return programme(snapshot, lambda c: (c.due_at_ms, c.location), lambda c: c.reason == "zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Any location, in the order of a stable hash of (location, day)."""

    rules: CountRules = CountRules()

    def __call__(self, snapshot: CountSnapshot, /) -> CountProgramme:
        day = str(snapshot.now_ms // DAY_MS)
        return programme(snapshot, lambda c: (stable_hash(c.location, day), c.location, RANK[c.reason]))


CYCLE_COUNTING: dict[str, type[Policy[CountSnapshot, CountProgramme]]] = {
    "exceptions_first": ExceptionsFirst,
    "abc_plan": AbcPlan,
    "threshold": Threshold,
    "zero_confirm": ZeroConfirm,
    "spot": Spot,
}
