"""The strip charts: their values are those of the figures, and a picture is drawn once."""

from __future__ import annotations

import numpy as np
import pytest
from figured import Figured, day_of, written
from figures_told import told_by_observers

from twin.events.reading import read_chunks
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.drawing.written import clock
from visualizer.figures.series import HOUR_MS, Series
from visualizer.panels.charts import CHARTS, WINDOW_MS, Charts

AT_MS = 5 * HOUR_MS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("charts") / "run"
    run_scenario(load_scenario("policy_day", []), out=folder)
    return folder


@pytest.fixture(scope="module")
def day(folder) -> Figured:
    return day_of(folder)


def span(day: Figured) -> tuple[int, int]:
    return 0, day.feed.head_ms


def test_lines_picked_in_an_hour_are_those_of_the_last_quarter(day, folder):
    """Counted once more, line by line, from the events."""
    picked: dict[tuple[str, str], int] = {}
    facts = day.feed.columns("LinePicked", ("order", "line", "units"))
    for at_ms, order, line, units in zip(
        *(facts[c].tolist() for c in ("at_ms", "order", "line", "units")), strict=True
    ):
        if units > 0:
            picked.setdefault((order, line), at_ms)
    times = np.array([WINDOW_MS // 2, AT_MS, AT_MS + 123_456, day.feed.head_ms])
    for at_ms, found in zip(times.tolist(), day.series.picked_per_h(times, WINDOW_MS).tolist(), strict=True):
        since = max(at_ms - WINDOW_MS, 0)
        lines = sum(since < t <= at_ms for t in picked.values())
        assert found == pytest.approx(lines * HOUR_MS / (at_ms - since))


def test_busy_pickers_are_the_difference_of_what_the_observers_say(day, folder):
    """Work and time on shift at the end of the quarter less those at its beginning."""
    chunks = list(read_chunks(folder))
    times = [AT_MS - WINDOW_MS, AT_MS]
    told = told_by_observers(chunks, day.feed.context, times)
    share = day.series.busy("picker", np.array([AT_MS]), WINDOW_MS)[0]
    work, paid = [], []
    for at_ms in times:
        busy = told[at_ms]["utilisation"]["picker"]
        shift, pause = (int(day.series.worked("picker", part, np.array([at_ms]))[0]) for part in ("shift", "pause"))
        paid.append(shift - pause)
        work.append(busy * paid[-1])
    assert share == pytest.approx((work[1] - work[0]) / (paid[1] - paid[0]))


def test_hover_tells_time_and_value_of_the_point(day):
    charts = Charts()
    charts.draw(day.canvas, day.places, day.frame(AT_MS), span(day))
    for chart, rect in zip(CHARTS, day.places.charts, strict=True):
        at = (rect.x + rect.w // 3, rect.centery)
        at_ms = charts.time_at(at)
        assert at_ms == pytest.approx(day.feed.head_ms * (rect.w // 3) / (rect.w - 1), abs=1)
        told = charts.hover(at)
        assert told is not None
        when, value = told.split(" · ")
        assert when == clock(at_ms, day.feed.title.start, seconds=False)
        if not chart.parts:
            assert value == chart.write(float(chart.values(day.series, np.array([at_ms]))[0]), "en")
    assert charts.hover((1, 1)) is None


def test_the_value_beside_a_chart_is_that_of_the_playhead(day):
    said = written(day, lambda canvas: Charts().draw(canvas, day.places, day.frame(AT_MS), span(day)))
    value = float(CHARTS[1].values(day.series, np.array([AT_MS]))[0])
    assert value > 0
    assert CHARTS[1].write(value, "en") in said
    people, goods = (int(day.series.value(name, AT_MS)) for name in ("waiting_workers", "waiting_units"))
    assert f"{people} + {goods}" in said


def test_a_picture_is_drawn_once_and_again_when_the_stretch_is_another(day):
    charts = Charts()
    charts.draw(day.canvas, day.places, day.frame(AT_MS), span(day))
    before = day.made(charts)
    charts.draw(day.canvas, day.places, day.frame(AT_MS), span(day))
    assert day.made(charts) == before
    charts.draw(day.canvas, day.places, day.frame(AT_MS + HOUR_MS), span(day))
    assert charts.made == before[-1]
    charts.draw(day.canvas, day.places, day.frame(AT_MS), (HOUR_MS, 2 * HOUR_MS))
    assert charts.made == 2 * before[-1]


def test_while_the_run_goes_on_a_chart_is_drawn_anew_pixel_by_pixel(day):
    series, charts = Series(day.feed.context), Charts()
    while series.known_ms < AT_MS:
        series.follow(day.feed, day.store, 0.0)
    charts.draw(day.canvas, day.places, day.frame(series.known_ms, series=series), span(day))
    first = charts.made
    before_ms = series.known_ms
    while series.known_ms < before_ms + 2 * day.feed.head_ms // 276:
        series.follow(day.feed, day.store, 0.0)
    charts.draw(day.canvas, day.places, day.frame(series.known_ms, series=series), span(day))
    assert charts.made == 2 * first


def test_the_curve_stands_where_its_value_is(day):
    """A column of the picture has the colour of the curve at the height of the value."""
    charts, rect = Charts(), day.places.charts[1]
    end = day.feed.head_ms
    charts.draw(day.canvas, day.places, day.frame(end), span(day))
    drawn = charts._kept["chart.wip"][1]
    for x in (60, 90, 130):
        at_ms = round(x / (rect.w - 1) * end)
        y = drawn.y_of(float(day.series.value("orders_in_process", at_ms)))
        near = [tuple(drawn.past.get_at((x, y + by)))[:3] for by in (-2, -1, 0, 1, 2) if 0 < y + by < rect.h - 1]
        red = day.theme.state("blocked")
        assert min(sum(abs(a - b) for a, b in zip(colour, red, strict=True)) for colour in near) < 120, x
        above = tuple(drawn.past.get_at((x, max(y - 8, 2))))[:3]
        assert above == day.theme.background


def test_folded_charts_are_not_drawn_and_answer_nothing(day):
    from visualizer.places import lay_out

    charts = Charts()
    assert charts.draw(day.canvas, lay_out((1600, 700)), day.frame(AT_MS), span(day)) == []
    assert charts.made == 0 and charts.time_at((100, 600)) is None
