"""No window and no sound: the dummy driver, display and font only."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame


@pytest.fixture(scope="session", autouse=True)
def fonts() -> Iterator[None]:
    """Display and fonts for the tests of this folder."""
    pygame.display.init()
    pygame.font.init()
    yield
    pygame.quit()
