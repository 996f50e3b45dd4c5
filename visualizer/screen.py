"""Puts the parts of the window where they stand, and makes their hits answer clicks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pygame
from pygame import Rect

from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.overlays import bubble, tip, toast
from visualizer.drawing.spots import Spot
from visualizer.palette import mixed
from visualizer.words import say

if TYPE_CHECKING:
    from visualizer.stage import Stage

_ACTIONS = frozenset(str(a) for a in Action)
HOVER_AFTER_MS = 450


class Screen:
    """Draws one frame of a run, part by part."""

    def draw(self, app: Stage, canvas: Canvas, frame: Frame) -> None:
        """The run, in the places of the window."""
        shown, places, pace = app.showing, app.places, app.pace
        assert shown is not None
        with pace.part("map"):
            canvas.fill(app.theme.background)
            shown.map.hurried = app.gestures.is_hurried
            self._hits(app, "map", shown.map.draw(canvas, places["map"], frame))
        with pace.part("panels"):
            self._hits(app, "top", shown.top.draw(canvas, places, frame))
            shown.timeline.flags = shown.flags()
            self._hits(app, "timeline", shown.timeline.draw(canvas, places, frame))
            span, incidents = shown.timeline.span, shown.timeline.marks.incidents()
            self._hits(app, "charts", shown.charts.draw(canvas, places, frame, span, incidents))
        with pace.part("panels"):
            if "panel" in places:
                canvas.fill(app.theme.panel, places["panel"])
            if "inspector" in places:
                app.widgets.spot(Spot("inspector", places["inspector"], None, "", True, shown.inspector.scroll, False))
                self._hits(app, "inspector", shown.inspector.draw(canvas, places["inspector"], frame))
            if "queues" in places:
                self._hits(app, "queues", shown.queues.draw(canvas, places["queues"], frame))
            if "log" in places:
                app.widgets.spot(Spot("log", places["log"], None, "", True, shown.log.scroll, False))
                self._hits(app, "log", shown.log.draw(canvas, places["log"], frame))
            if "panel" in places:
                canvas.fill(app.theme.line, Rect(places["panel"].x, places["panel"].y, canvas.px(1), places["panel"].h))
        app.gestures.draw(canvas)

    def _hits(self, app: Stage, part: str, hits: Sequence[Hit]) -> None:
        """Spots for hits; the focus stops at those that are buttons."""
        for n, hit in enumerate(hits):
            action: Any = (hit.action, hit.argument) if hit.action else None
            app.widgets.spot(Spot((part, n), hit.rect, action, hit.tip or "", is_stop=hit.action in _ACTIONS))

    def draw_over(self, app: Stage, canvas: Canvas) -> None:
        """What lies over the run: notices, frame times, the overlay, tips."""
        places, now_ms = app.places, app.now_ms
        if app.overlay is not None:
            app.overlay.draw(app.widgets, places, app.language)
        elif app.showing is not None:
            self._hovering(app)
        if app.shows_frame_times and app.showing is not None:
            self._frame_times(app, canvas)
        if app.pending is not None and (app.overlay is None or app.overlay.name != "start"):
            toast(app.widgets, places["toast"], say("start.loading", app.language, name=app.pending.path, share="…"))
        elif app.toast is not None:
            text, tone, until_ms = app.toast
            if now_ms < until_ms:
                toast(app.widgets, places["toast"], text, tone)
            else:
                app.toast = None
        tip(app.widgets, now_ms)

    def _hovering(self, app: Stage) -> None:
        """What the pointer rests on, on the map, the timeline or a chart."""
        at = app.widgets.pointer
        resting = app.now_ms - app.gestures.rests_since_ms >= HOVER_AFTER_MS
        if not resting or app.pointer.is_dragging or app.widgets.hot is not None or app.showing is None:
            return
        shown, text = app.showing, None
        part = app.gestures.part(at)
        if part == "timeline" and app.frame is not None:
            text = shown.timeline.hover(at, app.frame)
        elif part == "charts":
            text = shown.charts.hover(at)
        elif part == "map":
            text = shown.map.hover(*at)
        if text:
            bubble(app.widgets, text, at)

    def _frame_times(self, app: Stage, canvas: Canvas) -> None:
        """The parts of a frame in ms, smoothed."""
        theme = app.theme
        parts = {**app.pace.parts}
        total = sum(parts.values())
        shown = app.showing
        assert shown is not None
        rows = [(say(f"frame.{name}", app.language), f"{ms:.1f}") for name, ms in parts.items()]
        rows.append((say("frame.total", app.language), f"{total:.1f}"))
        rows.append((say("frame.texts", app.language), str(app.lettering.rendered)))
        rows.append(("p95", f"{app.pace.drawing_p95_ms:.1f}"))
        place = app.places["frame_times"]
        rect = Rect(place.x, place.y, place.w, canvas.px(30 + 17 * len(rows)))
        canvas.card(rect, mixed(theme.panel, theme.background, 0.9), theme.line, canvas.px(6))
        fps = 1000 / max(total, 1e-6)
        canvas.text(f"{say('frame.title', app.language)} · ms", (rect.x + canvas.px(12), rect.y + canvas.px(14)), BODY,
                    bold=True)  # fmt: skip
        canvas.text(f"{min(fps, 999):.0f}/s", (rect.right - canvas.px(12), rect.y + canvas.px(14)), CAPTION,
                    theme.text_3, align="right")  # fmt: skip
        for n, (label, value) in enumerate(rows):
            y = rect.y + canvas.px(34 + 17 * n)
            canvas.text(label, (rect.x + canvas.px(12), y), BODY, theme.text_2)
            canvas.text(value, (rect.right - canvas.px(12), y), BODY, align="right")


def picture(surface: pygame.Surface, path: str) -> None:
    """Write a surface as PNG. Raises OSError or pygame.error."""
    pygame.image.save(surface, path)
