"""What else a decision could have been: the recorded run is repeated, in the inspector and on the command line."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import walk_packages

import pytest
from typer.testing import CliRunner

import twin.policies
from twin.cli.asked_again import AskedAgain
from twin.cli.live_feed import LiveFeed
from twin.cli.main import app as command
from twin.domain.errors import JournalError, SpecError
from twin.events.reading import read_events
from twin.policies.shape import RejectionCode, Snapshot
from twin.policies.why import key_text
from twin.run.rankings import rankings
from twin.run.replay import again, recorded_run
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.inspecting.blocks import Ask, Decision, Note
from visualizer.inspecting.known import Known
from visualizer.inspecting.order import decision, order_page
from visualizer.inspecting.order_alternatives import ask_alternatives, asks_alternatives
from visualizer.panels.asking import Asking
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.words import CATALOGUE, say


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alternatives") / "run"
    run_scenario(load_scenario("quickstart", ["horizon_h=2"]), out=folder)
    return folder


@pytest.fixture(scope="module")
def asked(folder):
    """Every question of the run with the number of its record."""
    rows = read_events(folder, ["seq", "at_ms", "family", "line", "worker"], ["PolicyDecided"]).columns
    records = [{name: values[n] for name, values in rows.items()} for n in range(len(rows["seq"]))]
    heard = []
    again(recorded_run(folder), heard.append)

    def of(family, column, subject):
        """The record of each question: its subject tells them apart."""
        left = [r for r in records if r["family"] == family]
        return {
            next(
                int(r["seq"]) for r in left
                if r[column] == subject(a) and r["at_ms"] == a.snapshot.now_ms and r["seq"] >= a.from_seq
            ): a
            for a in heard if a.ref.family == family
        }  # fmt: skip

    return of


def test_the_next_best_stock_is_that_of_the_strategys_key(folder, asked):
    questions = asked("allocation", "line", lambda a: a.snapshot.line.line)
    found = rankings(folder, questions)
    assert set(found) == set(questions)
    many = 0
    for seq, a in questions.items():
        assert a.ref.name == "fifo"
        stock = {s.stock: s for s in a.snapshot.stock}
        taken = {r.stock for r in a.decision.reservations}
        refused = {r.subject for r in a.decision.rejected}
        left = sorted(
            (s.tier, s.received_at_ms, s.pick_rank, s.distance_mm, s.stock)
            for s in stock.values() if s.stock not in taken | refused
        )  # fmt: skip
        assert len(found[seq].others) == len(left)
        assert {name.split(" · ")[0] for name, _ in found[seq].chosen} == {stock[s].location for s in taken}
        assert [code for _, code in found[seq].rejected] == [r.code for r in a.decision.rejected]
        if left:
            many += 1
            assert found[seq].others[0][0].split(" · ")[0] == stock[left[0][-1]].location
            assert found[seq].others[0][1][-1] == left[0][-1]
    assert many > 20


def test_the_next_best_task_is_that_of_the_strategys_key(folder, asked):
    questions = {
        seq: a for seq, a in asked("dispatch", "worker", lambda a: a.snapshot.worker).items() if a.decision.task
    }
    found = rankings(folder, questions)
    many = 0
    for seq, a in questions.items():
        assert a.ref.name == "earliest_start" and not a.decision.rejected
        old_ms = a.snapshot.now_ms - round(a.policy.rules.max_wait_s * 1000)
        ranked = sorted(
            (t.created_at_ms >= old_ms, t.latest_start_ms, t.priority, way, t.task)
            for t, way in zip(a.snapshot.tasks, a.snapshot.travel_ms, strict=True)
        )
        assert found[seq].chosen == ((ranked[0][-1], ranked[0]),)
        assert found[seq].others == tuple((key[-1], key) for key in ranked[1:])
        many += len(ranked) > 1
    assert many > 5


def test_dispatch_and_putaway_have_their_best_on_record_and_no_digest_changes(folder, monkeypatch):
    rows = read_events(folder, ["seq", "family", "choice", "detail"], ["PolicyDecided"]).columns
    details = {
        int(seq): json.loads(detail)
        for seq, family, detail in zip(rows["seq"], rows["family"], rows["detail"], strict=True)
        if family in ("dispatch", "putaway") and detail
    }
    assert len(details) > 10
    for seq, ranking in rankings(folder, details).items():
        best = [{"choice": name, "key": key_text(key)} for name, key in ranking.others[:3]]
        assert details[seq] == {"key": key_text(ranking.chosen[0][1]), "alternatives": best}
    monkeypatch.setattr("twin.wms.policies.RANKED", frozenset())
    without = run_scenario(load_scenario("quickstart", ["horizon_h=2"]))
    assert without.digest == recorded_run(folder).result["digest"]


def test_what_is_on_record_is_shown_without_asking(folder):
    feed = RecordedFeed(folder)
    known = known_of(feed, Asking(feed, patient=True))
    record = next(
        r for r in feed.records(0, feed.events, ["PolicyDecided"]) if r["family"] == "dispatch" and r.get("detail")
    )
    detail = json.loads(record["detail"])
    shown = decision(known, record, "O").others
    assert shown[0] == (say("inspect.taken", "en", choice=known.short(record["choice"])), detail["key"])
    assert shown[1:] == tuple((known.short(a["choice"]), a["key"]) for a in detail["alternatives"])
    feed.close()


def test_the_command_line_says_the_same(folder):
    def twin(*words):
        return CliRunner().invoke(command, ["decisions", str(folder), *map(str, words)], catch_exceptions=False)

    rows = [json.loads(line) for line in twin("--family", "putaway", "--json").stdout.splitlines()]
    seq = rows[0]["seq"]
    told = json.loads(twin("--id", seq, "--why", "--json").stdout)
    ranking = rankings(folder, [seq])[seq]
    assert told["ranked"][0] == {"what": "taken", "subject": rows[0]["choice"], "key": list(ranking.chosen[0][1])}
    assert [r["subject"] for r in told["ranked"][1:]] == [name for name, _ in ranking.others]
    assert rows[0]["choice"] in twin("--id", seq, "--why").stdout.splitlines()[0]
    with pytest.raises(SpecError, match="--id N"):
        twin("--why")
    with pytest.raises(JournalError, match="no decision has the number 0"):
        twin("--id", 0, "--why")


def known_of(feed, asking, language="en"):
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return Known(feed=feed, store=store, moment=store.at(feed.head_ms), asking=asking, language=language)


def test_the_inspector_asks_when_it_is_clicked_and_shows_the_answer(folder):
    feed = RecordedFeed(folder, alternatives=AskedAgain(folder))
    asking = Asking(feed, patient=True)
    known = known_of(feed, asking)
    order = feed.records(0, feed.events, ["OrderReceived"])[3]["order"]
    blocks = order_page(known, order)
    (ask,) = [b for b in blocks if isinstance(b, Ask)]
    assert ask.action == "alternatives" and not any(b.others for b in blocks if isinstance(b, Decision))
    ask_alternatives(asking, feed, *ask.argument)
    assert asking.failed is None
    blocks = order_page(known, order)
    assert not any(isinstance(b, Ask) for b in blocks)
    shown = {b.seq: b.others for b in blocks if isinstance(b, Decision)}
    truth = rankings(folder, shown)
    allocations = [seq for seq in shown if truth[seq].chosen and truth[seq].others]
    assert allocations
    for seq in allocations:
        name, key = truth[seq].others[0]
        assert (known.short(name), key_text(key)) in shown[seq]
        taken, key = truth[seq].chosen[0]
        assert shown[seq][0] == (say("inspect.taken", "en", choice=known.short(taken)), key_text(key))
    feed.close()


def test_a_frame_does_not_wait_and_closing_gives_up(folder):
    feed = RecordedFeed(folder, alternatives=AskedAgain(folder))
    asking = Asking(feed)
    known = known_of(feed, asking)
    ask_alternatives(asking, feed, "O", [1])
    assert asks_alternatives(known, "O", [1]) == [Note(say("inspect.asking_alternatives", "en"))]
    assert asking.is_waiting
    asking.forget()
    assert not asking.is_waiting
    feed.close()


def test_nothing_is_begun_once_it_was_closed(folder):
    asked = AskedAgain(folder)
    asked.close()
    with pytest.raises(JournalError, match="given up"):
        asked([1], 100)


def test_what_cannot_be_answered_is_a_sentence(folder, tmp_path):
    changed = shutil.copytree(folder, tmp_path / "changed")
    file = changed / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    assert "horizon_h: 2" in text
    file.write_text(text.replace("horizon_h: 2", "horizon_h: 1"), encoding="utf-8")
    seq = int(read_events(folder, ["seq"], ["PolicyDecided"]).columns["seq"][5])
    with pytest.raises(JournalError, match="run again it gives sha256"):
        AskedAgain(changed)([seq], 100)
    with pytest.raises(JournalError, match=rf"twin decisions .*run --id {seq} --why"):
        AskedAgain(folder, longest_events=99)([seq], 100)
    feed = RecordedFeed(changed, alternatives=AskedAgain(changed))
    asking = Asking(feed, patient=True)
    ask_alternatives(asking, feed, "O", [seq])
    assert asking.failed is not None and "its decisions cannot be told" in asking.failed
    feed.close()


def test_a_live_run_says_when_it_can_be_asked_and_a_bare_recording_nothing(folder):
    live = LiveFeed(load_scenario("quickstart", ["horizon_h=1"]))
    assert asks_alternatives(known_of(live, Asking(live)), "O", [1]) == [
        Note(say("inspect.alternatives_later", "en"))
    ]  # fmt: skip
    live.close()
    bare = RecordedFeed(folder)
    assert asks_alternatives(known_of(bare, Asking(bare)), "O", [1]) == []
    bare.close()


def test_every_code_has_its_words():
    assert {f"rejection.{code}" for code in RejectionCode.__args__} <= set(CATALOGUE)


def test_every_field_of_every_snapshot_has_its_word():
    def below(cls):
        return [cls, *(one for child in cls.__subclasses__() for one in below(child))]

    for module in walk_packages(twin.policies.__path__, "twin.policies."):
        import_module(module.name)
    named = {field.name for cls in below(Snapshot) if is_dataclass(cls) for field in fields(cls)}
    own = {field.name for field in fields(Snapshot)}
    assert len(named - own) > 60
    assert {f"snapshot.{name}" for name in named - own} <= set(CATALOGUE)


def test_a_snapshot_is_told_in_a_few_words(folder, asked):
    seq, a = next((seq, a) for seq, a in asked("dispatch", "worker", lambda a: a.snapshot.worker).items())
    seen = dict(rankings(folder, [seq])[seq].seen)
    assert seen["worker"] == a.snapshot.worker and seen["tasks"] == str(len(a.snapshot.tasks))
    assert seen["shift_ends_ms"] == str(a.snapshot.shift_ends_ms)
    assert seen["last_kind"] == (a.snapshot.last_kind or "-")
    assert "now_ms" not in seen
    seq, a = next((seq, a) for seq, a in asked("allocation", "line", lambda a: a.snapshot.line.line).items())
    seen = dict(rankings(folder, [seq])[seq].seen)
    assert (seen["line"], seen["stock"]) == (a.snapshot.line.line, str(len(a.snapshot.stock)))
