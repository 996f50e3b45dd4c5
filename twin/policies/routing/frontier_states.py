"""The states of a tour that is built aisle by aisle over several blocks, and how one becomes another.

What lies to the right of the built part sees only the crossings of the last aisle: whether a crossing is touched, with
an even or odd number of ways, and which touched crossings hang together. Ratliff & Rosenthal (1983) for two
cross-aisles, Roodbergen & de Koster (2001) for three; here for any number.

A subaisle may have to be walked twice for no other reason than to connect its crossings: with aisles at 0, 5, 35, 36
and 41, for one, and three blocks (a test has the stops).
"""

from __future__ import annotations

FREE, EVEN, ODD = 0, 1, 2
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
