"""Pictures without a window: a pure function of run, time and look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from twin.domain.errors import JournalError, SpecError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.palette import DARK, LIGHT
from visualizer.sharing.pictures import Look, Pictures, compose, layers_of, save, worker_named
from visualizer.stored.recorded import RecordedFeed

AT_MS = 4 * 3_600_000
SMALL = (800, 450)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures") / "run"
    run_scenario(load_scenario("quickstart", []), out=folder)
    return folder


@pytest.fixture
def pictures(folder: Path) -> Iterator[Pictures]:
    taken = Pictures(RecordedFeed(folder), Look(size=SMALL))
    yield taken
    taken.close()


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def test_going_elsewhere_and_back_gives_the_same_picture(pictures: Pictures) -> None:
    there = pixels(pictures.take(AT_MS))
    seen = {there, pixels(pictures.take(AT_MS + 600_000)), pixels(pictures.take(0))}
    assert len(seen) == 3
    assert pixels(pictures.take(AT_MS)) == there


def test_a_picture_alone_is_one_of_many(folder: Path, pictures: Pictures) -> None:
    pictures.take(2 * AT_MS)
    alone = compose(RecordedFeed(folder), AT_MS, Look(size=SMALL))
    assert alone.get_size() == SMALL
    assert pixels(alone) == pixels(pictures.take(AT_MS))


def test_pictures_of_a_film_say_how_fast_time_goes(folder: Path, pictures: Pictures) -> None:
    film = Pictures(RecordedFeed(folder), Look(size=SMALL), playing_at=60.0)
    still, moving = pictures.take(AT_MS).copy(), pixels(film.take(AT_MS))
    assert film.app.frame is not None and (film.app.frame.playing, film.app.frame.speed) == (True, 60.0)
    assert moving != pixels(still)
    film.take(AT_MS + 1)
    assert pixels(film.take(AT_MS)) == moving
    film.close()


@pytest.mark.parametrize(("theme", "ground"), [("dark", DARK.background), ("light", LIGHT.background)])
def test_a_picture_has_its_theme(folder: Path, theme: str, ground: tuple[int, int, int]) -> None:
    surface = compose(RecordedFeed(folder), AT_MS, Look(size=SMALL, theme=theme))  # type: ignore[arg-type]
    assert tuple(surface.get_at((4, SMALL[1] // 2)))[:3] == ground


@pytest.mark.slow
def test_language_layers_and_scale_change_it(folder: Path) -> None:
    looks = [
        Look(size=SMALL), Look(size=SMALL, language="zh"), Look(size=SMALL, ui_scale=1.25),
        Look(size=SMALL, layers=frozenset({"heat"})), Look(size=SMALL, follow="picker-002"),
    ]  # fmt: skip
    assert len({pixels(compose(RecordedFeed(folder), AT_MS, look)) for look in looks}) == len(looks)


def test_who_is_followed_stands_in_the_middle(folder: Path) -> None:
    taken = Pictures(RecordedFeed(folder), Look(size=(1600, 900), follow="picker-002"))
    shown, middles = taken.app.showing, set()
    assert shown is not None
    for at_ms in range(0, 2 * AT_MS, 1_800_000):
        taken.take(at_ms)
        moment = shown.store.at(at_ms)
        who = shown.store.worker_of["main/picker-002"]
        assert taken.app.frame is not None
        camera = shown.map.camera(taken.app.frame)
        assert (camera.x_mm, camera.y_mm) == (moment.workers.x[who], moment.workers.y[who])
        middles.add((camera.x_mm, camera.y_mm))
    taken.close()
    assert len(middles) > 2


def test_a_picture_is_written_as_png(pictures: Pictures, tmp_path: Path) -> None:
    surface = pictures.take(AT_MS)
    save(surface, tmp_path / "new" / "x.png")
    assert pixels(pygame.image.load(tmp_path / "new" / "x.png")) == pixels(surface)


def test_a_disk_that_refuses_is_a_sentence(pictures: Pictures, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="could not be written"):
        save(pictures.take(AT_MS), tmp_path / "file" / "x.png")


def test_a_worker_is_found_with_and_without_his_site() -> None:
    workers = ["east/picker-1", "west/picker-1", "west/picker-12"]
    assert worker_named("west/picker-1", workers) == "west/picker-1"
    assert worker_named("picker-12", workers) == "west/picker-12"
    with pytest.raises(SpecError, match="2 of that name; name one of east/picker-1, west/picker-1"):
        worker_named("picker-1", workers)
    with pytest.raises(SpecError, match="did you mean picker-12"):
        worker_named("piker-12", workers)
    with pytest.raises(SpecError, match=r"nobody of that name works in this run$"):
        worker_named("xyz", workers)


def test_layers_are_named() -> None:
    assert layers_of("heat, trails") == {"heat", "trails"}
    assert layers_of("") == frozenset()
    with pytest.raises(SpecError, match="'heet' is none of locations, heat"):
        layers_of("heet")
