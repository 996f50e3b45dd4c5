"""M/M/1, M/M/c and M/D/1 through scenario files: 30 replications with fixed seeds against theory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
from queue_theory import Queue, agree, replicate, replications, two_workers

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

TABLE = {
    ("oracles/mm1", 1, 0.3): (0.300000, 0.428571),
    ("oracles/mm1", 1, 0.5): (0.500000, 1.000000),
    ("oracles/mm1", 1, 0.7): (0.700000, 2.333333),
    ("oracles/mm1", 1, 0.8): (0.800000, 4.000000),
    ("oracles/mm1", 2, 0.3): (0.138462, 0.098901),
    ("oracles/mm1", 2, 0.5): (0.333333, 0.333333),
    ("oracles/mm1", 2, 0.7): (0.576471, 0.960784),
    ("oracles/mm1", 2, 0.8): (0.711111, 1.777778),
    ("oracles/mm3", 3, 0.3): (0.070029, 0.033347),
    ("oracles/mm3", 3, 0.5): (0.236842, 0.157895),
    ("oracles/mm3", 3, 0.7): (0.492344, 0.547049),
    ("oracles/mm3", 3, 0.8): (0.647191, 1.078652),
    ("oracles/mm1", 5, 0.3): (0.020139, 0.005754),
    ("oracles/mm1", 5, 0.5): (0.130371, 0.052149),
    ("oracles/mm1", 5, 0.7): (0.377838, 0.251892),
    ("oracles/mm1", 5, 0.8): (0.554113, 0.554113),
    ("oracles/mm1", 10, 0.3): (0.001157, 0.000165),
    ("oracles/mm1", 10, 0.5): (0.036105, 0.007221),
    ("oracles/mm1", 10, 0.7): (0.221731, 0.073910),
    ("oracles/mm1", 10, 0.8): (0.409180, 0.204590),
    ("oracles/md1", 1, 0.3): (0.3, 0.214286),
    ("oracles/md1", 1, 0.5): (0.5, 0.500000),
    ("oracles/md1", 1, 0.7): (0.7, 1.166667),
    ("oracles/md1", 1, 0.8): (0.8, 2.000000),
}
"""P(wait) and mean wait in mean services, from the table of the statistics reference."""

QUICK = [Queue("oracles/mm1", 1, 0.5, 60_000), Queue("oracles/md1", 1, 0.5, 45_000)]
SLOW = [
    Queue("oracles/mm1", 1, 0.3, 38_000),
    Queue("oracles/mm1", 1, 0.7, 150_000),
    Queue("oracles/mm1", 1, 0.8, 300_000),
    Queue("oracles/md1", 1, 0.3, 40_000),
    Queue("oracles/md1", 1, 0.7, 75_000),
    Queue("oracles/md1", 1, 0.8, 145_000),
    Queue("oracles/mm1", 2, 0.3, 140_000),
    Queue("oracles/mm1", 2, 0.5, 125_000),
    Queue("oracles/mm3", 3, 0.3, 6_000),
    Queue("oracles/mm3", 3, 0.5, 182_000),
    Queue("oracles/mm3", 3, 0.7, 230_000),
    Queue("oracles/mm1", 5, 0.3, 6_000),
    Queue("oracles/mm1", 10, 0.3, 6_000),
    Queue("oracles/mm1", 10, 0.5, 6_000),
]
COSTLY = [
    Queue("oracles/mm1", 2, 0.7, 170_000),
    Queue("oracles/mm1", 2, 0.8, 355_000),
    Queue("oracles/mm3", 3, 0.8, 340_000),
    Queue("oracles/mm1", 5, 0.5, 385_000),
    Queue("oracles/mm1", 5, 0.7, 315_000),
    Queue("oracles/mm1", 5, 0.8, 490_000),
    Queue("oracles/mm1", 10, 0.7, 600_000),
    Queue("oracles/mm1", 10, 0.8, 850_000),
]
"""Eight points that cost twice as much as all the others together: `TWIN_ALL_ORACLES=1`."""

every_point = pytest.mark.skipif(
    not os.environ.get("TWIN_ALL_ORACLES"),
    reason="some twelve more minutes of queues: set TWIN_ALL_ORACLES=1 to run them",
)


def name_of(queue: Queue) -> str:
    return f"{queue.scenario.removeprefix('oracles/')[:3]}-{queue.servers}-{queue.rho}"


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with two_workers() as pool:
        yield pool


@pytest.mark.parametrize("queue", QUICK + SLOW + COSTLY, ids=name_of)
def test_formulas_give_the_published_table(queue: Queue) -> None:
    p_wait, wait_mean = TABLE[queue.scenario, queue.servers, queue.rho]
    assert queue.p_wait == pytest.approx(p_wait, abs=6e-7)
    assert queue.wait_mean == pytest.approx(wait_mean, abs=6e-7)


def test_no_point_of_the_table_is_left_out() -> None:
    assert sorted((q.scenario, q.servers, q.rho) for q in QUICK + SLOW + COSTLY) == sorted(TABLE)


@pytest.mark.statistical
@pytest.mark.parametrize("queue", QUICK, ids=name_of)
def test_waits_agree_with_theory_quick(queue: Queue, pool: ProcessPoolExecutor) -> None:
    _check(queue, pool)


@pytest.mark.statistical
@pytest.mark.slow
@pytest.mark.parametrize("queue", SLOW, ids=name_of)
def test_waits_agree_with_theory(queue: Queue, pool: ProcessPoolExecutor) -> None:
    _check(queue, pool)


@pytest.mark.statistical
@pytest.mark.slow
@every_point
@pytest.mark.parametrize("queue", COSTLY, ids=name_of)
def test_waits_agree_with_theory_at_the_costly_points(queue: Queue, pool: ProcessPoolExecutor) -> None:
    _check(queue, pool)


def _check(queue: Queue, pool: ProcessPoolExecutor) -> None:
    seen = replications(queue, pool)
    if queue.waits_are_rare:
        agree([s.sojourn_mean for s in seen], queue.wait_mean + 1)
        return
    agree([s.p_wait for s in seen], queue.p_wait)
    agree([s.wait_mean for s in seen], queue.wait_mean)
    if queue.scenario == "oracles/mm1" and queue.servers == 1:
        agree([s.sojourn_p95 for s in seen], queue.sojourn_p95)


@pytest.mark.parametrize("scenario", ["oracles/mm1", "oracles/mm3", "oracles/md1"])
def test_the_figures_of_a_result_are_those_of_its_log(scenario: str) -> None:
    servers = {"oracles/mm3": 3}.get(scenario, 1)
    queue = Queue(scenario, servers, 0.7, 400 * 30)
    seen = replicate(queue, 5)
    station = run_scenario(load_scenario(scenario, queue.overrides), seed=5).kpis["stations"]["main/pack"]
    assert station["p_wait"] == pytest.approx(seen.p_wait, rel=1e-12)
    assert station["wait_mean_s"] == pytest.approx(seen.wait_mean * 60, rel=1e-12)
    assert station["utilisation"] == pytest.approx(0.7, abs=0.15)


@pytest.mark.parametrize(
    ("scenario", "p_wait", "wait_s"),
    [("oracles/mm1", 0.8, 240.0), ("oracles/mm3", 0.492344, 32.8229), ("oracles/md1", 0.8, 120.0)],
)
def test_shipped_files_stand_at_the_load_they_name(scenario: str, p_wait: float, wait_s: float) -> None:
    spec = load_scenario(scenario).spec
    assert spec.demand.generate is not None
    per_service = 60 / spec.demand.generate.interarrival_s.exponential.mean  # type: ignore[union-attr]
    servers = spec.layout.pack_stations[0].benches  # type: ignore[union-attr]
    assert spec.workforce.packers.count == servers  # type: ignore[union-attr]
    queue = Queue(scenario, int(servers), per_service / int(servers), 1)
    assert queue.p_wait == pytest.approx(p_wait, abs=1e-6)
    assert queue.wait_mean * 60 == pytest.approx(wait_s, abs=1e-4)
