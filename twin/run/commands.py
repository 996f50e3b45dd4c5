"""Commands: what a supervisor or a customer does while the run goes on, each with its simulated time."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from twin.domain.calendar import Calendar
from twin.domain.errors import SpecError
from twin.spec.shape import CLOCK_PATTERN, Spec

_AT = re.compile(CLOCK_PATTERN + r"|^\+(?=\d)(\d+h)?(\d+m)?(\d+s)?$")
_UNIT_MS = {"h": 3_600_000, "m": 60_000, "s": 1000}


class _Timed(Spec):
    at_ms: Annotated[int, Field(ge=0)] | None = None
    at: str | None = None
    actor: str = "supervisor"
    site: str | None = None

    @field_validator("at")
    @classmethod
    def _readable(cls, at: str | None) -> str | None:
        if at is not None and not _AT.fullmatch(at):
            raise ValueError(f"write HH:MM or HH:MM:SS of the first day, or +2h30m after the start, got {at!r}")
        return at

    def when_ms(self, calendar: Calendar) -> int:
        """Milliseconds from the start; `at` is `HH:MM[:SS]` of the first day, or `+2h30m` after the start."""
        if self.at_ms is not None:
            return self.at_ms
        assert self.at is not None
        if self.at.startswith("+"):
            return sum(int(n) * _UNIT_MS[unit] for n, unit in re.findall(r"(\d+)([hms])", self.at))
        return calendar.at_ms(self.at, 0)


class AddWorkers(_Timed):
    """More people of a role, from now to the horizon."""

    action: Literal["add_workers"]
    role: str
    count: Annotated[int, Field(ge=1)] = 1


class HoldOrderCommand(_Timed):
    """Keep an order back from release."""

    action: Literal["hold_order"]
    order: str


class ReleaseOrderCommand(_Timed):
    """Let an order go at once."""

    action: Literal["release_order"]
    order: str


class BlockAisle(_Timed):
    """Nobody enters an aisle for a time."""

    action: Literal["block_aisle"]
    aisle: str
    duration_s: Annotated[float, Field(gt=0)]


class InjectFault(_Timed):
    """Something fails now."""

    action: Literal["inject_fault"]
    kind: Literal["device", "conveyor", "absent_worker", "wms_outage"]
    target: str | None = None
    duration_s: Annotated[float, Field(ge=0)] = 300.0


class ChangeOrderCommand(_Timed):
    """A customer wants other units of a line."""

    action: Literal["change_order"]
    order: str
    line: str
    units: Annotated[int, Field(ge=0)]


class CancelOrderCommand(_Timed):
    """A customer cancels."""

    action: Literal["cancel_order"]
    order: str


Command = Annotated[
    AddWorkers | HoldOrderCommand | ReleaseOrderCommand | BlockAisle | InjectFault | ChangeOrderCommand
    | CancelOrderCommand,
    Field(discriminator="action"),
]  # fmt: skip
_ADAPTER: TypeAdapter[Any] = TypeAdapter(Command)


def command_of(value: dict[str, Any], where: str = "command") -> Any:
    """One command from a mapping; SpecError names what is wrong."""
    try:
        command = _ADAPTER.validate_python(value)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
        )
        raise SpecError(f"{where}: {faults}") from None
    if command.at_ms is None and command.at is None:
        raise SpecError(f"{where}: say when: at_ms, or at as HH:MM")
    return command


def read_commands(path: Path) -> list[Any]:
    """A file of JSON lines, one command each; all faults at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from None
    commands, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise SpecError(f"{path}:{number}: an object is needed, got {line.strip()[:40]}")
            commands.append(command_of(value, f"{path}:{number}"))
        except json.JSONDecodeError as error:
            faults.append(f"{path}:{number}:{error.colno}: not JSON: {error.msg}")
        except SpecError as error:
            faults.append(str(error))
    if faults:
        raise SpecError("\n".join(faults))
    return commands


def in_order(commands: Sequence[Any], calendar: Calendar, horizon_ms: int) -> list[tuple[int, Any]]:
    """(at_ms, command) by time; those of one time in the order given. SpecError names those that come too late."""
    timed = sorted(((c.when_ms(calendar), c) for c in commands), key=lambda pair: pair[0])
    late = [
        f"commands: {c.action} at {at_ms / 3_600_000:g} h: the run ends at {horizon_ms / 3_600_000:g} h, nothing would "
        "come of it; give an earlier time or a longer horizon_h"
        for at_ms, c in timed
        if at_ms >= horizon_ms
    ]
    if late:
        raise SpecError("\n".join(late))
    return timed


def as_mapping(at_ms: int, command: Any) -> dict[str, Any]:
    """A command as it goes into `commands.jsonl`: with its time in milliseconds."""
    return {"at_ms": at_ms, **command.model_dump(exclude_none=True, exclude={"at", "at_ms"})}
