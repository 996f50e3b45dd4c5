"""Staging lanes with so many places: a carton that finds none waits before the lane, a belt that ends there stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simpy.events import Event as SimEvent

from twin.domain.ids import LocationId, Lpn
from twin.events.catalogue import LaneFull
from twin.events.stream import Record
from twin.floor.clock import Clock


class Lane:
    """One lane. `stand(carton)`: it has come to its place, and is scanned there.

    Who waits for a place: cartons that were carried here, first come, first served; after them the belt.
    """

    def __init__(
        self, env: Clock, site: str, name: LocationId, places: int, record: Record,
        stand: Callable[[Lpn], None],
    ) -> None:  # fmt: skip
        self.env = env
        self.site = site
        self.name = name
        self.places = places
        self.record = record
        self.stand = stand
        self.standing: set[Lpn] = set()
        self.waiting: deque[Lpn] = deque()
        self._turned_away: Lpn | None = None
        self._room: SimEvent | None = None

    def carried(self, carton: Lpn) -> None:
        """A carton is here, in somebody's hands: it gets a place, or waits for one."""
        if self._is_free:
            self._take(carton)
        else:
            self._tell(carton)
            self.waiting.append(carton)

    def ridden(self, carton: Lpn) -> bool:
        """A carton is at the end of a belt; False: it stays there."""
        if self._is_free:
            self._take(carton)
            return True
        if carton != self._turned_away:
            self._turned_away = carton
            self._tell(carton)
        return False

    def room(self) -> SimEvent:
        """An event for the next place that nobody else waits for."""
        if self._room is None:
            self._room = self.env.event()
        return self._room

    def left(self, carton: Lpn) -> None:
        """A carton went into a trailer."""
        if carton not in self.standing:
            return
        self.standing.remove(carton)
        if self.waiting:
            self._take(self.waiting.popleft())
        elif self._room is not None:
            room, self._room = self._room, None
            room.succeed()

    @property
    def _is_free(self) -> bool:
        return len(self.standing) < self.places

    def _take(self, carton: Lpn) -> None:
        self.standing.add(carton)
        self.stand(carton)

    def _tell(self, carton: Lpn) -> None:
        self.record(LaneFull, self.env.now, self.site, self.name, carton)
