"""Advance shipping notices from a file: one row per pallet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twin.domain.calendar import Calendar
from twin.domain.goods import Lot, LotKey, Sku
from twin.domain.ids import LotId, Lpn, OwnerId, Site, SkuId, SupplierId, TrailerId
from twin.domain.orders import Asn, AsnLine
from twin.spec.delimited import columns_of, complain, read_table, whole
from twin.spec.goods import InboundSpec
from twin.spec.orders_csv import moment_reader
from twin.spec.stock_csv import day_of, disagreement, lot_of

CANONICAL = (
    "trailer", "supplier", "expected_at", "announced_at", "lpn", "owner", "sku", "lot", "units", "expires_on",
)  # fmt: skip
NEEDED = ("trailer", "expected_at", "lpn", "sku", "units")


def read_asns(
    spec: InboundSpec, *, site: str, owners: tuple[str, ...], skus: Mapping[tuple[OwnerId, SkuId], Sku],
    calendar: Calendar, lots: Iterable[Lot] = (),
) -> tuple[Asn, ...]:  # fmt: skip
    """The trailers of a file by expected time; DataError lists all faults. `lots`: those in stock at the start."""
    assert spec.asns_csv is not None
    table = read_table(spec.asns_csv, delimiter=spec.delimiter, encoding=spec.encoding)
    places = columns_of(table, CANONICAL, NEEDED, spec.columns)
    moment = moment_reader(spec.date_format)
    faults = list(table.faults)
    known: dict[LotKey, Lot] = {lot.key: lot for lot in lots}
    trailers: dict[str, tuple[str, int, int, list[AsnLine]]] = {}
    seen: set[str] = set()
    for row, line in zip(table.rows, table.lines, strict=True):
        cells = {name: row[at] for name, at in places.items()}
        wrong: list[str] = []
        times: dict[str, int] = {}
        for name in ("expected_at", "announced_at"):
            text = cells.get(name, "")
            if text:
                try:
                    times[name] = calendar.from_datetime(moment(text))
                except ValueError:
                    wrong.append(
                        f"{name}: a local time as {spec.date_format or '2026-03-02T06:00'} is needed, got {text!r}"
                    )
            elif name == "expected_at":
                wrong.append("expected_at: a time is needed")
        owner = OwnerId(cells.get("owner") or owners[0])
        key = (owner, SkuId(cells["sku"]))
        if key not in skus:
            wrong.append(f"sku: {cells['sku']!r} is not in the assortment of {owner}")
        units = whole(cells["units"])
        if units is None or units <= 0:
            wrong.append(f"units: a whole number above 0 is needed, got {cells['units']!r}")
        if not cells["trailer"]:
            wrong.append("trailer: an id is needed")
        if not cells["lpn"] or cells["lpn"] in seen:
            wrong.append(f"lpn: an id of its own is needed, got {cells['lpn']!r}")
        seen.add(cells["lpn"])
        expires: int | None = None
        if cells.get("expires_on"):
            try:
                expires = day_of(cells["expires_on"], calendar)
            except ValueError:
                wrong.append(f"expires_on: a date as 2026-04-30 is needed, got {cells['expires_on']!r}")
        lot = LotId(cells["lot"]) if cells.get("lot") else None
        if expires is not None and lot is None:
            wrong.append("expires_on: goods with a date need a lot")
        first = trailers.get(cells["trailer"])
        if first is not None and "expected_at" in times and times["expected_at"] != first[1]:
            wrong.append(f"expected_at: trailer {cells['trailer']} has another in an earlier row")
        if first is not None and cells.get("supplier") and cells["supplier"] != first[0]:
            wrong.append(f"supplier: trailer {cells['trailer']} comes from {first[0]} in an earlier row")
        if lot is not None and not wrong:
            told = lot_of(owner, key[1], lot, expires)
            wrong += disagreement(known.setdefault(told.key, told), expires, calendar)
        faults += [f"{table.path}:{line}: {w}" for w in wrong]
        if wrong or units is None:
            continue
        expected = times["expected_at"]
        trailer = trailers.setdefault(
            cells["trailer"],
            (cells.get("supplier") or "unknown", expected, times.get("announced_at", min(0, expected)), []),
        )
        trailer[3].append(
            AsnLine(
                lpn=Lpn(f"{site}/{cells['lpn']}"),
                owner=owner,
                sku=key[1],
                lot=lot,
                units=units,
                expires_on_day=expires,
            )
        )
    complain(faults)
    return tuple(
        Asn(
            trailer=TrailerId(f"{site}/{name}"), site=Site(site), supplier=SupplierId(supplier),
            announced_at_ms=announced, expected_at_ms=expected, lines=tuple(lines),
        )
        for name, (supplier, expected, announced, lines) in sorted(trailers.items(), key=lambda kv: (kv[1][1], kv[0]))
    )  # fmt: skip
