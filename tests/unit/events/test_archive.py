from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.domain.errors import JournalError
from twin.events.archive import Archive


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_bytes_come_back_as_they_were_put(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]) -> None:
    archive = Archive(tmp_path_factory.mktemp("run"))
    kept = []
    for part in parts:
        kept.append(archive.put(part))
        assert kept[0].read() == parts[0], "reading moves nothing"
    assert [x.read() for x in kept] == parts


def test_nothing_lies_in_the_folder_before_anything_is_put(tmp_path: Path) -> None:
    Archive(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"gone takes no more of what a run keeps: .*No such file"):
        Archive(tmp_path / "gone").put(b"something")
