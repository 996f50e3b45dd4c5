"""The times of all orders of a recorded run, read from its folder: only the kinds and columns that they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from twin.domain.calendar import Calendar
from twin.domain.errors import JournalError
from twin.events.columns import MISSING, NAMES
from twin.events.names import Names
from twin.events.reading import read_events, recording
from twin.events.run_folder import RESULT_FILE, SCENARIO_FILE, RunFolder
from twin.observers.gathered import Gathered
from twin.observers.order_times import OrderTimes, Times
from twin.observers.utilisation import Utilisation
from twin.spec.plain_yaml import read_bytes


@dataclass(frozen=True, slots=True)
class RecordedTimes:
    """A run folder, its orders' times and its people. A run that was broken off counts to its last event."""

    folder: Path
    complete: bool
    result: dict[str, Any]
    settings: dict[str, Any]
    calendar: Calendar
    warmup_ms: int
    horizon_ms: int
    times: Times
    people: Utilisation

    @property
    def title(self) -> str:
        """The scenario and the seed, as far as they are known."""
        name = self.result.get("scenario") or self.settings.get("name") or self.folder.name
        seed = self.result.get("seed", self.settings.get("seed"))
        return str(name) if seed is None else f"{name}, seed {seed}"

    def decisions(self, seqs: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Decisions by seq: family, policy, choice, candidates, at_ms, units, wave and detail."""
        wanted = np.array(sorted(set(seqs)), dtype=np.int64)
        columns = ["seq", "at_ms", "family", "policy", "choice", "candidates", "units", "order", "detail"]
        found = read_events(self.folder, columns, ["PolicyDecided"]).columns
        rows = np.flatnonzero(np.isin(found["seq"].astype(np.int64), wanted))
        table = {}
        for i in rows.tolist():
            row = {name: found[name][i] for name in columns}
            table[int(row["seq"])] = {k: _plain(v) for k, v in row.items()}
        return table


def _plain(value: Any) -> Any:
    if isinstance(value, np.integer):
        return None if value == MISSING else int(value)
    return value


def read_times(folder: Path) -> RecordedTimes:
    """Read a run folder. Raises JournalError when it is none."""
    if not folder.is_dir():
        raise JournalError(f"{folder} is not a run folder; `twin run SCENARIO --out {folder}` makes one")
    record = recording(folder)
    settings = settings_of(folder)
    result = RunFolder(folder).read_result() if (folder / RESULT_FILE).is_file() else {}
    told, people = OrderTimes(), Utilisation()
    gathered = [*told.gathered.all, *(v for v in vars(people).values() if isinstance(v, Gathered))]
    last_ms = fold_recorded(folder, gathered)
    simulated_h = result.get("simulated_h")
    horizon_ms = last_ms if simulated_h is None else round(float(simulated_h) * 3_600_000)
    start = datetime.fromisoformat(str(settings.get("start", "2026-03-02T06:00")))
    warmup_ms = round(float(settings.get("warmup_h", 0)) * 3_600_000)
    return RecordedTimes(
        folder, record.complete, result, settings, Calendar(start), warmup_ms, horizon_ms, told.times(horizon_ms),
        people,
    )  # fmt: skip


def settings_of(folder: Path) -> dict[str, Any]:
    """The resolved scenario of a run, as it stands in its folder; empty if it is not there."""
    path = folder / SCENARIO_FILE
    if not path.is_file():
        return {}
    found = read_bytes(path.read_bytes(), str(path)).plain()
    return found if isinstance(found, dict) else {}


def fold_recorded(folder: Path, gathered: Iterable[Gathered]) -> int:
    """Give each what it gathers, as if it had folded the chunks; returns the time of the last of these events."""
    by_kind: dict[str, list[Gathered]] = {}
    for one in gathered:
        by_kind.setdefault(one.kind, []).append(one)
    names = Names()
    last_ms = 0
    for kind, ones in by_kind.items():
        wanted = list(dict.fromkeys(name for one in ones for name in one.wanted))
        found = read_events(folder, wanted, [kind]).columns
        coded = {name: _coded(values, names) if name in NAMES else values for name, values in found.items()}
        if len(coded["at_ms"]):
            last_ms = max(last_ms, int(coded["at_ms"][-1]))
        for one in ones:
            one.put({name: coded[name] for name in one.wanted}, names)
    return last_ms


def _coded(values: Any, names: Names) -> Any:
    return np.fromiter(map(names.codes.__getitem__, values.tolist()), dtype=np.int64, count=len(values))
