"""The gate's judgement against the worked numbers of its reference, and mutants of it that must be caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.statistics import verdicts
from experiments.statistics.verdicts import Metric, evaluate, exit_code, replications_for_power, shifted

BASE = [402.1, 418.7, 431.5, 396.4, 409.9, 425.2, 414.3, 399.8, 437.6, 407.0]
CAND = [407.9, 421.2, 440.3, 401.0, 413.1, 433.6, 421.9, 403.5, 444.0, 410.8]


def metric(margin: float = 0.01, better: str | None = "lower", name: str = "cycle") -> Metric:
    return Metric(name=name, better=better, margin_relative=margin)  # type: ignore[arg-type]


def one(m: Metric, base=BASE, new=CAND, **more):
    return evaluate([m], {m.name: base}, {m.name: new}, **more)[0]


@pytest.mark.parametrize(
    ("margin", "mean", "low", "high", "p_reg", "p_ok", "outcome"),
    [
        (0.01, 1.3375, 0.0724, 2.6026, 0.0423, 0.9577, "regressed"),
        (0.015, -0.7337, -1.9787, 0.5112, 0.8460, 0.1540, "inconclusive"),
        (0.02, -2.8050, -4.0307, -1.5793, 0.9988, 0.0012, "equivalent"),
    ],
)
def test_the_worked_table(margin, mean, low, high, p_reg, p_ok, outcome):
    from experiments.statistics.intervals import mean_interval

    worse = mean_interval(shifted(metric(margin), np.array(CAND), np.array(BASE), 1), 0.90)
    assert (worse.estimate, worse.low, worse.high) == pytest.approx((mean, low, high), abs=5e-5)
    verdict = one(metric(margin))
    assert (verdict.p_reg, verdict.p_ok) == pytest.approx((p_reg, p_ok), abs=5e-5)
    assert verdict.outcome == outcome


def test_three_looks_make_the_first_row_inconclusive():
    assert one(metric(0.01), looks=3).outcome == "inconclusive"


def test_read_as_higher_is_better_the_same_data_are_improved():
    verdict = one(metric(0.01, "higher"))
    assert verdict.outcome == "improved"
    assert verdict.p_imp == pytest.approx(0.0423, abs=5e-5)


def test_inside_the_margin_is_said_to_be_so():
    assert one(metric(0.02)).inside_margin
    assert not one(metric(0.02), new=BASE).inside_margin


def test_no_difference_at_all_is_equivalent_even_without_a_margin():
    assert one(metric(0.0), new=BASE).outcome == "equivalent"


def test_a_missing_value_is_an_error_a_missing_baseline_no_verdict():
    assert one(metric(), new=[*CAND[:9], None]).outcome == "errored"
    assert one(metric(), new=[*CAND[:9], float("nan")]).outcome == "errored"
    assert one(metric(), new=[]).outcome == "errored"
    assert evaluate([metric()], {}, {"cycle": CAND})[0].outcome == "missing_baseline"
    assert one(metric(), base=BASE[:5]).outcome == "not_comparable"
    assert one(metric(), why_not={"cycle": "the seeds differ"}).outcome == "not_comparable"


def test_an_invariant_may_not_move_at_all():
    exact = Metric(name="lost", better=None, exact=True)
    assert one(exact, base=[0.0] * 5, new=[0.0] * 5).outcome == "equivalent"
    assert one(exact, base=[0.0] * 5, new=[0.0, 0.0, 1.0, 0.0, 0.0]).outcome == "regressed"


def test_without_a_good_side_a_change_to_either_side_regresses():
    for sign in (1, -1):
        moved = [b * (1 + sign * 0.05) + d for b, d in zip(BASE, np.linspace(-1, 1, 10), strict=True)]
        verdict = one(metric(0.02, None), new=moved)
        assert (verdict.outcome, verdict.why) == ("regressed", "changed")
    assert one(metric(0.05, None)).outcome == "equivalent"


def test_holm_runs_over_the_metrics():
    """p_reg 0.0423 alone regresses; beside another metric of the same data, twice that is above 0.05."""
    both = [metric(0.01, name="a"), metric(0.01, name="b")]
    found = evaluate(both, {"a": BASE, "b": BASE}, {"a": CAND, "b": CAND})
    assert [v.outcome for v in found] == ["inconclusive", "inconclusive"]


def test_about_how_many_replications_would_decide():
    verdict = one(metric(0.015))
    assert verdict.pairs_needed is not None
    more = verdict.pairs_needed // 10 + 1
    assert one(metric(0.015), base=BASE * more, new=CAND * more).outcome == "equivalent"


def test_exit_codes_and_their_precedence():
    assert exit_code(["equivalent", "improved"]) == 0
    assert exit_code(["equivalent", "inconclusive"]) == 3
    assert exit_code(["missing_baseline"]) == 3
    assert exit_code(["not_comparable", "regressed"]) == 1
    assert exit_code(["regressed", "errored", "inconclusive"]) == 2


@pytest.mark.parametrize(
    ("sd", "expected"),
    [(0.005, [4, 3, 3, 3]), (0.01, [11, 4, 3, 3]), (0.02, [36, 11, 6, 4]), (0.04, [139, 36, 17, 11])],
)
def test_replications_for_power(sd, expected):
    assert [replications_for_power(sd, shift / 100) for shift in (1, 2, 3, 4)] == expected


# mutants: each is what a careless change would make of the gate, and the table above must notice


def _table_holds() -> bool:
    """The worked cases in one word."""
    pair = [metric(0.01, name="a"), metric(0.01, name="b")]
    two = evaluate(pair, {"a": BASE, "b": BASE}, {"a": CAND, "b": CAND})
    return (
        [one(metric(m)).outcome for m in (0.01, 0.015, 0.02)] == ["regressed", "inconclusive", "equivalent"]
        and one(metric(0.01, "higher")).outcome == "improved"
        and all(v.outcome == "inconclusive" for v in two)
    )


def test_the_gate_itself_passes_its_table():
    assert _table_holds()


def test_mutant_sign_flipped(monkeypatch):
    right = verdicts.shifted
    monkeypatch.setattr(
        verdicts, "shifted",
        lambda m, x, b, side: right(replace(m, better="higher" if m.better == "lower" else "lower"), x, b, side),
    )  # fmt: skip
    assert not _table_holds()


def test_mutant_arms_swapped(monkeypatch):
    right = verdicts.shifted
    monkeypatch.setattr(verdicts, "shifted", lambda m, x, b, side: right(m, b, x, side))
    assert not _table_holds()


def test_mutant_holm_dropped(monkeypatch):
    monkeypatch.setattr(verdicts, "holm", lambda p: list(p))
    assert not _table_holds()


def test_mutant_pairing_dropped(monkeypatch):
    """The new values in another order: all means stay, the pairs are gone."""
    right = verdicts.shifted
    monkeypatch.setattr(verdicts, "shifted", lambda m, x, b, side: right(m, np.sort(x)[::-1], np.sort(b), side))
    assert not _table_holds()


def test_mutant_margin_ignored(monkeypatch):
    right = verdicts.shifted
    monkeypatch.setattr(verdicts, "shifted", lambda m, x, b, side: right(replace(m, margin_relative=0.0), x, b, side))
    assert not _table_holds()


def test_mutant_always_equivalent(monkeypatch):
    right = verdicts._judged
    monkeypatch.setattr(verdicts, "_judged", lambda *a: replace(right(*a), outcome="equivalent"))
    assert not _table_holds()
