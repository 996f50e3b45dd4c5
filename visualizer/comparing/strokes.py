"""What the mouse does where there are two maps and a row of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from visualizer.controlling.gestures import TIMELINE, Gestures
from visualizer.drawing.pointer import Stroke

if TYPE_CHECKING:
    from visualizer.comparing.comparison import Comparison
    from visualizer.showing import Showing
    from visualizer.stage import Stage


class PairGestures(Gestures):
    """Each map answers for itself; moving one moves both, as they have one camera."""

    def __init__(self, app: Stage, comparison: Comparison) -> None:
        super().__init__(app)
        self._both = comparison

    def part(self, at: tuple[int, int]) -> str:
        """Where a point lies: a map, its minimap, the timeline, a chart or nowhere that matters."""
        places = self._app.places
        if any(name in places and places[name].inflate(0, 8).collidepoint(at) for name in TIMELINE):
            return "timeline"
        if any(chart.collidepoint(at) for chart in places.charts):
            return "charts"
        for side, view in zip(self._both.pair.sides, ("map_view_a", "map_view_b"), strict=True):
            if places[view].collidepoint(at):
                return "minimap" if side.map.minimap_at(*at) is not None else "map"
        return ""

    def _on_map(self, stroke: Stroke, shown: Showing, part: str) -> None:
        super()._on_map(stroke, self._side(stroke), part)

    def _on_minimap(self, stroke: Stroke, shown: Showing) -> None:
        super()._on_minimap(stroke, self._side(stroke))

    def _side(self, stroke: Stroke) -> Showing:
        """The run on whose map the gesture began."""
        at = stroke.start if stroke.gesture.startswith("drag") else stroke.at
        a, b = self._both.pair.sides
        return b if self._app.places["map_b"].collidepoint(at) else a

    def _on_timeline(self, stroke: Stroke, shown: Showing) -> None:
        self._seek(stroke, self._app.places["timeline_track"])

    def _on_charts(self, stroke: Stroke, shown: Showing) -> None:
        at = stroke.start if stroke.gesture.startswith("drag") else stroke.at
        chart = next((c for c in self._app.places.charts if c.collidepoint(at)), None)
        if chart is not None:
            self._seek(stroke, chart)

    def _seek(self, stroke: Stroke, track: Rect) -> None:
        """To the time under the pointer; the timeline and the charts show the whole of both runs."""
        if stroke.gesture in ("click", "double_click", "drag"):
            self._app.last_action = "timeline_seek"
            share = min(max((stroke.at[0] - track.x) / max(track.w - 1, 1), 0.0), 1.0)
            clock = self._both.pair.clock
            clock.seek(round(share * clock.end_ms))
