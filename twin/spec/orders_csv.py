"""Real orders: rows of a file, cleaned, checked and put together to orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from twin.domain.calendar import DAY_MS, Calendar
from twin.domain.errors import DataError
from twin.domain.goods import Sku
from twin.domain.ids import CarrierId, CustomerId, LineId, OrderId, OwnerId, Site, SkuId
from twin.domain.orders import Order, OrderLine
from twin.domain.records import builder
from twin.spec.cleaning import clean
from twin.spec.delimited import Table, columns_of, complain, read_table, whole, yes
from twin.spec.goods import DemandSpec

CANONICAL = (
    "order", "line", "sku", "units", "received_at", "due_at", "customer", "priority", "owner", "batch", "site",
    "carrier", "urgent",
)  # fmt: skip
NEEDED = ("order", "sku", "units", "received_at")
DEFAULT_PRIORITY = 5
_OF_THE_DAY = ("%H", "%I", "%c", "%X")
_order = builder(Order)
_line = builder(OrderLine)


@dataclass(frozen=True, slots=True)
class SkuHistory:
    """What the rows say of a SKU over the days of the file's window."""

    lines: int
    units: int
    days: float


@dataclass(frozen=True, slots=True)
class OrdersRead:
    """Orders by time of receipt, what cleaning did, and the history by (owner, SKU)."""

    orders: tuple[Order, ...]
    report: list[dict[str, Any]]
    history: dict[tuple[OwnerId, SkuId], SkuHistory]


def moment_reader(date_format: str | None) -> Callable[[str], datetime]:
    """ISO 8601 local time, or the format given; a zone is refused, since the clock has none."""

    def read(text: str) -> datetime:
        found = datetime.fromisoformat(text) if date_format is None else datetime.strptime(text, date_format)
        if found.tzinfo is not None:
            raise ValueError("a time with a zone")
        return found

    known: dict[str, datetime] = {}

    def cached(text: str) -> datetime:
        found = known.get(text)
        if found is None:
            found = known[text] = read(text)
        return found

    return cached


def read_orders(
    spec: DemandSpec, *, calendar: Calendar, owners: tuple[str, ...], carriers: Mapping[str, tuple[str, ...]],
    skus: Mapping[tuple[OwnerId, SkuId], Sku] | None,
) -> OrdersRead:  # fmt: skip
    """All orders of the file from the scenario's start (or `from_date`) to `to_date`; DataError lists all faults.

    `carriers`: of each site; the first site, owner and carrier are those of orders that name none.
    """
    if spec.orders_csv is None:
        raise DataError("demand.orders_csv: the path of a file is needed")
    table = read_table(spec.orders_csv, delimiter=spec.delimiter, encoding=spec.encoding)
    places = columns_of(table, CANONICAL, NEEDED, spec.columns)
    table, report = clean(table, spec.cleaning, places, moment_reader(spec.date_format))
    rows = _Rows(spec, table, places, calendar, owners, carriers, skus)
    return rows.orders(report)


class _Rows:
    def __init__(
        self, spec: DemandSpec, table: Table, places: dict[str, int], calendar: Calendar, owners: tuple[str, ...],
        carriers: Mapping[str, tuple[str, ...]], skus: Mapping[tuple[OwnerId, SkuId], Sku] | None,
    ) -> None:  # fmt: skip
        self.spec, self.table, self.places, self.calendar = spec, table, places, calendar
        self.sites, self.owners, self.carriers = tuple(carriers), owners, carriers
        self.skus = skus
        self.faults = list(table.faults)
        self.moment = moment_reader(spec.date_format)
        self.begins = calendar.start if spec.from_date is None else self._date(spec.from_date, "from_date")
        self.ends = None if spec.to_date is None else self._date(spec.to_date, "to_date") + timedelta(days=1)

    def _date(self, text: str, key: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise DataError(f"demand.{key}: a date as 2010-12-01 is needed, got {text!r}") from None

    def _fault(self, line: int, sentence: str) -> None:
        self.faults.append(f"{self.table.path}:{line}: {sentence}")

    def orders(self, report: list[dict[str, Any]]) -> OrdersRead:
        grouped: dict[str, list[int]] = {}
        at = self.places["order"]
        for i, row in enumerate(self.table.rows):
            grouped.setdefault(row[at], []).append(i)
        found: list[Order] = []
        counts: dict[tuple[OwnerId, SkuId], list[int]] = {}
        outside = 0
        for name, rows in grouped.items():
            order = self._order(name, rows, counts)
            if order is None:
                outside += len(rows)
            elif order.received_at_ms >= self.calendar.from_datetime(self.begins):
                found.append(order)
        complain(self.faults)
        report.append(
            {
                "rule": "window", "rows": len(self.table.rows), "kept": len(self.table.rows) - outside,
                "refused": {"outside the simulated time": outside}, "orders": len(found),
                "skus": len({x.sku for o in found for x in o.lines}),
                "units": sum(x.units for o in found for x in o.lines),
            }
        )  # fmt: skip
        if not found:
            raise DataError(
                f"{self.table.path}: no order lies between {self.begins:%Y-%m-%d} and the window's end; set start, "
                "demand.from_date and demand.to_date to dates of the file"
            )
        days = max(1.0, (found and self._days(found)) or 1.0)
        history = {k: SkuHistory(n, u, days) for k, (n, u) in counts.items()}
        found.sort(key=lambda o: (o.received_at_ms, o.order))
        return OrdersRead(tuple(found), report, history)

    def _days(self, orders: list[Order]) -> float:
        times = [o.received_at_ms for o in orders]
        return (max(times) - min(times)) / 86_400_000

    def _cell(self, row: list[str], name: str) -> str:
        at = self.places.get(name)
        return row[at] if at is not None else ""

    def _time(self, row: list[str], name: str, line: int) -> datetime | None:
        text = self._cell(row, name)
        if not text:
            return None
        try:
            return self.moment(text)
        except ValueError:
            shape = self.spec.date_format or "2026-03-02T06:00"
            self._fault(line, f"{name}: a local time as {shape} is needed, got {text!r}")
            return None

    def _due_ms(self, row: list[str], line: int) -> int | None:
        """A date alone is due at its end."""
        due = self._time(row, "due_at", line)
        if due is None:
            return None
        shape = self.spec.date_format
        day = len(self._cell(row, "due_at")) <= 10 if shape is None else not any(d in shape for d in _OF_THE_DAY)
        return self.calendar.from_datetime(due) + (DAY_MS if day else 0)

    def _order(self, name: str, indexes: list[int], counts: dict[tuple[OwnerId, SkuId], list[int]]) -> Order | None:
        first, line_no = self.table.rows[indexes[0]], self.table.lines[indexes[0]]
        if not name:
            self._fault(line_no, "order: an id is needed")
        moments = [self._time(self.table.rows[i], "received_at", self.table.lines[i]) for i in indexes]
        times = [t for t in moments if t is not None]
        for i, t in zip(indexes, moments, strict=True):
            if t is None and not self._cell(self.table.rows[i], "received_at"):
                self._fault(self.table.lines[i], "received_at: a time is needed")
        received = min(times) if times else None
        owner = OwnerId(self._one_of(first, "owner", self.owners, self.owners[0], line_no))
        site = self._one_of(first, "site", self.sites, self.sites[0], line_no)
        carriers = self.carriers.get(site, ())
        carrier = self._one_of(first, "carrier", carriers, carriers[0] if carriers else "", line_no)
        due = self._due_ms(first, line_no)
        self._agree(name, indexes, {"owner": owner, "site": site})
        lines = self._lines(name, owner, indexes)
        if received is None or received < self.begins or (self.ends is not None and received >= self.ends):
            return None
        for x in lines:
            tally = counts.setdefault((owner, x.sku), [0, 0])
            tally[0] += 1
            tally[1] += x.units
        return _order(
            OrderId(name), Site(site), owner, CustomerId(self._cell(first, "customer") or "unknown"),
            self._priority(first, line_no), self._urgent(first, line_no),
            max(0, self.calendar.from_datetime(received)),
            due, CarrierId(carrier),
            self._cell(first, "batch") or None, tuple(lines),
        )  # fmt: skip

    def _agree(self, name: str, indexes: list[int], said: Mapping[str, str]) -> None:
        """Rows that say another owner or site than the first are another order under the same id."""
        for key, first in said.items():
            if key in self.places:
                for i in indexes[1:]:
                    if self._cell(self.table.rows[i], key) not in ("", first):
                        self._fault(self.table.lines[i], f"{key}: order {name} has {first} in an earlier row")

    def _priority(self, row: list[str], line_no: int) -> int:
        text = self._cell(row, "priority")
        value = whole(text) if text else DEFAULT_PRIORITY
        if value is None:
            self._fault(line_no, f"priority: a whole number is needed, got {text!r}")
            return DEFAULT_PRIORITY
        return value

    def _urgent(self, row: list[str], line_no: int) -> bool:
        text = self._cell(row, "urgent")
        said = yes(text)
        if said is None:
            self._fault(line_no, f"urgent: yes or no is needed, got {text!r}")
        return said is True

    def _one_of(self, row: list[str], name: str, known: tuple[str, ...], default: str, line_no: int) -> str:
        text = self._cell(row, name)
        if not text:
            return default
        if text not in known:
            self._fault(line_no, f"{name}: unknown {text!r}; there are: {', '.join(known) or 'none'}")
        return text

    def _lines(self, name: str, owner: OwnerId, indexes: list[int]) -> list[OrderLine]:
        lines: list[OrderLine] = []
        seen: set[str] = set()
        sku_at, units_at = self.places["sku"], self.places["units"]
        line_at = self.places.get("line")
        rule, days = self.spec.ship_rule, self.spec.min_days_left
        for number, i in enumerate(indexes, 1):
            row, line_no = self.table.rows[i], self.table.lines[i]
            sku, units = row[sku_at], whole(row[units_at])
            own = row[line_at] if line_at is not None else ""
            line = f"{name}-{own or number}"
            if line in seen:
                self._fault(line_no, f"line: {own or number} occurs twice in order {name}")
            seen.add(line)
            if not sku:
                self._fault(line_no, "sku: an id is needed")
            elif self.skus is not None and owner in self.owners and (owner, SkuId(sku)) not in self.skus:
                self._fault(line_no, f"sku: {sku!r} is not in the assortment of {owner}")
            if units is None or units <= 0:
                self._fault(line_no, f"units: a whole number above 0 is needed, got {row[units_at]!r}")
                continue
            known = self.skus.get((owner, SkuId(sku))) if self.skus is not None else None
            lines.append(
                _line(
                    LineId(line),
                    OrderId(name),
                    SkuId(sku),
                    units,
                    owner,
                    rule,
                    None,
                    None,
                    False,
                    False,
                    days,
                    known.storage if known else "ambient",
                    known.secure if known else False,
                )
            )
        return lines
