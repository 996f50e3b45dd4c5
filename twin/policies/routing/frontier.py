"""The states of a tour that is built aisle by aisle over several blocks.

What lies to the right of the built part sees only the crossings of the last aisle: whether a crossing is touched, with
an even or odd number of ways, and which touched crossings hang together. Ratliff & Rosenthal (1983) for two
cross-aisles, Roodbergen & de Koster (2001) for three; here for any number, as tables made once per number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FREE, EVEN, ODD = 0, 1, 2
NEVER = 1 << 50
Ints = NDArray[np.int64]
State = tuple[int, ...]  # per crossing: 0 untouched, else 2 x piece + 1 if odd; pieces numbered from 1
Effect = tuple[int, int, bool]  # what a subaisle adds at its front and back crossing; whether it joins them

CLOSED: tuple[Effect, ...] = (
    (FREE, FREE, False),
    (EVEN, FREE, False),
    (FREE, EVEN, False),
    (EVEN, EVEN, False),
    (EVEN, EVEN, True),
    (ODD, ODD, True),
)
OPEN: tuple[Effect, ...] = (
    *CLOSED,
    (ODD, FREE, False),
    (FREE, ODD, False),
    (ODD, EVEN, False),
    (EVEN, ODD, False),
    (ODD, EVEN, True),
    (EVEN, ODD, True),
    (ODD, ODD, False),
)


class Moves(NamedTuple):
    """All moves of one kind, sorted by the state they lead to; `kind` picks the cost of each."""

    source: Ints
    kind: Ints
    targets: Ints
    starts: Ints

    def cheapest(self, cost: Ints, cost_of_kind: Ints) -> Ints:
        """The least cost of every state after one move."""
        after = np.full(len(cost), NEVER, dtype=np.int64)
        after[self.targets] = np.minimum(
            np.minimum.reduceat(cost[self.source] + cost_of_kind[self.kind], self.starts), NEVER
        )
        return after

    def choice(self, cost: Ints, cost_of_kind: Ints, state: int, reached: int) -> tuple[int, int]:
        """(state before, kind) of the first move that reaches `state` at that cost."""
        at = int(np.searchsorted(self.targets, state))
        first = int(self.starts[at])
        last = int(self.starts[at + 1]) if at + 1 < len(self.starts) else len(self.source)
        costs = cost[self.source[first:last]] + cost_of_kind[self.kind[first:last]]
        move = first + int(np.flatnonzero(costs == reached)[0])
        return int(self.source[move]), int(self.kind[move])


class Frontier(NamedTuple):
    """For one number of cross-aisles: the moves of each subaisle and those to the next aisle.

    ways_on: per kind of the moves to the next aisle, how often each cross-aisle is walked.
    """

    states: int
    effects: tuple[Effect, ...]
    subaisle: tuple[Moves, ...]
    onward: Moves
    ways_on: tuple[State, ...]
    complete: Ints


@lru_cache(maxsize=16)
def frontier(crosses: int, open_ends: bool) -> Frontier:
    """The tables for `crosses` cross-aisles; with `open_ends` start and end may differ."""
    effects = OPEN if open_ends else CLOSED
    number: dict[State, int] = {(0,) * crosses: 0}
    pending: list[State] = [(0,) * crosses]
    by_subaisle: list[list[tuple[int, int, int]]] = [[] for _ in range(crosses - 1)]
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
                moves.append((reach(add(state, k, effect)), source, kind))
        for ways, after in steps_on(state):
            kind = patterns.setdefault(ways, len(patterns))
            onward.append((reach(after), source, kind))
    complete = [i for state, i in number.items() if any(state) and all(label in (0, 2) for label in state)]
    return Frontier(
        len(number), effects, tuple([_moves(m) for m in by_subaisle]), _moves(onward), tuple(patterns),
        np.array(complete, dtype=np.int64),
    )  # fmt: skip


def add(state: State, k: int, effect: Effect) -> State:
    """The state after a subaisle between crossings k and k + 1 was given its ways."""
    labels = list(state)
    front, back, joins = effect
    for at, change, fresh in ((k, front, 98), (k + 1, back, 99)):
        if change and not labels[at]:
            labels[at] = 2 * fresh
        if change == ODD:
            labels[at] ^= 1
    if joins:
        keep, drop = labels[k] >> 1, labels[k + 1] >> 1
        labels = [2 * keep + (x & 1) if x >> 1 == drop else x for x in labels]
    return numbered(labels)


def steps_on(state: State) -> list[tuple[State, State]]:
    """Each way to walk on to the next aisle, as (times per cross-aisle, state there); no piece is left behind."""
    found: list[tuple[State, State]] = []
    pieces = {x >> 1 for x in state if x}
    loose = [k for k, x in enumerate(state) if x and not x & 1]
    for chosen in range(1 << len(loose)):
        ways = [x & 1 for x in state]
        for bit, k in enumerate(loose):
            if chosen >> bit & 1:
                ways[k] = 2
        if pieces and {x >> 1 for x, w in zip(state, ways, strict=True) if w} == pieces:
            after = numbered([x if w else 0 for x, w in zip(state, ways, strict=True)])
            found.append((tuple(ways), after))
    return found


def numbered(labels: list[int]) -> State:
    """The same state, its pieces numbered from the front."""
    names: dict[int, int] = {}
    return tuple([2 * names.setdefault(x >> 1, len(names) + 1) + (x & 1) if x else 0 for x in labels])


def _moves(rows: list[tuple[int, int, int]]) -> Moves:
    rows.sort()
    table = np.array(rows, dtype=np.int64)
    targets, starts = np.unique(table[:, 0], return_index=True)
    return Moves(table[:, 1].copy(), table[:, 2].copy(), targets, starts.astype(np.int64))
