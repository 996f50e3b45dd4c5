"""Opening stock from a file: what the book says, and what the floor really holds where it differs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import get_args

from twin.domain.calendar import Calendar
from twin.domain.goods import Lot, LotKey, OpeningStock, Sku
from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, Site, SkuId, StockStatus
from twin.spec.delimited import columns_of, complain, read_table, whole, yes
from twin.spec.goods import CsvSpec

CANONICAL = (
    "location", "owner", "sku", "lot", "units", "floor_units", "status", "lpn", "received_at", "expires_on",
    "fixed_face", "min_units", "max_units",
)  # fmt: skip


def day_of(text: str, calendar: Calendar) -> int:
    """A date as midnights from the date of the start."""
    return (date.fromisoformat(text) - calendar.start.date()).days


def lot_of(owner: OwnerId, sku: SkuId, lot: LotId, expires: int | None) -> Lot:
    """A lot as a file tells of it."""
    return Lot(
        owner=owner, sku=sku, lot=lot, expires_on_day=expires, remove_on_day=expires, alert_on_day=expires
    )  # fmt: skip


def disagreement(known: Lot, expires: int | None, calendar: Calendar) -> list[str]:
    """What is wrong when a lot has another date than before."""
    if known.expires_on_day == expires:
        return []
    day = known.expires_on_day
    before = "has no date" if day is None else f"expires on {date.fromordinal(calendar.start.toordinal() + day)}"
    lot = f"lot {known.lot} of {known.sku}"
    return [f"expires_on: {lot} {before} in an earlier row or in stock; give other dates other lots"]


def read_opening_stock(
    spec: CsvSpec, *, site: str, locations: Collection[LocationId], skus: Mapping[tuple[OwnerId, SkuId], Sku],
    calendar: Calendar, owners: Sequence[str], lots: Iterable[Lot] = (),
) -> tuple[tuple[OpeningStock, ...], tuple[Lot, ...]]:  # fmt: skip
    """Stock lines and their lots; DataError lists all faults. `lots`: those in stock at other sites."""
    table = read_table(spec.csv, delimiter=spec.delimiter, encoding=spec.encoding)
    places = columns_of(table, CANONICAL, ("location", "sku", "units"), spec.columns)
    faults = list(table.faults)
    stands: dict[str, str] = {}
    rows: list[OpeningStock] = []
    known: dict[LotKey, Lot] = {lot.key: lot for lot in lots}
    for row, line in zip(table.rows, table.lines, strict=True):
        cells = {name: row[at] for name, at in places.items()}
        wrong: list[str] = []
        location = LocationId(cells["location"] if "/" in cells["location"] else f"{site}/{cells['location']}")
        if location not in locations:
            wrong.append(f"location: unknown {cells['location']!r}; a location of site {site} is needed")
        owner = OwnerId(cells.get("owner") or owners[0])
        key = (owner, SkuId(cells["sku"]))
        if key not in skus:
            wrong.append(f"sku: {cells['sku']!r} is not in the assortment of {owner}")
        numbers: dict[str, int] = {}
        for name, default in (("units", None), ("floor_units", None), ("min_units", 0), ("max_units", 0)):
            text = cells.get(name, "")
            value = whole(text) if text else (numbers["units"] if name == "floor_units" else default)
            if value is None or value < 0:
                wrong.append(f"{name}: a whole number of 0 or more is needed, got {text!r}")
            numbers[name] = max(0, value or 0)
        if 0 < numbers["max_units"] < numbers["min_units"]:
            wrong.append(f"max_units: must be >= min_units ({numbers['min_units']}), got {numbers['max_units']}")
        status = cells.get("status") or "available"
        if status not in get_args(StockStatus):
            wrong.append(f"status: one of {', '.join(get_args(StockStatus))} is needed, got {status!r}")
        received = 0
        if cells.get("received_at"):
            try:
                received = calendar.from_datetime(datetime.fromisoformat(cells["received_at"]))
            except (ValueError, TypeError):
                wrong.append(f"received_at: a local time as 2026-03-02T06:00 is needed, got {cells['received_at']!r}")
        expires: int | None = None
        if cells.get("expires_on"):
            try:
                expires = day_of(cells["expires_on"], calendar)
            except ValueError:
                wrong.append(f"expires_on: a date as 2026-04-30 is needed, got {cells['expires_on']!r}")
        lot = LotId(cells["lot"]) if cells.get("lot") else None
        if expires is not None and lot is None:
            wrong.append("expires_on: goods with a date need a lot")
        face = yes(cells.get("fixed_face", ""))
        if face is None:
            wrong.append(f"fixed_face: yes or no is needed, got {cells['fixed_face']!r}")
        lpn = cells.get("lpn", "")
        if lpn and stands.setdefault(lpn, location) != location:
            wrong.append(f"lpn: {lpn} stands in {stands[lpn]} already; one handling unit is in one location")
        if lot is not None and not wrong:
            told = lot_of(owner, key[1], lot, expires)
            wrong += disagreement(known.setdefault(told.key, told), expires, calendar)
        faults += [f"{table.path}:{line}: {w}" for w in wrong]
        if wrong:
            continue
        rows.append(
            OpeningStock(
                site=Site(site),
                location=location,
                owner=owner,
                sku=key[1],
                lot=lot,
                lpn=Lpn(lpn) if lpn else None,
                book_units=numbers["units"],
                floor_units=numbers["floor_units"],
                status=status,  # type: ignore[arg-type]
                received_at_ms=received,
                fixed_face=face is True,
                min_units=numbers["min_units"],
                max_units=numbers["max_units"] or (max(1, numbers["units"]) if face else 0),
            )
        )
    complain(faults)
    return tuple(rows), tuple(known.values())
