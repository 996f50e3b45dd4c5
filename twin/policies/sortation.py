"""Sortation: where a handling unit leaves the sorter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.domain.ids import Lpn
from twin.policies.shape import Policy, Rules, Snapshot
from twin.policies.why import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Chute:
    """A chute of the sorter, or a place of the put wall. bound_to: the target it serves, None if it is free."""

    chute: str
    rank: int
    load: int
    capacity: int
    bound_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortationSnapshot(Snapshot):
    """lpn: None if nothing could be read; target: route or order; rounds: how often it has gone round already."""

    lpn: Lpn | None
    target: str | None
    rounds: int
    chutes: tuple[Chute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SortationRules(Rules):
    """max_rounds: rounds before a full chute means the reject lane."""

    max_rounds: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Divert:
    """One of three: out at a chute, round again, or the reject lane."""

    chute: str | None
    again: bool
    reject_lane: bool


REJECTED = Divert(chute=None, again=False, reject_lane=True)


def divert(snapshot: SortationSnapshot, rules: SortationRules, choose: Callable[[str], Chute | None]) -> Divert:
    """No-read and unknown target are rejected; a full chute means another round, in the end the reject lane."""
    if snapshot.lpn is None or snapshot.target is None:
        return REJECTED
    chute = choose(snapshot.target)
    if chute is None:
        return REJECTED
    if chute.load < chute.capacity:
        return Divert(chute=chute.chute, again=False, reject_lane=False)
    return Divert(chute=None, again=True, reject_lane=False) if snapshot.rounds < rules.max_rounds else REJECTED


def _least(chutes: list[Chute], by_load: bool) -> Chute | None:
    """The first by (full, load, rank, chute), or by (full, rank, chute)."""

    def key(c: Chute) -> tuple[bool, int, int, str]:
        return (c.load >= c.capacity, c.load if by_load else 0, c.rank, c.chute)

    return min(chutes, key=seen(key, lambda c: c.chute)) if chutes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The chute bound to the target by plan; of several the first by rank with room; none: the reject lane."""

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        bound = snapshot.chutes
        return divert(snapshot, self.rules, lambda to: _least([c for c in bound if c.bound_to == to], by_load=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamic:
    """The chute bound to the target, else the free one by (load, rank, chute), bound until the target is complete.

    No free chute: another round.
    """

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        return divert(snapshot, self.rules, lambda to: _bound_or_free(snapshot.chutes, to, by_load=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PutWall:
    """The place of the order, else the first free place by (rank, place); a place is free when its order is packed."""

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        return divert(snapshot, self.rules, lambda to: _bound_or_free(snapshot.chutes, to, by_load=False))


def _bound_or_free(chutes: tuple[Chute, ...], target: str, *, by_load: bool) -> Chute | None:
    """The target's own, else a free one; where all are bound to others, any of these stands for a full one."""
    own = [c for c in chutes if c.bound_to == target]
    if own:
        return _least(own, by_load)
    free = _least([c for c in chutes if c.bound_to is None], by_load)
    if free is not None or not chutes:
        return free
    return Chute(chute="", rank=0, load=0, capacity=0, bound_to=None)


SORTATION: dict[str, type[Policy[SortationSnapshot, Divert]]] = {
    "fixed": Fixed,
    "dynamic": Dynamic,
    "put_wall": PutWall,
}
