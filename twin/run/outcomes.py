"""What came of a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why it was refused, or what was done. `then`: commands that follow at once; `cause`: the question's seq."""

    refused: str | None = None
    note: str = ""
    then: tuple[Any, ...] = ()
    cause: int | None = None


def told(done: int, wanted: int, names: Sequence[str]) -> str:
    """Who it was; and that there were fewer than wanted."""
    who = ", ".join(names)
    return who if done == wanted else f"{done} of {wanted}: {who}"
