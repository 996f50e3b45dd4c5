"""The trainee's panel: how long there is, the points so far, the open question with its choices, hints, the log."""

from __future__ import annotations

from pygame import Rect

from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION, LABEL, TITLE, VALUE
from visualizer.drawing.written import clock
from visualizer.training.exercise import Exercise, Given, News, Question, SoFar, Verdict
from visualizer.training.points import HEAD_H, Standing, draw_points
from visualizer.training.telling import both, in_words, why
from visualizer.words import say

CHOICES = (Action.CHOICE_1, Action.CHOICE_2, Action.CHOICE_3)
CHOICE_KEYS = ("Q", "E", "R")
PAD, TITLE_H = 18, 38


class TrainingPanel:
    """A panel. The window keeps `so_far`, `verdict` and `trouble` as they come from aside.

    `is_trainers`: it is looked at only; questions and orders are the trainee's. `is_over`: the debrief can be opened.
    """

    def __init__(self, exercise: Exercise, *, is_trainers: bool = False) -> None:
        self.exercise = exercise
        self.is_trainers = is_trainers
        self.is_over = False
        self.so_far: SoFar | None = None
        self.verdict: Verdict | None = None
        self.trouble = ""
        self.chosen: int | None = None

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Paint it."""
        theme, px, language = canvas.theme, canvas.px, frame.language
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, px(1)))
        left, right = rect.x + px(PAD), rect.right - px(PAD)
        left_min = max(0, frame.end_ms - frame.head_ms) // 60_000
        time_left = say("train.time_left", language, time=f"{left_min // 60}:{left_min % 60:02d}")
        room = canvas.text(time_left, (right, rect.y + px(20)), BODY, theme.text_3, align="right").x - left - px(10)
        canvas.text(both(self.exercise.title, language), (left, rect.y + px(20)), TITLE, bold=True, room=room)
        draw_points(canvas, Rect(left, rect.y + px(TITLE_H), right - left, px(HEAD_H)), frame, self.standing)
        top = rect.y + px(TITLE_H + HEAD_H + 6)
        below = Rect(left, top, right - left, rect.bottom - top - px(6))
        questions = self.exercise.questions()
        if questions:
            return self._question(canvas, below, questions[0], frame)
        return self._rest(canvas, below, frame)

    @property
    def standing(self) -> Standing:
        """What is known of the score."""
        return Standing(
            self.so_far, self.verdict, self.trouble, self.is_over, self.exercise.has_reference,
            self.is_trainers or self.verdict is not None, self.exercise.pass_mark,
        )  # fmt: skip

    def _question(self, canvas: Canvas, rect: Rect, question: Question, frame: Frame) -> list[Hit]:
        theme, px, language = canvas.theme, canvas.px, frame.language
        words = say("train.question", language, what=both(question.words, language))
        rows = min(3, len(canvas.lettering.lines(words, LABEL, rect.w)))
        y = canvas.lines(words, Rect(rect.x, rect.y, rect.w, rows * canvas.lettering.height(LABEL)), LABEL,
                         theme.warning)  # fmt: skip
        key = "train.due_at" if self.is_trainers else "train.answer_by"
        due = say(key, language, time=clock(question.due_ms, frame.feed.title.start))
        canvas.text(due, (rect.x, y + px(8)), BODY, theme.text_3, room=rect.w)
        y += px(20)
        hits: list[Hit] = []
        high = max(px(22), min(px(32), (rect.bottom - y) // len(question.choices) - px(5)))
        for n, choice in enumerate(question.choices):
            box = Rect(rect.x, y, rect.w, high)
            is_chosen = n == self.chosen
            canvas.card(box, theme.raised, theme.accent if is_chosen else theme.line, px(5))
            x = box.x + px(12)
            if not self.is_trainers:
                canvas.text(CHOICE_KEYS[n], (x, box.centery), LABEL, theme.info, bold=True)
                hits.append(Hit(box, CHOICES[n], None, both(choice.words, language)))
                x = box.x + px(32)
            canvas.text(both(choice.words, language), (x, box.centery), LABEL, bold=is_chosen,
                        room=box.right - x - px(10))  # fmt: skip
            y += high + px(5)
        return hits

    def _rest(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        theme, px, language = canvas.theme, canvas.px, frame.language
        y, step = rect.y, px(18)
        button = Rect(rect.x, rect.bottom - px(28), rect.w, px(26))
        hits: list[Hit] = []
        if not self.is_trainers:
            words = say("debrief.open" if self.is_over else "order.title", language)
            canvas.card(button, theme.raised, theme.line, px(5))
            canvas.text(words, button.center, LABEL, bold=True, align="centre")
            canvas.text("A", (button.right - px(10), button.centery), CAPTION, theme.text_2, bold=True, align="right")
            hits.append(Hit(button, Action.ORDERS, None, words))
        for hint in () if self.is_over else self.exercise.hints()[-1:]:
            words = f"{say('train.hint', language)}: {both(hint, language)}"
            rows = min(2, len(canvas.lettering.lines(words, BODY, rect.w)))
            y = canvas.lines(words, Rect(rect.x, y, rect.w, rows * canvas.lettering.height(BODY)), BODY, theme.info)
            y += px(4)
        log = self._log()
        if not log:
            for goal in self.exercise.goals:
                canvas.text("·", (rect.x, y + step // 2), BODY, theme.text_3)
                rows = len(canvas.lettering.lines(both(goal, language), BODY, rect.w - px(10)))
                rows = max(min(rows, (button.y - y) // step), 1)
                below = Rect(rect.x + px(10), y + px(1), rect.w - px(10), rows * canvas.lettering.height(BODY))
                y = canvas.lines(both(goal, language), below, BODY, theme.text_2) + px(2)
            return hits
        canvas.text(say("train.log", language), (rect.x, y + step // 2), BODY, theme.text_3)
        y += step
        for one in log[::-1][: max(0, (button.y - y) // step)]:
            row = Rect(rect.x, y, rect.w, step)
            hits.append(Hit(row, "seek", one.at_ms, self._logged(canvas, row, one, frame)))
            y += step
        return hits

    def _log(self) -> list[Given | News]:
        """What was decided, and incidents that were told of; what was injected is the trainer's alone."""
        given = [g for g in self.exercise.log() if self.is_trainers or g.actor != "trainer"]
        return sorted([*self.exercise.news(), *given], key=lambda one: one.at_ms)

    def _logged(self, canvas: Canvas, rect: Rect, one: Given | News, frame: Frame) -> str:
        """A line of the log; its words in full, for the tip."""
        theme, language = canvas.theme, frame.language
        at = canvas.text(clock(one.at_ms, frame.feed.title.start), (rect.x, rect.centery), BODY, theme.text_3)
        x = at.right + canvas.px(8)
        is_incident = isinstance(one, News) or one.actor == "trainer"
        sign, colour = ("triangle", theme.warning) if is_incident else ("diamond", theme.info)
        canvas.sign(sign, (x + canvas.px(4), rect.centery), canvas.px(8), colour)
        words, ink = both(one.words, language) if isinstance(one, News) else in_words(one.offer, language), theme.text
        if isinstance(one, Given) and one.status == "refused":
            words, ink = f"{words}: {why(one.why or '', language)}", theme.bad
        elif isinstance(one, Given) and one.status == "waiting":
            words, ink = say("order.waiting", language, what=words), theme.warning
        x += canvas.px(14)
        canvas.text(words, (x, rect.centery), BODY, ink, room=rect.right - x)
        return words


def big_score(canvas: Canvas, rect: Rect, words: str, is_good: bool) -> None:
    """A score in large letters."""
    canvas.text(words, (rect.x, rect.centery), VALUE, canvas.theme.good if is_good else canvas.theme.bad, bold=True)
