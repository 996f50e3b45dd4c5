"""The collector looks where the window rests, and is afterwards as it was."""

from __future__ import annotations

import gc

import pytest

from visualizer import collecting
from visualizer.collecting import SELDOM, Collecting


@pytest.fixture
def before():
    before = gc.get_threshold()
    yield before
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_was_read_gets_out_of_sight_once_and_comes_back_at_the_end(before):
    collecting_ = Collecting()
    collecting_.after_frame(is_loaded=False, moves=True)
    assert gc.get_threshold() == before
    collecting_.after_frame(is_loaded=True, moves=True)
    assert gc.get_threshold() == SELDOM
    assert gc.get_freeze_count() > 0
    frozen = gc.get_freeze_count()
    kept = [[i] for i in range(50_000)]
    collecting_.after_frame(is_loaded=True, moves=True)
    assert gc.get_freeze_count() == frozen
    collecting_.close()
    collecting_.close()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
    assert len(kept) == 50_000


def test_it_looks_in_rests_alone_and_only_when_there_is_something_new(before, monkeypatch):
    collecting_ = Collecting()
    collecting_.after_frame(is_loaded=True, moves=True)
    looks = []
    monkeypatch.setattr(collecting.gc, "collect", lambda: looks.append(1))
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (collecting.ENOUGH + 1, 0, 0))
    collecting_.after_frame(is_loaded=True, moves=True)
    assert not looks
    collecting_.after_frame(is_loaded=True, moves=False)
    assert looks == [1]
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (10, 0, 0))
    collecting_.after_frame(is_loaded=True, moves=False)
    assert looks == [1]
    collecting_.close()
