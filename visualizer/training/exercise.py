"""What the training screens ask of an exercise. The command line hands them one; they know no lesson and no run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from visualizer.view import Selection

Both = tuple[str, str]
"""A sentence in English and Chinese."""

Status = Literal["done", "refused", "waiting"]
PartName = Literal["service", "cost", "congestion", "reaction"]
PARTS: tuple[PartName, ...] = ("service", "cost", "congestion", "reaction")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    name: str
    words: Both


@dataclass(frozen=True, slots=True)
class Question:
    """A question from the floor; unanswered at `due_ms`, `default` applies."""

    name: str
    words: Both
    choices: tuple[Choice, ...]
    due_ms: int
    default: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be ordered or injected: the key of its words with their values, and the command."""

    key: str
    command: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A command on record, and what came of it; `why`: the reason why it was refused. A waiting one is yet to be heard
    by the WMS."""

    at_ms: int
    actor: str
    offer: Offer
    status: Status = "done"
    why: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An incident of the plan that people are told of when it happens."""

    at_ms: int
    words: Both


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """A part of the score: the figure in the three runs (less is better), its points; `why` it is not scored."""

    name: PartName
    none: float | None
    reference: float | None
    trainee: float | None
    points: float
    weight: float
    why: str | None


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the parts came to up to a time. Provisional: a part's `why` says that it has no points, or none yet."""

    at_ms: int
    parts: tuple[ScoredPart, ...]

    @property
    def score(self) -> float | None:
        """The points of the parts that have some; None where none has."""
        return sum(p.points for p in self.parts if p.why is None) if self.most else None

    @property
    def most(self) -> float:
        """What these parts could have brought."""
        return sum(p.weight for p in self.parts if p.why is None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision and what it was worth; None where that cannot be said."""

    given: Given
    worth: float | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """An incident, and after how many minutes it was answered: by the trainee, and in the reference."""

    at_ms: int
    words: Both
    minutes: float | None
    reference: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The debrief. `score` None: nothing could be scored."""

    score: float | None
    pass_mark: float
    passed: bool | None
    parts: tuple[ScoredPart, ...]
    decisions: tuple[Judged, ...]
    reactions: tuple[Reaction, ...]
    most: float = 100.0


class Exercise(Protocol):
    """One exercise, its run stepped by the window."""

    title: Both
    goals: Sequence[Both]
    pass_mark: float
    has_reference: bool
    """Whether there are points at all."""

    def questions(self) -> Sequence[Question]:
        """Those that are open, the most pressing first."""

    def hints(self) -> Sequence[Both]:
        """Those that may be read by now."""

    def news(self) -> Sequence[News]:
        """The incidents that were told of so far."""

    def log(self) -> Sequence[Given]:
        """What was given so far, by trainee and trainer."""

    def so_far(self, *, sees_floor: bool) -> SoFar | None:
        """The last score that there is, of the floor or as far as the book knows, never waiting for a newer one.

        None: there is none yet. Raises TwinError when no more will come.
        """

    def orders(self, text: str, chosen: Selection | None) -> Sequence[Offer]:
        """What the trainee may order that fits what was typed; a number in it says how many."""

    def incidents(self, text: str) -> Sequence[Offer]:
        """What the trainer may let go wrong."""

    def give(self, command: Mapping[str, Any], actor: str) -> str | None:
        """Carry it out after the head; why not, if not: a Refusal can be said in any language.

        Whether it is done or waits for the WMS stands in the log.
        """

    def save(self) -> str:
        """Lay the exercise aside; the file. Raises TwinError."""

    def judge(self) -> None:
        """Begin to run the shift again without and with other decisions, aside."""

    def verdict(self) -> Verdict | float:
        """The debrief, or the share of it that is done. Raises TwinError if it failed."""
