"""Each procedure against worked numbers: (textbook) data, and figures recomputed with scipy and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.statistics.batch_means import batch_means, of_batches
from experiments.statistics.equivalence import tost
from experiments.statistics.intervals import mean_interval, needed
from experiments.statistics.paired import holm, paired
from experiments.statistics.precision import LookAhead
from experiments.statistics.probabilities import mcnemar, wilson
from experiments.statistics.quantiles import order_statistic_ranks, quantile, quantile_over_replications
from experiments.statistics.selection import (
    kn,
    kn_constants,
    nsgs,
    ocba,
    rinott,
    rinott_h,
    subset_independent,
    subset_paired,
    variances_of_differences,
)  # fmt: skip
from experiments.statistics.warmup import averaged, mser5, welch

A = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]
BASE = [402.1, 418.7, 431.5, 396.4, 409.9, 425.2, 414.3, 399.8, 437.6, 407.0]
CAND = [407.9, 421.2, 440.3, 401.0, 413.1, 433.6, 421.9, 403.5, 444.0, 410.8]
C1 = [126.97, 124.31, 126.68, 122.66, 127.23]
C2 = [118.21, 120.22, 122.45, 122.68, 119.40]
D = [
    50.1, 50.6, 49.8, 58.4, 43.2, 47.9, 55.3, 52.0, 46.1, 53.7, 49.5, 54.8,
    45.9, 51.2, 48.8, 52.6, 47.4, 50.9, 53.1, 49.0, 51.8, 48.3, 50.4, 52.2,
]  # fmt: skip


def digits(x: float, like: str) -> bool:
    """Whether x prints to the digits given."""
    decimals = len(like.partition(".")[2])
    return f"{x:.{decimals}f}" == like


# 1.1


@pytest.mark.parametrize(("level", "half"), [(0.90, "0.3223"), (0.95, "0.3977")])
def test_t_interval(level, half):
    found = mean_interval(A, level)
    assert found.estimate == pytest.approx(2.031)
    assert np.var(A, ddof=1) == pytest.approx(0.3091, abs=5e-5)
    assert found.half_width is not None and digits(found.half_width, half)


def test_one_value_has_no_interval_and_equal_values_an_exact_one():
    assert mean_interval([3.0]).low is None
    found = mean_interval([0.1] * 7)
    assert (found.low, found.high, found.exact) == (0.1, 0.1, True)
    with pytest.raises(ValueError, match="not a number"):
        mean_interval([1.0, math.nan])


def test_pairs_that_give_a_half_width():
    """The example of the report: S_D 2.257, h 1."""
    assert needed(2.257, 1.0) == 23


# 1.2


def test_paired_vector_b():
    at95, at90 = paired(BASE, CAND), paired(BASE, CAND, 0.90)
    assert (at95.base_mean, at95.cand_mean) == pytest.approx((414.25, 419.73))
    assert at95.difference.estimate == pytest.approx(5.48)
    assert digits(at95.sd, "2.25674")
    assert digits(at95.difference.low, "3.8656") and digits(at95.difference.high, "7.0944")
    assert digits(at90.difference.low, "4.1718") and digits(at90.difference.high, "6.7882")
    assert at95.p_value == pytest.approx(3.066e-5, rel=5e-4)
    assert digits(at95.correlation, "0.99242") and digits(at95.variance_ratio, "0.012004")


def test_thrown_away_pairs_cannot_distinguish():
    """The same data by scipy's Welch test: a clear result becomes none."""
    from scipy.stats import ttest_ind

    found = ttest_ind(CAND, BASE, equal_var=False)
    interval = found.confidence_interval(0.95)
    assert digits(found.df, "17.841") and digits(interval.low, "-8.213") and digits(interval.high, "19.173")
    assert digits(found.pvalue, "0.411")


def test_paired_vector_c_where_pairing_hurts():
    found = paired(C2, C1, 0.90)
    assert digits(found.difference.estimate, "4.978") and digits(found.sd**2 / 5, "2.4383")
    assert digits(found.difference.low, "1.6491") and digits(found.difference.high, "8.3069")
    assert digits(found.correlation, "-0.5709") and digits(found.variance_ratio, "1.5706")


def test_exact_pairs_are_said_to_be_exact():
    none, all_same = paired(BASE, BASE), paired([1.0, 2.0, 5.0], [2.0, 3.0, 6.0])
    assert (none.exact, none.p_value, none.difference.estimate) == (True, 1.0, 0.0)
    assert (all_same.exact, all_same.p_value, all_same.difference.low) == (True, 0.0, 1.0)
    with pytest.raises(ValueError, match="pairs are needed"):
        paired([1.0], [1.0, 2.0])


# 1.3


@pytest.mark.parametrize(
    ("given", "expected"),
    [([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
     ([0.2, 0.01, 0.04, 0.9, 0.013], [0.4, 0.05, 0.12, 0.9, 0.052])],
)  # fmt: skip
def test_holm(given, expected):
    assert holm(given) == pytest.approx(expected)


def test_holm_against_statsmodels():
    tests = pytest.importorskip("statsmodels.stats.multitest")
    rng = np.random.default_rng(4)
    for size in (1, 2, 7, 30):
        p = rng.random(size) ** 3
        assert holm(p.tolist()) == pytest.approx(tests.multipletests(p, method="holm")[1])


# 1.4


def test_relative_precision_with_look_ahead():
    look = LookAhead(0.05)
    for value in D:
        look.add(value)
    printed = [
        "2.001",
        "12.583",
        "13.280",
        "10.352",
        "8.979",
        "7.526",
        "6.985",
        "6.266",
        "5.616",
        "5.251",
        "5.101",
        "4.683",
    ]
    assert all(digits(100 * d, text) for d, text in zip(look.precision[2:], printed, strict=False))


@pytest.mark.parametrize(("target", "accepted"), [(0.05, 14), (0.10, 7)])
def test_the_look_ahead_sees_through_a_lucky_start(target, accepted):
    look = LookAhead(target)
    for value in D:
        look.add(value)
    assert look.precision[2] <= target, "without looking ahead both stop at 3"
    assert look.accepted_at == accepted


def test_vector_a_is_not_precise():
    look = LookAhead(0.05)
    for value in A:
        look.add(value)
    assert digits(100 * look.relative, "19.58")


# 1.5

E1 = [
    10, 9, 8, 7, 6, 5, 4, 5, 4, 5, 2, 3, 2, 3, 2, 2, 2, 3, 3, 2,
    3, 2, 2, 3, 2, 2, 3, 3, 2, 2, 3, 3, 2, 2, 2, 2, 2, 2, 3, 3,
]  # fmt: skip
RISE = [
    0, 1, 1, 2, 3, 2, 4, 3, 5, 4, 6, 4, 5, 7, 6, 5, 7, 8, 6, 7, 9, 7, 8, 6, 8, 7, 9, 8, 7, 8,
    8, 7, 9, 8, 6, 7, 8, 9, 8, 7, 8, 8, 7, 9, 7, 8, 6, 8, 9, 8, 7, 8, 9, 7, 8, 8, 7, 8, 9, 8,
    7, 9, 8, 8, 7, 6, 8, 9, 8, 7, 8, 7, 9, 8, 8, 7, 8, 8, 9, 7,
]  # fmt: skip


@pytest.mark.parametrize(
    ("series", "batches", "too_short"),
    [(RISE, 5, False), ([*RISE, 99, 99, 99, 99], 5, False), (range(60), 6, True),
     ([0.1] * 75, 0, False), ([5, 6] * 10 + [60] + [5, 6] * 20, 5, False)],
)  # fmt: skip
def test_mser5(series, batches, too_short):
    found = mser5(list(series))
    assert (found.deleted, found.too_short) == (5 * batches, too_short)


def test_mser5_exact_tie():
    """40 values are eight batches, fewer than a study may use."""
    with pytest.raises(ValueError, match="at least 50 values"):
        mser5(E1)
    found = mser5(E1, fewest=8)
    assert (found.deleted, found.statistic) == (10, pytest.approx(0.0, abs=1e-15))


def test_mser5_noisy_rise():
    found = mser5(RISE)
    assert digits(found.statistic, "0.00132231")
    assert np.mean(RISE) == pytest.approx(6.9125)
    assert np.mean(RISE[found.deleted :]) == pytest.approx(7.8)


def test_mser5_refuses_what_it_cannot_judge():
    for bad in ([1.0] * 49, [math.nan] * 60):
        with pytest.raises(ValueError):
            mser5(bad)


def test_averaged_goes_as_far_as_the_shortest():
    assert averaged([[1, 2, 3], [3, 4]]).tolist() == [2, 3]


def test_welch_plot():
    assert welch([10, 6, 5, 4, 3, 4, 2, 3, 3, 3], 2).tolist() == pytest.approx([10, 7, 5.6, 4.4, 3.6, 3.2, 3.0, 3.0])


# 1.6

R = [
    [61, 48, 75, 52, 90, 66, 58, 71, 49, 83, 55, 64, 120, 69, 57, 73, 62, 50, 78, 59],
    [54, 67, 88, 46, 72, 59, 101, 63, 70, 51, 66, 58, 77, 95, 60, 53, 74, 49, 81, 65],
    [70, 57, 62, 110, 48, 85, 66, 53, 79, 61, 92, 56, 73, 50, 68, 64, 59, 77, 130, 71],
    [49, 63, 58, 74, 69, 52, 87, 60, 98, 55, 76, 65, 47, 81, 62, 71, 57, 68, 50, 90],
]


def test_p95_over_replications_not_pooled():
    assert [quantile(r, 0.95) for r in R] == pytest.approx([91.5, 95.3, 111.0, 90.4])
    found = quantile_over_replications(R, 0.95)
    assert found.estimate == pytest.approx(97.05)
    assert digits(found.half_width, "15.1707")
    assert quantile([x for r in R for x in r], 0.95) == pytest.approx(98.15), "the pooled one is another, wrong, answer"


def test_ranks_of_order_statistics():
    assert order_statistic_ranks(1000, 0.95) == (936, 964)
    assert order_statistic_ranks(10, 0.5) == (2, 9)
    assert order_statistic_ranks(71, 0.95) is None
    assert order_statistic_ranks(72, 0.95) is not None


# 1.7


def test_two_one_sided_tests():
    gap_c, gap_b = np.array(C1) - np.array(C2), np.array(CAND) - np.array(BASE)
    assert digits(tost(gap_c, -10, 10), "0.016200") and digits(tost(gap_c, 0, 10), "0.016640")
    assert digits(tost(gap_b, -8, 8), "0.003201") and digits(tost(gap_b, -6, 6), "0.2424")


# 1.8

MEANS, VARIANCES = [412, 405, 430, 408], [144, 225, 100, 81]


def test_subset_selection():
    found = subset_independent(MEANS, VARIANCES, 10)
    assert found.kept == (0, 1, 3)
    assert digits(found.widths[2, 1], "14.248")


@pytest.mark.parametrize(
    ("k", "n0", "p", "h"),
    [(2, 10, 0.95, "2.614"), (3, 10, 0.95, "3.166"), (4, 10, 0.95, "3.476"), (5, 10, 0.95, "3.693"),
     (10, 10, 0.95, "4.290"), (5, 20, 0.95, "3.385"), (10, 20, 0.95, "3.875"), (5, 20, 0.90, "2.916"),
     (4, 10, 0.975, "4.012"), (5, 10, 0.975, "4.225")],
)  # fmt: skip
def test_rinott_constants(k, n0, p, h):
    assert digits(rinott_h(k, n0, p), h)


def test_rinott_and_nsgs():
    assert rinott(VARIANCES, 5, 10) == (70, 109, 49, 40)
    assert nsgs(MEANS, VARIANCES, 5, 10) == {0: 93, 1: 145, 3: 53}


@pytest.mark.parametrize(
    ("k", "n0", "eta", "h2"),
    [(2, 10, "0.3341", "6.0129"), (3, 10, "0.4729", "8.5130"), (5, 10, "0.6350", "11.4294"),
     (5, 20, "0.2372", "9.0151"), (10, 10, "0.8591", "15.4635")],
)  # fmt: skip
def test_kn_constants(k, n0, eta, h2):
    found = kn_constants(k, n0)
    assert digits(found[0], eta) and digits(found[1], h2)


KN = [
    [204, 189, 185, 191, 205, 212, 220, 214, 185, 184, 208, 210, 189, 196, 199, 200, 201, 204, 208],
    [201, 190, 187, 194, 203, 211, 224, 213, 190, 185, 202, 215, 188, 199, 198, 202, 203, 209, 215],
    [203, 186, 185, 194, 203, 214, 223, 214, 192, 182, 204, 209, 187, 199, 196, 202, 199, 206, 209],
]


def test_kn_drops_and_chooses():
    s2 = variances_of_differences(np.array([row[:10] for row in KN], dtype=float).T)
    assert digits(s2[0, 1], "6.98889") and digits(s2[0, 2], "9.34444") and digits(s2[1, 2], "5.28889")
    found = kn(KN, 1.0)
    assert (found.done, found.best, found.dropped) == (True, 1, {2: 18, 0: 19})


def test_kn_goes_on_as_replications_come():
    """Step by step it says the same, and asks only survivors for more."""
    took = [row[:10] for row in KN]
    while not (state := kn(took, 1.0)).done:
        assert 1 in state.survivors
        for i in state.survivors:
            took[i] = KN[i][: len(took[i]) + 1]
    assert (state.best, state.dropped) == (1, {2: 18, 0: 19})
    assert len(took[2]) == 18


def test_kn_turned_round_for_costs():
    assert kn([[-x for x in row] for row in KN], 1.0, larger_is_better=False).best == 1


def test_ocba():
    exact, whole = ocba([1, 2, 3, 4, 5], [1] * 5, 100)
    assert exact.tolist() == pytest.approx([42.182, 40.613, 10.153, 4.513, 2.538], abs=5e-4)
    assert whole == (42, 41, 10, 4, 3)
    exact, _ = ocba(MEANS, np.sqrt(VARIANCES).tolist(), 200)
    assert exact.tolist() == pytest.approx([21.339, 112.149, 1.162, 65.350], abs=5e-4)
    assert sum(ocba([3, 3, 5], [1, 1, 1], 30)[1]) == 30, "tied means do not divide by nothing"


def test_subset_under_common_random_numbers_uses_the_differences():
    """Arms that move together by far more than they differ: paired selection tells them apart."""
    rng = np.random.default_rng(1)
    day = rng.normal(0, 50, 12)
    table = np.stack([100 + day + rng.normal(0, 0.5, 12), 103 + day + rng.normal(0, 0.5, 12)], axis=1)
    assert subset_paired(table).kept == (0,)
    spread = table.var(axis=0, ddof=1).tolist()
    assert subset_independent(table.mean(axis=0).tolist(), spread, 12).kept == (0, 1)


# 1.9 and 1.10


def test_batch_means():
    y = [52, 50, 51, 49, 48, 53, 51, 50, 52, 51, 47, 49, 50, 52, 53, 50, 48, 51, 50, 49]
    found = of_batches(y)
    assert found.interval.estimate == pytest.approx(50.3) and digits(found.interval.half_width, "0.7757")
    assert digits(found.c, "0.09004") and digits(found.z, "0.424") and found.independent
    wave = [46, 47, 47, 48, 49, 49, 50, 51, 52, 53, 53, 52, 52, 51, 51, 50, 50, 51, 52, 52]
    slow = of_batches(wave)
    assert digits(slow.c, "0.92519") and digits(slow.z, "4.356") and not slow.independent
    assert batch_means(np.repeat(y, 7), 20).interval == found.interval


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(18, 20, "0.6990", "0.9721"), (20, 20, "0.8389", "1"), (0, 20, "0", "0.1611"), (190, 200, "0.9104", "0.9726")],
)
def test_wilson(k, n, low, high):
    found = wilson(k, n)
    assert digits(found.low, low) and digits(found.high, high)


@pytest.mark.parametrize(("b", "c", "p"), [(1, 7, "0.0703"), (0, 6, "0.03125")])
def test_mcnemar(b, c, p):
    base = [True] * b + [False] * c + [True] * 4
    cand = [False] * b + [True] * c + [True] * 4
    lost, won, found = mcnemar(base, cand)
    assert (lost, won) == (b, c) and digits(found, p)
