"""The window of an exercise: the trainee sees the book, decides, and is shown afterwards what it was worth.

Leaving the head pauses the run, and so does a question that is asked. Whoever trains has a second window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pygame
from pygame import Rect
from pygame.event import Event

from twin.domain.errors import TwinError
from visualizer.app import PAGE_H, App
from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.spots import Spot
from visualizer.feed import Feed
from visualizer.overlaid.chooser import Chooser, Fit
from visualizer.places import lay_out
from visualizer.screen import Screen
from visualizer.showing import Showing
from visualizer.stage import Stage
from visualizer.training.debrief import DebriefPage
from visualizer.training.exercise import Exercise, Offer, Question
from visualizer.training.panel import CHOICES, TrainingPanel
from visualizer.training.telling import both, in_words, why
from visualizer.training.trainer import TrainerWindow
from visualizer.window import Options

SCORE_EVERY_MS = 400
"""How often a new score is asked for; it comes when it comes."""


class TrainingApp(App):
    """`has_trainer`: a second window shows the truth and injects."""

    def __init__(self, feed: Feed, exercise: Exercise, *, options: Options, has_trainer: bool = False) -> None:
        self.exercise = exercise
        self.panel = TrainingPanel(exercise)
        self._answered: set[str] = set()
        self._score_at_ms = -SCORE_EVERY_MS
        self._is_over = False
        self._told = len(exercise.news())
        self._open: dict[str, Question] = {}
        """Questions of the last frame, by name, the most pressing first."""
        self._goes_on = False
        """Whether the run went on when a question stopped it."""
        self._debrief: DebriefPage | None = None
        self.trainer: TrainerWindow | None = None
        super().__init__(feed, options=options)
        self.screen = TrainingScreen(self.panel)
        assert self.showing is not None
        self.showing.view = replace(self.showing.view, sees_floor=False, stock_side="book")
        if has_trainer:
            self.trainer = TrainerWindow(self, exercise)

    # --- time -------------------------------------------------------------------------------------------------

    def step(self, events: list[Event], real_ms: float) -> None:
        """One frame; then what an exercise adds to time."""
        super().step(events, real_ms)
        shown = self.showing
        if shown is None:
            return
        head = shown.playhead
        if head.mode == "REVIEW" and head.running:
            head.running = False
        self._questions(shown)
        self._news()
        if not shown.feed.live and not self._is_over:
            self._end(shown)
        self._score()
        if self.trainer is not None:
            self.trainer.draw()

    def _questions(self, shown: Showing) -> None:
        """A new one stops the run; one that fell due is told of; the answer to the last lets it go on."""
        before, self._open = self._open, {q.name: q for q in self.exercise.questions()}
        if next(iter(before), None) != next(iter(self._open), None):
            self.panel.chosen = None
        head = shown.playhead
        for name in before.keys() - self._open.keys() - self._answered:
            choices = {c.name: both(c.words, self.language) for c in before[name].choices}
            self.say("train.default", "warning", choice=choices[before[name].default])
        if self._open.keys() - before.keys():
            self._goes_on = self._goes_on if before else head.running
            head.hold()
            head.go_live()
            if "training" not in self.places:
                self.drawer_open = True
                self.lay_out()
            self.say("train.paused", "warning")
        elif before and not self._open and self._goes_on and before.keys() <= self._answered:
            head.play()
        self._answered &= self._open.keys()

    def _news(self) -> None:
        """An incident that people tell of is told once, when it happens."""
        news = self.exercise.news()
        for one in news[self._told :]:
            self.toast_words(both(one.words, self.language), "warning")
        self._told = len(news)

    def _end(self, shown: Showing) -> None:
        """Time is up: the debrief, and from now on the floor is seen beside the book."""
        self._is_over = self.panel.is_over = True
        shown.view = replace(shown.view, sees_floor=True)
        self.toast = None
        self.exercise.judge()
        self.overlay = self._debrief = DebriefPage(self, self.exercise)

    def _score(self) -> None:
        """The points so far, as they come; after the end the verdict."""
        panels = [self.panel] if self.trainer is None else [self.panel, self.trainer.panel]
        if self._debrief is not None:
            self._debrief.look()
            for panel in panels:
                panel.verdict = self._debrief.found
        elif self.now_ms - self._score_at_ms >= SCORE_EVERY_MS:
            self._score_at_ms = self.now_ms
            for panel in panels:
                try:
                    panel.so_far = self.exercise.so_far(sees_floor=panel.is_trainers)
                except TwinError as error:
                    panel.trouble = str(error)

    def hear(self, event: Event) -> None:
        """An event of either window. The trainer's may be closed alone; with the trainee's all is closed."""
        if self.trainer is not None and self.trainer.owns(event):
            self.trainer.hear(event)
            if not self.trainer.running:
                self.trainer.close()
                self.trainer = None
        elif event.type == pygame.WINDOWCLOSE:
            self.running = False
        else:
            super().hear(event)

    def open(self, path: str, *, beside: bool = False) -> None:
        """An exercise is not left for another run."""
        self.say("train.only_this", "warning")

    # --- what is decided --------------------------------------------------------------------------------------

    def act(self, action: Any) -> None:
        """Choices, orders and incidents; all else as in any window."""
        name = action[0] if isinstance(action, tuple) else action
        if name in CHOICES and self.overlay is None:
            self._choose(CHOICES.index(name))
        elif name == Action.CONFIRM and self.overlay is None:
            self._confirm()
        elif name == Action.ORDERS and self.overlay is None:
            self._orders()
        elif name == Action.SAVE_VIEW and self.overlay is None:
            self.save()
        elif name in (Action.OPEN, Action.COMPARE):
            self.say("train.only_this", "warning")
        elif name == Action.HTML and not self._is_over:
            self.say("train.after_end", "warning")
        else:
            super().act(action)
            return
        self.last_action = str(name)

    def state(self) -> dict[str, Any]:
        """As `--trace` writes it, with the exercise."""
        return super().state() | {
            "questions": [q.name for q in self.exercise.questions()], "chosen": self.panel.chosen,
            "given": len(self.exercise.log()), "over": self._is_over,
            "judged": self._debrief is not None and self._debrief.found is not None,
            "scored_ms": None if self.panel.so_far is None else self.panel.so_far.at_ms,
        }  # fmt: skip

    def _choose(self, n: int) -> None:
        questions = self.exercise.questions()
        if not questions or n >= len(questions[0].choices):
            return
        if self.panel.chosen == n:
            self._confirm()
        else:
            self.panel.chosen = n

    def _confirm(self) -> None:
        questions, chosen = self.exercise.questions(), self.panel.chosen
        if not questions or chosen is None:
            return
        question = questions[0]
        command = {"action": "answer_question", "question": question.name, "choice": question.choices[chosen].name}
        self.panel.chosen = None
        if self.give(Offer("deed.answer_question", command, {"choice": question.choices[chosen].words})):
            self._answered.add(question.name)

    def _orders(self) -> None:
        shown = self.showing
        if shown is None or not shown.feed.live:
            self.overlay = self._debrief
            return

        def search(text: str) -> list[Fit]:
            found = self.exercise.orders(text, shown.view.selection)
            return [Fit(in_words(o, self.language), "", o) for o in found]

        def choose(offer: Offer) -> None:
            self.overlay = None
            self.give(offer)

        self.overlay = Chooser("orders", "order.title", "order.prompt", search, choose)

    def give(self, offer: Offer) -> bool:
        """Carry it out after the head, and say what came of it; whether it was done."""
        shown = self.showing
        if shown is None:
            return False
        shown.playhead.go_live()
        refused = self.exercise.give(offer.command, "trainee")
        if refused:
            self.say("order.refused", "bad", why=why(refused, self.language))
        elif self.exercise.log()[-1].status == "waiting":
            self.say("order.waiting", "warning", what=in_words(offer, self.language))
        else:
            self.toast_words(in_words(offer, self.language), "good")
        return not refused

    def save(self) -> None:
        """Lay the exercise aside, and say where."""
        try:
            self.say("train.saved", "good", path=self.exercise.save())
        except TwinError as error:
            self.complain(str(error))

    # --- places -----------------------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Where everything stands: as on the floor, with the training panel."""
        chosen = self.showing.view.selection if self.showing is not None else None
        wanted = None if chosen is None else PAGE_H.get(chosen.kind, PAGE_H["aisle"])
        self.places = lay_out(
            self.surface.get_size(), self.ui_scale, "training", drawer_open=self.drawer_open, front="training",
            inspector_h=wanted,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of everything."""
        if self.trainer is not None:
            self.trainer.close()
        super().close()


class TrainingScreen(Screen):
    """The floor with the training panel."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel

    def draw(self, app: Stage, canvas: Canvas, frame: Frame) -> None:
        """One frame."""
        super().draw(app, canvas, frame)
        place = app.places.get("training")
        if place is not None:
            app.widgets.spot(Spot("training", place, None, "", True, None, False))
            self._hits(app, "training", self.panel.draw(canvas, place, frame))
            panel = app.places["panel"]
            canvas.fill(app.theme.line, Rect(panel.x, panel.y, canvas.px(1), panel.h))
