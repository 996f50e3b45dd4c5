"""A folder claimed by the process that writes to it, so that two runs do not end up in one."""

from __future__ import annotations

import os
from pathlib import Path
from weakref import WeakValueDictionary, finalize

_HERE: WeakValueDictionary[Path, Claim] = WeakValueDictionary()
"""What this process claims: it may claim a folder anew, and only ever writes one run to it at a time."""


class Claim:
    """Ends with `release`, with its process however that ends, or when a later claim of the process takes over.

    Where the system cannot lock folders (Windows, some network disks), every claim is granted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._end: finalize[[int], Claim] | None = None

    def take(self) -> bool:
        """Claim the folder; False if another process does."""
        try:
            import fcntl
        except ImportError:
            return True
        key = self.folder.resolve()
        if key in _HERE:
            _HERE[key].release()
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError:
            os.close(handle)
            return True
        self._end = finalize(self, os.close, handle)
        _HERE[key] = self
        return True

    def release(self) -> None:
        """Let others have it."""
        if self._end is not None:
            self._end()
            self._end = None
