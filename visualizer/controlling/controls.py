"""Carries out what keys, buttons and hits ask for: time, looks, what lies on top. The map's own are in map_controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from visualizer.comparing.deeds import COMPARE_DEEDS
from visualizer.controlling.breakpoints import Stopped, said
from visualizer.controlling.keys import Action
from visualizer.controlling.map_controls import MAP_DEEDS
from visualizer.controlling.time_controls import TIME_DEEDS
from visualizer.inspecting.order_alternatives import ask_alternatives
from visualizer.overlaid.chooser import Chooser
from visualizer.overlaid.help import Help
from visualizer.overlaid.start import Start
from visualizer.palette import THEMES
from visualizer.places import next_scale
from visualizer.view import Selection

if TYPE_CHECKING:
    from visualizer.showing import Showing
    from visualizer.stage import Stage

Deed = Callable[["Stage", "Showing", Any], None]


def perform(app: Stage, action: str, argument: Any) -> None:
    """One action of the table of keys, or one of `frame.HIT_ACTIONS`."""
    app.last_action = action
    anywhere = ANYWHERE.get(action)
    if anywhere is not None:
        anywhere(app)
        return
    deed = DEEDS.get(action)
    if deed is not None and app.showing is not None and (app.overlay is None or action in HITS):
        deed(app, app.showing, argument)


def stopped(app: Stage, stop: Stopped) -> None:
    """A breakpoint was reached."""
    assert app.showing is not None
    app.last_action = "stopped"
    app.say("break.hit", "warning", what=said(stop.by, app.language, app.showing.feed.title.start))


# --- selecting -----------------------------------------


def _select(app: Stage, shown: Showing, chosen: Any) -> None:
    app.select(chosen)


def _centre(app: Stage, shown: Showing, chosen: Any) -> None:
    app.select(chosen)
    if app.frame is not None and isinstance(chosen, Selection):
        shown.view = replace(shown.view, camera=shown.map.close_to(app.frame, chosen))


def _alternatives(app: Stage, shown: Showing, asked: Any) -> None:
    order, seqs = asked
    ask_alternatives(shown.asking, shown.feed, order, seqs)


def _find(app: Stage, shown: Showing, _: Any) -> None:
    def chosen(what: Selection) -> None:
        app.overlay = None
        _centre(app, shown, what)
        app.last_action = "found"

    search = shown.search if app.comparison is None else app.comparison
    app.overlay = Chooser("find", "find.title", "find.prompt", lambda text: search.things(text, app.language), chosen)


def _log_mode(app: Stage, shown: Showing, _: Any) -> None:
    shown.log.next_mode(shown.view.selection is not None)


# --- keeping -----------------------------------------


def _save_view(app: Stage, shown: Showing, _: Any) -> None:
    shown.kept_view = shown.view
    app.say("toast.view_saved", "good")


def _recall_view(app: Stage, shown: Showing, _: Any) -> None:
    if shown.kept_view is None:
        app.say("toast.no_view", "warning")
        return
    shown.view = replace(shown.kept_view, at_ms=shown.view.at_ms)
    app.lay_out()
    app.say("toast.view_recalled", "good")


# --- the window itself: without a run too -----------------------------------------


def _theme(app: Stage) -> None:
    names = list(THEMES)
    name = names[(names.index(app.settings.theme) + 1) % len(names)]
    app.change(replace(app.settings, theme=name))


def _language(app: Stage) -> None:
    app.change(replace(app.settings, language="zh" if app.language == "en" else "en"))
    app.say("toast.language")


def _scale(step: int) -> Callable[[Stage], None]:
    def scale(app: Stage) -> None:
        app.scale_to(next_scale(app.ui_scale, step))
        app.say("toast.scale", scale=f"{app.ui_scale:g}")

    return scale


def _full_screen(app: Stage) -> None:
    app.full_screen()


def _frame_times(app: Stage) -> None:
    app.shows_frame_times = not app.shows_frame_times


def _help(app: Stage) -> None:
    app.overlay = None if app.overlay is not None and app.overlay.name == "help" else Help()


def _open(app: Stage) -> None:
    app.overlay = Start(app)


def _close(app: Stage) -> None:
    """What lies on top; else what is marked; else what is selected."""
    if app.overlay is not None:
        if app.overlay.name == "start" and app.showing is None:
            return
        app.overlay = getattr(app.overlay, "back", None)
        app.widgets.focus_on(None)
    elif not app.gestures.clear() and app.showing is not None:
        app.select(None)


def _panel(app: Stage) -> None:
    if app.comparison is not None:
        app.comparison.cards.hidden = not app.comparison.cards.hidden
        return
    app.drawer_open = not app.drawer_open
    app.lay_out()


def _focus(step: int) -> Callable[[Stage], None]:
    return lambda app: app.widgets.move_focus(step)


def _quit(app: Stage) -> None:
    app.running = False


A = Action
ANYWHERE: Final[dict[str, Callable[[Stage], None]]] = {
    A.THEME: _theme, A.LANGUAGE: _language, A.SCALE_UP: _scale(1), A.SCALE_DOWN: _scale(-1),
    A.FULL_SCREEN: _full_screen, A.FRAME_TIMES: _frame_times, A.HELP: _help, A.OPEN: _open, A.CLOSE: _close,
    A.PANEL: _panel, A.FOCUS_NEXT: _focus(1), A.FOCUS_BACK: _focus(-1), A.QUIT: _quit,
}  # fmt: skip

DEEDS: Final[dict[str, Deed]] = {
    **TIME_DEEDS, **MAP_DEEDS, **COMPARE_DEEDS, "select": _select, A.SELECT: _select, "centre": _centre, A.FIND: _find,
    "alternatives": _alternatives,
    A.LOG_MODE: _log_mode, A.SAVE_VIEW: _save_view, A.RECALL_VIEW: _recall_view,
    A.PICTURE: lambda app, shown, _: app.saving.picture(app, shown),
    A.VIDEO: lambda app, shown, _: app.saving.film(app, shown),
    A.HTML: lambda app, shown, _: app.saving.page(app, shown),
}  # fmt: skip

HITS: Final = frozenset({"select", "seek", "event", "centre"})
"""Asked for by rows of an overlay too."""
