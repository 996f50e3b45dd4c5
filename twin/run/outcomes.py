"""What came of a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from twin.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why it was refused, or what was done. `then`: commands that follow at once; `cause`: the question's seq.

    `waits`: the WMS is yet to hear it; to be told the seq of the command.
    """

    refused: Refusal | None = None
    note: str = ""
    then: tuple[Any, ...] = ()
    cause: int | None = None
    waits: Callable[[int], None] | None = None

    @property
    def status(self) -> str:
        """In a word."""
        return "refused" if self.refused is not None else "done" if self.waits is None else "waiting"


def told(done: int, wanted: int, names: Sequence[str]) -> str:
    """Who it was; and that there were fewer than wanted."""
    who = ", ".join(names)
    return who if done == wanted else f"{done} of {wanted}: {who}"
