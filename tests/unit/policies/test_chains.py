from __future__ import annotations

from typing import Any

import pytest

from twin.policies.allocation import Allocation, AllocationSnapshot
from twin.policies.named import chain
from twin.policies.putaway import OpenLocation, PutawaySnapshot


@pytest.fixture
def allocate(order_line):
    def decide(form: object, rows: list[Any], units: int = 5, **line: Any) -> Allocation:
        snapshot = AllocationSnapshot(
            now_ms=0, book_version=1, line=order_line(units, **line), on_day=10, deliver_on_day=10, stock=tuple(rows)
        )
        return chain("allocation", form)(snapshot)

    return decide


def taken(decision: Allocation) -> list[tuple[str, int]]:
    return [(r.stock, r.units) for r in decision.reservations]


def test_each_entry_gets_what_the_former_left(allocate, stock):
    rows = [stock("big", 9), stock("small", 3, received_at_ms=7)]
    assert taken(allocate(["empty_location", "fifo"], rows)) == [("small", 3), ("big", 2)]
    assert taken(allocate(["fifo", "empty_location"], rows)) == [("big", 5)]


def test_zones_limit_the_stock_that_an_entry_may_touch(allocate, stock):
    rows = [stock("a", 3, zone="A", received_at_ms=9), stock("b", 9, zone="B")]
    form = [{"name": "fifo", "zones": ["A"]}, {"name": "fifo", "zones": ["B"]}]
    assert taken(allocate(form, rows)) == [("a", 3), ("b", 2)]
    only = allocate({"name": "fifo", "zones": ["A"]}, rows)
    assert taken(only) == [("a", 3)] and only.short == 2


def test_owners_limit_the_lines_that_an_entry_serves(allocate, stock):
    rows = [stock("old", 9, expires_on_day=40), stock("soon", 9, expires_on_day=20, received_at_ms=5)]
    form = [{"name": "fifo", "owners": ["us"]}, "fefo"]
    assert taken(allocate(form, rows)) == [("old", 5)]
    assert taken(allocate([{"name": "fifo", "owners": ["them"]}, "fefo"], rows)) == [("soon", 5)]
    assert allocate({"name": "fifo", "owners": ["them"]}, rows).short == 5


def test_a_stock_line_that_two_entries_take_from_is_reserved_once(allocate, stock):
    form = [{"name": "whole_packs", "rules": {"break_packs": False}}, "fifo"]
    assert taken(allocate(form, [stock("s", 9, units_per_pack=4)])) == [("s", 5)]


def test_stock_that_a_later_entry_accepts_is_not_rejected(allocate, stock):
    rows = [stock("old", 9, expires_on_day=9), stock("held", 9, status="blocked")]
    decision = allocate(["fefo", {"name": "fefo", "rules": {"expired": "last"}}], rows)
    assert taken(decision) == [("old", 5)]
    assert [(r.subject, r.code) for r in decision.rejected] == [("held", "status")]


def test_line_complete_holds_over_the_whole_chain(allocate, stock):
    rows = [stock("a", 3, zone="A"), stock("b", 2, zone="B")]
    form = [{"name": "fifo", "zones": ["A"]}, "fifo"]
    assert taken(allocate(form, rows, ship_rule="line_complete")) == [("a", 3), ("b", 2)]
    assert taken(allocate(form, rows, 6, ship_rule="line_complete")) == []


def test_a_single_lot_holds_over_the_whole_chain(allocate, stock):
    rows = [
        stock("a", 4, zone="A", lot="L1"),
        stock("b", 2, zone="A", lot="L2", received_at_ms=1),
        stock("c", 3, zone="B", lot="L2", received_at_ms=2),
    ]
    form = [{"name": "fifo", "zones": ["A"]}, "fifo"]
    assert taken(allocate(form, rows, single_lot=True)) == [("b", 2), ("c", 3)]
    decision = allocate(form, rows, 6, single_lot=True)
    assert taken(decision) == [("b", 2), ("c", 3)] and decision.short == 1
    assert [(r.subject, r.code) for r in decision.rejected] == [("line", "lot_mixing")]


def place(name: str, zone: str = "A", **changed: Any) -> OpenLocation:
    plain: dict[str, Any] = {
        "location": name,
        "zone": zone,
        "kind": "shelf",
        "blocked": False,
        "storage": "ambient",
        "secure": False,
        "mix": "any",
        "holds": (),
        "free_kg": 100.0,
        "free_l": 100.0,
        "free_places": 2,
        "height_mm": 2000,
        "coming_handling_units": 0,
        "fixed_for": None,
        "velocity": 1,
    }
    return OpenLocation(**(plain | changed))


def put(form: object, places: list[OpenLocation]) -> Any:
    return chain("putaway", form)(
        PutawaySnapshot(
            now_ms=0,
            book_version=1,
            lpn="P",
            owner="us",
            sku="tea",
            lot=None,
            units=1,
            mass_kg=1.0,
            volume_l=1.0,
            height_mm=1,
            handling_unit_kind="pallet",
            storage="ambient",
            secure=False,
            segregation=None,
            velocity=1,
            last_used=None,
            candidates=tuple(places),
            distance_mm=tuple(range(len(places))),
            face_distance_mm=tuple(range(len(places))),
        )
    )


def test_the_default_chain_of_putaway_in_its_steps():
    form = [
        {"name": "fixed_location", "zones": ["A"]},
        {"name": "add_to_existing", "zones": ["A"]},
        {"name": "empty_location", "zones": ["A"]},
        {"name": "closest_open", "zones": ["over"]},
    ]
    over, empty = place("over", "over"), place("empty")
    existing, fixed = place("existing", holds=(("us", "tea", None, 1),)), place("fixed", fixed_for=("us", "tea"))
    full = place("full", blocked=True)
    assert put(form, [over, empty, existing, fixed]).location == "fixed"
    assert put(form, [over, empty, existing]).location == "existing"
    assert (put(form, [over, empty]).location, put(form, [over, empty]).overflow) == ("empty", False)
    assert (put(form, [over]).location, put(form, [over]).overflow) == ("over", True)
    nothing = put(form, [full])
    assert nothing.location is None
    assert [(r.subject, r.code) for r in nothing.rejected] == [("full", "location_blocked"), ("P", "no_location")]
