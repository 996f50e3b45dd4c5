"""Films: simulated time in even steps, whatever the machine takes for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from twin.domain.errors import JournalError, SpecError
from visualizer.sharing.films import GIF_FPS, MP4_FPS, times, write_gif, write_mp4


def drawn(seen: list[int]) -> Callable[[int], pygame.Surface]:
    """A picture that tells its time by its left half: all of one colour, another each second."""
    surface = pygame.Surface((160, 90))

    def take(at_ms: int) -> pygame.Surface:
        seen.append(at_ms)
        surface.fill((13, 19, 26))
        surface.fill(((at_ms // 1000 * 40) % 256, 120, 200), (0, 0, 80, 90))
        return surface

    return take


def test_times_step_evenly_and_end_within_the_stretch() -> None:
    assert times(1000, 2000, 1.0, 10) == [1000 + 100 * n for n in range(11)]
    at = times(0, 3_600_000, 60.0, 30)
    assert (len(at), at[1], at[-1]) == (1801, 2000, 3_600_000)
    assert times(0, 100, 60.0, 30) == [0]


def test_a_film_too_long_says_what_to_do() -> None:
    with pytest.raises(SpecError, match=r"864,001 frames.*--speed"):
        times(0, 28_800_000, 1.0, 30)


def test_a_gif_shows_each_time_for_as_long(tmp_path: Path) -> None:
    from PIL import Image

    seen: list[int] = []
    at = times(0, 5000, 1.0, GIF_FPS)
    write_gif(tmp_path / "new" / "x.gif", at, drawn(seen))
    assert set(seen) == set(at) and seen[-len(at) :] == at
    with Image.open(tmp_path / "new" / "x.gif") as film:
        shown, lasted = [], 0
        for n in range(film.n_frames):
            film.seek(n)
            shown.append(film.convert("RGB").getpixel((10, 10)))
            lasted += film.info["duration"]
        assert film.size == (160, 90) and film.info["loop"] == 0
    assert shown == [(40 * second, 120, 200) for second in range(6)]
    assert lasted == len(at) * 1000 // GIF_FPS


def test_a_gif_keeps_the_colour_of_few_pixels(tmp_path: Path) -> None:
    from PIL import Image

    surface = pygame.Surface((320, 180))
    for x in range(320):  # more shades than a palette holds
        for y in range(180):
            surface.set_at((x, y), (20 + x // 2, 30 + y, 40 + (x + y) // 4))
    red = (239, 57, 69)
    surface.set_at((101, 101), red)
    write_gif(tmp_path / "x.gif", [0, 1000], lambda _: surface)
    with Image.open(tmp_path / "x.gif") as film:
        seen = film.convert("RGB").getpixel((101, 101))
    assert isinstance(seen, tuple)
    assert max(abs(a - b) for a, b in zip(seen, red, strict=True)) < 16


def test_an_mp4_has_a_frame_for_each_time(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="needs the extra `video`")
    seen: list[int] = []
    at = times(0, 2000, 1.0, MP4_FPS)
    write_mp4(tmp_path / "x.mp4", at, drawn(seen))
    assert seen == at
    with av.open(str(tmp_path / "x.mp4")) as film:
        assert film.streams.video[0].average_rate == MP4_FPS
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == len(at) and frames[0].shape == (90, 160, 3)
    for n in (0, 40, 60):
        red, green, blue = frames[n][45, 30].tolist()
        assert (abs(red - at[n] // 1000 * 40) < 8, abs(green - 120) < 8, abs(blue - 200) < 8) == (True,) * 3


def test_without_the_extra_a_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(SpecError, match=r"warehouse-twin\[video\]"):
        write_mp4(tmp_path / "x.mp4", [0], drawn([]))
    assert not (tmp_path / "x.mp4").exists()


@pytest.mark.parametrize("write", [write_gif, write_mp4])
def test_a_disk_that_refuses_is_a_sentence(write: Callable[..., None], tmp_path: Path) -> None:
    if write is write_mp4:
        pytest.importorskip("av", reason="needs the extra `video`")
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="could not be written"):
        write(tmp_path / "file" / "x", [0, 1000], drawn([]))
