"""Putaway: where goods at hand go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, SkuId, StorageClass, Zone
from twin.policies.shape import Policy, PolicyError, Rejection, RejectionCode, Rules, Snapshot
from twin.policies.stable import stable_hash
from twin.policies.why import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLocation:
    """A place that might take goods. holds: (owner, SKU, lot, units); free_*: beside what is there and on its way."""

    location: LocationId
    zone: Zone
    kind: str
    blocked: bool
    storage: StorageClass
    secure: bool
    mix: Literal["any", "same_owner", "same_sku", "same_lot", "empty_only"]
    holds: tuple[tuple[OwnerId, SkuId, LotId | None, int], ...]
    free_kg: float
    free_l: float
    free_places: int
    height_mm: int
    coming_handling_units: int
    fixed_for: tuple[OwnerId, SkuId] | None
    velocity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PutawaySnapshot(Snapshot):
    """One handling unit and the places it may go to; both distances stand beside `candidates`."""

    lpn: Lpn
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    mass_kg: float
    volume_l: float
    height_mm: int
    handling_unit_kind: str
    storage: StorageClass
    secure: bool
    segregation: str | None
    velocity: int
    last_used: LocationId | None
    candidates: tuple[OpenLocation, ...]
    distance_mm: tuple[int, ...]
    face_distance_mm: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutawayRules(Rules):
    """kinds: handling unit kind -> location kinds in order."""

    kinds: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PutawayChoice:
    """`location` None: the goods stay staged and a person is asked (`no_location`)."""

    location: LocationId | None
    overflow: bool
    rejected: tuple[Rejection, ...]


Place = tuple[OpenLocation, int, int]
"""A place with its distance from the goods and from the SKU's pick face."""


def refusal(place: OpenLocation, snapshot: PutawaySnapshot) -> RejectionCode | None:
    """The first hard filter that the place fails, None if it may take the goods."""
    if place.blocked:
        return "location_blocked"
    if place.storage != snapshot.storage:
        return "temperature"
    article = (snapshot.owner, snapshot.sku)
    if snapshot.segregation is not None and any(row[:2] != article for row in place.holds):
        return "segregation"
    if place.secure != snapshot.secure:
        return "secure_zone"
    if not _mixes(place, snapshot):
        return "mixing"
    if snapshot.height_mm > place.height_mm:
        return "height"
    if snapshot.mass_kg > place.free_kg:
        return "mass"
    if snapshot.volume_l > place.free_l:
        return "volume"
    if place.free_places - place.coming_handling_units < 1:
        return "no_place"
    return None


def _mixes(place: OpenLocation, snapshot: PutawaySnapshot) -> bool:
    """Not where the place is fixed for another SKU, nor where it is empty and unlike goods may be on their way."""
    if place.fixed_for is not None and place.fixed_for != (snapshot.owner, snapshot.sku):
        return False
    if place.mix == "any":
        return True
    if not place.holds:
        return place.coming_handling_units == 0
    if place.mix == "empty_only":
        return False
    depth = {"same_owner": 1, "same_sku": 2, "same_lot": 3}[place.mix]
    wanted = (snapshot.owner, snapshot.sku, snapshot.lot)[:depth]
    return all(row[:depth] == wanted for row in place.holds)


def choose(
    snapshot: PutawaySnapshot,
    key: Callable[[Place], Any],
    suits: Callable[[OpenLocation], bool] = lambda place: True,
) -> PutawayChoice:
    """Filter, keep what suits the rule, take the least: the work that all strategies share."""
    if not len(snapshot.candidates) == len(snapshot.distance_mm) == len(snapshot.face_distance_mm):
        raise PolicyError(f"putaway of {snapshot.lpn}: distances must stand beside candidates, one for each")
    places: list[Place] = []
    rejected: list[Rejection] = []
    for row in zip(snapshot.candidates, snapshot.distance_mm, snapshot.face_distance_mm, strict=True):
        code = refusal(row[0], snapshot)
        if code is not None:
            rejected.append(Rejection(subject=row[0].location, code=code))
        elif suits(row[0]):
            places.append(row)
    rejected.sort(key=lambda r: r.subject)
    if not places:
        rejected.append(Rejection(subject=snapshot.lpn, code="no_location"))
        return PutawayChoice(location=None, overflow=False, rejected=tuple(rejected))
    key = seen(key, lambda row: row[0].location)
    return PutawayChoice(location=min(places, key=key)[0].location, overflow=False, rejected=tuple(rejected))


def tail(row: Place, snapshot: PutawaySnapshot) -> tuple[float, int, LocationId]:
    """Tightest fit first, then the shortest way, then the id."""
    place, distance_mm, _ = row
    return (place.free_l - snapshot.volume_l, distance_mm, place.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedLocation:
    """Only places fixed for this owner and SKU."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        article = (snapshot.owner, snapshot.sku)
        return choose(snapshot, lambda row: tail(row, snapshot), lambda place: place.fixed_for == article)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToExisting:
    """Only places that hold the SKU already, the lowest quantity first."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        def sku_units(place: OpenLocation) -> int:
            return sum([n for owner, sku, _, n in place.holds if (owner, sku) == (snapshot.owner, snapshot.sku)])

        return choose(
            snapshot,
            lambda row: (sku_units(row[0]), *tail(row, snapshot)),
            lambda place: any(row[:2] == (snapshot.owner, snapshot.sku) for row in place.holds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyLocation:
    """Only places that are empty and to which nothing is coming."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(
            snapshot,
            lambda row: tail(row, snapshot),
            lambda place: not place.holds and place.coming_handling_units == 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NearFace:
    """The place nearest to the SKU's pick face."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(snapshot, lambda row: (row[2], row[0].location))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBased:
    """A place of the SKU's velocity class, or of the class next to it; tightest fit first."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(snapshot, lambda row: (abs(row[0].velocity - snapshot.velocity), *tail(row, snapshot)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosestOpen:
    """The nearest place that may take the goods."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(snapshot, lambda row: (row[1], row[0].location))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByKind:
    """Only the location kinds listed for the handling unit's kind, in that order; all kinds if none is listed."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        kinds = dict(self.rules.kinds).get(snapshot.handling_unit_kind)
        if kinds is None:
            return choose(snapshot, lambda row: tail(row, snapshot))
        return choose(
            snapshot, lambda row: (kinds.index(row[0].kind), *tail(row, snapshot)), lambda place: place.kind in kinds
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUsed:
    """The place where this SKU went last, if it may take more."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(snapshot, lambda row: row[0].location, lambda place: place.location == snapshot.last_used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scattered:
    """Random storage without a random number: the least stable hash of (LPN, location)."""

    rules: PutawayRules = PutawayRules()

    def __call__(self, snapshot: PutawaySnapshot, /) -> PutawayChoice:
        return choose(snapshot, lambda row: (stable_hash(snapshot.lpn, row[0].location), row[0].location))


PUTAWAY: dict[str, type[Policy[PutawaySnapshot, PutawayChoice]]] = {
    "fixed_location": FixedLocation,
    "add_to_existing": AddToExisting,
    "empty_location": EmptyLocation,
    "near_face": NearFace,
    "class_based": ClassBased,
    "closest_open": ClosestOpen,
    "by_kind": ByKind,
    "last_used": LastUsed,
    "scattered": Scattered,
}
