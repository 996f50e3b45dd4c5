"""Trailers that come in: announced pallets that restore what the demand takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from twin.domain import draws
from twin.domain.calendar import DAY_MS, Calendar, clock_ms, ms
from twin.domain.goods import Sku
from twin.domain.ids import LotId, Lpn, OwnerId, Site, SkuId, SupplierId, TrailerId
from twin.domain.orders import Asn, AsnLine
from twin.spec.distributions import variate
from twin.spec.goods import InboundGeneratorSpec, InboundSpec


@dataclass(frozen=True, slots=True)
class TrailerDue:
    """A supplier's trailer as it really comes."""

    trailer: str
    supplier: str
    arrives_at_ms: int
    pallets: int


def generated_asns(
    spec: InboundGeneratorSpec,
    site: str,
    skus: Mapping[tuple[OwnerId, SkuId], Sku],
    calendar: Calendar,
    horizon_ms: int,
) -> tuple[Asn, ...]:
    """Trailers at even times of the day; each pallet is of the SKU whose demand has waited longest for one."""
    per_day = round(spec.trailers_per_day)
    if per_day <= 0 or not skus:
        return ()
    first, last = clock_ms(spec.first), clock_ms(spec.last)
    night = last < first  # the last trailers come after midnight
    last += DAY_MS if night else 0
    gap = (last - first) // max(1, per_day - 1) if per_day > 1 else 0
    rows = list(skus.values())
    need = np.array([s.units_per_day / max(1, s.units_per_pallet) for s in rows])
    if need.sum() <= 0:
        need = np.ones(len(rows))
    credit = np.zeros(len(rows))
    asns = []
    for day in range(-1 if night else 0, calendar.day_of(horizon_ms) + 1):
        for turn in range(per_day):
            at = calendar.at_ms("00:00", day) + first + turn * gap
            if not 0 <= at < horizon_ms:
                continue
            trailer = f"{site}/in-{day}-{turn + 1}"
            lines = []
            for pallet in range(spec.pallets_per_trailer):
                credit += need
                k = int(credit.argmax())
                credit[k] -= need.sum()
                sku = rows[k]
                lpn = Lpn(f"{trailer}-P{pallet + 1:02d}")
                dated = sku.shelf_life_days is not None
                lines.append(
                    AsnLine(
                        lpn=lpn, owner=sku.owner, sku=sku.sku, lot=LotId(f"{lpn}-lot") if dated else None,
                        units=sku.units_per_pallet, expires_on_day=day + sku.shelf_life_days if dated else None,  # type: ignore[operator]
                    )
                )  # fmt: skip
            asns.append(
                Asn(
                    trailer=TrailerId(trailer),
                    site=Site(site),
                    supplier=SupplierId(f"supplier-{turn % 5 + 1}"),
                    announced_at_ms=at - ms(spec.announced_h_before * 3600),
                    expected_at_ms=at,
                    lines=tuple(lines),
                )
            )
    return tuple(asns)


def arrivals_of(asns: Iterable[Asn], inbound: InboundSpec, seed: int) -> tuple[TrailerDue, ...]:
    """When each announced trailer really comes."""
    late = variate(inbound.generate.lateness_min, 0.3) if inbound.generate is not None else None
    due = []
    for asn in asns:
        delay = 0 if late is None else ms(late.at(draws.draw(seed, "lateness", asn.trailer)) * 60)
        due.append(TrailerDue(asn.trailer, asn.supplier, max(0, asn.expected_at_ms + delay), len(asn.lines)))
    return tuple(due)
