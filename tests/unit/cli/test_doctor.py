"""`twin doctor`: what is there, what is missing, and two packages that overwrite each other."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest

from twin.cli import doctor_command as module
from twin.cli.doctor_command import doctor_command, pygame_trouble


def installed(monkeypatch: pytest.MonkeyPatch, *names: str, is_ce: bool = True) -> None:
    """Pretend that just these distributions of pygame are there."""
    real = module.version

    def version(name: str) -> str:
        if name.startswith("pygame") and name not in names:
            raise PackageNotFoundError(name)
        return "2.6.1" if name.startswith("pygame") else real(name)

    monkeypatch.setattr(module, "version", version)
    monkeypatch.setattr(module, "_is_ce", lambda: is_ce)


def test_this_machine_has_what_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor_command(json=True) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    assert answer["trouble"] == []
    assert {"pygame-ce", "pillow"} <= answer["packages"].keys()
    assert "video" in answer["extras"]


@pytest.mark.parametrize(
    ("names", "is_ce", "sentence"),
    [
        (("pygame-ce",), True, None),
        (("pygame", "pygame-ce"), True, "pygame and pygame-ce are both installed"),
        (("pygame", "pygame-ce"), False, "pygame and pygame-ce are both installed"),
        (("pygame",), False, "the package pygame is not pygame-ce"),
        (("pygame-ce",), False, "the package pygame is not pygame-ce"),
    ],
)
def test_two_packages_of_one_name_are_found(
    names: tuple[str, ...], is_ce: bool, sentence: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, *names, is_ce=is_ce)
    trouble = pygame_trouble()
    if sentence is None:
        assert trouble is None
    else:
        assert trouble is not None
        assert trouble.startswith(sentence)
        assert trouble.endswith("pip uninstall -y pygame pygame-ce, then pip install pygame-ce"), "how to mend it"


def test_trouble_is_said_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    installed(monkeypatch, "pygame", "pygame-ce")
    assert doctor_command(json=False) == 1
    said = capsys.readouterr().out
    assert "pygame and pygame-ce are both installed" in said
    assert "all that is needed is there" not in said
    assert doctor_command(json=True) == 1
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert not answer["ok"]
    assert len(answer["trouble"]) == 1


def test_a_missing_one_is_listed_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    installed(monkeypatch, is_ce=False)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert doctor_command(json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["missing"] == ["pygame-ce"]
    assert answer["trouble"] == []


def test_asking_prints_nothing_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert module._is_ce()
    assert capfd.readouterr().out == ""
