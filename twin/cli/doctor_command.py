"""`twin doctor`: what this machine has, and what is missing for what."""

from __future__ import annotations

import json as jsonlib
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

NEEDED = ("simpy", "numpy", "scipy", "matplotlib", "pyyaml", "pydantic", "typer", "rich", "duckdb", "jinja2")
EXTRAS = {
    "excel": (
        ("python-calamine", "python_calamine", "twin layout import of .xlsx files"),
        ("xlsxwriter", "xlsxwriter", "twin compare --xlsx"),
    ),
    "cluster": (("distributed", "distributed", "--cluster"),),
    "opt": (("optuna", "optuna", "twin study optimise over many designs"),),
    "serve": (("fastapi", "fastapi", "twin policy serve"), ("uvicorn", "uvicorn", "twin policy serve")),
}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def doctor_command(*, json: bool) -> int:
    """0 when all that is needed is there, else 1."""
    from twin.spec.shipped import shipped_folder, shipped_names

    needed = {name: _version(name) for name in NEEDED}
    extras = {
        extra: {
            "package": ", ".join(package for package, _, _ in rows),
            "there": all(find_spec(module) is not None for _, module, _ in rows),
            "for": ", ".join(dict.fromkeys(purpose for _, _, purpose in rows)),
        }
        for extra, rows in EXTRAS.items()
    }
    missing = [name for name, found in needed.items() if found is None]
    scenarios = shipped_names("scenarios")
    if not scenarios:
        missing.append("shipped scenarios")
    answer: dict[str, Any] = {
        "schema": "twin.doctor/1", "ok": not missing, "python": platform.python_version(),
        "platform": f"{platform.system().lower()}-{platform.machine()}", "packages": needed, "extras": extras,
        "scenarios": scenarios, "scenarios_folder": str(shipped_folder("scenarios")), "missing": missing,
    }  # fmt: skip
    if json:
        print(jsonlib.dumps(answer, indent=2))
    else:
        print(f"python {answer['python']} on {answer['platform']}")
        for name, found in needed.items():
            print(f"  {name:12} {found or 'MISSING: pip install ' + name}")
        for extra, row in extras.items():
            state = "there" if row["there"] else f"absent: pip install 'warehouse-twin[{extra}]'"
            print(f"  extra {extra:6} {state} ({row['for']})")
        print(f"  scenarios: {', '.join(scenarios) or 'NONE'}")
        print("all that is needed is there" if not missing else f"missing: {', '.join(missing)}")
    return 0 if not missing else 1
