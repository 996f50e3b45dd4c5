"""Questions from the floor: asked, answered by a command, or closed when they fall due by what would be done anyway."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twin.domain.refusals import Refusal
from twin.events.catalogue import DecisionAsked
from twin.floor.site import FloorSite
from twin.floor.world import World
from twin.run import command_kinds as c
from twin.run.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for its answer; `seq`: of the event that asked it."""

    asked: c.AskQuestion
    seq: int
    due_ms: int


def ask(world: World, site: FloorSite, command: c.AskQuestion, carry_out: Callable[[World, Any], Outcome]) -> Outcome:
    """Open a question; unanswered when it falls due, its default is done."""
    if command.question in world.questions:
        return Outcome(Refusal("question_open", question=command.question))
    now = world.env.now
    due_ms = now + round(command.due_min * 60_000)
    words = {
        "words": command.words.model_dump(), "choices": [{"choice": x.choice, "words": x.words.model_dump()}
                                                        for x in command.choices],
    }  # fmt: skip
    seq = world.record(
        DecisionAsked, now, site.name, command.question, command.actor, command.default, len(command.choices),
        "choices", due_ms, json.dumps(words, ensure_ascii=False),
    )  # fmt: skip
    question = world.questions[command.question] = OpenQuestion(command, seq, due_ms)

    def close(_: object) -> None:
        if world.questions.get(command.question) is question:
            unanswered = c.AnswerQuestion(
                action="answer_question", question=command.question, choice=command.default, actor="policy",
                site=command.site,
            )  # fmt: skip
            carry_out(world, unanswered)

    world.env.timeout(due_ms - now).callbacks.append(close)
    return Outcome(cause=seq)


def answer(world: World, site: FloorSite, command: c.AnswerQuestion) -> Outcome:
    """Close a question with a choice; what the choice does is done by whoever answers."""
    question = world.questions.get(command.question)
    if question is None:
        return Outcome(Refusal("no_question", question=command.question))
    choice = next((x for x in question.asked.choices if x.choice == command.choice), None)
    if choice is None:
        known = [x.choice for x in question.asked.choices]
        return Outcome(Refusal("no_choice", choice=command.choice, question=command.question, known=known))
    del world.questions[command.question]
    deeds = tuple(
        deed.model_copy(update={"actor": command.actor, "site": deed.site or command.site}) for deed in choice.commands
    )
    return Outcome(then=deeds, cause=question.seq)
