"""Sortation: where a handling unit leaves the sorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from twin.domain.ids import Lpn
from twin.policies.shape import Policy, Rules, Snapshot
from twin.policies.why import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Chute:
    """An exit of the sorter, or a place of a put wall. `bound_to`: the route or order that it is kept for."""

    chute: str
    rank: int
    load: int
    capacity: int
    bound_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortationSnapshot(Snapshot):
    """A handling unit before the exits. lpn None: no-read; target: route or order; rounds: those already made."""

    lpn: Lpn | None
    target: str | None
    rounds: int
    chutes: tuple[Chute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SortationRules(Rules):
    """max_rounds: rounds on the loop before the reject lane."""

    max_rounds: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Divert:
    """Exactly one of three: a chute, which is bound to the target from then on; another round; the reject lane."""

    chute: str | None
    again: bool
    reject_lane: bool


REJECTED = Divert(chute=None, again=False, reject_lane=True)


def has_room(chute: Chute) -> bool:
    """Is there room for one more?"""
    return chute.load < chute.capacity


def divert(
    snapshot: SortationSnapshot, rules: SortationRules, exits: Sequence[Chute], key: Callable[[Chute], Any]
) -> Divert:
    """The first exit with room by the key; if none has any, another round while one is left, then the reject lane."""
    roomy = [chute for chute in exits if has_room(chute)]
    if roomy:
        best = min(roomy, key=seen(key, lambda chute: chute.chute))
        return Divert(chute=best.chute, again=False, reject_lane=False)
    return Divert(chute=None, again=True, reject_lane=False) if snapshot.rounds < rules.max_rounds else REJECTED


def unreadable(snapshot: SortationSnapshot) -> bool:
    """A no-read, or a handling unit that nobody knows a target for."""
    return snapshot.lpn is None or snapshot.target is None


def bound(snapshot: SortationSnapshot) -> list[Chute]:
    """The exits kept for the target."""
    return [chute for chute in snapshot.chutes if chute.bound_to == snapshot.target]


def by_rank(chute: Chute) -> tuple[int, str]:
    """(rank, chute)."""
    return (chute.rank, chute.chute)


def by_load(chute: Chute) -> tuple[int, int, str]:
    """(load, rank, chute)."""
    return (chute.load, chute.rank, chute.chute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Each route has its chutes, best rank first; a route without one is unknown."""

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        exits = bound(snapshot)
        if unreadable(snapshot) or not exits:
            return REJECTED
        return divert(snapshot, self.rules, exits, by_rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamic:
    """The chute bound to the target, else the free one with the least load, bound until the order is complete.

    A full chute of its own is waited for: a second one would part the order.
    """

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        if unreadable(snapshot):
            return REJECTED
        free = [chute for chute in snapshot.chutes if chute.bound_to is None]
        return divert(snapshot, self.rules, bound(snapshot) or free, by_load)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutWall:
    """Each order has a place of the wall, the first that is free; a place is free when what lay there is packed."""

    rules: SortationRules = SortationRules()

    def __call__(self, snapshot: SortationSnapshot, /) -> Divert:
        if unreadable(snapshot):
            return REJECTED
        packed = [chute for chute in snapshot.chutes if chute.bound_to is None and chute.load == 0]
        return divert(snapshot, self.rules, bound(snapshot) or packed, by_rank)


SORTATION: dict[str, type[Policy[SortationSnapshot, Divert]]] = {
    "fixed": Fixed,
    "dynamic": Dynamic,
    "put_wall": PutWall,
}
