"""Snapshots, decisions and rules as JSON and back: any record of this room, by its type hints.

What `to_json` gives survives `json.dumps` and `json.loads` unchanged, and `from_json` turns it into an equal record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from math import inf
from types import NoneType, UnionType
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from twin.policies.shape import PolicyError

T = TypeVar("T")
UNLIMITED = "unlimited"
Decoder = Callable[[Any, str], Any]


def to_json(record: object) -> Any:
    """Records as mappings, tuples as lists, sets as sorted lists, an infinite number as `unlimited`."""
    if is_dataclass(record) and not isinstance(record, type):
        return {field.name: to_json(getattr(record, field.name)) for field in fields(record)}
    if isinstance(record, tuple | list):
        return [to_json(part) for part in record]
    if isinstance(record, frozenset):
        return sorted([to_json(part) for part in record])
    if record == inf and isinstance(record, float):
        return UNLIMITED  # JSON knows no infinity
    if record is None or isinstance(record, bool | int | float | str):
        return record
    raise PolicyError(f"{type(record).__name__} {record!r} has no place in a snapshot, a decision or rules")


def canonical(record: object) -> str:
    """The one JSON text of a record: sorted keys, no spaces."""
    return json.dumps(to_json(record), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(cls: type[T], record: object, where: str = "") -> T:
    """The record of this class, all faults at once: unknown keys, missing keys, wrong types; PolicyError."""
    hint: Any = cls
    decoded: T = _decoder(hint)(record, where or cls.__name__)
    return decoded


def did_you_mean(name: str, known: list[str]) -> str:
    """The rest of a sentence about an unknown name."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(known))}"


@cache
def _decoder(hint: Any) -> Decoder:
    if isinstance(hint, NewType):
        return _decoder(hint.__supertype__)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(hint, parts)
    if origin is Literal:
        return _literal(parts)
    if origin is tuple:
        return _many(parts[0]) if len(parts) == 2 and parts[1] is Ellipsis else _row(parts)
    if origin is frozenset:
        return _set(parts[0])
    if hint in (bool, int, float, str):
        return _plain(hint)
    raise PolicyError(f"type {hint!r} has no place in a snapshot, a decision or rules")


def _record(cls: type[Any]) -> Decoder:
    hints = get_type_hints(cls)
    own = {field.name: field for field in fields(cls)}

    def decode(value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            raise PolicyError(f"{where}: a mapping of {cls.__name__} is needed, got {value!r}")
        faults = [f"{where}.{key}: unknown; {did_you_mean(str(key), list(own))}" for key in value if key not in own]
        decoded: dict[str, Any] = {}
        for name, field in own.items():
            if name in value:
                try:
                    decoded[name] = _decoder(hints[name])(value[name], f"{where}.{name}")
                except PolicyError as fault:
                    faults.append(str(fault))
            elif field.default is MISSING and field.default_factory is MISSING:
                faults.append(f"{where}.{name}: is missing")
        if faults:
            raise PolicyError("\n".join(faults))
        return cls(**decoded)

    return decode


def _plain(wanted: type) -> Decoder:
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}

    def decode(value: Any, where: str) -> Any:
        if wanted is float and value == UNLIMITED:
            return inf
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise PolicyError(f"{where}: {words[wanted]} is needed, got {value!r}")
        return value

    return decode


def _literal(choices: tuple[Any, ...]) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if value not in choices:
            raise PolicyError(f"{where}: must be one of {', '.join(map(str, choices))}, got {value!r}")
        return value

    return decode


def _optional(hint: Any, parts: tuple[Any, ...]) -> Decoder:
    some = [part for part in parts if part is not NoneType]
    if len(some) != 1 or len(parts) != 2:
        raise PolicyError(f"type {hint!r} has no place in a snapshot, a decision or rules")
    inner = _decoder(some[0])
    return lambda value, where: None if value is None else inner(value, where)


def _listed(value: Any, where: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise PolicyError(f"{where}: a list is needed, got {value!r}")
    return value


def _many(part: Any) -> Decoder:
    inner = _decoder(part)
    return lambda value, where: tuple([inner(v, f"{where}[{i}]") for i, v in enumerate(_listed(value, where))])


def _set(part: Any) -> Decoder:
    inner = _decoder(part)

    def decode(value: Any, where: str) -> Any:
        values = sorted(value) if isinstance(value, frozenset) else _listed(value, where)
        return frozenset([inner(v, f"{where}[{i}]") for i, v in enumerate(values)])

    return decode


def _row(parts: tuple[Any, ...]) -> Decoder:
    inner = [_decoder(part) for part in parts]

    def decode(value: Any, where: str) -> Any:
        if len(_listed(value, where)) != len(inner):
            raise PolicyError(f"{where}: {len(inner)} values are needed, got {value!r}")
        return tuple([one(v, f"{where}[{i}]") for i, (one, v) in enumerate(zip(inner, value, strict=True))])

    return decode
