"""The moves of `routing.frontier` laid out for many tours at once.

They are sorted into rounds: the first holds one move to every state, the second one more to each state that has two,
and so on, so that the states of a round are the first of the former round and whole rows are compared.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.policies.routing.folded import folded
from twin.policies.routing.frontier_states import CLOSED, State, add, steps_on

Ints = NDArray[np.int64]

Moves = set[tuple[State, State, int]]  # (state after, state before, kind)


class Rounds(NamedTuple):
    """The moves of one step. source: rows before, round after round; kind: the price of each; upto: ends of the rounds;
    unreached: rows after that no move leads to, whatever stands there."""

    source: Ints
    kind: Ints
    upto: tuple[int, ...]
    unreached: Ints

    @property
    def states(self) -> int:
        """How many rows there are after."""
        return self.upto[0]


class AisleMoves(NamedTuple):
    """Every step of one aisle; rows change places with each step.

    complete: rows of finished tours after the last subaisle; ways_on: per row of the next aisle, how often the
    cross-aisles between are walked in all.
    """

    subaisle: tuple[Rounds, ...]
    complete: Ints
    onward: Rounds
    ways_on: Ints


@lru_cache(maxsize=8)
def block_moves(crosses: int) -> tuple[AisleMoves, ...]:
    """The moves of the first aisle, which is begun in one row, of the second, and of all others, for closed tours.

    In the first aisles only few states are reached.
    """
    empty: State = (0,) * crosses
    first = _walked({empty})
    second = _walked(_after(first[-1]))
    everywhere = _reached(empty)
    others = _walked(everywhere)
    after_first, all_states = _most_reached(_after(first[-1]), first[-1]), _most_reached(everywhere, others[-1])
    rows, found = [empty], []
    for (*steps, onward), following in (first, after_first), (second, all_states), (others, all_states):
        laid_out: list[Rounds] = []
        for moves in steps:
            reached = _most_reached(_after(moves), moves)
            laid_out.append(_rounds(rows, reached, moves))
            rows = reached
        complete = [i for i, s in enumerate(rows) if any(s) and all(label in (0, 2) for label in s)]
        ways_on = [sum([2 - (label & 1) for label in s if label]) for s in following]
        found.append(
            AisleMoves(
                tuple(laid_out), np.array(complete, dtype=np.int64), _rounds(rows, following, onward),
                np.array(ways_on, dtype=np.int64),
            )
        )  # fmt: skip
        rows = following
    return tuple(found)


def _walked(states: set[State]) -> list[Moves]:
    """The moves of each subaisle of an aisle that is begun in these states, and last those to the next aisle."""
    steps: list[Moves] = []
    for k in range(len(next(iter(states))) - 1):
        moves: Moves = set()
        for state in states:
            for effect in CLOSED:
                kind = folded(state, k, effect)
                if kind is not None:
                    moves.add((add(state, k, effect), state, kind))
        steps.append(moves)
        states = _after(moves)
    return [*steps, {(after, state, 0) for state in states for _, after in steps_on(state)}]


def _after(moves: Moves) -> set[State]:
    return {after for after, _, _ in moves}


def _reached(empty: State) -> set[State]:
    """Every state of a tour that has begun."""
    seen, pending = {empty}, [empty]
    while pending:
        state = pending.pop()
        here = [add(state, k, e) for k in range(len(state) - 1) for e in CLOSED]
        for after in [*here, *[s for _, s in steps_on(state)]]:
            if after not in seen:
                seen.add(after)
                pending.append(after)
    return seen - {empty}


def _most_reached(states: set[State], moves: Moves) -> list[State]:
    """The states with most moves to them first."""
    count: dict[State, int] = defaultdict(int)
    for after, _, _ in moves:
        count[after] += 1
    return sorted(states, key=lambda s: (-count[s], s))


def _rounds(before: list[State], after: list[State], moves: Moves) -> Rounds:
    row = {state: i for i, state in enumerate(before)}
    into: dict[State, list[tuple[int, int]]] = defaultdict(list)
    for target, state, kind in sorted(moves):
        into[target].append((row[state], kind))
    source: list[int] = []
    kinds: list[int] = []
    upto: list[int] = []
    for turn in range(max(map(len, into.values()))):
        last = max([i for i, state in enumerate(after) if turn == 0 or len(into[state]) > turn])
        for target in after[: last + 1]:
            options = into[target] or [(0, 0)]
            from_row, kind = options[min(turn, len(options) - 1)]  # again the last where there are fewer
            source.append(from_row)
            kinds.append(kind)
        upto.append(len(source))
    unreached = [i for i, state in enumerate(after) if not into[state]]
    return Rounds(
        np.array(source, dtype=np.int64), np.array(kinds, dtype=np.int64), tuple(upto),
        np.array(unreached, dtype=np.int64),
    )  # fmt: skip
