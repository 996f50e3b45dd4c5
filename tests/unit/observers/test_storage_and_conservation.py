from __future__ import annotations

import pytest

from tests.unit.observers.scenes import H, booked, departed, order, packed, placed, stock, taken, told, whole_way
from twin.domain.errors import ConservationError
from twin.events import catalogue as c
from twin.observers.conservation import Conservation
from twin.observers.run_context import RunContext
from twin.observers.storage import Storage

DAY = RunContext(horizon_ms=10 * H, warmup_ms=2 * H)


def unloaded(at: int, sku: str, units: int, pallet: str, lot: str | None = None) -> c.Fact:
    return c.GoodsUnloaded(at, "m", "m/r1", "R", pallet, "own", sku, lot, units, "m/lane")


def accuracy(opening: list, facts: list[c.Fact], **more: object) -> object:
    return told(Storage(opening, **more), facts).figures(DAY)["inventory_record_accuracy"]  # type: ignore[arg-type]


def test_book_and_floor_part_when_a_hand_slips_and_meet_at_a_count() -> None:
    opening = [stock("m/a", "A", 10), stock("m/b", "A", 10), stock("m/c", "B", 5)]
    facts = [*order(H, "O", {"A": 2}), booked(2 * H, "O", "A", 2, "T", "m/a")]
    assert accuracy(opening, [*facts, taken(2 * H, "A", 2, "T", "m/a")]) == 1.0
    slip = [*facts, taken(2 * H, "A", 2, "T", "m/b")]
    assert accuracy(opening, slip) == pytest.approx(1 / 3)
    assert accuracy(opening, [*slip, c.StockAdjusted(3 * H, "m", "m/b", "own", "A", -2, "count")]) == pytest.approx(
        2 / 3
    )


def test_a_wrong_opening_book_and_a_wrongly_keyed_pick_are_seen() -> None:
    assert accuracy([stock("m/a", "A", 10, book=9), stock("m/b", "B", 1)], []) == 0.5
    keyed = booked(2 * H, "O", "A", 2, "T", "m/a")._replace(value=3, value_unit="units")  # type: ignore[attr-defined]
    assert accuracy([stock("m/a", "A", 10)], [keyed, taken(2 * H, "A", 2, "T", "m/a")]) == 0.0
    assert accuracy([stock("m/a", "A", 10)], [keyed, taken(2 * H, "A", 3, "T", "m/a")]) == 1.0


def test_locations_without_a_volume_or_empty_at_the_opening_are_storage_too() -> None:
    facts = [unloaded(H, "A", 8, "P", None), placed(2 * H, "A", 8, "m/res", "P")]
    assert accuracy([], facts, volume_l={"m/a": 1.0}) is None
    assert accuracy([], facts, volume_l={"m/a": 1.0}, locations=["m/a", "m/res"]) == 0.0  # the book does not know


def test_goods_in_and_replenishment_reach_both_sides() -> None:
    volumes = {"m/a": 100.0, "m/res": 100.0}
    facts: list[c.Fact] = [
        unloaded(H, "A", 8, "P", "L1"),
        c.HandlingUnitReceived(H, "m", "m/r1", "P", "R", "own", "A", 8, 8, "m/lane", "L1"),
        c.UnitsPlaced(2 * H, "m", "m/r1", "own", "A", "L1", "m/res", 8, "P"),
        c.StockPutAway(2 * H, "m", "m/r1", "P", "own", "A", 8, "m/res", "L1", "m/lane"),
        c.UnitsTaken(3 * H, "m", "m/r1", "own", "A", "L1", "m/res", "task", 3),
        c.UnitsPlaced(3 * H, "m", "m/r1", "own", "A", "L1", "m/a", 3, "task"),
        c.StockReplenished(3 * H, "m", "m/r1", "own", "A", 3, "m/res", "m/a", "L1"),
    ]
    storage = told(Storage([], volumes), facts)
    lines = storage.stock_lines()
    names = storage.units.names.table
    assert {names[at]: (b, f) for at, b, f in zip(lines.location, lines.book, lines.floor, strict=True)} == {
        "m/res": (5, 5),
        "m/a": (3, 3),
    }
    assert accuracy([], facts, volume_l=volumes) == 1.0
    other_lot = [f._replace(lot=None) if isinstance(f, c.UnitsPlaced) and f.location == "m/a" else f for f in facts]
    assert accuracy([], other_lot, volume_l=volumes) == pytest.approx(1 / 3)  # another lot is another stock line


def test_losses_in_a_location_and_moves_between_locations() -> None:
    lost = c.UnitsLost(H, "m", "own", "A", None, "m/a", 1, "damage")
    assert accuracy([stock("m/a", "A", 2)], [lost]) == 0.0
    moved = [
        taken(H, "A", 2, "P", "m/a"), placed(2 * H, "A", 2, "m/b", "P"),
        c.StockPutAway(2 * H, "m", "m/r1", "P", "own", "A", 2, "m/b", None, "m/a"),
    ]  # fmt: skip
    assert accuracy([stock("m/a", "A", 2), stock("m/b", "B", 1)], moved) == 1.0


def test_a_location_may_be_called_like_a_carton() -> None:
    facts = [taken(H, "A", 1, "T", "K"), *packed(2 * H, "O", "T", "K"), *departed(3 * H, "R", {"K": "O"})]
    observer = told(Conservation([stock("K", "A", 5)]), facts)
    observer.check()
    assert [tuple(row) for row in observer.balances()] == [("own", "A", None, 5, 0, 4, 1, 0)]


def test_stock_that_no_event_speaks_of_counts_too() -> None:
    opening = [stock("m/quiet", "Q", 4, lot="LQ"), stock("m/quiet", "R", 4, book=3)]
    assert accuracy(opening, [*order(H, "O", {"A": 1})]) == 0.5
    assert accuracy([], []) is None


def test_storage_utilisation_is_a_mean_over_time() -> None:
    opening = [stock("m/a", "A", 10), stock("m/lane", "A", 99)]
    args = (opening, {"m/a": 40.0, "m/b": 60.0}, {("own", "A"): 2.0})
    assert told(Storage(*args), []).figures(DAY)["storage_utilisation"] == pytest.approx(0.2)
    early = [taken(H, "A", 5, "T", "m/a")]
    assert told(Storage(*args), early).figures(DAY)["storage_utilisation"] == pytest.approx(0.1)
    half_way = [taken(6 * H, "A", 5, "T", "m/a")]
    assert told(Storage(*args), half_way).figures(DAY)["storage_utilisation"] == pytest.approx(0.15)
    assert told(Storage(), half_way).figures(DAY)["storage_utilisation"] is None


def test_every_unit_is_found_again() -> None:
    opening = [stock("m/a", "A", 10), stock("m/x", "X", 1)]
    facts = [
        *order(H, "O", {"A": 2}),
        *whole_way(2 * H, "O", {"A": 2}, 3 * H),
        taken(4 * H, "A", 3, "T2"),
        placed(5 * H, "A", 1, "m/x", "T2"),
        *packed(6 * H, "O", "T2", "K2"),
        unloaded(7 * H, "A", 5, "P", "L1"),
        c.UnitsLost(7 * H, "m", "own", "A", "L1", "m/lane", 1, "damage", None, "P"),
        c.UnitsLost(7 * H, "m", "own", "A", None, "m/a", 1, "damage"),
    ]
    observer = told(Conservation(opening), facts)
    observer.check()
    assert [tuple(row) for row in observer.balances()] == [
        ("own", "A", None, 10, 0, 7, 2, 1),
        ("own", "A", "L1", 0, 5, 4, 0, 1),
        ("own", "X", None, 1, 0, 1, 0, 0),
    ]
    assert observer.figures() == {
        "conservation": {
            "opening": 11, "unloaded": 5, "floor": 12, "left": 2, "lost": 2, "difference": 0, "overdrawn": 0,
        }
    }  # fmt: skip


GONE = [
    taken(H, "A", 1, "T"), *packed(2 * H, "O", "T", "K"), *departed(3 * H, "R", {"K": "O"}),
    placed(4 * H, "A", 1, "m/x", "K"),
]  # fmt: skip
"""A carton that left, and is said to be unpacked after."""


@pytest.mark.parametrize(
    ("facts", "holder"),
    [
        ([taken(H, "A", 11, "T")], "m/a"),
        ([taken(H, "B", 1, "T")], "m/a"),
        ([placed(H, "A", 1, "m/x", "T")], "T"),
        ([placed(H, "A", 1, "m/x", None)], "m/p1"),
        ([placed(H, "A", 1, "m/x", "T"), taken(2 * H, "A", 1, "T", "m/x")], "T"),
        (GONE, "K"),
    ],
)  # fmt: skip
def test_units_from_nowhere_are_found(facts: list[c.Fact], holder: str) -> None:
    observer = told(Conservation([stock("m/a", "A", 10)]), facts)
    assert holder in [name for _, name in observer.overdrawn()]
    with pytest.raises(ConservationError):
        observer.check()
