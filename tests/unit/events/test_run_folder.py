from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from twin.domain.errors import JournalError, PolicyError
from twin.events.columns import MISSING
from twin.events.digest import Digest
from twin.events.parquet import copy, first_line
from twin.events.reading import read_chunks, read_events
from twin.events.run_folder import RunFolder
from twin.run.running import run_scenario
from twin.session import Session
from twin.spec.loading import load_scenario


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("dear")
    with pytest.raises(JournalError, match=r"thesis\.doc"):
        RunFolder.create(tmp_path)
    with pytest.raises(JournalError, match="is a file"):
        RunFolder.create(tmp_path / "thesis.doc")
    assert (tmp_path / "thesis.doc").read_text() == "dear"


def test_an_earlier_run_makes_way(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "runs" / "one")
    folder.write_scenario("name: één\n")
    (folder.folder / "events").mkdir()
    (folder.folder / "events" / "00000.parquet").write_bytes(b"old")
    (folder.folder / ".result.json.part").write_text("half")
    RunFolder.create(folder.folder)
    assert list(folder.folder.iterdir()) == []


def test_tables_keep_their_types_and_nulls(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_tables(
        {
            "skus": {
                "sku": ["A", "B's"],
                "volume_l": [0.5, None],
                "shelf_life_days": [None, 7],
                "secure": [True, False],
                "units": np.array([1, 2]),
            },
            "lots": {"lot": [], "expires_on_day": np.empty(0, dtype=np.int64)},
        }
    )
    skus = folder.read_table("skus")
    assert skus["sku"].tolist() == ["A", "B's"]
    assert skus["volume_l"][0] == 0.5
    assert np.isnan(skus["volume_l"][1])
    assert skus["shelf_life_days"].tolist() == [MISSING, 7]
    assert skus["secure"].tolist() == [True, False]
    assert skus["units"].tolist() == [1, 2]
    assert {k: len(v) for k, v in folder.read_table("lots").items()} == {"lot": 0, "expires_on_day": 0}
    with pytest.raises(ValueError, match="no such table: nuts"):
        folder.write_tables({"nuts": {}})
    with pytest.raises(JournalError, match="cannot be read"):
        folder.read_table("orders")


def test_result_scenario_and_commands(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    with pytest.raises(JournalError, match="is not there: no folder of a run"):
        folder.read_result()
    folder.write_scenario("name: one")
    with pytest.raises(JournalError, match="is not there: the run was stopped before its end"):
        folder.read_result()
    folder.clear()
    folder.write_result({"kpis": {"on_time_shipment": None, "orders_shipped": 3}})
    folder.write_commands([{"at_ms": 5, "action": "hold_order"}, {"at_ms": 6, "action": "release_order"}])
    assert folder.read_result() == {"kpis": {"on_time_shipment": None, "orders_shipped": 3}}
    assert (folder.folder / "commands.jsonl").read_text().count("\n") == 2
    with pytest.raises(ValueError, match="JSON compliant"):
        folder.write_result({"share": float("nan")})
    assert folder.read_result()["kpis"]["orders_shipped"] == 3
    assert sorted(p.name for p in folder.folder.iterdir()) == ["commands.jsonl", "result.json"]


def test_what_the_system_refuses_is_said_in_its_words() -> None:
    wrapped = 'IO Error: Async write failed for range [offset=0, size=9]: {"exception_type":"IO","errno":"28"}'
    assert first_line(RuntimeError(wrapped)) == os.strerror(28)
    assert first_line(OSError(28, "No space left on device", "run/.edges.parquet.part")) == "No space left on device"
    assert first_line(ValueError("one\ntwo")) == "one"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_a_folder_that_another_process_writes_to_is_refused_until_it_ends(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    code = "import sys; from pathlib import Path; from twin.events.run_folder import RunFolder\n"
    code += "run = RunFolder.create(Path(sys.argv[1])); run.write_scenario('name: mine'); print(flush=True); input()"
    words = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(JournalError, match="another run is being written there"):
            RunFolder.create(folder)
        assert (folder / "scenario.yaml").read_text() == "name: mine"
        other.kill()
    first = RunFolder.create(folder)
    second = RunFolder.create(folder)  # the same process knows what it does
    first.release()
    second.release()


def test_an_earlier_run_stays_when_the_next_one_cannot_start(tmp_path: Path) -> None:
    folder, lines = tmp_path / "run", tmp_path / "events.jsonl"
    loaded = load_scenario("one_order", ["horizon_h=0.1"])
    run_scenario(loaded, out=folder, events=lines)
    before = {path.name: path.read_bytes() for path in [lines, *folder.iterdir()]}
    with pytest.raises(PolicyError, match="unknown policy"):
        run_scenario(loaded, out=folder, events=lines, policies={"routing": "optimall"})
    with pytest.raises(JournalError, match="could not be opened"):
        run_scenario(loaded, out=folder, events=tmp_path / "no" / "folder")
    assert {path.name: path.read_bytes() for path in [lines, *folder.iterdir()]} == before


def test_ctrl_c_while_a_file_is_written_is_ctrl_c(tmp_path: Path) -> None:
    class Interrupted:
        def execute(self, query: str) -> None:
            raise RuntimeError("Query interrupted")

    with pytest.raises(KeyboardInterrupt):
        copy(Interrupted(), "SELECT 1", tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["policy=fefo", "site=x", "at_ms=5", "units=3", "~elsewhere", "a[1]*"])
def test_what_a_folder_is_called_says_nothing_of_its_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(name)
    session = Session("one_order", out=folder)
    session.advance(3_600_000)
    session.finish()
    plain = run_scenario(load_scenario("one_order"), out=Path("plain"))
    assert read_events(folder).columns.keys() == read_events(Path("plain")).columns.keys()
    digest = Digest()
    for chunk in read_chunks(folder):
        digest.fold(chunk)
    assert digest.value() == plain.digest
    written, known = RunFolder(folder).read_table("locations"), RunFolder(Path("plain")).read_table("locations")
    assert written.keys() == known.keys()
    assert written["site"].tolist() == known["site"].tolist()
