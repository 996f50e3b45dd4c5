"""What a long run puts away comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.domain.errors import JournalError
from twin.events import archive, names
from twin.observers import kept, matching
from twin.run.running import Run, run_scenario
from twin.spec.loading import load_scenario


@pytest.fixture
def _much_is_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "BLOCK_ROWS", 64)
    monkeypatch.setattr(matching, "SHARE_ROWS", 100)
    monkeypatch.setattr(names, "AT_HAND", 512)
    monkeypatch.setattr(names, "TOGETHER", 16)


def test_a_run_that_puts_much_away_says_what_it_says_otherwise(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    before = run_scenario(load_scenario("quickstart"), out=tmp_path / "before")
    request.getfixturevalue("_much_is_put_away")
    run = Run(load_scenario("quickstart"), out=tmp_path / "after")
    run.advance(run.premises.horizon_ms)
    assert run.stream.names.archive is not None and run.stream.names.archive.size > 20_000
    after = run.finish()
    assert (after.digest, after.kpis) == (before.digest, before.kpis)
    assert run.stream.names.find(run.stream.names[600]) == 600, "it is found again when the run is over"
    assert {p.name for p in (tmp_path / "after").iterdir()} == {p.name for p in (tmp_path / "before").iterdir()}


@pytest.mark.usefixtures("_much_is_put_away")
def test_a_disk_that_takes_no_more_ends_the_run_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.tempfile, "TemporaryFile", full)
    with pytest.raises(JournalError, match=r"run takes no more of what a run keeps: .*No space left"):
        run_scenario(load_scenario("quickstart"), out=tmp_path / "run")
