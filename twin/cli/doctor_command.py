"""`twin doctor`: what this machine has, and what is missing for what."""

from __future__ import annotations

import json as jsonlib
import platform
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from os import environ
from typing import Any

NEEDED = (
    "simpy",
    "numpy",
    "scipy",
    "matplotlib",
    "pyyaml",
    "pydantic",
    "typer",
    "rich",
    "duckdb",
    "pyarrow",
    "jinja2",
    "pygame-ce",
    "pillow",
)
EXTRAS = {
    "excel": (
        ("python-calamine", "python_calamine", "twin layout import of .xlsx files"),
        ("xlsxwriter", "xlsxwriter", "twin compare --xlsx"),
    ),
    "cluster": (("distributed", "distributed", "--cluster"),),
    "opt": (("optuna", "optuna", "twin study optimise over many designs"),),
    "video": (("av", "av", "twin view --mp4"),),
    "serve": (("fastapi", "fastapi", "twin policy serve"), ("uvicorn", "uvicorn", "twin policy serve")),
}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def pygame_trouble() -> str | None:
    """Why the window cannot be relied on, and how to mend it; None if all is well.

    pygame and pygame-ce write the same package folder: the later hides the other, and removing one breaks both.
    """
    both = _version("pygame") is not None and _version("pygame-ce") is not None
    found = find_spec("pygame")
    if found is None:
        return None  # listed as missing
    mend = "pip uninstall -y pygame pygame-ce, then pip install pygame-ce"
    if both:
        return f"pygame and pygame-ce are both installed and overwrite each other: {mend}"
    if _version("pygame-ce") is None or not _is_ce():
        return f"the package pygame is not pygame-ce: {mend}"
    return None


def _is_ce() -> bool:
    """Does the package that `import pygame` finds say that it is pygame-ce."""
    environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        return bool(getattr(import_module("pygame"), "IS_CE", False))
    except ImportError:
        return False


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
    trouble = pygame_trouble()
    answer: dict[str, Any] = {
        "schema": "twin.doctor/1", "ok": not missing and trouble is None, "python": platform.python_version(),
        "platform": f"{platform.system().lower()}-{platform.machine()}", "packages": needed, "extras": extras,
        "scenarios": scenarios, "scenarios_folder": str(shipped_folder("scenarios")), "missing": missing,
        "trouble": [trouble] if trouble else [],
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
        if trouble:
            print(f"  {trouble}")
        if missing:
            print(f"missing: {', '.join(missing)}")
        elif not trouble:
            print("all that is needed is there")
    return 0 if answer["ok"] else 1
