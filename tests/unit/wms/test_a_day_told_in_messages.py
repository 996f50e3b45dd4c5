"""The WMS without any floor: a day told to it message by message, as a production WMS would hear it."""

from __future__ import annotations

from typing import Any

import pytest
from small_house import H, house, order, wanted

from twin.domain.errors import PolicyError
from twin.domain.goods import Lot
from twin.domain.orders import Asn, AsnLine
from twin.policies.allocation import Allocation, Reservation
from twin.wms import messages as m
from twin.wms.control import Wms
from twin.wms.policies import PolicyInUse


def test_an_order_from_entry_to_departure() -> None:
    h = house()
    assert h.wms.tell(order("O1", {"A": 3, "B": 2})).ready == (("s", "pick"),)
    assert h.wms.tell(m.TrailerAtGate(1, "s", "T", "out", "van", 5 * H)).docked == (("T", "s/door", "s/lane"),)
    tour = wanted(h, "pick", 10).work
    assert isinstance(tour, m.PickTour) and [p.units for s in tour.stops for p in s.picks] == [3, 2]
    for stop in tour.stops:
        for pick in stop.picks:
            h.wms.tell(m.PickConfirmed(20, "s", "s/w", tour.task, pick, pick.units))
    h.wms.tell(m.WorkDone(30, "s", "s/w", tour.task, "pick", 2))
    lane = h.wms.tell(m.CartonPacked(40, "s", "s/p", "s/pack", "O1", tour.totes[0][0], "C1")).lane
    assert lane == "s/lane"
    assert ("s", "load") in h.wms.tell(m.CartonStaged(50, "s", "C1")).ready
    load = wanted(h, "load", 60).work
    assert isinstance(load, m.LoadTask) and load.cartons == ("C1",)
    h.wms.tell(m.CartonLoaded(70, "s", "s/l", load.task, "C1", "T"))
    h.wms.tell(m.TrailerLeft(5 * H, "s", "T"))
    life = [
        k for k in h.kinds()
        if k in ("OrderReceived", "OrderPromised", "OrderAllocated", "OrderReleased", "TourStarted", "LinePicked",
                 "CartonClosed", "HandlingUnitStaged", "HandlingUnitLoaded", "TrailerDeparted")
    ]  # fmt: skip
    assert life == [
        "OrderReceived", "OrderPromised", "OrderAllocated", "OrderReleased", "TourStarted", "LinePicked",
        "LinePicked", "CartonClosed", "HandlingUnitStaged", "HandlingUnitLoaded", "TrailerDeparted",
    ]  # fmt: skip
    assert h.desk.r.orders == {} == h.desk.r.packed
    assert h.desk.r.book.on_hand == {("o", "A"): 27, ("o", "B"): 3}
    assert h.desk.r.book.held == {("o", "A"): 0, ("o", "B"): 0}


def test_the_promise_is_what_no_order_holds() -> None:
    h = house(policies={"promising": "on_hand_atp"})
    h.wms.tell(order("O1", {"B": 4}))
    h.wms.tell(order("O2", {"B": 4}))
    assert [f.units for f in h.said("LinePromised")] == [4, 1]
    assert h.last("LineShorted").reason == "not_promised"


def test_a_shop_without_a_stock_check_promises_and_falls_short() -> None:
    h = house(policies={"promising": "accept_all"})
    h.wms.tell(order("O1", {"B": 9}))
    assert h.last("LinePromised").units == 9
    assert (h.last("LineShorted").units, h.last("LineShorted").reason) == (4, "no_stock")


def test_backordered_units_are_covered_when_goods_come() -> None:
    h = house(policies={"promising": "accept_all"}, short_lines="backorder")
    h.wms.tell(order("O1", {"B": 9}))
    assert h.last("LineBackordered").units == 4
    lines = (AsnLine(lpn="P9", owner="o", sku="B", lot=None, units=20),)
    h.wms.tell(m.NewAsn(1, Asn(trailer="IN", site="s", supplier="x", announced_at_ms=0, expected_at_ms=2, lines=lines)))
    h.wms.tell(m.TrailerAtGate(2, "s", "IN", "in", "x", None))
    task = wanted(h, "receive", 3).work
    assert isinstance(task, m.ReceiveTask)
    h.wms.tell(m.GoodsReceived(4, "s", "s/r", task, 20))
    put = wanted(h, "putaway", 5).work
    assert isinstance(put, m.PutawayTask)
    released = len(h.said("OrderReleased"))
    h.wms.tell(m.PutawayConfirmed(20_000, "s", "s/d", put, put.location, 20))
    assert len(h.said("OrderReleased")) == released + 1
    assert h.desk.r.orders["O1"].lines["O1-1"].held == 9


def test_a_face_below_its_minimum_is_filled_from_reserve() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 8}))
    move = wanted(h, "replenish", 1).work
    assert isinstance(move, m.ReplenishTask) and move.units == 8
    h.wms.tell(m.ReplenishConfirmed(2, "s", "s/d", move, 8))
    assert h.desk.r.book.units_at(move.location, ("o", "A")) == 18
    assert h.last("StockReplenished").units == 8


def test_an_empty_face_is_blocked_counted_and_served_from_elsewhere() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    tour = wanted(h, "pick", 1).work
    assert isinstance(tour, m.PickTour)
    pick = tour.stops[0].picks[0]
    h.wms.tell(m.FaceFaulty(2, "s", "s/w", tour.task, pick, 1, "short", True, frozenset()))
    assert h.last("UnitsBlocked").units == 2
    assert h.last("CountRequested").location == pick.location
    extra = wanted(h, "pick", 3, "s/w2").work
    assert isinstance(extra, m.PickTour) and extra.stops[0].picks[0].units == 2
    assert h.desk.r.orders["O1"].lines["O1-1"].picked == 1
    count = wanted(h, "count", 4).work
    assert isinstance(count, m.CountTask) and count.location == pick.location
    left = sum(s.units for s in h.desk.r.book.by_location[count.location])
    h.wms.tell(m.CountConfirmed(5, "s", "s/c", count, (("o", "A", None, left - 2),)))
    assert h.last("StockAdjusted").units == -2
    assert h.desk.r.book.units_at(count.location, ("o", "A")) == left - 2
    assert all(s.status == "available" for s in h.desk.r.book.by_location[count.location])


def test_a_count_above_tolerance_is_repeated_by_another() -> None:
    h = house(count_tolerance_units=1)
    h.desk.exceptions.request(next(iter(h.desk.r.book.by_location)), "exception", 0, None)
    count = wanted(h, "count", 1, "s/c1").work
    assert isinstance(count, m.CountTask)
    h.wms.tell(m.CountConfirmed(2, "s", "s/c1", count, (("o", "A", None, 5),)))
    assert "StockAdjusted" not in h.kinds()
    assert wanted(h, "count", 3, "s/c1").work is None
    again = wanted(h, "count", 4, "s/c2").work
    assert isinstance(again, m.CountTask)
    h.wms.tell(m.CountConfirmed(5, "s", "s/c2", again, (("o", "A", None, 5),)))
    assert h.last("StockAdjusted").units == -5


def test_picks_under_way_are_no_difference_to_a_count() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    tour = wanted(h, "pick", 1).work
    assert isinstance(tour, m.PickTour)
    h.desk.exceptions.request(tour.stops[0].location, "exception", 1, None)
    count = wanted(h, "count", 2, "s/c").work
    assert isinstance(count, m.CountTask)
    h.wms.tell(m.CountConfirmed(3, "s", "s/c", count, (("o", "A", None, 7),)))
    assert "StockAdjusted" not in h.kinds()


def test_an_order_may_be_cancelled_until_somebody_has_begun() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    assert h.wms.tell(m.CancelOrder(1, "O1", "customer")).refused is None
    assert h.last("OrderCancelled").order == "O1"
    assert h.desk.r.book.held[("o", "A")] == 0
    assert all(s.reserved == 0 for s in h.desk.r.book.stocks.values() if s.face)
    h.wms.tell(order("O2", {"A": 3}, 2))
    h.wms.tell(m.TimePassed(20_000))
    assert isinstance(wanted(h, "pick", 20_000).work, m.PickTour)
    assert "begun" in str(h.wms.tell(m.CancelOrder(20_001, "O2", "customer")).refused)


def test_a_held_order_waits_until_it_is_let_go() -> None:
    h = house(caps={"A": 1})
    h.wms.tell(order("O1", {"A": 1}))
    h.wms.tell(order("O2", {"A": 1}))
    assert [f.order for f in h.said("OrderReleased")] == ["O1"]
    assert h.wms.tell(m.HoldOrder(1, "O2", True, "boss")).refused is None
    h.wms.tell(m.TimePassed(20_000))
    assert len(h.said("OrderReleased")) == 1
    assert h.wms.tell(m.HoldOrder(30_000, "O2", False, "boss")).refused is None
    assert [f.order for f in h.said("OrderReleased")] == ["O1", "O2"]


def test_an_order_that_must_be_complete_waits_as_a_whole() -> None:
    h = house(policies={"promising": "accept_all"})
    h.wms.tell(order("O1", {"A": 1, "B": 9}, ship_rule="order_complete"))
    assert "OrderReleased" not in h.kinds() and "OrderAllocated" not in h.kinds()
    assert h.desk.r.book.held.get(("o", "A"), 0) == 0


def test_faults_of_an_order_are_refused_at_once() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 0, "Z": 1}))
    assert h.kinds()[-1] == "OrderRefused"
    assert "unknown SKU Z" in h.last("OrderRefused").detail and "must be > 0" in h.last("OrderRefused").detail


class Greedy:
    """A rule that reserves more than there is."""

    def __call__(self, snapshot: Any) -> Allocation:
        row = snapshot.stock[0]
        return Allocation(
            reservations=(Reservation(line=snapshot.line.line, stock=row.stock, units=row.units + 1),),
            short=0,
            rejected=(),
        )


def test_the_book_disposes_what_a_policy_proposes() -> None:
    h = house()
    in_use = h.desk.r.decisions.policies
    in_use["allocation"] = PolicyInUse(in_use["allocation"].ref, Greedy(), 64)
    with pytest.raises(PolicyError, match=r"allocation=.* broke the law .*free units"):
        h.wms.tell(order("O1", {"A": 3}))


def test_every_number_of_the_book_is_whole_and_not_negative() -> None:
    h = house()
    for n in range(6):
        h.wms.tell(order(f"O{n}", {"A": n + 1, "B": 1}, n))
    for stock in h.desk.r.book.stocks.values():
        assert 0 <= stock.reserved <= stock.units
    held = {("o", "A"): 0, ("o", "B"): 0}
    for hand in h.desk.r.orders.values():
        for x in hand.lines.values():
            held[x.key] += x.held
    assert held == h.desk.r.book.held


def test_lots_of_one_code_keep_the_date_of_their_own_sku() -> None:
    h = house(
        lots=[Lot(owner="o", sku="A", lot="x", expires_on_day=60), Lot(owner="o", sku="B", lot="x", expires_on_day=3)],
        stock=[("A", "x", 4), ("B", "x", 4)],
    )
    dated = {s.sku_id: s.expires_on_day for s in h.desk.r.book.stocks.values() if s.lot == "x"}
    assert dated == {"A": 60, "B": 3}


@pytest.mark.parametrize(
    ("lot", "promised"),
    [
        (Lot(owner="o", sku="B", lot="x"), 9),
        (Lot(owner="o", sku="B", lot="x", expires_on_day=0), 9),
        (Lot(owner="o", sku="B", lot="x", expires_on_day=-1), 5),
        (Lot(owner="o", sku="B", lot="x", expires_on_day=9, remove_on_day=-1), 5),
    ],
)  # fmt: skip
def test_what_has_expired_or_is_off_sale_is_not_promised(lot: Lot, promised: int) -> None:
    h = house(policies={"promising": "on_hand_atp", "allocation": "fefo"}, lots=[lot], stock=[("B", "x", 4)])
    h.wms.tell(order("O1", {"B": 12}))
    assert h.last("LinePromised").units == promised
    held = [f for f in h.facts if type(f).__name__ == "LineShorted"]
    assert sum(f.units for f in held if f.reason != "not_promised") == 0


def test_goods_that_must_keep_for_some_days_are_promised_from_lots_that_do() -> None:
    lots = [Lot(owner="o", sku="B", lot="x", expires_on_day=5)]
    h = house(policies={"promising": "on_hand_atp", "allocation": "fefo"}, lots=lots, stock=[("B", "x", 4)])
    h.wms.tell(order("O1", {"B": 9}, min_days_left=6))
    assert h.last("LinePromised").units == 5
    h.wms.tell(order("O2", {"B": 9}, min_days_left=5))
    assert h.last("LinePromised").units == 4


def test_a_carton_counts_no_units_that_its_bench_has_told_as_missing() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    tour = wanted(h, "pick", 10).work
    pick = tour.stops[0].picks[0]
    h.wms.tell(m.PickConfirmed(20, "s", "s/w", tour.task, pick, 3))
    h.wms.tell(m.WorkDone(21, "s", "s/w", tour.task, "pick", 1))
    h.wms.tell(m.ContentsShort(30, "s", "s/p", pick, 1))
    h.wms.tell(m.CartonPacked(30, "s", "s/p", "s/pack", "O1", pick.tote, "s/C1"))
    assert (h.last("CartonClosed").units, h.last("CartonClosed").expected_units) == (2, 3)


def test_of_two_moments_to_look_at_the_later_is_not_forgotten() -> None:
    policies = {
        "promising": {"name": "stock_feed", "rules": {"feed_every_min": 45}},
        "release": {"name": "wave", "rules": {"waves": [["early", "06:30", 0], ["late", "10:00", 0]]}},
    }
    h = house(policies=policies)
    assert h.wms.tell(m.TimePassed(H // 2)).next_look_ms == 3 * H // 4, "the feed, though the wave came first"
    assert h.wms.tell(m.TimePassed(3 * H // 4)).next_look_ms == 3 * H // 2
    assert h.desk.orders.known.fed_at_ms == 3 * H // 4


def test_of_two_sites_moments_to_look_at_the_later_is_not_forgotten() -> None:
    waves = house(
        policies={"release": {"name": "wave", "rules": {"waves": [["early", "06:30", 0], ["late", "10:00", 0]]}}}
    )
    feed = house(policies={"promising": {"name": "stock_feed", "rules": {"feed_every_min": 45}}})
    both = Wms({"s": waves.desk, "t": feed.desk})
    assert both.open(0).next_look_ms == H // 2
    assert both.tell(m.TimePassed(H // 2)).next_look_ms == 3 * H // 4, "the feed of the other site"
    assert both.tell(m.TimePassed(3 * H // 4)).next_look_ms == 3 * H // 2
    assert both.tell(m.TimePassed(3 * H // 2)).next_look_ms == 9 * H // 4
    assert feed.desk.orders.known.fed_at_ms == 3 * H // 2
