"""Small days made of drawn troubles, run under a guard; and the sums that a book must keep."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

from twin.events.stream import Sink
from twin.run.commands import command_of
from twin.run.running import Run
from twin.spec.loading import load_scenario

STEPS_AT_ONE_TIME = 20_000
"""More events than this at one millisecond: the clock stands still."""

SMALL = [
    "horizon_h=3", "assortment.generate.skus=12", "demand.generate.orders_per_day=400", "demand.generate.hourly=null",
    "demand.generate.backlog_orders=8", "layout.aisles=4", "layout.locations_per_subaisle=6",
]  # fmt: skip
MINI = [
    "horizon_h=3", "methods.handling.tour_setup_s=6", "methods.handling.pack_fixed_s=9", "assortment.generate.skus=12",
    "demand.generate.max_orders=60", "demand.generate.orders_per_day=600",
    "demand.generate.backlog_orders=6", "layout.locations_per_subaisle=10",
    "layout.zones=[{name: pick, aisles: [0, 1]}, {name: deep, aisles: [2, 2], use: reserve, kind: pallet_rack, "
    "handling_unit_places: 200, location_volume_l: 200000}]",
    "layout.doors=[{name: door, x_m: 2, y_m: -9, lane: lane}, {name: gate, x_m: 9, y_m: -9, lane: lane}]",
    "inbound.generate={trailers_per_day: 40, pallets_per_trailer: 2, first: '07:00', last: '22:00'}",
    "carriers=[{name: van, departures: ['09:00', '09:40', '10:30'], cutoff_min: 10, arrives_min_before: 60}]",
]  # fmt: skip
WORK = ("picking", "receiving", "putaway", "replenishing", "counting")
SLIPS = (
    "wrong_sku", "wrong_units", "wrong_units_single", "left_out", "wrong_cart_position", "wrong_label",
    "putaway_wrong_location", "putaway_wrong_units", "miscount", "damage",
)  # fmt: skip
TIMES = (
    "tour_setup_s", "tour_drop_s", "search_s", "grasp_first_s", "grasp_further_s", "put_s", "aisle_turn_s",
    "unload_pallet_s", "check_pallet_s", "check_line_s", "label_s", "pallet_handling_s", "replenish_case_s",
    "pack_fixed_s", "pack_unit_s", "carton_build_s", "label_seal_s", "scale_s", "correct_s", "stage_s",
    "load_carton_s", "count_location_s", "count_unit_s", "report_s",
)  # fmt: skip
NO_TIME = [
    *(f"methods.handling.{key}=0" for key in TIMES), "equipment.walking_speed_m_per_s=unlimited",
    "equipment.truck_speed_m_per_s=unlimited", "equipment.wms_reply_s=0", "methods.clerk.key_line_s=0",
    "methods.paper.confirm_s=0", "methods.barcode.confirm_s=0",
]  # fmt: skip
CREWS = ("pickers", "packers", "receivers", "putaway_drivers", "replenishers", "loaders", "counters", "clerks")
FAULTS = (
    "{kind: wms_outage, per_h: 4, duration_s: 600}",
    "{kind: device, per_h: 20}",
    "{kind: absent_worker, target: picker, per_h: 6, duration_s: 400}",
    "{kind: absent_worker, target: loader, per_h: 3, duration_s: 0}",
)
CHOICES = {
    "policies.promising": (
        "accept_all", "on_hand_atp", "stock_feed", "{name: stock_feed, rules: {feed_every_min: 20}}",
    ),
    "policies.allocation": ("fifo", "fefo"),
    "policies.release": ("waveless", "urgent_first", "earliest_cutoff",
                         "{name: wave, rules: {waves: [[early, '08:30', 0], [late, '09:30', 4]]}}",
                         "{name: urgent_first, rules: {release_every_s: 300}}"),
    "policies.batching": ("one_by_one", "first_come", "seed"),
    "policies.routing": ("s_shape", "return", "largest_gap", "optimal"),
    "policies.putaway": ("scattered", "closest_open", "class_based"),
    "methods.short_lines": ("ship_short", "backorder"),
    "demand.ship_rule": ("partial", "line_complete", "order_complete"),
    "demand.min_days_left": ("0", "3"),
    "opening_stock.generate.face_cover_days": ("0.02", "0.5", "3"),
    "opening_stock.generate.reserve_cover_days": ("0", "0.3", "4"),
    "opening_stock.generate.face_min_units": ("0", "2"),
    "opening_stock.generate.book_right": ("1", "0.5", "0"),
    "opening_stock.generate.lots_per_sku": ("1", "3"),
    "opening_stock.generate.faces_per_sku": ("1", "2"),
    "assortment.generate.perishable_share": ("0", "1"),
    "assortment.generate.shelf_life_days": ("2", "60"),
    "assortment.generate.units_per_pallet": ("12", "48"),
    "assortment.generate.units_per_pack": ("1", "12"),
    "demand.generate.units_per_line": ("{constant: 1}", "3", "20"),
    "demand.generate.lines_per_order": ("{constant: 1}", "3", "8"),
    "equipment.cart_positions": ("1", "2", "unlimited"),
    "equipment.cart_max_lines": ("1", "3", "unlimited"),
    "equipment.cart_max_kg": ("0.4", "unlimited"),
    "equipment.scanner_mtbf_h": ("0.5", "unlimited"),
    "layout.aisle_capacity": ("1", "2", "unlimited"),
    "methods.count_after_exception": ("true", "false"),
    "methods.count_tolerance_units": ("0", "1"),
    "methods.packing_checks": ("[]", "[scale]", "[scale, every_unit, label]"),
    "methods.clerk.wrong_units": ("0", "0.3"),
    "layout.pack_stations": ("[{name: pack, x_m: 2, y_m: -4, benches: 1, queue_places: 1}]",
                             "[{name: pack, x_m: 2, y_m: -4, benches: 2}]"),
    "layout.conveyors": (
        "[]", "[{name: spine, origin: depot, destination: pack, speed_m_per_s: 0.5, pitch_m: 0.6}]",
        "[{name: out, origin: pack, destination: lane, speed_m_per_s: 0.5, pitch_m: 0.6}]",
    ),
    "layout.lanes": ("[{name: lane, x_m: 2, y_m: -7, places: 1}]", "[{name: lane, x_m: 2, y_m: -7, places: 5}]"),
}  # fmt: skip


@st.composite
def troubles(draw: st.DrawFn) -> tuple[list[str], list[dict[str, Any]], int]:
    """Overrides of `one_order`, commands, and a seed."""
    said = list(MINI)
    for key, words in CHOICES.items():
        if draw(st.booleans()):
            said.append(f"{key}={draw(st.sampled_from(words))}")
    for work in WORK:
        said.append(f"methods.{work}={draw(st.sampled_from(('paper', 'barcode')))}")
    if draw(st.booleans()):
        said += [f"methods.slips.{name}={draw(st.sampled_from((0, 0.2)))}" for name in SLIPS]
    for crew in CREWS:
        said.append(f"workforce.{crew}.count={draw(st.sampled_from((1, 1, 1, 2, 2, 2, 3, 0, 'unlimited')))}")
    if draw(st.integers(0, 3)) == 0:
        said += NO_TIME
    faults = draw(st.lists(st.sampled_from(FAULTS), max_size=2, unique=True))
    said.append(f"faults=[{', '.join(faults)}]")
    if draw(st.booleans()):
        departures = "'08:30', '09:00', '09:40', '10:30'"
        said.append(
            f"carriers=[{{name: van, departures: [{departures}], cutoff_min: 10, arrives_min_before: 90, "
            f"capacity_handling_units: {draw(st.sampled_from((0, 1, 5)))}}}]"
        )
    return said, draw(st.lists(commands(), max_size=8)), draw(st.integers(0, 3))


INCIDENTS: tuple[dict[str, Any], ...] = (
    {"action": "rush_orders", "count": 6, "due_min": 40},
    {"action": "rush_orders", "count": 2, "lines": [{"sku": "SKU00001", "units": 3}, {"sku": "SKU00002", "units": 50}]},
    {"action": "late_truck", "carrier": "van", "delay_min": 25},
    {"action": "late_truck", "carrier": "van", "delay_min": 90},
    {"action": "late_trailer", "delay_min": 7},
    {"action": "absent_workers", "role": "picker", "count": 2, "duration_s": 600},
    {"action": "absent_workers", "role": "packer", "count": 1},
)  # fmt: skip
DECISIONS: tuple[dict[str, Any], ...] = (
    {"action": "move_workers", "from_role": "picker", "to_role": "packer"},
    {"action": "move_workers", "from_role": "packer", "to_role": "picker", "count": 3},
    {"action": "move_workers", "from_role": "loader", "to_role": "counter"},
    {"action": "close_station", "station": "pack"}, {"action": "open_station", "station": "pack"},
    {"action": "set_benches", "station": "pack", "benches": 3},
    {"action": "set_method", "work": "picking", "method": "paper"},
    {"action": "set_method", "work": "picking", "method": "barcode"},
    {"action": "set_method", "work": "putaway", "method": "barcode"},
    {"action": "set_checks", "checks": ["scale", "every_unit"]}, {"action": "set_checks", "checks": []},
    {"action": "hold_work", "priority": 5}, {"action": "hold_work", "zone": "pick"}, {"action": "hold_work"},
    {"action": "release_work", "priority": 5}, {"action": "release_work", "carrier": "van"}, {"action": "release_work"},
    {"action": "hold_work", "wave": "early"}, {"action": "release_work", "wave": "early"},
    {"action": "call_count", "location": "A01-1-001-1L"}, {"action": "call_count", "location": "A02-1-003-1R"},
    {"action": "change_policy", "family": "release", "name": "urgent_first", "rules": {"release_every_s": 60}},
    {"action": "change_policy", "family": "release", "name": "wave", "rules": {"waves": [["early", "08:45", 3]]}},
    {"action": "change_policy", "family": "batching", "name": "first_come"},
    {"action": "change_policy", "family": "allocation", "name": "fefo"},
    {"action": "change_policy", "family": "routing", "name": "return"},
    {"action": "change_policy", "family": "promising", "name": "stock_feed", "rules": {"feed_every_min": 15}},
    {"action": "change_policy", "family": "promising", "name": "accept_all"},
    {"action": "change_policy", "family": "replenishment", "name": "top_up"},
    {"action": "change_policy", "family": "cycle_counting", "name": "spot"},
    {"action": "change_policy", "family": "putaway", "name": "scattered"},
    {"action": "change_policy", "family": "dock_assignment", "name": "by_carrier"},
    {"action": "change_policy", "family": "pick_exceptions", "name": "ship_short"},
)  # fmt: skip


@st.composite
def commands(draw: st.DrawFn) -> dict[str, Any]:
    """What a customer or a supervisor may want at some time; orders are named by their number in the day."""
    at = {"at_ms": draw(st.integers(0, 150)) * 60_000}
    order = {"order": draw(st.integers(0, 40))}
    what: dict[str, Any] = draw(
        st.sampled_from(
            (
                {"action": "cancel_order", **order}, {"action": "hold_order", **order},
                {"action": "release_order", **order},
                {"action": "change_order", **order, "line": 1, "units": draw(st.integers(0, 9))},
                {"action": "add_workers", "role": "picker"}, {"action": "add_workers", "role": "clerk"},
                {"action": "block_aisle", "aisle": "A02", "duration_s": 600},
                {"action": "inject_fault", "kind": "wms_outage", "duration_s": 300},
                {"action": "inject_fault", "kind": "network", "duration_s": 300},
                *DECISIONS, *INCIDENTS,
            )
        )
    )  # fmt: skip
    return {**what, **at}


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """Fail when the code inside does not come back."""

    def late(*_: object) -> None:
        raise AssertionError(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run_of(
    said: Sequence[str], given: Sequence[dict[str, Any]] = (), seed: int | None = None, sinks: Sequence[Sink] = ()
) -> Run:
    """A run to its horizon: the clock must not stand still. Orders in commands are numbers of the day's list."""
    loaded = load_scenario("one_order", list(said))
    names = [o.order for o in Run(loaded, seed=seed, observers=False).premises.orders()]
    told = []
    for command in given:
        if "order" in command:
            order = names[command["order"] % len(names)]
            command = {**command, "order": order}
        if "line" in command:
            command = {**command, "line": f"{order}-{command['line']}"}
        told.append(command_of(command))
    run = Run(loaded, seed=seed, commands=told, sinks=sinks)
    env = run.world.env

    def watched(at_ms: int) -> None:
        at, steps = env.now, 0
        while env.peek() < at_ms:
            env.step()
            if env.now != at:
                at, steps = env.now, 0
            steps += 1
            assert steps < STEPS_AT_ONE_TIME, f"the clock stands still at {at}"

    env.run_before = watched  # type: ignore[method-assign]
    run.advance(run.premises.horizon_ms)
    return run


def check_books(run: Run) -> None:
    """Law 7 for the floor, and the book's own sums."""
    run.world.check_nothing_is_lost()
    for floor in run.world.sites.values():
        piles = [*floor.truth.places.values(), *floor.truth.units_on.values()]
        assert all(units > 0 for pile in piles for units in pile.values())
    for desk in run.world.wms.sites.values():
        r, book = desk.r, desk.r.book
        on_hand: dict[Any, int] = dict.fromkeys(book.on_hand, 0)
        reserved: dict[Any, int] = {}
        for stock in book.stocks.values():
            assert 0 <= stock.reserved <= stock.units, (stock.stock, stock.reserved, stock.units)
            reserved[stock.stock] = stock.reserved
            if stock.usable:
                on_hand[stock.owner, stock.sku_id] += stock.units
            assert stock in book.by_location[stock.place.location] and stock in book.by_sku[stock.owner, stock.sku_id]
        assert on_hand == book.on_hand
        held: dict[Any, int] = dict.fromkeys(book.held, 0)
        in_work = 0
        for hand in r.orders.values():
            for x in hand.lines.values():
                assert 0 <= x.in_work <= x.held, (x.row.line, x.in_work, x.held)
                assert x.backordered >= 0 and x.cancelled >= 0 and x.shorted >= 0
                held[x.key] = held.get(x.key, 0) + x.held
                in_work += x.in_work
                assert x.promised == x.held + x.picked + x.backordered + x.shorted + x.cancelled or hand in list(
                    desk.orders.uncovered.values()
                ), (x.row.line, x.promised, x.held, x.picked, x.backordered, x.shorted, x.cancelled)
            assert hand.open_units == sum(x.promised - x.picked - x.shorted - x.cancelled for x in hand.lines.values())
        assert {k: n for k, n in held.items() if n} == {k: n for k, n in book.held.items() if n}
        for place in book.places.values():
            assert place.row is None or place.row == desk.inbound.picture(place), place.location
        moving = sum(move.units for move in desk.replenishment.moves.values())
        assert sum(reserved.values()) == in_work + moving
        open_lines = open_lines_of(desk)
        assert all(n >= open_lines.get(zone, 0) for zone, n in desk.tours.open_lines.items())
        if not desk.tours.active:  # a pick that joined another of its line is a second one until the tour ends
            assert {zone: n for zone, n in desk.tours.open_lines.items() if n} == open_lines
        assert sum(desk.replenishment.coming.values()) == moving
        putaways = [*r.work.open_in("putaway"), *(q for q, _ in r.work.assigned.values() if q.row.queue == "putaway")]
        coming = Counter(q.work.location for q in putaways)
        assert all(place.coming == coming[place.location] for place in book.places.values())


def open_lines_of(desk: Any) -> dict[str, int]:
    """Picks by zone that are in the pool, in tasks or on tours."""
    r, tours = desk.r, desk.tours
    zones = [w.stock.place.zone for waiting in tours.pool.values() for w in waiting]
    picks = [p for queued in r.work.open_in("pick") for p in queued.work.picks]
    picks += [p for of_tour in tours.active.values() for p in of_tour.values()]
    return dict(Counter([*zones, *(r.book.places[p.location].zone for p in picks)]))


def waits_on(r: Any, order: str, line: str) -> bool:
    """A line still waits for stock."""
    x = r.orders[order].lines.get(line) if order in r.orders else None
    return x is not None and x.backordered > 0


def check_nothing_is_forgotten(run: Run) -> None:
    """What waits, waits for something that can still come."""
    for desk in run.world.wms.sites.values():
        r, orders = desk.r, desk.orders
        assigned = {task for task, (queued, _) in r.work.assigned.items() if queued.row.queue == "pick"}
        assert set(desk.tours.active) <= assigned, "picks of a tour that has ended"
        wanted = sum(w.units for waiting in desk.tours.pool.values() for w in waiting)
        wanted += sum(p.units for queued in r.work.open_in("pick") for p in queued.work.picks)
        wanted += sum(p.units for picks in desk.tours.active.values() for p in picks.values())
        assert wanted == sum(x.in_work for hand in r.orders.values() for x in hand.lines.values()), "work is lost"
        for order, packed in r.packed.items():
            assert packed.to_stage or packed.to_load or packed.to_leave, f"{order} is done and still in hand"
            assert order not in r.orders, f"{order} is packed, and not"
        for hand in r.orders.values():
            open_units = hand.open_units or hand.totes or hand.to_stage or hand.to_load or hand.to_leave
            assert open_units, f"{hand.order.order} is done and still in hand ({hand.status})"
            idle = sum(x.held - x.in_work for x in hand.lines.values())
            parked = sum(p.units for waiting in desk.picking.parked.values() for p in waiting
                         if p.order == hand.order.order)  # fmt: skip
            if not hand.on_hold and idle > parked:
                assert hand.index_key is not None, f"{hand.order.order} holds stock and waits for nothing"
        for key, waiting in desk.picking.parked.items():
            assert not waiting or desk.replenishment.units_coming(key), f"units of {key} wait for no move"
        for hand in r.orders.values():
            for x in hand.lines.values():
                if x.backordered:
                    waits = (hand.order.order, x.row.line) in orders.backlog.get(x.key, ())
                    assert waits, f"{x.row.line} waits for stock and nobody knows"
        for key, waiting in orders.backlog.items():
            undated = all(s.expires_on_day is None for s in r.book.by_sku.get(key, ()))
            keyed_right = not run.spec.methods.clerk.wrong_units  # a wrong number may free units unnoticed
            if undated and keyed_right and any(waits_on(r, o, n) for o, n in waiting):
                moving = sum(t.units for t in desk.replenishment.moves.values() if (t.owner, t.sku) == key)
                whole = any(x.key == key and x.row.ship_rule == "line_complete" for h in r.orders.values()
                            for x in h.lines.values())  # fmt: skip
                assert whole or r.book.accounts[key].free <= moving, f"{key} is free and a backorder waits for it"
        for hand in orders.uncovered.values():
            assert not orders._is_covered(hand), f"{hand.order.order} is covered"
