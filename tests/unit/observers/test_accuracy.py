from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.observers.scenes import (
    H,
    booked,
    departed,
    loaded,
    order,
    packed,
    placed,
    shorted,
    taken,
    told,
    whole_way,
)
from twin.events import catalogue as c
from twin.observers.accuracy import Accuracy
from twin.observers.run_context import RunContext

DAY = RunContext(horizon_ms=10 * H)


def parcel(name: str, really: dict[str, int], says: dict[str, int], label: str | None = None) -> list[c.Fact]:
    """An order whose tote holds `really` while the book says `says`."""
    facts = [f for f in whole_way(2 * H, name, says, 3 * H, label) if not isinstance(f, c.UnitsTaken)]
    return [*(taken(2 * H, sku, units, f"T-{name}") for sku, units in really.items()), *facts]


@pytest.mark.parametrize(
    ("really", "order_right", "line_right", "unit_right"),
    [
        ({"A": 1, "B": 2}, 1.0, 1.0, 1.0),
        ({"A": 1, "B": 1}, 0.0, 0.5, 2 / 3),
        ({"A": 1, "B": 3}, 0.0, 0.5, 3 / 4),
        ({"A": 1, "X": 2}, 0.0, 0.5, 1 / 3),
        ({"A": 1, "B": 2, "X": 1}, 0.0, 1.0, 3 / 4),
        ({}, 0.0, 0.0, 0.0),
    ],
)
def test_what_left_is_compared_with_what_was_wanted(
    really: dict[str, int], order_right: float, line_right: float, unit_right: float
) -> None:
    facts = [*order(H, "O", {"A": 1, "B": 2}, due=9 * H), *parcel("O", really, {"A": 1, "B": 2})]
    got = told(Accuracy(), facts).figures(DAY)
    assert got["order_picking_accuracy"] == order_right
    assert got["line_picking_accuracy"] == line_right
    assert got["unit_picking_accuracy"] == pytest.approx(unit_right)
    assert got["perfect_order_rate"] == order_right
    assert got["customers_hit"] == 1 - order_right


def test_an_open_short_is_no_picking_error_but_not_perfect() -> None:
    facts = [*order(H, "O", {"A": 1, "B": 2}), shorted(H, "O", "B", 2), *parcel("O", {"A": 1}, {"A": 1})]
    got = told(Accuracy(), facts).figures(DAY)
    assert (got["order_picking_accuracy"], got["line_picking_accuracy"], got["customers_hit"]) == (1.0, 1.0, 0)
    assert got["perfect_order_rate"] == 0.0


def test_an_order_that_was_closed_short_is_not_perfect() -> None:
    got = told(Accuracy(), [*order(H, "O", {"A": 1}), shorted(2 * H, "O", "A", 1)]).figures(DAY)
    assert (got["order_picking_accuracy"], got["perfect_order_rate"]) == (None, 0.0)


def test_cartons_nest_and_are_used_again() -> None:
    """The tote is filled before carton K goes onto pallet Q for the first time, and packed into K after."""
    facts = [*order(H, "O", {"A": 1}), taken(H, "A", 1, "T"), booked(H, "O", "A", 1, "T"), taken(H, "X", 1, "K")]
    facts += [*packed(2 * H, "O", "K", "Q")[:1], *packed(3 * H, "O", "T", "K"), *packed(4 * H, "O", "K", "P")]
    facts += [loaded(5 * H, "O", "P", "R"), *departed(5 * H, "R", {"P": "O"})]
    facts.append(c.HandlingUnitLoaded(5 * H, "m", "l", "O", "O#1", "K", "R", "d", "dhl", ""))
    assert told(Accuracy(), facts).figures(DAY)["order_picking_accuracy"] == 1.0


def test_late_is_right_but_not_perfect() -> None:
    facts = [*order(H, "O", {"A": 1}, due=2 * H), *parcel("O", {"A": 1}, {"A": 1})]
    got = told(Accuracy(), facts).figures(DAY)
    assert (got["order_picking_accuracy"], got["perfect_order_rate"]) == (1.0, 0.0)


def test_two_labels_mixed_up_hit_two_customers() -> None:
    facts = [
        *order(H, "O1", {"A": 1}, customer="C1"),
        *order(H, "O2", {"B": 1}, customer="C2"),
        *order(H, "O3", {"B": 1}, customer="C3"),
        *parcel("O1", {"A": 1}, {"A": 1}, label="O2"),
        *parcel("O2", {"B": 1}, {"B": 1}, label="O1"),
        *parcel("O3", {"B": 1}, {"B": 1}),
    ]
    got = told(Accuracy(), facts).figures(DAY)
    assert got["order_picking_accuracy"] == pytest.approx(1 / 3)
    assert got["customers_hit"] == 2


def test_a_correction_at_the_bench_counts() -> None:
    facts = [*order(H, "O", {"A": 2}), *parcel("O", {"A": 1, "X": 1}, {"A": 2})]
    facts += [placed(2 * H + 500, "X", 1, "m/x", "T-O"), taken(2 * H + 501, "A", 1, "T-O")]
    assert told(Accuracy(), facts).figures(DAY)["order_picking_accuracy"] == 1.0
    after = [f._replace(at_ms=2 * H + 1500) if f[0] in (2 * H + 500, 2 * H + 501) else f for f in facts]
    assert told(Accuracy(), after).figures(DAY)["order_picking_accuracy"] == 0.0  # the carton was closed by then


def test_what_broke_was_picked_right_and_is_not_perfect() -> None:
    broke = c.UnitsLost(2 * H + 500, "m", "own", "A", None, "m/pack", 1, "damage", None, "T-O")
    facts = [*order(H, "O", {"A": 2}), *parcel("O", {"A": 2}, {"A": 2}), broke]
    got = told(Accuracy(), facts).figures(DAY)
    assert (got["order_picking_accuracy"], got["perfect_order_rate"]) == (1.0, 0.0)
    got = told(Accuracy(), [*facts[:-1], broke._replace(reason="loss")]).figures(DAY)
    assert got["order_picking_accuracy"] == 0.0


def test_an_unshipped_order_is_not_judged_until_it_is_due() -> None:
    facts = [*order(H, "O", {"A": 1}, due=9 * H), booked(2 * H, "O", "A", 1, "T"), taken(2 * H, "A", 1, "T")]
    got = told(Accuracy(), facts).figures(DAY)
    assert (got["order_picking_accuracy"], got["perfect_order_rate"]) == (None, 0.0)
    early = told(Accuracy(), facts).figures(RunContext(horizon_ms=8 * H))
    assert early["perfect_order_rate"] is None


parcels = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("AB"), st.integers(1, 2), min_size=1),
        st.dictionaries(st.sampled_from("ABX"), st.integers(1, 2)),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(parcels)
def test_agrees_with_a_plain_count(day: list[tuple[dict[str, int], dict[str, int], int]]) -> None:
    """Orders in totes that share one trailer, labels drawn at will: counted with dictionaries."""
    facts: list[c.Fact] = []
    under: dict[str, Counter[str]] = {f"O{n}": Counter() for n in range(len(day))}
    cartons = {}
    for n, (wants, really, label) in enumerate(day):
        name, labelled = f"O{n}", f"O{label % len(day)}"
        facts += order(H, name, wants)
        facts += [taken(2 * H, sku, units, f"T{n}") for sku, units in really.items()]
        facts += [booked(2 * H, name, sku, units, f"T{n}") for sku, units in wants.items()]
        facts += packed(3 * H, name, f"T{n}", f"K{n}", labelled)
        facts.append(loaded(4 * H, name, f"K{n}", "R"))
        cartons[f"K{n}"] = labelled
        under[labelled].update(really)
    facts += departed(5 * H, "R", cartons)
    got = told(Accuracy(), facts).figures(DAY)
    wants_of = {f"O{n}": Counter(wants) for n, (wants, _, _) in enumerate(day)}
    right = [under[name] == wants for name, wants in wants_of.items()]
    lines = [under[name][sku] == units for name, wants in wants_of.items() for sku, units in wants.items()]
    good = sum((under[name] & wants).total() for name, wants in wants_of.items())
    units = sum(max(under[name].total(), wants.total()) for name, wants in wants_of.items())
    assert got["order_picking_accuracy"] == sum(right) / len(right)
    assert got["line_picking_accuracy"] == sum(lines) / len(lines)
    assert got["unit_picking_accuracy"] == good / units
