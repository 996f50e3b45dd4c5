"""Puts this folder on the import path, so that tests share `benchmarks_reader`; no deadlines on shared machines."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")
