"""The top bar says what the figures say, hides what a trainee must not know, and fits."""

from __future__ import annotations

import pytest
from figured import Figured, day_of, written

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.written import number, percent
from visualizer.figures.series import HOUR_MS
from visualizer.palette import THEMES
from visualizer.panels.kpi_cards import CARDS, IN_PROCESS, SPARK_W, TopBar, cards_for
from visualizer.places import lay_out
from visualizer.view import View

AT_MS = 8 * HOUR_MS - 59 * 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards") / "run"
    run_scenario(load_scenario("policy_day", []), out=folder)
    return folder


@pytest.fixture(scope="module")
def day(folder) -> Figured:
    return day_of(folder)


def said(day: Figured, at_ms: int = AT_MS, bar: TopBar | None = None, **changes: object) -> list[str]:
    bar = bar or TopBar()
    return written(day, lambda canvas: bar.draw(canvas, day.places, day.frame(at_ms, **changes)))


def test_the_cards_say_what_the_figures_say(day):
    words = said(day)
    for card in CARDS:
        value = day.series.value(card.figure, AT_MS)
        assert value is not None
        assert card.write(value, "en") in words
    assert f" / {number(day.series.value('orders_received', AT_MS))}" in words
    assert len(cards_for(sees_floor=True)) == len(day.places.cards) == 6


def test_a_trainee_does_not_see_what_the_floor_knows(day):
    accuracy = percent(day.series.value("order_picking_accuracy", AT_MS))
    assert "Orders right" in said(day) and accuracy in said(day)
    words = said(day, view=View(at_ms=AT_MS, sees_floor=False))
    assert "Orders right" not in words and "In process" in words
    assert number(day.series.value(IN_PROCESS.figure, AT_MS)) in words
    assert not any(card.is_truth for card in cards_for(sees_floor=False))


def test_a_change_is_against_an_hour_ago_or_a_baseline(day):
    now, before = (day.series.value("orders_shipped", t) for t in (AT_MS, AT_MS - HOUR_MS))
    assert now != before
    assert number(now - before, signed=True) in said(day)
    early = said(day, HOUR_MS // 2)
    assert not any(word.startswith("+") for word in early)
    bar = TopBar()
    bar.baseline = ("itself", day.series)
    assert number(now - before, signed=True) not in said(day, bar=bar)
    hits = bar.draw(day.canvas, day.places, day.frame(AT_MS))
    assert [hit.tip for hit in hits if hit.tip and "itself" in hit.tip] == []


def test_figures_that_are_not_known_yet_are_those_of_the_last_time_known(day):
    from visualizer.figures.series import Series

    series = Series(day.feed.context)
    while series.known_ms < 4 * HOUR_MS:
        series.follow(day.feed, day.store, 0.0)
    words = said(day, series=series)
    assert number(series.value("orders_received", series.known_ms)) in [w.removeprefix(" / ") for w in words]


@pytest.mark.parametrize(("mode", "word"), [("LIVE", "LIVE"), ("REVIEW", "REVIEW"), ("REPLAY", "REPLAY")])
def test_the_badge_says_what_one_sees(day, mode, word):
    assert word in said(day, mode=mode)
    hits = TopBar().draw(day.canvas, day.places, day.frame(AT_MS, mode=mode))
    assert any(hit.action == "go_live" for hit in hits) == (mode == "REVIEW")


def test_speed_and_what_is_held_and_pause(day):
    assert any(w.endswith("paused") for w in said(day, playing=False))
    assert any(w.endswith("300×") for w in said(day, playing=True, speed=300.0))
    assert any("holding 212×" in w for w in said(day, playing=True, speed=300.0, holding=212.0))
    assert "13:01:00" in said(day)


def test_digits_do_not_jitter(day):
    """A clock or value of as many digits takes the same room, whatever the digits."""
    letters = day.letters
    for size, bold in ((12, False), (13, True), (19, True), (22, True)):
        assert len({letters.width(digit * 6, size, bold) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_everything_stands_in_its_place(language, scale):
    """No card writes into the next, nor into its own sparkline, the longest values included."""
    letters, places = Lettering(scale), lay_out((round(1600 * scale), round(900 * scale)), scale)
    longest = {"card.lines_per_h": 88_888, "card.shipped": 88_888, "card.processing": 888.8 * 60}
    for card, rect in zip(CARDS, places.cards, strict=True):
        wide = letters.width(card.write(longest.get(card.key, 1.0), language), 19, True)
        if card.of:
            wide += letters.width(" / " + number(88_888), 12)
        assert wide <= rect.w - round((14 + 10 + SPARK_W) * scale), card.key


def test_a_steady_frame_makes_nothing(day):
    bar = TopBar()
    bar.draw(day.canvas, day.places, day.frame(AT_MS))
    before = day.made(bar)
    bar.draw(day.canvas, day.places, day.frame(AT_MS))
    assert day.made(bar) == before
    bar.draw(day.canvas, day.places, day.frame(AT_MS + 1000))
    assert day.made(bar)[1:] == before[1:]


def test_both_themes_draw_all_of_the_bar(folder):
    for theme in THEMES:
        day = day_of(folder, theme=theme)
        TopBar().draw(day.canvas, day.places, day.frame(AT_MS))
        top = day.places["top"]
        assert day.surface.get_at((top.x + 1, top.y + 1))[:3] == day.theme.panel
        assert day.surface.get_at((top.right - 1, top.bottom - 1))[:3] == day.theme.line
