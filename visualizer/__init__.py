"""The room of the visualizer: reads the event stream, knows nothing of the model."""

from __future__ import annotations

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # it would stand in what a command prints as JSON
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")  # through GL each frame costs 9 ms without a GPU
os.environ.setdefault("SDL_IME_SHOW_UI", "1")
