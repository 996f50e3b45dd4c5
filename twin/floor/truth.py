"""What really lies where. Only hands move it, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.domain.errors import ConservationError
from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, SkuId


class Good(NamedTuple):
    """A kind of unit: owner, SKU and lot."""

    owner: OwnerId
    sku: SkuId
    lot: LotId | None


Pile = dict[Good, int]


class Truth:
    """Units by location and by handling unit. Every move takes from one pile and adds to another.

    What is in a closed carton stays as it is: it is kept as a row of kinds, then their units.
    """

    def __init__(self) -> None:
        self.places: dict[LocationId, Pile] = {}
        self.units_on: dict[Lpn, Pile] = {}
        self.closed: dict[Lpn, tuple[Any, ...]] = {}
        self._kinds: dict[Good, Good] = {}

    def at(self, location: LocationId, good: Good) -> int:
        """Units of a kind in a location."""
        pile = self.places.get(location)
        return pile.get(good, 0) if pile else 0

    def put(self, location: LocationId, good: Good, units: int) -> None:
        """Units come to stand in a location."""
        pile = self.places.get(location)
        if pile is None:
            pile = self.places[location] = {}
        pile[good] = pile.get(good, 0) + units

    def take(self, location: LocationId, good: Good, units: int) -> None:
        """Units leave a location."""
        pile = self.places[location]
        left = pile[good] - units
        if left < 0 or units < 0:
            raise ConservationError(f"{location} holds {pile[good]} of {good.sku}; {units} cannot be taken")
        if left:
            pile[good] = left
        else:
            del pile[good]

    def load(self, lpn: Lpn, good: Good, units: int) -> None:
        """Units go onto a handling unit."""
        pile = self.units_on.get(lpn)
        if pile is None:
            pile = self.units_on[lpn] = {}
        pile[good] = pile.get(good, 0) + units

    def unload(self, lpn: Lpn, good: Good, units: int) -> None:
        """Units come off a handling unit."""
        pile = self.units_on[lpn]
        left = pile[good] - units
        if left < 0 or units < 0:
            raise ConservationError(f"{lpn} carries {pile[good]} of {good.sku}; {units} cannot be taken")
        if left:
            pile[good] = left
        else:
            del pile[good]

    def close(self, old: Lpn, carton: Lpn) -> int:
        """All that a handling unit carries goes into a carton, which is closed; returns its units."""
        pile = self.units_on.pop(old, {})
        if carton in self.closed:
            raise ConservationError(f"{carton} is in use")
        one = self._kinds.setdefault
        self.closed[carton] = (*[one(good, good) for good in pile], *pile.values())
        return sum(pile.values())

    def gone(self, carton: Lpn) -> Iterator[tuple[Good, int]]:
        """A closed carton leaves the site: what is in it."""
        return _contents(self.closed.pop(carton))

    def totals(self) -> dict[Good, int]:
        """All units on the floor, in locations and on handling units."""
        total: dict[Good, int] = {}
        for piles in (self.places, self.units_on):
            for pile in piles.values():
                for good, units in pile.items():
                    total[good] = total.get(good, 0) + units
        for row in self.closed.values():
            for good, units in _contents(row):
                total[good] = total.get(good, 0) + units
        return total


def _contents(row: tuple[Any, ...]) -> Iterator[tuple[Good, int]]:
    kinds = len(row) // 2
    return zip(row[:kinds], row[kinds:], strict=True)
