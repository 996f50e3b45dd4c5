"""All moves between the states of `frontier_states`, as tables made once per number of cross-aisles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.policies.routing.folded import folded
from twin.policies.routing.frontier_states import CLOSED, OPEN, Effect, State, add, steps_on

NEVER = 1 << 50
Ints = NDArray[np.int64]


class Moves(NamedTuple):
    """All moves of one kind, sorted by the state they lead to; `kind` picks the cost of each.

    unreached: the states that no move leads to; arrive: per state the (state before, effect or way on) of each move to
    it, which `kind` is too, but for the subaisles of closed tours, whose moves are folded.
    """

    source: Ints
    kind: Ints
    starts: Ints
    unreached: Ints
    arrive: tuple[tuple[tuple[int, int], ...], ...]

    def cheapest(self, cost: Ints, cost_of_kind: Ints) -> Ints:
        """The least cost of every state after one move; an unreached state costs more than NEVER or anything."""
        tried = cost.take(self.source)
        tried += cost_of_kind.take(self.kind)
        after: Ints = np.minimum.reduceat(tried, self.starts)
        if len(self.unreached):
            after[self.unreached] = NEVER
        return after

    def choice(self, cost: Ints, cost_of: Sequence[int], state: int, reached: int) -> tuple[int, int]:
        """(state before, effect or way on) of the first move that reaches `state` at that cost."""
        at = cost.item
        for move in self.arrive[state]:
            if at(move[0]) + cost_of[move[1]] == reached:
                return move
        raise AssertionError("a cost comes from a move")


class Frontier(NamedTuple):
    """For one number of cross-aisles: the moves of each subaisle and those to the next aisle.

    ways_on: per kind of the moves to the next aisle, how often each cross-aisle is walked; times_on: all of them.
    """

    states: int
    effects: tuple[Effect, ...]
    subaisle: tuple[Moves, ...]
    onward: Moves
    ways_on: tuple[State, ...]
    times_on: tuple[int, ...]
    complete: Ints


@lru_cache(maxsize=16)
def frontier(crosses: int, open_ends: bool) -> Frontier:
    """The tables for `crosses` cross-aisles; with `open_ends` start and end may differ."""
    effects = OPEN if open_ends else CLOSED
    number: dict[State, int] = {(0,) * crosses: 0}
    pending: list[State] = [(0,) * crosses]
    by_subaisle: list[list[tuple[int, int, int]]] = [[] for _ in range(crosses - 1)]
    in_fold: list[list[tuple[int, int, int]]] = [[] for _ in range(crosses - 1)]
    onward: list[tuple[int, int, int]] = []
    patterns: dict[State, int] = {}

    def reach(state: State) -> int:
        if state not in number:
            number[state] = len(number)
            pending.append(state)
        return number[state]

    while pending:
        state = pending.pop()
        source = number[state]
        for k, moves in enumerate(by_subaisle):
            for kind, effect in enumerate(effects):
                target = reach(add(state, k, effect))
                moves.append((target, source, kind))
                of_fold = folded(state, k, effect)
                if of_fold is not None:
                    in_fold[k].append((target, source, of_fold))
        for ways, after in steps_on(state):
            kind = patterns.setdefault(ways, len(patterns))
            onward.append((reach(after), source, kind))
    complete = [i for state, i in number.items() if any(state) and all(label in (0, 2) for label in state)]
    looked_at = by_subaisle if open_ends else in_fold
    subaisles = [_moves(all_, some, len(number)) for all_, some in zip(by_subaisle, looked_at, strict=True)]
    return Frontier(
        len(number), effects, tuple(subaisles), _moves(onward, onward, len(number)), tuple(patterns),
        tuple([sum(ways) for ways in patterns]), np.array(complete, dtype=np.int64),
    )  # fmt: skip


def _moves(arriving: list[tuple[int, int, int]], looked_at: list[tuple[int, int, int]], states: int) -> Moves:
    arrive: list[list[tuple[int, int]]] = [[] for _ in range(states)]
    for target, source, kind in sorted(arriving):
        arrive[target].append((source, kind))
    table = np.array(sorted(set(looked_at)), dtype=np.int64)
    first = np.searchsorted(table[:, 0], np.arange(states))
    return Moves(
        table[:, 1].copy(), table[:, 2].copy(), np.minimum(first, len(table) - 1),
        np.array([state for state, moves in enumerate(arrive) if not moves], dtype=np.int64),
        tuple([tuple(moves) for moves in arrive]),
    )  # fmt: skip
