"""Which of a subaisle's prices holds in a closed tour: that depends only on whether its two crossings are touched.

The effects of `frontier.CLOSED` that lead from one state to the same other one are folded into one move, whose price is
the least of theirs. No effect is lost, and far fewer moves are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from twin.policies.routing.frontier_states import FREE, ODD, Effect, State

# crossings touched before the subaisle is walked, and what is added
NONE, FRONT, BACK, BOTH = 0, 1, 2, 3  # none touched before: nothing, the front one, the back one, both
ALSO_FRONT, ALSO_BACK = 4, 5  # the other one touched before
STAYS, STAYS_FRONT, STAYS_BACK = 6, 7, 8  # nothing added: both, only the front one, only the back one touched before
CROSSED, CROSSED_TWICE = 9, 10
FOLDED = 11


def folded(state: State, k: int, effect: Effect) -> int | None:
    """The move of an effect between crossings k and k + 1; None if the crossings hang together anyhow."""
    front, back, joins = effect
    if front == ODD:
        return CROSSED
    if joins:
        return None if state[k] and state[k] >> 1 == state[k + 1] >> 1 else CROSSED_TWICE
    added = int(front != FREE and not state[k]) + 2 * int(back != FREE and not state[k + 1])
    if added:
        if not state[k] and not state[k + 1]:
            return added
        return ALSO_FRONT if added == FRONT else ALSO_BACK
    if state[k]:
        return STAYS if state[k + 1] else STAYS_FRONT
    return STAYS_BACK if state[k + 1] else NONE


def folded_prices(of_effect: Sequence[int]) -> list[int]:
    """The price of every folded move, of those of the effects of CLOSED."""
    nothing, front, back, both, twice, once = of_effect
    return [
        nothing, front, back, both, min(front, both), min(back, both), min(nothing, front, back, both),
        min(nothing, front), min(nothing, back), once, twice,
    ]  # fmt: skip
