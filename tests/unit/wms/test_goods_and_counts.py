"""Where goods go and what counts say of them: pallets that wait for a place, faces side by side, work under way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_house import H, House, house, order, wanted

from twin.domain.orders import Asn, AsnLine
from twin.wms import messages as m


def received(h: House, *skus: str) -> None:
    """A trailer with a pallet of 20 units of each SKU is unloaded."""
    lines = tuple(AsnLine(lpn=f"P{n}", owner="o", sku=sku, lot=None, units=20) for n, sku in enumerate(skus, 1))
    h.wms.tell(m.NewAsn(1, Asn(trailer="IN", site="s", supplier="x", announced_at_ms=0, expected_at_ms=2, lines=lines)))
    h.wms.tell(m.TrailerAtGate(2, "s", "IN", "in", "x", None))
    for at_ms in range(3, 3 + len(skus)):
        task = wanted(h, "receive", at_ms).work
        assert isinstance(task, m.ReceiveTask)
        h.wms.tell(m.GoodsReceived(at_ms, "s", "s/r", task, 20))
        h.wms.tell(m.WorkDone(at_ms, "s", "s/r", task.task, "receive", 20))


def counted(h: House, at_ms: int, location: str, units: int) -> None:
    """Somebody counts so many of A in a location."""
    h.wms.tell(m.CountWanted(at_ms, "s", location, "boss"))
    task = wanted(h, "count", at_ms).work
    assert isinstance(task, m.CountTask) and task.location == location
    h.wms.tell(m.CountConfirmed(at_ms, "s", "s/c", task, (("o", "A", None, units),) if units else ()))
    h.wms.tell(m.WorkDone(at_ms, "s", "s/c", task.task, "count", 1))


# --- a place for each pallet -------------------------------------------------------------------------------------


def full_reserve(places: int, *skus: str) -> tuple[House, str]:
    """All places in reserve are taken, most by pallets of A, when pallets come in; one of the locations."""
    h = house()
    book, inbound = h.desk.r.book, h.desk.inbound
    for place in [p for p in book.places.values() if p.tier]:
        place.places, place.mix = places, "any"
        for n in range(places - len(place.stocks)):
            book.add(place.location, ("o", "A"), None, 20, at_ms=0, lpn=f"{place.location}.{n}")
    if places == 1:
        inbound.empty.clear()
    received(h, *skus)
    assert [p.key[1] for p in inbound.stranded] == list(skus)
    return h, max(book.places)


@pytest.mark.parametrize("places", [1, 2])
def test_a_pallet_that_waits_for_a_place_gets_the_next_that_comes_free(places: int) -> None:
    h, location = full_reserve(places, "B", "B")
    counted(h, 100, location, 20 * (places - 1))
    put = wanted(h, "putaway", 101).work
    assert isinstance(put, m.PutawayTask) and put.location == location
    assert [p.lpn for p in h.desk.inbound.stranded] == ["P2"]


def test_a_pallet_that_fits_nowhere_keeps_no_other_from_its_place() -> None:
    h, location = full_reserve(1, "A", "B")
    account = h.desk.r.book.accounts["o", "A"]
    account.sku = replace(account.sku, storage="frozen")
    counted(h, 100, location, 0)
    put = wanted(h, "putaway", 101).work
    assert isinstance(put, m.PutawayTask) and put.sku == "B"


def test_a_place_that_was_meant_for_a_pallet_put_elsewhere_is_free_again() -> None:
    h = house()
    received(h, "B")
    put = wanted(h, "putaway", 5).work
    assert isinstance(put, m.PutawayTask)
    _, other = h.desk.inbound.empty[-1]
    h.wms.tell(m.PutawayConfirmed(6, "s", "s/d", put, other, 20))
    assert h.desk.r.book.units_at(other, ("o", "B")) == 20
    assert put.location in [location for _, location in h.desk.inbound.empty]


def test_what_comes_to_a_face_fills_no_other_face_of_its_location() -> None:
    h = house()
    book = h.desk.r.book
    face = next(s for s in book.by_sku["o", "A"] if s.max_units)
    beside = book.add(face.place.location, ("o", "B"), None, 0, at_ms=0, face=True, min_units=4, max_units=10)
    empty = next(p for p in book.places.values() if p.tier and not p.stocks)
    book.add(empty.location, ("o", "B"), None, 20, at_ms=0, lpn="P2")
    h.wms.tell(order("O1", {"A": 10}))
    assert [t.sku for t in h.desk.replenishment.moves.values()] == ["A"]
    h.desk.replenishment.face_wanted(beside, 1)
    assert [t.sku for t in h.desk.replenishment.moves.values()] == ["A", "B"]


# --- counts ------------------------------------------------------------------------------------------------------


def under_way() -> tuple[House, m.ReplenishTask]:
    """Somebody brings 10 of 20 units in reserve to the face, from which 10 are to be picked."""
    h = house()
    h.wms.tell(order("O1", {"A": 10}))
    move = wanted(h, "replenish", 1).work
    assert isinstance(move, m.ReplenishTask) and move.units == 10
    return h, move


def test_what_a_move_has_taken_and_not_yet_reported_is_no_difference_to_a_count() -> None:
    h, move = under_way()
    counted(h, 2, move.origin, 10)
    h.wms.tell(m.ReplenishConfirmed(3, "s", "s/d", move, 10))
    assert h.desk.r.book.units_at(move.origin, ("o", "A")) == 10
    assert not h.said("StockAdjusted")


def test_what_a_move_has_brought_and_not_yet_reported_is_no_difference_to_a_count() -> None:
    h, move = under_way()
    counted(h, 2, move.location, 20)
    h.wms.tell(m.ReplenishConfirmed(3, "s", "s/d", move, 10))
    assert h.desk.r.book.units_at(move.location, ("o", "A")) == 20
    assert not h.said("StockAdjusted")


def test_a_pallet_put_away_and_not_yet_keyed_is_no_difference_to_a_count() -> None:
    h = house()
    received(h, "A")
    put = wanted(h, "putaway", 5).work
    assert isinstance(put, m.PutawayTask)
    counted(h, 6, put.location, 20 + h.desk.r.book.units_at(put.location, ("o", "A")))
    h.wms.tell(m.PutawayConfirmed(7, "s", "s/d", put, put.location, 20))
    assert not h.said("StockAdjusted")


def test_an_adjustment_says_what_the_book_was_changed_by() -> None:
    h, move = under_way()
    counted(h, 2, move.origin, 3)
    assert h.desk.r.book.units_at(move.origin, ("o", "A")) == 13
    assert h.last("StockAdjusted").units == -7, "10 units are reserved for the move, which will say what it found"


def test_an_adjustment_that_changes_nothing_is_none() -> None:
    h, move = under_way()
    h.wms.tell(order("O2", {"A": 10}, 2))
    h.wms.tell(m.TimePassed(20_000))
    task = wanted(h, "pick", 20_001).work
    assert isinstance(task, m.PickTour)
    assert all(not s.free for s in h.desk.r.book.by_location[move.origin])
    counted(h, 20_002, move.origin, 3)
    assert h.desk.r.book.units_at(move.origin, ("o", "A")) == 20
    assert not h.said("StockAdjusted")


def test_the_plan_of_counts_takes_up_places_that_get_goods_later() -> None:
    h = house(policies={"cycle_counting": "abc_plan"})
    plan = h.desk.exceptions.plan
    plan.candidates(0)
    received(h, "B")
    put = wanted(h, "putaway", 5).work
    assert isinstance(put, m.PutawayTask)
    h.wms.tell(m.PutawayConfirmed(6, "s", "s/d", put, put.location, 20))
    plan.candidates(7)
    assert put.location in [x.location for x in plan.candidates(180 * 86_400_000)]


def test_lots_that_share_a_face_are_filled_as_one() -> None:
    h = house()
    face = next(s for s in h.desk.r.book.by_sku["o", "A"] if s.max_units)
    h.desk.r.book.add(face.place.location, ("o", "A"), "L", 0, at_ms=0, face=True, min_units=4, max_units=10)
    h.desk.replenishment.dry.add(("o", "A"))
    h.wms.tell(order("O1", {"A": 10}))
    h.desk.replenishment.stock_came(("o", "A"), 1)
    assert [move.units for move in h.desk.replenishment.moves.values()] == [10]


def test_a_corrected_asn_takes_the_place_of_the_first() -> None:
    h = house()
    for lpn in ("P1", "P2"):
        lines = (AsnLine(lpn=lpn, owner="o", sku="A", lot=None, units=20),)
        asn = Asn(trailer="IN", site="s", supplier="x", announced_at_ms=0, expected_at_ms=2, lines=lines)
        h.wms.tell(m.NewAsn(1, asn))
    assert h.desk.inbound.announced["o", "A"].keys() == {"P2"}


def test_a_departure_that_moved_before_the_gate_could_call_is_told_as_moved() -> None:
    h = house()
    h.wms.tell(m.DepartureMoved(1, "s", "van", "T", 5 * H, H))
    h.wms.tell(m.TrailerAtGate(2, "s", "T", "out", "van", 5 * H))
    h.wms.tell(m.TrailerLeft(6 * H, "s", "T"))
    assert (h.last("TrailerArrived").due_ms, h.last("TrailerDeparted").due_ms) == (6 * H, 6 * H)
    assert not h.desk.outbound.moved


@pytest.mark.parametrize("announced_late", [False, True])
def test_what_left_with_its_trailer_is_neither_unloaded_nor_expected(announced_late: bool) -> None:
    h = house()
    lines = tuple(AsnLine(lpn=lpn, owner="o", sku="A", lot=None, units=20) for lpn in ("P1", "P2"))
    asn = Asn(trailer="IN", site="s", supplier="x", announced_at_ms=0, expected_at_ms=2, lines=lines)
    told = [m.NewAsn(1, asn), m.TrailerAtGate(2, "s", "IN", "in", "x", None)]
    for message in told[1:] if announced_late else told:
        h.wms.tell(message)
    done = wanted(h, "receive", 3).work
    h.wms.tell(m.TrailerLeft(4, "s", "IN"))
    if announced_late:
        h.wms.tell(m.NewAsn(5, asn))
    else:
        assert isinstance(done, m.ReceiveTask) and h.desk.inbound.announced["o", "A"].keys() == {done.lpn}
        h.wms.tell(m.GoodsReceived(5, "s", "s/r", done, 20))
    assert wanted(h, "receive", 6).work is None
