"""Along the map's foot: a chip for each layer and for what it shows, and the legend of what is coloured."""

from __future__ import annotations

import numpy as np
import pygame
from pygame import Rect

from visualizer.controlling.keys import Action, hint
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.mapping.heat import Field
from visualizer.mapping.shading import FILL_BOUNDS, Shading, colours
from visualizer.palette import heat_alpha, heat_table, mixed
from visualizer.view import LAYERS
from visualizer.words import Language, say, word

CHIP_H, LEGEND_W, LEGEND_H = 22, 232, 24
BAR_W, BAR_H = 88, 8
WINDOWS = {300_000: "heat.window_5", 1_800_000: "heat.window_30", 0: "heat.window_shift"}
COLOURINGS = {"fill": "colour.fill", "abc": "colour.abc", "storage": "colour.temperature", "picks": "colour.heat"}


class Foot:
    """`made` counts pictures drawn anew."""

    def __init__(self) -> None:
        self.made = 0
        self._bars: dict[tuple[object, ...], pygame.Surface] = {}

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame, shading: Shading | None, field: Field | None) -> list[Hit]:
        """Chips from the left, the legend on the right of the map's `rect`."""
        legend = Rect(0, 0, canvas.px(LEGEND_W), canvas.px(LEGEND_H))
        legend.bottomright = (rect.right - canvas.px(10), rect.bottom - canvas.px(6))
        if legend.x < rect.x + rect.w // 2:
            legend.w = 0
        hits = self._chips(canvas, rect, frame, (legend.x if legend.w else rect.right) - canvas.px(8))
        if legend.w:
            if field is not None:
                self._heat_legend(canvas, legend, frame, field)
            elif shading is not None:
                self._shading_legend(canvas, legend, frame.language, shading)
        return hits

    # --- chips ------------------------------------------------------------------------------------------------

    def _chips(self, canvas: Canvas, rect: Rect, frame: Frame, right: int) -> list[Hit]:
        view, language = frame.view, frame.language
        x, y = rect.x + canvas.px(14), rect.bottom - canvas.px(28)
        hits: list[Hit] = []
        chips = [
            (Action(f"layer_{n}"), str(n), say(f"layer.{n}", language), layer in view.layers)
            for n, layer in enumerate(LAYERS, 1)
        ]
        options = self._options(frame)
        if x + sum(self._width(canvas, sign, text) for _, sign, text, _ in [*chips, *options]) > right:
            chips = [(action, sign, "", on) for action, sign, _, on in chips]
        for action, sign, text, on in [*chips, *options]:
            x = self._chip(canvas, (x, y), right, action, sign, text, on, language, hits)
        return hits

    def _width(self, canvas: Canvas, sign: str, text: str) -> int:
        letters = canvas.lettering
        return letters.width(sign, BODY, True) + letters.width(text, BODY) + canvas.px(32 if sign else 27)

    def _options(self, frame: Frame) -> list[tuple[Action, str, str, bool | None]]:
        """What the layers that are on can be asked for; None: neither on nor off."""
        view, language = frame.view, frame.language
        found: list[tuple[Action, str, str, bool | None]] = []
        if "heat" in view.layers:
            role = (
                say("heat.all_movers", language) if view.heat_role is None else word("role", view.heat_role, language)
            )
            found += [
                (Action.HEAT_MODE, "", say(f"heat.{view.heat}", language), None),
                (Action.HEAT_WINDOW, "", say(WINDOWS.get(view.heat_window_ms, "heat.window_marked"), language), None),
                (Action.HEAT_MOVERS, "", role, None),
            ]
        elif "abc" in view.layers:
            by = say("abc.by_picks" if view.abc_by == "picks" else "abc.as_slotted", language)
            found.append((Action.LOCATION_COLOUR, "", by, None))
        elif "locations" in view.layers:
            found.append((Action.LOCATION_COLOUR, "", say(COLOURINGS[view.colouring], language), None))
            if view.colouring == "fill" and view.sees_floor:
                found.append((Action.BOOK_OR_FLOOR, "", say(f"side.{view.stock_side}", language), None))
        return found

    def _chip(
        self, canvas: Canvas, at: tuple[int, int], right: int, action: Action, sign: str, text: str, on: bool | None,
        language: Language, hits: list[Hit],
    ) -> int:  # fmt: skip
        theme, letters, pad = canvas.theme, canvas.lettering, canvas.px(10)
        sign_w = letters.width(sign, BODY, True) + (canvas.px(5) if text else 0) if sign else 0
        box = Rect(at[0], at[1], sign_w + letters.width(text, BODY) + 2 * pad, canvas.px(CHIP_H))
        if box.right > right:
            return at[0]
        edge, ground, colour = theme.line, theme.panel, theme.text_2
        if on:
            edge, ground, colour = theme.accent, mixed(theme.accent, theme.panel, 0.16), theme.text
        elif on is False:
            edge, ground, colour = theme.raised, theme.raised, theme.text_3
        canvas.card(box, ground, edge, box.h // 2)
        if sign:
            canvas.text(sign, (box.x + pad, box.centery), BODY, theme.info if on else colour, bold=True)
        canvas.text(text, (box.x + pad + sign_w, box.centery), BODY, colour)
        hits.append(Hit(box, str(action), None, f"{say(f'help.{action}', language)} · {hint(action)}"))
        return box.right + canvas.px(7)

    # --- legends ----------------------------------------------------------------------------------------------

    def _heat_legend(self, canvas: Canvas, box: Rect, frame: Frame, field: Field) -> None:
        theme, language = canvas.theme, frame.language
        canvas.card(box, theme.panel, theme.line, canvas.px(4))
        unit = say(f"heat.unit_{frame.view.heat}", language)
        most = say("legend.max", language, value=f"{field.top:g}")
        bar = self._heat_bar(canvas)
        x = box.right - canvas.px(8) - canvas.lettering.width(most, CAPTION)
        canvas.text(most, (x, box.centery), CAPTION, theme.text_2)
        x -= bar.get_width() + canvas.px(5)
        canvas.surface.blit(bar, (x, box.centery - bar.get_height() // 2))
        canvas.text("0", (x - canvas.px(5), box.centery), CAPTION, theme.text_2, align="right")
        canvas.text(unit, (box.x + canvas.px(8), box.centery), CAPTION, theme.text_2, room=x - box.x - canvas.px(22))

    def _heat_bar(self, canvas: Canvas) -> pygame.Surface:
        """The colours as they lie on the floor: clear below 12 %."""
        key = (canvas.theme.name, canvas.lettering.ui_scale)
        if key not in self._bars:
            self.made += 1
            w, h = canvas.px(BAR_W), canvas.px(BAR_H)
            bar = pygame.Surface((w, h), 0, 32)
            steps = np.linspace(0, 255, w).astype(int).tolist()
            for x, step in enumerate(steps):
                r, g, b = heat_table(canvas.theme.name)[step].tolist()
                bar.fill(mixed((r, g, b), canvas.theme.background, heat_alpha()[step] / 255), (x, 0, 1, h))
            self._bars[key] = bar
        return self._bars[key]

    def _shading_legend(self, canvas: Canvas, box: Rect, language: Language, shading: Shading) -> None:
        theme = canvas.theme
        shades = colours(shading.colouring, theme)
        texts = _texts(shading, language)
        side, gap = canvas.px(11), canvas.px(3)
        letters = canvas.lettering
        parts = [(shade, text) for shade, text in zip(shades, texts, strict=False)]  # what is no class is not named
        width = sum(side + gap + (letters.width(t, CAPTION) + canvas.px(7) if t else 0) for _, t in parts)
        box = Rect(box.right - min(width + canvas.px(10), box.w), box.y, min(width + canvas.px(10), box.w), box.h)
        canvas.card(box, theme.panel, theme.line, canvas.px(4))
        x = box.x + canvas.px(8)
        for shade, text in parts:
            swatch = Rect(x, box.centery - side // 2, side, side)
            canvas.fill(theme.line, swatch)
            canvas.fill(shade, swatch.inflate(-2, -2))
            x += side + gap
            if text:
                x = canvas.text(text, (x + canvas.px(1), box.centery), CAPTION, theme.text_2).right + canvas.px(6)


def _texts(shading: Shading, language: Language) -> list[str]:
    """What stands beside each colour of a shading."""
    match shading.colouring:
        case "abc":
            return [say(f"legend.{key}", language) for key in ("none", "c", "b", "a")]
        case "storage":
            return [say(f"temperature.{t}", language) for t in ("ambient", "chilled", "frozen")]
        case "difference":
            return ["=", "", "", say("legend.less", language), "", "", say("legend.more", language)]
        case "picks":
            return ["0", "", "", "", "", say("legend.most", language)]
    return ["0", *(f"{bound * 100:g}" for bound in FILL_BOUNDS), "100 %"]
