"""What `twin view` is asked for when it opens a window, as written on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from twin.domain.errors import SpecError

THEMES, LANGUAGES, SCALES = ("dark", "light"), ("en", "zh"), ("1", "1.25", "1.5", "2")


@dataclass(frozen=True, kw_only=True)
class Window:
    """The options of the window. `start`: the time shown first; `times_real`: the speed, 0 as fast as it goes."""

    overrides: list[str] = field(default_factory=list)
    seed: int | None = None
    policies: list[str] = field(default_factory=list)
    out: Path | None = None
    commands: Path | None = None
    start: str | None = None
    times_real: float = 60.0
    size: str = "1600x900"
    theme: str | None = None
    lang: str | None = None
    scale: float | None = None
    trace: Path | None = None
    frames: int | None = None

    @property
    def is_of_live_runs(self) -> bool:
        """Whether something is asked for that a recording has no use of."""
        return bool(self.overrides or self.policies or self.out or self.commands) or self.seed is not None

    def pixels(self) -> tuple[int, int]:
        """The size as two numbers. SpecError if it is none."""
        wide, sign, high = self.size.lower().partition("x")
        if not sign or not wide.isdigit() or not high.isdigit() or min(int(wide), int(high)) < 200:
            raise SpecError(f"--size must be as 1600x900, each at least 200, got {self.size!r}")
        if max(int(wide), int(high)) > 16_384:
            raise SpecError(f"--size must be at most 16384 each way, got {self.size!r}")
        return int(wide), int(high)

    def check(self) -> None:
        """SpecError for a value that is none of those there are."""
        self.pixels()
        scale = None if self.scale is None else f"{self.scale:g}"
        for option, value, known in (
            ("--theme", self.theme, THEMES), ("--lang", self.lang, LANGUAGES), ("--scale", scale, SCALES),
        ):  # fmt: skip
            if value is not None and value not in known:
                raise SpecError(f"{option} must be {' or '.join(known)}, got {value}")
