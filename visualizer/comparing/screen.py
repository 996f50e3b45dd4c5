"""Puts the parts of two runs where they stand: two maps, cards, charts, timeline, top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from visualizer.comparing.charts import legend
from visualizer.comparing.comparison import Comparison
from visualizer.comparing.timeline import title_row
from visualizer.comparing.top import draw_top
from visualizer.controlling.keys import Action, hint
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.overlays import bubble, key_cap
from visualizer.drawing.spots import Spot
from visualizer.drawing.written import clock
from visualizer.palette import mixed
from visualizer.panels.transport import speeds, transport
from visualizer.screen import HOVER_AFTER_MS, Screen
from visualizer.words import say

if TYPE_CHECKING:
    from visualizer.stage import Stage

HINTS = (Action.NEXT_DIFFERENCE, Action.FIRST_DIFFERENCE, Action.OVERLAY, Action.FIND, Action.PANEL, Action.COMPARE)


class PairScreen(Screen):
    """Draws one frame of two runs."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison

    def draw(self, app: Stage, canvas: Canvas, frame: Frame) -> None:
        """Both at the same instant."""
        both, places, pace = self.comparison, app.places, app.pace
        with pace.part("state"):
            a, b = both.pair.frames(frame)
        app.frame = a
        canvas.fill(app.theme.background)
        with pace.part("map"):
            for side, name, shown in zip(both.pair.sides, ("map_a", "map_b"), (a, b), strict=True):
                side.map.hurried = app.gestures.is_hurried
                self._hits(app, name, side.map.draw(canvas, places[name], shown))
            if both.overlaid and both.a.map.projection is not None:
                both.outlines.draw(canvas, places["map_view_a"], both.a.map.projection, a, b)
            canvas.fill(app.theme.line, places["divider"])
            self._names(canvas, app, a, b)
        with pace.part("panels"):
            if not both.cards.hidden:
                self._cards(app, canvas, a, b)
            else:
                both.cards.rects = ()
            self._charts(app, canvas, a, b)
            self._timeline(app, canvas, frame)
            draw_top(app.widgets, places, both, frame)
        app.gestures.draw(canvas)

    def _names(self, canvas: Canvas, app: Stage, a: Frame, b: Frame) -> None:
        """Which map is which, and that a run is over."""
        theme, px = canvas.theme, canvas.px
        for n, (name, frame) in enumerate(zip(("map_a", "map_b"), (a, b), strict=True)):
            rect = app.places[name]
            x = rect.x + px(10) if n == 0 else rect.right - px(36)
            chip = Rect(x, rect.y + px(30), px(26), px(24))
            canvas.card(chip, mixed(theme.accent, theme.panel, 0.16), theme.accent, px(5))
            label = say(f"compare.{'ab'[n]}", frame.language)
            canvas.text(label, chip.center, BODY, bold=True, align="centre")

    def _cards(self, app: Stage, canvas: Canvas, a: Frame, b: Frame) -> None:
        cards = self.comparison.cards
        hits = cards.draw(canvas, app.places, a, b)
        for n, rect in enumerate(cards.rects):
            app.widgets.spot(Spot(("card", n), rect, None, "", True, cards.scroll, False))
        self._hits(app, "cards", hits)

    def _charts(self, app: Stage, canvas: Canvas, a: Frame, b: Frame) -> None:
        strip = app.places.get("chart_strip")
        if strip is None:
            return
        canvas.fill(canvas.theme.background, strip)
        canvas.fill(canvas.theme.line, Rect(strip.x, strip.y, strip.w, canvas.px(1)))
        self.comparison.charts.draw(canvas, app.places.charts, a, b, self.comparison.pair.clock.view_ms)

    def _timeline(self, app: Stage, canvas: Canvas, frame: Frame) -> None:
        both, places, theme = self.comparison, app.places, canvas.theme
        canvas.fill(theme.panel, places["timeline"])
        canvas.fill(theme.line, Rect(places["timeline"].x, places["timeline"].y, places["timeline"].w, canvas.px(1)))
        title_row(canvas, places, app.language)
        sides, found = both.pair.sides, both.parting.found
        hits = both.timeline.draw(
            canvas, places, (sides[0].store, sides[1].store), frame.feed.title, app.language,
            at_ms=both.pair.clock.view_ms, end_ms=both.pair.clock.end_ms,
            ends_ms=(sides[0].feed.head_ms, sides[1].feed.head_ms), found=found.decisions if found else None,
            marks=both.marks,
        )  # fmt: skip
        hits += [*transport(canvas, places["transport"], frame), *speeds(canvas, places["speeds"], frame)]
        self._hits(app, "timeline", hits)
        self._hints(app)
        legend_at = places["hints"]
        legend(canvas, Rect(legend_at.right - canvas.px(120), legend_at.y, canvas.px(120), legend_at.h), app.language)

    def _hints(self, app: Stage) -> None:
        """The keys of two runs, as many as there is room for."""
        widgets, canvas, row = app.widgets, app.widgets.canvas, app.places["hints"]
        x = row.x
        for action in HINTS:
            label = say(f"help.{action}", app.language)
            if x + canvas.lettering.width(label, CAPTION) + canvas.px(70) > row.right - canvas.px(130):
                break
            cap = key_cap(widgets, (x, row.y + canvas.px(3)), hint(action))
            x = canvas.text(label, (cap.right + canvas.px(6), cap.centery), CAPTION, canvas.theme.text_3).right
            x += canvas.px(14)

    def _hovering(self, app: Stage) -> None:
        """What the pointer rests on, on either map."""
        at = app.widgets.pointer
        resting = app.now_ms - app.gestures.rests_since_ms >= HOVER_AFTER_MS
        if not resting or app.pointer.is_dragging or app.widgets.hot is not None:
            return
        part, text = app.gestures.part(at), None
        if part == "map":
            side = self.comparison.b if app.places["map_b"].collidepoint(at) else self.comparison.a
            text = side.map.hover(*at)
        elif part in ("timeline", "charts"):
            places = app.places
            track = next((c for c in places.charts if c.collidepoint(at)), places["timeline_track"])
            share = min(max((at[0] - track.x) / max(track.w - 1, 1), 0.0), 1.0)
            at_ms = round(share * self.comparison.pair.clock.end_ms)
            text = clock(at_ms, self.comparison.a.feed.title.start)
        if text:
            bubble(app.widgets, text, at)
