"""What commands did to places: aisles that were closed, and how many benches a station works with."""

from __future__ import annotations

from collections.abc import Mapping

from twin.events.names import Names
from visualizer.stored.ground import Ground
from visualizer.stored.growing import Array

FOR_EVER_MS = 1 << 62
OF_BENCHES = ("set_benches", "open_station", "close_station")


class Commanded:
    """Takes the commands that were done, in order; answers for any event by its number, its row."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.closures: list[tuple[int, int, int]] = []
        """(row, aisle, time it opens again): an aisle that was closed, or opened."""
        self._benches: list[tuple[int, int, int | None]] = []

    def add(self, given: Mapping[str, Array], at_ms: Array, names: Names) -> None:
        """Commands behind the last; `at_ms`: the time of each event of the store."""
        columns = ("row", "action", "status", "location", "station", "value", "duration_ms")
        for row, action, status, location, station, value, lasts_ms in zip(
            *(given[column].tolist() for column in columns), strict=True
        ):
            what = names.name(action)
            if names.name(status) == "refused":
                continue
            if what in ("block_aisle", "unblock_aisle"):
                since = int(at_ms[row])
                until = since if what == "unblock_aisle" else since + lasts_ms if lasts_ms > 0 else FOR_EVER_MS
                aisle = self._named(names.name(location), self._ground.aisle_of)
                if aisle >= 0:
                    self.closures.append((row, aisle, until))
            elif what in OF_BENCHES:
                which = self._named(names.name(station), self._ground.station_of)
                if which >= 0:
                    planned = self._ground.stations[which].benches
                    benches = value if what == "set_benches" else planned if what == "open_station" else 0
                    self._benches.append((row, which, benches))

    def _named(self, called: str | None, places: Mapping[str, int]) -> int:
        """A place as a person names it, with or without its site; -1 if there is none."""
        if called is None:
            return -1
        names = (called, *(f"{site}/{called}" for site in self._ground.sites))
        return next((places[name] for name in names if name in places), -1)

    def benches(self, station: int, row: int) -> int | None:
        """How many benches a station works with, as commands up to a row have it; None for unlimited."""
        ordered = [benches for at, which, benches in self._benches if which == station and at <= row]
        return ordered[-1] if ordered else self._ground.stations[station].benches

    def closed_at(self, at_ms: int, row: int) -> list[tuple[int, int]]:
        """Aisles that are closed at a time, each with the row of the command."""
        closed = {aisle: (at, until) for at, aisle, until in self.closures if at <= row}
        return [(aisle, at) for aisle, (at, until) in sorted(closed.items()) if at_ms < until]
