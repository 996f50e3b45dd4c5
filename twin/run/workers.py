"""Fresh processes of this machine that work for a command, and go when it goes, even where it is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from threading import Thread


def pool_of(workers: int) -> ProcessPoolExecutor:
    """A pool of so many spawned processes."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_as_a_worker)


def _as_a_worker() -> None:
    """Ctrl-C is for the one who gave the command; and whoever outlives him, even a killed one, goes too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
