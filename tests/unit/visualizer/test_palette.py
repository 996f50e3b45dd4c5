"""Colours are chosen by rule: contrast, distance for colour-blind eyes, and where each may stand."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from visualizer import palette
from visualizer.palette import DARK, LIGHT, STATES, THEMES, Colour, Theme, heat_alpha, heat_table, is_hollow, mixed

BOTH = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
ROOM = Path(palette.__file__).parent

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
SEEN_BY = {
    "normal": np.eye(3),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour: Colour) -> np.ndarray:
    c = np.array(colour) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: Colour, b: Colour) -> float:
    """WCAG 2: (lighter + 0.05) / (darker + 0.05)."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = _XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a: Colour, b: Colour, eyes: str) -> float:
    """CIE76: the straight way in Lab."""
    matrix = SEEN_BY[eyes]
    return float(np.linalg.norm(lab(matrix @ linear(a)) - lab(matrix @ linear(b))))


def smallest(colours: list[Colour], eyes: str) -> float:
    return min(distance(a, b, eyes) for a, b in combinations(colours, 2))


@BOTH
@pytest.mark.parametrize("tone", ["text", "text_2", "text_3", "good", "info", "warning", "bad"])
@pytest.mark.parametrize("ground", ["background", "panel", "raised"])
def test_words_can_be_read_on_every_ground(theme: Theme, tone: str, ground: str) -> None:
    assert contrast(getattr(theme, tone), getattr(theme, ground)) >= 4.5


@BOTH
def test_words_on_coloured_ground_can_be_read(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_badge, theme.blocked) >= 4.5


@BOTH
@pytest.mark.parametrize("state", STATES)
def test_figures_stand_out_from_their_halo(theme: Theme, state: palette.State) -> None:
    assert contrast(theme.state(state), theme.halo) >= 3


def test_the_page_of_the_design_and_these_formulas_agree() -> None:
    measured = [contrast(getattr(DARK, t), DARK.background) for t in ("text", "text_2", "text_3")]
    assert [round(c, 1) for c in measured] == [16.3, 9.2, 5.5]
    measured = [contrast(getattr(LIGHT, t), LIGHT.background) for t in ("text", "text_2", "text_3")]
    assert [round(c, 1) for c in measured] == [15.0, 7.4, 4.8]
    for theme, told in ((DARK, [34.2, 32.6, 29.9, 29.8]), (LIGHT, [33.9, 22.3, 20.7, 21.0])):
        states = [theme.state(s) for s in STATES]
        assert [round(smallest(states, eyes), 1) for eyes in SEEN_BY] == pytest.approx(told, abs=0.15)


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("theme", "least"), [(DARK, 25), (LIGHT, 20)], ids=["dark", "light"])
def test_states_are_told_apart_by_all_eyes(theme: Theme, least: float, eyes: str) -> None:
    assert smallest([theme.state(s) for s in STATES], eyes) >= least


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_abc_classes_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    assert smallest([theme.abc(c) for c in ("A", "B", "C", "")], eyes) >= 20


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_temperatures_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    assert smallest(list(theme.temperature), eyes) >= 20


@BOTH
def test_the_colour_of_breaks_is_never_a_worker_s(theme: Theme) -> None:
    every_state: list[palette.State] = [*STATES, "break"]
    assert theme.break_band not in {theme.state(s) for s in every_state}
    assert is_hollow("break"), "a worker on break is told by shape"
    assert theme.state("break") == theme.idle
    for path in ROOM.rglob("*.py"):
        if path.name != "palette.py" and not path.name.startswith("timeline"):
            assert "break_band" not in path.read_text(encoding="utf-8"), f"{path.name}: for the timeline only"


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda p: p.name)
def test_no_other_file_names_a_colour(path: Path) -> None:
    if path.name != "palette.py":
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"#[0-9A-Fa-f]{6}\b", text)


@BOTH
def test_heat_runs_one_way_from_its_first_to_its_last_colour(theme: Theme) -> None:
    table = heat_table(theme.name)
    assert table.shape == (256, 3)
    assert tuple(table[0]) == theme.heat[0]
    assert tuple(table[-1]) == theme.heat[-1]
    lightness = np.array([lab(linear(tuple(row)))[0] for row in table])  # type: ignore[arg-type]
    steps = np.diff(lightness) * (1 if theme.name == "dark" else -1)
    assert steps.min() > -0.5, "no rainbow: more heat is always lighter in dark, darker in light"
    assert abs(lightness[-1] - lightness[0]) > 60


def test_little_heat_is_clear() -> None:
    alpha = heat_alpha()
    assert not alpha[: round(0.12 * 256)].any()
    assert alpha[round(0.13 * 256)] > 0
    assert (np.diff(alpha[31:].astype(int)) >= 0).all()


def test_fill_steps_and_tints() -> None:
    assert [DARK.fill_step(s) for s in (-1, 0, 0.19, 0.2, 0.99, 1, 7)] == [
        DARK.fill[n] for n in (0, 0, 0, 1, 4, 4, 4)
    ]  # fmt: skip
    assert mixed((255, 255, 255), (0, 0, 0), 0.5) == (128, 128, 128)
    assert set(palette.names_of_colours()) <= set(Theme.__slots__)
