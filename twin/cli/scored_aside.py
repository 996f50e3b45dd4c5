"""The score of an exercise that goes on, worked out in a process of its own: the window asks and never waits."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from twin.domain.errors import DataError, TwinError
from twin.run.commands import command_of
from twin.run.lesson_file import Lesson
from twin.run.score_so_far import ScoreSoFar, SoFar

NICER = 5
"""How much less pressing than the window."""


class ScoredAside:
    """One question at a time: `ask` for an instant, `latest` is the last answer there is."""

    def __init__(self, lesson: Lesson, given: Sequence[Mapping[str, Any]] = ()) -> None:
        context = get_context("spawn")
        self._pipe, its = context.Pipe()
        self._process = context.Process(
            target=_answer, args=(its, lesson, [dict(c) for c in given]), daemon=True
        )  # fmt: skip
        self._process.start()
        its.close()
        self._asked_ms = -1
        self._is_waiting = self._is_closed = False
        self._latest: SoFar | None = None
        self._trouble: str | None = None

    def given(self, command: Mapping[str, Any]) -> None:
        """A command was given; it must come before a later instant is asked for."""
        self._send(dict(command))

    def ask(self, at_ms: int) -> None:
        """Have the score at an instant worked out, if nothing is being worked out."""
        if not self._is_waiting and at_ms > self._asked_ms and self._send(at_ms):
            self._is_waiting, self._asked_ms = True, at_ms

    def latest(self) -> SoFar | None:
        """The last answer; None: there is none yet. Raises DataError when there will be no more."""
        try:
            while not self._is_closed and self._trouble is None and self._pipe.poll():
                told = self._pipe.recv()
                if isinstance(told, str):
                    self._trouble = told
                else:
                    self._latest, self._is_waiting = told, False
        except (EOFError, OSError):
            self._trouble = "its process has ended"
        if self._trouble is not None:
            raise DataError(self._trouble)
        return self._latest

    def close(self) -> None:
        """Ask no more; what was answered stays."""
        if not self._is_closed:
            self._is_closed = True
            self._process.terminate()
            self._process.join()
            self._pipe.close()

    def _send(self, told: Any) -> bool:
        if self._is_closed or self._trouble is not None:
            return False
        try:
            self._pipe.send(told)
        except OSError:
            self._trouble = "its process has ended"
            return False
        return True


def _answer(pipe: Connection, lesson: Lesson, given: Sequence[Mapping[str, Any]]) -> None:
    """Commands come as mappings, instants as numbers; who asked may go at any time."""
    if hasattr(os, "nice"):
        os.nice(NICER)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        try:
            score = ScoreSoFar(lesson, [command_of(dict(c)) for c in given])
            while True:
                told = pipe.recv()
                if isinstance(told, int):
                    pipe.send(score.at(told))
                else:
                    score.given(command_of(told))
        except TwinError as error:
            pipe.send(str(error))
