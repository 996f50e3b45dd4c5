"""Run a scenario from 0 to its horizon, with whatever looks on, and give the result."""

from __future__ import annotations

import gc
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from twin.domain.draws import DRAW_SCHEME
from twin.domain.errors import JournalError
from twin.domain.refusals import Refusal
from twin.events.archive import Archive
from twin.events.digest import Digest
from twin.events.journal import LIVE_GROUP_S, JournalWriter
from twin.events.json_lines import JsonLines
from twin.events.run_folder import RunFolder
from twin.events.stream import EventStream, Sink, Together
from twin.floor.world import World
from twin.observers.run_context import RunContext
from twin.observers.watch import Watch, compute
from twin.run.building import build_world
from twin.run.commands import as_mapping, in_order
from twin.run.outcomes import Outcome
from twin.run.result import RunResult
from twin.run.steering import carry_out
from twin.run.tables import ORDER_TABLES, tables_of
from twin.spec.assumptions import rests_on
from twin.spec.loading import Loaded
from twin.spec.scenario import ScenarioSpec
from twin.spec.unfold import Premises, labour_cost_per_h, unfold
from twin.spec.yaml_text import write as as_yaml
from twin.wms.policies import PolicyInUse

PAST_THE_END = Refusal("past_the_end")


def versions() -> dict[str, str]:
    """What the run was made with."""
    from importlib.metadata import version

    import twin

    return {
        "twin": twin.__version__, "python": platform.python_version(), "simpy": version("simpy"),
        "numpy": version("numpy"), "platform": f"{platform.system().lower()}-{platform.machine()}",
        "draw_scheme": str(DRAW_SCHEME),
    }  # fmt: skip


def watch_of(premises: Premises) -> Watch:
    """The observers of a run."""
    return Watch(
        premises.opening_rows(),
        volume_l={x.location: x.volume_l for s in premises.sites for x in s.plan.locations if x.volume_l < 1e12},
        sku_volume_l={key: sku.volume_l for key, sku in premises.skus.items()},
        locations=[x.location for s in premises.sites for x in s.plan.locations],
    )


def context_of(spec: ScenarioSpec, premises: Premises) -> RunContext:
    """What the figures need beside the events."""
    return RunContext(
        horizon_ms=premises.horizon_ms, warmup_ms=premises.warmup_ms, start=premises.calendar.start.isoformat(),
        floor_m2=sum(s.plan.floor_m2 for s in premises.sites),
        location_count=sum(len(s.plan.locations) for s in premises.sites),
        servers={x.name: x.benches for s in premises.sites for x in s.plan.pack_stations.values()},
        cost_per_h=labour_cost_per_h(spec),
    )  # fmt: skip


class Run:
    """A run in the making: the world, its stream, and who looks on. `twin.session` steps it, `run_scenario` runs it."""

    def __init__(
        self, loaded: Loaded, *, seed: int | None = None, out: Path | None = None, events: str | Path | None = None,
        commands: Sequence[Any] = (), policies: Mapping[str, Any] | None = None, observers: bool = True,
        sinks: Sequence[Sink] = (), live: bool = False,
    ) -> None:  # fmt: skip
        self.loaded = loaded
        self.spec = loaded.spec
        self.seed = loaded.spec.seed if seed is None else seed
        self.premises: Premises = unfold(loaded, self.seed)
        self.commands: list[tuple[int, Any]] = in_order(commands, self.premises.calendar, self.premises.horizon_ms)
        self.watch = watch_of(self.premises) if observers else None
        self.digest = self.watch.digest if self.watch is not None else Digest()
        self.given: list[dict[str, Any]] = []
        self.last_outcome: Outcome | None = None
        world: World
        stream: EventStream
        chosen: dict[str, PolicyInUse]
        world, stream, chosen = build_world(self.spec, self.premises, self.seed, policies=policies)
        self.world, self.stream, self.chosen = world, stream, chosen
        looking_on: Sink = self.watch if self.watch is not None else self.digest
        self.later = Together(looking_on) if live else None
        stream.sinks.append(looking_on if self.later is None else self.later)
        self.folder: RunFolder | None = None
        self.journal: JournalWriter | None = None
        if out is not None:  # an earlier run there makes way when this one starts, not for one that cannot
            self.folder = RunFolder.claimed(out)
            stream.names.archive = Archive(self.folder.folder)
            self.journal = self.folder.journal(every_s=LIVE_GROUP_S if live else None)
            stream.sinks.append(self.journal)
        self.lines = JsonLines(events) if events is not None else None
        if self.lines is not None:
            stream.sinks.append(self.lines)
        stream.sinks += sinks
        self.policies_given = {
            family: self.chosen[family].ref.name if not isinstance(given, str) else given
            for family, given in (policies or {}).items()
        }
        self.policy_sources = {
            family: self.chosen[family].ref.version
            for family in self.chosen
            if self.chosen[family].ref.version.startswith("source:")
        }
        self._started = False
        self._begun_ms: int | None = None
        self._begun_s = time.process_time()

    def start(self) -> None:
        """Time 0: what makes the folder self-contained is written first."""
        if self._started:
            return
        self._started = True
        if self.folder is not None:
            self.folder.clear()
            self.folder.write_tables(tables_of(self.premises, self.world))
            self.folder.write_scenario(as_yaml(self.loaded.resolved))
        self.world.start()

    def advance(self, at_ms: int) -> None:
        """Let the simulated time come to `at_ms`, carrying out the commands that fall due."""
        self.start()
        at_ms = min(at_ms, self.premises.horizon_ms)
        while self.commands and self.commands[0][0] < at_ms:
            due, command = self.commands.pop(0)
            self.world.run_until(due)
            self.give(command)
        self.world.run_until(at_ms)

    def next_ms(self) -> float:
        """The next instant at which something happens, a command's among them; infinite when nothing does."""
        if self._begun_ms is not None:
            return self._begun_ms
        due = self.world.env.peek()
        return min(due, self.commands[0][0]) if self.commands else due

    def complete(self, at_ms: int) -> None:
        """All of one instant, `next_ms`: its commands are first in it, as they are in a run that goes through."""
        self._commands_at(at_ms)
        self.world.complete(at_ms)
        self._begun_ms = None

    def give_at(self, at_ms: int, command: Any) -> Refusal | None:
        """Carry a command out first in an instant that has not begun; returns why not."""
        if at_ms >= self.premises.horizon_ms:
            return PAST_THE_END
        self._commands_at(at_ms)
        self._begun_ms = at_ms
        return self.give(command)

    def _commands_at(self, at_ms: int) -> None:
        self.world.env.come_to(at_ms)
        while self.commands and self.commands[0][0] == at_ms:
            self.give(self.commands.pop(0)[1])

    def give(self, command: Any) -> Refusal | None:
        """Carry a command out now; returns why not."""
        if self.world.env.now >= self.premises.horizon_ms:
            return PAST_THE_END
        self.start()
        self.given.append(as_mapping(self.world.env.now, command))
        if self.folder is not None:
            self.folder.write_commands(self.given)
        self.last_outcome = carry_out(self.world, command)
        return self.last_outcome.refused

    def finish(self, complete: bool = True) -> RunResult:
        """Close the books: check that nothing is lost, seal, fold, write."""
        self.stream.close()
        if self.later is not None:
            self.later.flush()
        self.world.check_nothing_is_lost()
        cpu_s = time.process_time() - self._begun_s
        digest = self.digest.value()
        if self.journal is not None:  # the figures take room of their own
            self.stream.names.rest()
            self.journal.rest()
        kpis = compute(self.watch, context_of(self.spec, self.premises)) if self.watch is not None else {}
        result = RunResult(
            scenario=self.spec.name, seed=self.seed, scenario_sha256=self.loaded.sha256,
            digest=digest, versions=versions(), simulated_h=self.world.env.now / 3_600_000,
            events=self.stream.events, scheduled_events=self.world.scheduled_events, cpu_s=cpu_s, kpis=kpis,
            assumptions=rests_on(self.spec), policies={f: p.ref.name for f, p in self.chosen.items()},
            policies_given=dict(self.policies_given), policy_sources=dict(self.policy_sources),
            commands=len(self.given), complete=complete,
            cleaning=self.premises.cleaning,
            faults_missed=[
                {"fault": number, "times": times, "why": str(why)}
                for (number, why), times in sorted(self.world.missed.items())
            ],
            folder=self.folder.folder if self.folder is not None else None,
        )  # fmt: skip
        if self.folder is not None:
            assert self.journal is not None
            self.journal.finish()
            for table, (kind, columns) in ORDER_TABLES.items():
                self.folder.write_told(table, kind, columns)
            self.folder.write_commands(self.given)
            self.folder.write_result(result.as_json())
            self.folder.release()
        if self.lines is not None:
            self.lines.close()
        return result

    def stop(self) -> None:
        """Leave off in the middle: what is sealed stays readable."""
        try:
            self.stream.seal()
        finally:
            if self.folder is not None and self.journal is not None:
                self.journal.stop()
                self.folder.release()
            if self.lines is not None:
                self.lines.close()


@contextmanager
def few_collections() -> Iterator[None]:
    """A run makes millions of small records and next to no cycles: let the collector look seldom while it goes."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def run_scenario(
    loaded: Loaded, *, seed: int | None = None, out: Path | None = None, events: str | Path | None = None,
    commands: Sequence[Any] = (), policies: Mapping[str, Any] | None = None, observers: bool = True,
    sinks: Sequence[Sink] = (), progress: Callable[[int, int], None] | None = None,
) -> RunResult:  # fmt: skip
    """One run. Ctrl-C, or whatever else stops it, leaves a journal readable to its last group."""
    run = Run(
        loaded,
        seed=seed,
        out=out,
        events=events,
        commands=commands,
        policies=policies,
        observers=observers,
        sinks=sinks,
    )
    try:
        horizon = run.premises.horizon_ms
        steps = 60 if progress is not None else 1
        with few_collections():
            for step in range(1, steps + 1):
                run.advance(horizon * step // steps)
                if progress is not None:
                    progress(run.world.env.now, horizon)
            return run.finish()
    except JournalError as fault:
        is_told = run.journal is None or run.journal.is_stuck
        with suppress(JournalError):
            run.stop()
        if run.journal is None or is_told:
            raise
        raise JournalError(f"{fault}; {run.journal.readable}") from fault
    except BaseException:
        run.stop()
        raise
