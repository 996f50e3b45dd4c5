from __future__ import annotations

from typing import Any

from twin.policies.cycle_counting import CYCLE_COUNTING, CountCandidate, CountProgramme, CountRules, CountSnapshot

REASONS = ["negative", "exception", "zero", "threshold", "plan", "spot"]


def candidate(location: str, reason: str = "plan", due_at_ms: int = 0, **changed: Any) -> CountCandidate:
    plain: dict[str, Any] = {
        "location": location,
        "velocity": 1,
        "due_at_ms": due_at_ms,
        "book_units": 3,
        "reason": reason,
        "value_cents": 0,
    }
    return CountCandidate(**(plain | changed))


def count(name: str, candidates: list[CountCandidate], max_counts: int = 99, now_ms: int = 0) -> CountProgramme:
    snapshot = CountSnapshot(now_ms=now_ms, book_version=1, candidates=tuple(candidates), max_counts=max_counts)
    return CYCLE_COUNTING[name](rules=CountRules())(snapshot)


def test_exceptions_come_first_in_the_order_of_the_reasons():
    candidates = [candidate(f"l{i}", reason) for i, reason in enumerate(reversed(REASONS))]
    assert [reason for _, reason in count("exceptions_first", candidates).counts] == REASONS


def test_within_a_reason_what_is_due_first_then_the_location():
    candidates = [candidate("c", due_at_ms=5), candidate("b", due_at_ms=9), candidate("a", due_at_ms=9)]
    assert [where for where, _ in count("exceptions_first", candidates).counts] == ["c", "a", "b"]


def test_no_more_than_there_are_hands_for():
    programme = count("exceptions_first", [candidate("a"), candidate("b"), candidate("c")], 2)
    assert programme == CountProgramme(counts=(("a", "plan"), ("b", "plan")), left_over=1)
    assert count("exceptions_first", [candidate("a")], 0) == CountProgramme(counts=(), left_over=1)


def test_a_location_with_two_reasons_is_counted_once_for_the_first():
    programme = count("exceptions_first", [candidate("a", "plan"), candidate("a", "negative")])
    assert programme == CountProgramme(counts=(("a", "negative"),), left_over=0)


def test_abc_plan_counts_what_is_due_and_nothing_else():
    candidates = [candidate("a", due_at_ms=6), candidate("b", due_at_ms=5), candidate("c", "spot")]
    assert count("abc_plan", candidates, now_ms=5) == CountProgramme(counts=(("b", "plan"),), left_over=2)


def test_threshold_and_zero_confirm_count_for_their_reason():
    candidates = [candidate("a", "threshold", book_units=4), candidate("b", "threshold", book_units=5)]
    assert count("threshold", candidates).counts == (("a", "threshold"),)
    assert count("zero_confirm", [*candidates, candidate("c", "zero")]).counts == (("c", "zero"),)


def test_spot_counts_other_locations_on_another_day():
    candidates = [candidate(f"l{i}", "spot") for i in range(40)]
    today, tomorrow = (count("spot", candidates, 5, now_ms=day * 86_400_000).counts for day in (0, 1))
    assert set(today) != set(tomorrow)
    assert today == count("spot", candidates, 5, now_ms=86_399_999).counts
