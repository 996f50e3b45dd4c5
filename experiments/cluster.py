"""The workers of a Dask scheduler as executor. Whom it loses, Dask gives to another worker."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from experiments.replication import Job, Replication, code_sha256, replicate
from twin.domain.errors import SpecError

WAIT_S = 10


class ClusterWorkers:
    """An existing cluster, such as `tcp://10.0.0.5:8786`. Its workers need this product, of the same code."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise SpecError("--cluster needs the extra: pip install 'warehouse-twin[cluster]'") from None
        client: Any = Client
        try:
            self._client: Any = client(address, timeout=WAIT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SpecError(
                f"--cluster {address}: no scheduler answers there within {WAIT_S} s ({error}); "
                "start one with `dask scheduler`, or give its address such as tcp://127.0.0.1:8786"
            ) from None
        there: dict[str, int] = self._client.nthreads()
        if not there:
            self._client.close()
            raise SpecError(
                f"--cluster {address}: the scheduler has no workers; start some with `dask worker {address}`"
            )
        self.workers = sum(there.values())
        self._same_code(address)
        self._pool: Any = self._client.get_executor(pure=False, retries=2)

    def _same_code(self, address: str) -> None:
        try:
            found: dict[str, str] = self._client.run(code_sha256)
        except ModuleNotFoundError as error:
            self._client.close()
            raise SpecError(
                f"--cluster {address}: its workers have no {error.name}; install warehouse-twin there"
            ) from None
        others = sorted(worker for worker, code in found.items() if code != code_sha256())
        if others:
            self._client.close()
            raise SpecError(
                f"--cluster {address}: {', '.join(others)} run other code of warehouse-twin than this process; "
                "install the same version"
            )

    def submit(self, job: Job) -> Future[Replication]:
        """Send a job."""
        future: Future[Replication] = self._pool.submit(replicate, job)
        return future

    def close(self, *, now: bool = False) -> None:
        """Leave the cluster as it was."""
        self._pool.shutdown(wait=not now)
        self._client.close()
