"""The page that replays a run, as text: complete, closed to the network, no larger than it need be."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any

import numpy as np
import pytest

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.controlling import keys
from visualizer.figures.series import Series
from visualizer.panels.charts import CHARTS
from visualizer.panels.kpi_cards import CARDS
from visualizer.panels.marks import Marks
from visualizer.replay.byte_planes import BytePlanes
from visualizer.replay.page import FOLDER, SCRIPTS, replay_page, write_replay
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.words import CATALOGUE


def unpacked(text: str) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The head and the columns of a packed text, read as the page reads them."""
    whole = zlib.decompress(b64decode(text))
    size = int.from_bytes(whole[:4], "little")
    head, at, columns = json.loads(whole[4 : 4 + size]), 4 + size, {}
    for name, count, width, steps in head["columns"]:
        planes = np.frombuffer(whole, np.uint8, count * width, at).reshape(width, count).astype(np.int64)
        folded = sum((planes[k] << (8 * k) for k in range(width)), np.zeros(count, np.int64))
        values = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
        columns[name] = (np.cumsum(values) if steps else values).tolist()
        at += count * width
    assert at == len(whole)
    return head, columns


def test_columns_come_back_as_they_were() -> None:
    planes = BytePlanes()
    given = {"small": [0, -1, 1, -128, 127], "large": [-(2**46), 2**46, 0], "none": [], "times": [5, 5, 70_000, 70_001]}
    for name, values in given.items():
        planes.add(name, values, steps=name == "times")
    head, columns = unpacked(planes.text({"said": "大促 <b>"}))
    assert columns == given and head["said"] == "大促 <b>"


def test_a_value_beyond_what_a_browser_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="far needs"):
        BytePlanes().add("far", [2**60])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[RecordedFeed, Store]:
    folder = tmp_path_factory.mktemp("replay") / "run"
    run_scenario(load_scenario("quickstart", []), out=folder)
    feed = RecordedFeed(folder)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return feed, store


@pytest.fixture(scope="module")
def page(loaded: tuple[RecordedFeed, Store]) -> str:
    return replay_page(*loaded)[0]


def part(page: str, pattern: str) -> str:
    found = re.search(pattern, page, flags=re.DOTALL)
    assert found, pattern
    return found[1]


def test_nothing_runs_but_the_script_whose_hash_it_names(page: str) -> None:
    policy = unescape(part(page, r'Content-Security-Policy" content="([^"]+)"'))
    for element, directive in (("script", "script-src"), ("style", "style-src")):
        text = part(page, rf"<{element}>(.*?)</{element}>")
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy


def test_nothing_is_fetched(page: str) -> None:
    outside = page.replace(part(page, r'id="packed">(.*?)</script>'), "")
    assert not re.search(r"https?:|\bsrc=|\bhref=|url\(|@import|innerHTML|insertAdjacent|\beval\b|import\(", outside)


def test_names_stand_in_the_packed_text_alone(loaded: tuple[RecordedFeed, Store]) -> None:
    feed, store = loaded
    before, feed.title = feed.title, replace(feed.title, scenario="</title><script>alert(1)</script>")
    try:
        page = replay_page(feed, store)[0]
    finally:
        feed.title = before
    assert page.count("<script") == 2 and "<title>&lt;/title&gt;" in page
    head, _ = unpacked(part(page, r'id="packed">(.*?)</script>'))
    assert head["title"]["scenario"] == "</title><script>alert(1)</script>"


def test_its_keys_are_those_of_the_window(page: str) -> None:
    head, _ = unpacked(part(page, r'id="packed">(.*?)</script>'))
    does = re.findall(
        r"^  (\w+)\(\) \{\n    // key$", (FOLDER / "controls.js").read_text(encoding="utf-8"), re.MULTILINE
    )
    shown = {action: (tuple(chords), help_) for action, chords, _, help_, _ in head["keys"]}
    assert set(does) == {action for action, (chords, _) in shown.items() if chords}
    for binding in keys.BINDINGS:
        if str(binding.action) in shown:
            assert shown[str(binding.action)] == (binding.chords, list(CATALOGUE[f"help.{binding.action}"]))
    assert {"play_pause", "seconds_back", "zoom_in", "find", "help", "timeline_seek"} <= set(shown)


def test_every_word_it_says_is_in_the_catalogue(page: str) -> None:
    head, _ = unpacked(part(page, r'id="packed">(.*?)</script>'))
    script = "".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    said = re.findall(r'say\("([^"]+)"', script)
    assert len(said) > 40
    assert set(said) <= set(head["words"])
    assert head["words"]["layer.2"] == list(CATALOGUE["layer.2"])
    assert {"role.picker", "state.moving", "weekday.6", "heat.unit_volume", "theme.light"} <= set(head["words"])


def test_its_figures_are_those_of_the_run(loaded: tuple[RecordedFeed, Store], page: str) -> None:
    feed, store = loaded
    head, _ = unpacked(part(page, r'id="packed">(.*?)</script>'))
    series, shown = Series(feed.context), head["series"]
    series.follow(feed, store)
    for card, told in zip(CARDS, shown["cards"], strict=True):
        assert set(told["points"]) != {None} and told["key"] in head["words"]
        for point in (0, 200, len(shown["at"]) - 1):
            wanted = series.value(card.figure, shown["at"][point])
            assert told["points"][point] == (None if wanted is None else pytest.approx(wanted, rel=1e-4))
    assert [card["style"] for card in shown["cards"]] == ["count", "count", "share", "minutes", "share", "share"]
    for chart, told in zip(CHARTS, shown["charts"], strict=True):
        wanted = chart.values(series, np.array(shown["at"][200:201]))[0]
        assert told["points"][200] == pytest.approx(wanted, rel=1e-4) and told["key"] in head["words"]


def test_its_marks_are_those_of_the_timeline(loaded: tuple[RecordedFeed, Store], page: str) -> None:
    feed, store = loaded
    head, _ = unpacked(part(page, r'id="packed">(.*?)</script>'))
    marks = Marks()
    marks.follow(feed, store)
    assert [(m["at"], m["sort"], m["who"]) for m in head["marks"]] == [(m.at_ms, m.sort, m.who) for m in marks.marks]
    assert head["bands"] == [list(band) for band in marks.breaks] != []
    assert sum(head["density"]) == len(store)


def test_a_movement_costs_a_few_bytes(loaded: tuple[RecordedFeed, Store]) -> None:
    feed, store = loaded
    page, told = replay_page(feed, store)
    assert told["movements"] == len(store.rows_of("WorkerDeparted")) > 3000
    assert len(part(page, r'id="packed">(.*?)</script>')) < 25 * told["movements"]
    assert len(page) - len(part(page, r'id="packed">(.*?)</script>')) < 120_000


def test_the_file_is_written_where_it_is_asked_for(loaded: tuple[RecordedFeed, Store], tmp_path: Any) -> None:
    told = write_replay(tmp_path / "new" / "out.html", *loaded)
    assert told["bytes"] == (tmp_path / "new" / "out.html").stat().st_size
