"""The timeline: where times stand, what merges, what a click means, and that a steady frame makes nothing."""

from __future__ import annotations

import pytest
from drawn import ToldFeed, floor
from figured import Figured, written

from visualizer.drawing.written import clock
from visualizer.panels.marks import flag
from visualizer.panels.timeline import BEFORE_MS, LEAST_SPAN_MS, MERGE_PX, Timeline
from visualizer.words import say

MIN = 60_000
DAY_MS = 16 * 60 * MIN


@pytest.fixture(scope="module")
def day() -> Figured:
    def failed(at_ms: int, name: str) -> dict[str, object]:
        return {"kind": "EquipmentFailed", "at_ms": at_ms, "equipment": name, "reason": "jam"}

    records = [
        {"kind": "BreakStarted", "at_ms": 60 * MIN, "worker": "s/w", "duration_ms": 90 * MIN},
        failed(180 * MIN, "s/a"), failed(181 * MIN, "s/b"), failed(182 * MIN, "s/c"),
        {"kind": "EquipmentRepaired", "at_ms": 190 * MIN, "equipment": "s/a"},
        {"kind": "CommandGiven", "at_ms": 300 * MIN, "action": "add_workers", "worker": "picker"},
        {"kind": "TrailerArrived", "at_ms": DAY_MS},
    ]  # fmt: skip
    return Figured(ToldFeed(floor(), records))


def drawn(day: Figured, at_ms: int = 400 * MIN, timeline: Timeline | None = None) -> Timeline:
    timeline = timeline or Timeline()
    timeline.draw(day.canvas, day.places, day.frame(at_ms))
    return timeline


def x_of(day: Figured, at_ms: int, span: tuple[int, int] = (0, DAY_MS)) -> int:
    track = day.places["timeline_track"]
    return track.x + round((at_ms - span[0]) / (span[1] - span[0]) * (track.w - 1))


def test_a_pixel_and_its_time_are_the_same_place(day):
    timeline, track = drawn(day), day.places["timeline_track"]
    per_px = DAY_MS / (track.w - 1)
    for at_ms in (0, 7 * MIN, 333 * MIN, DAY_MS):
        assert abs(timeline.time_at(x_of(day, at_ms)) - at_ms) <= per_px / 2
    assert (timeline.time_at(track.x - 500), timeline.time_at(track.right + 500)) == (0, DAY_MS)


def test_marks_nearer_than_ten_pixels_stand_together_with_their_number(day):
    timeline = drawn(day)
    assert x_of(day, 182 * MIN) - x_of(day, 180 * MIN) < MERGE_PX
    assert [len(group.marks) for group in timeline._groups] == [3, 1]
    assert "3" in written(day, lambda canvas: timeline.draw(canvas, day.places, day.frame(400 * MIN)))
    for _ in range(12):
        timeline.zoom(x_of(day, 181 * MIN), 1)
    drawn(day, 181 * MIN, timeline)
    assert [len(group.marks) for group in timeline._groups] == [1, 1, 1]


def test_a_click_on_a_mark_goes_five_seconds_before_it_and_else_to_its_time(day):
    timeline, row = drawn(day), day.places["timeline_markers"]
    assert timeline.seek_to((x_of(day, 300 * MIN) + 3, row.centery)) == 300 * MIN - BEFORE_MS
    assert timeline.seek_to((x_of(day, 181 * MIN), row.centery)) == 180 * MIN - BEFORE_MS
    beside = (x_of(day, 500 * MIN), row.centery)
    assert timeline.seek_to(beside) == timeline.time_at(beside[0])
    low = (x_of(day, 300 * MIN), day.places["timeline_bar"].centery)
    assert timeline.seek_to(low) == timeline.time_at(low[0])


def test_hover_tells_what_and_when(day):
    timeline, row = drawn(day), day.places["timeline_markers"]
    told = timeline.hover((x_of(day, 181 * MIN), row.centery), day.frame(185 * MIN))
    assert told is not None
    assert [line.split(" · ")[0] for line in told.split("\n")] == ["09:00:00", "09:01:00", "09:02:00"]
    assert told.split("\n")[0].endswith("05:00")
    x = x_of(day, 600 * MIN)
    assert timeline.hover((x, row.bottom), day.frame(0)) == clock(timeline.time_at(x), day.feed.title.start)
    assert timeline.hover((5, 5), day.frame(0)) is None


def test_the_wheel_keeps_the_time_under_the_pointer_and_ends_at_the_whole(day):
    timeline, x = drawn(day), x_of(day, 300 * MIN)
    before = timeline.time_at(x)
    timeline.zoom(x, 4)
    start, end = timeline.span
    assert end - start < DAY_MS / 2
    assert abs(timeline.time_at(x) - before) <= (end - start) / 1000
    timeline.zoom(x, 99)
    assert timeline.span[1] - timeline.span[0] == LEAST_SPAN_MS
    timeline.zoom(x, -99)
    assert timeline.span == (0, DAY_MS)


def test_a_zoomed_stretch_goes_with_the_playhead(day):
    timeline = drawn(day)
    timeline.zoom(x_of(day, 300 * MIN), 12)
    length = timeline.span[1] - timeline.span[0]
    drawn(day, 700 * MIN, timeline)
    assert timeline.span[0] <= 700 * MIN <= timeline.span[1]
    assert timeline.span[1] - timeline.span[0] == length


def test_a_steady_frame_makes_nothing_and_playing_on_only_words(day):
    timeline = drawn(day)
    before = day.made(timeline)
    drawn(day, timeline=timeline)
    assert day.made(timeline) == before
    drawn(day, 401 * MIN, timeline)
    assert day.made(timeline)[1:] == before[1:]


def test_what_stands_below_answers_clicks(day):
    timeline = Timeline()
    hits = timeline.draw(day.canvas, day.places, day.frame(0, speed=60.0))
    asked = {(hit.action, hit.argument) for hit in hits}
    assert {("play_pause", None), ("event_back", None), ("event_forward", None), ("find", None)} <= asked
    assert {("speed", factor) for factor in (1.0, 10.0, 60.0, 300.0, 1000.0, float("inf"))} <= asked
    inside = day.places["timeline"]
    assert all(inside.contains(hit.rect) for hit in hits)


def test_flags_stand_among_the_marks(day):
    timeline = Timeline()
    timeline.flags = [flag(600 * MIN)]
    drawn(day, timeline=timeline)
    assert timeline.seek_to((x_of(day, 600 * MIN), day.places["timeline_markers"].centery)) == 600 * MIN - BEFORE_MS


def test_breaks_are_named_where_there_is_room(day):
    assert "Break" in written(day, lambda canvas: Timeline().draw(canvas, day.places, day.frame(0)))


@pytest.mark.parametrize(("at_ms", "seen"), [(0, {"marks"}), (DAY_MS, {"title"}), (DAY_MS // 2, {"title", "marks"})])
def test_the_plate_of_the_playhead_cuts_no_words_in_two(day, at_ms, seen):
    said = written(day, lambda canvas: Timeline().draw(canvas, day.places, day.frame(at_ms)))
    assert {key for key in ("title", "marks") if say(f"timeline.{key}", "en") in said} == seen
