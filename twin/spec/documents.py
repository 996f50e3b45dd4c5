"""Documents as trees: read from disk, `extends` followed, layouts put in place of their names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from twin.spec.mistakes import Mark, Mistake, MistakesError
from twin.spec.mistakes import Path as KeyPath
from twin.spec.plain_yaml import Node, read_bytes
from twin.spec.shipped import Kind, find_document, not_there


def read_document(path: Path) -> Node:
    """The tree of one file; SpecError when it cannot be read."""
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise MistakesError([Mistake(Mark(str(path)), "", "is a folder; name a file")]) from None
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise MistakesError([Mistake(Mark(str(path)), "", f"cannot be read: {told}")]) from None
    return read_bytes(content, display(path))


def display(path: Path) -> str:
    """A path as it is shown: relative to the current folder where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):
        return str(path)
    return min(relative, str(path), key=len)


def merged(below: Node, above: Node, *, policies: bool = False) -> Node:
    """Mappings key by key, all else replaced by what stands above.

    A policy that is named anew brings its own rules, a layout of another type its own keys.
    """
    if not isinstance(below.value, dict) or not isinstance(above.value, dict):
        return above
    if "type" in below.value and "type" in above.value and below.value["type"].value != above.value["type"].value:
        return above
    value = dict(below.value)
    for key, node in above.value.items():
        anew = policies and isinstance(node.value, dict) and "name" in node.value
        value[key] = merged(value[key], node, policies=key == "policies") if key in value and not anew else node
    return Node(value, above.mark, 1 + sum(n.size for n in value.values()))


def with_child(node: Node, path: KeyPath, child: Node) -> Node:
    """The tree with another node at a path that exists up to its last part."""
    if not path:
        return child
    part, rest = path[0], path[1:]
    if isinstance(node.value, list) and isinstance(part, int):
        entries = list(node.value)
        entries[part] = with_child(entries[part], rest, child)
        return node._replace(value=entries)
    assert isinstance(node.value, dict)
    there = node.value.get(str(part), child)
    return node._replace(value={**node.value, str(part): with_child(there, rest, child)})


@dataclass(slots=True)
class Documents:
    """Reads files that name files; remembers which ones it read and where each mark's file stands."""

    read: list[Path] = field(default_factory=list)
    folders: dict[str, Path] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def folder(self, mark: Mark) -> Path:
        """Where a relative path resolves from: beside the file that names it, on the command line where one stands."""
        return self.folders.get(mark.file, Path.cwd())

    def scenario(self, path: Path, above: Sequence[Path] = ()) -> Node:
        """The scenario of a file on top of those it extends."""
        tree = self._tree(path, "scenario")
        if tree.child("type") is not None and tree.child("layout") is None and tree.child("extends") is None:
            told = "is a layout, not a scenario; a scenario names it: layout: " + path.stem
            raise MistakesError([Mistake(Mark(display(path)), "", told)])
        extends = tree.child("extends")
        if extends is None:
            return tree
        assert isinstance(tree.value, dict)
        tree = tree._replace(value={k: n for k, n in tree.value.items() if k != "extends"})
        if extends.value is None:
            return tree
        below = self._named(extends, "extends", "scenarios")
        if below is None:
            return tree
        if below == path or below in above:
            chain = " > ".join(display(p) for p in (*above, path, below))
            self.mistakes.append(Mistake(extends.mark, "extends", f"goes in a circle: {chain}"))
            return tree
        if len(above) >= 20:
            self.mistakes.append(Mistake(extends.mark, "extends", "more than 20 scenarios on top of each other"))
            return tree
        try:
            return merged(self._opened(self.scenario(below, (*above, path)), tree), tree)
        except MistakesError as error:
            self.mistakes += error.mistakes
            return tree

    def _opened(self, below: Node, above: Node) -> Node:
        """The scenario below with its named layout written out, where the one above changes keys of that layout."""
        there, change = below.child("layout"), above.child("layout")
        if there is None or change is None or not isinstance(change.value, dict) or "type" in change.value:
            return below
        layout = self.layout_in_place(there, "layout")
        return below if layout is None else with_child(below, ("layout",), layout)

    def layout_in_place(self, node: Node, key: str) -> Node | None:
        """An inline layout as it is; a layout's name replaced by its document; None where that cannot be read."""
        if not isinstance(node.value, str):
            return node
        path = self._named(node, key, "layouts")
        if path is None:
            return None
        try:
            return self._layout(path)._replace(mark=node.mark)
        except MistakesError as error:
            self.mistakes += error.mistakes
            return None

    def _layout(self, path: Path) -> Node:
        tree = self._tree(path, "layout")
        inner = tree.child("layout")
        if inner is not None and tree.child("type") is None:
            told = "a layout file has its keys (type, aisles, ...) at the top"
            raise MistakesError([Mistake(inner.mark, "layout", told)])
        return tree

    def _tree(self, path: Path, what: str) -> Node:
        tree = read_document(path)
        self.read.append(path)
        self.folders[display(path)] = path.parent
        if not isinstance(tree.value, dict):
            told = "is empty" if tree.value is None else "has no keys"
            raise MistakesError([Mistake(Mark(display(path), 1, 1), "", f"{told}; a {what} is a mapping (key: value)")])
        return tree

    def _named(self, node: Node, key: str, kind: Kind) -> Path | None:
        if not isinstance(node.value, str):
            self.mistakes.append(Mistake(node.mark, key, "the path or name of a file is needed"))
            return None
        folder = self.folder(node.mark)
        path = find_document(node.value, kind, folder)
        if path is None:
            self.mistakes.append(Mistake(node.mark, key, not_there(node.value, folder, kind)))
        return path
