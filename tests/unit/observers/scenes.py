"""Facts by hand for the tests of observers: short names, defaults for what a test does not look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.domain.goods import OpeningStock
from twin.events import catalogue as c
from twin.events.catalogue import Fact
from twin.events.stream import EventStream

H = 3_600_000


def told(sink: Any, facts: Iterable[Fact]) -> Any:
    """The sink after it has seen the facts, in order of time."""
    stream = EventStream([sink])
    for fact in sorted(facts, key=lambda f: f[0]):
        stream.emit(fact)
    stream.close()
    return sink


def order(
    at: int, name: str, lines: dict[str, int], due: int | None = None, customer: str = "C", priority: int = 1
) -> list[Fact]:
    """An order of units by SKU, promised in full; a line is named by its SKU."""
    units = sum(lines.values())
    got: list[Fact] = [c.OrderReceived(at, "m", name, "own", customer, units, due, priority, "priority", "", "dhl")]
    return got + [c.LinePromised(at, "m", name, s, "own", s, n, n, at) for s, n in lines.items()]


def shorted(at: int, name: str, sku: str, units: int, reason: str = "no_stock") -> Fact:
    return c.LineShorted(at, "m", name, sku, "own", sku, units, reason)


def cancelled(at: int, name: str, sku: str, units: int) -> Fact:
    return c.LineCancelled(at, "m", name, sku, units)


def booked(at: int, name: str, sku: str, units: int, tote: str, location: str = "m/a", worker: str = "m/p1") -> Fact:
    """The book hears of a pick."""
    return c.LinePicked(at, "m", worker, name, sku, "own", sku, None, location, tote, "t", units, units)


def taken(at: int, sku: str, units: int, tote: str, location: str = "m/a") -> Fact:
    """The floor's side of it."""
    return c.UnitsTaken(at, "m", "m/p1", "own", sku, None, location, tote, units)


def placed(at: int, sku: str, units: int, location: str, unit: str | None) -> Fact:
    return c.UnitsPlaced(at, "m", "m/p1", "own", sku, None, location, units, unit)


def packed(at: int, name: str, tote: str, carton: str, label: str | None = None) -> list[Fact]:
    """A tote becomes a carton, on both sides; `label` names another order if it was mixed up."""
    return [
        c.GoodsPacked(at, "m", "m/k1", "m/pack", tote, carton, label or name),
        c.CartonClosed(at, "m", "m/k1", "m/pack", name, f"{name}#1", carton, 1, 1, "staging", tote),
    ]


def staged(at: int, name: str, carton: str) -> Fact:
    return c.HandlingUnitStaged(at, "m", name, f"{name}#1", carton, "m/lane", "dhl", "")


def loaded(at: int, name: str, carton: str, trailer: str) -> Fact:
    return c.HandlingUnitLoaded(at, "m", "m/l1", name, f"{name}#1", carton, trailer, "m/door", "dhl", "")


def departed(at: int, trailer: str, cartons: dict[str, str]) -> list[Fact]:
    """A trailer leaves with cartons, each under its label."""
    left: list[Fact] = [c.GoodsLeft(at, "m", trailer, carton, label) for carton, label in cartons.items()]
    return [*left, c.TrailerDeparted(at, "m", trailer, "out", len(cartons))]


def whole_way(at: int, name: str, lines: dict[str, int], leaves: int, label: str | None = None) -> list[Fact]:
    """All of an order in one tote and carton: picked at `at`, packed and staged a second each later, then gone."""
    tote, carton, trailer = f"T-{name}", f"K-{name}", f"R-{name}"
    facts: list[Fact] = []
    for sku, units in lines.items():
        facts += [taken(at, sku, units, tote), booked(at, name, sku, units, tote)]
    facts += packed(at + 1000, name, tote, carton, label)
    facts += [staged(at + 2000, name, carton), loaded(leaves, name, carton, trailer)]
    return facts + departed(leaves, trailer, {carton: label or name})


def stock(location: str, sku: str, units: int, book: int | None = None, lot: str | None = None) -> OpeningStock:
    return OpeningStock(
        site="m",  # type: ignore[arg-type]
        location=location,  # type: ignore[arg-type]
        owner="own",  # type: ignore[arg-type]
        sku=sku,  # type: ignore[arg-type]
        lot=lot,  # type: ignore[arg-type]
        book_units=units if book is None else book,
        floor_units=units,
    )
