"""SKUs from a few numbers: velocity by Zipf, mass and volume drawn by SKU."""

from __future__ import annotations

import math

from twin.domain import draws
from twin.domain.goods import Sku, velocity_of
from twin.domain.ids import OwnerId, SkuId
from twin.spec.distributions import variate
from twin.spec.goods import AssortmentGeneratorSpec, DemandGeneratorSpec

Skus = dict[tuple[OwnerId, SkuId], Sku]
SPREAD = 0.5
"""Coefficient of variation of mass and volume between SKUs (assumption)."""


def generated_assortment(
    spec: AssortmentGeneratorSpec, owners: tuple[str, ...], seed: int, demand: DemandGeneratorSpec | None
) -> Skus:
    """`SKU00001` is the fastest. Owners take turns down the ranks."""
    weights = [(k + 1) ** -spec.velocity_exponent for k in range(spec.skus)]
    total = math.fsum(weights)
    lines, units_per_line = _lines_per_day(demand)
    mass, volume = variate(spec.mass_kg, SPREAD), variate(spec.volume_l, SPREAD)
    skus: Skus = {}
    for k, weight in enumerate(weights):
        name = SkuId(f"SKU{k + 1:05d}")
        owner = OwnerId(owners[k % len(owners)])
        share = weight / total
        where = draws.draw(seed, "storage_class", name)
        storage = spec.storage
        perishable = draws.draw(seed, "perishable", name) < spec.perishable_share
        skus[owner, name] = Sku(
            owner=owner, sku=name, mass_kg=mass.at(draws.draw(seed, "mass", name)),
            volume_l=volume.at(draws.draw(seed, "volume", name)), units_per_pack=spec.units_per_pack,
            units_per_pallet=spec.units_per_pallet,
            storage="frozen" if where < storage.frozen
            else "chilled" if where < storage.frozen + storage.chilled else "ambient",
            secure=draws.draw(seed, "secure", name) < spec.secure_share,
            shelf_life_days=spec.shelf_life_days if perishable else None,
            velocity=velocity_of(k, spec.skus), lines_per_day=lines * share,
            units_per_day=lines * share * units_per_line,
        )  # fmt: skip
    return skus


def _lines_per_day(demand: DemandGeneratorSpec | None) -> tuple[float, float]:
    if demand is None:
        return 100.0, 2.0
    if demand.orders_per_day is not None:
        orders = demand.orders_per_day
    elif demand.interarrival_s is not None:
        gap = variate(demand.interarrival_s, 1.0).mean
        orders = 86_400 / gap if gap else float(demand.backlog_orders)
    else:
        orders = float(demand.backlog_orders)
    if isinstance(demand.max_orders, int):
        orders = min(orders, float(demand.max_orders)) if orders else float(demand.max_orders)
    orders += demand.backlog_orders
    return (
        orders * max(1.0, variate(demand.lines_per_order, 0.0).mean),
        max(1.0, variate(demand.units_per_line, 0.0).mean),
    )
