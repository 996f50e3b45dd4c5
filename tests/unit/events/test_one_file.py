from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.events.days import facts
from twin.domain.errors import JournalError
from twin.events.columns import COLUMNS
from twin.events.digest import Digest
from twin.events.journal import JournalWriter
from twin.events.one_file import write_as_one
from twin.events.reading import read_chunks
from twin.events.stream import EventStream
from twin.events.thrift import packed, unpacked
from twin.events.waiting import NO_EVENTS, Waiting


def groups(folder: Path, every: int) -> list[Path]:
    journal = JournalWriter(folder, group_events=every)
    stream = EventStream([journal])
    for seq, fact in enumerate(facts(3_000), start=1):
        stream.emit(fact)
        if seq % every == 0:
            stream.seal()
    stream.close()
    journal.stop()
    return sorted((folder / "events").iterdir())


def rows(files: str) -> list[tuple[object, ...]]:
    return duckdb.connect().execute(f"SELECT seq, kind, sku, units, score FROM read_parquet('{files}')").fetchall()


def test_files_one_behind_the_other_say_what_they_said(tmp_path: Path) -> None:
    files = groups(tmp_path, 4096)
    kept = ["at_ms", "seq", "kind", "sku", "units", "score"]
    with (tmp_path / "one.parquet").open("wb") as one:
        write_as_one(files, one, kept)
    assert rows(f"{tmp_path}/one.parquet") == rows(f"{tmp_path}/events/*.parquet")
    told = pq.read_metadata(tmp_path / "one.parquet")
    assert (told.num_rows, told.num_row_groups, told.schema.names) == (15_000, len(files), kept)
    for number, path in enumerate(files):
        before, now = pq.read_metadata(path).row_group(0), told.row_group(number)
        assert now.num_rows == before.num_rows
        assert now.total_byte_size == sum(now.column(n).total_uncompressed_size for n in range(len(kept)))
        for n, name in enumerate(kept):
            was = before.column(COLUMNS.index(name))
            assert now.column(n).path_in_schema == name
            assert now.column(n).statistics == was.statistics
            assert now.column(n).total_compressed_size == was.total_compressed_size
    assert told.row_group(1).column(1).statistics.min == told.row_group(0).num_rows, "seq says where it begins"
    again = pq.read_table(tmp_path / "one.parquet", use_threads=False)
    assert again.column("seq").to_pylist() == list(range(15_000))


def test_an_index_of_a_part_which_lies_elsewhere_now_is_not_spoken_of(tmp_path: Path) -> None:
    parts = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for n, path in enumerate(parts):
        table = pa.table({"seq": list(range(n * 100, n * 100 + 100)), "kind": ["x"] * 100})
        pq.write_table(table, path, write_page_index=True)
        assert pq.read_metadata(path).row_group(0).column(0).has_offset_index
    with (tmp_path / "one.parquet").open("wb") as one:
        write_as_one(parts, one, ["seq", "kind"])
    told = pq.read_metadata(tmp_path / "one.parquet")
    assert not any(told.row_group(n).column(0).has_offset_index for n in range(2))
    assert duckdb.connect().execute(f"SELECT seq FROM '{tmp_path}/one.parquet' WHERE seq > 97").fetchall() == [
        (n,) for n in range(98, 200)
    ]


def test_a_filter_of_a_part_which_lies_elsewhere_now_is_not_spoken_of(tmp_path: Path) -> None:
    """DuckDB writes filters by which it passes over row groups."""
    con = duckdb.connect()
    parts = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for n, path in enumerate(parts):
        words = f"SELECT range AS seq, 'w' || (range % 7 + {n * 7}) AS kind FROM range(5000)"
        con.execute(f"COPY ({words}) TO '{path}' (FORMAT parquet)")
    filters = "SELECT count(*) FROM parquet_metadata('{}') WHERE bloom_filter_offset IS NOT NULL"
    assert con.execute(filters.format(parts[0])).fetchone() > (0,)
    with (tmp_path / "one.parquet").open("wb") as one:
        write_as_one(parts, one, ["seq", "kind"])
    assert con.execute(filters.format(tmp_path / "one.parquet")).fetchone() == (0,)
    found = [
        con.execute(f"SELECT count(*) FROM '{tmp_path}/one.parquet' WHERE kind = 'w{n}'").fetchone() for n in (3, 9)
    ]
    assert found == [(714,), (714,)]


def test_a_footer_read_and_told_again_is_the_same(tmp_path: Path) -> None:
    data = groups(tmp_path, 10**6)[0].read_bytes()
    footer = data[-8 - int.from_bytes(data[-8:-4], "little") : -8]
    assert packed(unpacked(footer)) == footer
    with pytest.raises(ValueError, match="ends too soon"):
        unpacked(footer[:-1])


def test_what_is_no_parquet_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="no Parquet file"):
        write_as_one([tmp_path / "x"], io.BytesIO(), ["seq"])


def test_a_group_that_is_spoilt_while_the_run_goes_is_a_sentence(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, group_events=4096)
    stream = EventStream([journal])
    for fact in facts(3_000):
        stream.emit(fact)
    stream.close()
    (tmp_path / "events" / "00001.parquet").write_bytes(b"half")
    with pytest.raises(JournalError, match=r"events\.parquet could not be written: .*00001\.parquet is no Parquet"):
        journal.finish()
    assert not list(tmp_path.glob("*.p*")), "neither a file nor a part of one"


def test_the_same_events_are_the_same_bytes(tmp_path: Path) -> None:
    one, two = ([path.read_bytes() for path in groups(tmp_path / name, 4096)] for name in "ab")
    assert one == two


def test_many_small_groups_become_few_row_groups(tmp_path: Path) -> None:
    """A live run writes by the clock: hundreds of groups of a few events each."""
    journal, digest = JournalWriter(tmp_path, every_s=0.0), Digest()
    stream = EventStream([journal, digest])
    for seq, fact in enumerate(facts(100)):
        stream.emit(fact)
        if seq % 10 == 0:
            stream.seal()
    stream.close()
    journal.finish()
    assert pq.read_metadata(tmp_path / "events.parquet").num_row_groups == 1
    again = Digest()
    for chunk in read_chunks(tmp_path):
        again.fold(chunk)
    assert again.value() == digest.value()


def test_writing_events_loads_neither_pandas_nor_duckdb() -> None:
    code = (
        f"from twin.events.waiting import Waiting; Waiting().packed({NO_EVENTS!r}); import sys\n"
        "print([m for m in ('pandas', 'duckdb', 'pyarrow.compute', 'pyarrow.dataset') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert Waiting().spoken_of == NO_EVENTS
