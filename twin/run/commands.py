"""Commands of a run, read and put in order: what is done while it goes on, each with its simulated time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from twin.domain.calendar import Calendar
from twin.domain.errors import SpecError
from twin.run.command_kinds import Command
from twin.spec.mistakes import Mark, Mistake, shown
from twin.spec.plain_yaml import NOT_TEXT, Node
from twin.spec.sentences import Translation

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Command)


def command_of(value: Mapping[str, Any], where: str = "command") -> Any:
    """One command from a mapping; SpecError names what is wrong."""
    if not isinstance(value, Mapping):
        raise SpecError(f"{where}: an object is needed, got {shown(value)}")
    if odd := next(_no_json(value), ""):
        raise SpecError(f"{where}: {odd}")
    try:
        command = _ADAPTER.validate_python(value)
    except ValidationError as error:
        mistakes: list[Mistake] = []
        Translation(Command, _node(value), mistakes).add(error)
        faults = "; ".join([f"{m.key}: {m.sentence}" if m.key else m.sentence for m in mistakes])
        raise SpecError(f"{where}: {faults}") from None
    if (command.at_ms is None) == (command.at is None):
        both = "" if command.at is None else ", not both"
        raise SpecError(f"{where}: say when: at_ms, or at as HH:MM{both}")
    return command


def _no_json(value: Any) -> Iterator[str]:
    """What in a command no file of a run can hold, in words."""
    if isinstance(value, str):
        for odd in NOT_TEXT.findall(value):
            yield f"a character (U+{ord(odd):04X}) that is no part of a text"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _no_json(key)
            yield from _no_json(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _no_json(inner)
    elif isinstance(value, float) and not isfinite(value):
        yield f"a finite number is needed, got {value}"
    elif value is not None and not isinstance(value, int | float):
        yield f"text, numbers, lists and mappings are read, not {type(value).__name__}"


def _node(value: Any) -> Node:
    """JSON as the tree that sentences about mistakes are found in."""
    if isinstance(value, dict):
        return Node({str(key): _node(v) for key, v in value.items()}, Mark(""))
    if isinstance(value, list | tuple):
        return Node([_node(v) for v in value], Mark(""))
    return Node(value, Mark(""))


def read_commands(path: Path) -> list[Any]:
    """A file of JSON lines, one command each; all faults at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from None
    commands, faults = [], []
    for number, line in enumerate(text.split("\n"), 1):  # a word of JSON may hold other line ends, such as U+2028
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise SpecError(f"{path}:{number}: an object is needed, got {line.strip()[:40]}")
            commands.append(command_of(value, f"{path}:{number}"))
        except json.JSONDecodeError as error:
            faults.append(f"{path}:{number}:{error.colno}: not JSON: {error.msg}")
        except (RecursionError, ValueError) as error:
            told = "nested too deep" if isinstance(error, RecursionError) else "a number of too many digits"
            faults.append(f"{path}:{number}: not read: {told}")
        except SpecError as error:
            faults.append(str(error))
    if faults:
        raise SpecError("\n".join(faults))
    return commands


def in_order(commands: Sequence[Any], calendar: Calendar, horizon_ms: int) -> list[tuple[int, Any]]:
    """(at_ms, command) by time; those of one time in the order given. SpecError names those outside the run."""
    timed = sorted(((c.when_ms(calendar), c) for c in commands), key=lambda pair: pair[0])
    late = [
        f"commands: {c.action} at {at_ms / 3_600_000:g} h: the run ends at {horizon_ms / 3_600_000:g} h, nothing would "
        "come of it; give an earlier time or a longer horizon_h"
        for at_ms, c in timed
        if at_ms >= horizon_ms
    ]
    early = [
        f"commands: {c.action} at {c.at}: before the run starts ({calendar.clock(0)}); at is of the first day, "
        "+2h30m counts from the start"
        for at_ms, c in timed
        if at_ms < 0
    ]
    if early or late:
        raise SpecError("\n".join([*early, *late]))
    return timed


def as_mapping(at_ms: int, command: Any) -> dict[str, Any]:
    """A command as it goes into `commands.jsonl`: with its time in milliseconds."""
    return {"at_ms": at_ms, **command.model_dump(exclude_none=True, exclude={"at", "at_ms"})}
