"""Values as YAML text that this room, and older readers too, read back as the same values."""

from __future__ import annotations

import json
import re
from math import isinf, isnan
from typing import Any

import yaml

from twin.spec.plain_yaml import NotAScalarError, scalar

_PLAIN_WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./+-]| (?=[A-Za-z0-9]))*")
_NOT_SHOWN = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_OTHERS_MISREAD = re.compile(r"=|<<|[-+.]?[0-9]|(?:y|n|yes|no|on|off|true|false|null)$", re.IGNORECASE)
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan"


class _Writer(yaml.SafeDumper):
    """Quotes whatever this module would read as something else."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own class attribute

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: _Writer, value: str) -> yaml.Node:
    try:
        plain = scalar(value) == value
    except NotAScalarError:
        plain = False
    style = None if plain and not _OTHERS_MISREAD.match(value) else "'"
    if _NOT_SHOWN.search(value):
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _number(writer: _Writer, value: float) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:float", _digits(value))


def _digits(value: float) -> str:
    if isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return ".nan" if isnan(value) else repr(float(value))


_Writer.add_representer(str, _text)
_Writer.add_representer(float, _number)
_Writer.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Writer.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Writer.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Writer.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(rf"^(?![-+]?[0-9]+$)(?:{_FLOAT})$"),
    list("-+.0123456789"),
)


def write(value: Any) -> str:
    """YAML text that `read_text` reads back as the same value."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False)


def flow(value: Any) -> str:
    """A value on one line, as `{name: A-01, offset_m: 1.5}`; for long lists, one entry a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        if _PLAIN_WORD.fullmatch(value) and not _OTHERS_MISREAD.match(value) and isinstance(scalar(value), str):
            return value
        return _NOT_SHOWN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))
    return _digits(value) if isinstance(value, float) else repr(value)
