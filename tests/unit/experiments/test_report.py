"""The report as a client gets it: what stands on it, in both languages, and that nothing is claimed that cannot be."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from small_days import SMALL, small
from typer.testing import CliRunner

from experiments.comparison import Arm, compare
from experiments.execution import InPlace
from experiments.figures import asked
from experiments.gathering import Gathering
from experiments.phrases import PHRASES
from experiments.report import charts
from experiments.report.page import page, part_rows
from experiments.report.sheets import workbook
from experiments.report.slides import slides
from experiments.report.words import PARTS_ZH, WORDS
from experiments.sampling import fixed
from experiments.sensitivity import Sensitivity, Swing, sensitivity
from experiments.store import ResultStore
from twin.cli.main import app
from twin.spec.shipped import shipped_root

FIGURES = [asked(n) for n in ("order_processing_time_mean_s", "travel_m_per_line", "dock_to_stock_mean_s")]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return ResultStore(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def comparison(store):
    """Two small days on four seeds; the second walks less."""
    designs = [
        small(name, "horizon_h=8", *more)
        for name, more in (("as <script>alert(1)</script> is", ()), ("optimal", ("policies.routing=optimal",)))
    ]
    with Gathering(store, InPlace) as gathering:
        sampled = fixed(designs, range(1, 5), gathering)
    return compare([Arm(design=s.design, replications=s.replications) for s in sampled], FIGURES)


class Read(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.alts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        said = dict(attrs)
        self.links += [v for k in ("src", "href") if (v := said.get(k))]
        self.alts += [said["alt"]] if "alt" in said else []

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_the_page_says_what_an_honest_report_says(comparison):
    read = Read(page(comparison, "twin compare a b -n 4"))
    for arm in comparison.arms:
        for replication in arm.replications:
            assert replication.digest in read.text
    assert "twin compare a b -n 4" in read.text
    assert "seeds: 1, 2, 3, 4" in read.text and "n=4" in read.text
    assert "terminating: 8 h" in read.text and comparison.baseline.design.loaded.sha256 in read.text
    assert "policies.routing" in read.text and "equipment.walking_speed_m_per_s" in read.text
    assert "searched: 2 designs, 3 figures, 3 claims" in read.text
    assert len(read.alts) == 6


def test_the_page_needs_nothing_from_elsewhere_and_runs_nobody_s_script(comparison):
    text = page(comparison, "x")
    read = Read(text)
    assert "script" not in read.tags
    assert "<script>" not in text
    assert all(link.startswith("data:") for link in read.links)
    assert not re.search(r"https?://", text)


def test_what_cannot_be_told_is_not_dressed_up(comparison):
    """Dock-to-stock time is undefined on days without goods in: said so, no arrow, no rank."""
    text = page(comparison, "x")
    assert "undefined" in text
    assert not set("▲▼↑↓★") & set(Read(text).text)


def test_both_languages_say_the_same_things(comparison):
    assert set(WORDS["en"]) == set(WORDS["zh"])
    for key, words in WORDS["en"].items():
        assert sorted(re.findall(r"{(\w+)}", words)) == sorted(re.findall(r"{(\w+)}", WORDS["zh"][key])), key
    read = Read(page(comparison, "x", language="zh"))
    for word in ("结论", "结论依据的指标", "时间花在哪里", "所依据的假设", "重现方法"):
        assert word in read.text


def test_every_chinese_letter_is_in_the_font_that_ships():
    from matplotlib.ft2font import FT2Font

    from experiments.sentences import WORDS as SENTENCES

    letters = "".join([*WORDS["zh"].values(), *PARTS_ZH.values(), *SENTENCES["zh"].values()])
    letters += "".join(p.label + p.up + p.down for p in PHRASES["zh"].values())
    for name in ("Regular", "Bold"):
        known = FT2Font(str(shipped_root() / "fonts" / f"TwinSansSC-{name}.otf")).get_charmap()
        assert not {c for c in letters if ord(c) not in known}
    assert "SIL OPEN FONT LICENSE" in (shipped_root() / "fonts" / "OFL.txt").read_text().upper()


def test_charts_in_chinese_miss_no_glyph(comparison):
    """A missing glyph warns, and warnings are errors here."""
    with charts.styled("zh"):
        for figure in (
            charts.forest(comparison, "zh"),
            charts.parts(comparison, "zh"),
            charts.series(comparison, "zh"),
        ):
            if figure is not None:
                assert charts.png(figure)[:4] == b"\x89PNG"


def test_the_parts_of_the_page_add_up(comparison):
    """Made-up parts: the whole is their sum, the differences are paired."""
    arms = []
    for shift, arm in zip((0.0, 5.0), comparison.arms, strict=True):
        rows = tuple(
            replace(
                r, traces={**r.traces, "parts_s": {"walking": 10.0 + shift, "packing": 20.0 + r.seed, "aisle": 0.0}}
            )
            for r in arm.replications
        )
        arms.append(replace(arm, replications=rows))
    told = part_rows(compare(arms, FIGURES), "en")
    assert [row["part"] for row in told] == ["walking", "packing", "whole"]
    assert told[0]["differences"][0][0] == "5.0 s" and told[1]["differences"][0][0] == "0.0 s"
    assert told[2]["means"] == ["32.5 s", "37.5 s"]


def test_slides_are_slides(comparison):
    found = slides(comparison)
    assert {"1-differences.png", "2-percentiles.png", "5-picks.png", "6-travel.png"} <= set(found)
    for picture in found.values():
        assert struct.unpack(">II", picture[16:24]) == (1600, 900)


def test_the_workbook_holds_numbers_as_numbers(comparison):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(BytesIO(workbook(comparison)))
    assert book.sheetnames == ["Decision", "figure", "seeds", "Risk", "setting", "assumption", "digests"]
    rows = list(book["figure"].iter_rows(values_only=True))
    travel = next(row for row in rows if row[1] == "metres walked per line")
    d = next(d for d in comparison.differences if d.figure.name == "travel_m_per_line")
    assert travel[3] == pytest.approx(d.found.difference.estimate)
    assert book["seeds"].max_row == 9
    assert book["Decision"]["A1"].value.startswith("optimal against")


# the assumptions that carry the result


class Formula(Gathering):
    """The figure is a formula of the settings: walking speed matters much, search time little, the rest nothing."""

    def __init__(self) -> None:
        super().__init__(ResultStore(Path("/nowhere")), InPlace)
        self.runs = 0

    def gather(self, wanted):
        from experiments.replication import Replication

        rows = []
        for design, seed in wanted:
            self.runs += 1
            spec = design.loaded.spec
            slow = 1 if design.name == "b" else 0
            value = seed + slow * (100 / spec.equipment.walking_speed_m_per_s - 3 * spec.methods.handling.search_s)
            kpis = {"order_processing_time_mean_s": value}
            told = [
                {"key": k, "value": v, "low": lo, "high": hi, "mark": "assumption", "source": ""}
                for k, v, lo, hi in (
                    ("equipment.walking_speed_m_per_s", 1.2, 0.9, 1.5), ("methods.handling.search_s", 4.0, 2, 8),
                    ("methods.handling.tour_setup_s", 60.0, 30, 120), ("equipment.wms_reply_s", 0.3, None, None),
                )
            ]  # fmt: skip
            rows.append(Replication(seed=seed, address=str(self.runs), result={"kpis": kpis, "assumptions": told}))
        return rows


def swung(most=None) -> tuple[Sensitivity, Formula]:
    hat = Formula()
    arms = [
        Arm(design=d, replications=tuple(hat.gather([(d, s) for s in (1, 2, 3, 4)]))) for d in (small("a"), small("b"))
    ]
    hat.runs = 0
    found = sensitivity(compare(arms, [asked("order_processing_time_mean_s")]), hat, most=most)
    assert found is not None
    return found, hat


def test_the_two_assumptions_that_move_the_result_most():
    found, hat = swung()
    assert [s.key for s in found.swings[:2]] == ["equipment.walking_speed_m_per_s", "methods.handling.search_s"]
    walking, search = found.swings[:2]
    assert (walking.at_low, walking.at_high) == pytest.approx((100 / 0.9 - 12, 100 / 1.5 - 12))
    assert search.width == pytest.approx(18)
    assert found.as_is == pytest.approx(100 / 1.2 - 12)
    assert hat.runs == 3 * 2 * 2 * 3, "three with a stated range, two ends, two arms, three seeds"
    assert not found.turns(walking)


def test_as_many_assumptions_as_asked_for_and_none_for_0():
    assert len(swung(1)[0].swings) == 1
    assert len(swung(4)[0].swings) == 4, "the fourth has no stated range and is moved by 20 % each way"
    arms = [Arm(design=d, replications=tuple(Formula().gather([(d, 1), (d, 2)]))) for d in (small("a"), small("b"))]
    assert sensitivity(compare(arms, [asked("order_processing_time_mean_s")]), Formula(), most=0) is None


def test_a_sign_that_changes_is_said(comparison):
    found = Sensitivity(
        figure=FIGURES[1], base="a", arm="b", seeds=(1,), as_is=-2.0,
        swings=(Swing("equipment.walking_speed_m_per_s", 0.9, 1.5, -4.0, 1.0, True),), assumptions=9,
    )  # fmt: skip
    text = Read(page(comparison, "x", found)).text
    assert (
        "walking_speed_m_per_s from 0.9 to 1.5: the difference goes from -4.00 m to 1.00 m and changes its sign" in text
    )
    assert "1 of 9 assumptions tried" in text


# the command


@pytest.mark.slow
def test_compare_writes_page_workbook_and_pictures(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = [word for s in SMALL for word in ("-o", s)]
    done = CliRunner().invoke(
        app, ["compare", "quickstart", "+policies.routing=optimal", *options, "-n", "2", "--workers", "1", "--html",
              "r.html", "--xlsx", "r.xlsx", "--pictures", "p", "--assumptions", "1", "--lang", "zh"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "对比" in Path("r.html").read_text(encoding="utf-8")
    assert len(list(Path("p").glob("*.png"))) >= 6 and Path("r.xlsx").stat().st_size > 5000
    assert "相比" in done.stdout
    wrong = CliRunner().invoke(app, ["compare", "quickstart", "+seed=2", "--lang", "fr"])
    assert "en or zh" in str(wrong.exception)
