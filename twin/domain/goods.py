"""What is stocked: SKUs and their lots."""

from __future__ import annotations

from dataclasses import dataclass

from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, Site, SkuId, StockStatus, StorageClass

LotKey = tuple[OwnerId, SkuId, LotId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """A kind of article stocked for one owner; looked up as (owner, sku)."""

    owner: OwnerId
    sku: SkuId
    mass_kg: float = 0.5
    volume_l: float = 1.0
    units_per_pack: int = 1
    units_per_pallet: int = 200
    storage: StorageClass = "ambient"
    secure: bool = False
    segregation: str | None = None
    shelf_life_days: int | None = None
    velocity: int = 1
    lines_per_day: float = 0.0
    units_per_day: float = 0.0


def velocity_of(rank: int, count: int) -> int:
    """The class of the rank-th (from 0) fastest SKU or nearest place of so many: a fifth is 1, up to half 2, else 3."""
    return 1 if rank < 0.2 * count else 2 if rank < 0.5 * count else 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A production lot of a SKU; days count midnights from the date of `start`."""

    owner: OwnerId
    sku: SkuId
    lot: LotId
    expires_on_day: int | None = None
    remove_on_day: int | None = None
    alert_on_day: int | None = None

    @property
    def key(self) -> LotKey:
        """What it is looked up by: two SKUs may have lots of one code."""
        return self.owner, self.sku, self.lot


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStock:
    """One stock line at the start: what the book believes and what the floor holds there."""

    site: Site
    location: LocationId
    owner: OwnerId
    sku: SkuId
    lot: LotId | None = None
    lpn: Lpn | None = None
    book_units: int
    floor_units: int
    status: StockStatus = "available"
    received_at_ms: int = 0
    fixed_face: bool = False
    min_units: int = 0
    max_units: int = 0
