"""`twin verify RUN`: run it again and compare event by event."""

from __future__ import annotations

import json as jsonlib
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def verify_command(folder: Path, own: Mapping[str, Any], *, json: bool) -> int:
    """0 when the digests agree; 1 with the first event that differs; 2 when it cannot be told."""
    from twin.run.replay import recorded_run
    from twin.run.running import run_scenario

    recorded = recorded_run(folder, own)
    result = recorded.result
    with tempfile.TemporaryDirectory() as scratch:
        again_folder = Path(scratch) / "again"
        again = run_scenario(
            recorded.loaded,
            seed=recorded.seed,
            out=again_folder,
            commands=recorded.commands,
            policies=recorded.policies,
        )
        recorded_events = digest_of(folder)
        same = again.digest == result["digest"] == recorded_events
        difference = None if same else first_difference(folder, again_folder)
    answer: dict[str, Any] = {
        "schema": "twin.verify/1", "run": str(folder), "same": same, "digest": result["digest"],
        "digest_of_events": recorded_events, "digest_again": again.digest, "first_difference": difference,
        "versions": result["versions"], "versions_now": again.versions,
    }  # fmt: skip
    if json:
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2))
    elif same:
        print(f"{folder}: the same {result['events']:,} events again, digest {again.digest}")
    else:
        print(f"{folder}: differs. recorded {result['digest']}, now {again.digest}")
        if recorded_events != result["digest"]:
            print(f"the events were changed since: they come to {recorded_events}")
        if difference is not None:
            print(f"first difference at event {difference['seq']}:")
            print(f"  recorded  {difference['recorded']}")
            print(f"  now       {difference['now']}")
        if again.policy_sources != (result.get("policy_sources") or {}):
            print("the source of a policy of your own has changed since", file=sys.stderr)
        if answer["versions"] != answer["versions_now"]:
            print(f"versions then {answer['versions']}, now {answer['versions_now']}", file=sys.stderr)
    return 0 if same else 1


def digest_of(folder: Path) -> str:
    """The digest of the events as they are recorded now."""
    from twin.events.digest import Digest
    from twin.events.reading import read_chunks

    digest = Digest()
    for chunk in read_chunks(folder):
        digest.fold(chunk)
    return digest.value()


def first_difference(folder: Path, again: Path) -> dict[str, Any] | None:
    """The first event of two recordings that is not the same: its seq and both forms."""
    from itertools import zip_longest

    for number, (one, other) in enumerate(zip_longest(_lines(folder), _lines(again))):
        if one != other:
            return {"seq": number, "recorded": one, "now": other}
    return None


def _lines(folder: Path) -> Any:
    from twin.events.json_lines import lines_of
    from twin.events.reading import read_chunks

    for chunk in read_chunks(folder):
        yield from (jsonlib.loads(line) for line in lines_of(chunk))
