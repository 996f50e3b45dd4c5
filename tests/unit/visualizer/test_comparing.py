"""Two runs in one window, driven by posted keys and mouse: one clock, one camera, where they part, two stories."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pygame
import pytest
from driven import app_of, click, drag, press, typed, wheel
from pairs import HOURS, recorded, tampered

from twin.cli.asked_again import AskedAgain
from twin.policies.why import key_text
from twin.run.rankings import rankings
from visualizer.app import App
from visualizer.comparing.charts import FIGURES, value_at
from visualizer.comparing.stories import change, steps, stories
from visualizer.comparing.timeline import density, merged
from visualizer.figures.series import Series
from visualizer.inspecting.blocks import Ask, Event, Gap, Heading, Parts, Row, Table
from visualizer.inspecting.known import Known
from visualizer.inspecting.order_facts import facts_of_order, time_of_order
from visualizer.settings import Settings
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Selection
from visualizer.words import say

END_MS = HOURS * 3_600_000
NOON_MS = 2 * 3_600_000


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("comparing")
    return {
        "plain": recorded(root / "plain"),
        "optimal": recorded(root / "optimal", policies={"routing": "optimal"}),
        "seed": recorded(root / "seed", seed=7),
        "longer": recorded(root / "longer", f"horizon_h={HOURS + 1}"),
        "policy_day": recorded(root / "policy_day", scenario="policy_day"),
    }


def paired(folders, a="plain", b="optimal", at_ms=NOON_MS, **options):
    """A window with two runs, their figures followed to the end."""
    app = app_of(RecordedFeed(folders[a]), at_ms=at_ms, **options)
    app.beside(RecordedFeed(folders[b]))
    for side in app.comparison.pair.sides:
        assert side.series.follow(side.feed, side.store)
    app.step([], 0.0)
    return app


@pytest.fixture
def app(folders):
    app = paired(folders)
    yield app
    app.close()


@contextmanager
def words_of(app):
    """What is written on the screen meanwhile."""
    written, letters = [], app.lettering
    picture = letters.picture
    letters.picture = lambda text, *rest: (written.append(text), picture(text, *rest))[1]
    try:
        yield written
    finally:
        letters.picture = picture


def written(app):
    with words_of(app) as words:
        app.step([], 0.0)
    return words


def frames(app):
    """The frames of both runs as they were drawn last."""
    return [side.map._frame for side in app.comparison.pair.sides]


# --- one clock -----------------------------------------


def test_both_maps_are_the_same_instant_of_their_own_run(app, folders):
    alone = []
    for name in ("plain", "optimal"):
        feed = RecordedFeed(folders[name])
        store = Store(feed)
        for batch in feed.read():
            store.add(batch)
        alone.append(store)
    luck = random.Random(3)
    for at_ms in [0, END_MS, *luck.sample(range(END_MS), 8)]:
        app.showing.playhead.seek(at_ms)
        app.step([], 0.0)
        for frame, store in zip(frames(app), alone, strict=True):
            told = store.at(at_ms)
            assert frame.moment.at_ms == frame.view.at_ms == at_ms
            assert frame.moment.row == told.row
            assert np.array_equal(frame.moment.workers.x, told.workers.x)
            assert np.array_equal(frame.moment.floor_units, told.floor_units)
    rows = [frame.moment.row for frame in frames(app)]
    assert rows[0] != rows[1]


def test_playing_moves_both(app):
    press(app, "Space")
    for _ in range(5):
        app.step([], 40.0)
    assert app.state()["at_ms"] == NOON_MS + 5 * 40 * 60
    assert {frame.moment.at_ms for frame in frames(app)} == {app.state()["at_ms"]}


def test_steps_visit_the_instants_of_either(app):
    sides = app.comparison.pair.sides
    instants = np.unique(np.concatenate([side.store.at_ms for side in sides]))
    later = instants[instants > NOON_MS][:30].tolist()
    assert not set(later) <= set(sides[0].store.at_ms.tolist())
    for at_ms in later:
        press(app, ".")
        assert app.state()["at_ms"] == at_ms
    for at_ms in reversed(later[:-1]):
        press(app, ",")
        assert app.state()["at_ms"] == at_ms


def test_the_next_of_a_kind_is_that_of_either(app):
    app.showing.kind = "TourStarted"
    sides = app.comparison.pair.sides
    times = np.unique(np.concatenate([side.store.at_ms[side.store.rows_of("TourStarted")] for side in sides]))
    press(app, "N", "N")
    assert app.state()["at_ms"] == times[times > NOON_MS][1]
    press(app, "Shift+N")
    assert app.state()["at_ms"] == times[times > NOON_MS][0]


@pytest.mark.parametrize("longer", ["a", "b"])
def test_a_run_that_ends_earlier_stays_at_its_end_and_says_so(folders, longer):
    names = ("longer", "plain") if longer == "a" else ("plain", "longer")
    app = paired(folders, *names, at_ms=0)
    short = 1 if longer == "a" else 0
    assert app.state()["end_ms"] == END_MS + 3_600_000
    ended = say("compare.ended", "en", run="AB"[short], time="09:00:00")
    assert not any(ended in text for text in written(app))
    beyond = END_MS + 1_800_000
    app.showing.playhead.seek(beyond)
    assert any(text.endswith(ended) for text in written(app))
    assert app.state()["ended"] == [short == 0, short == 1]
    assert [f.moment.at_ms for f in frames(app)] == [END_MS if n == short else beyond for n in (0, 1)]
    press(app, "End")
    assert app.state()["at_ms"] == END_MS + 3_600_000
    app.close()


def test_while_they_load_the_clock_goes_as_far_as_both(folders, monkeypatch):
    from visualizer.stored import recorded as module

    monkeypatch.setattr(module, "STRETCH_EVENTS", 700)
    monkeypatch.setattr(module, "FIRST_EVENTS", 700)
    app = App(RecordedFeed(folders["plain"]))
    app.beside(RecordedFeed(folders["longer"]))
    clock, sides = app.comparison.pair.clock, app.comparison.pair.sides
    shares = []
    while clock.loaded is not None:
        app.step([], 0.0)
        shares.append(clock.loaded)
        read_ms = [s.feed.head_ms if len(s.store) == s.feed.events else s.store.head_ms for s in sides]
        if clock.loaded is not None:
            assert min(side.store.head_ms for side in sides) <= clock.head_ms <= min(read_ms)
        assert len(shares) < 100
    assert shares[0] < shares[2] < 1
    assert [len(side.store) for side in sides] == [side.feed.events for side in sides]
    assert clock.head_ms == END_MS + 3_600_000
    app.close()


# --- one camera -----------------------------------------


def middles(app):
    """The point of the floor in the middle of each map, and the scale."""
    found = []
    for side in app.comparison.pair.sides:
        projection = side.map.projection
        found.append((*np.round(projection.mm(*projection.rect.center)), round(projection.px_per_m, 3)))
    return found


@pytest.mark.parametrize("at", [(400, 300), (1200, 300)])
def test_wheel_and_drag_on_either_map_move_both(app, at):
    fit = middles(app)
    wheel(app, at, 3)
    app.step([], 0.0)
    zoomed = middles(app)
    assert zoomed[0] == zoomed[1] != fit[0]
    drag(app, at, (at[0] + 60, at[1] + 40))
    app.step([], 0.0)
    assert middles(app)[0] == middles(app)[1] != zoomed[0]
    press(app, "0")
    app.step([], 0.0)
    assert middles(app) == fit


def test_who_is_followed_in_a_is_in_the_middle_of_both(app):
    picker = next(w for w in app.showing.store.workers if "picker" in w)
    app.showing.select(Selection("worker", picker), follow=True)
    press(app, "Z")
    app.showing.select(Selection("worker", picker), follow=True)
    app.step([], 0.0)
    assert app.showing.view.follow
    assert middles(app)[0] == middles(app)[1]


def test_the_maps_have_a_half_each_and_a_divider_of_two_pixels(app):
    a, b, divider = (app.places[name] for name in ("map_a", "map_b", "divider"))
    assert (a.size, b.size, divider.w) == ((799, 598), (799, 598), 2)
    assert a.right == divider.x
    assert divider.right == b.x


def test_a_click_on_b_selects_what_stands_there_in_b(app):
    app.showing.playhead.seek(NOON_MS + 600_000)
    app.step([], 0.0)
    b = app.comparison.b
    figures = b.map._figures
    who, x, y = (int(part[-1]) for part in (figures.who, figures.x, figures.y))
    assert x > 801
    click(app, (x, y))
    assert app.state()["selection"] == f"worker:{b.store.workers[who]}"


# --- where they part -----------------------------------------


def rows(page):
    return {block.label: block for block in page if isinstance(block, Row)}


def test_first_and_next_go_from_one_different_decision_to_the_next(app):
    listed = app.comparison.parting.found.decisions
    press(app, "Shift+D")
    assert (app.state()["difference"], app.state()["at_ms"]) == (0, listed.at_ms[0])
    for place in range(1, 6):
        press(app, "D")
        assert (app.state()["difference"], app.state()["at_ms"]) == (place, listed.at_ms[place])
    app.showing.playhead.seek(int(listed.at_ms[20]) + 1)
    press(app, "D")
    assert app.state()["at_ms"] == next(at for at in listed.at_ms.tolist() if at > listed.at_ms[20] + 1)
    app.showing.playhead.seek(END_MS)
    press(app, "D")
    assert app.state()["toast"] == say("compare.no_more", "en")


def test_the_sheets_show_what_each_side_decided_with_the_differences_marked(app):
    press(app, "Shift+D")
    pages = app.comparison.cards.pages(*frames(app))
    for page, policy, side in zip(pages, ("Largest gap", "Optimal"), app.comparison.pair.sides, strict=True):
        place = app.comparison.parting.found.decisions
        row = int((place.rows_a if side is app.comparison.a else place.rows_b)[0])
        record = side.feed.records(row, row)[0]
        told = rows(page)
        assert told["Policy"].value == policy
        assert told["Choice"].value == record["choice"] == "tour"
        assert told["Candidates"].value == str(record["candidates"])
        assert (told["Policy"].tone, told["Score"].tone, told["Candidates"].tone) == ("warning", "warning", "text")
        assert any(isinstance(block, Event) and block.told.title == "Tour started" for block in page)
    assert rows(pages[0])["Score"].value != rows(pages[1])["Score"].value
    words = written(app)
    for text in ("Largest gap", "Optimal", "Different decision 1 of "):
        assert any(text in word for word in words)


def test_alternatives_on_record_are_shown(folders, tmp_path):
    detail = '{"alternatives": [{"choice": "main/A01-1-001-1L", "score": 3.5}]}'
    changed = [
        "ALTER TABLE events ADD COLUMN IF NOT EXISTS detail VARCHAR",
        f"UPDATE events SET detail = '{detail}', choice = 'main/A02-1-001-1L' WHERE seq = "
        "(SELECT min(seq) FROM events WHERE family = 'allocation')",
    ]
    other = tampered(folders["plain"], tmp_path / "other", *changed)
    app = paired({**folders, "other": other}, b="other")
    press(app, "Shift+D")
    assert app.state()["parted"] == "decision"
    words = written(app)
    assert "A01-1-001-1L" in words
    assert words.count(say("compare.no_alternatives", "en")) == 1
    app.close()


@pytest.mark.slow
def test_both_runs_are_asked_what_else_they_could_have_decided(folders, tmp_path):
    first = "(SELECT min(seq) FROM events WHERE family = 'allocation' AND candidates > 1)"
    other = tampered(
        folders["plain"], tmp_path / "other", f"UPDATE events SET choice = 'elsewhere' WHERE seq = {first}"
    )
    app = app_of(RecordedFeed(folders["plain"], alternatives=AskedAgain(folders["plain"])), at_ms=NOON_MS)
    app.beside(RecordedFeed(other, alternatives=AskedAgain(other)))
    press(app, "Shift+D")
    place = app.comparison.shown
    records = app.comparison.parting.records(place)
    assert [(r["family"], r["choice"] == "elsewhere") for r in records] == [("allocation", False), ("allocation", True)]
    asked = next(s for s in app.widgets._spots if s.action == ("alternatives_of_both", place))
    click(app, asked.rect.center)
    pages = app.comparison.cards.pages(*frames(app))
    for page, record, folder in zip(pages, records, (folders["plain"], other), strict=True):
        truth = rankings(folder, [record["seq"]])[record["seq"]]
        (table,) = [block for block in page if isinstance(block, Table)]
        short = app.comparison.cards._known(*frames(app))[0].short
        assert [cell.text for cell in table.rows[0]] == [
            say("inspect.taken", "en", choice=short(truth.chosen[0][0])), key_text(truth.chosen[0][1])
        ]  # fmt: skip
        listed = [row[0].text for row in table.rows[1:]]
        assert listed[: len(truth.others[:3])] == [short(name) for name, _ in truth.others[:3]]
        seen = dict(truth.seen)
        assert rows(page)["stock"].value == seen["stock"] and rows(page)["line"].value == short(seen["line"])
        assert not any(isinstance(block, Ask) for block in page)
    app.close()


def test_another_selection_puts_the_sheets_away(app):
    press(app, "Shift+D")
    assert app.state()["difference"] == 0
    press(app, "Esc")
    assert (app.state()["difference"], app.state()["selection"]) == (None, None)
    assert app.comparison.cards.rects == ()
    press(app, "Shift+D")
    press(app, "Right")
    assert app.state()["difference"] is None


def test_a_mark_of_the_timeline_leads_to_its_decision(app):
    marks = app.comparison.timeline._marks
    x, _, place = marks[len(marks) // 2]
    track = app.places["timeline_track"]
    click(app, (track.x + x, (app.places["timeline_markers"].y + track.bottom) // 2))
    assert app.state()["difference"] == place


def test_runs_of_another_seed_are_shown_and_said_to_be_not_comparable(folders):
    app = paired(folders, b="seed", at_ms=0)
    assert app.state()["parted"] == "incomparable"
    words = " ".join(written(app))
    assert "These runs are not comparable" in words
    assert "another seed" in words
    press(app, "Shift+D")
    first = app.comparison.parting.found.first
    pages = app.comparison.cards.pages(*frames(app))
    assert app.state()["at_ms"] == first.at_ms
    for page, record, other in ((pages[0], first.a, first.b), (pages[1], first.b, first.a)):
        told = rows(page)
        assert told["kind"].value == record["kind"]
        for column in ("at_ms", "customer", "owner"):
            assert told[column].value == str(record[column])
            assert (told[column].tone == "warning") == (record[column] != other[column])
    app.close()


def test_another_scenario_can_be_looked_at(folders):
    app = paired(folders, b="policy_day", at_ms=NOON_MS)
    words = " ".join(written(app))
    assert "another scenario" in words
    press(app, "Shift+D", "O", "D", "Space")
    app.step([], 40.0)
    assert app.state()["at_ms"] >= 0
    app.close()


def test_equal_runs_say_so(folders):
    app = paired(folders, b="plain")
    assert app.state()["parted"] == "same"
    assert any("the runs are the same" in text for text in written(app))
    press(app, "D")
    assert app.state()["toast"] == say("compare.same", "en")
    app.close()


def test_the_search_goes_on_aside_and_says_how_far(folders):
    app = App(RecordedFeed(folders["plain"]))
    app.beside(RecordedFeed(folders["optimal"]))
    assert app.comparison.is_moving
    for _ in range(2000):
        app.step([], 0.0)
        if app.comparison.parting.found is not None:
            break
        pygame.time.wait(5)
    assert app.state()["parted"] == "decision"
    app.close()


# --- two stories -----------------------------------------


def known_of(app):
    return [
        Known(feed=f.feed, store=f.store, moment=f.moment, asking=s.asking, language="en")
        for f, s in zip(frames(app), app.comparison.pair.sides, strict=True)
    ]


def some_orders(app, count=6):
    names = [r["order"] for r in app.showing.feed.records(0, 10**9, ["OrderReleased"])]
    return random.Random(1).sample(list(dict.fromkeys(names)), count)


def test_the_parts_of_both_stories_add_up_and_their_differences_too(app):
    app.showing.playhead.seek(END_MS)
    app.step([], 0.0)
    unlike = 0
    for order in some_orders(app):
        known = known_of(app)
        times = []
        for k in known:
            facts = facts_of_order(k.feed, order)
            times.append(time_of_order(facts, order, k.moment.row, k.moment.at_ms))
        pages = stories(*known, order).pages
        parts = [next(b for b in page if isinstance(b, Parts)) for page in pages]
        assert [p.label for p in parts[0].parts] == [p.label for p in parts[1].parts]
        names = list(times[0].parts_ms.keys() | times[1].parts_ms.keys())
        both = [sum(t.parts_ms.get(name, 0) for name in names) for t in times]
        assert both == [t.whole_ms for t in times]
        for one, other in zip(parts[0].parts, parts[1].parts, strict=True):
            name = next(n for n in names if say(f"part.{n}", "en") == one.label)
            more = times[1].parts_ms.get(name, 0) - times[0].parts_ms.get(name, 0)
            assert one.is_marked == other.is_marked == (more != 0)
            assert (f"({change(more, 'en')})" in other.value) == (more != 0)
            unlike += more != 0
    assert unlike


def test_events_of_both_stories_stand_in_the_same_lines(app):
    app.showing.playhead.seek(END_MS)
    app.step([], 0.0)
    gaps = 0
    for order in some_orders(app):
        pages = stories(*known_of(app), order).pages
        lists = [[b for b in page if isinstance(b, Event | Gap)] for page in pages]
        assert len(lists[0]) == len(lists[1])
        for known, listed in zip(known_of(app), lists, strict=True):
            own = [r for r in known.feed.history("order", order) if r["seq"] <= known.moment.row]
            assert [b.told.seq for b in listed if isinstance(b, Event)] == [r["seq"] for r in own]
        for one, other in zip(*lists, strict=True):
            assert isinstance(one, Event) or isinstance(other, Event)
            if isinstance(one, Gap) or isinstance(other, Gap):
                gaps += 1
                assert (other if isinstance(one, Gap) else one).told.tone == "warning"
            else:
                assert one.told.title == other.told.title
                assert (one.told.tone == "info") == (one.told.at_ms != other.told.at_ms)
    assert gaps


@pytest.mark.slow
def test_a_story_that_is_over_is_put_together_once_and_anew_where_time_goes_back(tmp_path, monkeypatch):
    from visualizer.comparing import cards as module

    day = {
        "plain": recorded(tmp_path / "plain", "horizon_h=8"),
        "optimal": recorded(tmp_path / "optimal", "horizon_h=8", policies={"routing": "optimal"}),
    }
    left_ms, end_ms = 7 * 3_600_000, 8 * 3_600_000
    app = paired(day, at_ms=left_ms + 60_000)
    made = []
    monkeypatch.setattr(module, "stories", lambda *given: (made.append(given), stories(*given))[1])
    order = app.showing.feed.records(0, 10**9, ["GoodsLeft"])[0]["order"]
    app.select(Selection("order", order))
    app.step([], 0.0)
    over = app.comparison.cards.pages(*frames(app))
    count = len(made)
    for _ in range(4):
        press(app, "Right")
    assert len(made) == count
    app.showing.playhead.seek(left_ms - 60_000)
    app.step([], 0.0)
    assert len(made) == count + 1
    assert app.comparison.cards.pages(*frames(app)) != over
    app.showing.playhead.seek(end_ms)
    app.step([], 0.0)
    assert app.comparison.cards.pages(*frames(app)) == over
    app.close()


def test_marks_of_either_run_are_gone_to(folders, tmp_path):
    """Two incidents planted, one in each run."""
    for name, at_ms in (("a", 4_000_000), ("b", 5_000_000)):
        tampered(
            folders["plain"], tmp_path / name,
            f"INSERT INTO events SELECT * REPLACE (place + 1 AS place, 'WorkerAbsent' AS kind) FROM events WHERE seq = "
            f"(SELECT max(seq) FROM events WHERE at_ms < {at_ms} AND kind = 'LinePicked')",
        )  # fmt: skip
    app = paired({"a": tmp_path / "a", "b": tmp_path / "b"}, "a", "b", at_ms=0)
    times = []
    for side in app.comparison.pair.sides:
        rows = side.store.rows_of("WorkerAbsent")
        times.append(int(side.store.at_ms[rows[-1]]))
    assert times[0] < times[1]
    for at_ms in times:
        press(app, "K")
        while app.state()["at_ms"] not in times:
            press(app, "K")
        assert app.state()["at_ms"] == at_ms
    press(app, "J")
    assert app.state()["at_ms"] < times[1]
    app.close()


def test_steps_are_paired_by_what_happened():
    a = [{"kind": "X"}, {"kind": "Y", "line": "1"}, {"kind": "Y", "line": "2"}, {"kind": "Z"}]
    b = [{"kind": "X"}, {"kind": "Y", "line": "2"}, {"kind": "Y", "line": "1"}, {"kind": "Z"}]
    found = steps(a, b)
    assert [one for one, _ in found if one] == a
    assert [other for _, other in found if other] == b
    assert sum(one is not None and other is not None for one, other in found) == 3
    assert all(one == other for one, other in found if one and other)


def test_an_order_is_found_in_both_and_its_two_stories_shown(app):
    order = some_orders(app, 1)[0]
    press(app, "/")
    typed(app, order)
    press(app, "Enter")
    assert app.state()["selection"] == f"order:{order}"
    words = written(app)
    assert words.count(say("compare.order", "en")) == 2
    assert words.count(order) >= 2
    assert len(app.comparison.cards.rects) == 2
    before = app.comparison.cards.scroll.top
    wheel(app, app.comparison.cards.rects[1].center, -2)
    assert app.comparison.cards.scroll.top > before
    press(app, "Tab")
    assert app.comparison.cards.rects == ()


def test_what_only_one_run_has_is_found_and_says_so(folders):
    app = paired(folders, b="longer")
    known = {r["order"] for r in app.showing.feed.records(0, 10**9, ["OrderReceived"])}
    late = next(
        r["order"] for r in app.comparison.b.feed.records(0, 10**9, ["OrderReceived"]) if r["order"] not in known
    )
    found = {fit.value.name: fit.right for fit in app.comparison.things(late, "en")}
    assert found[late] == say("compare.only", "en", run="B")
    early = sorted(known)[0]
    found = {fit.value.name: fit.right for fit in app.comparison.things(early, "en")}
    assert found[early] == ""
    app.close()


def test_any_other_thing_has_its_page_on_both_sides(app):
    picker = next(w for w in app.showing.store.workers if "picker" in w)
    app.select(Selection("worker", picker))
    app.step([], 0.0)
    pages = app.comparison.cards.pages(*frames(app))
    assert all(isinstance(page[0], Heading) for page in pages)
    assert [page[0].name for page in pages] == [picker.split("/")[1]] * 2


# --- figures, overlay, window -----------------------------------------


def test_charts_say_what_b_has_more_than_a(app):
    alone = []
    for side in app.comparison.pair.sides:
        series = Series(side.feed.context)
        series.follow(side.feed, side.store)
        alone.append(series)
    a, b = frames(app)
    unlike = 0
    for at_ms in (NOON_MS, NOON_MS + 777_777, END_MS):
        app.showing.playhead.seek(at_ms)
        words = written(app)
        for figure in FIGURES:
            one, other = (float(figure.values(series, np.array([at_ms]))[0]) for series in alone)
            assert (value_at(figure, a, at_ms), value_at(figure, b, at_ms)) == (one, other)
            if one != other:
                unlike += 1
                assert any(word.replace("−", "-") == f"{round(other - one):+d}" for word in words)
    assert unlike


def test_a_chart_answers_a_click_with_its_time(app):
    chart = app.places.charts[1]
    click(app, (chart.x + chart.w // 4, chart.centery))
    assert app.state()["at_ms"] == pytest.approx(END_MS / 4, abs=2 * END_MS / chart.w)


def test_densities_count_all_events(app):
    edges = np.linspace(-1, END_MS, 101)
    for side in app.comparison.pair.sides:
        counted = density(side.store, edges)
        assert counted.sum() == (side.store.at_ms < END_MS).sum()
        hand = sum(edges[40] <= at < edges[41] for at in side.store.at_ms.tolist())
        assert counted[40] == hand


def test_marks_that_are_near_become_one_with_their_count():
    at_ms = np.array([0, 1, 2, 50, 51, 99])
    assert merged(at_ms, 100, 100, 10) == [(0, 3, 0), (50, 2, 3), (99, 1, 5)]
    assert merged(np.array([], dtype=np.int64), 100, 100, 10) == []


def test_the_overlay_draws_b_over_a_and_leaves_b_alone(app):
    """At a time at which some locations do not hold the same."""

    def unlike(at_ms):
        units = [side.store.at(at_ms).floor_units for side in app.comparison.pair.sides]
        return int((units[0] != units[1]).sum())

    at_ms = next(at for at in range(NOON_MS, END_MS, 10_000) if unlike(at) > 1)
    app.showing.playhead.seek(at_ms)
    app.step([], 0.0)
    areas = [app.places[name] for name in ("map_view_a", "map_view_b")]
    before = [pygame.surfarray.array3d(app.surface.subsurface(area)) for area in areas]
    press(app, "O")
    app.toast = None
    app.step([], 0.0)
    after = [pygame.surfarray.array3d(app.surface.subsurface(area)) for area in areas]
    assert (before[0] != after[0]).any()
    assert (before[1] == after[1]).all()
    assert 1 <= len(app.comparison.outlines._boxes) <= unlike(at_ms)
    press(app, "O")
    app.toast = None
    app.step([], 0.0)
    assert (pygame.surfarray.array3d(app.surface.subsurface(areas[0])) == before[0]).all()


@pytest.mark.parametrize("what", ["nothing", "decision", "order", "overlay"])
def test_a_steady_frame_makes_no_picture_and_renders_no_word(app, what):
    if what == "decision":
        press(app, "Shift+D")
    elif what == "order":
        app.select(Selection("order", some_orders(app, 1)[0]))
    elif what == "overlay":
        press(app, "O")
    app.toast = None
    app.step([], 0.0)
    both = app.comparison

    def made():
        maps = sum(side.map.made for side in both.pair.sides)
        outlines = both.outlines._people_a.made + both.outlines._people_b.made
        return (app.lettering.rendered, app.signs.made, maps, both.charts.made, both.timeline.made, outlines)

    before = made()
    for _ in range(3):
        app.step([], 0.0)
    assert made() == before


def test_pictures_are_a_function_of_the_time_alone(app):
    press(app, "Shift+D")
    app.toast = None
    app.step([], 0.0)
    here = pygame.image.tobytes(app.surface, "RGB")
    app.showing.playhead.seek(END_MS)
    app.step([], 0.0)
    assert pygame.image.tobytes(app.surface, "RGB") != here
    press(app, "Shift+D")
    app.toast = None
    app.step([], 0.0)
    assert pygame.image.tobytes(app.surface, "RGB") == here


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("size", "scale"), [((1600, 900), 1.0), ((800, 500), 1.0), ((1600, 900), 2.0)])
@pytest.mark.slow
def test_every_look_can_be_drawn(folders, theme, language, size, scale):
    app = paired(folders, size=size, settings=Settings(theme=theme, language=language, ui_scale=scale))
    press(app, "Shift+D", "O")
    assert app.state()["difference"] == 0
    app.select(Selection("order", some_orders(app, 1)[0]))
    app.step([], 0.0)
    assert all(app.surface.get_rect().contains(rect) for rect in app.comparison.cards.rects)
    ground = app.theme.background
    for name in ("map_a", "map_b"):
        area = pygame.surfarray.array3d(app.surface.subsurface(app.places[name]))
        assert (area != np.array(ground)).any(axis=2).mean() > 0.02
    app.close()


class Opens:
    """Opens run folders by name."""

    def __init__(self, folders):
        self.folders = folders

    def open(self, path):
        return RecordedFeed(self.folders[path])

    def offers(self):
        return ()


def test_c_opens_a_second_run_beside_and_c_again_goes_back_to_one(folders):
    app = app_of(RecordedFeed(folders["plain"]), at_ms=NOON_MS)
    app.opener = Opens(folders)
    press(app, "D")
    assert app.state()["toast"] == say("compare.alone", "en")
    press(app, "C")
    assert app.state()["overlay"] == "start"
    assert any(text == say("compare.open", "en") for text in written(app))
    app.open("optimal", beside=True)
    while app.pending is not None:
        app.step([], 0.0)
    assert app.state()["beside"] == "quickstart"
    assert app.state()["at_ms"] == NOON_MS
    press(app, "Right", "C")
    assert app.comparison is None
    assert "beside" not in app.state()
    assert app.state()["at_ms"] == NOON_MS + 10_000
    press(app, "Right")
    assert app.state()["at_ms"] == NOON_MS + 20_000
    app.close()


def test_the_typed_path_of_a_second_run_is_put_beside(folders):
    app = app_of(RecordedFeed(folders["plain"]), at_ms=NOON_MS)
    app.opener = Opens(folders)
    press(app, "C")
    app.widgets.focus_on("start.path")
    typed(app, "optimal")
    press(app, "Enter")
    while app.pending is not None:
        app.step([], 0.0)
    assert app.state()["parted"] == "decision"
    app.close()


def test_opening_another_run_ends_the_comparison(app, folders):
    app.show(RecordedFeed(folders["seed"]))
    app.step([], 0.0)
    assert app.comparison is None
    assert app.showing.feed.title.seed == 7


def test_the_view_of_both_is_one(app):
    app.comparison.b.view = replace(app.comparison.b.view, heat="volume")
    assert app.showing.view.heat == "volume"
    press(app, "2")
    assert all("heat" in frame.view.layers for frame in frames(app))
