"""The sort keys behind a decision, for a person who asks why. In a run nobody watches and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
Keys = dict[str, Any]

_WATCHED: ContextVar[Keys | None] = ContextVar("watched", default=None)


@contextmanager
def watched() -> Iterator[Keys]:
    """While it is open, each candidate's last sort key by the candidate's id."""
    keys: Keys = {}
    token = _WATCHED.set(keys)
    try:
        yield keys
    finally:
        _WATCHED.reset(token)


def is_watched() -> bool:
    """Whether somebody asks why."""
    return _WATCHED.get() is not None


def seen(key: Callable[[T], Any], subject: Callable[[T], str]) -> Callable[[T], Any]:
    """The key itself, or the key that tells each of its values to who watches."""
    keys = _WATCHED.get()
    if keys is None:
        return key

    def told(row: T) -> Any:
        value = keys[subject(row)] = key(row)
        return value

    return told
