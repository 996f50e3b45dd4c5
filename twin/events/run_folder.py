"""A run's folder: the events, the tables that make it self-contained, the scenario, the commands, the result.

    events.parquet (or events/NNNNN.parquet)   nodes edges locations stations doors skus lots workers equipment orders
    order_lines opening_stock (each .parquet)   scenario.yaml   commands.jsonl   result.json

It opens with plain DuckDB.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.claim import Claim
from twin.events.columns import MISSING
from twin.events.journal import EVENTS_FILE, GROUPS_FOLDER, JournalWriter
from twin.events.reading import columns_there, recording

TABLES = (
    "nodes", "edges", "locations", "stations", "doors", "skus", "lots", "workers", "equipment", "orders",
    "order_lines", "opening_stock",
)  # fmt: skip
SCENARIO_FILE, COMMANDS_FILE, RESULT_FILE = "scenario.yaml", "commands.jsonl", "result.json"

_OURS = {EVENTS_FILE, GROUPS_FOLDER, SCENARIO_FILE, COMMANDS_FILE, RESULT_FILE, *(f"{t}.parquet" for t in TABLES)}

Table = Mapping[str, NDArray[Any] | Sequence[Any]]


class RunFolder:
    """The folder of one run; each file in it is there in full or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._claim = Claim(folder)

    @classmethod
    def create(cls, folder: Path) -> RunFolder:
        """An empty run folder; one of an earlier run is emptied, one that holds anything else is refused."""
        made = cls.claimed(folder)
        made.clear()
        return made

    @classmethod
    def claimed(cls, folder: Path) -> RunFolder:
        """A folder that a run may be written to: it holds an earlier one or nothing, and no other process writes."""
        made = cls(folder)
        try:
            if folder.exists() and not folder.is_dir():
                raise JournalError(f"{folder} is a file; name a folder for the run")
            folder.mkdir(parents=True, exist_ok=True)
            foreign = [name for name in made.holds() if name not in _OURS and not _is_part(name)]
        except OSError as cause:
            raise JournalError(f"{folder} cannot be used: {parquet.first_line(cause)}") from cause
        if foreign:
            raise JournalError(f"{folder} is not a run folder: it holds {foreign[0]}; name a new or an empty one")
        if not made._claim.take():
            raise JournalError(f"{folder}: another run is being written there; wait for its end or name another folder")
        return made

    def holds(self) -> list[str]:
        """The names of what is in it."""
        return sorted(path.name for path in self.folder.iterdir())

    def clear(self) -> None:
        """Let the earlier run make way."""
        try:
            for name in self.holds():
                path = self.folder / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        except OSError as cause:
            raise JournalError(f"{self.folder} cannot be used: {parquet.first_line(cause)}") from cause

    def release(self) -> None:
        """The run is over: other processes may write here."""
        self._claim.release()

    def journal(self, *, every_s: float | None = None) -> JournalWriter:
        """The sink that writes the events here."""
        return JournalWriter(self.folder, every_s=every_s)

    def write_tables(self, tables: Mapping[str, Table]) -> None:
        """Write tables, each as columns of equal length."""
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise ValueError(f"no such table: {', '.join(unknown)}; there are: {', '.join(TABLES)}")
        con = parquet.connect()
        try:
            for name, table in tables.items():
                columns = {column: _array(values) for column, values in table.items()}
                parquet.write(self.folder / f"{name}.parquet", columns, con=con)
        finally:
            con.close()

    def write_told(self, table: str, kind: str, columns: Mapping[str, str]) -> None:
        """Write a table of what the finished run's own events of a kind say; `columns`: its own, by theirs."""
        con = parquet.connect()
        try:
            record = recording(self.folder)
            there = columns_there(con, record)
            selected = ", ".join(
                f'"{column}" AS "{own}"' if column in there else f'CAST(NULL AS {parquet.of_column(column)}) AS "{own}"'
                for own, column in columns.items()
            )
            query = f"SELECT {selected} FROM {record.rows()} WHERE kind = '{kind}'"
            parquet.copy(con, query, self.folder / f"{table}.parquet")
        finally:
            con.close()

    def write_scenario(self, text: str) -> None:
        """The resolved scenario, as YAML."""
        self._write(SCENARIO_FILE, text)

    def write_commands(self, commands: Sequence[Mapping[str, Any]]) -> None:
        """The commands given, one JSON object a line."""
        self._write(COMMANDS_FILE, "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in commands))

    def write_result(self, result: Mapping[str, Any]) -> None:
        """What came out; undefined figures are null."""
        self._write(RESULT_FILE, json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n")

    def read_result(self) -> dict[str, Any]:
        """The result; raises JournalError if the run has none."""
        path = self.folder / RESULT_FILE
        try:
            result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as cause:
            stopped = any((self.folder / name).exists() for name in (EVENTS_FILE, GROUPS_FOLDER, SCENARIO_FILE))
            told = "the run was stopped before its end, or is still going on" if stopped else "no folder of a run"
            raise JournalError(f"{path} is not there: {told}") from cause
        except (OSError, ValueError) as cause:
            raise JournalError(f"{path} cannot be read: {parquet.first_line(cause)}") from cause
        return result

    def read_table(self, name: str, *, con: Any = None) -> dict[str, NDArray[Any]]:
        """A table as columns; nulls are MISSING, NaN or None. `con`: a connection to read it with."""
        import duckdb

        path = self.folder / f"{name}.parquet"
        own = parquet.connect() if con is None else con
        try:
            found = own.execute(f"SELECT * FROM {parquet.rows_of(path)}").fetchnumpy()
        except duckdb.Error as cause:
            raise JournalError(f"{path} cannot be read: {parquet.first_line(cause)}") from cause
        finally:
            if con is None:
                own.close()
        return {column: parquet.plain(values) for column, values in found.items()}

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        part = path.with_name(f".{name}.part")
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            parquet.settle(part, path)
        except OSError as cause:
            parquet.discard(part)
            raise JournalError(f"{path} could not be written: {parquet.first_line(cause)}") from cause


def _is_part(name: str) -> bool:
    return name.startswith(".") and name.endswith(".part") and name[1:-5] in _OURS


def _array(values: NDArray[Any] | Sequence[Any]) -> NDArray[Any]:
    """A column as an array: whole numbers as int64, fractions as float64, truths as bool, all else as text."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return values.astype(object) if values.dtype.kind in "US" else values
    some = list(values)
    kinds = {type(v) for v in some if v is not None}
    if kinds == {bool} and None not in some:
        return np.array(some, dtype=bool)
    if kinds and kinds <= {int, bool, np.int64}:
        return np.array([MISSING if v is None else int(v) for v in some], dtype=np.int64)
    if kinds and kinds <= {int, float, np.int64, np.float64}:
        return np.array([np.nan if v is None else v for v in some], dtype=np.float64)
    text = np.empty(len(some), dtype=object)
    text[:] = [v if v is None or isinstance(v, str) else str(v) for v in some]
    return text
