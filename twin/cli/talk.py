"""stderr, for what a command says beside its answer: where talk finds no room or no reader, the work goes on."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Talk(io.TextIOWrapper):
    """A stream that falls silent when it is full or nobody reads it any more."""

    def write(self, text: str, /) -> int:
        """Say it, if it can be said."""
        try:
            return super().write(text)
        except OSError:
            self._fall_silent()
            return len(text)

    def flush(self) -> None:
        """Likewise."""
        try:
            super().flush()
        except OSError:
            self._fall_silent()

    def _fall_silent(self) -> None:
        """What is still in hand goes nowhere, at the end of the process too."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


@contextmanager
def talk_may_fail() -> Iterator[None]:
    """A full or closed stderr ends no command inside."""
    before = sys.stderr
    if before is None:  # closed, or a program without a console
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            sys.stderr = nowhere
            try:
                yield
            finally:
                sys.stderr = before
        return
    if not isinstance(before, io.TextIOWrapper):  # put there by a program that called the command
        yield
        return
    talk = sys.stderr = Talk(before.buffer, before.encoding, before.errors, line_buffering=True)
    try:
        yield
    finally:
        sys.stderr = before
        talk.flush()
        talk.detach()
