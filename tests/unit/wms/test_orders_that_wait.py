"""Orders that wait: for a move, for room in a zone, for all of their goods, for a person; none is forgotten or cut."""

from __future__ import annotations

from dataclasses import replace

from small_house import House, house, order, wanted

from twin.domain.goods import Lot
from twin.domain.orders import OrderLine
from twin.wms import messages as m

HOLD = m.HoldWork(0, "s", True, None, None, None, None, "boss")


def of_lines(name: str, lines: list[tuple[str, int]], **more: str) -> m.NewOrder:
    """An order whose lines may be of one SKU."""
    rows = tuple(
        OrderLine(line=f"{name}-{i}", order=name, sku=sku, units=units, owner="o", **more)
        for i, (sku, units) in enumerate(lines, 1)
    )
    return m.NewOrder(0, replace(order(name, {"A": 1}).order, lines=rows))


def half_on_its_way() -> House:
    """Of the 20 units that O2 was promised a move brings 10."""
    h = house()
    h.wms.tell(order("O1", {"A": 10}))
    h.wms.tell(order("O2", {"A": 20}, 20_000))
    assert [p.units for p in h.desk.picking.parked["o", "A"]] == [10]
    return h


def test_who_is_held_and_let_go_waits_on_for_the_move_that_brings_his_units() -> None:
    h = half_on_its_way()
    assert h.wms.tell(HOLD._replace(at_ms=21_000)).refused is None
    assert not h.desk.picking.parked
    assert h.wms.tell(HOLD._replace(at_ms=22_000, hold=False)).refused is None
    assert [p.units for p in h.desk.picking.parked["o", "A"]] == [10]
    assert not h.said("LineShorted")


def test_who_cancels_leaves_what_a_move_brings_to_the_next() -> None:
    h = half_on_its_way()
    assert h.wms.tell(m.CancelOrder(21_000, "O2", "customer")).refused is None
    h.wms.tell(order("O3", {"A": 20}, 60_000))
    assert [(p.order, p.units) for p in h.desk.picking.parked["o", "A"]] == [("O3", 10)]
    assert not h.said("LineShorted")


def test_a_cancelled_order_makes_room_in_its_zone_for_the_next() -> None:
    h = house(caps={"A": 1})
    h.wms.tell(order("O1", {"A": 1}))
    h.wms.tell(order("O2", {"A": 1}, 20_000))
    assert [f.order for f in h.said("OrderReleased")] == ["O1"]
    h.wms.tell(m.CancelOrder(60_000, "O1", "customer"))
    assert [f.order for f in h.said("OrderReleased")] == ["O1", "O2"]


def test_an_order_that_gets_nothing_when_it_is_released_holds_no_room_in_its_zone() -> None:
    stale = [Lot(owner="o", sku="B", lot="x", expires_on_day=5)]
    h = house(policies={"promising": "accept_all", "allocation": "fefo"}, caps={"A": 1}, lots=stale,
              stock=[("B", "x", 9)])  # fmt: skip
    h.wms.tell(order("O0", {"B": 5}, min_days_left=30))
    tour = wanted(h, "pick", 0).work
    assert isinstance(tour, m.PickTour)
    h.wms.tell(m.PickConfirmed(500, "s", "s/w", tour.task, tour.stops[0].picks[0], 5))
    h.wms.tell(order("O1", {"B": 1}, 1000, min_days_left=30))
    h.wms.tell(order("O2", {"B": 1}, 2000))
    look: int | None = 10_000
    while look is not None:
        look = h.wms.tell(m.TimePassed(look)).next_look_ms
    assert [f.order for f in h.said("OrderReleased")] == ["O0", "O1", "O2"]
    assert h.last("LineShorted").order == "O1"


def test_two_lines_of_one_sku_are_covered_together_or_not() -> None:
    h = house(policies={"promising": "accept_all"})
    h.wms.tell(of_lines("O1", [("B", 3), ("B", 3)], ship_rule="order_complete"))
    assert h.desk.orders.uncovered.keys() == {"O1"}
    assert not h.said("LineShorted") and not h.desk.r.book.held.get(("o", "B"))


def test_a_complete_order_that_is_promised_nothing_does_not_wait_for_nothing() -> None:
    late = {"name": "wave", "rules": {"waves": [["late", "20:00", 0]]}}
    h = house(policies={"release": late})
    h.wms.tell(order("O1", {"B": 5}))
    location = h.desk.r.book.by_sku["o", "B"][0].place.location
    h.wms.tell(m.CountWanted(1, "s", location, "boss"))
    count = wanted(h, "count", 2).work
    assert isinstance(count, m.CountTask)
    h.wms.tell(m.CountConfirmed(3, "s", "s/w", count, (("o", "B", None, 2),)))
    assert h.desk.r.book.accounts["o", "B"].free == -3
    h.wms.tell(order("O2", {"B": 2}, 4, ship_rule="order_complete"))
    assert h.desk.r.orders.keys() == {"O1"}


def all_of_it_waits() -> House:
    """O1 waits for the 10 units of its first line, and was promised nothing of its second."""
    feed = {"name": "stock_feed", "rules": {"feed_every_min": 600, "feed_net": False}}
    h = house(policies={"promising": feed}, short_lines="backorder")
    h.wms.tell(order("O0", {"A": 25}))
    h.wms.tell(order("O1", {"A": 10, "B": 9}, 1, ship_rule="line_complete"))
    x = h.desk.r.orders["O1"].lines
    assert (x["O1-1"].backordered, x["O1-2"].promised) == (10, 0)
    return h


def test_an_order_that_held_nothing_waits_for_release_once_it_is_changed_to_hold_something() -> None:
    h = all_of_it_waits()
    assert h.wms.tell(m.ChangeOrder(2, "O1", "O1-2", 3, "boss")).refused is None
    h.wms.tell(m.TimePassed(20_000))
    assert h.desk.r.orders["O1"].lines["O1-2"].in_work == 3


def test_a_line_that_waits_to_be_complete_takes_no_part_when_more_is_wanted() -> None:
    h = all_of_it_waits()
    assert str(h.wms.tell(m.ChangeOrder(2, "O1", "O1-1", 11, "boss")).refused) == "only 5 units more are free"
    assert h.desk.r.orders["O1"].lines["O1-1"].held == 0


def test_two_lines_of_one_name_are_refused() -> None:
    h = house()
    new = of_lines("O1", [("A", 1), ("B", 1)])
    h.wms.tell(m.NewOrder(0, replace(new.order, lines=tuple(replace(x, line="O1-1") for x in new.order.lines))))
    assert h.kinds() == ["OrderRefused"]
    assert h.last("OrderRefused").detail == "O1-1: two lines of this name"


def test_what_batching_rejects_gives_its_stock_back_and_is_on_hold() -> None:
    h = house(policies={"batching": "given"})
    h.wms.tell(order("O1", {"A": 3}))
    assert wanted(h, "pick", 1).work is None
    assert h.last("PolicyDecided").choice == "held:not_in_batch"
    assert all(not s.reserved for s in h.desk.r.book.stocks.values() if s.face)
    assert not any(h.desk.tours.open_lines.values())
    assert h.wms.tell(m.ChangePolicy(2, "s", "batching", "first_come", {})).refused is None
    assert h.wms.tell(HOLD._replace(at_ms=3, hold=False)).refused is None
    assert isinstance(wanted(h, "pick", 4).work, m.PickTour)


def test_an_order_taken_back_with_all_others_can_be_let_go_alone() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    assert h.wms.tell(HOLD._replace(at_ms=1)).refused is None
    assert h.wms.tell(m.HoldOrder(2, "O1", False, "boss")).refused is None
    assert isinstance(wanted(h, "pick", 3).work, m.PickTour)


def test_why_an_order_is_held_is_told_again_of_another_order_of_its_name() -> None:
    h = house(caps={"A": 1})
    h.wms.tell(order("O1", {"A": 1}))
    for at_ms in (20_000, 60_000):
        h.wms.tell(order("O2", {"A": 1}, at_ms))
        h.wms.tell(m.TimePassed(at_ms + 20_000))
        assert h.wms.tell(m.CancelOrder(at_ms + 21_000, "O2", "customer")).refused is None
    assert [f.order for f in h.said("PolicyDecided") if f.choice == "held:wip_cap"] == ["O2", "O2"]
