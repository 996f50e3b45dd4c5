"""Load a scenario: files and overrides to one checked spec, or all that is wrong with them in one error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError, create_model

from twin.spec.canonical import InputFile, scenario_sha256
from twin.spec.checks import ScenarioChecks
from twin.spec.collecting import uncollected
from twin.spec.documents import Documents, display, with_child
from twin.spec.layout import GraphSpec, LayoutSpec, ParallelAisleSpec
from twin.spec.layout_checks import LayoutChecks
from twin.spec.mistakes import Mark, Mistake, MistakesError
from twin.spec.mistakes import Path as KeyPath
from twin.spec.overrides import mark_of, overridden
from twin.spec.plain_yaml import Node
from twin.spec.scenario import ScenarioSpec
from twin.spec.sentences import Translation
from twin.spec.shape import Spec
from twin.spec.shipped import find_document, find_file, not_there

FILE_KEYS = frozenset({"csv", "orders_csv", "asns_csv"})
"""Keys whose text is the path of an input file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario that holds together.

    path: the file that was named; files: every YAML file it rests on; inputs: the data files it names; resolved: what
    it says after `extends`, layout names and overrides, with whole paths; sha256: of that and of the inputs.
    """

    spec: ScenarioSpec
    path: Path
    files: tuple[Path, ...]
    inputs: tuple[InputFile, ...]
    resolved: dict[str, Any]
    sha256: str


@uncollected()
def load_scenario(path_or_name: str | Path, overrides: Sequence[str] = ()) -> Loaded:
    """A scenario by path or shipped name, with `key=value` overrides on top; SpecError tells all faults at once."""
    path = found(path_or_name, "scenarios")
    documents = Documents()
    tree = documents.scenario(path)
    broken: set[KeyPath] = set()

    def enter(node: Node, at: KeyPath) -> Node:
        if _is_layout(at) and isinstance(node.value, str):
            return documents.layout_in_place(node, at[-1] if isinstance(at[-1], str) else "layout") or Node(
                {}, node.mark
            )
        if len(at) == 2 and at[0] == "policies" and isinstance(node.value, str):
            return Node({"name": node}, node.mark)
        return node

    for text in overrides:
        documents.folders[mark_of(text).file] = Path.cwd()
    try:
        tree = overridden(tree, overrides, ScenarioSpec, enter)
    except MistakesError as error:
        documents.mistakes += error.mistakes
    for at in _layout_paths(tree):
        node = _node(tree, at)
        in_place = documents.layout_in_place(node, ".".join(map(str, at)))
        if in_place is None:
            broken.add(at)
        else:
            tree = with_child(tree, at, in_place)
    inputs: list[InputFile] = []
    tree = _with_files(tree, (), documents, inputs)
    spec = _checked(tree, documents.mistakes, broken)
    return Loaded(
        spec=spec,
        path=path,
        files=tuple(dict.fromkeys(documents.read)),
        inputs=tuple(inputs),
        resolved=tree.plain(),
        sha256=scenario_sha256(spec, inputs),
    )


@uncollected()
def load_layout(path_or_name: str | Path) -> ParallelAisleSpec | GraphSpec:
    """A layout by path or shipped name; SpecError tells all faults at once."""
    path = found(path_or_name, "layouts")
    documents = Documents()
    tree = documents.layout_in_place(Node(str(path), Mark(display(path))), "layout")
    if tree is None:
        raise MistakesError(documents.mistakes)
    mistakes: list[Mistake] = []
    layout: ParallelAisleSpec | GraphSpec | None = None
    try:
        layout = TypeAdapter[ParallelAisleSpec | GraphSpec](LayoutSpec).validate_python(tree.plain())
    except ValidationError as error:
        Translation(LayoutSpec, tree, mistakes).add(error)
    if layout is not None:
        LayoutChecks(layout, tree, (), mistakes).run()
    if layout is None or mistakes:
        raise MistakesError(mistakes)
    return layout


def found(path_or_name: str | Path, kind: str) -> Path:
    """The file of a path or shipped name; SpecError with near names where there is none."""
    reference = str(path_or_name)
    which = "layouts" if kind == "layouts" else "scenarios"
    path = find_document(reference, which, Path.cwd())  # type: ignore[arg-type]
    if path is None:
        try:
            if Path(reference).is_dir():
                raise MistakesError([Mistake(Mark(reference), "", "is a folder; name a file")])
        except (OSError, ValueError):
            pass
        told = not_there(reference, Path.cwd(), which)  # type: ignore[arg-type]
        raise MistakesError([Mistake(Mark(reference or "(no name)"), "", told)])
    return path


def _checked(tree: Node, mistakes: list[Mistake], broken: Iterable[KeyPath]) -> ScenarioSpec:
    """The spec; where a section is wrong the others are still checked, so that all faults are told at once."""
    said: dict[str, Any] = tree.plain()
    wrong = {str(at[0]) for at in broken}
    spec: ScenarioSpec | None = None
    try:
        spec = ScenarioSpec.model_validate({key: value for key, value in said.items() if key not in wrong})
    except ValidationError as error:
        wrong |= Translation(ScenarioSpec, tree, mistakes).add(error, ignore=wrong)
        sections = {key: value for key, value in said.items() if key not in wrong and key in ScenarioSpec.model_fields}
        spec = ScenarioSpec.model_construct(**{key: _section(key, value) for key, value in sections.items()})
    ScenarioChecks(spec, frozenset(wrong), tree, mistakes).run()
    if any(m.key == "extends" for m in mistakes):  # what the file below would say is not missing
        mistakes = [m for m in mistakes if not m.sentence.startswith("missing")]
    if mistakes:
        raise MistakesError(mistakes)
    return spec


def _section(key: str, value: Any) -> Any:
    """One section, measured alone."""
    field = ScenarioSpec.model_fields[key]
    alone: Any = create_model(f"{key}_alone", __base__=Spec, **{key: (field.annotation, field)})  # type: ignore[call-overload]
    return getattr(alone.model_validate({key: value}), key)


def _is_layout(at: KeyPath) -> bool:
    return at == ("layout",) or (len(at) == 3 and at[0] == "sites" and at[2] == "layout")


def _layout_paths(tree: Node) -> list[KeyPath]:
    paths: list[KeyPath] = [("layout",)] if tree.child("layout") is not None else []
    sites = tree.child("sites")
    if sites is not None and isinstance(sites.value, list):
        paths += [("sites", i, "layout") for i, s in enumerate(sites.value) if s.child("layout") is not None]
    return paths


def _node(tree: Node, at: KeyPath) -> Node:
    node: Node | None = tree
    for part in at:
        assert node is not None
        node = node.child(part)
    assert node is not None
    return node


def _with_files(node: Node, at: KeyPath, documents: Documents, inputs: list[InputFile]) -> Node:
    """The tree with whole paths of the data files in place of what the scenario calls them."""
    if isinstance(node.value, list):
        entries = [_with_files(n, (*at, i), documents, inputs) for i, n in enumerate(node.value)]
        return node._replace(value=entries)
    if not isinstance(node.value, dict):
        return node
    value: dict[str, Node] = {}
    for key, child in node.value.items():
        if key in FILE_KEYS and isinstance(child.value, str):
            value[key] = _file(child, (*at, key), documents, inputs)
        else:
            value[key] = _with_files(child, (*at, key), documents, inputs)
    return node._replace(value=value)


def _file(node: Node, at: KeyPath, documents: Documents, inputs: list[InputFile]) -> Node:
    folder = documents.folder(node.mark)
    path = find_file(str(node.value), folder)
    role = ".".join(map(str, at))
    if path is None:
        documents.mistakes.append(Mistake(node.mark, role, not_there(str(node.value), folder, None)))
        return node
    try:
        inputs.append(InputFile.read(role, path))
    except OSError as error:
        documents.mistakes.append(Mistake(node.mark, role, f"{path} cannot be read: {error.strerror}"))
        return node
    return node._replace(value=str(path))
