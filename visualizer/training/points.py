"""The head of the training panel: the dial of the points so far, the four parts, and how far both can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import BODY, CAPTION, VALUE
from visualizer.drawing.written import clock
from visualizer.palette import Colour
from visualizer.training.exercise import PARTS, ScoredPart, SoFar, Verdict
from visualizer.training.telling import figure
from visualizer.words import Language, say

DIAL, PARTS_H, NOTE_H = 64, 68, 18
HEAD_H = PARTS_H + NOTE_H
FIGURE_RIGHT, POINTS_W = 52, 48


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the score: the last that came, the verdict after the end, or why there is none."""

    so_far: SoFar | None
    verdict: Verdict | None
    trouble: str
    is_over: bool
    has_reference: bool
    sees_floor: bool
    pass_mark: float

    @property
    def score(self) -> tuple[float | None, float]:
        """Points, and of how many: of 100 at the end, before that of what the parts that have points could bring."""
        known = self.verdict or self.so_far
        return (None, 100.0) if known is None or known.score is None else (known.score, known.most)

    @property
    def parts(self) -> tuple[ScoredPart, ...]:
        """The four parts, or none yet."""
        known = self.verdict or self.so_far
        return () if known is None else known.parts

    def note(self, frame: Frame) -> tuple[str, Colour]:
        """What kind of points these are, in a line."""
        language, theme = frame.language, frame.theme
        if self.verdict is not None:
            if self.verdict.score is None:
                return say("debrief.not_scored", language), theme.text_2
            passed = bool(self.verdict.passed)
            return say("train.passed" if passed else "train.failed", language), theme.good if passed else theme.bad
        if self.is_over:
            return say("train.judging", language), theme.text_3
        if not self.has_reference:
            return say("train.no_reference", language), theme.text_3
        if self.trouble:
            return say("train.points_lost", language, why=self.trouble), theme.warning
        if self.so_far is None:
            return say("train.points_coming", language), theme.text_3
        key = "train.provisional" if self.sees_floor else "train.provisional_book"
        return say(key, language, at=clock(self.so_far.at_ms, frame.feed.title.start)), theme.text_3


def draw_points(canvas: Canvas, rect: Rect, frame: Frame, standing: Standing) -> None:
    """Paint it."""
    px = canvas.px
    _dial(canvas, Rect(rect.x, rect.y + px(2), px(DIAL), px(DIAL)), standing)
    left = rect.x + px(DIAL + 16)
    step = px(PARTS_H) // len(PARTS)
    found = {part.name: part for part in standing.parts}
    for n, name in enumerate(PARTS):
        row = Rect(left, rect.y + n * step, rect.right - left, step)
        _part(canvas, row, frame.language, say(f"train.part_{name}", frame.language), found.get(name), standing)
    words, ink = standing.note(frame)
    canvas.text(words, (rect.x, rect.y + px(PARTS_H + NOTE_H // 2)), CAPTION, ink, room=rect.w)


def _part(
    canvas: Canvas, row: Rect, language: Language, name: str, part: ScoredPart | None, standing: Standing
) -> None:
    theme, px = canvas.theme, canvas.px
    points = "–"
    if part is not None and part.why is None:
        points = say("train.points", language, points=f"{part.points:.0f}", weight=f"{part.weight:.0f}")
    canvas.text(points, (row.right, row.centery), BODY, bold=True, align="right", room=px(POINTS_W))
    right = row.right - px(FIGURE_RIGHT)
    if part is not None:
        shown = figure(part.name, part.trainee, language, sees_floor=standing.sees_floor)
        right = canvas.text(shown, (right, row.centery), BODY, theme.text_2, align="right").x - px(6)
    canvas.text(name, (row.x, row.centery), BODY, theme.text_2, room=right - row.x)


def _dial(canvas: Canvas, rect: Rect, standing: Standing) -> None:
    """A ring filled to the points, a tick at the pass mark."""
    theme, px = canvas.theme, canvas.px
    score, most = standing.score
    radius = rect.w / 2 - px(4)
    _arc(canvas, rect, radius, 1.0, theme.line)
    if score:
        is_enough = score / most * 100 >= standing.pass_mark
        _arc(canvas, rect, radius, score / most, theme.good if is_enough else theme.accent)
    if standing.has_reference:
        at = 2 * pi * standing.pass_mark / 100
        ends = [(rect.centerx + r * sin(at), rect.centery - r * cos(at)) for r in (radius - px(5), radius + px(4))]
        canvas.polyline(ends, theme.text, px(2))
    middle = (rect.centerx, rect.centery - px(3))
    canvas.text("–" if score is None else f"{score:.0f}", middle, VALUE, bold=True, align="centre")
    canvas.text(f"/{most:.0f}", (rect.centerx, rect.centery + px(13)), CAPTION, theme.text_3, align="centre")


def _arc(canvas: Canvas, rect: Rect, radius: float, share: float, ink: Colour) -> None:
    """A band of a ring from the top on, to a share of it."""
    steps = max(2, round(96 * share))
    turns = [2 * pi * share * n / steps for n in range(steps + 1)]
    edges = [
        [(rect.centerx + r * sin(turn), rect.centery - r * cos(turn)) for turn in turns]
        for r in (radius + canvas.px(2.5), radius - canvas.px(2.5))
    ]
    canvas.polygon([*edges[0], *edges[1][::-1]], ink)
