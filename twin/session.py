"""The same run, stepped: advance the clock, give commands, read what was sealed.

Whole instants only: after `advance` all that happens up to `head_ms` has happened and is sealed, and nothing later. A
command comes at `head_ms + 1`, before anything else of that instant, so that a run over the recorded commands is the
same run, event for event. Where somebody is to answer, `stops_at_questions` ends a step with the instant of a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

from twin.domain.refusals import Refusal
from twin.events.chunk import Chunk
from twin.events.stream import Sink
from twin.observers.run_context import Figures, RunContext
from twin.observers.watch import compute
from twin.run.commands import command_of
from twin.run.questions import OpenQuestion
from twin.run.result import RunResult
from twin.run.running import Run, context_of
from twin.run.tables import Tables, tables_of
from twin.spec.loading import Loaded, load_scenario


@dataclass(frozen=True, slots=True)
class Title:
    """What a run is called: its scenario and seed, when its day begins, and who decides in it, by family."""

    scenario: str
    seed: int
    start: str
    horizon_ms: int
    policies: Mapping[str, str]


class Session:
    """A live run. Its commands are kept: the same run with `--commands` gives the same digest."""

    def __init__(
        self, scenario: Loaded | str | Path, *, seed: int | None = None, out: Path | None = None,
        commands: Sequence[Any] = (), policies: Mapping[str, Any] | None = None, sinks: Sequence[Sink] = (),
        keep_chunks: bool = False,
    ) -> None:  # fmt: skip
        """`keep_chunks`: what was sealed stays in `chunks`, for whoever does not bring a sink."""
        loaded = scenario if isinstance(scenario, Loaded) else load_scenario(scenario)
        self.chunks: list[Chunk] = []
        looking_on = [*sinks, _Kept(self.chunks)] if keep_chunks else sinks
        self._run = Run(loaded, seed=seed, out=out, commands=commands, policies=policies, sinks=looking_on, live=True)
        self._run.start()
        self.head_ms = -1
        """The last complete instant; -1 while the first has not passed."""
        self.stops_at_questions = False
        """Whether `advance` goes no further than an instant in which a question was asked. Each stops it once."""
        self._asked_seq = -1
        self._result: RunResult | None = None

    # --- the clock and who acts ------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The simulated time."""
        return max(0, self.head_ms)

    @property
    def horizon_ms(self) -> int:
        """Where the run ends."""
        return self._run.premises.horizon_ms

    def advance(self, target_ms: int, budget_s: float | None = None) -> int:
        """Run to `target_ms`, or until the budget is spent or a question is asked, if that is to stop it.

        The last complete instant. What happened is sealed.
        """
        if self._result is not None:
            return self.head_ms
        run, horizon_ms = self._run, self.horizon_ms
        target_ms = min(int(target_ms), horizon_ms)
        deadline_s = inf if budget_s is None else perf_counter() + budget_s
        while (instant := run.next_ms()) <= target_ms and instant < horizon_ms:
            run.complete(int(instant))
            self.head_ms = int(instant)
            if self._is_asked() or perf_counter() > deadline_s:
                break
        else:
            self.head_ms = max(self.head_ms, target_ms)
        run.stream.seal()
        return self.head_ms

    def _is_asked(self) -> bool:
        """Whether there is a question that has not stopped the run yet, and it should."""
        newest = max((q.seq for q in self._run.world.questions.values()), default=-1)
        is_new, self._asked_seq = newest > self._asked_seq, max(newest, self._asked_seq)
        return is_new and self.stops_at_questions

    def give(self, command: Mapping[str, Any]) -> Refusal | None:
        """Carry a command out at `head_ms + 1` (`at` is not needed); why it was refused. SpecError: no command."""
        at_ms = self.head_ms + 1
        value = {key: said for key, said in command.items() if key != "at"}
        return self._run.give_at(at_ms, command_of({**value, "at_ms": at_ms}))

    @property
    def last_status(self) -> str:
        """What came of the last command: done, refused, or waiting for the WMS."""
        last = self._run.last_outcome
        return "done" if last is None else last.status

    @property
    def given(self) -> Sequence[Mapping[str, Any]]:
        """The commands carried out or refused so far, as `commands.jsonl` has them."""
        return self._run.given

    @property
    def questions(self) -> Sequence[OpenQuestion]:
        """The questions from the floor that wait for an answer."""
        return list(self._run.world.questions.values())

    def finish(self) -> RunResult:
        """Run to the horizon and give the result; the same one when asked again."""
        if self._result is None:
            self._run.advance(self.horizon_ms)
            self.head_ms = self.horizon_ms
            self._result = self._run.finish()
        return self._result

    def stop(self) -> None:
        """Leave off in the middle: what is sealed stays readable."""
        if self._result is None:
            self._run.stop()

    # --- what a viewer needs beside the events -----------------------------------------------------------------

    @property
    def title(self) -> Title:
        """What the run is called."""
        run = self._run
        policies = {family: used.ref.name for family, used in run.chosen.items()}
        return Title(run.spec.name, run.seed, run.premises.calendar.start.isoformat(), self.horizon_ms, policies)

    @property
    def context(self) -> RunContext:
        """What the figures need beside the events."""
        return context_of(self._run.spec, self._run.premises)

    def tables(self) -> Tables:
        """The tables of a run's folder as columns, without one: nodes, edges, locations ... but not the orders."""
        return tables_of(self._run.premises, self._run.world)

    def figures(self) -> Figures:
        """The key figures of what was sealed so far, as if the run ended at `head_ms`."""
        run = self._run
        if run.later is not None:
            run.later.flush()
        return compute(run.watch, replace(self.context, horizon_ms=self.now_ms)) if run.watch is not None else {}


class _Kept:
    """A sink that keeps what it gets."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks

    def fold(self, chunk: Chunk, /) -> None:
        self._chunks.append(chunk)
