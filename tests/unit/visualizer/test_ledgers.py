"""Facts in any order that a stream could tell, however odd, in a tiny world: the ledgers against the observers."""

from __future__ import annotations

from typing import Any

import pytest
from figures_told import Kept, compare, folded, told_by_observers
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.events import catalogue as say
from twin.events.stream import EventStream
from twin.observers.run_context import RunContext
from visualizer.figures.labour_ledger import Coverage
from visualizer.figures.order_lines import Line, Order, Pick
from visualizer.figures.pick_trail import PickTrail

S, O = "site", "owner"  # noqa: E741
orders, lines, skus = st.sampled_from("aab"), st.sampled_from("xxy"), st.sampled_from("ppq")
units, small = st.sampled_from("uv"), st.integers(0, 3)
trailers, workers, spans = st.sampled_from("ij"), st.sampled_from("gh"), st.integers(0, 5)


def book() -> dict[str, st.SearchStrategy[Any]]:
    """Facts about orders, their time left out."""
    return {
        "received": st.tuples(orders, st.one_of(st.none(), st.integers(-2, 12))),
        "promised": st.tuples(orders, lines, skus, small),
        "shorted": st.tuples(orders, lines, small),
        "line_cancelled": st.tuples(orders, lines, small),
        "cancelled": st.tuples(orders),
        "changed": st.tuples(orders, lines, small),
        "picked": st.tuples(orders, lines, units, small),
        "lacking": st.tuples(orders, lines, small, st.sampled_from(("missing_at_packing", "empty"))),
        "closed": st.tuples(units, units),
        "staged": st.tuples(units),
        "loaded": st.tuples(units, trailers),
        "departed": st.tuples(trailers, st.sampled_from(("out", "out", "in"))),
    }


def floor_goods() -> dict[str, st.SearchStrategy[Any]]:
    """Facts about goods, their time left out."""
    return {
        "taken": st.tuples(skus, units, small),
        "placed": st.tuples(skus, st.one_of(st.none(), units), small),
        "lost": st.tuples(skus, st.one_of(st.none(), units), small, st.sampled_from(("damage", "loss"))),
        "packed": st.tuples(units, units),
        "left": st.tuples(units, orders),
    }


def people() -> dict[str, st.SearchStrategy[Any]]:
    """Facts about people, their time left out."""
    return {
        "came": st.tuples(workers, st.sampled_from(("picker", "packer"))),
        "went": st.tuples(workers),
        "paused": st.tuples(workers),
        "resumed": st.tuples(workers),
        "began": st.tuples(workers),
        "ended": st.tuples(workers, spans),
        "serving": st.tuples(workers),
        "served": st.tuples(workers, spans),
        "blocked": st.tuples(workers),
        "unblocked": st.tuples(workers, spans),
    }


def fact(t: int, kind: str, *a: Any) -> Any:
    """One fact of the catalogue."""
    match kind:
        case "received":
            return say.OrderReceived(t, S, a[0], O, "c", 1, a[1], 0, "", "", "")
        case "promised":
            return say.LinePromised(t, S, a[0], a[1], O, a[2], a[3], a[3], 0)
        case "shorted":
            return say.LineShorted(t, S, a[0], a[1], O, "p", a[2], "no_stock")
        case "line_cancelled":
            return say.LineCancelled(t, S, a[0], a[1], a[2])
        case "cancelled":
            return say.OrderCancelled(t, S, a[0])
        case "changed":
            return say.OrderChanged(t, S, a[0], a[1], a[2], 0)
        case "picked":
            return say.LinePicked(t, S, "g", a[0], a[1], O, "p", None, "loc", a[2], "tour", a[3], a[3])
        case "lacking":
            return say.ExceptionReported(t, S, "g", a[0], a[1], "p", "loc", 0, a[2], a[3])
        case "closed":
            return say.CartonClosed(t, S, "g", "st", "a", "sh", a[1], 1, 1, "", a[0])
        case "staged":
            return say.HandlingUnitStaged(t, S, "a", "sh", a[0], "lane", "van", "")
        case "loaded":
            return say.HandlingUnitLoaded(t, S, "g", "a", "sh", a[0], a[1], "door", "van", "")
        case "departed":
            return say.TrailerDeparted(t, S, a[0], a[1], 1)
        case "taken":
            return say.UnitsTaken(t, S, "g", O, a[0], None, "loc", a[1], a[2])
        case "placed":
            return say.UnitsPlaced(t, S, "g", O, a[0], None, "loc", a[2], a[1])
        case "lost":
            return say.UnitsLost(t, S, O, a[0], None, "loc", a[2], a[3], None, a[1])
        case "packed":
            return say.GoodsPacked(t, S, "g", "st", a[0], a[1], "a")
        case "left":
            return say.GoodsLeft(t, S, "i", a[0], a[1])
        case "came":
            return say.WorkerCheckedIn(t, S, a[0], a[1], "loc")
        case "went":
            return say.WorkerCheckedOut(t, S, a[0], "picker")
        case "paused":
            return say.BreakStarted(t, S, a[0], "break", 1)
        case "resumed":
            return say.BreakEnded(t, S, a[0], "break")
        case "began":
            return say.WorkStarted(t, S, a[0], "pick")
        case "ended":
            return say.WorkEnded(t, S, a[0], "pick", a[1])
        case "serving":
            return say.ServiceStarted(t, S, "st", a[0], "u", 0)
        case "served":
            return say.ServiceEnded(t, S, "st", a[0], "u", a[1])
        case "blocked":
            return say.WorkerBlocked(t, S, a[0], "aisle")
    return say.WorkerUnblocked(t, S, a[0], "aisle", a[1])


Told = tuple[str, tuple[Any, ...]]
ON_THE_BOOK: list[Told] = [
    ("received", ("a", 5)), ("promised", ("a", "x", "p", 2)), ("picked", ("a", "x", "u", 2)), ("closed", ("u", "v")),
    ("staged", ("v",)), ("loaded", ("v", "i")), ("departed", ("i", "out")),
]  # fmt: skip
ON_THE_FLOOR: list[Told] = [("taken", ("p", "u", 2)), ("packed", ("u", "v")), ("left", ("v", "a"))]
AT_WORK: list[Told] = [("came", ("g", "picker")), ("began", ("g",)), ("ended", ("g", 3)), ("went", ("g",))]


def some(kinds: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[list[Told]]:
    """A few facts of any of these kinds."""
    one = st.one_of(*(st.tuples(st.just(kind), values) for kind, values in kinds.items()))
    return st.lists(one, max_size=most)


@st.composite
def days(draw: st.DrawFn, *, odd: dict[str, st.SearchStrategy[Any]], usual: list[Told], most: int) -> list[Any]:
    """The usual facts of one order or worker, and odd ones among them, in any order or, often, nearly in theirs."""
    extra = draw(some(odd, most))
    if draw(st.booleans()):
        facts = draw(st.permutations([*usual, *extra]))
    else:
        facts = list(usual)
        for one in extra:
            facts.insert(draw(st.integers(0, len(facts))), one)
    return [(draw(st.sampled_from((0, 0, 1, 2))), one) for one in facts]


def hold_against_observers(facts: list[tuple[int, Told]], warmup_ms: int) -> None:
    kept = Kept()
    stream, now = EventStream([kept]), 1
    gone: set[str] = set()
    came_at: dict[str, int] = {}
    for pause, (kind, values) in facts:
        if kind == "came":
            came_at.setdefault(values[0], now + pause)
        elif kind in PEOPLE and values[0] not in came_at:
            continue  # nobody works who never came
        elif kind in ("ended", "served"):
            values = (values[0], min(values[1], now + pause - came_at[values[0]]))
        if kind == "packed" and values[0] in gone:
            continue  # what left on a truck is not packed again: of all facts the one that floors cannot tell
        if kind == "left":
            gone.add(values[0])
        now += pause
        stream.emit(fact(now, kind, *values))
    stream.seal()
    context = RunContext(horizon_ms=now + 12, warmup_ms=warmup_ms)
    series = folded(kept.chunks, context)
    times = [*range(now + 2), now + 6, now + 12]
    for at_ms, expected in told_by_observers(kept.chunks, context, times).items():
        compare(series, at_ms, expected)


PEOPLE = set(people())
warmups = st.sampled_from((0, 0, 3))


@settings(max_examples=150, derandomize=True, deadline=None)
@given(days(odd=book(), usual=ON_THE_BOOK, most=6), warmups)
@pytest.mark.slow
def test_orders_told_in_any_order(facts, warmup_ms):
    hold_against_observers(facts, warmup_ms)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(days(odd=floor_goods(), usual=[*ON_THE_BOOK, *ON_THE_FLOOR], most=4), warmups)
@pytest.mark.slow
def test_goods_told_in_any_order(facts, warmup_ms):
    hold_against_observers(facts, warmup_ms)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(days(odd=people(), usual=AT_WORK, most=8), warmups)
def test_people_told_in_any_order(facts, warmup_ms):
    hold_against_observers(facts, warmup_ms)


STORIES: dict[str, list[Told]] = {
    "broken on the way": [*ON_THE_BOOK, *ON_THE_FLOOR[:2], ("lost", ("p", "v", 1, "damage")), ON_THE_FLOOR[2]],
    "lost on the way": [*ON_THE_BOOK, *ON_THE_FLOOR[:2], ("lost", ("p", "v", 1, "loss")), ON_THE_FLOOR[2]],
    "more is wanted after a short": [
        *ON_THE_BOOK[:2], ("shorted", ("a", "x", 1)), ("changed", ("a", "x", 2)), *ON_THE_BOOK[2:],
        ("picked", ("a", "x", "u", 1)),
    ],
    "one more pick under way": [*ON_THE_BOOK, ("picked", ("a", "x", "w", 1)), ("staged", ("w",))],
    "missing at the bench": [
        *ON_THE_BOOK, ("lacking", ("a", "x", 1, "missing_at_packing")), ("shorted", ("a", "x", 1)),
    ],
    "changed before it was promised, and cancelled": [
        ("cancelled", ("a",)), ("changed", ("a", "x", 3)), ("received", ("a", None)),
        ("received", ("b", None)), ("received", ("b", None)), *ON_THE_BOOK[1:],
    ],
    "left before it was packed, and again": [
        ("left", ("v", "a")), ("received", ("a", 5)), ("promised", ("a", "x", "p", 2)), ("picked", ("a", "x", "u", 2)),
        ("closed", ("u", "v")), ("staged", ("v",)), ("loaded", ("v", "i")), ("departed", ("i", "out")),
        ("taken", ("p", "u", 2)), ("packed", ("u", "v")), ("left", ("v", "a")),
    ],
    "wanted no more": [*ON_THE_BOOK[:2], ("line_cancelled", ("a", "x", 2)), ("changed", ("a", "x", 1))],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_odd_stories(story):
    hold_against_observers([(1, one) for one in story], 0)


@pytest.mark.slow
@settings(max_examples=600, derandomize=True, deadline=None)
@given(days(odd=book() | floor_goods(), usual=[*ON_THE_BOOK, *ON_THE_FLOOR], most=10), warmups)
def test_much_told_in_any_order(facts, warmup_ms):
    hold_against_observers(facts, warmup_ms)


def test_late_paper_a_pick_finds_its_carton_gone_already():
    """The sheet is keyed after the truck left: the line is left at the truck's time."""
    touched: list[Line] = []
    trail, line = PickTrail(touched.append), Line(Order("a"))
    trail.closed(1, "tote", "carton")
    trail.staged(2, 200, "carton")
    trail.loaded(3, "carton", "truck")
    trail.departed(4, 400, "truck")
    pick = Pick(line, 1)
    trail.picked(5, "tote", pick)
    assert (pick.staged_ms, pick.departed_ms) == (200, 400)
    assert touched == [line, line]
    assert pick.waits  # the tote may be closed again


def test_an_order_kept_small_comes_back_as_it_was():
    order = Order("a")
    order.received_ms, order.seen = 3, True
    line = order.lines["x"] = Line(order)
    line.promise(("owner", "sku"), 4)
    line.short = 4
    line.refresh(0)
    order.refresh(0)
    assert order.is_done
    back = Order.from_kept("a", order.kept())
    assert back.kept() == order.kept()
    assert (back.received_ms, back.sums, back.lines["x"].part) == (3, order.sums, line.part)
    assert back.lines["x"].order is back


@pytest.mark.parametrize(
    ("spells", "under_way", "at_ms", "covered"),
    [
        ([(0, 10)], None, 20, 10),
        ([(0, 10), (5, 12)], None, 20, 12),
        ([(0, 4), (6, 10), (2, 12)], None, 20, 12),
        ([(0, 10)], 15, 20, 15),
        ([(0, 10)], 5, 20, 20),
        ([(0, 4), (6, 10)], 8, 20, 18),
        ([(3, 3)], None, 20, 0),
    ],
)
def test_time_is_covered_once(spells, under_way, at_ms, covered):
    coverage = Coverage()
    for start, end in spells:
        coverage.add(start, end)
    at_zero, rate = coverage.straight(under_way)
    assert at_zero + rate * at_ms == covered
