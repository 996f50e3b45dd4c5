"""Promises of the procedures, kept over many experiments with fixed seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.statistics.batch_means import batch_means
from experiments.statistics.intervals import mean_interval
from experiments.statistics.precision import LookAhead
from experiments.statistics.quantiles import order_statistic_ranks, quantile_over_replications
from experiments.statistics.selection import kn, nsgs, rinott

pytestmark = pytest.mark.statistical


def at_least(share: float, experiments: int) -> float:
    """Two standard errors below a nominal share."""
    return share - 2 * math.sqrt(share * (1 - share) / experiments)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_kn_selects_right_as_often_as_it_says(correlation, capsys):
    """The best just delta ahead of four equals, s.d. 2: the least favourable case."""
    rng = np.random.default_rng(11)
    experiments, right, runs = 400, 0, 0
    means = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    for _ in range(experiments):
        day = rng.normal(0, 1, 4000)[:, None] * math.sqrt(correlation)
        table = means + 2 * (day + rng.normal(0, 1, (4000, 5)) * math.sqrt(1 - correlation))
        n = [10] * 5
        while True:
            state = kn([table[: n[i], i].tolist() for i in range(5)], 1.0, 10)
            if state.done:
                break
            for i in state.survivors:
                n[i] = min(4000, n[i] + max(1, n[i] // 8))
        right += state.best == 0
        runs += sum(state.dropped.get(i, state.n) for i in range(5))
    with capsys.disabled():
        print(f"\nKN, correlation {correlation}: {right / experiments:.3f} right, {runs / experiments:.0f} runs each")
    assert right / experiments >= at_least(0.95, experiments)


@pytest.mark.parametrize("procedure", ["rinott", "nsgs"])
def test_two_stage_procedures_select_right(procedure):
    """Independent arms of unequal spread."""
    rng = np.random.default_rng(12)
    means, sds = np.array([0.0, 1.0, 1.0, 1.0]), np.array([2.0, 3.0, 1.5, 2.5])
    experiments, right = 400, 0
    for _ in range(experiments):
        first = rng.normal(means, sds, (10, 4))
        spread = first.var(axis=0, ddof=1).tolist()
        if procedure == "rinott":
            wanted = dict(enumerate(rinott(spread, 1.0, 10)))
        else:
            wanted = nsgs(first.mean(axis=0).tolist(), spread, 1.0, 10)
        found = {}
        for i, n in wanted.items():
            more = rng.normal(means[i], sds[i], n - 10)
            found[i] = (first[:, i].sum() + more.sum()) / n
        right += min(found, key=found.__getitem__) == 0
    assert right / experiments >= at_least(0.95, experiments)


def mm1_sojourns(rng: np.random.Generator, customers: int, rho: float) -> np.ndarray:
    """Lindley's recursion from an exponential start in steady state."""
    service, gap = rng.exponential(1, customers), rng.exponential(1 / rho, customers)
    wait = np.empty(customers)
    w = rng.exponential(1 / (1 - rho)) if rng.random() < rho else 0.0
    for i in range(customers):
        wait[i] = w
        w = max(0.0, w + service[i] - gap[i])
    return wait + service


def test_p95_by_replication_covers_and_pooled_times_do_not(capsys):
    """M/M/1 sojourn times at rho 0.8, true p95 14.9787, 20 replications of 2,000 customers."""
    rng = np.random.default_rng(13)
    truth, experiments = -math.log(0.05) / 0.2, 60
    by_replication = pooled = 0
    for _ in range(experiments):
        runs = [mm1_sojourns(rng, 2000, 0.8) for _ in range(20)]
        found = quantile_over_replications(runs, 0.95)
        by_replication += found.low <= truth <= found.high
        together = np.sort(np.concatenate(runs))
        low, high = order_statistic_ranks(len(together), 0.95)
        pooled += together[low - 1] <= truth <= together[high - 1]
    with capsys.disabled():
        print(f"\np95: by replication {by_replication / experiments:.2f}, pooled {pooled / experiments:.2f}")
    assert by_replication / experiments >= at_least(0.935, experiments)
    assert pooled / experiments < 0.5


@pytest.mark.parametrize(("length", "covers"), [(400, 0.86), (20_000, 0.95)])
def test_batch_means_cover_as_printed(length, covers):
    """AR(1) with phi 0.9, 20 batches: too short a run covers too seldom, and the check says so."""
    from scipy.signal import lfilter

    rng = np.random.default_rng(14)
    experiments = 1000
    start = rng.normal(0, 1 / math.sqrt(1 - 0.81), experiments)
    noise = rng.normal(0, 1, (experiments, length))
    noise[:, 0] = start
    series = lfilter([1], [1, -0.9], noise, axis=1)
    found = [batch_means(row, 20) for row in series]
    share = np.mean([f.interval.low <= 0 <= f.interval.high for f in found])
    assert abs(share - covers) <= 3 * math.sqrt(covers * (1 - covers) / experiments)
    told = np.mean([not f.independent for f in found])
    assert told > 0.3 if length == 400 else told < 0.12


def test_look_ahead_covers(capsys):
    """Normal data, c.v. 0.2, target 5 %: about 64 replications, and the interval covers."""
    rng = np.random.default_rng(15)
    experiments, covered, took = 200, 0, []
    for _ in range(experiments):
        look = LookAhead(0.05)
        while not look.done:
            look.add(float(rng.normal(100, 20)))
        found = mean_interval(look.values[: look.accepted_at])
        covered += found.low <= 100 <= found.high
        took.append(look.accepted_at)
    with capsys.disabled():
        print(f"\nlook-ahead: mean n {np.mean(took):.0f}, coverage {covered / experiments:.3f}")
    assert covered / experiments >= at_least(0.95, experiments)
    assert 55 <= np.mean(took) <= 73


# queues with known answers, through the product's own house

EXPERIMENTS, PER_EXPERIMENT = 40, 6


@pytest.fixture(scope="module")
def queue_waits():
    """Mean waits, in services, of M/M/1 and M/D/1 at load 0.5: 240 seeds of about 1,000 orders each after warm-up."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    jobs = [(name, seed) for name in ("oracles/mm1", "oracles/md1") for seed in range(EXPERIMENTS * PER_EXPERIMENT)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        waits = np.array(list(pool.map(mean_wait, jobs, chunksize=20)))
    return waits.reshape(2, EXPERIMENTS, PER_EXPERIMENT)


def mean_wait(job: tuple[str, int]) -> float:
    """Through twin.run, as a study makes it."""
    from experiments.replication import job_of, replicate
    from twin.spec.loading import load_scenario

    name, seed = job
    settings = ["warmup_h=6", "horizon_h=40", "demand.generate.interarrival_s={exponential: {mean: 120}}"]
    found = replicate(job_of(load_scenario(name, settings), 7000 + seed))
    stations = found.result["kpis"]["stations"]
    return next(iter(stations.values()))["wait_mean_s"] / 60


@pytest.mark.slow
def test_intervals_of_means_cover_the_theory_of_queues(queue_waits, capsys):
    for waits, truth in zip(queue_waits, (1.0, 0.5), strict=True):
        found = [mean_interval(row) for row in waits]
        covered = np.mean([x.low <= truth <= x.high for x in found])
        with capsys.disabled():
            print(f"\nmean wait {truth}: covered by {100 * covered:.0f} % of {EXPERIMENTS} intervals")
        assert covered >= at_least(0.95, EXPERIMENTS)


@pytest.mark.slow
def test_intervals_of_paired_differences_cover_and_pairing_pays(queue_waits, capsys):
    """M/D/1 less M/M/1 on the same arrivals: -0.5 services."""
    from experiments.statistics.paired import paired

    found = [paired(mm1, md1) for mm1, md1 in zip(*queue_waits, strict=True)]
    covered = np.mean([x.difference.low <= -0.5 <= x.difference.high for x in found])
    ratio = float(np.median([x.variance_ratio for x in found]))
    with capsys.disabled():
        print(f"\npaired difference: covered by {100 * covered:.0f} %, median variance ratio {ratio:.2f}")
    assert covered >= at_least(0.95, EXPERIMENTS)
    assert ratio < 1
