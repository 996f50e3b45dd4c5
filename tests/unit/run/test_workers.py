"""Worker processes end with the command they work for."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

COMMAND = """
import os, time
from twin.run.workers import pool_of

if __name__ == "__main__":
    with pool_of(2) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()
        pool.submit(time.sleep, 600)
        print("at work", flush=True)
"""


@pytest.mark.e2e
def test_workers_do_not_outlive_a_killed_command(tmp_path):
    (tmp_path / "command.py").write_text(COMMAND)
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "command.py")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout.readline() == b"at work\n"
    process.kill()
    process.communicate(timeout=60)  # ends when nobody holds its output any more, the workers among them
    assert process.returncode == -signal.SIGKILL
