"""Whatever stands in a file: the loader gives a scenario or a sentence, never a traceback."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.domain.errors import TwinError
from twin.spec.building import plan_of
from twin.spec.fields import keys
from twin.spec.lint import lint
from twin.spec.loading import Loaded, load_layout, load_scenario
from twin.spec.plain_yaml import read_text
from twin.spec.scenario import ScenarioSpec
from twin.spec.shipped import shipped_folder
from twin.spec.yaml_text import write as yaml_of

SHIPPED = sorted(shipped_folder("scenarios").glob("*.yaml")) + sorted(shipped_folder("layouts").glob("*.yaml"))
WORDS = [
    "", "no", "null", "~", "-1", "0", "1e400", ".inf",
    ".nan", "1e3", "010", "12:30", "25:99", "unlimited", "'3'", "[]", "{}",
    "[[]]", "[{}]", "{a: b}", "*x", "&x", "!!int", "!x", "- ", "? ",
    ": ", "---", "...", "%YAML", "|", ">", "#", "\t", "\0",
    "\ufeff", "\u2028", "\x85", "é", "库", "\U0001f4e6",
    "<<", "graph", "parallel_aisle", "99999999999999999999", "../", "/",
    "a/b", "hall", "sound", "waveless", "wave",
    "{constant: 0}", "{name: x}", "true", "0x10", '"', "'", "extends: fuzz\n",
]  # fmt: skip


def survives(path: Path, *overrides: str) -> bool:
    """Loads the file as a scenario and as a layout; True if it is sound."""
    try:
        loaded = load_scenario(path, overrides)
    except TwinError as error:
        text = str(error)
        assert text.strip() and "Traceback" not in text
        assert not any(len(line) > 2000 for line in text.splitlines())
        return False
    assert isinstance(loaded, Loaded)
    assert read_text(yaml_of(loaded.resolved), "again").plain() == loaded.resolved
    for site in loaded.spec.site_specs:
        lint(plan_of(site.layout, site.name))
    return True


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(folder: Path, content: bytes) -> None:
    (folder / "fuzz.yaml").write_bytes(content)
    survives(folder / "fuzz.yaml")
    try:
        load_layout(folder / "fuzz.yaml")
    except TwinError as error:
        assert str(error)


def mangled(text: str, luck: random.Random) -> str:
    """The text with a few words, lines or blanks changed."""
    for _ in range(luck.randint(1, 4)):
        lines = text.split("\n")
        row = luck.randrange(len(lines))
        way = luck.randrange(6)
        if way == 0:
            del lines[row]
        elif way == 1:
            lines.insert(row, lines[luck.randrange(len(lines))])
        elif way == 2:
            key, colon, _ = lines[row].partition(":")
            lines[row] = key + colon + " " + luck.choice(WORDS)
        elif way == 3:
            place = luck.randint(0, len(lines[row]))
            lines[row] = lines[row][:place] + luck.choice(WORDS) + lines[row][place:]
        elif way == 4:
            place = luck.randint(0, len(lines[row]))
            lines[row] = lines[row][:place] + luck.choice(string.printable) + lines[row][place + 1 :]
        else:
            lines[row] = " " * luck.randint(0, 5) + lines[row].lstrip()
        text = "\n".join(lines)
    return text


def with_other_values(value: object, luck: random.Random, depth: int = 0) -> object:
    """The same document with a value here and there replaced by another, so that it stays YAML."""
    if luck.random() < 0.04 and depth:
        return luck.choice(
            [None, -1, 0, 1.5, "x", "unlimited", [], {}, [1, "a"], {"name": "x"}, True, "12:30", 1e300, [[]]]
        )
    if isinstance(value, dict):
        return {key: with_other_values(v, luck, depth + 1) for key, v in value.items() if luck.random() > 0.02}
    if isinstance(value, list):
        return [with_other_values(v, luck, depth + 1) for v in value]
    return value


def fuzz(folder: Path, seeds: range) -> int:
    texts = [(folder / name).read_text("utf-8") for name in ("sound.yaml", "hall.yaml")]
    texts += [path.read_text("utf-8") for path in SHIPPED]
    sound = 0
    for seed in seeds:
        luck = random.Random(seed)
        text = luck.choice(texts)
        if seed % 2:
            text = mangled(text, luck)
        else:
            text = yaml_of(with_other_values(read_text(text, "f").plain(), luck))
        if "type: " in text and "layout:" not in text:
            (folder / "fuzzed.yaml").write_text(text, "utf-8", newline="")
            sound += survives(folder / "sound.yaml", "layout=fuzzed")
        else:
            (folder / "fuzz.yaml").write_text(text, "utf-8", newline="")
            sound += survives(folder / "fuzz.yaml")
    return sound


def test_files_that_are_nearly_right(folder: Path) -> None:
    assert 0 < fuzz(folder, range(300)) < 300


@pytest.mark.slow
def test_many_files_that_are_nearly_right(folder: Path) -> None:
    assert 0 < fuzz(folder, range(1000, 9000)) < 8000


KEYS = [
    "layout",
    "layout.zones.A",
    "carriers.dhl",
    "carriers.0",
    "policies.release",
    "sites.0.layout",
    *keys([ScenarioSpec]),
]


@given(
    key=st.sampled_from(KEYS) | st.text(max_size=8),
    more=st.sampled_from(["", ".name", ".count", ".rules.waves", ".0", ".-1", "."]),
    value=st.sampled_from(WORDS) | st.text(max_size=12),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_override(folder: Path, key: str, more: str, value: str) -> None:
    survives(folder / "sound.yaml", f"{key}{more}={value}")
