"""Orders, and the advance notices of goods that come in."""

from __future__ import annotations

from dataclasses import dataclass

from twin.domain.ids import (
    CarrierId,
    CustomerId,
    LineId,
    LotId,
    Lpn,
    OrderId,
    OwnerId,
    ShipRule,
    Site,
    SkuId,
    StorageClass,
    SupplierId,
    TrailerId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """Units of one SKU that an order asks for; the row that promising and allocation see."""

    line: LineId
    order: OrderId
    sku: SkuId
    units: int
    owner: OwnerId
    ship_rule: ShipRule = "partial"
    lot: LotId | None = None
    lpn: Lpn | None = None
    single_lot: bool = False
    whole_packs_only: bool = False
    min_days_left: int = 0
    storage: StorageClass = "ambient"
    cleared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A customer's order as it reaches the WMS. Lower `priority` is more urgent; `due_at_ms` None: no date asked."""

    order: OrderId
    site: Site
    owner: OwnerId
    customer: CustomerId
    priority: int
    urgent: bool
    received_at_ms: int
    due_at_ms: int | None
    carrier: CarrierId
    batch: str | None
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsnLine:
    """One handling unit that a supplier announces: `units` on paper, `arrived_*` what really stands on the trailer."""

    lpn: Lpn
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    expires_on_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asn:
    """Advance shipping notice of one trailer."""

    trailer: TrailerId
    site: Site
    supplier: SupplierId
    announced_at_ms: int
    expected_at_ms: int
    lines: tuple[AsnLine, ...]
