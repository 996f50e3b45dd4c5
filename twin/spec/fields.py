"""What a spec allows at a path: which model, which keys, text or number. Read off the annotations of the specs."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from twin.spec.mistakes import Path
from twin.spec.plain_yaml import Node


def branches(annotation: Any) -> Iterator[Any]:
    """The alternatives of an annotation, without `Annotated` and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from branches(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for arg in get_args(annotation):
            yield from branches(arg)
    else:
        yield annotation


def _that_fit(alternatives: Iterable[Any], node: Node | None) -> list[Any]:
    """Of several models, those whose `type` or `action` word is the node's."""
    found = list(alternatives)
    named = node.child(word_key(found)) if node is not None else None
    if named is None:
        return found
    if not any(_is_model(a) and named.value in type_words(a) for a in found):
        return found
    return [a for a in found if not _is_model(a) or named.value in type_words(a)]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def word_key(alternatives: Iterable[Any]) -> str:
    """The key whose word tells one model from the others: `action` of commands, else `type`."""
    return "action" if any(_is_model(a) and "action" in a.model_fields for a in alternatives) else "type"


def type_words(model: Any) -> tuple[Any, ...]:
    """The words that this key may have in a model."""
    if not _is_model(model):
        return ()
    field = model.model_fields.get(word_key([model]))
    return get_args(field.annotation) if field is not None else ()


def below(annotation: Any, part: str | int, node: Node | None) -> list[Any]:
    """The alternatives for one key or place under an annotation."""
    found: list[Any] = []
    for branch in _that_fit(branches(annotation), node):
        if _is_model(branch):
            field = branch.model_fields.get(str(part))
            if field is not None:
                found += branches(field.annotation)
        elif get_origin(branch) is dict:
            found += branches(get_args(branch)[1])
        elif get_origin(branch) is tuple:
            args = get_args(branch)
            if len(args) == 2 and args[1] is Ellipsis:
                found += branches(args[0])
            elif isinstance(part, int) and part < len(args):
                found += branches(args[part])
    return found


def at(top: Any, tree: Node, path: Path) -> list[Any]:
    """The alternatives that the spec allows at a path of a document."""
    found: list[Any] = list(branches(top))
    node: Node | None = tree
    for part in path:
        found = [a for branch in _that_fit(found, node) for a in below(branch, part, node)]
        node = node.child(part) if node is not None else None
    return _that_fit(found, node)


def keys(alternatives: Iterable[Any]) -> list[str]:
    """The keys of the models among the alternatives."""
    known: dict[str, None] = {}
    for branch in alternatives:
        if _is_model(branch):
            known |= dict.fromkeys(branch.model_fields)
    return list(known)


def is_text_only(alternatives: Iterable[Any]) -> bool:
    """Does only text fit here, so that `2024` without quotes can be nothing else?"""
    scalars = [a for a in alternatives if a is not type(None) and not _is_model(a) and get_origin(a) is None]
    words = [a for a in alternatives if get_origin(a) is Literal and not all(isinstance(w, str) for w in get_args(a))]
    return bool(scalars) and not words and all(a is str for a in scalars)


def is_list_only(alternatives: Iterable[Any]) -> bool:
    """Does only a list, of any length, fit here (or nothing)."""
    some = [a for a in alternatives if a is not type(None)]
    return bool(some) and all(get_origin(a) is tuple and get_args(a)[-1] is Ellipsis for a in some)
