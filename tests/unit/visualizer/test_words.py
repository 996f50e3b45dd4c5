"""The catalogue: both languages, same placeholders, all that the stream may say, every glyph, every box."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from twin.domain.refusals import SENTENCES
from twin.events.catalogue import KINDS
from twin.observers.kpis import KPIS
from twin.observers.time_parts import PARTS
from twin.policies.named import FAMILIES
from twin.spec.people import QUEUE_OF_ROLE
from visualizer.drawing.lettering import Lettering, font_path, missing_glyphs
from visualizer.palette import STATES
from visualizer.places import SCALES
from visualizer.words import CATALOGUE, boxes, placeholders, say, word
from visualizer.words.boxes import BOXES, fits, too_wide

HANZI = re.compile(r"[\u4e00-\u9fff]")


def faults_of(english: str, chinese: str) -> list[str]:
    """What is wrong with a pair."""
    found = []
    if not english or not chinese or english.strip() != english or chinese.strip() != chinese:
        found.append("empty, or with blanks at an end")
    if placeholders(english) != placeholders(chinese):
        found.append("placeholders differ")
    for text in (english, chinese):
        if {name for _, name, _, _ in Formatter().parse(text) if name is not None} != placeholders(text):
            found.append("braces that format() would trip over")
    if HANZI.search(english) and english != "中文":
        found.append("Chinese in English")
    if not HANZI.search(chinese) and re.search(r"[a-z]{2,}", re.sub(r"\{\w+\}|Shift", "", chinese)):
        found.append("not translated")
    return found


def test_both_languages_say_it_with_the_same_placeholders() -> None:
    assert {key: faults for key, pair in CATALOGUE.items() if (faults := faults_of(*pair))} == {}


@pytest.mark.parametrize(
    ("pair", "fault"),
    [
        (("{n} units", "{m} 件"), "placeholders differ"), (("", "件"), "empty, or with blanks at an end"),
        (("units", "units"), "not translated"), (("{} units", "{} 件"), "braces that format() would trip over"),
        (("件", "件"), "Chinese in English"),
    ],
)  # fmt: skip
def test_a_bad_pair_would_be_seen(pair: tuple[str, str], fault: str) -> None:
    assert fault in faults_of(*pair)


def test_whatever_the_stream_says_has_a_word() -> None:
    wanted = [f"event.{name}" for name in KINDS] + [f"kpi.{name}" for name in KPIS]
    wanted += [f"part.{name}" for name in PARTS] + [f"family.{name}" for name in FAMILIES]
    wanted += [f"role.{name}" for name in QUEUE_OF_ROLE] + [f"work.{name}" for name in QUEUE_OF_ROLE.values()]
    wanted += [f"state.{name}" for name in (*STATES, "break")]
    assert [key for key in wanted if key not in CATALOGUE] == []


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_no_glyph_is_missing(bold: bool) -> None:
    everything = "".join(en + zh for en, zh in CATALOGUE.values()) + "0123456789−%·×…≥≤→"
    assert missing_glyphs(everything, font_path(bold)) == ""


def test_an_absent_glyph_would_be_seen() -> None:
    assert missing_glyphs("Kovač ⏸ 拣货") == "č⏸"


@pytest.mark.parametrize("scale", SCALES)
def test_no_word_stands_out_of_its_box(scale: float) -> None:
    assert too_wide(Lettering(scale)) == []


def test_every_box_holds_words_and_a_narrower_one_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for box in BOXES:
        assert any(box.holds(key) for key in CATALOGUE), box.keys
    monkeypatch.setattr(boxes, "BOXES", tuple(box._replace(width=box.width // 4) for box in BOXES))
    stood_out = {key for key, *_ in too_wide(Lettering())}
    assert {"card.on_time", "event.OrderReceived", "help.play_pause"} <= stood_out


def test_fits_asks_both_languages() -> None:
    lettering = Lettering(1.5)
    widest = max(lettering.width(say("queues.by_wait", lang), 12) for lang in ("en", "zh")) / 1.5
    assert fits("queues.by_wait", round(widest) + 1, lettering)
    assert not fits("queues.by_wait", round(widest) - 2, lettering)


def test_words_are_filled_and_names_of_data_are_not_read_as_placeholders() -> None:
    assert say("top.holding", "en", speed=300, held=212) == "300×, holding 212×"
    assert say("find.none", "zh", text="{x}") == "没有找到“{x}”"
    with pytest.raises(KeyError):
        say("no.such", "en")


def test_a_name_without_a_word_is_shown_as_written() -> None:
    assert word("role", "picker", "zh") == "拣货员"
    assert word("role", "drone_pilot", "zh") == "Drone pilot"
    assert word("event", "DroneLanded", "en") == "Drone landed"


def test_every_reason_of_a_refusal_has_words_with_its_values() -> None:
    wanted = {f"refused.{code}": placeholders(text) for code, text in SENTENCES.items()}
    said = {key: placeholders(pair[0]) for key, pair in CATALOGUE.items() if key.startswith("refused.")}
    assert {key: names - wanted[key] for key, names in said.items() if names - wanted[key]} == {}
    assert said.keys() == wanted.keys()
