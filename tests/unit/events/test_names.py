from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.events import names as module
from twin.events.archive import Archive
from twin.events.columns import MISSING
from twin.events.names import Names


@pytest.fixture(autouse=True)
def _few_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_HAND", 8)
    monkeypatch.setattr(module, "TOGETHER", 4)


def hashed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little", signed=True)


@settings(deadline=None)
@given(st.lists(st.integers(0, 120), max_size=400), st.booleans())
def test_a_name_keeps_its_code_however_long_ago_it_was_met(
    tmp_path_factory: pytest.TempPathFactory, spoken: list[int], archived: bool
) -> None:
    archive = Archive(tmp_path_factory.mktemp("run")) if archived else None
    names, codes = Names(archive=archive), dict[str, int]()
    for n in spoken:
        name = f"wörd-{n}"
        assert names.codes[name] == codes.setdefault(name, len(codes))
    assert len(names) == len(codes)
    known = sorted(codes.values())
    assert names.texts(np.array(known, dtype=np.int64)) == sorted(codes, key=codes.__getitem__)
    for name, code in codes.items():
        assert names[code] == names.name(code) == name
        assert names.find(name) == code
    assert names.find("never said") == MISSING and names.name(MISSING) is None
    wanted = np.array([MISSING, *known, MISSING], dtype=np.int64)
    assert names.hashes(wanted).tolist() == [MISSING, *map(hashed, sorted(codes, key=codes.__getitem__)), MISSING]
    assert len(names) == len(codes), "asking gives no code"
    names.rest()
    assert all(names.find(name) == code for name, code in codes.items()) and names.find("never said") == MISSING
    names.rest()
    assert names.hashes(wanted).tolist() == [MISSING, *map(hashed, sorted(codes, key=codes.__getitem__)), MISSING]
    names.rest()
    assert names.codes["one more"] == len(codes) and names.find("one more") == len(codes)


def test_what_is_not_met_again_is_put_away_and_still_known() -> None:
    names = Names(f"n{i}" for i in range(400))
    assert len(names.codes) < 40
    assert names.codes["n3"] == 3 and names.codes["n100"] == 100 and names.codes["n399"] == 399
    assert "n100" in names.codes, "it is at hand again"
    assert names.table[100] == "n100" and names[98:101] == ["n98", "n99", "n100"]
    with pytest.raises(TypeError, match="must be text"):
        names.codes[7]  # type: ignore[index]


def test_words_that_share_a_slot_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOTS_LEAST", 8)
    names = Names(f"n{i}" for i in range(2000))
    assert [names.find(f"n{i}") for i in range(2000)] == list(range(2000))
    assert all(names.find(f"m{i}") == MISSING for i in range(2000))
