"""An exercise as the training screens see it: a lesson, its session, and the runs that judge it, behind one desk."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from twin.cli.exercise_offers import Offers, told
from twin.cli.live_exercise import LiveExercise
from twin.cli.live_feed import LiveFeed
from twin.cli.scored_aside import ScoredAside
from twin.domain.errors import DataError, TwinError
from twin.domain.refusals import Refusal
from twin.events.stream import Sink
from twin.run.command_kinds import AskQuestion
from twin.run.counterfactuals import Deeds
from twin.run.debrief import Debrief, debrief, deeds_of, split
from twin.run.lesson_file import Lesson
from twin.run.saved_exercise import SavedExercise
from twin.run.scoring import Part
from twin.session import Session
from visualizer.training.exercise import (
    Both,
    Choice,
    Given,
    Judged,
    News,
    Offer,
    PartName,
    Question,
    Reaction,
    ScoredPart,
    SoFar,
    Status,
    Verdict,
)
from visualizer.training.telling import in_words
from visualizer.view import Selection


class ExerciseDesk:
    """`feed` is what the window steps. Implements `visualizer.training.exercise.Exercise`."""

    def __init__(self, lesson: Lesson, *, saved: SavedExercise | None = None, out: Path | None = None,
                 save_to: Path | None = None) -> None:  # fmt: skip
        """A new exercise, or a saved one run again to where it was left. `out`: a folder for the trainee's run."""
        begun: list[LiveExercise] = []
        deeds = Deeds()

        def begin(sinks: Sequence[Sink]) -> Session:
            looking_on = [*sinks, deeds]
            if saved is not None:
                begun.append(LiveExercise.resumed(saved, sinks=looking_on, out=out))
            else:
                begun.append(LiveExercise.begun(lesson, sinks=looking_on, out=out))
            return begun[0].session

        self.feed = LiveFeed.over(begin)
        self._live = begun[0]
        self._live.session.stops_at_questions = True
        self.lesson = self._live.lesson
        spec = self.lesson.spec
        self.title: Both = (spec.title.en, spec.title.zh)
        self.goals: Sequence[Both] = tuple((g.en, g.zh) for g in spec.goals)
        self.pass_mark = spec.pass_mark
        self._save_to = save_to or Path(f"{spec.name}.exercise.json")
        tables = self.feed.tables
        self._offers = Offers(self.lesson, _own(tables["stations"]["station"]), _own(tables["edges"]["edge"]))
        self._deeds = deeds
        self._lately: dict[int, tuple[Status, Refusal | None]] = {}
        """By place in the log what came of commands of the instant that is yet to come: those are not on record."""
        self.has_reference = self.lesson.has_reference
        self._scored: ScoredAside | None = None
        self._aside: ThreadPoolExecutor | None = None
        self._coming: Future[Debrief] | None = None
        self._share = 0.0
        self._is_closed = False

    # --- what is ------------------------------------------------------------------------------------------------

    def questions(self) -> Sequence[Question]:
        """The open ones. One that was just answered is closed, although its instant is yet to come."""
        answered = {
            str(g.offer.command["question"]): g.at_ms
            for g in self.log() if g.offer.command["action"] == "answer_question" and g.status == "done"
        }  # fmt: skip
        return [
            Question(
                q.asked.question, (q.asked.words.en, q.asked.words.zh),
                tuple(Choice(c.choice, (c.words.en, c.words.zh)) for c in q.asked.choices), q.due_ms, q.asked.default,
            )
            for q in self._live.questions
            if answered.get(q.asked.question, -1) <= self._live.session.head_ms
        ]  # fmt: skip

    def hints(self) -> Sequence[Both]:
        """Those that may be read by now."""
        return [(h.words.en, h.words.zh) for h in self._live.hints()]

    def news(self) -> Sequence[News]:
        """Incidents of the plan that have words; a question tells itself."""
        head_ms = self._live.session.head_ms
        return [
            News(at_ms, (i.words.en, i.words.zh)) for at_ms, i in self.lesson.scheduled()
            if at_ms <= head_ms and i.words is not None and not isinstance(i.command, AskQuestion)
        ]  # fmt: skip

    def log(self) -> Sequence[Given]:
        """What was given so far, as it is on record."""
        commands, head_ms = self._live.commands, self._live.session.head_ms
        on_record = deeds_of(self.lesson, [c for c in commands if c.at_ms <= head_ms], self._deeds.all())
        outcomes = [(_status(d.status), d.why) for d in on_record]
        outcomes += [self._lately.get(n, ("done", None)) for n in range(len(outcomes), len(commands))]
        return [
            Given(int(c["at_ms"]), str(c.get("actor", "")), self._in_words(dict(c)), *outcome)
            for c, outcome in zip(self._live.given, outcomes, strict=True)
        ]

    def so_far(self, *, sees_floor: bool) -> SoFar | None:
        """The last score that was worked out aside, and have the next one worked out; None while there is none.

        Raises DataError when no more will come.
        """
        if self._scored is None:
            self._scored = ScoredAside(self.lesson, self._live.given)
        found = self._scored.latest()
        self._scored.ask(self._live.session.head_ms)
        if found is None:
            return None
        parts = found.floor if sees_floor else found.book
        return SoFar(found.at_ms, _scored(parts))

    def orders(self, text: str, chosen: Selection | None) -> Sequence[Offer]:
        """What the trainee may order."""
        return self._offers.orders(text, chosen)

    def incidents(self, text: str) -> Sequence[Offer]:
        """What the trainer may inject."""
        return self._offers.incidents(text)

    # --- what is done -------------------------------------------------------------------------------------------

    def give(self, command: Mapping[str, Any], actor: str) -> str | None:
        """Carry it out after the head."""
        if not self.feed.live:
            return Refusal("past_the_end")
        before = len(self._live.given)
        try:
            refused = self._live.give(command, actor)
        except TwinError as error:
            return str(error)
        if len(self._live.given) > before:
            done = dict(self._live.given[-1])
            if self._scored is not None:
                self._scored.given(done)
            self._lately = {n: was for n, was in self._lately.items() if self._live.given[n]["at_ms"] == done["at_ms"]}
            self._lately[before] = _status(self._live.session.last_status), refused
        return refused

    def save(self) -> str:
        """Lay it aside beside the working folder."""
        self._live.save(self._save_to)
        return str(self._save_to)

    def judge(self) -> None:
        """Run the shift again in processes of their own, so that the window goes on."""
        if self._coming is not None:
            return
        if self._scored is not None:
            self._scored.close()  # its processor is wanted

        def progress(done: int, of: int) -> None:
            if self._is_closed:
                raise CancelledError
            self._share = done / max(of, 1)

        self._aside = ThreadPoolExecutor(1, thread_name_prefix="debrief")
        self._coming = self._aside.submit(
            debrief, self.lesson, self._live.commands, workers=os.cpu_count() or 1, progress=progress
        )

    def verdict(self) -> Verdict | float:
        """The debrief, or how far it has come."""
        if self._coming is None or not self._coming.done():
            return self._share
        try:
            return self._told(self._coming.result())
        except (BrokenExecutor, OSError) as error:
            raise DataError(f"the shift could not be run again: {error}") from None

    def close(self) -> None:
        """Let the judging go, with the processes that are at it: nobody waits for them any more."""
        self._is_closed = True
        if self._scored is not None:
            self._scored.close()
        if self._aside is None:
            return
        self._aside.shutdown(wait=False, cancel_futures=True)
        before: set[Any] = set()
        while self._coming is not None and not self._coming.done():
            children = set(multiprocessing.active_children())
            if children == before:  # none is just being started: a pool does not bear to lose one meanwhile
                for process in children:
                    process.terminate()
            before = children
            wait([self._coming], timeout=0.1)

    def _in_words(self, command: dict[str, Any]) -> Offer:
        """A command on record; an answer in the words of its choice."""
        offer = told(command)
        for incident in self.lesson.spec.incidents:
            asked = incident.command
            if isinstance(asked, AskQuestion) and asked.question == command.get("question"):
                words = {c.choice: (c.words.en, c.words.zh) for c in asked.choices}
                return replace(offer, values={**offer.values, "choice": words.get(str(command.get("choice")), "–")})
        return offer

    def _called(self, name: str) -> Both:
        """An incident in its own words, those of its question, or those of its command."""
        plan = {i.name: i for i in self.lesson.spec.incidents}
        if name not in plan:
            injected, _ = split(self.lesson, self._live.commands)
            command = injected[int(name.rpartition("-")[2]) - 1]
        elif (words := plan[name].words) is not None:
            return words.en, words.zh
        else:
            command = plan[name].command
        if isinstance(command, AskQuestion):
            return command.words.en, command.words.zh
        offer = told(command.model_dump(exclude_none=True))
        return in_words(offer, "en"), in_words(offer, "zh")

    def _told(self, found: Debrief) -> Verdict:
        decisions = tuple(
            Judged(
                Given(int(d.command["at_ms"]), str(d.command.get("actor", "")), self._in_words(dict(d.command)),
                      _status(d.status), d.why),
                d.worth,
            )
            for d in found.decisions
        )  # fmt: skip
        reactions = [
            Reaction(i.at_ms, self._called(i.name), found.trainee.reactions[i.name], found.reference.reactions[i.name])
            for i in found.incidents
        ]
        return Verdict(found.score, self.pass_mark, found.passed, _scored(found.parts), decisions, tuple(reactions))


def _scored(parts: Iterable[Part]) -> tuple[ScoredPart, ...]:
    return tuple(
        ScoredPart(_part(p.part), p.none, p.reference, p.trainee, p.points, p.most_points, p.why) for p in parts
    )


def _status(name: str) -> Status:
    return "refused" if name == "refused" else "waiting" if name == "waiting" else "done"


def _part(name: str) -> PartName:
    from visualizer.training.exercise import PARTS

    return next(part for part in PARTS if part == name)


def _own(names: Any) -> list[str]:
    """Names without their site, each once: as a command gives them."""
    return list(dict.fromkeys(str(name).split("/", 1)[-1] for name in names))
