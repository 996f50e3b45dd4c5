"""Commands of a run, read and put in order: what is done while it goes on, each with its simulated time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from twin.domain.calendar import Calendar
from twin.domain.errors import SpecError
from twin.run.command_kinds import Command

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
