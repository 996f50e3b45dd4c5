"""Opening stock from a few numbers: faces where the slotting policy puts them, pallets in reserve behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil, inf
from typing import Any, cast

from twin.domain import draws
from twin.domain.errors import SpecError
from twin.domain.goods import Lot, OpeningStock, Sku
from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, SkuId
from twin.policies.named import chain, name_of
from twin.policies.slotting import Home, SkuDemand, SlottingPlan, SlottingSnapshot
from twin.space.plan import FloorPlan, Location
from twin.space.travel import TravelGraph
from twin.spec.goods import OpeningStockGeneratorSpec, OpeningStockSpec
from twin.spec.together import Together, nothing_together

Skus = Mapping[tuple[OwnerId, SkuId], Sku]
Rooms = dict[tuple[str, bool], float]
"""Litres of the roomiest pick location by (storage class, secure)."""
ENDLESS_UNITS = 1_000_000
ALERT_DAYS, REMOVE_DAYS = 14, 3
"""Warned of, and taken off sale, so many days before a lot expires (assumption)."""


def generated_stock(
    opening: OpeningStockSpec,
    slotting: Any,
    plan: FloorPlan,
    graph: TravelGraph,
    skus: Skus,
    seed: int,
    together: Together = nothing_together,
) -> tuple[tuple[OpeningStock, ...], tuple[Lot, ...]]:
    """Faces and reserve of one site; SpecError when the SKUs do not fit."""
    spec = opening.generate or OpeningStockGeneratorSpec()
    depot = plan.depots[0]
    distance = {x.location: graph.distance_mm(depot, x.location) for x in plan.locations}
    faces_at = [x for x in plan.locations if x.use == "pick"]
    reserve_at = sorted(
        (x for x in plan.locations if x.use == "reserve"), key=lambda x: (distance[x.location], x.location)
    )
    rooms: Rooms = {}
    for x in faces_at:
        rooms[x.storage, x.secure] = max(rooms.get((x.storage, x.secure), 0.0), x.volume_l)
    homes = _homes(spec, slotting, faces_at, rooms, distance, skus, together)
    lots = [lot for sku in skus.values() for lot in _lots(sku, spec.lots_per_sku)]
    lots_of: dict[tuple[OwnerId, SkuId], list[Lot]] = {}
    for lot in lots:
        lots_of.setdefault((lot.owner, lot.sku), []).append(lot)
    rows: list[OpeningStock] = []
    for key, locations in homes.items():
        sku = skus[key]
        most = _face_max(spec, sku, rooms, with_reserve=bool(reserve_at))
        first = lots_of.get(key)
        for location in locations:
            rows.append(
                _row(
                    plan,
                    location,
                    sku,
                    ENDLESS_UNITS if spec.endless else most,
                    seed,
                    spec,
                    lot=first[0].lot if first else None,
                    face=True,
                    min_units=0 if spec.endless or not reserve_at else ceil(spec.refill_below_share * most),
                    max_units=ENDLESS_UNITS if spec.endless else most,
                )
            )
    if reserve_at and not spec.endless:
        rows += _reserve(spec, plan, reserve_at, skus, lots_of, seed)
    return tuple(rows), tuple(lots)


def _homes(
    spec: OpeningStockGeneratorSpec,
    slotting: Any,
    faces_at: list[Location],
    rooms: Rooms,
    distance: Mapping[LocationId, int],
    skus: Skus,
    together: Together,
) -> dict[tuple[OwnerId, SkuId], list[LocationId]]:  # fmt: skip
    from pydantic import BaseModel

    parts = {"name", "rules", "owners"}
    form = [
        entry.model_dump(include=parts) if isinstance(entry, BaseModel) else entry
        for entry in (slotting if isinstance(slotting, tuple) else (slotting,))
    ]
    policy = chain("slotting", form)
    # counting pairs takes a second on a year of orders: only for those that read them
    pairs = together() if {"affinity", "optimised"} & set(name_of(policy, "slotting").split(" > ")) else ()
    homes: dict[tuple[OwnerId, SkuId], list[LocationId]] = {}
    free = list(faces_at)
    for _ in range(spec.faces_per_sku):
        snapshot = SlottingSnapshot(
            now_ms=0, book_version=0,
            demand=tuple(
                SkuDemand(
                    owner=s.owner, sku=s.sku, lines_per_day=s.lines_per_day, units_per_day=s.units_per_day,
                    litres_at_max=_face_max(spec, s, rooms, with_reserve=True) * s.volume_l, home=None,
                    storage=s.storage,
                    secure=s.secure,
                )
                for s in skus.values()
            ),
            homes=tuple(
                Home(
                    location=x.location, walk_mm=distance[x.location], x_mm=x.x_mm, y_mm=x.y_mm, free_l=x.volume_l,
                    kind=x.kind, storage=x.storage, secure=x.secure, taken_by=None,
                )
                for x in free
            ),
            together=pairs,
        )  # fmt: skip
        plan_found: SlottingPlan = cast(Any, policy)(snapshot)
        for owner, sku, location in plan_found.homes:
            homes.setdefault((owner, sku), []).append(location)
        taken = {location for _, _, location in plan_found.homes}
        free = [x for x in free if x.location not in taken]
    homeless = [k for k in skus if k not in homes]
    if homeless:
        words = ", ".join(f"{sku} ({_class_of(skus[owner, sku])})" for owner, sku in homeless[:3])
        raise SpecError(
            f"opening_stock: {len(homeless)} of {len(skus)} SKUs find no pick location that fits them, the first are "
            f"{words}; the site has {len(faces_at)} pick locations: add aisles or check zones, volume, class"
        )
    return homes


def _class_of(sku: Sku) -> str:
    return f"{sku.storage}, secure" if sku.secure else sku.storage


def _face_max(spec: OpeningStockGeneratorSpec, sku: Sku, rooms: Rooms, *, with_reserve: bool) -> int:
    """Units of the cover in whole packs, at most what the roomiest pick location of the SKU's class holds."""
    days = spec.face_cover_days + (0.0 if with_reserve else spec.reserve_cover_days)
    units = max(spec.face_min_units, ceil(sku.units_per_day * days))
    packs = ceil(units / sku.units_per_pack) * sku.units_per_pack
    room = rooms.get((sku.storage, sku.secure), 0.0)
    if sku.volume_l <= 0 or room == inf:
        return packs
    return max(1, min(packs, int(room / sku.volume_l)))


def _lots(sku: Sku, count: int) -> Iterable[Lot]:
    if sku.shelf_life_days is None and count == 1:
        return
    for k in range(count):
        expires = None if sku.shelf_life_days is None else max(1, sku.shelf_life_days * (k + 1) // count)
        yield Lot(
            owner=sku.owner, sku=sku.sku, lot=LotId(f"{sku.sku}-L{k + 1}"), expires_on_day=expires,
            remove_on_day=None if expires is None else max(0, expires - REMOVE_DAYS),
            alert_on_day=None if expires is None else max(0, expires - ALERT_DAYS),
        )  # fmt: skip


def _reserve(
    spec: OpeningStockGeneratorSpec, plan: FloorPlan, reserve_at: list[Location], skus: Skus,
    lots_of: Mapping[tuple[OwnerId, SkuId], list[Lot]], seed: int,
) -> list[OpeningStock]:  # fmt: skip
    """Pallets of the fastest SKUs nearest; a place takes pallets of one SKU unless its zone mixes."""
    room = {x.location: x.handling_unit_places for x in reserve_at}
    by_class: dict[tuple[str, bool], list[Location]] = {}
    for x in reserve_at:
        by_class.setdefault((x.storage, x.secure), []).append(x)
    at: dict[tuple[str, bool], int] = dict.fromkeys(by_class, 0)
    rows: list[OpeningStock] = []
    short: Counter[tuple[str, bool]] = Counter()
    for sku in sorted(skus.values(), key=lambda s: (-s.units_per_day, s.owner, s.sku)):
        units = sku.units_per_day * spec.reserve_cover_days
        pallets = ceil(units / sku.units_per_pallet) if units > 0 else 0
        lots = lots_of.get((sku.owner, sku.sku), [])
        kind = (sku.storage, sku.secure)
        places = by_class.get(kind, [])
        for n in range(pallets):
            while at.get(kind, 0) < len(places) and room[places[at[kind]].location] == 0:
                at[kind] += 1
            if at.get(kind, 0) >= len(places):
                short[kind] += 1
                continue
            place = places[at[kind]]
            room[place.location] -= 1
            lot = lots[n % len(lots)].lot if lots else None
            lpn = Lpn(f"{plan.site}/{sku.owner}-{sku.sku}-P{n + 1:03d}")
            rows.append(_row(plan, place.location, sku, sku.units_per_pallet, seed, spec, lot=lot, face=False, lpn=lpn))
            if place.mix in ("same_sku", "same_lot", "empty_only") and n == pallets - 1:
                at[kind] += 1
    if short:
        places_of = {kind: sum(x.handling_unit_places for x in there) for kind, there in by_class.items()}
        told = [
            f"{lacking} {storage}{' secure' if secure else ''} "
            f"(reserve zones have {places_of.get((storage, secure), 0)} such places)"
            for (storage, secure), lacking in sorted(short.items())
        ]
        raise SpecError(
            f"opening_stock: {short.total()} reserve pallets find no place: {', '.join(told)}: lower "
            "reserve_cover_days, raise units_per_pallet or handling_unit_places, or add aisles"
        )
    return rows


def _row(
    plan: FloorPlan, location: LocationId, sku: Sku, units: int, seed: int, spec: OpeningStockGeneratorSpec, *,
    lot: LotId | None, face: bool, lpn: Lpn | None = None, min_units: int = 0, max_units: int = 0,
) -> OpeningStock:  # fmt: skip
    """A stock line; where the book is not right, the floor differs by up to a fifth, at least one unit."""
    floor = units
    name = lpn or location
    if not spec.endless and draws.draw(seed, "book_right", name) >= spec.book_right:
        off = 1 + int(draws.draw(seed, "book_wrong_by", name) * units / 5)
        floor = max(0, units - off if draws.draw(seed, "book_wrong_sign", name) < 0.5 else units + off)
    return OpeningStock(
        site=plan.site, location=location, owner=sku.owner, sku=sku.sku, lot=lot, lpn=lpn, book_units=units,
        floor_units=floor, received_at_ms=-86_400_000, fixed_face=face, min_units=min_units, max_units=max_units,
    )  # fmt: skip
