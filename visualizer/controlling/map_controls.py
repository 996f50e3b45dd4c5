"""Carries out what is asked of the map: camera, layers, colours, heat, follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from visualizer.controlling.keys import Action
from visualizer.view import LAYERS, Camera, Colouring, Heat, Side
from visualizer.words import say, word

if TYPE_CHECKING:
    from visualizer.showing import Showing
    from visualizer.stage import Stage

Deed = Callable[["Stage", "Showing", Any], None]
T = TypeVar("T")
ZOOM = 1.4
PAN_PX = 80
HEATS: Final[tuple[Heat, ...]] = ("waiting", "volume", "backlog")
COLOURINGS: Final[tuple[Colouring, ...]] = ("fill", "picks", "storage")
SIDES: Final[tuple[Side, ...]] = ("floor", "book", "difference")
WINDOWS_MS: Final = (300_000, 1_800_000, 0)
_WORD_OF_COLOUR = {"fill": "fill", "abc": "abc", "picks": "heat", "storage": "temperature"}
_WORD_OF_WINDOW = {300_000: "heat.window_5", 1_800_000: "heat.window_30", 0: "heat.window_shift"}


def _next(some: tuple[T, ...], now: T) -> T:
    return some[(some.index(now) + 1) % len(some)] if now in some else some[0]


def _zoom(factor: float) -> Deed:
    def zoom(app: Stage, shown: Showing, _: Any) -> None:
        if app.frame is not None:
            shown.view = replace(shown.view, camera=shown.map.zoomed(app.frame, factor))
            app.gestures.moved()

    return zoom


def _pan(dx: int, dy: int) -> Deed:
    def pan(app: Stage, shown: Showing, _: Any) -> None:
        if app.frame is not None:
            step = PAN_PX * app.ui_scale
            camera = shown.map.panned(app.frame, dx * step, dy * step)
            shown.view = replace(shown.view, camera=camera, follow=False)
            app.gestures.moved()

    return pan


def _fit(app: Stage, shown: Showing, _: Any) -> None:
    shown.view = replace(shown.view, camera=Camera())


def _to_selection(app: Stage, shown: Showing, _: Any) -> None:
    chosen = shown.view.selection
    if chosen is None or app.frame is None:
        app.say("error.nothing_selected", "warning")
    else:
        shown.view = replace(shown.view, camera=shown.map.close_to(app.frame, chosen))


def _follow(app: Stage, shown: Showing, _: Any) -> None:
    chosen = shown.view.selection
    if chosen is None:
        app.say("error.nothing_selected", "warning")
        return
    follow = not shown.view.follow
    camera = shown.view.camera
    if follow and not camera.px_per_m and app.frame is not None:
        camera = shown.map.close_to(app.frame, chosen)
    shown.view = replace(shown.view, follow=follow, camera=camera)


def _minimap(app: Stage, shown: Showing, _: Any) -> None:
    shown.map.shows_minimap = not shown.map.shows_minimap


def _layer(number: int) -> Deed:
    def turn(app: Stage, shown: Showing, _: Any) -> None:
        layer = LAYERS[number - 1]
        layers = shown.view.layers ^ {layer}
        shown.view = replace(shown.view, layers=layers)
        key = "toast.layer_on" if layer in layers else "toast.layer_off"
        app.say(key, layer=say(f"layer.{number}", app.language))

    return turn


def _heat_mode(app: Stage, shown: Showing, _: Any) -> None:
    """The next mode; the first press shows the layer."""
    view = shown.view
    if "heat" not in view.layers:
        shown.view = replace(view, layers=view.layers | {"heat"})
    else:
        shown.view = replace(view, heat=_next(HEATS, view.heat))
    app.say(f"heat.{shown.view.heat}")


def _heat_movers(app: Stage, shown: Showing, _: Any) -> None:
    roles: tuple[str | None, ...] = (None, *dict.fromkeys(shown.store.role))
    role = _next(roles, shown.view.heat_role)
    shown.view = replace(shown.view, heat_role=role, layers=shown.view.layers | {"heat"})
    app.toast_words(say("heat.all_movers", app.language) if role is None else word("role", role, app.language))


def _heat_window(app: Stage, shown: Showing, _: Any) -> None:
    window = _next(WINDOWS_MS, shown.view.heat_window_ms)
    shown.view = replace(shown.view, heat_window_ms=window, layers=shown.view.layers | {"heat"})
    app.say(_WORD_OF_WINDOW[window])


def _colour(app: Stage, shown: Showing, _: Any) -> None:
    """The next colouring; of ABC classes, how the class is found."""
    view = shown.view
    if "abc" in view.layers:
        by: Literal["picks", "slotted"] = "slotted" if view.abc_by == "picks" else "picks"
        shown.view = replace(view, abc_by=by)
        app.say("abc.by_picks" if by == "picks" else "abc.as_slotted")
        return
    colouring = _next(COLOURINGS, view.colouring)
    shown.view = replace(view, colouring=colouring, layers=view.layers | {"locations"})
    app.say(f"colour.{_WORD_OF_COLOUR[colouring]}")


def _side(app: Stage, shown: Showing, _: Any) -> None:
    view = shown.view
    if not view.sees_floor:
        app.say("inspect.hidden", "warning")
        return
    shown.view = replace(view, stock_side=_next(SIDES, view.stock_side), layers=view.layers | {"locations"})
    app.say(f"side.{shown.view.stock_side}")


A = Action
MAP_DEEDS: Final[dict[str, Deed]] = {
    A.ZOOM_IN: _zoom(ZOOM), A.ZOOM_OUT: _zoom(1 / ZOOM), A.PAN_LEFT: _pan(1, 0), A.PAN_RIGHT: _pan(-1, 0),
    A.PAN_UP: _pan(0, 1), A.PAN_DOWN: _pan(0, -1), A.FIT_ALL: _fit, A.ZOOM_SELECTION: _to_selection,
    A.FOLLOW: _follow, A.MINIMAP: _minimap, A.LAYER_1: _layer(1), A.LAYER_2: _layer(2), A.LAYER_3: _layer(3),
    A.LAYER_4: _layer(4), A.LAYER_5: _layer(5), A.LAYER_6: _layer(6), A.HEAT_MODE: _heat_mode,
    A.HEAT_MOVERS: _heat_movers, A.HEAT_WINDOW: _heat_window, A.LOCATION_COLOUR: _colour, A.BOOK_OR_FLOOR: _side,
}  # fmt: skip
