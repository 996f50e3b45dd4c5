"""Draws the blocks of an inspector's page from top to bottom, and says where a click means something."""

from __future__ import annotations

from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Hit
from visualizer.drawing.lettering import BODY, CAPTION, TITLE
from visualizer.inspecting.blocks import (
    Ask,
    Block,
    Decision,
    Event,
    Gap,
    Heading,
    Note,
    Part,
    Parts,
    Row,
    Section,
    Strip,
    Table,
)  # fmt: skip
from visualizer.palette import Colour, State, mixed

PAD = 18
LABEL_W = 92
ROW_H = 19
_HEIGHT = {Heading: 46, Row: ROW_H, Section: 27, Strip: 50, Event: 18, Gap: 18, Note: 22, Ask: 22}
"""At scale 1; the others depend on how much they hold."""


def height(block: Block) -> int:
    """How high a block stands, at scale 1."""
    if isinstance(block, Parts):
        return 46 + 16 * ((len(block.parts) + 1) // 2)
    if isinstance(block, Table):
        return 20 + 18 * len(block.rows) + 4
    if isinstance(block, Decision):
        return 35 + 15 * len(block.others)
    return _HEIGHT[type(block)]


class Painter:
    """Draws on one canvas within a rectangle; what lies outside is left out."""

    def __init__(self, canvas: Canvas, rect: Rect, offset: int) -> None:
        self.canvas, self.theme, self.rect = canvas, canvas.theme, rect
        self.y = rect.y - offset
        self.hits: list[Hit] = []

    def draw(self, blocks: list[Block]) -> list[Hit]:
        """All blocks; the hits of those in sight."""
        canvas = self.canvas
        with canvas.clip(self.rect):
            for block in blocks:
                high = canvas.px(height(block))
                if self.y + high > self.rect.y and self.y < self.rect.bottom:
                    where = Rect(self.rect.x + canvas.px(PAD), self.y, self.rect.w - 2 * canvas.px(PAD), high)
                    self._block(block, where)
                self.y += high
        return self.hits

    def hit(self, rect: Rect, action: str, argument: object, tip: str | None = None) -> None:
        """A place to click, as far as it is in sight."""
        seen = rect.clip(self.rect)
        if seen.h > 3:
            self.hits.append(Hit(seen, action, argument, tip))

    def _block(self, block: Block, where: Rect) -> None:
        if isinstance(block, Heading):
            self._heading(block, where)
        elif isinstance(block, Row):
            self._row(block, where)
        elif isinstance(block, Section):
            self._section(block, where)
        elif isinstance(block, Strip):
            self._strip(block, where)
        elif isinstance(block, Parts):
            self._parts(block, where)
        elif isinstance(block, Table):
            self._table(block, where)
        elif isinstance(block, Event):
            self._event(block, where)
        elif isinstance(block, Decision):
            self._decision(block, where)
        elif isinstance(block, Ask):
            self.canvas.text(block.text, (where.x, where.centery), BODY, self.theme.info, room=where.w)
            self.hit(where, block.action, block.argument, block.text)
        elif isinstance(block, Note):
            ink = self.theme.tone(block.tone)
            self.canvas.text(block.text, (where.x, where.centery), BODY, ink, room=where.w)

    def _heading(self, block: Heading, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        side = canvas.px(13)
        ink = theme.state(block.state) if block.state else theme.tone(block.tone)
        sign = f"{block.sign}_hollow" if block.state == "break" and block.sign in ("circle", "square") else block.sign
        first = where.y + canvas.px(14)
        canvas.sign(sign, (where.x + side / 2, first), side, ink)
        room = where.w - canvas.px(22)
        if block.pill:
            room -= self._pill(block, where.right, first) + canvas.px(8)
        canvas.text(block.name, (where.x + canvas.px(22), first), TITLE, bold=True, room=room)
        canvas.text(block.below, (where.x + canvas.px(22), first + canvas.px(20)), BODY, theme.text_2,
                    room=where.w - canvas.px(22))  # fmt: skip

    def _pill(self, block: Heading, right: int, middle: int) -> int:
        canvas, theme = self.canvas, self.theme
        ink = theme.tone(block.tone)
        text = canvas.lettering.cut(block.pill, BODY, canvas.px(150), True)
        wide = canvas.lettering.width(text, BODY, True) + 2 * canvas.px(11)
        rect = Rect(right - wide, middle - canvas.px(11), wide, canvas.px(22))
        canvas.card(rect, mixed(ink, theme.panel, 0.12), ink, rect.h // 2)
        canvas.text(text, rect.center, BODY, ink, bold=True, align="centre")
        return wide

    def _row(self, block: Row, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        canvas.text(block.label, (where.x, where.centery), BODY, theme.text_3, room=canvas.px(LABEL_W - 6))
        room = where.w - canvas.px(LABEL_W)
        at = canvas.text(block.value, (where.x + canvas.px(LABEL_W), where.centery), BODY, theme.tone(block.tone),
                         room=room)  # fmt: skip
        if block.link is not None or block.at_ms is not None:
            low = at.bottom - canvas.px(2)
            canvas.line((at.x, low), (at.right, low), mixed(theme.tone(block.tone), theme.panel, 0.35))
            self._link(at, block)

    def _link(self, at: Rect, block: Row) -> None:
        if block.link is not None:
            self.hit(at, "select", block.link)
        else:
            self.hit(at, "seek", block.at_ms)

    def _section(self, block: Section, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        middle = where.bottom - canvas.px(10)
        canvas.fill(theme.line, Rect(where.x, where.y + canvas.px(5), where.w, canvas.px(1)))
        canvas.text(block.title, (where.x, middle), BODY, theme.text_2, bold=True, room=where.w - canvas.px(60))
        canvas.text(block.right, (where.right, middle), CAPTION, theme.text_3, align="right")

    def _strip(self, block: Strip, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        canvas.text(block.label, (where.x, where.y + canvas.px(9)), CAPTION, theme.text_3)
        bar = Rect(where.x, where.y + canvas.px(18), where.w, canvas.px(11))
        canvas.rect(bar, theme.raised, canvas.px(2))
        x = float(bar.x)
        gap = canvas.px(1)
        for share, state in block.pieces:
            wide = share * bar.w
            if state is not None:
                left, right = round(x), round(x + wide)
                ink = theme.state(state)
                piece = Rect(left, bar.y, max(right - left - gap, 1), bar.h)
                if state == "break":
                    canvas.rect(piece, ink, 0, 1)
                else:
                    canvas.fill(ink, piece)
            x += wide
        x_ = where.x
        for state_, label in block.legend:
            dot = canvas.px(8)
            canvas.sign("circle", (x_ + dot / 2, where.y + canvas.px(40)), dot, theme.state(state_))
            at = canvas.text(label, (x_ + canvas.px(12), where.y + canvas.px(40)), CAPTION, theme.text_2)
            x_ = at.right + canvas.px(14)

    def _parts(self, block: Parts, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        middle = where.y + canvas.px(11)
        canvas.text(block.label, (where.x, middle), BODY, theme.text_2, bold=True)
        canvas.text(block.whole, (where.right, middle), BODY, theme.text, bold=True, align="right")
        bar = Rect(where.x, where.y + canvas.px(23), where.w, canvas.px(13))
        x = float(bar.x)
        for part in block.parts:
            left, right = round(x), round(x + part.share * bar.w)
            if right > left:
                piece = Rect(left, bar.y, max(right - left - canvas.px(1), 1), bar.h)
                canvas.fill(self._part_ink(part), piece)
                self.hit(piece, "", None, f"{part.label}: {part.value}")
            x += part.share * bar.w
        half = where.w // 2
        top = where.y + canvas.px(42)
        down = (len(block.parts) + 1) // 2
        for n, part in enumerate(block.parts):
            column, line = divmod(n, down)
            left = where.x + column * (half + canvas.px(6))
            wide = half - canvas.px(6)
            y = top + line * canvas.px(16) + canvas.px(8)
            dot = canvas.px(8)
            canvas.sign("square", (left + dot / 2, y), dot, self._part_ink(part))
            value_w = canvas.lettering.width(part.value, CAPTION)
            ink, label_ink = (theme.warning, theme.warning) if part.is_marked else (theme.text, theme.text_2)
            canvas.text(part.value, (left + wide, y), CAPTION, ink, align="right")
            canvas.text(part.label, (left + canvas.px(12), y), CAPTION, label_ink,
                        room=wide - canvas.px(18) - value_w)  # fmt: skip

    def _part_ink(self, part: Part) -> Colour:
        state: State = "waiting" if part.is_wait else "working"
        return self.theme.state(state)

    def _table(self, block: Table, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        right = [all(_is_number(row[c].text) for row in block.rows) for c in range(len(block.heads))]
        x = float(where.x)
        spans: list[tuple[int, int]] = []
        for share in block.widths:
            spans.append((round(x), round(x + share * where.w)))
            x += share * where.w
        y = where.y + canvas.px(10)
        for (left, end), head, is_right in zip(spans, block.heads, right, strict=True):
            self._cell(head, left, end, y, theme.text_3, is_right)
        for n, row in enumerate(block.rows):
            y = where.y + canvas.px(20 + 18 * n + 9)
            link = block.links[n] if n < len(block.links) else None
            if link is not None:
                self.hit(Rect(where.x, y - canvas.px(9), where.w, canvas.px(18)), "select", link)
            for (left, end), cell, is_right in zip(spans, row, right, strict=True):
                self._cell(cell.text, left, end, y, theme.tone(cell.tone), is_right)

    def _cell(self, text: str, left: int, end: int, y: int, ink: Colour, is_right: bool) -> None:
        room = end - left - self.canvas.px(6)
        if is_right:
            self.canvas.text(text, (end - self.canvas.px(6), y), BODY, ink, align="right", room=room)
        else:
            self.canvas.text(text, (left, y), BODY, ink, room=room)

    def _event(self, block: Event, where: Rect) -> None:
        event_line(self.canvas, where, block)
        self.hit(where, "event", block.told.seq, f"{block.told.title} · {block.told.about}")

    def _decision(self, block: Decision, where: Rect) -> None:
        canvas, theme = self.canvas, self.theme
        y = where.y + canvas.px(9)
        canvas.text(block.clock, (where.x, y), CAPTION, theme.text_3)
        canvas.sign("diamond", (where.x + canvas.px(60), y), canvas.px(9), theme.info)
        left = where.x + canvas.px(70)
        end = canvas.text(block.family, (left, y), BODY, bold=True).right
        canvas.text(block.out_of, (where.right, y), CAPTION, theme.text_3, align="right",
                    room=where.right - end - canvas.px(8))  # fmt: skip
        y += canvas.px(16)
        canvas.text(block.chose, (left, y), BODY, theme.text_2, room=where.right - left)
        for choice, score in block.others:
            y += canvas.px(15)
            end = canvas.text(choice, (left + canvas.px(8), y), CAPTION, theme.text_3, room=canvas.px(190)).right
            canvas.text(score, (end + canvas.px(8), y), CAPTION, theme.text_3, room=where.right - end - canvas.px(8))
        self.hit(where, "event", block.seq)


def event_line(canvas: Canvas, where: Rect, block: Event) -> None:
    """An event in one line: its time, a dot, its kind and what it is about."""
    theme, told, middle = canvas.theme, block.told, where.centery
    canvas.text(block.clock, (where.x, middle), CAPTION, theme.text_3)
    dot = canvas.px(7)
    marked = told.tone not in ("text_2", "text_3")
    ink = theme.tone(told.tone) if marked else theme.text_3
    canvas.sign("circle", (where.x + canvas.px(60), middle), dot if marked else canvas.px(5), ink)
    left = where.x + canvas.px(70)
    end = canvas.text(told.title, (left, middle), BODY, theme.text, room=where.right - left).right
    room = where.right - end - canvas.px(8)
    if room > canvas.px(24):
        canvas.text(told.about, (end + canvas.px(8), middle), BODY, theme.text_2, room=room)


def _is_number(text: str) -> bool:
    return not text or text.lstrip("\N{MINUS SIGN}+").replace("\N{NO-BREAK SPACE}", "").isdigit()
