"""What the mouse does where there are two maps and a row of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualizer.gestures import TIMELINE, Gestures
from visualizer.pointer import Stroke

if TYPE_CHECKING:
    from visualizer.app import App
    from visualizer.comparing.comparison import Comparison
    from visualizer.showing import Showing


class PairGestures(Gestures):
    """Each map answers for itself; moving one moves both, as they have one camera."""

    def __init__(self, app: App, comparison: Comparison) -> None:
        super().__init__(app)
        self._both = comparison

    def _part(self, at: tuple[int, int]) -> str:
        places = self._app.places
        if any(name in places and places[name].inflate(0, 8).collidepoint(at) for name in TIMELINE):
            return "timeline"
        if any(chart.collidepoint(at) for chart in places.charts):
            return "timeline"
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

    def time_at(self, x: int, shown: Showing) -> int:
        """The time under a pixel of the timeline, or of the chart under it."""
        places, end_ms = self._app.places, self._both.pair.clock.end_ms
        y = self._app.pointer.at[1]
        strip = places.get("chart_strip")
        chart = next((c for c in places.charts if c.x <= x < c.right), None)
        if strip is not None and strip.collidepoint(x, y) and chart is not None:
            return round((x - chart.x) / max(chart.w - 1, 1) * end_ms)
        return super().time_at(x, shown)
