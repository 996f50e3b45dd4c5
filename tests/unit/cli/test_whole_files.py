"""What a command writes beside its answer is there in full or not at all, and a file that was there stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.domain.errors import JournalError


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded") / "run"
    CliRunner().invoke(app, ["run", "one_order", "--out", str(folder)], catch_exceptions=False)
    return folder


def words_of(what: str, target: Path, run_folder: Path, tmp_path: Path) -> list[str]:
    """A command that writes `target`."""
    number = first_decision(run_folder)
    case = tmp_path / "case.yaml"
    export = ["decisions", str(run_folder), "--id", str(number), "--export"]
    if what == "export":
        return [*export, str(target)]
    CliRunner().invoke(app, [*export, str(case)], catch_exceptions=False)
    return ["policy", "test", str(case), "--junit", str(target)]


def first_decision(run_folder: Path) -> int:
    answer = CliRunner().invoke(app, ["decisions", str(run_folder), "--json"], catch_exceptions=False)
    row: dict[str, int] = json.loads(answer.stdout.splitlines()[0])
    return row["seq"]


@pytest.mark.parametrize("what", ["export", "junit"])
def test_a_full_disk_leaves_what_was_there(
    what: str, run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "kept.xml"
    words = words_of(what, target, run_folder, tmp_path)
    target.parent.mkdir()
    target.write_text("as it was")
    write_text = Path.write_text

    def full(path: Path, text: str, **how: str) -> int:
        write_text(path, text[:5], **how)
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(JournalError, match="could not be written: No space left on device"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert target.read_text() == "as it was"
    assert [p.name for p in target.parent.iterdir()] == ["kept.xml"]
