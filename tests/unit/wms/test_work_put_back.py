"""Work that one leaves and another takes up, and work that waits when another policy decides."""

from __future__ import annotations

from small_house import H, House, house, order, wanted
from test_goods_and_counts import received

from twin.wms import messages as m


def picked(h: House, at_ms: int, tour: m.PickTour, most: int) -> None:
    """So many of the picks of a tour are done."""
    for pick in [p for stop in tour.stops for p in stop.picks][:most]:
        h.wms.tell(m.PickConfirmed(at_ms, "s", "s/w", tour.task, pick, pick.units))


def test_who_takes_up_a_tour_that_another_left_picks_what_is_left_of_it() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3, "B": 2}))
    tour = wanted(h, "pick", 1).work
    assert isinstance(tour, m.PickTour)
    picked(h, 2, tour, 1)
    assert h.wms.tell(m.WorkLeft(3, "s", "s/w", tour.task, "pick", "break")).ready == (("s", "pick"),)
    rest = wanted(h, "pick", 4, "s/w2").work
    assert isinstance(rest, m.PickTour) and [p.units for s in rest.stops for p in s.picks] == [2]
    assert rest.totes == tour.totes
    picked(h, 5, rest, 1)
    h.wms.tell(m.WorkDone(6, "s", "s/w2", rest.task, "pick", 1))
    assert all(s.reserved == 0 for s in h.desk.r.book.stocks.values() if s.face)
    assert h.desk.r.orders["O1"].open_units == 0 and not any(h.desk.tours.open_lines.values())


def test_a_tour_left_with_nothing_to_pick_is_ended() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    tour = wanted(h, "pick", 1).work
    assert isinstance(tour, m.PickTour)
    picked(h, 2, tour, 1)
    h.wms.tell(m.WorkLeft(3, "s", "s/w", tour.task, "pick", "break"))
    assert wanted(h, "pick", 4).work is None
    assert h.last("TaskEnded").task == tour.task


def test_cartons_that_a_loader_leaves_are_loaded_by_the_next() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    tour = wanted(h, "pick", 1).work
    assert isinstance(tour, m.PickTour)
    picked(h, 2, tour, 1)
    h.wms.tell(m.WorkDone(3, "s", "s/w", tour.task, "pick", 1))
    h.wms.tell(m.CartonPacked(4, "s", "s/p", "s/pack", "O1", tour.totes[0][0], "C1"))
    h.wms.tell(m.CartonStaged(5, "s", "C1"))
    h.wms.tell(m.TrailerAtGate(6, "s", "T", "out", "van", 5 * H))
    load = wanted(h, "load", 7).work
    assert isinstance(load, m.LoadTask) and load.cartons == ("C1",)
    h.wms.tell(m.WorkLeft(8, "s", "s/w", load.task, "load", "break"))
    again = wanted(h, "load", 9).work
    assert isinstance(again, m.LoadTask) and again.cartons == ("C1",)
    h.wms.tell(m.CartonLoaded(10, "s", "s/w", again.task, "C1", "T"))
    h.wms.tell(m.WorkDone(10, "s", "s/w", again.task, "load", 1))
    h.wms.tell(m.TrailerLeft(5 * H, "s", "T"))
    assert not h.desk.r.orders and not h.desk.r.packed
    assert not h.desk.r.work.waiting("load")


def test_another_putaway_policy_is_asked_about_pallets_that_wait_for_a_place() -> None:
    h = house(policies={"putaway": "fixed_location"})
    received(h, "B")
    assert wanted(h, "putaway", 5).work is None
    assert h.wms.tell(m.ChangePolicy(6, "s", "putaway", "scattered", {})).ready == (("s", "putaway"),)
    assert isinstance(wanted(h, "putaway", 7).work, m.PutawayTask)


def test_another_dispatch_policy_is_asked_by_those_who_got_no_work() -> None:
    h = house()
    h.wms.tell(order("O1", {"A": 3}))
    ask = m.WorkWanted(1, "s", "s/w", ("pick",), frozenset(), "s/depot", None, 2, 0)
    assert h.wms.tell(ask).work is None, "his shift ends"
    changed = h.wms.tell(m.ChangePolicy(2, "s", "dispatch", "nearest", {"may_overrun_s": 3600}))
    assert changed.refused is None and changed.ready == (("s", "pick"),)
    assert isinstance(h.wms.tell(ask._replace(at_ms=3)).work, m.PickTour)
