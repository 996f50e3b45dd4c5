"""The sort keys behind a decision, for a person who asks why. In a run nobody watches and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
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


Row = tuple[str, Any]
"""A candidate with its sort key."""


def ranked(keys: Keys, taken: Container[str]) -> tuple[list[Row], list[Row]]:
    """Those taken and those that were not, each the least key first, as far as they were ranked by the same key."""
    shapes = {_shape(key) for subject, key in keys.items() if subject in taken} or {_shape(k) for k in keys.values()}
    chosen: list[Row] = []
    others: list[Row] = []
    for shape in sorted(shapes):  # a policy may rank more than one kind of thing: they are not compared
        alike = [(key, subject) for subject, key in keys.items() if _shape(key) == shape]
        for key, subject in sorted(alike):
            (chosen if subject in taken else others).append((subject, key))
    return chosen, others


def _shape(key: Any) -> tuple[str, ...]:
    """What a sort key is made of; keys of one shape can be compared."""
    if not isinstance(key, tuple):
        return ("number" if isinstance(key, bool | int | float) else type(key).__name__,)
    return tuple("(" + ",".join(_shape(part)) + ")" if isinstance(part, tuple) else _shape(part)[0] for part in key)


def key_text(key: Any) -> str:
    """A sort key as it is shown: its parts in order, without the name at its end that only breaks ties."""
    parts = list(key) if isinstance(key, tuple) else [key]
    if len(parts) > 1 and isinstance(parts[-1], str):
        parts.pop()
    return ", ".join(_part(part) for part in parts)


def _part(part: Any) -> str:
    if isinstance(part, tuple):
        return f"({', '.join(_part(p) for p in part)})"
    if isinstance(part, bool | int):
        return str(int(part))
    return f"{part:g}" if isinstance(part, float) else "-" if part is None else str(part)
