"""Every widget, sign and size of type on one page: for the tests, and to be looked at (`python gallery.py FOLDER`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")

import pygame
from pygame import Rect

from visualizer.controlling.keys import Action
from visualizer.drawing import overlays
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll, Slide, TextEntry
from visualizer.drawing.lettering import BODY, CAPTION, CLOCK, LABEL, SIZES, VALUE, Lettering
from visualizer.drawing.signs import SIGNS
from visualizer.drawing.widgets import Widgets
from visualizer.palette import STATES, THEMES, is_hollow
from visualizer.places import lay_out
from visualizer.words import Language, say, word

SIZE = (1240, 900)
KINDS = ("OrderReceived", "LinePicked", "WorkerBlocked", "PolicyDecided", "EquipmentFailed", "CartonClosed", "SlipMade")


class Gallery:
    """Keeps what a person sets."""

    def __init__(self) -> None:
        self.find, self.speed, self.kinds = TextEntry(), Slide(60, 0, 300, 10), Scroll(chosen=2)
        self.empty = TextEntry()
        self.find.put("A08-03")

    def draw(self, widgets: Widgets, canvas: Canvas, language: Language) -> None:
        """The page."""
        widgets.begin(canvas)
        px, theme = canvas.px, canvas.theme
        canvas.fill(theme.background)
        y = px(20)
        for size in reversed(SIZES):
            left = canvas.text("10:45:41  1 284  −2.2%", (px(20), y), size, upright="top", bold=size >= VALUE)
            canvas.text(say("layer.2", language), (left.right + px(20), y), size, theme.text_2, upright="top")
            y += canvas.lettering.height(size)
        for n, tone in enumerate(("text", "text_2", "text_3", "good", "info", "warning", "bad")):
            canvas.text(tone.replace("_", " "), (px(20 + 62 * n), y + px(10)), BODY, theme.tone(tone))  # type: ignore[arg-type]
        self._signs(canvas, Rect(px(20), y + px(30), px(480), px(110)))
        y += px(145)
        for n, state in enumerate((*STATES, "break")):
            x = px(20 + 80 * n)
            name = "circle_hollow" if is_hollow(state) else ("circle", "square", "triangle")[n % 3]  # type: ignore[arg-type]
            canvas.sign(name, (x + px(6), y), px(12), theme.state(state))  # type: ignore[arg-type]
            canvas.text(word("state", state, language), (x + px(18), y), BODY, theme.text_2)
        self._ramps(canvas, Rect(px(20), y + px(16), px(480), px(58)))
        self._buttons(widgets, canvas, language, y + px(90))
        self._fields(widgets, canvas, language)
        widgets.end()

    def _signs(self, canvas: Canvas, rect: Rect) -> None:
        step = canvas.px(32)
        for n, name in enumerate(SIGNS):
            across, down = n % 14, n // 14
            centre = (rect.x + step * across + step // 2, rect.y + step * down + step // 2)
            canvas.sign(name, centre, canvas.px(18 if down else 14), canvas.theme.text)

    def _ramps(self, canvas: Canvas, rect: Rect) -> None:
        from visualizer.palette import heat_table

        theme, px = canvas.theme, canvas.px
        for n, colour in enumerate(theme.fill):
            canvas.fill(colour, Rect(rect.x + px(26) * n, rect.y, px(24), px(16)))
        for n, colour in enumerate((theme.abc_a, theme.abc_b, theme.abc_c, theme.abc_none, *theme.temperature)):
            canvas.fill(colour, Rect(rect.x + px(150 + 26 * n), rect.y, px(24), px(16)))
        for n, row in enumerate(heat_table(theme.name)):
            canvas.fill(tuple(int(c) for c in row), Rect(rect.x + n, rect.y + px(24), 1, px(12)))  # type: ignore[arg-type]
        points = [(rect.x + px(10 * n), rect.y + px(50) - (n * 37 % 23) / 2) for n in range(30)]
        canvas.polyline(points, theme.moving, 1, smooth=True)
        canvas.dashes([(rect.x, rect.y + px(54)), (rect.x + px(290), rect.y + px(54))], theme.text_3)

    def _buttons(self, widgets: Widgets, canvas: Canvas, language: Language, y: int) -> None:
        px = canvas.px
        x = px(20)
        for n in range(1, 7):
            at = widgets.chip(f"layer{n}", (x, y), say(f"layer.{n}", language), ("layer", n), is_on=n < 4, key=str(n))
            x = at.right + px(8)
        y += px(36)
        labels = (
            say("help.first_difference", language),
            say("dialog.continue", language),
            say("order.add_workers", language),
        )
        for n, (label, key) in enumerate(zip(labels, "QER", strict=True)):
            where = Rect(px(20 + 190 * n), y, px(180), px(32))
            widgets.button(
                f"choice{n}", where, label, n, look="primary" if n == 0 else "plain", key=key, is_enabled=n < 2
            )
        y += px(44)
        for n, sign in enumerate(("step_back", "play", "step", "fastest", "find", "close")):
            where = Rect(px(20 + 36 * n), y, px(30), px(28))
            widgets.button(("sign", sign), where, "", sign, sign=sign, look="plain" if n != 1 else "primary", tip=sign)
        widgets.button(
            "both", Rect(px(250), y, px(150), px(28)), say("find.title", language), Action.FIND, sign="find", key="/"
        )
        y += px(42)
        x = px(20)
        for n, (badge, is_live) in enumerate(
            (("live", True), ("review", False), ("replay", False), ("training", False))
        ):
            overlays.badge(
                widgets, Rect(x + px(100) * n, y, px(78), px(22)), say(f"badge.{badge}", language), is_live=is_live
            )
        y += px(34)
        for action in ("play_pause", "follow", "picture", "video"):
            cap = overlays.key_cap(
                widgets, (x, y), {"play_pause": say("key.Space", language)}.get(action, action[0].upper())
            )
            x = canvas.text(
                say(f"hint.{action}", language), (cap.right + px(6), cap.centery), CAPTION, canvas.theme.text_3
            ).right + px(16)

    def _fields(self, widgets: Widgets, canvas: Canvas, language: Language) -> None:
        px, theme = canvas.px, canvas.theme
        panel = Rect(px(620), px(20), px(600), px(330))
        canvas.card(panel, theme.panel, theme.line)
        widgets.text_field(
            "find",
            Rect(panel.x + px(16), panel.y + px(16), px(270), px(30)),
            self.find,
            "find",
            prompt=say("find.prompt", language),
        )
        widgets.text_field(
            "empty",
            Rect(panel.x + px(310), panel.y + px(16), px(270), px(30)),
            self.empty,
            "find",
            prompt=say("find.prompt", language),
        )
        widgets.slider("speed", Rect(panel.x + px(24), panel.y + px(62), px(250), px(20)), self.speed, "speed")
        canvas.text(
            say("top.holding", language, speed=300, held=212),
            (panel.x + px(310), panel.y + px(72)),
            CAPTION,
            theme.text_2,
        )

        def row(n: int, where: Rect, is_hot: bool) -> None:
            canvas.text(
                word("event", KINDS[n % 7], language), (where.x + px(8), where.centery), LABEL, room=where.w - px(60)
            )
            canvas.text(f"10:{n:02}", (where.right - px(8), where.centery), BODY, theme.text_3, align="right")

        widgets.rows(
            "kinds",
            Rect(panel.x + px(16), panel.y + px(96), px(270), px(220)),
            self.kinds,
            40,
            px(24),
            row,
            lambda n: ("row", n),
        )
        canvas.text("72", (panel.x + px(340), panel.y + px(130)), CLOCK, bold=True)
        canvas.circle((panel.x + px(355), panel.y + px(190)), px(30), theme.raised, px(6))
        sentence = say(
            "error.feed",
            language,
            why=say("compare.not_comparable", language, seq=1288, kind=word("event", "LinePicked", language)),
        )
        canvas.lines(sentence, Rect(panel.x + px(420), panel.y + px(110), px(160), px(180)), LABEL, theme.bad)
        overlays.bubble(
            widgets,
            say("map.incident", language, at="10:42:10", waiting=6, age="03:31"),
            (panel.x + px(310), panel.bottom - px(60)),
        )
        overlays.toast(
            widgets,
            Rect(px(640), px(364), px(520), px(34)),
            say("toast.picture", language, path="shots/10-45-41.png"),
            "good",
        )
        box = Rect(px(620), px(420), px(600), px(220))
        canvas.card(box, theme.panel, theme.line, px(9))
        overlays.buttons(
            widgets,
            Rect(box.x + px(20), box.bottom - px(48), box.w - px(40), px(32)),
            [
                overlays.Choice(say("dialog.cancel", language), "no"),
                overlays.Choice(say("break.set", language), "yes", "primary", "Enter"),
            ],
        )
        canvas.text(say("break.title", language), (box.x + px(20), box.y + px(24)), 15, bold=True)


def picture(theme: str, language: Language, scale: float = 1.0, dialog: bool = False) -> pygame.Surface:
    """The page as a surface."""
    pygame.display.init()
    size = (round(SIZE[0] * scale), round(660 * scale))
    surface = pygame.display.set_mode(size)
    canvas = Canvas(surface, THEMES[theme], Lettering(scale))  # type: ignore[index]
    widgets, gallery = Widgets(), Gallery()
    gallery.draw(widgets, canvas, language)
    widgets.focus_on("find")
    widgets.pointer = (round(300 * scale), round(495 * scale))
    gallery.draw(widgets, canvas, language)
    gallery.draw(widgets, canvas, language)
    if dialog:
        widgets.begin(canvas)
        place = lay_out(size, scale)["dialog"]
        overlays.dialog(
            widgets,
            place,
            say("error.title", language),
            say("error.open", language, path="runs/夜班-0421", why="no such file"),
            [
                overlays.Choice(say("dialog.close", language), 1),
                overlays.Choice(say("dialog.retry", language), 2, "primary", "Enter"),
            ],
        )
    return surface


if __name__ == "__main__":
    for name in THEMES:
        for tongue in ("en", "zh"):
            pygame.image.save(picture(name, tongue), str(Path(sys.argv[1]) / f"gallery_{name}_{tongue}.png"))
    pygame.image.save(picture("dark", "zh", 1.5, True), str(Path(sys.argv[1]) / "gallery_scaled.png"))
