"""The debrief: the score by part against doing nothing and the reference, reactions, what each decision was worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygame import Rect
from pygame.event import Event

from twin.domain.errors import TwinError
from visualizer.controlling.keys import Action
from visualizer.drawing.entries import Scroll
from visualizer.drawing.lettering import BODY, LABEL, TITLE
from visualizer.drawing.overlays import frame
from visualizer.drawing.widgets import Widgets
from visualizer.drawing.written import clock
from visualizer.places import Places
from visualizer.training.exercise import Exercise, Judged, Reaction, Verdict
from visualizer.training.panel import big_score
from visualizer.training.telling import both, figure, in_words, reacted, why
from visualizer.words import Language, say, word

if TYPE_CHECKING:
    from visualizer.stage import Stage

ROW_H = 24


class DebriefPage:
    """An overlay. While the shifts are run again it says how far that has come."""

    name = "debrief"

    def __init__(self, app: Stage, exercise: Exercise) -> None:
        self._app, self._exercise = app, exercise
        self._scroll = Scroll()
        self.found: Verdict | None = None
        self.trouble = ""
        self._share = 0.0

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        canvas = widgets.canvas
        inside = frame(widgets, places["debrief"], say("debrief.title", language), close=Action.CLOSE)
        if self.trouble:
            canvas.lines(self.trouble, inside, LABEL, canvas.theme.bad)
        elif self.found is not None:
            self._verdict(widgets, inside, self.found, language)
        else:
            self._progress(widgets, inside, language)

    def look(self) -> None:
        """Whether it is there by now; the window asks each frame, be the page open or not."""
        if self.found is not None or self.trouble:
            return
        try:
            answer = self._exercise.verdict()
        except TwinError as error:
            self.trouble = str(error)
            return
        if isinstance(answer, Verdict):
            self.found = answer
        else:
            self._share = answer

    def _progress(self, widgets: Widgets, inside: Rect, language: Language) -> None:
        canvas, answer = widgets.canvas, self._share
        words = say("debrief.computing", language, share=f"{answer:.0%}")
        canvas.text(words, (inside.x, inside.y + canvas.px(16)), LABEL)
        bar = Rect(inside.x, inside.y + canvas.px(36), inside.w, canvas.px(6))
        canvas.fill(canvas.theme.line, bar)
        canvas.fill(canvas.theme.accent, Rect(bar.x, bar.y, round(bar.w * answer), bar.h))

    def _verdict(self, widgets: Widgets, inside: Rect, found: Verdict, language: Language) -> None:
        canvas, theme, px = widgets.canvas, widgets.canvas.theme, widgets.canvas.px
        title = Rect(inside.x, inside.y, inside.w, px(28))
        if found.score is None:
            canvas.text(say("debrief.not_scored", language), (title.x, title.centery), LABEL, theme.text_2)
        else:
            verdict = say("train.passed" if found.passed else "train.failed", language)
            score = say("debrief.score", language, score=f"{found.score:.0f}")
            big_score(canvas, title, f"{score} · {verdict}", bool(found.passed))
            canvas.text(say("train.pass_mark", language, points=f"{found.pass_mark:g}"), (title.right, title.centery),
                        BODY, theme.text_3, align="right")  # fmt: skip
        y = self._parts(widgets, Rect(inside.x, title.bottom + px(8), inside.w, 0), found, language)
        rows: list[Judged | Reaction] = sorted([*found.reactions, *found.decisions], key=_at_ms)
        canvas.text(say("debrief.decisions", language), (inside.x, y + px(16)), TITLE, bold=True)
        below = Rect(inside.x, y + px(32), inside.w, inside.bottom - y - px(32))
        start = self._app.showing.feed.title.start if self._app.showing else None

        if not rows:
            canvas.text(say("debrief.nothing", language), (below.x, below.y + px(12)), LABEL, canvas.theme.text_2)

        def row(n: int, where: Rect, is_hot: bool) -> None:
            one = rows[n]
            x = where.x + px(6)
            if start is not None:
                x = canvas.text(clock(_at_ms(one), start), (x, where.centery), BODY, theme.text_3).right + px(10)
            if isinstance(one, Reaction):
                canvas.sign("triangle", (x + px(5), where.centery), px(9), theme.warning)
                words, value = both(one.words, language), reacted(one.minutes, one.reference, language)
            else:
                canvas.sign("diamond", (x + px(5), where.centery), px(9), theme.info)
                words = in_words(one.given.offer, language)
                value = (
                    ""
                    if one.worth is None
                    else say("debrief.worth", language, points=f"{one.worth:+.1f}".replace("-", "−"))
                )
                if one.given.why:
                    value = say("order.refused", language, why=why(one.given.why, language))
                elif one.given.status == "waiting":
                    value = word("deed_status", "waiting", language)
            right = canvas.text(value, (where.right - px(6), where.centery), BODY, bold=True, align="right",
                                room=where.w // 2).x  # fmt: skip
            canvas.text(words, (x + px(16), where.centery), BODY, room=right - x - px(26))

        widgets.rows("debrief.rows", below, self._scroll, len(rows), px(ROW_H), row, lambda n: self._go(rows[n]))

    def _parts(self, widgets: Widgets, rect: Rect, found: Verdict, language: Language) -> int:
        canvas, theme, px = widgets.canvas, widgets.canvas.theme, widgets.canvas.px
        columns = [rect.x + round(rect.w * share) for share in (0.46, 0.62, 0.78, 1.0)]
        heads = ("debrief.none", "debrief.reference", "debrief.trainee", "debrief.points")
        y = rect.y + px(12)
        for x, key in zip(columns, heads, strict=True):
            canvas.text(say(key, language), (x, y), BODY, theme.text_3, align="right")
        for part in found.parts:
            y += px(22)
            canvas.text(say(f"train.part_{part.name}", language), (rect.x, y), LABEL)
            values = (part.none, part.reference, part.trainee)
            for x, value in zip(columns[:3], values, strict=True):
                canvas.text(figure(part.name, value, language), (x, y), LABEL, align="right")
            points = (
                say("train.points", language, points=f"{part.points:.0f}", weight=f"{part.weight:.0f}")
                if part.why is None
                else say(f"debrief.{part.why}", language)
            )
            canvas.text(points, (columns[3], y), LABEL, bold=part.why is None, align="right")
        return y + px(16)

    def _go(self, one: Judged | Reaction) -> Any:
        at_ms = _at_ms(one)

        def go() -> None:
            self._app.overlay = None
            self._app.act(("seek", at_ms))

        return go

    def hear(self, event: Event) -> bool:
        """Keys go to whoever is asked next."""
        return False


def _at_ms(one: Judged | Reaction) -> int:
    return one.at_ms if isinstance(one, Reaction) else one.given.at_ms
