"""What is compared: a design is a scenario that holds together, its policies from outside, its place in the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError
from twin.events.run_folder import RunFolder
from twin.run.foreign import is_foreign
from twin.spec.loading import Loaded, load_scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One thing to be tried.

    `policies`: family -> `module:Class` or address, never from a file; `factors`: its cell of the grid.
    """

    name: str
    loaded: Loaded
    policies: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, Any] = field(default_factory=dict)


def design_of(
    name: str, scenario: str | Path, overrides: Sequence[str] = (), policies: Mapping[str, str] | None = None
) -> Design:
    """A design from a scenario by path or name; a run folder stands for the scenario it was run with."""
    path = Path(scenario)
    if (path / "scenario.yaml").is_file():
        own = policies or {}
        result = RunFolder(path).read_result() if (path / "result.json").is_file() else {}
        lacking = [
            f"{family}={code}"
            for family, code in dict(result.get("policies_given") or {}).items()
            if family not in own and is_foreign(str(code))
        ]
        if lacking:
            raise SpecError(
                f"{path}: was run with {lacking[0]}, code of your own, which is never loaded from a folder; "
                f"give it again: --policy {lacking[0]}"
            )
        named = {f: str(n) for f, n in dict(result.get("policies_given") or {}).items() if f not in own}
        return Design(
            name=name, loaded=load_scenario(path / "scenario.yaml", overrides), policies={**named, **dict(own)}
        )
    return Design(name=name, loaded=load_scenario(scenario, overrides), policies=dict(policies or {}))


def distinct_names(designs: Sequence[Design]) -> None:
    """SpecError when two designs bear one name: no table could tell them apart."""
    names = [d.name for d in designs]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise SpecError(f"two designs are called {twice[0]!r}; give each a name of its own")


def settings_that_differ(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Dotted keys of two resolved scenarios whose values are not the same, with both values in words."""
    from twin.run.first_difference import settings_that_differ as differing

    return [(row["key"], _in_words(row["a"]), _in_words(row["b"])) for row in differing(before, after)]


def _in_words(value: Any) -> str:
    text = "default" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
