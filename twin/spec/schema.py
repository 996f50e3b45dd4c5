"""JSON Schema of scenario and layout files, for editors: it completes keys and underlines what the loader refuses.

A file that `extends` another may leave out whatever the other says, so that nothing is required of it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pydantic import TypeAdapter

from twin.spec.layout import LayoutSpec
from twin.spec.scenario import PoliciesSpec, ScenarioSpec

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """What a scenario file may say."""
    whole = ScenarioSpec.model_json_schema()
    definitions: dict[str, Any] = whole.pop("$defs")
    whole["properties"]["extends"] = {
        "type": "string",
        "description": "A scenario that this one changes: path or name.",
    }
    for owner in (whole, definitions["SiteSpec"]):
        layout = owner["properties"]["layout"]
        owner["properties"]["layout"] = {
            "description": "A layout by path or name, or written out.",
            "anyOf": [{"type": "string"}, *layout.get("anyOf", [{k: v for k, v in layout.items() if k != "title"}])],
        }
    policies = definitions["PoliciesSpec"]["properties"]
    for family in PoliciesSpec.model_fields:
        policies[family] = _policy(family, policies[family])
    definitions["Whole"] = whole
    partial = {_partial(name): _without_required(schema) for name, schema in definitions.items()}
    return {
        "$schema": DRAFT,
        "title": "A scenario of the warehouse twin",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": f"#/$defs/{_partial('Whole')}"},
        "else": {"$ref": "#/$defs/Whole"},
        "$defs": definitions | partial,
    }


def layout_schema() -> dict[str, Any]:
    """What a layout file may say."""
    return {
        "$schema": DRAFT,
        "title": "A layout of the warehouse twin",
        **TypeAdapter[Any](LayoutSpec).json_schema(),
    }


def _policy(family: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The choice of a family, with its names for the editor to offer; names of entry points are allowed too."""
    from twin.policies.named import FAMILIES
    from twin.policies.owner_chains import CHAINS

    names = sorted(FAMILIES[family].classes)
    word = {"anyOf": [{"enum": names}, {"type": "string"}]}
    ways = [word if way.get("type") == "string" else way for way in schema["anyOf"]]
    said = f"One of {', '.join(names)}; with rules"
    if family not in CHAINS:
        ways = [way for way in ways if way.get("type") != "array"]
        return {**schema, "anyOf": ways, "description": f"{said}."}
    return {**schema, "anyOf": ways, "description": f"{said}, or a chain of them."}


def _partial(name: str) -> str:
    return f"{name}-in-part"


def _without_required(schema: Any) -> Any:
    """The same for a file that extends another; what stands in a list is whole, since lists are replaced."""
    if isinstance(schema, list):
        return [_without_required(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("items", "prefixItems", "default", "enum", "const"):
            copy[key] = deepcopy(value)
        elif key == "required" and isinstance(value, list):
            continue
        elif key == "$ref":
            copy[key] = _partial(value)
        elif key == "oneOf":  # where the word that tells them apart may be missing, more than one may fit
            copy["anyOf"] = _without_required(value)
        elif key == "mapping" and isinstance(value, dict):
            copy[key] = {word: _partial(ref) for word, ref in value.items()}
        else:
            copy[key] = _without_required(value)
    return copy
