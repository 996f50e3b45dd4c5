"""A run folder as a feed: what scenes are made of is read at once, all else when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.catalogue import KINDS
from twin.events.columns import COLUMNS, MISSING, NAMES, NUMBERS
from twin.events.names import Names
from twin.events.reading import Recording, recording
from twin.events.run_folder import RESULT_FILE, RunFolder
from twin.observers.run_context import RunContext
from visualizer.feed import WANTED, Alternatives, Batch, Record, Title
from visualizer.stored.growing import Array

FIRST_EVENTS, STRETCH_EVENTS = 500_000, 5_000_000
"""So many are read at first, so that there is soon something to see; then as many at once as memory likes."""
DRAWN_TABLES = (
    "nodes", "edges", "locations", "stations", "doors", "skus", "lots", "equipment", "opening_stock", "orders",
    "order_lines",
)  # fmt: skip
_ALWAYS = frozenset({"nodes", "edges", "locations", "stations", "doors", "equipment", "opening_stock"})

_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}


_ON_THE_FLOOR = frozenset({"station", "equipment", "door"})
_RARE = frozenset({"CommandGiven", "ExceptionReported", "UnitsLost"})
"""Kinds of which names are wanted that are not worth looking up for the others."""


def _groups() -> list[list[str]]:
    """Kinds that are read together, by what of names is wanted of them: each query looks through all events."""
    found: dict[str, list[str]] = {}
    for kind, columns in WANTED.items():
        if kind in _RARE or kind == "WorkerDeparted":
            group = kind
        elif _ON_THE_FLOOR.intersection(columns):
            group = "floor"
        else:
            group = "worker" if "worker" in columns else "goods"
        found.setdefault(group, []).append(kind)
    return list(found.values())


_ALIKE = _groups()
_PLACES = frozenset({"location", "origin", "destination"})
"""Columns that hold names of places."""
_FEW = frozenset({"worker", "action", "reason", "station", "door", "equipment"})
"""Columns with so few names that taking all of them is cheaper than looking at the kind of each event."""


class RecordedFeed:
    """Raises JournalError, in a sentence, if the folder is not one of a run."""

    live = False

    def __init__(
        self, folder: Path, *, servers: Mapping[str, int | None] | None = None, alternatives: Alternatives | None = None
    ) -> None:
        if not folder.is_dir():
            raise JournalError(f"{folder} is not a folder; name one that `twin run --out` has written")
        self.folder = folder
        self.alternatives = alternatives
        self.recording: Recording = recording(folder)
        self._con: Any = parquet.connect()
        self._con.execute("SET threads = 2")
        self.tables: dict[str, Mapping[str, Any]] = {}
        for name in DRAWN_TABLES:
            if name in _ALWAYS or (folder / f"{name}.parquet").is_file():
                self.tables[name] = RunFolder(folder).read_table(name, con=self._con)
        self._there = {row[0] for row in self._rows(f"DESCRIBE SELECT * FROM {self._from()}")}
        events, head = self._rows(f"SELECT count(*), coalesce(max(at_ms), 0) FROM {self._from()}")[0]
        self.events = int(events)
        result = self._result()
        self.title = Title(
            scenario=str(result.get("scenario", folder.name)), seed=int(result.get("seed", 0)),
            start=datetime.fromisoformat(str(result.get("start") or self._start() or "2000-01-01T00:00")),
            policies=dict(result.get("policies") or {}), complete=self.recording.complete,
            digest=str(result.get("digest", "")), version=str((result.get("versions") or {}).get("twin", "")),
        )  # fmt: skip
        horizon = round(float(result.get("simulated_h") or 0) * 3_600_000) or int(head)
        self.head_ms = horizon
        self.context = self._context(horizon, servers or {})
        self.names = Names()
        self._read = False

    # --- scenes -----------------------------------------------------------------------------------------------

    def advance(self, target_ms: int, budget_s: float) -> int:
        """A recording stays as it is."""
        return self.head_ms

    def give(self, command: Mapping[str, Any]) -> str | None:
        """A recording takes no commands."""
        return "this is a recording: it takes no commands"

    def read(self) -> Iterator[Batch]:
        """All events, in stretches."""
        if self._read:
            return
        self._read = True
        self._name_them()
        kinds = ", ".join(f"'{kind}'" for kind in KINDS)
        self._con.execute(f"CREATE OR REPLACE TYPE kind_of AS ENUM ({kinds})")
        start, end = 0, FIRST_EVENTS
        while start < self.events:
            yield self._batch(start, min(end, self.events))
            start, end = end, end + STRETCH_EVENTS

    def _batch(self, start: int, end: int) -> Batch:
        where = f"seq >= {start} AND seq < {end}"
        dense = self._columns(
            f"SELECT seq AS row, at_ms, enum_code(kind::kind_of)::UTINYINT AS kind FROM {self._from()} WHERE {where}"
        )
        kinds = parquet.plain(dense["kind"]).astype(np.uint8, copy=False)
        facts: dict[str, dict[str, Array]] = {}
        occurring = {list(KINDS)[k] for k in np.flatnonzero(np.bincount(kinds)).tolist()}
        for alike in _ALIKE:
            facts |= self._facts([kind for kind in alike if kind in occurring], where)
        at_ms = _whole(dense["at_ms"])
        return Batch(first_seq=start, at_ms=at_ms, kinds=kinds, facts=facts, names=self.names)

    def _facts(self, kinds: Sequence[str], where: str) -> dict[str, dict[str, Array]]:
        """What is wanted of several kinds, by one query: each costs milliseconds for the names alone."""
        if not kinds:
            return {}
        columns = dict.fromkeys(c for kind in kinds for c in WANTED[kind])
        chosen = ", ".join(f"{self._coded(c)} AS {c}" for c in columns)
        one_of = ", ".join(f"'{kind}'" for kind in kinds)
        which = "" if len(kinds) == 1 else ", enum_code(kind::kind_of)::UTINYINT AS kind"
        some = self._columns(
            f"SELECT seq AS row{which}, {chosen} FROM {self._from()} WHERE kind IN ({one_of}) AND {where}"
        )
        codes = some.pop("kind", None)
        whole = {c: _whole(values) for c, values in some.items()}
        found = {}
        for kind in kinds:
            mine = slice(None) if codes is None else np.flatnonzero(codes == _KIND_CODES[kind])
            found[kind] = {c: whole[c][mine] for c in ("row", *WANTED[kind])}
            for column in _PLACES.intersection(WANTED[kind]):
                if column in self._there and (found[kind][column] == MISSING).any():
                    self._unheard_of(column, found[kind], f"kind = '{kind}' AND {where}")
        return found

    def _unheard_of(self, column: str, whole: dict[str, Array], where: str) -> None:
        """Places that no table names, as a halt on the way: they get their codes now."""
        unheard = self._columns(
            f"SELECT seq AS row, {column} AS name FROM {self._from()} WHERE {where} AND {column} IS NOT NULL "
            f"AND TRY_CAST({column} AS name_of) IS NULL"
        )
        if len(unheard["row"]):
            codes = [self.names.codes[name] for name in unheard["name"].tolist()]
            whole[column][np.searchsorted(whole["row"], unheard["row"])] = codes

    def _coded(self, column: str) -> str:
        if column not in self._there:
            return str(MISSING)
        if column not in NAMES:
            return f"coalesce({column}, {MISSING})"
        cast = "CAST" if column in _FEW else "TRY_CAST"  # what another kind of the group says there may be no name
        return f"coalesce(enum_code({cast}({column} AS name_of)), {MISSING})"

    def _name_them(self) -> None:
        """Give each name in a wanted column its number: that of its place in an ENUM of the database.

        Places are as the tables name them; columns that hold little else than places are not read for it.
        """
        by_column: dict[str, list[str]] = {}
        for kind, columns in WANTED.items():
            for column in columns:
                if column in NAMES and column in self._there and column not in _PLACES:
                    by_column.setdefault(column, []).append(f"'{kind}'")
        parts = [
            f"SELECT DISTINCT {column} AS name FROM {self._from()}"
            + ("" if column in _FEW else f" WHERE kind IN ({', '.join(kinds)})")
            for column, kinds in by_column.items()
        ]
        rows = self._rows(f"SELECT DISTINCT name FROM ({' UNION '.join(parts)}) WHERE name IS NOT NULL")
        known = {row[0] for row in rows}
        for table, column in (("locations", "location"), ("edges", "edge"), ("nodes", "node")):
            known.update(self.tables[table][column])
        listed = sorted(known) or ["-"]
        self.names = Names(listed)
        quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in listed)
        self._con.execute(f"CREATE OR REPLACE TYPE name_of AS ENUM ({quoted})")

    # --- single events ----------------------------------------------------------------------------------------

    def history(self, column: str, name: str, last_seq: int | None = None, limit: int = 2000) -> list[Record]:
        """The last events that name a thing, in order."""
        if column not in self._there:
            return []
        upto = "" if last_seq is None else f" AND seq <= {int(last_seq)}"
        where = f'WHERE "{_known(column)}" = ?{upto}'
        seqs = self._rows(f"SELECT seq FROM {self._from()} {where} ORDER BY seq DESC LIMIT {int(limit)}", [name])
        if not seqs:
            return []
        first, last = seqs[-1][0], seqs[0][0]  # one column tells where to look: the others are read there only
        return self._records(f'WHERE "{column}" = ? AND seq >= {first} AND seq <= {last} ORDER BY seq', [name])

    def records(self, first_seq: int, last_seq: int, kinds: Sequence[str] | None = None) -> list[Record]:
        """Events by number, both ends included."""
        some = "" if kinds is None else f" AND kind IN ({', '.join('?' for _ in kinds) or 'NULL'})"
        where = f"WHERE seq >= {int(first_seq)} AND seq <= {int(last_seq)}{some} ORDER BY seq"
        return self._records(where, list(kinds or ()))

    def names_like(self, column: str, text: str, limit: int = 20) -> list[str]:
        """Names in a column that hold a text, the shortest first."""
        if column not in self._there:
            return []
        sql = (
            f'SELECT DISTINCT "{_known(column)}" AS n FROM {self._from()} WHERE contains(lower("{column}"), lower(?)) '
            f"ORDER BY length(n), n LIMIT {int(limit)}"
        )
        return [row[0] for row in self._rows(sql, [text])]

    def columns(self, kind: str, columns: Sequence[str]) -> Mapping[str, Array]:
        """All facts of a kind, names as text."""
        chosen = self._chosen(columns)
        sql = f"SELECT seq AS row, at_ms{', ' + chosen if chosen else ''} FROM {self._from()} WHERE kind = ?"
        return {name: parquet.plain(values) for name, values in self._columns(sql, [kind]).items()}

    def facts(self, kinds: Sequence[str], columns: Sequence[str], first_row: int, last_row: int) -> Mapping[str, Array]:
        """Facts of some kinds between two rows, names as text."""
        sql = (
            f"SELECT seq AS row, at_ms, kind, {self._chosen(columns)} FROM {self._from()} "
            f"WHERE seq >= {int(first_row)} AND seq <= {int(last_row)} "
            f"AND kind IN ({', '.join('?' for _ in kinds)}) ORDER BY seq"
        )
        return {name: parquet.plain(values) for name, values in self._columns(sql, list(kinds)).items()}

    def _chosen(self, columns: Sequence[str]) -> str:
        return ", ".join(
            f'coalesce("{c}", {MISSING}) AS "{c}"' if c in NUMBERS and c in self._there
            else f'"{c}"' if c in self._there
            else f'{MISSING if c in NUMBERS else "NULL::VARCHAR"} AS "{c}"'
            for c in map(_known, columns)
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the files, and of who is asked for alternatives."""
        if self.alternatives is not None:
            self.alternatives.close()
        self._con.close()

    # --- the files --------------------------------------------------------------------------------------------

    def _from(self) -> str:
        return self.recording.rows()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return list(self._run(sql, values).fetchall())

    def _columns(self, sql: str, values: Sequence[Any] = ()) -> dict[str, Array]:
        return in_order(dict(self._run(sql, values).fetchnumpy()))

    def _run(self, sql: str, values: Sequence[Any]) -> Any:
        import duckdb

        try:
            return self._con.cursor().execute(sql, list(values))  # its own cursor: panels ask from their own thread
        except duckdb.Error as cause:
            raise JournalError(f"{self.folder} cannot be read: {parquet.first_line(cause)}") from cause

    def _records(self, where: str, values: Sequence[Any]) -> list[Record]:
        cursor = self._run(f"SELECT * FROM {self._from()} {where}", values)
        names = [d[0] for d in cursor.description]
        return [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in cursor.fetchall()]

    def _result(self) -> dict[str, Any]:
        if not (self.folder / RESULT_FILE).is_file():
            return {}
        return RunFolder(self.folder).read_result()

    def _scenario(self) -> dict[str, Any]:
        import yaml

        path = self.folder / "scenario.yaml"
        try:
            value = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as cause:
            raise JournalError(f"{path} cannot be read: {parquet.first_line(cause)}") from cause
        return value if isinstance(value, dict) else {}

    def _start(self) -> str | None:
        start = self._scenario().get("start")
        return None if start is None else str(start).replace(" ", "T")

    def _context(self, horizon_ms: int, servers: Mapping[str, int | None]) -> RunContext:
        scenario = self._scenario()
        benches = {
            str(s): None if b is None or b == MISSING else int(b)
            for s, b in zip(self.tables["stations"]["station"], self.tables["stations"]["benches"], strict=True)
        }
        return RunContext(
            horizon_ms=horizon_ms, warmup_ms=round(float(scenario.get("warmup_h") or 0) * 3_600_000),
            start=self.title.start.isoformat(), location_count=len(self.tables["locations"]["location"]),
            servers={**benches, **servers},
        )  # fmt: skip


def in_order(columns: dict[str, Array]) -> dict[str, Array]:
    """Columns in the order of their `row`: the database means to keep it, and it is cheaper to look than to sort."""
    row = columns["row"]
    if len(row) < 2 or (row[1:] > row[:-1]).all():
        return columns
    order = np.argsort(row, kind="stable")
    return {name: values[order] for name, values in columns.items()}


def _whole(values: Any) -> Array:
    return parquet.plain(values).astype(np.int64, copy=False)


def _known(column: str) -> str:
    if column not in COLUMNS:
        raise ValueError(f"no such column: {column}")
    return column


def as_json(record: Record) -> str:
    """A record as one line."""
    return json.dumps(record, ensure_ascii=False)
