"""Aisles as the thing that blocks: so many people inside, the others wait at the entrance in turn.

A leaner resource than SimPy's: an aisle with room costs no event.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from simpy.events import Event as SimEvent

from twin.floor.clock import Clock


class Aisle:
    """Room for `capacity` people (None: unlimited); `closed` lets nobody in; `bounded`: it may block somebody."""

    __slots__ = ("_closures", "bounded", "capacity", "closed", "env", "inside", "name", "waiting")

    def __init__(self, env: Clock, name: str, capacity: int | None) -> None:
        self.env = env
        self.name = name
        self.capacity = capacity
        self.inside = 0
        self.closed = False
        self._closures = 0
        self.bounded = capacity is not None
        self.waiting: deque[SimEvent] = deque()

    def let_in(self) -> bool:
        """Go in if there is room and nobody waits; False: `queue`."""
        if self.closed or self.waiting or (self.capacity is not None and self.inside >= self.capacity):
            return False
        self.inside += 1
        return True

    def enter(self) -> None:
        """Go in; only where nothing is `bounded`."""
        self.inside += 1

    def queue(self) -> SimEvent:
        """Wait at the entrance; who is let in is counted as inside already."""
        event = self.env.event()
        self.waiting.append(event)
        return event

    def leave(self) -> None:
        """Come out; the next one waiting goes in."""
        self.inside -= 1
        if self.waiting:
            self._admit()

    def close(self) -> None:
        """Nobody enters any more, until each closure is lifted."""
        self._closures += 1
        self.closed = self.bounded = True

    def reopen(self) -> None:
        """Those who waited enter as far as there is room, if this was the last closure."""
        self._closures -= 1
        if self._closures > 0:
            return
        self.closed = False
        self.bounded = self.capacity is not None
        self._admit()

    def _admit(self) -> None:
        while self.waiting and not self.closed and (self.capacity is None or self.inside < self.capacity):
            self.inside += 1
            self.waiting.popleft().succeed()


def aisles_of(env: Clock, capacities: Iterable[tuple[str, int | None]]) -> dict[str, Aisle]:
    """All aisles of a plan by name."""
    return {name: Aisle(env, name, capacity) for name, capacity in capacities}
