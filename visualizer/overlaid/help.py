"""The list of keys and mouse, from the table that drives the window."""

from __future__ import annotations

from pygame import Rect

from visualizer.controlling.keys import BINDINGS, Action, Binding, Group
from visualizer.drawing.entries import Scroll
from visualizer.drawing.lettering import BODY, TITLE
from visualizer.drawing.overlays import frame, key_cap
from visualizer.drawing.widgets import Widgets
from visualizer.places import Places
from visualizer.words import CATALOGUE, Language, say

LINE_H, HEAD_H = 22, 30
COLUMN_W = 320


class Help:
    """An overlay."""

    name = "help"

    def __init__(self) -> None:
        self.scroll = Scroll()

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen, in as many columns as fit."""
        canvas = widgets.canvas
        inside = frame(widgets, places["help"], say("keys.title", language), close=Action.CLOSE)
        columns = max(inside.w // canvas.px(COLUMN_W), 1)
        groups = list(dict.fromkeys(b.group for b in BINDINGS))
        stacks = _stacked(groups, columns)
        wide = inside.w // columns
        step = canvas.px(LINE_H)
        highest = max(sum(_height(g) for g in stack) for stack in stacks)
        seen = max(inside.h // step, 1)
        self.scroll.fit(-(-canvas.px(highest) // step), seen)
        offset = self.scroll.top * step
        with canvas.clip(inside):
            for n, stack in enumerate(stacks):
                y = inside.y - offset
                for group in stack:
                    where = Rect(inside.x + n * wide, y, wide - canvas.px(18), canvas.px(_height(group)))
                    self._group(widgets, where, group, language)
                    y += where.h
        widgets.scrolling("help.scroll", inside, self.scroll)

    def _group(self, widgets: Widgets, where: Rect, group: Group, language: Language) -> None:
        canvas = widgets.canvas
        canvas.text(say(f"group.{group}", language), (where.x, where.y + canvas.px(12)), TITLE, bold=True)
        for n, binding in enumerate(b for b in BINDINGS if b.group == group):
            line = Rect(where.x, where.y + canvas.px(HEAD_H - 4 + n * LINE_H), where.w, canvas.px(LINE_H))
            self._line(widgets, line, binding, language)

    def _line(self, widgets: Widgets, where: Rect, binding: Binding, language: Language) -> None:
        canvas, theme = widgets.canvas, widgets.canvas.theme
        x = where.x
        if binding.mouse:
            x = canvas.text(say(binding.mouse, language), (x, where.centery), BODY, theme.info).right
        for chord in binding.chords:
            x = key_cap(widgets, (x, where.centery - canvas.px(9)), _said(chord, language)).right + canvas.px(4)
        left = max(where.x + canvas.px(118), x + canvas.px(8))
        canvas.text(say(f"help.{binding.action}", language), (left, where.centery), BODY, theme.text_2,
                    room=where.right - left)  # fmt: skip

    def hear(self, event: object) -> bool:
        """Nothing beside the wheel."""
        return False


def _said(chord: str, language: Language) -> str:
    """A chord with its named keys in words."""
    parts = chord.split("+") if chord not in ("+",) and not chord.endswith("++") else [chord]
    named = [say(f"key.{p.lower()}", language) if f"key.{p.lower()}" in CATALOGUE else p for p in parts]
    return "+".join(named)


def _height(group: Group) -> int:
    return HEAD_H + LINE_H * sum(b.group == group for b in BINDINGS) + 10


def _stacked(groups: list[Group], columns: int) -> list[list[Group]]:
    """Groups in their order over the columns, so that the highest column is low."""
    limit = max(_height(g) for g in groups)
    while True:
        stacks: list[list[Group]] = [[]]
        for group in groups:
            if stacks[-1] and sum(map(_height, stacks[-1])) + _height(group) > limit:
                stacks.append([])
            stacks[-1].append(group)
        if len(stacks) <= columns:
            return stacks
        limit += LINE_H
