"""Pack stations: benches side by side, one queue in front of them, first come, first served."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simpy.events import Event as SimEvent

from twin.domain.ids import LocationId, Lpn
from twin.events.catalogue import StationArrived
from twin.events.stream import Record
from twin.floor.clock import Clock


class Station:
    """The queue of a pack station.

    `benches` None: as many as packers come, 0: closed; `places` bounds the queue before busy benches.
    """

    def __init__(
        self, env: Clock, site: str, name: LocationId, benches: int | None, places: int | None,
        record: Record, wake: Callable[[], None],
    ) -> None:  # fmt: skip
        self.env = env
        self.site = site
        self.name = name
        self.planned_benches = benches
        self.benches = benches
        self.places = places
        self.record = record
        self.wake = wake
        self.queue: deque[tuple[Lpn, str, int]] = deque()
        self.busy = 0
        self._room: SimEvent | None = None

    def arrive(self, tote: Lpn, order: str) -> bool:
        """A tote joins the queue; False when there is no place for it."""
        if self.places is not None and self.benches is not None:
            free = max(0, self.benches - self.busy)
            if len(self.queue) >= self.places + free:
                return False
        self.record(StationArrived, self.env.now, self.site, self.name, tote, order)
        self.queue.append((tote, order, self.env.now))
        self.wake()
        return True

    def room(self) -> SimEvent:
        """An event for the next place that comes free."""
        if self._room is None:
            self._room = self.env.event()
        return self._room

    @property
    def has_work(self) -> bool:
        """A tote waits and a bench is free."""
        return bool(self.queue) and (self.benches is None or self.busy < self.benches)

    def work_with(self, benches: int | None) -> None:
        """From now on so many benches; what is under way is finished."""
        self.benches = benches
        self._make_room()
        for _ in self.queue:
            self.wake()

    def _make_room(self) -> None:
        if self._room is not None:
            room, self._room = self._room, None
            room.succeed()

    def begin(self) -> tuple[Lpn, str, int]:
        """Take the next tote to a bench: (tote, order, arrived_at_ms)."""
        self.busy += 1
        first = self.queue.popleft()
        self._make_room()
        return first

    def end(self) -> None:
        """The bench is free again."""
        self.busy -= 1
        self._make_room()
        if self.queue:
            self.wake()
