"""The same run, stepped: advance the clock, give commands, read what was sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.events.stream import Sink
from twin.run.commands import command_of
from twin.run.result import RunResult
from twin.run.running import Run
from twin.spec.loading import Loaded, load_scenario


class Session:
    """A live run. Its commands are kept: the same run with `--commands` gives the same digest."""

    def __init__(
        self, scenario: Loaded | str | Path, *, seed: int | None = None, out: Path | None = None,
        commands: Sequence[Any] = (), policies: Mapping[str, Any] | None = None, sinks: Sequence[Sink] = (),
    ) -> None:  # fmt: skip
        loaded = scenario if isinstance(scenario, Loaded) else load_scenario(scenario)
        self._run = Run(loaded, seed=seed, out=out, commands=commands, policies=policies, sinks=sinks, live=True)
        self._run.start()

    @property
    def now_ms(self) -> int:
        """The simulated time."""
        return int(self._run.world.env.now)

    @property
    def horizon_ms(self) -> int:
        """Where the run ends."""
        return self._run.premises.horizon_ms

    def advance(self, to_ms: int) -> None:
        """Let time pass up to `to_ms`, at most to the horizon, and seal what happened."""
        self._run.advance(to_ms)
        self._run.stream.seal()

    def give(self, command: Mapping[str, Any]) -> str | None:
        """Carry a command out now (`at` is not needed); returns why it was refused."""
        value = dict(command)
        value.pop("at", None)
        value["at_ms"] = self.now_ms
        return self._run.give(command_of(value))

    def finish(self) -> RunResult:
        """Run to the horizon and give the result."""
        self._run.advance(self.horizon_ms)
        return self._run.finish()
