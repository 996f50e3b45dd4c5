"""YAML as a person means it, read: the scalars of YAML 1.2, no tags, no duplicate keys, a mark on every node.

PyYAML finds the tokens; what a plain word means is decided here: `no`, `on` and `12:30` are text, `010` is ten and
`1e3` a thousand. Keys are always text. Anchors and aliases work as long as they unfold to a sane size.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from twin.spec.collecting import uncollected
from twin.spec.mistakes import Mark, Mistake, MistakesError

Scalar = str | int | float | bool | None
DEPTH_MAX = 60
NODES_MAX = 2_000_000
"""To which a file with aliases may unfold."""
VALUES_MAX = 8_000_000
"""Which a file may hold: a layout of 500,000 locations holds five millions."""
BYTES_MAX = 64 * 1024 * 1024

_NUMBER_BEGINS = frozenset("+-.0123456789")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+")
_OTHER_INT = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INF = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotAScalarError(ValueError):
    """A plain word that no value fits."""


class Node(NamedTuple):
    """A value and where it stands: in a mapping the place of its key, in a list its own.

    A tuple, as marks are: a layout has millions, and frozen dataclasses take three times as long to make.
    """

    value: Scalar | dict[str, Node] | list[Node]
    mark: Mark
    size: int = 1

    def plain(self) -> Any:
        """The value without marks."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, part: str | int) -> Node | None:
        """The node under a key or at a place of a list."""
        if isinstance(self.value, dict):
            found: Node | None = self.value.get(str(part))
            return found
        if isinstance(self.value, list) and isinstance(part, int) and 0 <= part < len(self.value):
            entry: Node = self.value[part]
            return entry
        return None


def scalar(text: str) -> Scalar:
    """What a plain (unquoted) word means in the core schema of YAML 1.2; whole numbers fit 64 bits."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] not in _NUMBER_BEGINS:
        return text
    if _INT.fullmatch(text) or _OTHER_INT.fullmatch(text):
        digits = text.lstrip("+-0")
        number = int(text, 0) if text[:2] in ("0o", "0x") else int(text) if len(digits) < 25 else 1 << 64
        if abs(number) >= 1 << 63:
            raise NotAScalarError(f"a whole number of {len(digits)} digits is too large; quote it if it is a name")
        return number
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INF.fullmatch(text):
        return float("-inf") if text.startswith("-") else float("inf")
    if _NAN.fullmatch(text):
        return float("nan")
    return text


def read_bytes(content: bytes, file: str) -> Node:
    """The one document of a file."""
    return read_text(_text(content, file), file)


def _text(content: bytes, file: str) -> str:
    if len(content) > BYTES_MAX:
        raise MistakesError([Mistake(Mark(file), "", f"larger than {BYTES_MAX // 1024**2} MB: not read")])
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        told = f"not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'} text (byte 0x{content[error.start]:02x})"
        raise MistakesError([Mistake(mark, "", f"{told}; save the file as UTF-8")]) from None


def read_text(text: str, file: str) -> Node:
    """The one document of a text; `file` names it in marks."""
    odd = NOT_TEXT.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        mark = Mark(file, line, odd.start() - text.rfind("\n", 0, odd.start()))
        raise MistakesError([Mistake(mark, "", f"a control character (U+{ord(odd[0]):04X}) does not belong in YAML")])
    with uncollected():
        return _Reader(text, file).document()


def says(content: bytes, key: str) -> bool:
    """Has the document this key at its top, as far as it can be read: known without a tree of the whole."""
    depth = words = 0
    with suppress(MistakesError, yaml.YAMLError):
        for event in yaml.parse(_text(content, ""), Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                if depth == 0 and isinstance(event, yaml.SequenceStartEvent):
                    return False
                depth += 1
                continue
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 1:
                if words % 2 == 0 and isinstance(event, yaml.ScalarEvent) and event.value == key:
                    return True
                words += 1
    return False


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end is not read yet."""

    mark: Mark
    anchor: str | None
    content: dict[str, Node] | list[Node]
    size: int = 1
    key: str | None = None
    key_mark: Mark | None = None

    @property
    def wants_key(self) -> bool:
        """Is the next word the key of a mapping."""
        return self.key is None and isinstance(self.content, dict)


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    anchors: dict[str, Node] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    top: Node | None = None

    def document(self) -> Node:
        """Read all events, without recursion: a deep file is a sentence, not a stack overflow."""
        documents = 0
        for event in self._events():
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                done = self.open.pop()
                self._place(done.content, done.mark, done.size, done.anchor)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents == 2:
                    self._wrong(self._mark(event), "a second document begins (---); one file is one document")
                    break
            if self.mistakes and len(self.mistakes) >= 100:
                break
        if self.mistakes:
            raise MistakesError(self.mistakes)
        return self.top if self.top is not None else Node(None, Mark(self.file, 1, 1))

    def _events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            at = error.problem_mark or error.context_mark
            mark = Mark(self.file, at.line + 1, at.column + 1) if at else Mark(self.file)
            self._wrong(mark, _in_words(error, self.text.splitlines()[at.line : at.line + 1] if at else []))
        except yaml.YAMLError as error:
            self._wrong(Mark(self.file), f"not YAML: {str(error).splitlines()[0]}")

    def _begin(self, event: Any, content: dict[str, Node] | list[Node]) -> None:
        mark = self._mark(event)
        self._no_tag(event)
        if len(self.open) >= DEPTH_MAX:
            self._wrong(mark, f"nested deeper than {DEPTH_MAX} levels")
            raise MistakesError(self.mistakes)
        if self.open and self.open[-1].wants_key:
            self._wrong(mark, "a key must be a word, not a mapping or a list")
            raise MistakesError(self.mistakes)
        self.open.append(_Open(mark, event.anchor, content))

    def _scalar(self, event: Any) -> None:
        self._no_tag(event)
        plain = event.implicit[0]
        value: Scalar = event.value
        inside = self.open[-1] if self.open else None
        if inside is not None and inside.wants_key:
            inside.key, inside.key_mark = sys.intern(event.value), self._mark(event)
            if plain and value == "<<":
                self._wrong(inside.key_mark, "merge keys (<<) are not read; use extends, or write the keys out")
            if event.anchor:
                self.anchors[event.anchor] = Node(value, inside.key_mark)
            return
        if plain:
            try:
                value = scalar(event.value)
            except NotAScalarError as error:
                self._wrong(self._mark(event), str(error))
        mark = inside.key_mark if inside is not None else None  # in a mapping that of the key, which is made already
        self._place(value, mark or self._mark(event), 1, event.anchor)

    def _alias(self, event: Any) -> None:
        mark = self._mark(event)
        node = self.anchors.get(event.anchor)
        if node is None:
            holds_itself = any(o.anchor == event.anchor for o in self.open)
            self._wrong(mark, f"*{event.anchor} " + ("holds itself" if holds_itself else "names no anchor above it"))
            node = Node(None, mark)
        if self.open and self.open[-1].wants_key:
            inside = self.open[-1]
            if isinstance(node.value, dict | list):
                self._wrong(mark, "a key must be a word, not a mapping or a list")
            inside.key, inside.key_mark = str(node.value), mark
            return
        self._place(node.value, mark, node.size, None)

    def _place(self, value: Scalar | dict[str, Node] | list[Node], mark: Mark, size: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = Node(value, mark, size)
        if not self.open:
            self.top = Node(value, mark, size)
            return
        inside = self.open[-1]
        inside.size += size
        if inside.size > (NODES_MAX if self.anchors else VALUES_MAX):
            told = f"unfolds to more than {NODES_MAX:,} values; too many aliases"
            self._wrong(mark, told if self.anchors else f"holds more than {VALUES_MAX:,} values: not read")
            raise MistakesError(self.mistakes)
        if isinstance(inside.content, list):
            inside.content.append(Node(value, mark, size))
            return
        key, key_mark = inside.key, inside.key_mark
        assert key is not None and key_mark is not None
        inside.key = inside.key_mark = None
        if key in inside.content:
            first = inside.content[key].mark
            self._wrong(key_mark, f"a second time; first in line {first.line}", key)
        else:
            inside.content[key] = Node(value, key_mark, size)

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None:
            self._wrong(self._mark(event), f"tags ({event.tag}) are not read; put text in quotes instead")

    def _mark(self, event: Any) -> Mark:
        start = event.start_mark
        return Mark(self.file, start.line + 1, start.column + 1)

    def _wrong(self, mark: Mark, sentence: str, key: str = "") -> None:
        if key:
            key = ".".join([*(o.key for o in self.open if o.key is not None), key])
        self.mistakes.append(Mistake(mark, key, sentence))


def _in_words(error: yaml.MarkedYAMLError, line: list[str]) -> str:
    problem = (error.problem or "cannot be read").strip()
    context = (error.context or "").strip()
    hint = ""
    if line and "\t" in line[0][: len(line[0]) - len(line[0].lstrip())]:
        hint = "; indent with blanks, not tabs"
    elif "mapping values are not allowed" in problem:
        hint = "; put text with ': ' in quotes, or check the indentation"
    elif "cannot start any token" in problem:
        hint = "; put text that begins with such a sign in quotes"
    return f"not YAML: {problem}{f' ({context})' if context else ''}{hint}"
