"""Our own light widgets: drawn anew each frame through a Canvas, each leaving a spot that mouse and keys can reach.

A frame is `begin`, the drawing calls, `end`. Between frames `hear` takes the events and tells what was asked for, by
the spots of the last frame. Actions are whatever the caller gave: an `Action` of the table of keys, a tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Literal

from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll, Slide, TextEntry
from visualizer.drawing.lettering import BODY, CAPTION, LABEL, Size
from visualizer.drawing.spots import Spot, Spots
from visualizer.palette import Colour, mixed

Look = Literal["plain", "primary", "quiet"]


class Widgets(Spots):
    """Draws widgets on the canvas of the frame under way."""

    def __init__(self) -> None:
        super().__init__()
        self._canvas: Canvas | None = None

    def begin(self, canvas: Canvas) -> None:
        """Start a frame."""
        self._canvas = canvas
        self.clear()

    @property
    def canvas(self) -> Canvas:
        """The canvas of the frame under way."""
        assert self._canvas is not None, "begin() comes first"
        return self._canvas

    def ground(self, name: Hashable, plain: Colour, is_enabled: bool = True) -> Colour:
        """A ground that answers the pointer: a little nearer to the text when hot, more when pressed."""
        if not is_enabled:
            return plain
        share = 0.18 if name == self.pressed else 0.09 if name == self.hot else 0.0
        return mixed(self.canvas.theme.text, plain, share) if share else plain

    def ring(self, name: Hashable, rect: Rect, radius: int) -> None:
        """Around what has the focus."""
        if name == self.focus:
            canvas = self.canvas
            wide = canvas.px(2)
            canvas.rect(rect.inflate(2 * wide + 2, 2 * wide + 2), canvas.theme.accent, radius + wide, wide)

    def button(
        self,
        name: Hashable,
        rect: Rect,
        label: str,
        action: Any,
        *,
        look: Look = "plain",
        sign: str = "",
        key: str = "",
        tip: str = "",
        is_enabled: bool = True,
        size: Size = LABEL,
    ) -> None:
        """A button with a label, a sign or both; `key` stands at its right edge."""
        canvas, theme = self.canvas, self.canvas.theme
        radius = canvas.px(5)
        ink = theme.text if is_enabled else theme.text_3
        if look == "primary" and is_enabled:
            ink = theme.on_accent
            canvas.rect(rect, self.ground(name, theme.accent), radius)
        elif look != "quiet":
            canvas.card(
                rect, self.ground(name, theme.raised if is_enabled else theme.panel, is_enabled), theme.line, radius
            )
        elif is_enabled and name in (self.hot, self.pressed):
            canvas.rect(rect, self.ground(name, theme.panel), radius)
        side = canvas.px(13)
        pad = canvas.px(9)
        if sign and not label:
            canvas.sign(sign, rect.center, min(side, rect.h - canvas.px(8)), ink)
        else:
            room = (
                rect.w
                - 2 * pad
                - (canvas.lettering.width(key, CAPTION, True) + canvas.px(8) if key else 0)
                - (side + canvas.px(6) if sign else 0)
            )
            wide = min(canvas.lettering.width(label, size, True), room) + (side + canvas.px(6) if sign else 0)
            x = rect.x + pad if key else rect.centerx - wide // 2
            if sign:
                canvas.sign(sign, (x + side / 2, rect.centery), side, ink)
                x += side + canvas.px(6)
            canvas.text(label, (x, rect.centery), size, ink, bold=True, room=room)
        if key:
            quiet = (
                theme.on_accent if look == "primary" and is_enabled else theme.text_2 if is_enabled else theme.text_3
            )
            canvas.text(key, (rect.right - pad, rect.centery), CAPTION, quiet, bold=True, align="right")
        self.ring(name, rect, radius)
        self.spot(Spot(name, rect, action, tip, is_enabled))

    def chip(
        self,
        name: Hashable,
        corner: tuple[int, int],
        label: str,
        action: Any,
        *,
        is_on: bool = False,
        key: str = "",
        tip: str = "",
        is_enabled: bool = True,
        height: int = 22,
    ) -> Rect:
        """A round-ended switch as wide as its label; where it stands, so that the next can follow."""
        canvas, theme = self.canvas, self.canvas.theme
        pad, gap = canvas.px(10), canvas.px(5)
        key_w = canvas.lettering.width(key, BODY, True) + (gap if label else 0) if key else 0
        rect = Rect(*corner, 2 * pad + key_w + canvas.lettering.width(label, BODY), canvas.px(height))
        edge = theme.accent if is_on else theme.line
        plain = mixed(theme.accent, theme.panel, 0.16) if is_on else theme.panel
        canvas.card(rect, self.ground(name, plain, is_enabled), edge, rect.h // 2)
        ink = theme.text if is_on and is_enabled else theme.text_2 if is_enabled else theme.text_3
        if key:
            canvas.text(key, (rect.x + pad, rect.centery), BODY, theme.info if is_on else theme.text_3, bold=True)
        canvas.text(label, (rect.x + pad + key_w, rect.centery), BODY, ink)
        self.ring(name, rect, rect.h // 2)
        self.spot(Spot(name, rect, action, tip, is_enabled))
        return rect

    def slider(self, name: Hashable, rect: Rect, slide: Slide, action: Any, *, tip: str = "") -> None:
        """A value that is dragged, or moved by the arrows while in focus."""
        canvas, theme = self.canvas, self.canvas.theme
        groove = Rect(rect.x, rect.centery - canvas.px(2), rect.w, canvas.px(4))
        at = rect.x + round(slide.share * rect.w)
        canvas.rect(groove, theme.line, groove.h // 2)
        canvas.rect(Rect(groove.x, groove.y, max(at - groove.x, groove.h), groove.h), theme.accent, groove.h // 2)
        radius = canvas.px(7)
        canvas.circle((at, rect.centery), radius, self.ground(name, theme.text))
        canvas.circle((at, rect.centery), radius - canvas.px(2), theme.accent)
        self.ring(name, Rect(at - radius, rect.centery - radius, 2 * radius, 2 * radius), radius)
        self.spot(Spot(name, rect, action, tip, True, slide))

    def text_field(self, name: Hashable, rect: Rect, entry: TextEntry, action: Any, *, prompt: str = "") -> None:
        """A line to type in; Enter gives its action. The caret stays in sight."""
        canvas, theme, letters = self.canvas, self.canvas.theme, self.canvas.lettering
        is_focus = name == self.focus
        canvas.card(rect, theme.background, theme.accent if is_focus else theme.line, canvas.px(5))
        inner = rect.inflate(-2 * canvas.px(10), -2 * canvas.px(3))
        before, after = entry.text[: entry.caret], entry.text[entry.caret :]
        if not entry.text and not entry.composing:
            canvas.text(prompt, (inner.x, inner.centery), LABEL, theme.text_3, room=inner.w)
        caret_x = letters.width(before + entry.composing, LABEL)
        x = inner.x - max(caret_x - inner.w + canvas.px(2), 0)
        with canvas.clip(inner):
            if entry.all_chosen:
                chosen = Rect(x, inner.y, letters.width(entry.text, LABEL), inner.h)
                canvas.fill(mixed(theme.accent, theme.background, 0.35), chosen)
            for text, ink in ((before, theme.text), (entry.composing, theme.info), (after, theme.text)):
                drawn = canvas.text(text, (x, inner.centery), LABEL, ink)
                if text and text is entry.composing:
                    low = drawn.bottom - canvas.px(3)
                    canvas.line((x, low), (drawn.right, low), theme.info)
                x = drawn.right
            if is_focus:
                caret = inner.x + min(caret_x, inner.w - canvas.px(2))
                canvas.fill(theme.text, Rect(caret, inner.y + canvas.px(2), canvas.px(1), inner.h - 2 * canvas.px(2)))
        self.spot(Spot(name, rect, action, "", True, entry))

    def rows(
        self,
        name: Hashable,
        rect: Rect,
        scroll: Scroll,
        count: int,
        row_h: int,
        draw: Callable[[int, Rect, bool], None],
        action: Callable[[int], Any],
    ) -> None:
        """A list that scrolls: `draw(row, where, is_hot)` draws one row, `action(row)` is what pressing it means."""
        canvas, theme = self.canvas, self.canvas.theme
        shown = scroll.fit(count, rect.h // row_h)
        chosen = action(scroll.chosen) if 0 <= scroll.chosen < count else None
        self.spot(Spot(name, rect, chosen, "", True, scroll))
        bar = canvas.px(4) if count > scroll.seen else 0
        with canvas.clip(rect):
            for place, row in enumerate(shown):
                where = Rect(rect.x, rect.y + place * row_h, rect.w - 2 * bar, row_h)
                one = (name, row)
                if row == scroll.chosen and name == self.focus:
                    canvas.rect(where, mixed(theme.accent, theme.panel, 0.25), canvas.px(4))
                elif one in (self.hot, self.pressed):
                    canvas.rect(where, self.ground(one, theme.raised), canvas.px(4))
                draw(row, where, one == self.hot)
                self.spot(Spot(one, where, action(row), is_stop=False))
            if bar:
                self._bar(rect, scroll)

    def scrolling(self, name: Hashable, rect: Rect, scroll: Scroll) -> None:
        """What is drawn by somebody else and scrolls as a whole: nothing in it can be pressed."""
        self.spot(Spot(name, rect, None, "", True, scroll))
        if scroll.count > scroll.seen:
            self._bar(rect, scroll)

    def _bar(self, rect: Rect, scroll: Scroll) -> None:
        canvas = self.canvas
        bar, hidden = canvas.px(4), max(scroll.count - scroll.seen, 1)
        length = max(rect.h * scroll.seen // max(scroll.count, 1), canvas.px(16))
        top = (rect.h - length) * scroll.top // hidden
        canvas.rect(Rect(rect.right - bar, rect.y + top, bar, length), canvas.theme.line, bar // 2)
