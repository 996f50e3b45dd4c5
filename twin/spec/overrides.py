"""Values given on the command line: `-o workforce.pickers.count=12`, on top of what the files say.

The value is read as YAML and measured by the schema like any other. A list is entered by place (`carriers.0`, from 0)
or by the name of an entry (`carriers.dhl`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from twin.spec import fields
from twin.spec.documents import with_child
from twin.spec.mistakes import Mark, Mistake, MistakesError, Path, unknown
from twin.spec.plain_yaml import Node, read_text

Enter = Callable[[Node, Path], Node]
"""Makes a mapping of a word that stands for one, where a path goes on below it."""


def overridden(tree: Node, overrides: Iterable[str], top: object, enter: Enter = lambda node, path: node) -> Node:
    """The tree with all overrides in turn; MistakesError names each one that cannot be applied."""
    mistakes: list[Mistake] = []
    for text in overrides:
        try:
            tree = _override(tree, text, top, enter)
        except MistakesError as error:
            mistakes += error.mistakes
    if mistakes:
        raise MistakesError(mistakes)
    return tree


def mark_of(text: str) -> Mark:
    """The mark of whatever an override sets."""
    return Mark(f"-o {text if len(text) <= 80 else text[:77] + '...'}")


def _override(tree: Node, text: str, top: object, enter: Enter) -> Node:
    mark = mark_of(text)
    key, sign, written = text.partition("=")
    parts = key.strip().split(".")
    if not sign or not all(parts):
        raise MistakesError([Mistake(mark, "", "write key=value, such as workforce.pickers.count=12")])
    if parts[0] == "extends":
        raise MistakesError([Mistake(mark, "extends", "belongs in a file")])
    tree, path = _way(tree, parts, mark, top, enter)
    value = _value(tree, path, written, top, mark)
    return with_child(tree, path, value)


def _way(tree: Node, parts: list[str], mark: Mark, top: object, enter: Enter) -> tuple[Node, Path]:
    """The path in the tree, with mappings (or empty lists, as the spec says) made where there are none yet."""
    path: Path = ()
    node = tree
    for place, word in enumerate(parts):
        entered = node if isinstance(node.value, dict | list) else enter(node, path)
        if entered.value is None:
            entered = Node({}, mark)
        if isinstance(entered.value, dict | list) and entered is not node:
            tree = with_child(tree, path, entered)
        node = entered
        part = _part(node, word, ".".join(parts[:place]), mark)
        path = (*path, part)
        child = node.child(part)
        if child is None:
            on_the_way = place + 1 < len(parts)
            child = Node(([] if fields.is_list_only(fields.at(top, tree, path)) else {}) if on_the_way else None, mark)
            tree = with_child(tree, path, child)
        node = child
    return tree, path


def _part(node: Node, word: str, before: str, mark: Mark) -> str | int:
    if isinstance(node.value, dict):
        return word
    if isinstance(node.value, list):
        names = [str(name.value) for entry in node.value if (name := entry.child("name")) is not None]
        for place, entry in enumerate(node.value):
            name = entry.child("name")
            if name is not None and name.value == word:
                return place
        if word.isdecimal() and int(word) < len(node.value):
            return int(word)
        if not node.value:
            told = f"is an empty list: write it whole, such as -o '{before}=[...]'"
        elif word.lstrip("-").isdecimal():
            told = f"has {len(node.value)} entr{'y' if len(node.value) == 1 else 'ies'}, counted from 0; got {word}"
        elif names:
            told = unknown(word, names, f"no entry named {word}")
        else:
            told = f"is a list of {len(node.value)}: say which, such as {before}.0"
        raise MistakesError([Mistake(mark, before, told)])
    raise MistakesError([Mistake(mark, before, f"is {node.value!r}: there is nothing below it")])


def _value(tree: Node, path: Path, written: str, top: object, mark: Mark) -> Node:
    allowed = fields.at(top, tree, path)
    try:
        read = read_text(written, mark.file)
    except MistakesError:
        if not fields.is_text_only(allowed) or not written.isprintable():
            raise
        return Node(written.strip(), mark)
    if not isinstance(read.value, str) and fields.is_text_only(allowed) and not isinstance(read.value, dict | list):
        read = Node(None if read.value is None and written.strip() != "" else written.strip(), mark)
    return _marked(read, mark)


def _marked(node: Node, mark: Mark) -> Node:
    if isinstance(node.value, dict):
        return node._replace(mark=mark, value={key: _marked(n, mark) for key, n in node.value.items()})
    if isinstance(node.value, list):
        return node._replace(mark=mark, value=[_marked(n, mark) for n in node.value])
    return node._replace(mark=mark)
