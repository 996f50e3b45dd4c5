"""Drawn troubles, drawn commands: no day stands still, loses a unit or breaks the book's sums."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from random_days import check_books, in_time, run_of, troubles

from twin.domain.errors import SpecError


def a_day(trouble: tuple[list[str], list[dict[str, Any]], int]) -> None:
    said, given_, number = trouble
    with in_time(60):
        try:
            run = run_of(said, given_, number)
        except SpecError:
            reject()  # the drawn settings contradict each other, and the sentence says so
        check_books(run)
        run.finish()
        assert run.watch is not None
        run.watch.conservation.check()


@seed(11)
@settings(max_examples=12, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(trouble=troubles())
def test_a_few_drawn_days(trouble: Any) -> None:
    a_day(trouble)


@pytest.mark.slow
@seed(12)
@settings(max_examples=80, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(trouble=troubles())
def test_many_drawn_days(trouble: Any) -> None:
    a_day(trouble)
