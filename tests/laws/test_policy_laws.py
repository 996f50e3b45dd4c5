"""Laws that every registered strategy keeps. Domains are tiny on purpose, so that ties happen.

A new strategy is tested by being added to its register; a new family by a strategy for its snapshot here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from twin.domain.errors import PolicyError
from twin.domain.orders import OrderLine
from twin.policies.allocation import AllocationRules, AllocationSnapshot, StockLine
from twin.policies.cycle_counting import CountCandidate, CountSnapshot
from twin.policies.dispatch import DispatchSnapshot, OpenTask
from twin.policies.dock_assignment import DockRules, DockSnapshot, Door, Visit
from twin.policies.laws import LAWS, broken_laws
from twin.policies.named import FAMILIES, chain, named
from twin.policies.pick_exceptions import Fault, FaultSnapshot
from twin.policies.promising import Commitment, FeedRow, PromisingRules, PromisingSnapshot, Supply
from twin.policies.putaway import OpenLocation, PutawayRules, PutawaySnapshot
from twin.policies.release import Releasable, ReleaseRules, ReleaseSnapshot, Wave
from twin.policies.replenishment import Face, ReplenishmentSnapshot
from twin.policies.slotting import Home, SkuDemand, SlottingRules, SlottingSnapshot
from twin.policies.snapshots import from_json, to_json
from twin.run.conformance import may_refuse
from twin.run.drawn_snapshots import BESIDE
from twin.run.drawn_snapshots import drawn as drawn_snapshot

few = st.integers(0, 3)
yes = st.booleans()
day = st.none() | st.integers(0, 4)
owner = st.sampled_from(["us", "us", "them"])
zone = st.sampled_from(["A", "B"])
storage = st.sampled_from(["ambient", "ambient", "ambient", "chilled"])
rarely = st.sampled_from([False, False, False, True])


def rows(of_row: st.SearchStrategy[Any], name: str, most: int = 4) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to `most` rows with ids of their own: that of row i is its letter, in no particular order."""
    ids = st.permutations("abcd"[:most])

    def with_ids(drawn: tuple[list[Any], list[str]]) -> tuple[Any, ...]:
        return tuple([replace(row, **{name: letter}) for row, letter in zip(drawn[0], drawn[1], strict=False)])

    return st.tuples(st.lists(of_row, max_size=most), ids).map(with_ids)


def beside(snapshot: Any, **tuples: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw each named tuple as long as the rows it stands beside."""
    return st.fixed_dictionaries(tuples).map(lambda drawn: replace(snapshot, **drawn))


stock_lines = st.builds(
    StockLine,
    stock=st.just("?"),
    location=st.sampled_from(["x", "y"]),
    zone=zone,
    tier=st.integers(0, 1),
    pick_rank=st.integers(0, 1),
    distance_mm=st.integers(0, 1),
    lot=st.sampled_from([None, "L1", "L2"]),
    lpn=st.sampled_from([None, "P1"]),
    owner=owner,
    status=st.sampled_from(["available", "available", "available", "blocked"]),
    location_blocked=rarely,
    units=st.integers(-1, 6),
    reserved=st.integers(0, 2),
    units_per_pack=st.integers(1, 3),
    fixed_face=yes,
    received_at_ms=st.integers(0, 1),
    expires_on_day=day,
    remove_on_day=day,
    storage=storage,
    excursion=rarely,
    segregation=st.sampled_from([None, None, "acid"]),
    secure=rarely,
)
order_lines = st.builds(
    OrderLine,
    line=st.just("line"),
    order=st.sampled_from(["o", "p"]),
    sku=st.sampled_from(["tea", "cup"]),
    units=st.integers(1, 6),
    owner=owner,
    ship_rule=st.sampled_from(["partial", "line_complete", "order_complete"]),
    lot=st.sampled_from([None, None, "L1"]),
    lpn=st.sampled_from([None, None, "P1"]),
    single_lot=yes,
    whole_packs_only=rarely,
    min_days_left=st.integers(0, 1),
    storage=storage,
    cleared=yes,
)
version = {"now_ms": st.integers(0, 2), "book_version": st.just(1)}

allocations = st.builds(
    AllocationSnapshot,
    **version,
    line=order_lines,
    on_day=st.integers(0, 2),
    deliver_on_day=st.integers(1, 2),
    stock=rows(stock_lines, "stock"),
)
promises = st.builds(
    PromisingSnapshot,
    **version,
    lines=rows(order_lines, "line"),
    wanted_at_ms=st.sampled_from([0, 86_400_000]),
    supplies=rows(
        st.builds(
            Supply,
            supply=st.just("?"),
            owner=owner,
            sku=st.sampled_from(["tea", "cup"]),
            units=few,
            at_ms=few,
            kind=st.sampled_from(["on_hand", "on_hand", "asn"]),
            expires_on_day=day,
        ),
        "supply",
    ),
    commitments=st.lists(
        st.builds(
            Commitment,
            line=st.sampled_from(["a", "b", "other"]),
            owner=owner,
            sku=st.sampled_from(["tea", "cup"]),
            units=few,
            due_ms=few,
        ),
        max_size=3,
    ).map(tuple),
    feed=st.lists(
        st.builds(
            FeedRow,
            owner=owner,
            sku=st.sampled_from(["tea", "cup"]),
            units=few,
            published_at_ms=st.just(0),
            promised_since=few,
        ),
        max_size=2,
        unique_by=lambda row: (row.owner, row.sku),
    ).map(tuple),
    quota_left=st.sampled_from([(), (("tea", 2),), (("cup", 0), ("tea", 3))]),
    substitutes=st.sampled_from([(), (("tea", "cup", 1), ("cup", "tea", 2)), (("tea", "bag", 1), ("tea", "cup", 1))]),
    recipes=st.sampled_from([(), (("cup", "tea", 2),), (("cup", "tea", 2), ("cup", "bag", 1))]),
    standing=st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["protect", "share", "yield"]), few),
        max_size=4,
        unique_by=lambda row: row[0],
    ).map(tuple),
)
releases = st.builds(
    ReleaseSnapshot,
    **version,
    waiting=rows(
        st.builds(
            Releasable,
            order=st.just("?"),
            owner=owner,
            priority=st.integers(0, 1),
            urgent=yes,
            created_at_ms=st.integers(-1, 0),
            cutoff_at_ms=few,
            work_ms=st.integers(0, 1),
            lines_by_zone=st.lists(st.tuples(zone, few), max_size=2, unique_by=lambda row: row[0]).map(tuple),
            covered=st.sampled_from([True, True, False]),
        ),
        "order",
    ),
    waves=rows(
        st.builds(Wave, wave=st.just("?"), closes_at_ms=few, max_lines=st.integers(0, 4), lines=st.integers(0, 1)),
        "wave",
        2,
    ),
    open_lines=st.dictionaries(zone, few).map(lambda d: tuple(d.items())),
    caps=st.dictionaries(zone, st.integers(0, 5)).map(lambda d: tuple(d.items())),
    trigger=st.just("tick"),
)
places = st.builds(
    OpenLocation,
    location=st.just("?"),
    zone=zone,
    kind=st.sampled_from(["shelf", "pallet_rack"]),
    blocked=rarely,
    storage=storage,
    secure=rarely,
    mix=st.sampled_from(["any", "same_owner", "same_sku", "same_lot", "empty_only"]),
    holds=st.lists(
        st.tuples(owner, st.sampled_from(["tea", "cup"]), st.sampled_from([None, "L1"]), few), max_size=1
    ).map(tuple),
    free_kg=st.sampled_from([1.0, 9.0]),
    free_l=st.sampled_from([1.0, 5.0, 9.0]),
    free_places=st.integers(0, 2),
    height_mm=st.integers(0, 1),
    coming_handling_units=st.integers(0, 1),
    fixed_for=st.sampled_from([None, None, ("us", "tea"), ("us", "cup")]),
    velocity=st.integers(1, 2),
)
putaways = st.builds(
    PutawaySnapshot,
    **version,
    lpn=st.sampled_from(["P1", "P2"]),
    owner=owner,
    sku=st.just("tea"),
    lot=st.sampled_from([None, "L1"]),
    units=few,
    mass_kg=st.sampled_from([1.0, 5.0]),
    volume_l=st.sampled_from([1.0, 5.0]),
    height_mm=st.integers(0, 1),
    handling_unit_kind=st.just("pallet"),
    storage=storage,
    secure=rarely,
    segregation=st.sampled_from([None, None, "acid"]),
    velocity=st.integers(1, 2),
    last_used=st.sampled_from([None, "a"]),
    candidates=rows(places, "location"),
    distance_mm=st.just(()),
    face_distance_mm=st.just(()),
).flatmap(
    lambda s: beside(
        s,
        distance_mm=st.tuples(*[st.integers(0, 1)] * len(s.candidates)),
        face_distance_mm=st.tuples(*[st.integers(0, 1)] * len(s.candidates)),
    )
)
dispatches = st.builds(
    DispatchSnapshot,
    **version,
    worker=st.just("w"),
    queues=st.sampled_from([("q", "r"), ("r", "q"), ("q",)]),
    has=st.sampled_from([frozenset(), frozenset({"scanner"})]),
    last_kind=st.sampled_from([None, "pick", "putaway"]),
    shift_ends_ms=st.integers(2, 5),
    cold_left_ms=few,
    tasks=rows(
        st.builds(
            OpenTask,
            task=st.just("?"),
            queue=st.sampled_from(["q", "r"]),
            kind=st.sampled_from(["putaway", "pick", "count"]),
            priority=st.integers(0, 1),
            latest_start_ms=st.integers(0, 1),
            created_at_ms=st.integers(-1, 0),
            starts_at=st.just("x"),
            work_ms=few,
            needs=st.sampled_from([frozenset(), frozenset({"scanner"})]),
            cold=yes,
        ),
        "task",
    ),
    travel_ms=st.just(()),
).flatmap(lambda s: beside(s, travel_ms=st.tuples(*[st.integers(0, 1)] * len(s.tasks))))
docks = st.builds(
    DockSnapshot,
    **version,
    visits=rows(
        st.builds(
            Visit,
            trailer=st.just("?"),
            direction=st.sampled_from(["in", "out"]),
            arrived_at_ms=st.none() | few,
            earliest_ms=few,
            latest_ms=few,
            work_ms=few,
            storage=storage,
            carrier=st.sampled_from(["north", "south"]),
            loads=st.lists(st.tuples(zone, few), max_size=1).map(tuple),
            drop=yes,
        ),
        "trailer",
    ),
    doors=rows(
        st.builds(
            Door,
            door=st.just("?"),
            directions=st.sampled_from([frozenset({"in", "out"}), frozenset({"in"})]),
            storage=st.sampled_from([frozenset({"ambient"}), frozenset({"ambient", "chilled"})]),
            busy=st.sampled_from([(), ((0, 2),), ((3, 5), (1, 2))]),
            lane_places_free=st.integers(0, 1),
            walk_mm=st.lists(st.tuples(zone, few), max_size=1).map(tuple),
        ),
        "door",
    ),
)
counts = st.builds(
    CountSnapshot,
    **version,
    candidates=st.lists(
        st.builds(
            CountCandidate,
            location=st.sampled_from(["x", "y", "z"]),
            velocity=st.just(1),
            due_at_ms=few,
            book_units=st.integers(3, 6),
            reason=st.sampled_from(["negative", "exception", "zero", "threshold", "plan", "spot"]),
            value_cents=st.just(0),
        ),
        max_size=5,
    ).map(tuple),
    max_counts=few,
)
faults = st.builds(
    FaultSnapshot,
    **version,
    fault=st.builds(
        Fault,
        line=st.just("line"),
        stock=st.sampled_from(["a", "zz"]),
        location=st.sampled_from(["x", "y"]),
        asked=st.integers(1, 5),
        found=st.integers(0, 1),
        code=st.sampled_from(["short", "empty", "damaged", "wrong_sku", "wrong_lot", "expired", "unreadable"]),
    ),
    line=order_lines,
    on_day=st.just(1),
    deliver_on_day=st.just(1),
    others=rows(stock_lines, "stock"),
    slack_ms=few,
    coming=st.lists(st.tuples(st.sampled_from(["x", "y"]), few, few), max_size=3).map(tuple),
    still_ahead=st.frozensets(st.sampled_from(["x", "y"])),
)
replenishments = st.builds(
    ReplenishmentSnapshot,
    **version,
    faces=rows(
        st.builds(
            Face,
            location=st.just("?"),
            owner=owner,
            sku=st.sampled_from(["tea", "cup"]),
            units=few,
            coming_units=st.integers(0, 1),
            wanted_units=few,
            min_units=st.integers(1, 3),
            max_units=st.integers(3, 6),
            capacity_units=st.integers(3, 6),
            units_per_h=st.sampled_from([0.0, 1.0]),
            zone=zone,
        ),
        "location",
        3,
    ),
    reserve=rows(stock_lines, "stock"),
    on_day=st.integers(0, 2),
    trigger=st.just("level"),
).flatmap(lambda s: beside(s, reserve_skus=st.tuples(*[st.sampled_from(["tea", "cup"])] * len(s.reserve))))


TOGETHER = (("a", "b", 5.0), ("b", "a", 5.0), ("c", "a", 1.0), ("b", "d", 90.0))
ORDERED = (("us", "a", 3, 9), ("us", "c", 3, 9), ("them", "b", 20, 20))


@st.composite
def slottings(draw: st.DrawFn) -> SlottingSnapshot:
    """SKUs, some with a home of their own, and homes that say whose they are."""
    demand = draw(
        rows(
            st.builds(
                SkuDemand,
                owner=owner,
                sku=st.just("?"),
                lines_per_day=st.sampled_from([0.0, 1.0, 9.0]),
                units_per_day=st.sampled_from([0.0, 1.0, 9.0]),
                litres_at_max=st.sampled_from([1.0, 5.0]),
                home=st.none(),
                storage=st.just("ambient"),
                secure=st.sampled_from([False] * 9 + [True]),
            ),
            "sku",
        )
    )
    homes = draw(
        rows(
            st.builds(
                Home,
                location=st.just("?"),
                walk_mm=st.sampled_from([0, 90_000]),
                x_mm=st.sampled_from([0, 5_000]),
                y_mm=st.sampled_from([0, 9_000]),
                free_l=st.sampled_from([1.0, 5.0]),
                kind=st.just("shelf"),
                storage=st.just("ambient"),
                secure=st.sampled_from([False] * 9 + [True]),
                taken_by=st.none(),
            ),
            "location",
        )
    )
    at_home = draw(st.integers(0, min(len(demand), len(homes))))
    settled = [replace(row, home=homes[i].location) for i, row in enumerate(demand[:at_home])]
    taken = [replace(home, taken_by=(demand[i].owner, demand[i].sku)) for i, home in enumerate(homes[:at_home])]
    return SlottingSnapshot(
        now_ms=0,
        book_version=1,
        demand=(*settled, *demand[at_home:]),
        homes=(*taken, *homes[at_home:]),
        together=tuple(draw(st.lists(st.sampled_from(TOGETHER), max_size=3, unique=True))),
        ordered=tuple(draw(st.lists(st.sampled_from(ORDERED), max_size=2, unique=True))),
    )


@dataclass(frozen=True)
class Case:
    """How to draw a family's snapshots, which tuples are permuted (with those that stand beside), and its rules."""

    snapshots: st.SearchStrategy[Any]
    permuted: tuple[tuple[str, ...], ...]
    rules: st.SearchStrategy[Any] | None = None


PROMISING_LISTS = (
    "lines", "supplies", "commitments", "feed", "quota_left", "substitutes", "recipes", "standing",
)  # fmt: skip
CASES: dict[str, Case] = {
    "promising": Case(
        promises,
        tuple([(f,) for f in PROMISING_LISTS]),
        st.builds(
            PromisingRules,
            partial=yes,
            safety_units=st.integers(0, 1),
            feed_net=yes,
            lead_h=st.sampled_from([0.0, 4.0]),
            horizon_h=st.sampled_from([0.0, 336.0]),
        ),
    ),
    "allocation": Case(
        allocations,
        (("stock",),),
        st.builds(
            AllocationRules,
            expired=st.sampled_from(["refuse", "last", "ignore"]),
            governing=st.sampled_from(["expires", "remove"]),
            use_tiers=yes,
            untracked_serves_lot=yes,
            break_packs=yes,
            forbidden_segregation=st.sampled_from([frozenset(), frozenset({"acid"})]),
        ),
    ),
    "release": Case(
        releases,
        (("waiting",), ("open_lines",), ("caps",)),
        st.builds(
            ReleaseRules,
            may_pass=st.integers(0, 2),
            ageing_s=st.sampled_from([0.0, 0.001]),
            urgent_share=st.sampled_from([0.0, 0.5]),
        ),
    ),
    "putaway": Case(
        putaways,
        (("candidates", "distance_mm", "face_distance_mm"),),
        st.sampled_from([PutawayRules(), PutawayRules(kinds=(("pallet", ("pallet_rack", "shelf")),))]),
    ),
    "slotting": Case(
        slottings(),
        (("demand",), ("homes",), ("together",), ("ordered",)),
        st.builds(SlottingRules, max_moves=st.integers(0, 2), move_s=st.sampled_from([0.0, 240.0])),
    ),
    "replenishment": Case(replenishments, (("faces",), ("reserve", "reserve_skus"))),
    "dispatch": Case(dispatches, (("tasks", "travel_ms"),)),
    "dock_assignment": Case(
        docks, (("visits",), ("doors",)), st.sampled_from([DockRules(), DockRules(fixed=(("north", "a"),))])
    ),
    "cycle_counting": Case(counts, (("candidates",),)),
    "pick_exceptions": Case(faults, (("others",), ("coming",))),
}
for other in FAMILIES.keys() - CASES.keys():  # the others are drawn by their type hints
    CASES[other] = Case(
        st.integers(0, 999).map(lambda number, family=other: drawn_snapshot(family, number)),  # type: ignore[misc]
        BESIDE.get(FAMILIES[other].snapshot.__name__, ()),
    )
CHAINED: dict[str, list[Any]] = {
    "allocation": [{"name": "empty_location", "zones": ["A"]}, {"name": "fifo", "owners": ["us"]}, "fewest_stops"],
    "putaway": ["fixed_location", {"name": "empty_location", "zones": ["A"]}, {"name": "scattered", "zones": ["B"]}],
    "batching": [{"name": "one_by_one", "owners": ["us"]}, "seed"],
    "slotting": [{"name": "abc", "owners": ["us"]}, "scattered"],
    "pick_exceptions": [{"name": "same_tour", "owners": ["us"]}, "ship_short"],
    "dispatch": ["nearest", {"name": "earliest_start", "rules": {"may_overrun_s": 60}}],
}
EVERY = [
    (family, name)
    for family in FAMILIES
    for name in (*FAMILIES[family].classes, *(["a chain"] if family in CHAINED else []))
]
quick = settings(max_examples=30, deadline=None)


def drawn(data: st.DataObject, family: str, name: str) -> tuple[Callable[[Any], Any], Any]:
    """A policy and a snapshot for it."""
    case = CASES[family]
    if name == "a chain":
        return chain(family, CHAINED[family]), data.draw(case.snapshots)
    rules = data.draw(case.rules) if case.rules is not None else None
    decide, snapshot = named(family, name, rules), data.draw(case.snapshots)
    if may_refuse(family, snapshot):
        try:
            decide(snapshot)
        except PolicyError:  # one-way aisles, a graph: not for this rule of thumb
            reject()
    return decide, snapshot


def test_every_family_with_laws_is_drawn_here() -> None:
    assert {FAMILIES[family].snapshot for family in CASES} == set(LAWS)


@pytest.mark.parametrize(("family", "name"), EVERY)
@given(data=st.data())
@quick
def test_every_decision_keeps_the_laws_of_its_family(family: str, name: str, data: st.DataObject) -> None:
    decide, snapshot = drawn(data, family, name)
    assert broken_laws(snapshot, decide(snapshot)) == []


@pytest.mark.parametrize(("family", "name"), EVERY)
@given(data=st.data())
@quick
def test_the_order_in_which_rows_are_listed_changes_nothing(family: str, name: str, data: st.DataObject) -> None:
    decide, snapshot = drawn(data, family, name)
    shuffled = snapshot
    for fields in CASES[family].permuted:
        order = data.draw(st.permutations(range(len(getattr(snapshot, fields[0])))))
        shuffled = replace(shuffled, **{f: tuple([getattr(snapshot, f)[i] for i in order]) for f in fields})
    assert decide(shuffled) == decide(snapshot)


@pytest.mark.parametrize(("family", "name"), EVERY)
@given(data=st.data())
@quick
def test_json_and_back_changes_neither_snapshot_nor_decision(family: str, name: str, data: st.DataObject) -> None:
    decide, snapshot = drawn(data, family, name)
    text = json.dumps(to_json(snapshot))
    again = from_json(type(snapshot), json.loads(text))
    decision = decide(again)
    assert again == snapshot and decision == decide(snapshot)
    assert json.dumps(to_json(snapshot)) == text, "the snapshot was touched"
    assert from_json(FAMILIES[family].decision, json.loads(json.dumps(to_json(decision)))) == decision


def with_failing_row(family: str, snapshot: Any) -> Any:
    """The snapshot with one more candidate that fails a hard filter."""
    if family == "allocation" and snapshot.stock:
        return replace(
            snapshot, stock=(*snapshot.stock, replace(snapshot.stock[0], stock="0", status="damaged", units=9))
        )
    if family == "pick_exceptions" and snapshot.others:
        return replace(
            snapshot, others=(*snapshot.others, replace(snapshot.others[0], stock="0", status="damaged", units=9))
        )
    if family == "replenishment" and snapshot.reserve:
        bad = replace(snapshot.reserve[0], stock="0", status="damaged", units=9)
        return replace(snapshot, reserve=(*snapshot.reserve, bad), reserve_skus=(*snapshot.reserve_skus, "tea"))
    if family == "release" and snapshot.waiting:
        return replace(snapshot, waiting=(*snapshot.waiting, replace(snapshot.waiting[0], order="0", covered=False)))
    if family == "putaway" and snapshot.candidates:
        return replace(
            snapshot,
            candidates=(*snapshot.candidates, replace(snapshot.candidates[0], location="0", blocked=True)),
            distance_mm=(*snapshot.distance_mm, 0),
            face_distance_mm=(*snapshot.face_distance_mm, 0),
        )
    if family == "dispatch" and snapshot.tasks:
        bad_task = replace(snapshot.tasks[0], task="0", queue="none of mine")
        return replace(snapshot, tasks=(*snapshot.tasks, bad_task), travel_ms=(*snapshot.travel_ms, 0))
    if family == "dock_assignment" and snapshot.doors:
        return replace(snapshot, doors=(*snapshot.doors, replace(snapshot.doors[0], door="0", lane_places_free=0)))
    return None


FILTERED = ("allocation", "pick_exceptions", "replenishment", "release", "putaway", "dispatch", "dock_assignment")


@pytest.mark.parametrize(("family", "name"), [row for row in EVERY if row[0] in FILTERED])
@given(data=st.data())
@quick
def test_one_more_candidate_that_fails_a_filter_changes_the_rejections_only(
    family: str, name: str, data: st.DataObject
) -> None:
    decide, snapshot = drawn(data, family, name)
    more = with_failing_row(family, snapshot)
    if more is None:
        return
    before, after = to_json(decide(snapshot)), to_json(decide(more))
    for reasons in ("rejected", "held"):
        was, now = before.pop(reasons, []), after.pop(reasons, [])
        if family != "dock_assignment":
            assert [row for row in now if row["subject"] != "0"] == was
    assert after == before
