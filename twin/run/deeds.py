"""What a policy does besides deciding: clocks read, numbers drawn, files and connections opened, words printed.

Calls of the interpreter's own functions are heard by a profile, so that a clock is seen however it came by its name:
bound before the policy was imported, in a default, or deep within a library. What an import does is not the policy's
deed.
"""

from __future__ import annotations

import builtins
import datetime
import gc
import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

AUDITS = (
    "open", "socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.posix_spawn",
    "os.fork", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "sqlite3.connect",
)  # fmt: skip
CLOCKS = frozenset(
    {
        "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
        "process_time_ns", "thread_time", "thread_time_ns", "clock_gettime", "clock_gettime_ns", "localtime", "gmtime",
        "ctime", "strftime", "sleep",
    }
)  # fmt: skip
FROM_THE_SYSTEM = frozenset(
    {
        "urandom",
        "getrandom",
        "getpid",
        "getppid",
        "getcwd",
        "times",
        "getloadavg",
        "uname",
        "write",
        "read",
        "putenv",
        "kill",
    }
)
SPEAKING = frozenset({"print", "input"})
STREAMS = frozenset({"write", "writelines", "read", "readline"})
THREADS = frozenset({"start_new_thread", "start_joinable_thread", "start_new"})
GLOBAL_RANDOM = getattr(random.random, "__self__", None)
OS_FUNCTIONS = getattr(os.getpid, "__self__", None)
OF_NUMPY = ("method", "builtin_function_or_method", "cython_function_or_method")


class Deeds:
    """The deeds told while it is on. Its audit hook stays for the process, and sleeps when nothing is watched."""

    def __init__(self) -> None:
        self.on = False
        self.told: list[str] = []
        self.hooked = False

    def hook(self) -> None:
        """Hear the interpreter's audit events; once for the process."""
        if not self.hooked:
            sys.addaudithook(self._audited)
            self.hooked = True

    def tell(self, deed: str) -> None:
        """Keep a deed, if anybody watches."""
        if self.on:
            self.told.append(deed)

    def _audited(self, event: str, given: tuple[Any, ...]) -> None:
        if self.on and event in AUDITS and not _imports(sys._getframe(1)):
            subject = given[0] if given else ""
            self.told.append(f"{event} {subject!r:.60}")

    def profile(self, frame: FrameType, event: str, arg: Any) -> None:
        """Called by the interpreter before each call, of its own functions (`c_call`) and of Python's (`call`)."""
        deed = _of_interpreter(arg) if event == "c_call" else _of_python(frame) if event == "call" else ""
        if deed and not _imports(frame):
            self.told.append(deed)


_DEEDS = Deeds()


def _imports(frame: FrameType | None) -> bool:
    """Whether an import is under way: a policy may import what it needs when it needs it."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _of_interpreter(function: Any) -> str:
    """The deed behind a call of one of the interpreter's functions, "" if it is none."""
    name, owner = str(function.__name__), getattr(function, "__self__", None)
    if owner is time:
        return f"time.{name}" if name in CLOCKS else ""
    if isinstance(owner, type):
        clock = name in ("now", "utcnow", "today") and issubclass(owner, datetime.date)
        return f"{owner.__name__}.{name}" if clock else ""
    if isinstance(owner, random.Random):
        return f"random.{name}" if owner is GLOBAL_RANDOM and name != "seed" else ""
    if owner is builtins:
        return name if name in SPEAKING else ""
    if owner is OS_FUNCTIONS and owner is not None:
        return f"os.{name}" if name in FROM_THE_SYSTEM else ""
    if name in STREAMS and isinstance(owner, io.IOBase) and not isinstance(owner, io.StringIO | io.BytesIO):
        return name
    return f"thread {name}" if name in THREADS and getattr(owner, "__name__", "") == "_thread" else ""


def _of_python(frame: FrameType) -> str:
    """The deed behind a call of a Python function, "" if it is none."""
    code = frame.f_code
    if code is _SEED and frame.f_locals.get("a") is None:
        return "random.Random without a seed"
    return "os.environ" if code is _ENVIRON else ""


_SEED = random.Random.seed.__code__
_ENVIRON = type(os.environ).__getitem__.__code__


def _telling(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numpy that tells when it is called; a generator with a seed of its own draws alike for ever."""

    def told(*given: Any, **named: Any) -> Any:
        if name != "default_rng" or all(value is None for value in (*given, *named.values())):
            _DEEDS.tell(f"numpy.random.{name}")
        return real(*given, **named)

    return told


@contextmanager
def watched_modules() -> Iterator[None]:
    """While it is open, numpy's draws are told; open it before the policy is imported, for no profile hears them."""
    _DEEDS.hook()
    named = [name for name in dir(np.random) if not name.startswith("_")]
    kept = [(name, real) for name in named if type(real := getattr(np.random, name)).__name__ in OF_NUMPY]
    for name, real in kept:
        setattr(np.random, name, _telling(name, real))
    try:
        yield
    finally:
        for name, real in kept:
            setattr(np.random, name, real)


@contextmanager
def listening() -> Iterator[list[str]]:
    """While it is open, the deeds are told in the list. The collector rests: whoever it calls may look at a clock."""
    _DEEDS.told = []
    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()
    _DEEDS.on = True
    sys.setprofile(_DEEDS.profile)
    try:
        yield _DEEDS.told
    finally:
        sys.setprofile(before)
        _DEEDS.on = False
        if collects:
            gc.enable()
