"""Names on the map, none over another: sites and zones, aisles at the head, stations, doors, lanes, workers, SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pygame
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.lettering import CAPTION, LABEL, Size
from visualizer.mapping.decor import Decor
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.machines import briefest, short
from visualizer.mapping.people import Figures
from visualizer.palette import Colour, mixed
from visualizer.stored.ground import Ground
from visualizer.words import Language, word

LEAST_PX_PER_M = 11.0
"""From here on workers are named."""


class Labels:
    """Places names greedily: what is asked first keeps its place."""

    def __init__(self, ground: Ground, fixtures: Fixtures, decor: Decor) -> None:
        self._ground = ground
        self._fixtures = fixtures
        self._decor = decor
        self._columns = columns_of(ground)
        self._upper_mm = max((y for _, y, _, _ in self._columns), default=0.0)
        steps = [b[0] - a[0] for a, b in pairwise(self._columns) if b[0] > a[0]]
        self._long_names = [(name, min(steps, default=1e9)) for _, _, _, name in self._columns[-1:]]
        self._taken: list[Rect] = []
        self._written: list[tuple[Rect | None, pygame.Surface, tuple[int, int]]] = []
        self._is_still = False
        self._still: tuple[tuple[object, ...], list[Rect]] = ((), [])

    def still(self, canvas: Canvas, projection: Projection, language: Language, top: int, *, all_places: bool) -> None:
        """Begin a picture with the names of what never moves: placed once per camera, then written as they were."""
        theme = canvas.theme
        key = (
            theme.name, language, canvas.lettering.ui_scale, projection.px_per_mm, projection.left, projection.top,
            tuple(projection.rect), top, all_places,
        )  # fmt: skip
        if self._still[0] != key:
            self._taken, self._written, self._is_still = [], [], True
            self.heads(canvas, projection, language, top)
            if all_places:
                self.fixtures(canvas, projection)
            self._still, self._is_still = (key, self._taken), False
        else:
            plate = _plate_colour(canvas)
            for ground, picture, at in self._written:
                if ground is not None:
                    canvas.surface.fill(plate, ground)
                canvas.surface.blit(picture, at)
        self._taken = list(self._still[1])

    def keep_clear(self, taken: Iterable[Rect]) -> None:
        """From here on nothing is written over these."""
        self._taken += taken

    def heads(self, canvas: Canvas, projection: Projection, language: Language, top: int) -> None:
        """Aisles above their upper ends, and zones above them; both stay at the window's edge when it cuts them off."""
        height = canvas.lettering.height(CAPTION)
        left, right = projection.rect.left, projection.rect.right
        long = all(canvas.lettering.width(short(name), CAPTION) + canvas.px(6) < step * projection.px_per_mm
                   for name, step in self._long_names)  # fmt: skip
        for x_mm, y_mm, low_mm, name in self._columns:
            x, y = projection.px(x_mm, y_mm)
            _, low = projection.px(x_mm, low_mm)
            if left < x < right and y < projection.rect.bottom and low > top + 3 * height:
                text = name if long else briefest(name)
                at = (x, max(y - canvas.px(9), top + height * 3 // 2))
                self._put(canvas, text, at, canvas.theme.text_3, plate=at[1] > y)
        zones = self._decor.zones
        if len(zones) > 1:
            for zone in zones:
                x0, y0 = projection.px(zone.box[0], max(zone.box[3], self._upper_mm))
                x1, low = projection.px(zone.box[2], zone.box[1])
                x0, x1 = max(x0, left), min(x1, right)
                if x1 - x0 > canvas.px(24) and low > top + 3 * height:
                    text = word("zone", zone.name, language)
                    if len(self._ground.sites) > 1:
                        text = f"{zone.site} · {text}"
                    y = max(y0 - canvas.px(9) - height, top + height // 2)
                    self._put(canvas, text, ((x0 + x1) // 2, y), canvas.theme.text_2, room=x1 - x0)

    def fixtures(self, canvas: Canvas, projection: Projection) -> None:
        """Stations, lanes and doors."""
        theme, ground = canvas.theme, self._ground
        blocks = [projection.box(*box) for box in (*self._fixtures.lanes, *self._fixtures.doors)]
        for place, fixture in zip(ground.stations, self._fixtures.stations, strict=True):
            box = projection.box(*fixture.box)
            self._put(canvas, short(place.name), (box.left - canvas.px(6), box.centery), theme.text_2, align="right")
        for place, lane in zip(ground.lanes, self._fixtures.lanes, strict=True):
            box = projection.box(*lane)
            at = (box.left - canvas.px(5), box.centery)
            if not self._put(canvas, short(place.name), at, theme.text_3, align="right", clear_of=blocks):
                self._put(
                    canvas, short(place.name), (box.centerx, box.top - canvas.px(7)), theme.text_3, clear_of=blocks
                )
        for place, door in zip(ground.doors, self._fixtures.doors, strict=True):
            box = projection.box(*door)
            wide = canvas.lettering.width(short(place.name), CAPTION) <= box.w - canvas.px(6)
            text = short(place.name) if wide else briefest(place.name)
            if canvas.lettering.width(text, CAPTION) <= box.w - canvas.px(2) and box.h >= canvas.px(12):
                self._put(canvas, text, box.center, theme.text_2)
            else:
                self._put(canvas, text, (box.centerx, box.top - canvas.px(7)), theme.text_3)

    def chosen(self, canvas: Canvas, figures: Figures, who: int, name: str) -> None:
        """The name of the selected worker, whatever is beside him: above his ring, or below it at the head."""
        for one, x, y in zip(figures.who.tolist(), figures.x.tolist(), figures.y.tolist(), strict=True):
            if one == who:
                off = figures.radius + canvas.px(17)
                text = short(name)
                at = (x, y - off if y - off > canvas.surface.get_clip().top + canvas.px(8) else y + off)
                w, h = canvas.lettering.width(text, LABEL, True), canvas.lettering.height(LABEL)
                rect = Rect(at[0] - w // 2, at[1] - h // 2, w, h).inflate(canvas.px(10), canvas.px(2))
                canvas.rect(rect, mixed(canvas.theme.panel, canvas.theme.background, 0.9), canvas.px(3))
                canvas.text(text, at, LABEL, bold=True, align="centre")
                self._taken.append(rect)

    def workers(self, canvas: Canvas, figures: Figures, names: list[str], but: int = -1) -> None:
        """Names beside figures, where there is room; `but` has his already."""
        side = 2 * figures.radius + 1
        bodies = [
            Rect(x - figures.radius, y - figures.radius, side, side)
            for x, y in zip(figures.x.tolist(), figures.y.tolist(), strict=True)
        ]
        for who, x, y in zip(figures.who.tolist(), figures.x.tolist(), figures.y.tolist(), strict=True):
            if who != but:
                beside, text = figures.radius + canvas.px(5), short(names[who])
                for at, align in (((x + beside, y), "left"), ((x - beside, y), "right")):
                    if self._put(canvas, text, at, canvas.theme.text, align=align, plate=True, clear_of=bodies):
                        break

    def _put(
        self,
        canvas: Canvas,
        text: str,
        at: tuple[int, int],
        colour: Colour,
        *,
        align: str = "centre",
        size: Size = CAPTION,
        room: int | None = None,
        plate: bool = False,
        clear_of: Sequence[Rect] = (),
    ) -> bool:
        lettering = canvas.lettering
        if room is not None:
            text = lettering.cut(text, size, room)
        w, h = lettering.width(text, size), lettering.height(size)
        x = at[0] - {"left": 0, "centre": w // 2, "right": w}[align]
        rect = Rect(x, at[1] - h // 2, w, h)
        wide = rect.inflate(canvas.px(4), 0)
        if not text or wide.collidelist(self._taken) >= 0 or (clear_of and rect.collidelist(list(clear_of)) >= 0):
            return False
        self._taken.append(wide)
        picture = lettering.picture(text, size, colour)
        if plate:
            canvas.surface.fill(_plate_colour(canvas), wide)
        canvas.surface.blit(picture, (x, rect.y))
        if self._is_still:
            self._written.append((wide if plate else None, picture, (x, rect.y)))
        return True


def _plate_colour(canvas: Canvas) -> Colour:
    """Behind names that stand over something."""
    return mixed(canvas.theme.background, canvas.theme.panel, 0.5)


def column_name(aisle: str) -> str:
    """`main/A08-1` as `A08`, for all blocks of a column; `aisle-1`, which has no number before its dash, stays."""
    name = short(aisle)
    column = name.partition("-")[0]
    return column if any(letter.isdigit() for letter in column) else name


def columns_of(ground: Ground) -> list[tuple[float, float, float, str]]:
    """One name for each column of aisles: x, its upper and lower end, name; aisles lengthwise at their left ends."""
    found: dict[float, tuple[float, float, float, str]] = {}
    lengthwise: list[tuple[float, float, float, str]] = []
    for line in sorted(ground.aisles, key=lambda a: -max(a.start[1], a.end[1])):
        name = column_name(line.name)
        low, high = sorted((line.start[1], line.end[1]))
        if high - low >= abs(line.end[0] - line.start[0]):
            x = line.start[0] if line.start[1] > line.end[1] else line.end[0]
            upper = found.get(x, (x, high, low, name))
            found[x] = (x, upper[1], min(upper[2], low), upper[3])
        else:
            lengthwise.append((*min(line.start, line.end), low, name))
    return sorted([*found.values(), *lengthwise])
