"""Carries out what is asked of time: play, speed, steps, marks, going to a time, breakpoints."""

from __future__ import annotations

from collections.abc import Callable
from math import isinf
from typing import TYPE_CHECKING, Any, Final

from visualizer.controlling.breakpoints import Breakpoint, said
from visualizer.controlling.keys import Action
from visualizer.drawing.written import speed
from visualizer.overlaid.break_form import BreakForm
from visualizer.overlaid.chooser import Chooser, Fit
from visualizer.overlaid.go_to import GoTo
from visualizer.panels.telling import subject_of
from visualizer.words import word

if TYPE_CHECKING:
    from visualizer.showing import Showing
    from visualizer.stage import Stage

Deed = Callable[["Stage", "Showing", Any], None]


def _play_pause(app: Stage, shown: Showing, _: Any) -> None:
    if shown.playhead.playing:
        shown.playhead.pause()
    else:
        shown.playhead.play()


def _by(ms: int) -> Deed:
    def go(app: Stage, shown: Showing, _: Any) -> None:
        shown.playhead.seek(shown.playhead.view_ms + ms)

    return go


def _step(by: int) -> Deed:
    def go(app: Stage, shown: Showing, _: Any) -> None:
        if not shown.playhead.step(by):
            app.say("toast.end" if by > 0 else "toast.begin")

    return go


def _of_kind(by: int) -> Deed:
    def go(app: Stage, shown: Showing, _: Any) -> None:
        if shown.kind is None:
            _choose_kind(app, shown, None)
            return
        at_ms = shown.playhead.next_of(shown.kind, by)
        if at_ms is None:
            app.say("timeline.no_more", "warning")
        else:
            shown.playhead.pause()
            shown.playhead.seek(at_ms)

    return go


def _choose_kind(app: Stage, shown: Showing, _: Any) -> None:
    def chosen(kind: str) -> None:
        shown.kind = kind
        app.overlay = None
        app.say("toast.step_kind", kind=word("event", kind, app.language))

    app.overlay = Chooser("kind", "kind.title", "kind.prompt", _kinds(app, shown), chosen)


def _kinds(app: Stage, shown: Showing) -> Callable[[str], list[Fit]]:
    """The search for kinds of events: who sees the book only is not told when somebody slipped."""
    return lambda text: shown.search.kinds(text, app.language, sees_floor=shown.view.sees_floor)


def _mark(by: int) -> Deed:
    def go(app: Stage, shown: Showing, _: Any) -> None:
        at_ms = (app.comparison or shown).next_mark(by)
        if at_ms is None:
            app.say("timeline.no_more", "warning")
        else:
            shown.playhead.seek(at_ms)

    return go


def _faster(steps: int) -> Deed:
    def go(app: Stage, shown: Showing, _: Any) -> None:
        shown.playhead.faster(steps)
        _say_speed(app, shown)

    return go


def _set_speed(app: Stage, shown: Showing, argument: Any) -> None:
    shown.playhead.set_speed(float("inf") if argument is None else float(argument))
    _say_speed(app, shown)


def _say_speed(app: Stage, shown: Showing) -> None:
    now = shown.playhead.speed
    if isinf(now):
        app.say("toast.fastest")
    else:
        app.say("toast.speed", speed=speed(now))


def _start(app: Stage, shown: Showing, _: Any) -> None:
    shown.playhead.seek(0)


def _end(app: Stage, shown: Showing, _: Any) -> None:
    shown.playhead.go_live()


def _go_to(app: Stage, shown: Showing, _: Any) -> None:
    def go(at_ms: int) -> None:
        app.overlay = None
        shown.playhead.seek(at_ms)

    app.overlay = GoTo(shown.feed.title.start, shown.playhead.view_ms, go)


def _breakpoint(app: Stage, shown: Showing, kind: str | None) -> None:
    start = shown.feed.title.start

    def add(b: Breakpoint) -> None:
        if b not in shown.breakpoints:
            shown.breakpoints.append(b)
        app.overlay = None
        app.say("break.was_set", what=said(b, app.language, start))

    def choose_kind() -> None:
        def chosen(kind: str) -> None:
            _breakpoint(app, shown, kind)

        app.overlay = Chooser("kind", "kind.title", "kind.prompt", _kinds(app, shown), chosen)

    app.overlay = BreakForm(
        start, shown.playhead.view_ms, shown.breakpoints, add, shown.breakpoints.remove, choose_kind, kind
    )


def _seek(app: Stage, shown: Showing, at_ms: Any) -> None:
    shown.playhead.seek(int(at_ms))


def _to_event(app: Stage, shown: Showing, seq: Any) -> None:
    """Go to an event and inspect what it is about; stand there, so that it can be looked at."""
    at_ms = int(shown.store.at_ms[int(seq)])
    shown.playhead.pause()
    shown.playhead.seek(at_ms)
    known = shown.asking.answer(("event", int(seq)), lambda: shown.feed.records(int(seq), int(seq)))
    if known and shown.view.selection is None:
        app.select(subject_of(known[0]))


A = Action
TIME_DEEDS: Final[dict[str, Deed]] = {
    A.PLAY_PAUSE: _play_pause, A.EVENT_FORWARD: _step(1), A.EVENT_BACK: _step(-1), A.KIND_FORWARD: _of_kind(1),
    A.KIND_BACK: _of_kind(-1), A.KIND_CHOOSE: _choose_kind, A.SECONDS_FORWARD: _by(10_000),
    A.SECONDS_BACK: _by(-10_000), A.MINUTE_FORWARD: _by(60_000), A.MINUTE_BACK: _by(-60_000),
    A.MINUTES_FORWARD: _by(600_000), A.MINUTES_BACK: _by(-600_000), A.MARKER_FORWARD: _mark(1),
    A.MARKER_BACK: _mark(-1), A.FASTER: _faster(1), A.SLOWER: _faster(-1), A.FASTEST: _set_speed, "speed": _set_speed,
    A.GO_START: _start, A.GO_END: _end, A.GO_LIVE: _end, A.GO_TO_TIME: _go_to, A.BREAKPOINT: _breakpoint,
    "seek": _seek, "chart": _seek, A.TIMELINE_SEEK: _seek, A.CLICK_TIME: _seek, "event": _to_event,
}  # fmt: skip
