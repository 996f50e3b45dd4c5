"""The map: the floor of a store at an instant, as a view asks for it; and what stands at a pixel of it.

A pure function of store, time and view; the ring of incidents alone moves by the wall clock. Beside that, while the
camera is on its way (`hurried`) the last picture of the racks is scaled instead of drawn again.
"""

from __future__ import annotations

from time import perf_counter

from pygame import Rect

from visualizer import camera as cameras
from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.mapping.decor import Decor
from visualizer.mapping.finding import Finder, Lasso
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.floor_layer import FloorLayer
from visualizer.mapping.foot import Foot
from visualizer.mapping.heat import HeatField
from visualizer.mapping.heat_layer import HeatLayer, bucket_ms
from visualizer.mapping.labels import LEAST_PX_PER_M, Labels
from visualizer.mapping.machines import Machines
from visualizer.mapping.marked import Marked
from visualizer.mapping.minimap import Minimap
from visualizer.mapping.people import Figures, People
from visualizer.mapping.racks import Racks
from visualizer.mapping.shading import Shader, Shading, colours
from visualizer.palette import mixed
from visualizer.places import FOOT_H
from visualizer.store import Store
from visualizer.stored.ground import XY
from visualizer.stored.moment import Moment
from visualizer.view import Camera, Selection

HEAD_H = 32
"""Above the floor, for the names of aisles and zones."""
SIDE_W = 12
MINIMAP = (176, 88)
FLOW_SPEED = 200.0
"""Played faster than this, figures fade and their trails grow: who walks cannot be followed any more."""
CLOSE_PX_PER_M = 40.0
"""To zoom to a thing means at least so near."""


class FloorMap:
    """Draws a store's floor. `timings` has the milliseconds of the parts of the last picture."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fixtures = Fixtures(store.ground)
        self.bounds = self.fixtures.bounds
        self.hurried = False
        self.shows_minimap = True
        self.timings: dict[str, float] = {}
        self.projection: Projection | None = None
        decor = Decor(store.ground, self.fixtures)
        self._layer = FloorLayer(Racks(store.ground), decor.draw)
        self._shader = Shader(store)
        self._machines = Machines(store, self.fixtures)
        self._people = People(store, self.fixtures)
        self._heat = HeatLayer(HeatField(store, self.bounds))
        self._labels = Labels(store.ground, self.fixtures, decor)
        self._marked = Marked(store, self.fixtures)
        self._minimap = Minimap(store.ground, self.fixtures, decor, self.bounds)
        self._foot = Foot()
        self._finder = Finder(store, self.fixtures, self._layer, self._shader)
        self._bucket: Moment | None = None
        self._figures: Figures | None = None
        self._frame: Frame | None = None
        self._floor_rect = Rect(0, 0, 1, 1)

    @property
    def made(self) -> int:
        """Pictures drawn anew so far: a steady frame makes none."""
        parts = (self._layer, self._people, self._heat, self._minimap, self._foot)
        return sum(part.made for part in parts)

    # --- drawing ----------------------------------------------------------------------------------------------

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Paint the map into `rect`; its chips answer clicks."""
        view, moment, theme = frame.view, frame.moment, canvas.theme
        clock = _Clock(self.timings)
        self._floor_rect = self.floor_rect(rect, frame.ui_scale)
        projection = cameras.project(self.camera(frame), self.bounds, self._floor_rect).within(rect)
        self.projection, self._frame = projection, frame
        with canvas.clip(rect):
            shading = self._shading(frame)
            kind = shading.colouring if shading else "fill"
            self._layer.draw(canvas, projection, shading, colours(kind, theme), hurried=self.hurried)
            clock.part("floor")
            self._machines.draw(canvas, projection, moment, self._people.at_benches(moment.workers))
            clock.part("machines")
            if "heat" in view.layers:
                self._heat.draw(canvas, projection, view, self._bucket_of(frame))
            clock.part("heat")
            self._labels.still(canvas, projection, frame.language, rect.y, all_places="labels" in view.layers)
            clock.part("names")
            flows = frame.playing and frame.speed > FLOW_SPEED
            if "trails" in view.layers:
                self._people.draw_trails(canvas, moment.workers, projection, flows=flows)
            clock.part("trails")
            self._marked.draw_way(canvas, projection, frame)
            self._figures = figures = self._people.figures(moment.workers, projection, frame.ui_scale)
            self._people.draw(canvas, figures, moment.workers.state, faded=flows)
            clock.part("workers")
            queues = self._machines.draw_queues(canvas, projection, moment) if "queues" in view.layers else []
            self._marked.draw_selection(canvas, projection, frame, figures)
            self._draw_words(canvas, rect, frame, figures, queues)
            clock.part("words")
            if self.shows_minimap and not projection.is_fit:
                self._minimap.draw(canvas, self._minimap_rect(canvas, rect), projection, moment.workers)
            canvas.fill(mixed(theme.background, theme.panel, 0.7), self._foot_rect(rect, frame.ui_scale))
            hits = self._foot.draw(canvas, rect, frame, shading, self._heat.field if "heat" in view.layers else None)
            clock.part("foot")
        return hits

    def floor_rect(self, rect: Rect, ui_scale: float = 1.0) -> Rect:
        """The part of the map's rectangle in which the floor stands: its head and foot are left free."""
        head, foot, side = round(HEAD_H * ui_scale), round(FOOT_H * ui_scale), round(SIDE_W * ui_scale)
        return Rect(rect.x + side, rect.y + head, max(rect.w - 2 * side, 1), max(rect.h - head - foot, 1))

    def _foot_rect(self, rect: Rect, ui_scale: float) -> Rect:
        foot = round(FOOT_H * ui_scale)
        return Rect(rect.x, rect.bottom - foot, rect.w, foot)

    def _minimap_rect(self, canvas: Canvas, rect: Rect) -> Rect:
        w, h = canvas.px(MINIMAP[0]), canvas.px(MINIMAP[1])
        return Rect(rect.right - canvas.px(10) - w, rect.bottom - canvas.px(FOOT_H + 4) - h, w, h)

    def _shading(self, frame: Frame) -> Shading | None:
        layers = frame.view.layers
        if "locations" not in layers and "abc" not in layers:
            return None
        return self._shader.shading(frame.moment, frame.view, self._bucket_ms(frame))

    def _bucket_ms(self, frame: Frame) -> int:
        step = bucket_ms(frame.view.heat_window_ms, frame.speed, playing=frame.playing)
        return max(frame.moment.at_ms // step * step, 0)

    def _bucket_of(self, frame: Frame) -> Moment:
        """The moment that heat is taken of: it goes on in steps."""
        at_ms = self._bucket_ms(frame)
        if self._bucket is None or self._bucket.at_ms != at_ms or self._bucket.row != self.store.row_at(at_ms):
            self._bucket = self.store.at(at_ms)
        return self._bucket

    def _draw_words(self, canvas: Canvas, rect: Rect, frame: Frame, figures: Figures, queues: list[Rect]) -> None:
        projection = self.projection
        assert projection is not None
        taken: list[Rect] = [self._foot_rect(rect, frame.ui_scale), *queues]
        if self.shows_minimap and not projection.is_fit:
            taken.append(self._minimap_rect(canvas, rect))
        plates: list[Rect] = []
        self._marked.draw_incidents(canvas, projection, frame, plates)
        self._marked.draw_saturated(canvas, projection, frame, plates)
        taken += plates
        self._labels.keep_clear(taken)
        chosen, store = frame.view.selection, self.store
        who = store.worker_of.get(chosen.name, -1) if chosen is not None and chosen.kind == "worker" else -1
        if who >= 0:
            self._labels.chosen(canvas, figures, who, store.workers[who])
        if "labels" in frame.view.layers and projection.px_per_m >= LEAST_PX_PER_M * frame.ui_scale:
            self._labels.workers(canvas, figures, store.workers, but=who)

    # --- the camera -------------------------------------------------------------------------------------------

    def camera(self, frame: Frame) -> Camera:
        """The camera of the view; while it follows a worker and is zoomed, he is in the middle."""
        view, chosen = frame.view, frame.view.selection
        if not view.follow or not view.camera.px_per_m or chosen is None:
            return view.camera
        at = self.where(chosen, frame)
        return view.camera if at is None else Camera(x_mm=at[0], y_mm=at[1], px_per_m=view.camera.px_per_m)

    def where(self, chosen: Selection, frame: Frame) -> XY | None:
        """The point of the floor at which a thing is now."""
        workers = frame.moment.workers
        if chosen.kind == "worker":
            who = self.store.worker_of.get(chosen.name, -1)
            return (float(workers.x[who]), float(workers.y[who])) if 0 <= who < len(workers.x) else None
        if chosen.kind == "trailer":
            doors = [i for i, trailer in enumerate(frame.moment.trailers) if trailer == chosen.name]
            return self.store.ground.doors[doors[0]].at if doors else None
        box = self._marked.box(chosen)
        return None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    def zoomed(self, frame: Frame, factor: float, at: tuple[int, int] | None = None) -> Camera:
        """Nearer or farther; the point under `at`, else the middle, stays."""
        return cameras.zoomed(self.camera(frame), self.bounds, self._floor_rect, factor, at)

    def panned(self, frame: Frame, dx: float, dy: float) -> Camera:
        """The floor moved by pixels."""
        return cameras.panned(self.camera(frame), self.bounds, self._floor_rect, dx, dy)

    def centred(self, frame: Frame, at: XY) -> Camera:
        """A point in the middle, as near as now."""
        return cameras.centred(self.camera(frame), self.bounds, self._floor_rect, at)

    def close_to(self, frame: Frame, chosen: Selection) -> Camera:
        """Zoomed to a thing; the camera of the view where the thing has no place."""
        at = self.where(chosen, frame)
        if at is None:
            return frame.view.camera
        scale = max(CLOSE_PX_PER_M, frame.view.camera.px_per_m)
        return cameras.centred(self.camera(frame), self.bounds, self._floor_rect, at, scale)

    def minimap_at(self, x: int, y: int) -> XY | None:
        """The point of the floor under a pixel of the minimap; None beside it, or where none is shown."""
        if not self.shows_minimap or self.projection is None or self.projection.is_fit:
            return None
        return self._minimap.mm(x, y)

    # --- what is there ----------------------------------------------------------------------------------------

    def pick(self, x: int, y: int) -> Selection | None:
        """What was drawn at a pixel in the last picture."""
        if self.projection is None or self._frame is None or self._figures is None:
            return None
        if not self.projection.rect.collidepoint(x, y):
            return None
        return self._finder.pick(x, y, self.projection, self._figures, self._frame)

    def hover(self, x: int, y: int) -> str | None:
        """A line on what was drawn at a pixel."""
        found = self.pick(x, y)
        return None if found is None or self._frame is None else self._finder.hover(found, self._frame)

    def lasso(self, area: Rect) -> Lasso | None:
        """The locations in a rectangle of the last picture, with their sums."""
        if self.projection is None or self._frame is None:
            return None
        return self._finder.lasso(area, self.projection, self._frame)


class _Clock:
    """Milliseconds of each part since the one before."""

    def __init__(self, timings: dict[str, float]) -> None:
        self._timings = timings
        self._last = perf_counter()

    def part(self, name: str) -> None:
        """The part just done."""
        now = perf_counter()
        self._timings[name] = (now - self._last) * 1000
        self._last = now
