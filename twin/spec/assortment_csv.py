"""The assortment from a file, or derived from the order history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from twin.domain import draws
from twin.domain.goods import Sku, velocity_of
from twin.domain.ids import OwnerId, SkuId, StorageClass
from twin.spec.assortment import SPREAD, Skus
from twin.spec.delimited import columns_of, complain, read_table, whole, yes
from twin.spec.distributions import variate
from twin.spec.goods import AssortmentGeneratorSpec, CsvSpec
from twin.spec.orders_csv import SkuHistory

CANONICAL = (
    "sku", "owner", "mass_kg", "volume_l", "units_per_pack", "units_per_pallet", "storage", "secure", "segregation",
    "shelf_life_days", "lines_per_day", "units_per_day",
)  # fmt: skip
NUMBERS = {"mass_kg": 0.5, "volume_l": 1.0, "lines_per_day": 0.0, "units_per_day": 0.0}
COUNTS = {"units_per_pack": 1, "units_per_pallet": 200, "shelf_life_days": 0}


def read_assortment(spec: CsvSpec, owners: tuple[str, ...]) -> Skus:
    """SKUs of a file; only `sku` is needed. DataError lists all faults."""
    table = read_table(spec.csv, delimiter=spec.delimiter, encoding=spec.encoding)
    places = columns_of(table, CANONICAL, ("sku",), spec.columns)
    faults = list(table.faults)
    skus: Skus = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        cells = {name: row[at] for name, at in places.items()}
        found: dict[str, Any] = {}
        wrong: list[str] = []
        if not cells["sku"]:
            wrong.append("sku: an id is needed")
        owner = cells.get("owner") or owners[0]
        if owner not in owners:
            wrong.append(f"owner: unknown {owner!r}; there are: {', '.join(owners)}")
        for name, default in NUMBERS.items():
            found[name] = _number(cells.get(name, ""), default)
            if found[name] is None:
                wrong.append(f"{name}: a number of 0 or more is needed, got {cells[name]!r}")
        for name, count in COUNTS.items():
            text = cells.get(name, "")
            value = whole(text) if text else count
            if value is None or value < (0 if name == "shelf_life_days" else 1):
                wrong.append(f"{name}: a whole number above 0 is needed, got {text!r}")
            found[name] = value
        storage = cells.get("storage") or "ambient"
        if storage not in get_args(StorageClass):
            wrong.append(f"storage: ambient, chilled or frozen is needed, got {storage!r}")
        secure = yes(cells.get("secure", ""))
        if secure is None:
            wrong.append(f"secure: yes or no is needed, got {cells['secure']!r}")
        key = (OwnerId(owner), SkuId(cells["sku"]))
        if key in skus:
            wrong.append(f"sku: {cells['sku']!r} occurs twice")
        faults += [f"{table.path}:{line}: {w}" for w in wrong]
        if not wrong:
            found["shelf_life_days"] = found["shelf_life_days"] or None
            skus[key] = Sku(
                owner=key[0], sku=key[1], storage=storage,  # type: ignore[arg-type]
                secure=secure is True, segregation=cells.get("segregation") or None, **found,
            )  # fmt: skip
    complain(faults)
    return _with_velocity(skus)


def _with_velocity(skus: Skus) -> Skus:
    """Classes by lines per day, where the file tells of any; else all SKUs are alike."""
    if not any(sku.lines_per_day for sku in skus.values()):
        return skus
    ranked = sorted(skus, key=lambda key: (-skus[key].lines_per_day, key))
    velocity = {key: velocity_of(rank, len(ranked)) for rank, key in enumerate(ranked)}
    return {key: replace(sku, velocity=velocity[key]) for key, sku in skus.items()}


def _number(text: str, default: float) -> float | None:
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def assortment_from_history(
    history: Mapping[tuple[OwnerId, SkuId], SkuHistory], spec: AssortmentGeneratorSpec | None, seed: int
) -> Skus:
    """SKUs as the orders show them; what orders do not say (mass, volume, packs) is drawn by SKU: assumptions."""
    given = spec or AssortmentGeneratorSpec(skus=1)
    mass, volume = variate(given.mass_kg, SPREAD), variate(given.volume_l, SPREAD)
    ranked = sorted(history.items(), key=lambda kv: (-kv[1].lines, kv[0]))
    skus: Skus = {}
    for rank, ((owner, sku), past) in enumerate(ranked):
        skus[owner, sku] = Sku(
            owner=owner, sku=sku, mass_kg=mass.at(draws.draw(seed, "mass", sku)),
            volume_l=volume.at(draws.draw(seed, "volume", sku)), units_per_pack=given.units_per_pack,
            units_per_pallet=given.units_per_pallet,
            velocity=velocity_of(rank, len(ranked)),
            lines_per_day=past.lines / past.days, units_per_day=past.units / past.days,
        )  # fmt: skip
    return skus
