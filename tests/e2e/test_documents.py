"""The commands of README and tutorial run as they are written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ("view", "train")


def commands(page: str) -> list[str]:
    """Indented lines that begin with `twin `, without their comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [line.split("#")[0].strip() for line in re.findall(r"^    (twin .*)$", text, flags=re.MULTILINE)]


@pytest.mark.e2e
@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/tutorial.md"])
def test_the_commands_of_a_page_run(page: str, tmp_path: Path) -> None:
    found = commands(page)
    assert len(found) >= 4
    for command in found:
        words = shlex.split(command)[1:]
        if words[0] in WINDOWS:
            words += ["--frames", "3"]  # nobody is here to close it
        done = subprocess.run(
            [sys.executable, "-m", "twin.cli.main", *words], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "SDL_VIDEODRIVER": "dummy", "XDG_CONFIG_HOME": str(tmp_path / "config")},
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"
