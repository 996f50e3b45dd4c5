from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.events.days import facts
from twin.events.catalogue import KINDS, Fact, WorkerCheckedIn
from twin.events.columns import COLUMNS, NAMES
from twin.events.digest import BLOCK_EVENTS, Digest
from twin.events.stream import EventStream


def by_hand(day: Sequence[Fact]) -> str:
    """The definition, word by word, one value at a time."""
    sha = hashlib.sha256()
    for start in range(0, len(day), BLOCK_EVENTS):
        rows = []
        for fact in day[start : start + BLOCK_EVENTS]:
            kind = type(fact).__name__
            rows.append(fact._asdict() | {"kind": kind, "side": KINDS[kind].side})  # type: ignore[attr-defined]
        for column in COLUMNS:
            if column in {"seq", "candidates", "score", "detail"}:
                continue
            values = [row.get(column) for row in rows]
            if all(v is None for v in values):
                continue
            sha.update(column.encode())
            for v in values:
                if v is None:
                    sha.update(struct.pack("<q", -(2**63)))
                elif column in NAMES:
                    sha.update(hashlib.blake2b(v.encode(), digest_size=8).digest())
                else:
                    sha.update(struct.pack("<q", v))
    return f"sha256:{sha.hexdigest()}"


def digest_of(day: Sequence[Fact], seal_after: Sequence[int] = ()) -> str:
    digest = Digest()
    stream = EventStream([digest])
    for number, fact in enumerate(day):
        stream.emit(fact)
        if number in seal_after:
            stream.seal()
    stream.close()
    return digest.value()


@pytest.mark.parametrize("orders", [0, 1, 900, 2000])
def test_is_what_the_definition_says(orders: int) -> None:
    assert digest_of(facts(orders)) == by_hand(facts(orders))


def test_whole_blocks_only() -> None:
    day = [WorkerCheckedIn(n, "main", "w", "picker", "a") for n in range(BLOCK_EVENTS)]
    assert digest_of(day) == by_hand(day)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 5000), max_size=6))
def test_does_not_depend_on_where_chunks_end(seals: set[int]) -> None:
    day = facts(1001)
    assert digest_of(day, sorted(seals)) == digest_of(day)


def test_may_be_read_on_the_way() -> None:
    digest = Digest()
    stream = EventStream([digest])
    day = facts(1700)
    for number, fact in enumerate(day):
        stream.emit(fact)
        if number in (10, 5000):
            stream.seal()
            assert digest.figures() == {"digest": by_hand(day[: number + 1])}
    stream.close()
    assert digest.value() == by_hand(day)


def test_scores_candidates_and_details_do_not_count_and_all_else_does() -> None:
    day = facts(4)
    plain = digest_of(day)
    day[3] = day[3]._replace(units=1)  # type: ignore[attr-defined]
    assert digest_of(day) != plain
    day = facts(4)
    day[6] = day[6]._replace(score=9.0, candidates=1, detail=None)  # type: ignore[attr-defined]
    assert digest_of(day) == plain


def test_is_the_same_under_any_hash_seed() -> None:
    script = "from tests.unit.events.test_digest import digest_of, facts; print(digest_of(facts(300)))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert found == {digest_of(facts(300)) + "\n"}
