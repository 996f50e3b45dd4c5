"""What a person likes and opened last, kept in one small file of their own; a bad file is said and not followed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from visualizer.palette import THEMES, ThemeName
from visualizer.places import SCALES
from visualizer.words import LANGUAGES, Language, say

FILE: Final = "visualizer.json"
RECENT_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Settings:
    """`ui_scale` None: by the size of the desktop. `recent`: paths, the last opened first."""

    theme: ThemeName = "dark"
    language: Language = "en"
    ui_scale: float | None = None
    reduced_motion: bool = False
    recent: tuple[str, ...] = ()

    def opened(self, path: str) -> Settings:
        """With `path` as the last opened."""
        return replace(self, recent=(path, *(p for p in self.recent if p != path))[:RECENT_MAX])


def settings_path(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Where the file stands on this system."""
    known = os.environ if environment is None else environment
    home = Path(known.get("HOME") or known.get("USERPROFILE") or Path.home())
    if platform == "win32":
        folder = Path(known.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(known.get("XDG_CONFIG_HOME") or home / ".config")
    return folder / "warehouse-twin" / FILE


def language_of(environment: Mapping[str, str]) -> Language:
    """The language of someone who has chosen none: that of their system."""
    told = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if told.lower().startswith("zh") else "en"


def load(path: Path, environment: Mapping[str, str] | None = None) -> tuple[Settings, str]:
    """The settings, and a sentence where the file could not be followed (then it is empty of what was wrong)."""
    plain = Settings(language=language_of(os.environ if environment is None else environment))
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return plain, ""
    except (OSError, UnicodeDecodeError) as error:
        return plain, _complaint(path, _why(error), plain.language)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        return plain, _complaint(path, _why(error), plain.language)
    if not isinstance(told, dict):
        return plain, _complaint(path, "no object", plain.language)
    kept, bad = _checked(told)
    settings = replace(plain, **kept)
    return settings, _complaint(path, ", ".join(bad), settings.language) if bad else ""


def _checked(told: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What can be followed, and what is wrong. Unknown keys are a newer version's: left alone."""
    kept: dict[str, Any] = {}
    bad: list[str] = []
    tests: dict[str, Callable[[Any], bool]] = {
        "theme": lambda v: isinstance(v, str) and v in THEMES,
        "language": lambda v: isinstance(v, str) and v in LANGUAGES,
        "ui_scale": lambda v: v is None or (isinstance(v, int | float) and not isinstance(v, bool) and v in SCALES),
        "reduced_motion": lambda v: isinstance(v, bool),
        "recent": lambda v: isinstance(v, list) and all(isinstance(p, str) for p in v),
    }
    for name, is_right in tests.items():
        if name not in told:
            continue
        if is_right(told[name]):
            kept[name] = tuple(told[name])[:RECENT_MAX] if name == "recent" else told[name]
        else:
            bad.append(f"{name}={json.dumps(told[name], ensure_ascii=False)[:40]}")
    return kept, bad


def save(settings: Settings, path: Path) -> str:
    """Write aside, then rename, so that a stopped machine leaves the old file; a sentence where it cannot be."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        return say("error.write", settings.language, path=path, why=_why(error))
    return ""


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _complaint(path: Path, why: str, language: Language) -> str:
    return say("error.settings", language, path=path, why=why)
