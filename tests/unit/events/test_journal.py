from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.unit.events.days import facts
from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.catalogue import KINDS, Fact
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, TEXTS
from twin.events.digest import Digest
from twin.events.journal import JournalWriter
from twin.events.json_lines import JsonLines
from twin.events.reading import Events, read_chunks, read_events
from twin.events.stream import EventStream

DAY = facts(3000)


def expected(day: list[Fact]) -> list[dict[str, object]]:
    return [
        {"seq": seq, "kind": type(f).__name__, "side": KINDS[type(f).__name__].side}
        | {k: v for k, v in f._asdict().items() if v is not None}  # type: ignore[attr-defined]
        for seq, f in enumerate(day)
    ]


def rows(events: Events) -> list[dict[str, object]]:
    some: list[dict[str, object]] = [{} for _ in range(len(events))]
    for name, column in events.columns.items():
        for event, value in zip(some, column.tolist(), strict=True):
            if name in NAMES or name in TEXTS:
                missing = value is None
            else:
                missing = value != value if name in FLOATS else value == MISSING
            if not missing:
                event[name] = value
    return some


def recorded(folder: Path, day: list[Fact], *, group_events: int, finish: bool) -> str:
    digest, journal = Digest(), JournalWriter(folder, group_events=group_events)
    stream = EventStream([journal, digest])
    for fact in day:
        stream.emit(fact)
    stream.close()
    if finish:
        journal.finish()
    else:
        journal.stop()
    return digest.value()


@pytest.mark.parametrize(("group_events", "finish"), [(5000, True), (5000, False), (10**6, True), (10**6, False)])
def test_what_was_written_is_read(tmp_path: Path, group_events: int, finish: bool) -> None:
    digest = recorded(tmp_path, DAY, group_events=group_events, finish=finish)
    assert (tmp_path / "events.parquet").exists() is finish
    assert (tmp_path / "events").exists() is not finish
    assert not list(tmp_path.rglob("*.part"))
    events = read_events(tmp_path)
    assert events.complete is finish
    assert rows(events) == expected(DAY)
    assert list(events.columns) == [c for c in COLUMNS if c in events.columns]
    replayed = Digest()
    seen = 0
    for chunk in read_chunks(tmp_path):
        assert chunk.first_seq == seen
        seen += chunk.size
        replayed.fold(chunk)
    assert seen == len(DAY)
    assert replayed.value() == digest


def test_plain_duckdb_reads_names_and_nulls(tmp_path: Path) -> None:
    recorded(tmp_path, DAY, group_events=5000, finish=True)
    con = duckdb.connect()
    query = f"SELECT kind, side, sku, lot, typeof(units), units FROM '{tmp_path}/events.parquet' WHERE seq = 8"
    assert con.execute(query).fetchall() == [("UnitsTaken", "floor", "A", None, "BIGINT", 2)]
    assert con.execute(f"SELECT count(due_ms) FROM '{tmp_path}/events.parquet'").fetchall() == [(2000,)]
    con.close()


def test_columns_and_kinds_can_be_chosen(tmp_path: Path) -> None:
    recorded(tmp_path, DAY, group_events=10**6, finish=True)
    events = read_events(tmp_path, columns=["order", "trailer", "units", "score"], kinds=["UnitsTaken"])
    assert list(events.columns) == ["order", "trailer", "units", "score"]
    assert events.columns["order"].tolist() == [f"O{n}" for n in range(3000)]
    assert set(events.columns["trailer"].tolist()) == {None}
    assert set(events.columns["units"].tolist()) == {2}
    assert np.isnan(events.columns["score"]).all()
    assert len(read_events(tmp_path, columns=["wave"])) == len(DAY)
    assert len(read_events(tmp_path, kinds=[])) == 0
    with pytest.raises(JournalError, match="no such column: colour"):
        read_events(tmp_path, columns=["colour"])


@pytest.mark.parametrize("finish", [True, False])
def test_a_run_without_events_is_a_run(tmp_path: Path, finish: bool) -> None:
    recorded(tmp_path, [], group_events=10, finish=finish)
    if finish:
        assert len(read_events(tmp_path)) == 0
        assert list(read_chunks(tmp_path)) == []
    else:
        with pytest.raises(JournalError, match="holds no events"):
            read_events(tmp_path)


def test_a_run_killed_between_groups_is_read_to_its_last_group(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, group_events=5000)
    stream = EventStream([journal])
    for fact in DAY:
        stream.emit(fact)
    (tmp_path / "events" / ".00009.parquet.part").write_bytes(b"half")
    events = read_events(tmp_path)
    assert not events.complete
    assert len(events) == 8192 == journal.written
    assert rows(events) == expected(DAY[:8192])


def test_a_live_run_writes_groups_by_the_clock(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, every_s=0.0)
    stream = EventStream([journal])
    for fact in DAY[:10]:
        stream.emit(fact)
        stream.seal()
    assert len(read_events(tmp_path)) == 10
    stream.close()
    journal.finish()
    assert rows(read_events(tmp_path)) == expected(DAY[:10])


def test_the_journal_frees_what_it_wrote(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, group_events=4096)
    stream = EventStream([journal])
    for fact in DAY:
        stream.emit(fact)
        assert journal._waiting.size == 0


FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.unit.events.test_journal import DAY, recorded
from twin.domain.errors import JournalError
from twin.events.journal import JournalWriter
from twin.events.stream import EventStream
folder = Path(sys.argv[1])
journal = JournalWriter(folder, group_events=5000)
stream = EventStream([journal])
try:
    for number, fact in enumerate(DAY):
        if number == 9000:
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        stream.emit(fact)
    stream.close()
    journal.finish()
except JournalError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files, which Windows cannot")
def test_a_full_disk_says_what_can_be_read(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=True)
    assert "could not be written" in done.stdout
    assert f"events 0 to 8191 are readable in {tmp_path}" in done.stdout
    assert [p.name for p in sorted(tmp_path.rglob("*")) if p.is_file()] == ["00000.parquet"]
    assert rows(read_events(tmp_path)) == expected(DAY[:8192])


def test_a_folder_without_or_with_broken_events_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="holds no events"):
        read_events(tmp_path)
    (tmp_path / "events.parquet").write_bytes(b"nothing of the kind")
    with pytest.raises(JournalError, match="cannot be read"):
        read_events(tmp_path)
    with pytest.raises(JournalError, match="cannot be read"):
        list(read_chunks(tmp_path))


def test_json_lines_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target in (str(tmp_path / "events.jsonl"), "-"):
        lines = JsonLines(target)
        stream = EventStream([lines])
        for fact in DAY:
            stream.emit(fact)
        stream.close()
        lines.close()
        text = capsys.readouterr().out if target == "-" else Path(target).read_text("utf-8")
        got = [json.loads(line) for line in text.splitlines()]
        assert got == expected(DAY)
        assert [list(event) for event in got] == [[c for c in COLUMNS if c in event] for event in got]
    with pytest.raises(JournalError, match="could not be opened"):
        JsonLines(tmp_path / "no" / "such")


def test_a_long_query_says_nothing_on_stdout() -> None:
    """DuckDB draws a bar there after two seconds, into the JSON that a command prints."""
    con = parquet.connect()
    assert con.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
    con.close()


def test_groups_become_one_file_in_order_with_the_columns_that_hold_a_value(tmp_path: Path) -> None:
    day = facts(3_000)
    whole, grouped = tmp_path / "whole", tmp_path / "grouped"
    whole.mkdir()
    assert recorded(whole, day, group_events=10**6, finish=True) == recorded(
        grouped, day, group_events=4096, finish=True
    )
    told = []
    for folder in (whole, grouped):
        found = duckdb.connect().execute(f"SELECT * FROM read_parquet('{folder / 'events.parquet'}')")
        told.append(([column[:2] for column in found.description], found.fetchall()))
    assert told[1] == told[0]
    at = [name for name, _ in told[0][0]].index("seq")
    assert [row[at] for row in told[1][1]] == list(range(len(told[0][1])))


def test_every_group_of_a_broken_run_has_all_columns(tmp_path: Path) -> None:
    recorded(tmp_path, facts(3_000), group_events=4096, finish=False)
    groups = sorted((tmp_path / "events").iterdir())
    assert len(groups) > 2
    for group in groups:
        told = duckdb.connect().execute(f"DESCRIBE SELECT * FROM read_parquet('{group}')").fetchall()
        assert [(name, kind) for name, kind, *_ in told] == [(name, parquet.of_column(name)) for name in COLUMNS]


def test_a_group_that_is_lost_is_told(tmp_path: Path) -> None:
    recorded(tmp_path, facts(3_000), group_events=4096, finish=False)
    (tmp_path / "events" / "00001.parquet").unlink()
    with pytest.raises(JournalError, match=r"events/00001\.parquet is missing"):
        read_events(tmp_path)


@pytest.mark.parametrize("seq", ["NULL", "-1", "3"])
def test_events_put_among_those_of_a_run_are_told(seq: str, tmp_path: Path) -> None:
    recorded(tmp_path, facts(100), group_events=4096, finish=True)
    events, edited = tmp_path / "events.parquet", tmp_path / "edited.parquet"
    rows = f"SELECT * FROM '{events}' UNION ALL (SELECT * REPLACE ({seq} AS seq) FROM '{events}' LIMIT 1)"
    duckdb.connect().execute(f"COPY ({rows}) TO '{edited}' (FORMAT parquet)")
    edited.replace(events)
    with pytest.raises(JournalError, match="they were changed since"):
        list(read_chunks(tmp_path))
