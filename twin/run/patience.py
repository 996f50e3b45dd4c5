"""How long a policy under test is waited for: one that never answers is at fault, and no reason to hang."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Unanswered(BaseException):  # no Exception: a policy that catches everything shall not catch this
    """The policy had its time."""


@contextmanager
def patient(limit_s: float) -> Iterator[None]:
    """Raise Unanswered inside after so many seconds, where the system can (in the main thread, not on Windows)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise Unanswered(f"no answer within {limit_s:g} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
