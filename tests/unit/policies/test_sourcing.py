from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.domain.orders import OrderLine
from twin.policies.laws import broken_laws
from twin.policies.named import checked_rules
from twin.policies.shape import PolicyError
from twin.policies.snapshots import from_json, to_json
from twin.policies.sourcing import SOURCING, SiteState, Sourcing, SourcingRules, SourcingSnapshot
from twin.policies.why import watched
from twin.run.drawn_snapshots import drawn

H = 3_600_000
GREEDY = ("by_rank", "nearest", "nearest_with_room")
EXACT = ("fewest_splits", "cheapest")


def line(name: str, units: int = 5, **changed: Any) -> OrderLine:
    plain: dict[str, Any] = {"line": name, "order": "o", "sku": "tea", "units": units, "owner": "us"}
    return OrderLine(**(plain | changed))


def site(name: str, rank: int = 0, **changed: Any) -> SiteState:
    plain: dict[str, Any] = {
        "site": name,
        "book_version": 1,
        "rank": rank,
        "open_lines": 0,
        "capacity_lines": 100,
        "abilities": frozenset(),
        "fixed_cents": 0,
        "unit_cents": 0,
    }
    return SiteState(**(plain | changed))


Offers = dict[str, int] | list[tuple[str, int, int]]


def ask(lines: list[OrderLine], sites: list[tuple[SiteState, int, Offers]], **changed: Any) -> SourcingSnapshot:
    """sites: (state, distance, offers); offers {line: units} are in time."""
    offered = [
        tuple((name, units, 0) for name, units in offers.items()) if isinstance(offers, dict) else tuple(offers)
        for _, _, offers in sites
    ]
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "lines": tuple(lines),
        "promised_at_ms": 0,
        "needs": frozenset(),
        "sites": tuple(state for state, _, _ in sites),
        "distance_mm": tuple(distance for _, distance, _ in sites),
        "offered": tuple(offered),
    }
    return SourcingSnapshot(**(plain | changed))


def source(name: str, snapshot: SourcingSnapshot, **rules: Any) -> Sourcing:
    decision = SOURCING[name](rules=SourcingRules(**rules))(snapshot)
    assert broken_laws(snapshot, decision) == []
    return decision


def codes(decision: Sourcing) -> dict[str, str]:
    return {rejection.subject: rejection.code for rejection in decision.rejected}


class TestGreedy:
    def test_by_rank_takes_what_the_first_has_and_the_rest_from_the_next(self):
        snapshot = ask([line("1", 5)], [(site("b", 2), 0, {"1": 9}), (site("a", 1), 9, {"1": 3})])
        assert source("by_rank", snapshot).shipments == (("a", (("1", 3),)), ("b", (("1", 2),)))

    def test_equal_ranks_go_by_site(self):
        snapshot = ask([line("1", 5)], [(site("b"), 0, {"1": 9}), (site("a"), 9, {"1": 9})])
        assert source("by_rank", snapshot).shipments == (("a", (("1", 5),)),)

    def test_nearest_goes_by_distance_then_rank_then_site(self):
        far, near = (site("far", 0), 900, {"1": 5}), (site("near", 9), 100, {"1": 5})
        assert source("nearest", ask([line("1")], [far, near])).shipments == (("near", (("1", 5),)),)
        level = [(site("c", 2), 1, {"1": 5}), (site("b", 1), 1, {"1": 5}), (site("a", 1), 1, {"1": 5})]
        assert source("nearest", ask([line("1")], level)).shipments == (("a", (("1", 5),)),)

    @pytest.mark.parametrize(("open_lines", "first"), [(8, "near"), (9, "far")])
    def test_a_near_site_without_room_for_all_lines_comes_after_a_far_one_with_room(self, open_lines, first):
        near = (site("near", open_lines=open_lines, capacity_lines=10), 1, {"1": 5, "2": 5})
        far = (site("far"), 900, {"1": 5, "2": 5})
        decision = source("nearest_with_room", ask([line("1"), line("2")], [near, far]))
        assert decision.shipments == ((first, (("1", 5), ("2", 5))),)

    def test_room_is_a_wish_so_a_full_site_ships_what_no_other_has(self):
        near = (site("near", capacity_lines=0), 1, {"1": 5})
        assert source("nearest_with_room", ask([line("1")], [near])).shipments == (("near", (("1", 5),)),)

    def test_a_site_that_has_nothing_to_add_is_no_shipment(self):
        sites = [(site("a", 1), 0, {"1": 5}), (site("b", 2), 0, {"1": 5}), (site("c", 3), 0, {"2": 5})]
        decision = source("by_rank", ask([line("1"), line("2")], sites), max_splits=1)
        assert decision.shipments == (("a", (("1", 5),)), ("c", (("2", 5),)))
        assert decision.backorder == ()


FOUR = [(site(name, i), i, {"1": 2}) for i, name in enumerate("abcd")]


def test_of_two_complete_lines_in_each_others_way_the_last_by_id_waits():
    # within two shipments line 1 needs a and c, line 2 needs b and d; in turn a and b come first
    lines = [line("2", 5, ship_rule="line_complete"), line("1", 5, ship_rule="line_complete")]
    sites = [
        (site(n, i), i, o)
        for i, (n, o) in enumerate([("a", {"1": 2}), ("b", {"2": 3}), ("c", {"1": 3}), ("d", {"2": 2})])
    ]
    for name in GREEDY:
        decision = source(name, ask(lines, sites), max_splits=1)
        assert decision.shipments == (("a", (("1", 2),)), ("c", (("1", 3),)))
        assert codes(decision) == {"2": "max_splits"}


class TestMaxSplits:
    @pytest.mark.parametrize("name", SOURCING)
    @pytest.mark.parametrize("max_splits", [0, 1, 2, 3])
    def test_so_many_cuts_are_one_shipment_more_and_the_rest_waits(self, name, max_splits):
        decision = source(name, ask([line("1", 8)], FOUR), max_splits=max_splits)
        assert [place for place, _ in decision.shipments] == list("abcd")[: max_splits + 1]
        rest = 8 - 2 * (max_splits + 1)
        assert decision.backorder == ((("1", rest),) if rest else ())
        assert codes(decision) == ({"1": "max_splits"} if rest else {})

    @pytest.mark.parametrize("name", SOURCING)
    def test_what_no_site_has_is_no_stock_whatever_the_cuts(self, name):
        decision = source(name, ask([line("1", 9), line("2", 1)], FOUR), max_splits=3)
        assert decision.backorder == (("1", 1), ("2", 1))
        assert codes(decision) == {"1": "no_stock", "2": "no_stock"}

    def test_sites_beyond_max_sites_are_not_enumerated(self):
        sites = [(site("a", 1), 0, {"1": 1}), (site("b", 2), 0, {"1": 5})]
        decision = source("fewest_splits", ask([line("1", 5)], sites), max_sites=1)
        assert decision.shipments == (("a", (("1", 1),)),)
        assert codes(decision) == {"1": "max_splits"}


@pytest.mark.parametrize("name", SOURCING)
class TestWhole:
    """Every rule keeps these."""

    def test_an_order_that_must_be_complete_waits_as_a_whole(self, name):
        lines = [line("1", 5, ship_rule="order_complete"), line("2", 5, ship_rule="order_complete")]
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 5, "2": 4})]))
        assert decision.shipments == ()
        assert decision.backorder == (("1", 5), ("2", 5))
        assert codes(decision) == {"1": "not_covered", "2": "no_stock"}

    def test_it_may_come_from_several_sites(self, name):
        lines = [line("1", 5, ship_rule="order_complete"), line("2", 5, ship_rule="order_complete")]
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 5, "2": 4}), (site("b", 1), 1, {"2": 1})]))
        assert decision.shipments == (("a", (("1", 5), ("2", 4))), ("b", (("2", 1),)))
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 5}), (site("b"), 0, {"2": 5})]), max_splits=0)
        assert decision.shipments == () and codes(decision) == {"1": "max_splits", "2": "max_splits"}

    def test_the_other_order_of_the_ask_does_not_wait_for_it(self, name):
        lines = [line("1", 5, ship_rule="order_complete"), line("2", 3, order="p")]
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 4, "2": 2})]))
        assert decision.shipments == (("a", (("2", 2),)),)
        assert codes(decision) == {"1": "no_stock", "2": "no_stock"}

    def test_a_complete_line_waits_alone(self, name):
        lines = [line("1", 5, ship_rule="line_complete"), line("2", 5)]
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 4, "2": 4})]))
        assert decision.shipments == (("a", (("2", 4),)),)
        assert decision.backorder == (("1", 5), ("2", 1))

    def test_a_line_that_can_never_be_complete_uses_up_no_cut(self, name):
        lines = [line("1", 9, ship_rule="line_complete"), line("2", 5, ship_rule="line_complete")]
        sites = [(site("a", 1), 1, {"1": 3}), (site("b", 2), 2, {"2": 5})]
        decision = source(name, ask(lines, sites), max_splits=0)
        assert decision.shipments == (("b", (("2", 5),)),)
        assert codes(decision) == {"1": "no_stock"}

    def test_of_two_that_do_not_fit_together_the_last_by_id_waits(self, name):
        lines = [line("1", 5, ship_rule="line_complete"), line("2", 5, ship_rule="line_complete")]
        sites = [(site("a", 1), 1, {"1": 5}), (site("b", 2), 2, {"2": 5})]
        decision = source(name, ask(lines, sites), max_splits=0)
        assert decision.shipments == (("a", (("1", 5),)),)
        assert codes(decision) == {"2": "max_splits"}

    def test_a_kit_is_never_split_over_sites(self, name):
        sites = [(site("a", 1), 1, {"1": 5}), (site("b", 2), 2, {"1": 5, "2": 5}), (site("c", 3), 3, {"2": 5})]
        lines = [line("1"), line("2")]
        kits = (("1", "2"),)
        assert source(name, ask(lines, sites, kits=kits)).shipments == (("b", (("1", 5), ("2", 5))),)
        decision = source(name, ask(lines, [sites[0], sites[2]], kits=kits))
        assert decision.shipments == () and codes(decision) == {"1": "no_stock", "2": "no_stock"}

    def test_a_kit_sold_as_one_line_is_not_split_either(self, name):
        sites = [(site("a", 1), 1, {"1": 3}), (site("b", 2), 2, {"1": 2})]
        assert source(name, ask([line("1")], sites)).backorder == ()
        assert source(name, ask([line("1")], sites, kits=(("1",),))).backorder == (("1", 5),)

    def test_two_kits_that_share_a_line_are_one_and_unknown_lines_are_nothing(self, name):
        sites = [(site("a", 1), 1, {"1": 5, "2": 5}), (site("b", 2), 2, {"2": 5, "3": 5})]
        lines = [line("1"), line("2"), line("3")]
        assert source(name, ask(lines, sites, kits=(("1", "2"), ("2", "3"), ("9",)))).shipments == ()

    def test_an_incomplete_kit_keeps_its_complete_order_waiting(self, name):
        lines = [line("1"), line("2"), line("3", ship_rule="order_complete")]
        decision = source(name, ask(lines, [(site("a"), 0, {"1": 5, "2": 4, "3": 5})], kits=(("1", "2"),)))
        assert decision.shipments == ()
        assert codes(decision) == {"1": "no_stock", "2": "no_stock", "3": "not_covered"}

    @pytest.mark.parametrize(
        ("needs", "abilities", "code"),
        [
            ({"chilled"}, {"ambient"}, "temperature"),
            ({"acid"}, {"chilled"}, "segregation"),
            ({"secure"}, set(), "secure_zone"),
            ({"secure", "acid"}, set(), "segregation"),
            ({"secure", "acid", "frozen"}, {"acid"}, "temperature"),
        ],
    )
    def test_a_site_that_lacks_an_ability_is_refused(self, name, needs, abilities, code):
        sites = [(site("a", abilities=frozenset(abilities)), 0, {"1": 5}), (site("b", 9), 9, {"1": 5})]
        sites[1] = (replace(sites[1][0], abilities=frozenset(needs)), 9, {"1": 5})
        decision = source(name, ask([line("1")], sites, needs=frozenset(needs)))
        assert decision.shipments == (("b", (("1", 5),)),)
        assert codes(decision) == {"a": code}

    def test_nothing_asked_nothing_offered(self, name):
        empty = Sourcing(shipments=(), backorder=(), rejected=())
        assert source(name, ask([], [])) == empty
        assert source(name, ask([line("1", 0)], [(site("a"), 0, {"1": 5})])) == empty
        assert source(name, ask([line("1", 2)], [])).backorder == (("1", 2),)
        odd = [("1", 0, 0), ("1", -3, 0), ("1", 2, 0), ("x", 9, 0)]
        assert source(name, ask([line("1", 2)], [(site("a"), 0, odd)])).shipments == (("a", (("1", 2),)),)

    def test_asked_again_after_a_short_it_goes_on_with_what_is_left(self, name):
        first = source(name, ask([line("1", 5)], [(site("a"), 0, {"1": 5}), (site("b", 1), 1, {"1": 5})]))
        assert first.shipments == (("a", (("1", 5),)),)
        again = source(name, ask([line("1", 2)], [(site("a"), 0, {}), (site("b", 1), 1, {"1": 5})]))
        assert again.shipments == (("b", (("1", 2),)),)

    def test_a_row_without_its_neighbour_is_an_error(self, name):
        with pytest.raises(PolicyError, match="must stand beside sites"):
            SOURCING[name]()(ask([line("1")], [(site("a"), 0, {})], distance_mm=()))


class TestExact:
    def test_fewest_splits_prefers_one_site_that_has_all_to_two_better_ones(self):
        sites = [
            (site("a", 1), 0, {"1": 5}),
            (site("b", 2), 0, {"2": 5}),
            (site("c", 9, fixed_cents=999), 0, {"1": 5, "2": 5}),
        ]
        snapshot = ask([line("1"), line("2")], sites)
        assert source("fewest_splits", snapshot).shipments == (("c", (("1", 5), ("2", 5))),)
        assert source("by_rank", snapshot).shipments == (("a", (("1", 5),)), ("b", (("2", 5),)))

    def test_it_ships_most_first_then_few(self):
        sites = [(site("a", 1), 0, {"1": 4}), (site("b", 2), 0, {"1": 1}), (site("c", 3), 0, {"1": 3})]
        assert source("fewest_splits", ask([line("1", 5)], sites)).shipments == (("a", (("1", 4),)), ("b", (("1", 1),)))

    def test_cheapest_sums_fixed_units_and_hours(self):
        # a: 500 + 5 x 10 = 550; b: 100 + 5 x 50 = 350; c: 0 + 5 x 20 + 3 h late
        sites = [
            (site("a", 1, fixed_cents=500, unit_cents=10), 0, {"1": 5}),
            (site("b", 2, fixed_cents=100, unit_cents=50), 0, {"1": 5}),
            (site("c", 3, unit_cents=20), 0, [("1", 5, 3 * H)]),
        ]
        snapshot = ask([line("1")], sites)
        assert source("cheapest", snapshot).shipments == (("c", (("1", 5),)),)
        assert source("cheapest", snapshot, late_cents_per_h=83).shipments == (("c", (("1", 5),)),)  # 349
        assert source("cheapest", snapshot, late_cents_per_h=84).shipments == (("b", (("1", 5),)),)  # 352
        assert source("cheapest", replace(snapshot, promised_at_ms=H), late_cents_per_h=84).shipments[0][0] == "c"

    def test_half_an_hour_late_costs_half(self):
        sites = [(site("a", fixed_cents=10), 0, {"1": 1}), (site("b"), 0, [("1", 1, H // 2)])]
        assert source("cheapest", ask([line("1", 1)], sites), late_cents_per_h=19).shipments[0][0] == "b"
        assert source("cheapest", ask([line("1", 1)], sites), late_cents_per_h=21).shipments[0][0] == "a"

    def test_a_shipment_is_as_late_as_its_last_part_and_pays_once(self):
        # both lines 2 h late at a: 2 x 10 once; line 2 from b in time saves nothing, since 1 still waits
        sites = [(site("a"), 0, [("1", 1, 2 * H), ("2", 1, 2 * H)]), (site("b", fixed_cents=1), 0, {"2": 1})]
        decision = source("cheapest", ask([line("1", 1), line("2", 1)], sites), late_cents_per_h=10)
        assert decision.shipments == (("a", (("1", 1), ("2", 1))),)

    def test_soon_units_go_first_and_late_ones_are_left_to_another_site(self):
        # a alone: the last unit 5 h late, 50; b alone: 20 + 3 = 23; two in time from a and one from b: 20 + 1 = 21
        sites = [(site("a"), 0, [("1", 1, 5 * H), ("1", 2, 0)]), (site("b", fixed_cents=20, unit_cents=1), 0, {"1": 3})]
        decision = source("cheapest", ask([line("1", 3)], sites), late_cents_per_h=10)
        assert decision.shipments == (("a", (("1", 2),)), ("b", (("1", 1),)))
        assert source("cheapest", ask([line("1", 3)], sites), late_cents_per_h=4).shipments == (("a", (("1", 3),)),)

    @pytest.mark.parametrize(("late_cents_per_h", "from_a"), [(2, 2), (3, 1), (4, 1)])
    def test_an_hour_late_is_weighed_against_the_price_of_a_unit(self, late_cents_per_h, from_a):
        # two from a, one of them late: 3 + an hour; one from a and two from b in time: 6. Level at 3: in time first
        sites = [(site("a"), 0, [("1", 1, 0), ("1", 1, H)]), (site("b", unit_cents=3), 0, {"1": 3})]
        decision = source("cheapest", ask([line("1", 3)], sites), late_cents_per_h=late_cents_per_h)
        assert decision.shipments == (("a", (("1", from_a),)), ("b", (("1", 3 - from_a),)))

    def test_ties_fewer_shipments_then_ranks_then_ids(self):
        one_or_two = [(site("a", 1), 0, {"1": 5}), (site("b", 1), 0, {"2": 5}), (site("c", 5), 0, {"1": 5, "2": 5})]
        assert source("cheapest", ask([line("1"), line("2")], one_or_two)).shipments[0][0] == "c"
        ranks = [(site("a", 2), 0, {"1": 5}), (site("b", 1), 0, {"1": 5})]
        ids = [(site("b", 1), 0, {"1": 5}), (site("a", 1), 0, {"1": 5})]
        for name in EXACT:
            assert source(name, ask([line("1")], ranks)).shipments == (("b", (("1", 5),)),)
            assert source(name, ask([line("1")], ids)).shipments == (("a", (("1", 5),)),)

    def test_two_sites_that_both_ship_share_by_the_price_of_a_unit(self):
        # b has 3 of 4 at 1 cent, so a ships one only, whatever its rank
        sites = [(site("a", 1, unit_cents=5), 0, {"1": 3}), (site("b", 2, unit_cents=1), 0, {"1": 3})]
        for name in EXACT:
            decision = source(name, ask([line("1", 4)], sites))
            assert decision.shipments == (("a", (("1", 1),)), ("b", (("1", 3),)))

    def test_fewest_splits_takes_the_cheaper_of_two_equal_sets(self):
        sites = [(site("a", 1, unit_cents=2), 0, {"1": 5}), (site("b", 2, unit_cents=1), 0, {"1": 5})]
        assert source("fewest_splits", ask([line("1")], sites)).shipments == (("b", (("1", 5),)),)

    def test_a_person_who_asks_why_sees_each_set(self):
        sites = [(site("a", 1), 0, {"1": 3}), (site("b", 2), 0, {"1": 2})]
        with watched() as keys:
            source("fewest_splits", ask([line("1")], sites))
        assert list(keys) == ["a", "b", "a + b"]


def brute_force(snapshot: SourcingSnapshot, rules: SourcingRules, name: str) -> tuple[Any, ...]:
    """The best score over every way to take units from sites, one by one."""
    able = [i for i, s in enumerate(snapshot.sites) if snapshot.needs <= s.abilities]
    able = sorted(able, key=lambda i: (snapshot.sites[i].rank, snapshot.sites[i].site))[: rules.max_sites]
    ways = [
        list(product(*[range(1 + sum(n for name, n, _ in snapshot.offered[i] if name == line.line)) for i in able]))
        for line in snapshot.lines
    ]
    best: tuple[Any, ...] = (0,)
    for way in product(*ways):
        got = {line.line: sum(units) for line, units in zip(snapshot.lines, way, strict=True)}
        used = [k for k in range(len(able)) if any(units[k] for units in way)]
        whole = [
            [x.line for x in snapshot.lines if x.order == line.order]
            if line.ship_rule == "order_complete"
            else [line.line]
            for line in snapshot.lines
            if line.ship_rule != "partial"
        ]
        asked = {line.line: line.units for line in snapshot.lines}
        allowed = (
            len(used) <= rules.max_splits + 1
            and all(got[n] <= asked[n] for n in got)
            and all(all(got[n] == asked[n] for n in group) or not any(got[n] for n in group) for group in whole)
        )
        for kit in snapshot.kits:
            rows = [dict(zip(asked, way, strict=True))[n] for n in kit if n in asked]
            homes = [k for k in range(len(able)) if any(row[k] for row in rows)]
            allowed = allowed and (
                not homes or (len(homes) == 1 and all(got[n] == asked[n] for n in kit if n in asked))
            )
        if not used or not allowed:
            continue
        cost = 0
        for k in used:
            state = snapshot.sites[able[k]]
            late = 0
            for line, units in zip(snapshot.lines, way, strict=True):
                left = units[k]
                for _, there, at_ms in sorted(
                    [row for row in snapshot.offered[able[k]] if row[0] == line.line], key=lambda row: row[2]
                ):
                    if left > 0:
                        late = max(late, at_ms - snapshot.promised_at_ms)
                    left -= there
            units = sum(row[k] for row in way)
            cost += H * (state.fixed_cents + state.unit_cents * units) + rules.late_cents_per_h * late
        states = [snapshot.sites[able[k]] for k in used]
        tail = (sum(s.rank for s in states), tuple(sorted(s.site for s in states)))
        middle = (len(used), cost) if name == "fewest_splits" else (cost, len(used))
        best = min(best, (-sum(got.values()), *middle, *tail))
    return best


def score(snapshot: SourcingSnapshot, rules: SourcingRules, name: str, decision: Sourcing) -> tuple[Any, ...]:
    """The same score of a decision, recomputed from its shipments."""
    if not decision.shipments:
        return (0,)
    states = {s.site: (s, offers) for s, offers in zip(snapshot.sites, snapshot.offered, strict=True)}
    cost = units = 0
    for place, parts in decision.shipments:
        state, offers = states[place]
        late = 0
        for wanted, n in parts:
            left = n
            for _, there, at_ms in sorted([row for row in offers if row[0] == wanted], key=lambda row: row[2]):
                if left > 0:
                    late = max(late, at_ms - snapshot.promised_at_ms)
                left -= there
        there = sum(n for _, n in parts)
        units += there
        cost += H * (state.fixed_cents + state.unit_cents * there) + rules.late_cents_per_h * late
    tail = (sum(states[p][0].rank for p, _ in decision.shipments), tuple(sorted(p for p, _ in decision.shipments)))
    count = len(decision.shipments)
    return (-units, *((count, cost) if name == "fewest_splits" else (cost, count)), *tail)


few = st.integers(0, 2)
needs = st.frozensets(st.sampled_from(["chilled", "acid", "secure"]), max_size=1)


@st.composite
def snapshots(draw: st.DrawFn, lines_max: int = 3) -> SourcingSnapshot:
    names = draw(st.permutations("123"))[: draw(st.integers(0, lines_max))]
    lines = [
        line(
            name,
            draw(few),
            order=draw(st.sampled_from(["o", "o", "p"])),
            ship_rule=draw(st.sampled_from(["partial", "partial", "line_complete", "order_complete"])),
        )
        for name in names
    ]
    needed = draw(needs)
    sites = [
        (
            site(
                name,
                draw(few),
                open_lines=draw(few),
                capacity_lines=draw(st.integers(1, 4)),
                abilities=draw(st.sampled_from([needed, needed, frozenset()])),
                fixed_cents=draw(few),
                unit_cents=draw(few),
            ),
            draw(few),
            draw(st.lists(st.tuples(st.sampled_from("123"), few, st.sampled_from([0, H, 2 * H])), max_size=3)),
        )
        for name in draw(st.permutations("abc"))[: draw(st.integers(0, 3))]
    ]
    kits = draw(st.sampled_from([(), (), (("1", "2"),), (("3",),), (("1", "2"), ("2", "3"))]))
    return ask(lines, sites, needs=needed, kits=kits, promised_at_ms=draw(st.sampled_from([0, H])))


rules = st.builds(
    SourcingRules,
    max_splits=st.integers(0, 2),
    max_sites=st.sampled_from([2, 10]),
    late_cents_per_h=st.sampled_from([0, 1, 3]),
)
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("name", SOURCING)
class TestLaws:
    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_no_law_is_broken_and_the_cuts_are_kept(self, name, snapshot, rules):
        decision = SOURCING[name](rules=rules)(snapshot)
        assert broken_laws(snapshot, decision) == []
        assert len(decision.shipments) <= rules.max_splits + 1

    @given(snapshot=snapshots(), rules=rules, luck=st.randoms())
    @quick
    def test_the_order_of_listing_changes_nothing(self, name, snapshot, rules, luck):
        order = luck.sample(range(len(snapshot.sites)), len(snapshot.sites))
        beside = {f: tuple(getattr(snapshot, f)[i] for i in order) for f in ("sites", "distance_mm", "offered")}
        beside["offered"] = tuple(tuple(luck.sample(rows, len(rows))) for rows in beside["offered"])
        shuffled = replace(
            snapshot,
            lines=tuple(luck.sample(snapshot.lines, len(snapshot.lines))),
            kits=tuple(luck.sample(snapshot.kits, len(snapshot.kits))),
            **beside,
        )
        assert SOURCING[name](rules=rules)(shuffled) == SOURCING[name](rules=rules)(snapshot)

    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_json_and_back_changes_nothing(self, name, snapshot, rules):
        text = json.dumps(to_json(snapshot))
        again = from_json(SourcingSnapshot, json.loads(text))
        decision = SOURCING[name](rules=rules)(again)
        assert again == snapshot and decision == SOURCING[name](rules=rules)(snapshot)
        assert json.dumps(to_json(snapshot)) == text
        assert from_json(Sourcing, json.loads(json.dumps(to_json(decision)))) == decision

    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_one_more_site_without_an_ability_changes_the_rejections_only(self, name, snapshot, rules):
        more = replace(
            snapshot,
            needs=snapshot.needs | {"frozen"},
            sites=(*[replace(s, abilities=s.abilities | {"frozen"}) for s in snapshot.sites], site("0", -1)),
            distance_mm=(*snapshot.distance_mm, 0),
            offered=(*snapshot.offered, (("1", 9, 0), ("2", 9, 0), ("3", 9, 0))),
        )
        before, after = SOURCING[name](rules=rules)(snapshot), SOURCING[name](rules=rules)(more)
        assert (after.shipments, after.backorder) == (before.shipments, before.backorder)
        assert tuple(r for r in after.rejected if r.subject != "0") == before.rejected
        assert codes(after)["0"] == "temperature"


@pytest.mark.parametrize("name", EXACT)
@given(snapshot=snapshots(lines_max=2), rules=rules)
@settings(max_examples=300, deadline=None)
def test_enumeration_is_as_good_as_brute_force(name, snapshot, rules):
    snapshot = replace(snapshot, kits=snapshot.kits[:1])
    decision = SOURCING[name](rules=rules)(snapshot)
    assert score(snapshot, rules, name, decision) == brute_force(snapshot, rules, name)


@pytest.mark.parametrize(
    ("shipments", "backorder", "law"),
    [
        ((("a", (("1", 2),)),), (("2", 2),), "shipped + backorder = asked"),
        ((("a", (("1", 4),)),), (("1", 1), ("2", 5)), "no site ships more than it offered"),
        ((("b", (("1", 5),)),), (("2", 5),), "a refused site does not ship"),
        ((("a", (("1", 3),)),), (("1", 2), ("2", 5)), "order_complete and line_complete are all or nothing"),
        ((("a", (("x", 1),)),), (("1", 5), ("2", 5)), "only lines that were asked are shipped or wait"),
        ((("a", (("1", 3),)), ("c", (("2", 1),))), (("1", 2), ("2", 4)), "a kit comes from one site, all of it"),
        ((("a", (("1", 1),)), ("a", (("1", 1),))), (("1", 3), ("2", 5)), "a site ships once"),
    ],
)
def test_the_laws_can_be_broken(shipments, backorder, law):
    rule = "line_complete" if "order_complete" in law else "partial"
    cold = site("c", abilities=frozenset({"chilled"}))
    sites = [(replace(cold, site="a"), 0, {"1": 3}), (site("b"), 0, {"1": 9}), (cold, 0, {"2": 9})]
    lines = [line("1", ship_rule=rule), line("2")]
    kits = (("1", "2"),) if "kit" in law else ()
    snapshot = ask(lines, sites, needs=frozenset({"chilled"}), kits=kits)
    fine = source("by_rank", snapshot)
    waits = tuple(replace(fine.rejected[0], subject=name, code="no_stock") for name in ("b", "1", "2"))
    assert law in broken_laws(snapshot, Sourcing(shipments=shipments, backorder=backorder, rejected=waits))


@st.composite
def dense(draw: st.DrawFn) -> SourcingSnapshot:
    """Every site has something of every line: here cost decides."""
    lines = [line(name, draw(st.integers(1, 3))) for name in ("1", "2")[: draw(st.integers(1, 2))]]
    sites = [
        (
            site(name, draw(few), fixed_cents=draw(few), unit_cents=draw(st.sampled_from([0, 1, 4]))),
            0,
            [
                (row.line, units, draw(st.sampled_from([0, H, 3 * H])))
                for row in lines
                for units in draw(st.sampled_from([[1], [2], [1, 1]]))
            ],
        )
        for name in "abc"
    ]
    return ask(lines, sites)


@pytest.mark.parametrize("name", EXACT)
@given(snapshot=dense(), rules=rules)
@settings(max_examples=200, deadline=None)
def test_the_price_is_as_low_as_brute_force_finds(name, snapshot, rules):
    decision = SOURCING[name](rules=rules)(snapshot)
    assert score(snapshot, rules, name, decision) == brute_force(snapshot, rules, name)


def test_unlimited_cuts_are_as_many_as_there_are_sites():
    rules = checked_rules("sourcing", {"max_splits": "unlimited"}, "rules")
    enough = SourcingRules(max_splits=5)
    for number in range(20):
        snapshot = drawn("sourcing", number)
        for name in SOURCING:
            assert SOURCING[name](rules=rules)(snapshot) == SOURCING[name](rules=enough)(snapshot)
