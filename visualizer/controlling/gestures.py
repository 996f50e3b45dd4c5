"""What the mouse does on the map and on the timeline: pick, follow, pan, zoom, lasso, scrub."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.lettering import LABEL
from visualizer.drawing.pointer import Stroke
from visualizer.palette import mixed

if TYPE_CHECKING:
    from visualizer.showing import Showing
    from visualizer.stage import Stage

ZOOM_STEP = 1.25
HURRIED_MS = 140
"""So long after the last turn of the wheel the map is drawn crisp again."""
TIMELINE = ("timeline_track", "timeline_bar", "timeline_markers", "timeline_ticks")


class Gestures:
    """Takes strokes that no widget took."""

    def __init__(self, app: Stage) -> None:
        self._app = app
        self._lasso: Rect | None = None
        self._found: tuple[Rect, str] | None = None
        self._moved_ms = -10_000
        self._drag = ""
        self.rests_since_ms = 0

    @property
    def is_hurried(self) -> bool:
        """Is the camera on its way."""
        return self._app.now_ms - self._moved_ms < HURRIED_MS

    def take(self, stroke: Stroke) -> None:
        """One gesture."""
        app = self._app
        self.rests_since_ms = app.now_ms
        if app.showing is None:
            return
        if stroke.gesture == "drag_begin":
            self._drag = self.part(stroke.start)
            if self._drag == "map" and stroke.is_shift:
                self._drag = "lasso"
        part = self._drag if stroke.gesture.startswith("drag") else self.part(stroke.at)
        if part in ("map", "lasso"):
            self._on_map(stroke, app.showing, part)
        elif part == "minimap":
            self._on_minimap(stroke, app.showing)
        elif part == "timeline":
            self._on_timeline(stroke, app.showing)
        elif part == "charts":
            self._on_charts(stroke, app.showing)
        if stroke.gesture == "drag_end":
            self._drag = ""

    def part(self, at: tuple[int, int]) -> str:
        """Where a point lies: map, minimap, timeline, charts or nowhere that matters."""
        app, shown = self._app, self._app.showing
        places = app.places
        if any(name in places and places[name].inflate(0, 8).collidepoint(at) for name in TIMELINE):
            return "timeline"
        if "chart_strip" in places and places["chart_strip"].collidepoint(at):
            return "charts"
        if "panel" in places and places["panel"].collidepoint(at):
            return ""
        if shown is not None and places["minimap"].collidepoint(at) and shown.map.minimap_at(*at) is not None:
            return "minimap"
        return "map" if places["map_view"].collidepoint(at) else ""

    # --- map -----------------------------------------

    def _on_map(self, stroke: Stroke, shown: Showing, part: str) -> None:
        app, frame = self._app, self._app.frame
        if frame is None:
            return
        if stroke.gesture in ("click", "double_click"):
            self._found = None
            app.last_action = "select" if stroke.gesture == "click" else "double_follow"
            chosen = shown.map.pick(*stroke.at)
            if stroke.gesture == "click":
                app.select(chosen)
            elif chosen is not None:
                app.select(chosen)
                shown.select(chosen, follow=True)
        elif part == "lasso" and stroke.gesture in ("drag", "drag_end"):
            app.last_action = "lasso"
            self._lassoed(stroke, shown)
        elif stroke.gesture == "drag":
            app.last_action = "drag_pan"
            shown.view = replace(shown.view, camera=shown.map.panned(frame, *stroke.by), follow=False)
        elif stroke.gesture == "wheel":
            app.last_action = "wheel_zoom"
            factor = ZOOM_STEP**stroke.notches
            shown.view = replace(shown.view, camera=shown.map.zoomed(frame, factor, stroke.at))
            self._moved_ms = app.now_ms

    def _lassoed(self, stroke: Stroke, shown: Showing) -> None:
        (x0, y0), (x1, y1) = stroke.start, stroke.at
        self._lasso = Rect(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)).clip(self._app.places["map_view"])
        if stroke.gesture == "drag_end":
            found = shown.map.lasso(self._lasso)
            if found is not None and found.locations:
                self._found = (self._lasso, found.words(self._app.language))
            self._lasso = None

    def clear(self) -> bool:
        """Take the marked locations away; whether there were some."""
        there = self._found is not None
        self._found = None
        return there

    def _on_minimap(self, stroke: Stroke, shown: Showing) -> None:
        if stroke.gesture in ("click", "double_click", "drag") and self._app.frame is not None:
            at = shown.map.minimap_at(*stroke.at)
            if at is not None:
                self._app.last_action = "drag_pan"
                shown.view = replace(shown.view, camera=shown.map.centred(self._app.frame, at), follow=False)

    def moved(self) -> None:
        """The camera was moved by a key."""
        self._moved_ms = self._app.now_ms

    # --- timeline -----------------------------------------

    def _on_timeline(self, stroke: Stroke, shown: Showing) -> None:
        if stroke.gesture in ("click", "double_click"):
            self._app.last_action = "timeline_seek"
            shown.playhead.seek(shown.timeline.seek_to(stroke.at))
        elif stroke.gesture == "drag":
            self._app.last_action = "timeline_seek"
            shown.playhead.seek(shown.timeline.time_at(stroke.at[0]))
        elif stroke.gesture == "wheel":
            self._app.last_action = "timeline_zoom"
            shown.timeline.zoom(stroke.at[0], stroke.notches)

    def _on_charts(self, stroke: Stroke, shown: Showing) -> None:
        at_ms = shown.charts.time_at(stroke.at)
        if stroke.gesture == "click" and at_ms is not None:
            self._app.last_action = "click_time"
            shown.playhead.seek(at_ms)
        elif stroke.gesture == "wheel":
            self._app.last_action = "timeline_zoom"
            shown.timeline.zoom(stroke.at[0], stroke.notches)

    # --- drawing -----------------------------------------

    def draw(self, canvas: Canvas) -> None:
        """The lasso while it is drawn, and what it holds."""
        theme = canvas.theme
        if self._lasso is not None:
            canvas.rect(self._lasso, theme.accent, 0, canvas.px(1))
        if self._found is not None:
            rect, text = self._found
            canvas.rect(rect, theme.accent, 0, canvas.px(1))
            wide = canvas.lettering.width(text, LABEL) + canvas.px(24)
            card = Rect(0, 0, wide, canvas.px(30))
            card.midtop = (rect.centerx, rect.bottom + canvas.px(6))
            card.clamp_ip(self._app.places["map_view"])
            canvas.card(card, mixed(theme.panel, theme.background, 0.9), theme.accent, canvas.px(6))
            canvas.text(text, card.center, LABEL, align="centre")
