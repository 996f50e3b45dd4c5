"""Results on disk under the address of their content: what was computed once is never computed again.

One file per replication, `AB/ABCDEF....json`, written aside and renamed: a file that is there is whole.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from experiments.replication import Replication, from_json
from twin.domain.errors import JournalError
from twin.events.parquet import discard

DEFAULT_STORE = Path("runs/results")


class ResultStore:
    """A folder of replications. Several studies, also at one time, may share it."""

    def __init__(self, folder: Path = DEFAULT_STORE) -> None:
        self.folder = folder

    def path(self, address: str) -> Path:
        """Where the result of an address stands or would stand."""
        return self.folder / address[:2] / f"{address}.json"

    def get(self, address: str) -> Replication | None:
        """The result, or None; a file that is damaged counts as not there and is made again."""
        try:
            found = from_json(self.path(address).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.address == address else None

    def put(self, replication: Replication) -> None:
        """Keep a result; JournalError when the disk refuses."""
        if replication.error is not None:
            return
        path = self.path(replication.address)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(replication.as_json(), ensure_ascii=False, allow_nan=False), encoding="utf-8")
            aside.replace(path)
        except OSError as error:
            discard(aside)
            raise JournalError(
                f"{path} could not be written: {error.strerror}; the results before it are kept, the same command "
                "goes on from there"
            ) from None
