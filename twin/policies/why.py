"""The sort keys behind a decision, for a person who asks why. In a run nobody watches and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
Keys = dict[str, Any]

_WATCHED: ContextVar[Keys | None] = ContextVar("watched", default=None)


class watched:
    """While it is open, each candidate's last sort key by the candidate's id."""

    __slots__ = ("_before",)

    def __enter__(self) -> Keys:
        keys: Keys = {}
        self._before = _WATCHED.set(keys)
        return keys

    def __exit__(self, *_: object) -> None:
        _WATCHED.reset(self._before)


def is_watched() -> bool:
    """Whether somebody asks why."""
    return _WATCHED.get() is not None


def least_first(rows: Collection[T], key: Callable[[T], Any], subject: Callable[[T], str]) -> Collection[T]:
    """The rows by their key, which is told to who watches; a single row needs none unless somebody does."""
    return sorted(rows, key=seen(key, subject)) if len(rows) > 1 or is_watched() else rows


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
    alike: dict[tuple[str, ...], list[tuple[Any, str]]] = {}
    shapes: set[tuple[str, ...]] = set()
    for subject, key in keys.items():
        shape = _shape(key)
        alike.setdefault(shape, []).append((key, subject))
        if subject in taken:
            shapes.add(shape)
    chosen: list[Row] = []
    others: list[Row] = []
    for shape in sorted(shapes or alike):  # a policy may rank more than one kind of thing: they are not compared
        for key, subject in sorted(alike[shape]):
            (chosen if subject in taken else others).append((subject, key))
    return chosen, others


def runners_up(keys: Keys, choice: str, most: int) -> list[Row]:
    """The best of what was ranked by a key like that of the choice, the least first."""
    if len(keys) < 2 or choice not in keys:
        return []
    shape = _shape(keys[choice])
    alike = sorted([(key, subject) for subject, key in keys.items() if subject != choice and _shape(key) == shape])
    return [(subject, key) for key, subject in alike[:most]]


def _shape(key: Any) -> tuple[str, ...]:
    """What a sort key is made of; keys of one shape can be compared."""
    parts = key if isinstance(key, tuple) else (key,)
    words, nested = _words(tuple(map(type, parts)))
    if not nested:
        return words
    inside = ["(" + ",".join(_shape(part)) + ")" if isinstance(part, tuple) else "" for part in parts]
    return tuple([there or word for there, word in zip(inside, words, strict=True)])


@cache
def _words(types: tuple[type, ...]) -> tuple[tuple[str, ...], bool]:
    """One word for each type of part, and whether there are tuples among them."""
    words = tuple(["number" if issubclass(cls, int | float) else cls.__name__ for cls in types])
    return words, any(issubclass(cls, tuple) for cls in types)


def key_text(key: Any) -> str:
    """A sort key as it is shown: its parts in order, without the name at its end that only breaks ties."""
    parts = key if isinstance(key, tuple) else (key,)
    if len(parts) > 1 and isinstance(parts[-1], str):
        parts = parts[:-1]
    return ", ".join([str(part) if type(part) is int else _part(part) for part in parts])


def _part(part: Any) -> str:
    if isinstance(part, int):
        return str(int(part))
    if isinstance(part, tuple):
        return f"({', '.join([_part(p) for p in part])})"
    return f"{part:g}" if isinstance(part, float) else "-" if part is None else str(part)
