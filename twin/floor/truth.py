"""What really lies where. Only hands move it, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.domain.errors import ConservationError
from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, SkuId
from twin.floor.cartons import Carton


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    """A kind of unit: owner, SKU and lot. There is one record of each, `Truth.kind`, and no other equals it."""

    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    number: int = field(repr=False)


Pile = dict[Good, int]


class Truth:
    """Units by location, by handling unit and in closed cartons. Every move takes from one pile and adds to another."""

    def __init__(self) -> None:
        self.places: dict[LocationId, Pile] = {}
        self.units_on: dict[Lpn, Pile] = {}
        self._closed: dict[Lpn, bytes] = {}
        self._left: dict[int, int] = {}
        self._kinds: list[Good] = []
        self._known: dict[tuple[OwnerId, SkuId, LotId | None], Good] = {}

    def kind(self, owner: OwnerId, sku: SkuId, lot: LotId | None) -> Good:
        """The record of a kind."""
        good = self._known.get((owner, sku, lot))
        if good is None:
            good = self._known[owner, sku, lot] = Good(owner, sku, lot, len(self._kinds))
            self._kinds.append(good)
        return good

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

    def move(self, location: LocationId, lpn: Lpn, good: Good, units: int) -> bool:
        """`take` and `load` at once; False, and nothing is moved, if the location holds less."""
        pile = self.places.get(location)
        left = pile.get(good, 0) - units if pile else -1
        if pile is None or left < 0:
            return False
        if left:
            pile[good] = left
        else:
            del pile[good]
        loaded = self.units_on.get(lpn)
        if loaded is None:
            loaded = self.units_on[lpn] = {}
        loaded[good] = loaded.get(good, 0) + units
        return True

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

    def close(self, old: Lpn, carton: Lpn, *, order: str, number: int, label: str, load_ms: int | None) -> int:
        """All that a handling unit carries goes into a carton, which is closed; returns its units."""
        pile = self.units_on.pop(old, {})
        if carton in self._closed:
            raise ConservationError(f"{carton} is in use")
        row = (*[good.number for good in pile], *pile.values())
        self._closed[carton] = Carton(order, number, label, load_ms, row).put()
        return sum(pile.values())

    def closed(self, carton: Lpn) -> Carton:
        """A carton that is closed and has not left."""
        return Carton.of(self._closed[carton])

    def leaves(self, carton: Lpn) -> Carton:
        """A carton leaves the site, and with it what is in it."""
        gone, left = Carton.of(self._closed.pop(carton)), self._left
        for kind, units in gone.contents:
            left[kind] = left.get(kind, 0) + units
        return gone

    @property
    def left(self) -> dict[Good, int]:
        """All units that have left in cartons."""
        return {self._kinds[kind]: units for kind, units in self._left.items()}

    def totals(self) -> dict[Good, int]:
        """All units on the floor, in locations and on handling units."""
        total: dict[Good, int] = {}
        for piles in (self.places, self.units_on):
            for pile in piles.values():
                for good, units in pile.items():
                    total[good] = total.get(good, 0) + units
        for kept in self._closed.values():
            for kind, units in Carton.of(kept).contents:
                good = self._kinds[kind]
                total[good] = total.get(good, 0) + units
        return total
