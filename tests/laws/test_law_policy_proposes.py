"""Law 2: a rule that proposes what the book cannot accept is named with its snapshot; snapshots are never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from random_days import MINI, in_time

from twin.domain.errors import PolicyError
from twin.policies.allocation import Reservation
from twin.run.running import Run
from twin.spec.loading import load_scenario
from twin.wms.policies import Decisions, PolicyInUse

WRONG_BOOKS = [
    "opening_stock.generate.book_right=0", "opening_stock.generate.faces_per_sku=2", "workforce.pickers.count=3",
    "opening_stock.generate.face_cover_days=0.1", "demand.generate.units_per_line=6", "workforce.counters.count=2",
    "methods.slips.left_out=0", "methods.slips.wrong_units=0.4", "methods.packing_checks=[]",
    "workforce.receivers.count=1", "workforce.putaway_drivers.count=1", "workforce.replenishers.count=1",
]  # fmt: skip


def a_day(**planted: Callable[[Callable[[Any], Any], Any], Any]) -> Run:
    """A day with some families' policies wrapped: `wrong(the right policy, snapshot)` decides."""
    run = Run(load_scenario("one_order", [*MINI, *WRONG_BOOKS]))
    for desk in run.world.wms.sites.values():
        decisions: Decisions = desk.r.decisions
        for family, wrong in planted.items():
            use = decisions.policies[family]
            right = use.decide

            def decide(snapshot: Any, right: Any = right, wrong: Any = wrong) -> Any:
                return wrong(right, snapshot)

            decisions.policies[family] = PolicyInUse(use.ref, decide, use.candidates_max)
    return run


def other_sku(right: Any, snapshot: Any) -> Any:
    """Reserves the stock that was met in an earlier snapshot, of another SKU."""
    mine = {row.sku for row in [snapshot.line]}
    seen = other_sku.__dict__.setdefault("seen", {})
    seen[snapshot.line.sku] = snapshot.stock[0].stock
    others = [stock for sku, stock in seen.items() if sku not in mine]
    if not others:
        return right(snapshot)
    line = snapshot.line
    return replace(
        right(snapshot), reservations=(Reservation(line=line.line, stock=others[0], units=line.units),), short=0
    )


def reserving(units: Callable[[Any], int], stock: Callable[[Any], str], short: int = 0) -> Any:
    def wrong(right: Any, snapshot: Any) -> Any:
        one = Reservation(line=snapshot.line.line, stock=stock(snapshot), units=units(snapshot))  # type: ignore[arg-type]
        return replace(right(snapshot), reservations=(one,), short=short)

    return wrong


def first(snapshot: Any) -> str:
    return str(snapshot.stock[0].stock)


def changed(**values: Callable[[Any, Any], Any]) -> Any:
    """The right decision with fields replaced, once it decides anything there."""

    def wrong(right: Any, snapshot: Any) -> Any:
        decision = right(snapshot)
        return replace(decision, **{name: value(decision, snapshot) for name, value in values.items()})

    return wrong


BROKEN: dict[str, tuple[str, Any]] = {
    "promises more than is asked": (
        "promising", changed(promised=lambda d, s: tuple((a, b, u + 99, t) for a, b, u, t in d.promised))),
    "promises fewer than none": (
        "promising", changed(promised=lambda d, s: tuple((a, b, -1, t) for a, b, _, t in d.promised))),
    "promises a line that nobody ordered": (
        "promising", changed(promised=lambda d, s: tuple(("X-1", b, u, t) for _, b, u, t in d.promised))),
    "reserves more than is free": (
        "allocation", reserving(lambda s: s.stock[0].units - s.stock[0].reserved + 1, first)),
    "reserves stock that is not there": ("allocation", reserving(lambda s: s.line.units, lambda s: "main/S999999")),
    "reserves another SKU": ("allocation", other_sku),
    "reserves nothing as something": ("allocation", reserving(lambda s: 0, first)),
    "loses units of the line": (
        "allocation", changed(reservations=lambda d, s: (), short=lambda d, s: max(0, s.line.units - 1))),
    "makes units of the line": ("allocation", changed(short=lambda d, s: d.short + 1)),
    "batches an order twice": ("batching", changed(batches=lambda d, s: d.batches + d.batches[:1])),
    "batches an order that was not offered": ("batching", changed(batches=lambda d, s: (("O999999",),))),
    "batches nothing": ("batching", changed(batches=lambda d, s: (), rejected=lambda d, s: ())),
    "releases an order twice": ("release", changed(orders=lambda d, s: d.orders + d.orders[:1])),
    "releases an order that does not wait": (
        "release", changed(orders=lambda d, s: d.orders and (*d.orders, "O999999"))),
    "forgets a stop": ("routing", changed(stops=lambda d, s: d.stops[1:])),
    "walks to a stop twice": ("routing", changed(stops=lambda d, s: d.stops + d.stops[:1])),
    "gives out a task that is not open": ("dispatch", changed(task=lambda d, s: d.task and "main/pick-999999")),
    "puts goods where nobody asked": ("putaway", changed(location=lambda d, s: "main/nowhere")),
    "moves more than reserve holds": (
        "replenishment", changed(moves=lambda d, s: tuple((a, b, 10_000, t) for a, b, _, t in d.moves))),
    "moves to a face that did not ask": (
        "replenishment", changed(moves=lambda d, s: tuple((a, "main/nowhere", u, t) for a, _, u, t in d.moves))),
    "sends a trailer to no door": (
        "dock_assignment", changed(bookings=lambda d, s: tuple((t, "main/nowhere", at) for t, _, at in d.bookings))),
    "sends a trailer that is not there": (
        "dock_assignment", changed(bookings=lambda d, s: tuple(("X", door, at) for _, door, at in d.bookings))),
    "counts what nobody asked for": (
        "cycle_counting", changed(counts=lambda d, s: (("main/nowhere", "exception"),))),
    "finds more than is missing": (
        "pick_exceptions", changed(reservations=lambda d, s: d.reservations * 2)),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str) -> None:
    family, wrong = BROKEN[case]
    other_sku.__dict__.pop("seen", None)
    run = a_day(**{family: wrong})
    name = next(iter(run.world.wms.sites.values())).r.decisions.policies[family].ref.name
    with in_time(40), pytest.raises(PolicyError) as error:
        run.advance(run.premises.horizon_ms)
    said = str(error.value)
    assert f"{family}={name}" in said and "law '" in said and "Snapshot(" in said


def test_a_rule_that_fails_is_named_too() -> None:
    def wrong(right: Any, snapshot: Any) -> Any:
        return 1 // 0

    run = a_day(routing=wrong)
    with pytest.raises(PolicyError, match=r"routing=\w+ failed on its snapshot at \d+ ms: ZeroDivisionError"):
        run.advance(run.premises.horizon_ms)


def test_no_snapshot_changes_after_it_was_shown() -> None:
    shown: list[tuple[Any, str]] = []

    def watched(right: Any, snapshot: Any) -> Any:
        before = repr(snapshot)
        decision = right(snapshot)
        if len(shown) < 5000:
            shown.append((snapshot, before))
        assert repr(snapshot) == before
        return decision

    families = ("promising", "allocation", "release", "batching", "routing", "dispatch", "putaway", "replenishment",
                "dock_assignment", "cycle_counting", "pick_exceptions")  # fmt: skip
    run = a_day(**dict.fromkeys(families, watched))
    run.advance(run.premises.horizon_ms)
    assert len({type(snapshot) for snapshot, _ in shown}) == len(families)
    for snapshot, before in shown:
        assert repr(snapshot) == before
    for snapshot in {type(s): s for s, _ in shown}.values():
        with pytest.raises(FrozenInstanceError):
            setattr(snapshot, fields(snapshot)[0].name, 0)
