"""What a supervisor, a customer or a trainer may do while the run goes on: one class per action, with its bounds."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from twin.domain.calendar import Calendar
from twin.spec.people import QUEUE_OF_ROLE
from twin.spec.shape import CLOCK_PATTERN, Name, NotNegative, Spec
from twin.spec.work import Check, Method

_AT = re.compile(CLOCK_PATTERN + r"|^\+(?=\d)(\d+h)?(\d+m)?(\d+s)?$")
_UNIT_MS = {"h": 3_600_000, "m": 60_000, "s": 1000}

Role = Literal["picker", "packer", "receiver", "putaway_driver", "replenisher", "loader", "counter", "clerk"]
assert Role.__args__ == tuple(QUEUE_OF_ROLE)  # type: ignore[attr-defined]
Seconds = Annotated[float, Field(gt=0, le=7 * 86_400)]
People = Annotated[int, Field(ge=1, le=1000)]


def readable(at: str | None) -> str | None:
    """A moment as people write it; ValueError if it is none."""
    if at is not None and not _AT.fullmatch(at):
        raise ValueError(f"write HH:MM or HH:MM:SS of the first day, or +2h30m after the start, got {at!r}")
    return at


def moment_ms(at: str, calendar: Calendar) -> int:
    """Milliseconds from the start of `HH:MM[:SS]` of the first day, or of `+2h30m`."""
    if at.startswith("+"):
        return sum(int(n) * _UNIT_MS[unit] for n, unit in re.findall(r"(\d+)([hms])", at))
    return calendar.at_ms(at, 0)


class Timed(Spec):
    """Who does something, where and when; `at` is `HH:MM[:SS]` of the first day, or `+2h30m` after the start."""

    at_ms: Annotated[int, Field(ge=0)] | None = None
    at: str | None = None
    actor: str = "supervisor"
    site: str | None = None

    @field_validator("at")
    @classmethod
    def _readable(cls, at: str | None) -> str | None:
        return readable(at)

    def when_ms(self, calendar: Calendar) -> int:
        """Milliseconds from the start."""
        if self.at_ms is not None:
            return self.at_ms
        assert self.at is not None
        return moment_ms(self.at, calendar)


# --- customers and suppliers -------------------------------------------------------------------------------------


class ChangeOrderCommand(Timed):
    """A customer wants other units of a line, before its release."""

    action: Literal["change_order"]
    order: str
    line: str
    units: Annotated[int, Field(ge=0)]


class CancelOrderCommand(Timed):
    """A customer cancels."""

    action: Literal["cancel_order"]
    order: str


class RushLine(Spec):
    """Units of a SKU in every order of a rush."""

    sku: str
    units: Annotated[int, Field(ge=1, le=100_000)]
    owner: str | None = None


class RushOrders(Timed):
    """Urgent orders come in at once, due in `due_min`: drawn as the day's orders are, or all of the given `lines`."""

    action: Literal["rush_orders"]
    count: Annotated[int, Field(ge=1, le=5000)] = 10
    due_min: Annotated[float, Field(ge=0, le=7 * 1440)] = 120.0
    lines: tuple[RushLine, ...] = Field(default=(), strict=False)
    carrier: str | None = None


class LateTruck(Timed):
    """The next departure of a carrier moves by `delay_min`: its arrival if it is still to come, and its cut-off."""

    action: Literal["late_truck"]
    carrier: str
    delay_min: Annotated[float, Field(gt=0, le=1440)]


class LateTrailer(Timed):
    """The next trailer that is to come in, of a supplier if one is named, comes `delay_min` after its time."""

    action: Literal["late_trailer"]
    supplier: str | None = None
    delay_min: Annotated[float, Field(gt=0, le=1440)]


# --- what goes wrong on the floor --------------------------------------------------------------------------------


class BlockAisle(Timed):
    """Nobody enters an aisle for a time."""

    action: Literal["block_aisle"]
    aisle: str
    duration_s: NotNegative


class InjectFault(Timed):
    """Something fails now. `network`: scans wait, customers and clerks of the office still reach the WMS."""

    action: Literal["inject_fault"]
    kind: Literal["device", "conveyor", "absent_worker", "wms_outage", "network"]
    target: str | None = None
    duration_s: NotNegative = 300.0


class AbsentWorkers(Timed):
    """So many of a role leave, at their next task boundary; `duration_s` 0: for the rest of the shift."""

    action: Literal["absent_workers"]
    role: Role
    count: People = 1
    duration_s: NotNegative = 0.0


# --- what a supervisor decides -----------------------------------------------------------------------------------


class AddWorkers(Timed):
    """More people of a role, from now to the horizon."""

    action: Literal["add_workers"]
    role: str
    count: People = 1


class MoveWorkers(Timed):
    """People of one role work as another, each from the next task boundary on, with the skills that they have."""

    action: Literal["move_workers"]
    from_role: Role
    to_role: Role
    count: People = 1

    @model_validator(mode="after")
    def _two_roles(self) -> MoveWorkers:
        if self.from_role == self.to_role:
            raise ValueError(f"from_role and to_role are both {self.to_role}")
        return self


class OpenStation(Timed):
    """A pack station works with the benches that the layout gives it."""

    action: Literal["open_station"]
    station: str


class CloseStation(Timed):
    """No tote is begun at a pack station any more; those in its queue wait there."""

    action: Literal["close_station"]
    station: str


class SetBenches(Timed):
    """A pack station works with so many benches."""

    action: Literal["set_benches"]
    station: str
    benches: Annotated[int, Field(ge=1, le=1000)]


class SetMethod(Timed):
    """A kind of work is done on paper or with a scanner, by each from the next task on."""

    action: Literal["set_method"]
    work: Literal["picking", "receiving", "putaway", "replenishing", "counting"]
    method: Method


class SetChecks(Timed):
    """From now on these checks follow at the pack benches, and no others."""

    action: Literal["set_checks"]
    checks: tuple[Check, ...] = Field(strict=False)


class HoldOrderCommand(Timed):
    """Keep an order back from release."""

    action: Literal["hold_order"]
    order: str


class ReleaseOrderCommand(Timed):
    """Let an order go at once."""

    action: Literal["release_order"]
    order: str


class _Selected(Timed):
    """Orders in hand of which no pick has begun: those to which all that is given applies; nothing given: all."""

    wave: str | None = None
    priority: Annotated[int, Field(ge=0)] | None = None
    zone: str | None = None
    carrier: str | None = None


class HoldWork(_Selected):
    """Keep back all orders of a wave, a priority, a zone or a carrier that no picker has begun, released ones too."""

    action: Literal["hold_work"]


class ReleaseWork(_Selected):
    """Let all orders of a wave, a priority, a zone or a carrier go at once that wait or are on hold."""

    action: Literal["release_work"]


class CallCount(Timed):
    """Have a location counted."""

    action: Literal["call_count"]
    location: str


class ChangePolicy(Timed):
    """From now on another policy of a family decides: a registered or installed name, with its rules."""

    action: Literal["change_policy"]
    family: str
    name: str
    rules: dict[str, Any] = Field(default_factory=dict)


Deed = Annotated[
    AddWorkers | MoveWorkers | OpenStation | CloseStation | SetBenches | SetMethod | SetChecks | HoldOrderCommand
    | ReleaseOrderCommand | HoldWork | ReleaseWork | CallCount | ChangePolicy | ChangeOrderCommand
    | CancelOrderCommand | RushOrders | LateTruck | LateTrailer | BlockAisle | InjectFault | AbsentWorkers,
    Field(discriminator="action"),
]  # fmt: skip
"""What can be done; each may also be what an answer to a question does."""


# --- questions ---------------------------------------------------------------------------------------------------


class Words(Spec):
    """A sentence in both languages of the product."""

    en: str
    zh: str


class Choice(Spec):
    """One answer to a question, and what it does; without commands the policies go on as they would."""

    choice: Name
    words: Words
    commands: tuple[Deed, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _now(self) -> Choice:
        for deed in self.commands:
            if deed.at is not None or deed.at_ms is not None:
                raise ValueError(f"{deed.action} is done when the answer is given: leave its time out")
        return self


class AskQuestion(Timed):
    """A question from the floor, open for `due_min`; unanswered, the `default` choice applies."""

    action: Literal["ask_question"]
    question: Name
    words: Words
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=3, strict=False)]
    due_min: Annotated[float, Field(gt=0, le=1440)] = 10.0
    default: str

    @model_validator(mode="after")
    def _default_is_a_choice(self) -> AskQuestion:
        names = [c.choice for c in self.choices]
        if len(set(names)) < len(names):
            raise ValueError("two choices bear one name")
        if self.default not in names:
            raise ValueError(f"default must be one of {', '.join(names)}, got {self.default!r}")
        return self


class AnswerQuestion(Timed):
    """The answer to an open question."""

    action: Literal["answer_question"]
    question: str
    choice: str


Command = Annotated[
    AddWorkers | MoveWorkers | OpenStation | CloseStation | SetBenches | SetMethod | SetChecks | HoldOrderCommand
    | ReleaseOrderCommand | HoldWork | ReleaseWork | CallCount | ChangePolicy | ChangeOrderCommand
    | CancelOrderCommand | RushOrders | LateTruck | LateTrailer | BlockAisle | InjectFault | AbsentWorkers
    | AskQuestion | AnswerQuestion,
    Field(discriminator="action"),
]  # fmt: skip
