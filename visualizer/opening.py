"""What can be opened, and by whom: the command line knows runs and scenarios, the window only asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, Protocol

from twin.domain.errors import JournalError
from visualizer.feed import Feed


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to open: `path` is what `open` takes, `about` a few words on it."""

    sort: Literal["run", "scenario"]
    name: str
    path: str
    about: str = ""


class Opener(Protocol):
    """Opens runs and scenarios. Raises TwinError, in a sentence."""

    def open(self, path: str) -> Feed:
        """A run folder as a recording, a scenario as a live run."""

    def offers(self) -> Sequence[Offer]:
        """What lies at hand: runs near the working folder, scenarios that are shipped."""


class NoOpener:
    """For a window that was given its feed and opens no other."""

    def open(self, path: str) -> Feed:
        """Nothing: a sentence says so."""
        raise JournalError(f"{path}: this window shows one run and opens no other")

    def offers(self) -> Sequence[Offer]:
        """Nothing."""
        return ()


class Pending:
    """Something being opened aside, so that the window goes on."""

    def __init__(self, opener: Opener, path: str, *, beside: bool = False) -> None:
        self.path, self.beside = path, beside
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="opening")
        self._coming: Future[Feed] = self._aside.submit(opener.open, path)

    @property
    def is_done(self) -> bool:
        """Is it open, or has it failed."""
        return self._coming.done()

    def result(self) -> Feed:
        """The feed; raises what opening raised."""
        self._aside.shutdown(wait=False)
        return self._coming.result()
