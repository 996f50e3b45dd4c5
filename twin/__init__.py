"""A warehouse digital twin: a SimPy floor that runs the actual WMS policies.

The public names load when they are first used, so that `import twin.policies` never loads SimPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "load_scenario": "twin.spec.loading",
    "run_scenario": "twin.run.running",
    "RunResult": "twin.run.result",
    "Session": "twin.session",
}
__all__ = ["RunResult", "Session", "load_scenario", "run_scenario"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'twin' has no attribute {name!r}")
