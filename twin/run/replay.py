"""A recorded run, run again with a tap: snapshots are not stored, a run is repeated when they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.domain.errors import JournalError
from twin.events.run_folder import RunFolder
from twin.policies.shape import PolicyRef
from twin.run.commands import read_commands
from twin.run.foreign import is_foreign
from twin.run.result import RunResult
from twin.run.running import Run, few_collections
from twin.spec.loading import Loaded, load_scenario
from twin.wms.policies import PolicyInUse

Heard = Callable[["Asked"], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy was asked. from_seq: the next event's number then, so that its record is found at or after it."""

    site: str
    from_seq: int
    ref: PolicyRef
    snapshot: Any
    decision: Any
    policy: Any = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run folder says of how it came about."""

    folder: Path
    loaded: Loaded
    seed: int
    commands: list[Any]
    policies: dict[str, Any]
    result: dict[str, Any]


def recorded_run(folder: Path, own: Mapping[str, Any] | None = None) -> Recorded:
    """Read a run folder. It never makes code load: a policy of one's own is given again in `own`."""
    if not folder.is_dir():
        raise JournalError(f"{folder} is not a run folder; `twin run SCENARIO --out {folder}` makes one")
    result: Any = RunFolder(folder).read_result()
    wanted = {"seed": int, "digest": str, "versions": dict, "events": int}
    if not isinstance(result, dict) or any(not isinstance(result.get(k), kind) for k, kind in wanted.items()):
        raise JournalError(f"{folder / 'result.json'} is not a run's result: it needs {', '.join(wanted)}")
    given = dict(result.get("policies_given") or {})
    own = dict(own or {})
    for family, name in given.items():
        if is_foreign(str(name)) and family not in own:
            raise JournalError(
                f"{folder}: was run with {family}={name}, code of your own, which is never loaded from a folder; "
                f"give it again: --policy {family}={name}"
            )
    commands_file = folder / "commands.jsonl"
    return Recorded(
        folder, load_scenario(folder / "scenario.yaml"), result["seed"],
        read_commands(commands_file) if commands_file.is_file() else [], given | own, result,
    )  # fmt: skip


def again(recorded: Recorded, heard: Heard, families: frozenset[str] | None = None) -> RunResult:
    """Run it again and tell every question to a policy of these families; JournalError if the digest is another."""
    run = Run(recorded.loaded, seed=recorded.seed, commands=recorded.commands, policies=recorded.policies)
    for site, desk in run.world.wms.sites.items():
        desk.r.decisions.tap = _tap(str(site), run, heard, families, desk.r.decisions.policies)
    with few_collections():
        run.advance(run.premises.horizon_ms)
        result = run.finish()
    if result.digest != recorded.result["digest"]:
        raise JournalError(
            f"{recorded.folder}: run again it gives {result.digest}, recorded is {recorded.result['digest']}: its "
            f"decisions cannot be told; recorded with {recorded.result['versions']}, now {result.versions}"
        )
    return result


def _tap(
    site: str, run: Run, heard: Heard, families: frozenset[str] | None, policies: Mapping[str, PolicyInUse]
) -> Callable[[PolicyRef, Any, Any], None]:
    def tap(ref: PolicyRef, snapshot: Any, decision: Any) -> None:
        if families is None or ref.family in families:
            heard(Asked(site, run.stream.events, ref, snapshot, decision, policies[ref.family].decide))

    return tap
