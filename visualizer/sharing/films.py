"""Films of pictures: GIF with Pillow, MP4 with PyAV (extra `video`). They step simulated time, never the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pygame

from twin.domain.errors import JournalError, SpecError
from twin.events.parquet import discard, first_line
from twin.events.whole_file import whole_file

GIF_FPS, MP4_FPS = 10, 30
MOST_FRAMES = 36_000
GIF_COLOURS = 255
"""One of 256 is left for what did not change."""
SAMPLED = 6
"""Frames, evenly through the film, from which a GIF takes its colours."""
CRF = "20"
"""Quality of MP4, lower is finer: words of 11 pixels stay sharp."""


def times(first_ms: int, last_ms: int, speed: float, fps: int) -> list[int]:
    """The simulated time of each frame. SpecError if they are too many."""
    count = int((last_ms - first_ms) * fps / (speed * 1000)) + 1
    if count > MOST_FRAMES:
        raise SpecError(
            f"the film would have {count:,} frames, at most {MOST_FRAMES:,} are made; "
            "raise --speed, or narrow --from and --to"
        )
    return [first_ms + round(n * speed * 1000 / fps) for n in range(count)]


def write_gif(path: Path, at: list[int], take: Callable[[int], pygame.Surface]) -> None:
    """A GIF that repeats. JournalError when the disk refuses."""
    from PIL import Image

    def picture(at_ms: int) -> Image.Image:
        surface = take(at_ms)
        return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))

    colours = _colours([picture(at[n * (len(at) - 1) // max(SAMPLED - 1, 1)]) for n in range(SAMPLED)])
    frames = (picture(at_ms).quantize(palette=colours, dither=Image.Dither.NONE) for at_ms in at)
    first = next(frames)
    with whole_file(path) as part:
        first.save(
            part, save_all=True, append_images=frames, duration=1000 // GIF_FPS, loop=0, optimize=False, disposal=1
        )


def _colours(samples: list[Any]) -> Any:
    """One palette for all frames: what does not change keeps its colour and costs nothing.

    It covers rare colours too: a mean of areas would turn the one who is blocked from red to brown.
    """
    from PIL import Image

    w, h = samples[0].size
    sheet = Image.new("RGB", (w, h * len(samples)))
    for n, sample in enumerate(samples):
        sheet.paste(sample, (0, n * h))
    return sheet.quantize(GIF_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def wants_video() -> Any:
    """The library that writes MP4. SpecError, saying how to get it, where it is not installed."""
    try:
        import av
    except ImportError:
        raise SpecError("--mp4 needs the extra `video`: pip install 'warehouse-twin[video]'") from None
    return av


def write_mp4(path: Path, at: list[int], take: Callable[[int], pygame.Surface]) -> None:
    """An H.264 film. JournalError when the disk refuses."""
    film = Mp4(path)
    try:
        for at_ms in at:
            film.add(take(at_ms))
    finally:
        film.close()


class Mp4:
    """An H.264 film that grows picture by picture, all of the size of the first; `close` gives it its name."""

    def __init__(self, path: Path) -> None:
        self._av = wants_video()
        self.path = path
        self._aside = path.with_name(f".part-{path.name}")
        with _writing(path, self._aside):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._aside.touch()
            self._film: Any = self._av.open(str(self._aside), "w", options={"movflags": "faststart"})
        self._stream: Any = None
        self.frames = 0

    def add(self, surface: pygame.Surface) -> None:
        """One more picture; one of another size is cut, or filled up with black."""
        pixels = pygame.surfarray.array3d(surface).swapaxes(0, 1)
        with _writing(self.path, self._aside):
            if self._stream is None:
                self._begin(*pixels.shape[:2])
            h, w = self._stream.height, self._stream.width
            if pixels.shape[:2] != (h, w):
                filled = np.zeros((h, w, 3), dtype=np.uint8)
                part = pixels[:h, :w]
                filled[: part.shape[0], : part.shape[1]] = part
                pixels = filled
            frame = self._av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            self._film.mux(self._stream.encode(frame))
        self.frames += 1

    def close(self) -> None:
        """End the film."""
        with _writing(self.path, self._aside):
            if self._stream is not None:
                self._film.mux(self._stream.encode())
            self._film.close()
            self._aside.replace(self.path)

    def _begin(self, high: int, wide: int) -> None:
        self._stream = self._film.add_stream("libx264", rate=MP4_FPS, options={"preset": "veryfast", "crf": CRF})
        self._stream.height, self._stream.width = high - high % 2, wide - wide % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = Fraction(1, MP4_FPS)


@contextmanager
def _writing(path: Path, aside: Path) -> Iterator[None]:
    """Turns what the disk refuses into a sentence, and leaves no part of a film."""
    try:
        yield
    except OSError as error:
        discard(aside)
        raise JournalError(f"{path} could not be written: {first_line(error)}") from None
