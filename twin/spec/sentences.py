"""What pydantic found, in plain sentences at the place where it stands.

A union is told by the branch that fits what was written: a mapping is measured as a mapping, a list as a list. Where
no branch fits, all that would have fitted is named in one sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from twin.spec import fields
from twin.spec.mistakes import Mistake, Path, dotted, nearest, shown, unknown
from twin.spec.plain_yaml import Node
from twin.spec.shape import CLOCK_PATTERN, NAME_PATTERN

_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "list_type": "a list",
    "none_required": "nothing",
}
_BOUNDS = {
    "greater_than_equal": (">=", "ge"),
    "greater_than": (">", "gt"),
    "less_than_equal": ("<=", "le"),
    "less_than": ("<", "lt"),
}
_PATTERNS = {
    CLOCK_PATTERN: "a time of day is needed, HH:MM or HH:MM:SS",
    NAME_PATTERN: "a name is needed, without a slash and not beginning with a blank",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """One error of pydantic and what is left of its location below the node in hand."""

    type: str
    rest: tuple[str | int, ...]
    message: str
    context: Mapping[str, Any]


@dataclass(slots=True)
class Translation:
    """Turns the errors about one document into mistakes."""

    top: Any
    tree: Node
    mistakes: list[Mistake]

    def add(self, error: ValidationError, ignore: Container[str] | None = None) -> set[str]:
        """All errors of a validation; returns the top keys that are wrong.

        With `ignore`: not those under these top keys, nor those of the document as a whole.
        """
        found = [
            _Found(e["type"], tuple(e["loc"]), e["msg"], e.get("ctx", {}))
            for e in error.errors(include_url=False)
            if ignore is None or (e["loc"] and e["loc"][0] not in ignore)
        ]
        self._told(self.tree, (), found)
        return {str(f.rest[0]) for f in found if f.rest}

    def _told(self, node: Node, path: Path, found: Sequence[_Found]) -> None:
        here: list[_Found] = []
        inside: dict[str | int, list[_Found]] = defaultdict(list)
        ways: dict[str | int, list[_Found]] = defaultdict(list)
        missing: list[str | int] = []
        for f in found:
            if not f.rest:
                here.append(f)
                continue
            part, below = f.rest[0], _Found(f.type, f.rest[1:], f.message, f.context)
            if f.type == "missing" and not below.rest:
                missing.append(part)
            elif node.child(part) is not None:
                inside[part].append(below)
            else:
                ways[part].append(below)
        unknown_keys = [
            str(k) for k, fs in inside.items() if any(f.type == "extra_forbidden" and not f.rest for f in fs)
        ]
        self._missing(node, path, missing, unknown_keys)
        for f in here:
            if f.type in ("union_tag_not_found", "union_tag_invalid"):
                self._type_word(node, path)
            elif not (inside and f.type in ("too_short", "too_long")):
                self._say(node, path, self._sentence(f, node, path))
        for part, fs in inside.items():
            child = node.child(part)
            assert child is not None
            self._told(child, (*path, part), fs)
        if ways:
            self._union(node, path, ways)

    def _union(self, node: Node, path: Path, ways: Mapping[str | int, Sequence[_Found]]) -> None:
        fitting = [fs for fs in ways.values() if not any(_is_mismatch(f) for f in fs)]
        if fitting:
            self._told(node, path, min(fitting, key=len))
            return
        needed = list(dict.fromkeys(_needed(f) for fs in ways.values() for f in fs if _is_mismatch(f)))
        self._say(node, path, f"{_either(needed)} is needed, got {shown(node.plain())}{_hint(needed, node)}")

    def _missing(self, node: Node, path: Path, missing: Iterable[str | int], unknown_keys: Sequence[str]) -> None:
        absent = [str(m) for m in missing if isinstance(m, str)]
        if any(isinstance(m, int) for m in missing):
            self._say(node, path, f"more values are needed, got {len(node.plain())}")
        meant = {nearest(key, self._keys(path)) for key in unknown_keys}
        for key in absent:
            if key not in meant:
                self._say(node, (*path, key), "missing")

    def _keys(self, path: Path) -> list[str]:
        return fields.keys(fields.at(self.top, self.tree, path))

    def _sentence(self, f: _Found, node: Node, path: Path) -> str:
        got = f"got {shown(node.plain())}"
        if f.type == "extra_forbidden":
            return unknown(str(path[-1]), self._keys(path[:-1]))
        if _is_mismatch(f):
            return f"{_needed(f)} is needed, {got}{_hint([_needed(f)], node)}"
        if f.type in _BOUNDS:
            sign, key = _BOUNDS[f.type]
            return f"must be {sign} {_number(f.context[key])}, {got}"
        if f.type == "finite_number":
            return f"a finite number is needed, {got}; write unlimited where a count or speed has no bound"
        if f.type == "string_pattern_mismatch":
            return f"{_PATTERNS.get(f.context['pattern'], 'other text is needed')}, {got}"
        if f.type in ("too_short", "too_long"):
            short = f.type == "too_short"
            bound = f.context["min_length" if short else "max_length"]
            count = len(node.plain()) if isinstance(node.value, dict | list) else f.context.get("actual_length")
            return f"{'at least' if short else 'at most'} {bound} value{'s' if bound != 1 else ''} needed, got {count}"
        if f.type in ("string_too_short", "string_too_long"):
            bound = f.context["min_length" if f.type == "string_too_short" else "max_length"]
            return f"text of {'at least' if f.type == 'string_too_short' else 'at most'} {bound} is needed, {got}"
        if f.type in ("value_error", "assertion_error") and "error" in f.context:
            return str(f.context["error"])
        return f"{f.message[:1].lower()}{f.message[1:]}, {got}"

    def _type_word(self, node: Node, path: Path) -> None:
        models = fields.at(self.top, self.tree, path)
        words = [word for a in models for word in fields.type_words(a)]
        key = fields.word_key(models)
        named = node.child(key)
        if named is None:
            self._say(node, (*path, key), f"missing; {_either(words)} is needed")
        else:
            told = unknown(str(named.value), words, f"{_either(words)} is needed, got {shown(named.plain())}")
            self._say(named, (*path, key), told.partition("; known here")[0])

    def _say(self, node: Node, path: Path, sentence: str) -> None:
        self.mistakes.append(Mistake(node.mark, dotted(path), sentence))


def _is_mismatch(f: _Found) -> bool:
    return not f.rest and (f.type in _KINDS or f.type == "literal_error")


def _needed(f: _Found) -> str:
    return _KINDS.get(f.type) or str(f.context["expected"]).replace("'", "")


def _hint(needed: Sequence[str], node: Node) -> str:
    if needed == ["text"] and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return f"; put it in quotes: '{node.value}'"
    if len(needed) == 1 and isinstance(node.value, str) and needed[0] not in _KINDS.values():
        words = needed[0].replace(" or ", ", ").split(", ")
        meant = nearest(node.value, words)
        return f"; did you mean {meant}?" if meant else ""
    if isinstance(node.value, str) and any("number" in n for n in needed) and node.value[:1].isdigit():
        if not any(c.isalpha() for c in node.value):
            return "; leave the quotes out"
        return "; units belong in the key, not in the value"
    return ""


def _either(needed: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(needed[:-1]), needed[-1]]))


def _number(bound: Any) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)
