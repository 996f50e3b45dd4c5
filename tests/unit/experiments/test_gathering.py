"""Replications: addressed by their content, kept on arrival, made once; workers may die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from small_days import small

from experiments.execution import InPlace, SpawnedWorkers, WorkerLostError
from experiments.gathering import Gathering
from experiments.replication import job_of, replicate
from experiments.sampling import ReplicationFailedError, fixed
from experiments.store import ResultStore
from twin.domain.errors import JournalError


class Refusing:
    """An executor that must not be needed."""

    workers = 1

    def __init__(self) -> None:
        raise AssertionError("everything was in the store")


def gathered(tmp_path: Path, *wanted, executor=InPlace):
    with Gathering(ResultStore(tmp_path), executor) as gathering:
        return gathering.gather(wanted)


def test_a_repeated_study_costs_nothing(tmp_path):
    day = small()
    first = gathered(tmp_path, (day, 1), (day, 2))
    again = gathered(tmp_path, (day, 2), (day, 1), executor=Refusing)
    assert [r.digest for r in again] == [first[1].digest, first[0].digest]
    assert again[1].result == json.loads(json.dumps(first[0].result))


def test_another_name_is_the_same_content_and_is_made_once(tmp_path):
    made = []

    class Counting(InPlace):
        def submit(self, job):
            made.append(job)
            return super().submit(job)

    one, other = gathered(tmp_path, (small("a"), 1), (small("b"), 1), executor=Counting)
    assert one.digest == other.digest
    assert len(made) == 1


def test_the_address_is_of_scenario_seed_policies_and_rules():
    day = small()
    base = job_of(day.loaded, 1).address
    others = [
        job_of(day.loaded, 2).address,
        job_of(small("x", "workforce.pickers.count=3").loaded, 1).address,
        job_of(day.loaded, 1, {"routing": "optimal"}).address,
        job_of(small("x", 'policies.batching={"name": "seed", "rules": {"candidates_max": 8}}').loaded, 1).address,
    ]
    assert len({base, *others}) == 5
    assert job_of(small("y").loaded, 1).address == base


def test_own_code_is_addressed_by_its_source(tmp_path, monkeypatch):
    """The same name with other code is another result."""
    monkeypatch.chdir(tmp_path)
    source = (
        "from twin.policies.named import named\n"
        "class Mine:\n    def __call__(self, s):\n        return named('routing', 's_shape')(s)\n"
    )
    found = []
    for number, text in enumerate((source, source.replace("s_shape", "return"))):
        (tmp_path / f"mine_{number}.py").write_text(text)
        found.append(job_of(small().loaded, 1, {"routing": f"mine_{number}:Mine"}).address)
    assert found[0] != found[1]


def test_a_damaged_result_is_made_again(tmp_path):
    day = small()
    first = gathered(tmp_path, (day, 1))[0]
    path = ResultStore(tmp_path).path(first.address)
    path.write_text(path.read_text()[:200])
    assert gathered(tmp_path, (day, 1))[0].digest == first.digest
    assert json.loads(path.read_text())["address"] == first.address


def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(tmp_path, monkeypatch):
    def full(self, *a, **k):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(JournalError, match="No space left on device"):
        gathered(tmp_path, (small(), 1))
    monkeypatch.undo()
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_failed_replication_is_named_and_not_kept(tmp_path):
    """A rule that is wrong in the middle of the day; the other design's results stay."""
    (tmp_path / "broken_rule.py").write_text(
        "class Broken:\n    def __call__(self, snapshot):\n        raise RuntimeError('no way')\n"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        good, bad = small("good"), replace(small("bad"), policies={"routing": "broken_rule:Broken"})
        store = ResultStore(tmp_path / "store")
        with Gathering(store, InPlace) as gathering, pytest.raises(ReplicationFailedError) as told:
            fixed([good, bad], [1, 2], gathering)
    finally:
        sys.path.remove(str(tmp_path))
    assert "2 of 4 replications failed" in str(told.value)
    assert "bad, seed 2: routing=broken_rule:Broken" in str(told.value) and "no way" in str(told.value)
    assert store.get(job_of(good.loaded, 1).address) is not None
    assert len(list((tmp_path / "store").rglob("*.json"))) == 2


def test_a_run_stopped_by_hand_goes_on_where_it_was(tmp_path):
    day = small()

    def stop_at_two(tally):
        if tally.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Gathering(ResultStore(tmp_path), InPlace, stop_at_two) as gathering:
        gathering.gather([(day, seed) for seed in range(1, 6)])
    with Gathering(ResultStore(tmp_path), InPlace) as gathering:
        found = gathering.gather([(day, seed) for seed in range(1, 6)])
        assert gathering.tally.from_store == 2
    assert [r.seed for r in found] == [1, 2, 3, 4, 5]


# processes


def test_spawned_workers_give_the_same_digests(tmp_path):
    day = small()
    wanted = [(day, seed) for seed in (3, 1, 2)]
    here = gathered(tmp_path / "here", *wanted)
    there = gathered(tmp_path / "there", *wanted, executor=lambda: SpawnedWorkers(2))
    assert [r.digest for r in there] == [r.digest for r in here]
    assert [r.seed for r in there] == [3, 1, 2]


def test_a_killed_worker_loses_nothing(tmp_path):
    day = small()
    workers = SpawnedWorkers(2)
    killed = []

    def kill_one(tally):
        if tally.done == 2 and not killed:
            killed.append(workers.pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    with Gathering(ResultStore(tmp_path), lambda: workers, kill_one) as gathering:
        found = gathering.gather([(day, seed) for seed in range(1, 9)])
    assert killed
    assert [r.error for r in found] == [None] * 8
    assert [r.digest for r in found[:2]] == [replicate(job_of(day.loaded, seed)).digest for seed in (1, 2)]


def test_a_job_that_kills_its_worker_is_given_up_and_the_others_are_kept(tmp_path):
    (tmp_path / "deadly_rule.py").write_text(
        "import os\nclass Deadly:\n    def __call__(self, snapshot):\n        os._exit(9)\n"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        good, bad = small("good"), replace(small("bad"), policies={"routing": "deadly_rule:Deadly"})
        with Gathering(ResultStore(tmp_path / "store"), lambda: SpawnedWorkers(1)) as gathering:
            found = gathering.gather([(bad, 1), (good, 1), (good, 2)])
    finally:
        sys.path.remove(str(tmp_path))
    assert found[0].error is not None and "died 3 times" in found[0].error
    assert [r.error for r in found[1:]] == [None, None]


def test_the_future_of_a_lost_job_says_so():
    assert issubclass(WorkerLostError, RuntimeError)


STUDY = """
name: stopped
scenario: quickstart
overrides: {horizon_h: 5, demand.generate.orders_per_day: 100, assortment.generate.skus: 60}
factors: {workforce.pickers.count: [2, 3]}
replications: 40
"""


@pytest.mark.e2e
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_study_stopped_or_killed_goes_on(tmp_path, how):
    (tmp_path / "study.yaml").write_text(STUDY)
    command = [sys.executable, "-m", "twin.cli.main", "study", "run", str(tmp_path / "study.yaml"), "--store",
               str(tmp_path / "store"), "--workers", "2", "--json"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while len(list((tmp_path / "store").rglob("*.json"))) < 5 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(how)
    _, told = process.communicate(timeout=60)
    if how == signal.SIGINT:
        assert process.returncode == 130, told
        assert "Traceback" not in told
        assert "the same command goes on from there" in told
    kept = list((tmp_path / "store").rglob("*.json"))
    assert 5 <= len(kept) < 80
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [d["n"] for d in said["designs"]] == [40, 40]
    assert "from the store" in done.stderr


@pytest.mark.e2e
def test_a_dask_cluster_gives_the_same_results_even_if_a_worker_dies(tmp_path):
    """A real scheduler and two workers on loopback; one is killed by its pid in the middle of the study."""
    pytest.importorskip("distributed")
    from experiments.cluster import ClusterWorkers

    started = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path.cwd(),
            env={**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"},
        )  # fmt: skip
        started.append(process)
        return process

    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    try:
        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        workers = [
            start(
                "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                "--local-directory", str(tmp_path / f"worker{i}"),
            )
            for i in (1, 2)
        ]  # fmt: skip
        wait_for_workers(address, 2)
        day = small()
        wanted = [(day, seed) for seed in range(1, 13)]
        killed = []

        def kill_one(tally):
            if tally.done == 3 and not killed:
                killed.append(workers[0].pid)
                os.kill(workers[0].pid, signal.SIGKILL)

        with Gathering(ResultStore(tmp_path / "there"), lambda: ClusterWorkers(address), kill_one) as gathering:
            there = gathering.gather(wanted)
        assert killed
        here = gathered(tmp_path / "here", *wanted)
        assert [r.error for r in there] == [None] * 12
        assert [r.digest for r in there] == [r.digest for r in here]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def wait_for_workers(address, count):
    from distributed import Client

    until = time.monotonic() + 60
    while True:
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=50)
                return
        except OSError:
            if time.monotonic() > until:
                raise


def free_port():
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_no_scheduler_is_a_sentence(monkeypatch):
    pytest.importorskip("distributed")
    from experiments import cluster
    from twin.domain.errors import SpecError

    monkeypatch.setattr(cluster, "WAIT_S", 1)
    with pytest.raises(SpecError, match="no scheduler answers there"):
        cluster.ClusterWorkers(f"tcp://127.0.0.1:{free_port()}")
