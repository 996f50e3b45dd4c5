"""`twin run`."""

from __future__ import annotations

import json as jsonlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.domain.errors import SpecError

if TYPE_CHECKING:
    from twin.events.chunk import Chunk


def policies_of(texts: list[str]) -> dict[str, str]:
    """`FAMILY=NAME` options."""
    chosen = {}
    for text in texts:
        family, sign, name = text.partition("=")
        if not sign or not family or not name:
            raise SpecError(f"--policy {text}: write FAMILY=NAME, for example --policy routing=optimal")
        chosen[family] = name
    return chosen


def progress_printer(name: str) -> Callable[[int, int], None]:
    """Simulated clock and speed: a moving line on a terminal, few plain lines elsewhere; always on stderr."""
    begun = time.monotonic()
    terminal = sys.stderr.isatty()
    state = {"tenth": 0}

    def show(now_ms: int, horizon_ms: int) -> None:
        share = now_ms / horizon_ms if horizon_ms else 1.0
        passed = max(1e-9, time.monotonic() - begun)
        text = f"{name}: {now_ms / 3_600_000:.1f} of {horizon_ms / 3_600_000:.1f} h, {now_ms / 1000 / passed:,.0f} x"
        if terminal:
            print(f"\r{text} ", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
        elif int(share * 4) > state["tenth"]:
            state["tenth"] = int(share * 4)
            print(text, file=sys.stderr)

    return show


def run_command(
    scenario: str, overrides: list[str], seed: int | None, replications: int, out: Path | None, *, json: bool,
    events: str | None, commands: Path | None, policies: list[str],
) -> None:  # fmt: skip
    """Run, and print a table or JSON."""
    from twin.events.reading import is_broken_off
    from twin.run.commands import read_commands
    from twin.run.running import run_scenario
    from twin.spec.loading import load_scenario

    chosen = policies_of(policies)
    loaded = load_scenario(scenario, overrides)
    given = read_commands(commands) if commands is not None else []
    if replications > 1 and events is not None:
        raise SpecError("--events goes with one run; leave out -n")
    if json and events == "-":
        raise SpecError("--json and --events - both want stdout; write the events to a file")
    first = loaded.spec.seed if seed is None else seed
    results = []
    refused = Refused()
    for number in range(replications):
        folder = None if out is None else out if replications == 1 else out / f"seed-{first + number}"
        progress = progress_printer(f"{loaded.spec.name} seed {first + number}")
        try:
            result = run_scenario(
                loaded, seed=first + number, out=folder, events=events, commands=given, policies=chosen,
                progress=progress, sinks=[refused] if given else [],
            )  # fmt: skip
        except KeyboardInterrupt:
            if folder is not None and is_broken_off(folder):
                print(f"\nstopped; {folder} is readable up to its last sealed group", file=sys.stderr)
            raise
        results.append(result)
    missed = [
        f"seed {r.seed}: faults.{m['fault']} found nobody ({m['times']} x): {m['why']}"
        for r in results
        for m in r.faults_missed
    ]
    for sentence in (*refused.told(), *missed):
        print(sentence, file=sys.stderr)
    if json:
        answer: Any = results[0].as_json() if replications == 1 else _many(results)
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    elif events != "-":
        from twin.cli.tables import print_results

        print_results(results)
    if out is not None:
        print(f"written to {out}", file=sys.stderr)


class Refused:
    """A sink that keeps which commands of a file could not be carried out, and why."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        rows = chunk.rows("CommandGiven")
        actions, stati = chunk.take("action", rows).tolist(), chunk.take("status", rows).tolist()
        for row, action, status, at_ms in zip(rows, actions, stati, chunk.take("at_ms", rows).tolist(), strict=True):
            if chunk.names.name(status) == "refused":
                why = jsonlib.loads(chunk.columns["detail"][row] or "{}").get("refused", "")
                self._found[f"refused at {at_ms / 3_600_000:.2f} h: {chunk.names.name(action)}: {why}"] = None

    def told(self) -> list[str]:
        """One sentence a command."""
        return list(self._found)


def _many(results: list[Any]) -> dict[str, Any]:
    from twin.cli.tables import intervals

    return {
        "schema": "twin.replications/1",
        "replications": [r.as_json() for r in results],
        "intervals_95": intervals(results),
    }
