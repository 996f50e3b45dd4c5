"""What stands out over the figures: the selection with its planned way, incidents with a slow ring, saturation."""

from __future__ import annotations

import math

from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.written import clock, lasting
from visualizer.mapping.decor import lane_of
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.machines import short
from visualizer.mapping.people import Figures
from visualizer.palette import Colour, mixed
from visualizer.store import Store
from visualizer.stored.ground import XY
from visualizer.stored.moment import Incident
from visualizer.stored.saturation import Saturated
from visualizer.view import Selection
from visualizer.words import say, word

RING_S = 2.4
"""One pulse of the ring takes so long, by the wall clock."""
PLATES = 4
"""So many incidents are written out; of the others only the sign shows. As many places that are saturated."""


class Marked:
    """Draws the selection and the incidents of a store."""

    def __init__(self, store: Store, fixtures: Fixtures) -> None:
        self._store = store
        self._fixtures = fixtures

    # --- selection --------------------------------------------------------------------------------------------

    def box(self, selection: Selection) -> tuple[float, float, float, float] | None:
        """The ground that a chosen place takes up; None for what is no place, or is not known."""
        ground, kind, name = self._store.ground, selection.kind, selection.name
        if kind == "location" and name in ground.cell_of:
            cells, i = ground.cells, ground.cell_of[name]
            x, y, w, h = (float(a[i]) for a in (cells.x, cells.y, cells.half_x, cells.half_y))
            return x - w, y - h, x + w, y + h
        if kind == "station" and name in ground.station_of:
            return self._fixtures.stations[ground.station_of[name]].box
        if kind == "door" and name in ground.door_of:
            return self._fixtures.doors[ground.door_of[name]]
        if kind == "lane" and name in ground.lane_of:
            return self._fixtures.lanes[ground.lane_of[name]]
        if kind == "aisle" and name in ground.aisle_of:
            return lane_of(ground.aisles[ground.aisle_of[name]])
        if kind == "belt" and name in ground.belt_of:
            return lane_of(ground.belts[ground.belt_of[name]])
        return None

    def draw_way(self, canvas: Canvas, projection: Projection, frame: Frame) -> None:
        """The way that the selected worker still has before him, dashed, with a ring where it ends."""
        way = self._way_left(frame)
        if len(way) > 1:
            points = [projection.px(x, y) for x, y in way]
            canvas.dashes(points, canvas.theme.halo, canvas.px(6), canvas.px(4), canvas.px(4))
            canvas.dashes(points, canvas.theme.text, canvas.px(6), canvas.px(4), canvas.px(2))
            canvas.circle(points[-1], canvas.px(6), canvas.theme.halo)
            canvas.circle(points[-1], canvas.px(5), canvas.theme.text, canvas.px(2))

    def draw_selection(self, canvas: Canvas, projection: Projection, frame: Frame, figures: Figures) -> None:
        """A ring around a worker, an outline around a place."""
        chosen = frame.view.selection
        if chosen is None:
            return
        if chosen.kind == "worker":
            who = self._store.worker_of.get(chosen.name, -1)
            at = [i for i, one in enumerate(figures.who.tolist()) if one == who]
            if at:
                centre = (int(figures.x[at[0]]), int(figures.y[at[0]]))
                radius = figures.radius + canvas.px(6)
                canvas.circle(centre, radius + canvas.px(1), canvas.theme.halo, canvas.px(4))
                canvas.circle(centre, radius, canvas.theme.text, canvas.px(2))
            return
        box = self.box(chosen)
        if chosen.kind == "trailer":
            box = next(
                (truck for truck, trailer in zip(self._fixtures.trucks, frame.moment.trailers, strict=True)
                 if trailer == chosen.name), None,
            )  # fmt: skip
        if box is not None:
            rect = projection.box(*box).inflate(canvas.px(6), canvas.px(6))
            rect = rect.inflate(max(canvas.px(12) - rect.w, 0), max(canvas.px(12) - rect.h, 0))
            canvas.rect(rect.inflate(canvas.px(2), canvas.px(2)), canvas.theme.halo, canvas.px(4), canvas.px(4))
            canvas.rect(rect, canvas.theme.text, canvas.px(3), canvas.px(2))

    def _way_left(self, frame: Frame) -> list[XY]:
        chosen, workers, ways = frame.view.selection, frame.moment.workers, self._store.ways
        who = self._store.worker_of.get(chosen.name, -1) if chosen and chosen.kind == "worker" else -1
        if not 0 <= who < len(workers.way) or workers.way[who] < 0 or workers.share[who] >= 1.0:
            return []
        way, share = int(workers.way[who]), float(workers.share[who])
        ahead = [
            (float(x), float(y))
            for x, y, along in zip(ways.x[way], ways.y[way], ways.along[way], strict=True)
            if along > share
        ]
        return [(float(workers.x[who]), float(workers.y[who])), *dict.fromkeys(ahead)]

    # --- incidents --------------------------------------------------------------------------------------------

    def place(self, incident: Incident, frame: Frame) -> XY | None:
        """Where an incident is: at the device's worker, the middle of the belt, the mouth of the aisle."""
        ground, workers = self._store.ground, frame.moment.workers
        if 0 <= incident.worker < len(workers.x):
            return float(workers.x[incident.worker]), float(workers.y[incident.worker])
        if incident.name in ground.belt_of:
            line = ground.belts[ground.belt_of[incident.name]]
            return (line.start[0] + line.end[0]) / 2, (line.start[1] + line.end[1]) / 2
        if incident.name in ground.aisle_of:
            line = ground.aisles[ground.aisle_of[incident.name]]
            return (line.start[0] + line.end[0]) / 2, (line.start[1] + line.end[1]) / 2
        return ground.point(incident.name)

    def draw_incidents(self, canvas: Canvas, projection: Projection, frame: Frame, plates: list[Rect]) -> None:
        """A sign with a ring at each, and what is wrong beside the first few; what has no place stands at the head."""
        theme, side = canvas.theme, canvas.px(16)
        loose = 0
        for n, incident in enumerate(frame.moment.incidents):
            where = self.place(incident, frame)
            if incident.kind == "closed":
                self._bar(canvas, projection, incident)
            if where is None:
                at = (projection.rect.x + canvas.px(24), projection.rect.y + canvas.px(48 + 46 * loose))
                loose += 1
            else:
                at = projection.px(*where)
                if not projection.rect.collidepoint(at):
                    continue
                if incident.worker >= 0:
                    at = (at[0], at[1] - canvas.px(14))
                if frame.reduced_motion:
                    canvas.circle(at, canvas.px(15), theme.blocked, canvas.px(1))
                else:
                    pulse = math.fmod(frame.wall_s, RING_S) / RING_S
                    colour = mixed(theme.blocked, theme.background, 1 - 0.85 * pulse)
                    canvas.circle(at, canvas.px(13) + round(canvas.px(16) * pulse), colour, canvas.px(2))
            canvas.sign("triangle", at, side + canvas.px(6), theme.halo)
            canvas.sign("triangle", at, side, theme.blocked)
            canvas.text("!", (at[0], at[1] + canvas.px(2)), CAPTION, theme.halo, bold=True, align="centre")
            if n < PLATES:
                words = self.words(incident, frame)
                plates.append(self._plate(canvas, projection.rect, at, words, theme.blocked, plates))

    def _bar(self, canvas: Canvas, projection: Projection, incident: Incident) -> None:
        """A closed aisle has its lane in the colour of what is blocked."""
        ground = self._store.ground
        rect = projection.box(*lane_of(ground.aisles[ground.aisle_of[incident.name]]))
        canvas.rect(rect, canvas.theme.blocked, canvas.px(2), max(canvas.px(2), 1))

    def draw_saturated(self, canvas: Canvas, projection: Projection, frame: Frame, plates: list[Rect]) -> None:
        """A square at each place that has been saturated for five minutes; a closed aisle is an incident already."""
        theme, side = canvas.theme, canvas.px(14)
        closed = {incident.name for incident in frame.moment.incidents if incident.kind == "closed"}
        for n, one in enumerate(place for place in frame.moment.saturated if place.name not in closed):
            box = self.box(Selection(one.sort, one.name))
            if box is None:
                continue
            ground = projection.box(*box)
            if not projection.rect.collidepoint(ground.center):
                continue
            canvas.rect(ground.inflate(canvas.px(4), canvas.px(4)), theme.waiting, canvas.px(3), max(canvas.px(2), 1))
            at = ground.center
            canvas.sign("square", at, side + canvas.px(4), theme.halo)
            canvas.sign("square", at, side, theme.waiting)
            canvas.text("!", at, CAPTION, theme.halo, bold=True, align="centre")
            if n < PLATES:
                words = self.words_of_saturated(one, frame)
                plates.append(self._plate(canvas, projection.rect, at, words, theme.waiting, plates))

    def _plate(
        self, canvas: Canvas, rect: Rect, at: tuple[int, int], words: tuple[str, str], colour: Colour,
        taken: list[Rect],
    ) -> Rect:  # fmt: skip
        """What is wrong, beside its sign; a little lower where another plate stands."""
        theme = canvas.theme
        title, detail = words
        pad, line = canvas.px(8), canvas.lettering.height(BODY)
        w = max(canvas.lettering.width(title, BODY, True), canvas.lettering.width(detail, CAPTION)) + 2 * pad
        plate = Rect(
            at[0] + canvas.px(18), at[1] - canvas.px(18), w, line + canvas.lettering.height(CAPTION) + canvas.px(6)
        )
        if plate.right > rect.right:
            plate.right = at[0] - canvas.px(18)
        plate.clamp_ip(rect)
        for _ in range(PLATES):
            there = plate.collidelist(taken)
            if there < 0 or taken[there].bottom + canvas.px(2) + plate.h > rect.bottom:
                break
            plate.top = taken[there].bottom + canvas.px(2)
        canvas.rect(plate, theme.panel, canvas.px(3))
        canvas.fill(colour, Rect(plate.x, plate.y, canvas.px(3), plate.h))
        canvas.text(title, (plate.x + pad, plate.y + canvas.px(3)), BODY, theme.text, bold=True, upright="top")
        canvas.text(detail, (plate.x + pad, plate.y + canvas.px(3) + line), CAPTION, theme.text_2, upright="top")
        return plate

    def words(self, incident: Incident, frame: Frame) -> tuple[str, str]:
        """What is wrong; since when, how many wait for it, its age."""
        language, ground, moment = frame.language, self._store.ground, frame.moment
        waiting: int | None = None
        if incident.kind == "closed":
            title = say("map.closed", language, name=say("map.aisle", language, name=short(incident.name)))
            waiting = int(moment.waiting[ground.aisle_of[incident.name]])
        else:
            name = short(incident.name.removesuffix("/device"))
            title = f"{name} · {word('reason', incident.reason, language)}" if incident.reason else name
            if incident.name in ground.belt_of:
                waiting = len(moment.belts[ground.belt_of[incident.name]].shares)
        at, age = _since(incident.since_ms, frame)
        if waiting is None:
            return title, say("map.incident_alone", language, at=at, age=age)
        return title, say("map.incident", language, at=at, waiting=waiting, age=age)

    def words_of_saturated(self, one: Saturated, frame: Frame) -> tuple[str, str]:
        """What is too full; since when, how many wait there, for how long."""
        language, ground, moment = frame.language, self._store.ground, frame.moment
        if one.sort == "aisle":
            waiting = int(moment.waiting[ground.aisle_of[one.name]])
        else:
            waiting = moment.queues[ground.station_of[one.name]].waiting
        at, age = _since(one.since_ms, frame)
        name = say(f"map.{one.sort}", language, name=short(one.name))
        detail = say("map.queue", language, at=at, waiting=waiting, age=age)
        return say("map.saturated", language, name=name), detail


def _since(since_ms: int, frame: Frame) -> tuple[str, str]:
    """When it began and how long it has lasted, as written."""
    return clock(since_ms, frame.feed.title.start), lasting(max(frame.at_ms - since_ms, 0) // 1000 * 1000)
