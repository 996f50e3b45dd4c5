"""The page that replays a run, in a real browser without a network: it shows what the store knows, and nothing else."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.run.commands import read_commands
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.heat import GRID, HeatField
from visualizer.mapping.shading import Shader, Shading, steps
from visualizer.replay.page import write_replay
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason="needs chromium and chromedriver"),
]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1600,1040",
)  # fmt: skip
SCENARIOS = {
    "demo_before": [], "policy_day": [], "saturated_small": ["horizon_h=4", "workforce.packers.count=1"],
}  # fmt: skip
HOSTILE = """<script>window.hacked = 1</script>"'&amp; </script> 大促演练 \\ {{ 7 * 7 }}"""
H = 3_600_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium (extra: test)")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def loaded(folder: Path) -> tuple[RecordedFeed, Store]:
    feed = RecordedFeed(folder)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return feed, store


@pytest.fixture(scope="module", params=SCENARIOS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RecordedFeed, Store, Path]:
    folder = tmp_path_factory.mktemp("replay") / "run"
    run_scenario(load_scenario(request.param, SCENARIOS[request.param]), out=folder)
    return *loaded(folder), folder.parent


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page") / "run"
    orders = folder.parent / "commands.jsonl"
    orders.write_text('{"at": "07:00", "action": "block_aisle", "aisle": "A04", "duration_s": 1800}\n')
    run_scenario(load_scenario("quickstart", []), out=folder, commands=read_commands(orders))
    path = folder.parent / "replay.html"
    write_replay(path, *loaded(folder))
    return path


def opened(browser: Any, page: Path) -> None:
    """Open a page; afterwards `twinReplay` is there, or why not is the failure."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get("about:blank")
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(page.as_uri())
    ready = "return window.twinReplay !== undefined || !document.getElementById('fault').hidden"
    WebDriverWait(browser, 60).until(lambda b: b.execute_script(ready))
    assert browser.execute_script("return document.getElementById('fault').textContent") == ""


def requests(browser: Any) -> list[str]:
    """What was asked for since the page was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


def do(browser: Any, script: str, *values: Any) -> Any:
    return browser.execute_script(f"const c = twinReplay.controls, s = twinReplay.state; {script}", *values)


def painted(browser: Any) -> None:
    """Wait for the frame after next, so that what was done is drawn."""
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")


def hold(shown: dict[str, Any], store: Store, at_ms: int) -> None:
    """What the page says of an instant, against the store."""
    moment, workers = store.at(at_ms), shown["workers"]
    assert [w["name"] for w in workers] == store.workers
    assert [w["state"] for w in workers] == moment.workers.state.tolist()
    assert [w["share"] for w in workers] == pytest.approx(moment.workers.share.tolist())
    assert [w["x"] for w in workers] == pytest.approx(moment.workers.x.tolist(), abs=1)  # whole millimetres
    assert [w["y"] for w in workers] == pytest.approx(moment.workers.y.tolist(), abs=1)
    assert shown["floor"] == moment.floor_units.tolist()
    assert [f + g for f, g in zip(shown["floor"], shown["gap"], strict=True)] == moment.book_units.tolist()
    assert shown["waiting"] == moment.waiting.tolist()
    assert [(q["waiting"], q["serving"], q["since"]) for q in shown["queues"]] == [
        (q.waiting, q.serving, q.since_ms) for q in moment.queues
    ]
    for mine, theirs in zip(shown["belts"], moment.belts, strict=True):
        assert mine["shares"] == pytest.approx(theirs.shares.tolist())
        assert mine["blocked"] == theirs.blocked
    assert shown["trailers"] == moment.trailers
    assert shown["staged"] == moment.staged.tolist()
    assert shown["down"] == moment.down
    assert [(i["kind"], i["name"], i["since"], i["reason"], i["worker"]) for i in shown["incidents"]] == [
        (i.kind, i.name, i.since_ms, i.reason, i.worker) for i in moment.incidents
    ]
    places = {"aisle": store.ground.aisles, "station": store.ground.stations}
    assert [(one["sort"], places[one["sort"]][one["index"]].name, one["since"]) for one in shown["saturated"]] == [
        (one.sort, one.name, one.since_ms) for one in moment.saturated
    ]


def test_any_instant_is_that_of_the_store(browser: Any, run: tuple[RecordedFeed, Store, Path]) -> None:
    feed, store, folder = run
    page = folder / "all.html"
    told = write_replay(page, feed, store)
    assert told["movements"] > 500
    opened(browser, page)
    draw = random.Random(5)
    edges = [int(store.at_ms[draw.randrange(len(store))]) for _ in range(4)]
    for at_ms in [feed.head_ms, 0, *(draw.randrange(feed.head_ms) for _ in range(10)), *edges]:  # back and forth
        hold(browser.execute_script("return twinReplay.at(arguments[0])", at_ms), store, at_ms)


def test_a_stretch_is_that_of_the_store(browser: Any, run: tuple[RecordedFeed, Store, Path]) -> None:
    feed, store, folder = run
    page = folder / "stretch.html"
    first, last = feed.head_ms // 3, feed.head_ms // 2
    write_replay(page, feed, store, from_ms=first, to_ms=last)
    opened(browser, page)
    draw = random.Random(6)
    for at_ms in [first, last, *(draw.randrange(first, last) for _ in range(8))]:
        hold(browser.execute_script("return twinReplay.at(arguments[0])", at_ms), store, at_ms)


def test_it_opens_without_a_network(browser: Any, page: Path) -> None:
    opened(browser, page)
    painted(browser)
    assert requests(browser) == [page.as_uri()]
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    for place in ("https://example.org/x", page.as_uri()):
        said = browser.execute_async_script(
            "fetch(arguments[0]).then(() => 'got it', (fault) => fault.name).then(arguments[1])", place
        )
        assert said == "TypeError"
    refused = [entry["message"] for entry in browser.get_log("browser")]
    assert any("Content Security Policy" in message for message in refused)


def test_space_plays_and_pauses(browser: Any, page: Path) -> None:
    opened(browser, page)
    body = browser.find_element("tag name", "body")
    body.send_keys("]")
    assert do(browser, "return s.speed") == 300
    body.send_keys(" ")
    assert do(browser, "return s.playing") is True
    for _ in range(3):
        painted(browser)
    body.send_keys(" ")
    reached = do(browser, "return s.ms")
    painted(browser)
    assert 0 < reached == do(browser, "return s.ms")


def test_arrows_step_and_marks_are_gone_to(browser: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    body = browser.find_element("tag name", "body")
    body.send_keys(Keys.ARROW_RIGHT)
    body.send_keys(Keys.SHIFT + Keys.ARROW_RIGHT)
    assert do(browser, "return s.ms") == 70_000
    body.send_keys(Keys.NULL + Keys.ARROW_LEFT)
    assert do(browser, "return s.ms") == 60_000
    marks = do(browser, "return twinReplay.head.marks.map((m) => m.at)")
    assert marks
    body.send_keys("k")
    assert do(browser, "return s.ms") == marks[0]
    body.send_keys(Keys.END)
    assert do(browser, "return s.ms") == do(browser, "return twinReplay.head.to")


def test_the_timeline_is_scrubbed(browser: Any, page: Path) -> None:
    from selenium.webdriver import ActionChains

    opened(browser, page)
    track = browser.find_element("id", "track")
    wide = track.size["width"]
    ActionChains(browser).move_to_element_with_offset(track, 0, 14).click_and_hold().move_by_offset(
        wide // 4, 0
    ).release().perform()
    wanted = do(browser, f"return c.timeline.ms({wide} / 2 + {wide // 4})")
    assert do(browser, "return s.ms") == pytest.approx(wanted, abs=0.01 * 16 * H)
    painted(browser)
    clock = browser.find_element("id", "time").text
    assert clock == do(browser, "return c.clock.at(s.ms)") != "06:00:00"


def test_wheel_zooms_at_the_pointer_and_drag_pans(browser: Any, page: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin

    opened(browser, page)
    floor = browser.find_element("id", "floor")
    do(browser, "for (let i = 0; i < 8; i++) { c.zoomBy(1.25); c.paint(); }")
    point = do(browser, "return [c.painter.w / 2 + 100, c.painter.h / 2]")
    before = do(browser, "return c.painter.mm(...arguments[0])", point)
    origin = ScrollOrigin.from_element(floor, 100, 0)
    for _ in range(2):
        ActionChains(browser).scroll_from_origin(origin, 0, -100).perform()
    painted(browser)
    assert do(browser, "return c.painter.view.scale") > 3 * do(browser, "return c.painter.fit()") / 1000
    assert do(browser, "return c.painter.mm(...arguments[0])", point) == pytest.approx(before, abs=100)
    middle = do(browser, "return c.painter.view.x")
    ActionChains(browser).move_to_element(floor).click_and_hold().move_by_offset(80, 0).release().perform()
    painted(browser)
    moved = middle - do(browser, "return c.painter.view.x")
    assert moved == pytest.approx(80 / do(browser, "return c.painter.view.scale"), rel=0.05)
    browser.find_element("tag name", "body").send_keys("0")
    painted(browser)
    assert do(browser, "return c.painter.view.isFit") is True


@pytest.mark.parametrize(
    ("typed", "kind", "told"),
    [("picker-003", "worker", "Picker"), ("O000010", "order", "O000010"), ("A03-1-012", "location", "A03-1-012")],
)
def test_find_takes_one_there(browser: Any, page: Path, typed: str, kind: str, told: str) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    do(browser, "c.seek(3600000 * 5)")
    browser.find_element("tag name", "body").send_keys("/")
    browser.find_element("id", "find_text").send_keys(typed)
    browser.find_element("id", "find_text").send_keys(Keys.ENTER)
    painted(browser)
    chosen = do(browser, "return s.selection")
    assert chosen["kind"] == kind and typed in chosen["name"]
    assert do(browser, "return s.follow") is (kind != "location")
    assert told in browser.find_element("id", "inspector").text


def test_following_keeps_a_worker_in_the_middle(browser: Any, page: Path) -> None:
    opened(browser, page)
    who = do(browser, "return twinReplay.head.workers.findIndex(([, role]) => role === 'picker')")
    do(browser, f"c.select({{kind: 'worker', index: {who}, name: twinReplay.head.workers[{who}][0]}}); s.follow = true")
    seen = []
    for hour in (3, 4, 5):
        do(browser, f"s.camera.pxPerM = 100; c.seek({hour} * 3600000)")
        painted(browser)
        worker = do(browser, "const w = twinReplay.at(s.ms).workers[arguments[0]]; return [w.x, w.y]", who)
        x, y = do(browser, "return [s.camera.x, s.camera.y]")
        assert (x, y) == pytest.approx(tuple(worker), abs=1)
        seen.append((x, y))
    assert len(set(seen)) > 1


def test_heat_shows_where_people_waited(browser: Any, page: Path) -> None:
    opened(browser, page)
    do(browser, "c.seek(3600000 * 8); s.window = 2")
    body = browser.find_element("tag name", "body")
    counts = """
        const canvas = c.painter.heat.canvas;
        const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let n = 0; for (let i = 3; i < bytes.length; i += 4) n += bytes[i] > 0; return [s.heat, n];"""
    body.send_keys("2")
    painted(browser)
    shown = [do(browser, counts)]
    body.send_keys("h")
    body.send_keys("h")
    painted(browser)
    shown.append(do(browser, counts))
    assert [mode for mode, _ in shown] == ["waiting", "volume"]
    assert all(n > 0 for _, n in shown) and shown[1][1] > 100


def test_heat_and_fill_are_those_of_the_window(browser: Any, run: tuple[RecordedFeed, Store, Path]) -> None:
    feed, store, folder = run
    page = folder / "heat.html"
    write_replay(page, feed, store)
    opened(browser, page)
    field, shader, at_ms = HeatField(store, Fixtures(store.ground).bounds), Shader(store), feed.head_ms // 2
    moment = store.at(at_ms)
    do(browser, f"c.painter.heat.fill({at_ms // 2}, 'volume', 0, 'picker')")  # what is kept of it is gone on from
    for mode, minutes, role in (
        ("volume", 30, None),
        ("volume", 0, "picker"),
        ("waiting", 0, None),
        ("backlog", 0, None),
    ):
        shown = do(browser, f"return Array.from(c.painter.heat.fill({at_ms}, '{mode}', {minutes}, arguments[0]))", role)
        wanted = field.sums(mode, moment, minutes * 60_000, role)  # columns from the left, rows from the bottom
        assert np.allclose(np.array(shown).reshape(GRID[1], GRID[0])[::-1].T, wanted, atol=1e-9), mode
    filled = shader.filled(moment, book=False)
    wanted_steps = steps(Shading("fill", filled, "mean"), filled).tolist()
    shown = do(browser, f"const r = twinReplay.replay, units = r.floor.at({at_ms});"
               " return Array.from(units, (n, cell) => r.step(cell, n))")  # fmt: skip
    assert shown == wanted_steps and len(set(shown)) > 2


def test_theme_and_language_change(browser: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    corner = "return Array.from(c.painter.canvas.getContext('2d').getImageData(2, 2, 1, 1).data.slice(0, 3))"
    painted(browser)
    assert do(browser, corner) == [0x0D, 0x13, 0x1A]
    body = browser.find_element("tag name", "body")
    body.send_keys("t")
    body.send_keys(Keys.F2)
    painted(browser)
    assert do(browser, corner) == [0xF4, 0xF6, 0xF8]
    assert "检视" in browser.find_element("id", "inspector").text
    body.send_keys("?")
    painted(browser)
    assert "快捷键" in browser.find_element("id", "help").text
    body.send_keys(Keys.ESCAPE)
    assert not do(browser, "return document.getElementById('help').open")
    said = do(browser, "return document.body.innerText")
    assert not [key for key in do(browser, "return Object.keys(twinReplay.head.words)") if key in said]


EVERYTHING = """
    const wrong = [], head = twinReplay.head;
    window.addEventListener("error", (event) => wrong.push(event.message));
    const lists = {worker: head.workers.map(([n]) => n), order: head.orders, location: head.cells.names,
      station: head.ground.stations.map(([n]) => n), door: head.ground.doors.map(([n]) => n),
      aisle: head.ground.aisles.map(([n]) => n)};
    for (const hour of [0, 1.05, 1.4, 6.8, 10, 16]) {
      c.seek(hour * 3600000);
      for (const [kind, names] of Object.entries(lists)) {
        for (const index of [0, names.length >> 1, names.length - 1]) {
          c.select({kind, index, name: names[index]});
          c.paint();
          const told = document.getElementById("inspector").innerText;
          if (!told.includes(names[index].split("/").pop())) wrong.push(`${kind} ${names[index]} is not told: ${told}`);
        }
      }
      for (const [action, chords] of head.keys) if (chords.length && action !== "full_screen") c.run(action);
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      c.paint();
    }
    return wrong;"""


def test_everything_can_be_inspected_at_any_time_and_every_key_works(browser: Any, page: Path) -> None:
    opened(browser, page)
    assert do(browser, "return twinReplay.at(3600000 * 1.2).incidents.map((i) => i.kind)") == ["closed"]
    assert do(browser, EVERYTHING) == []
    painted(browser)
    assert [entry["message"] for entry in browser.get_log("browser")] == []


def test_a_hostile_name_is_a_name(browser: Any, page: Path, tmp_path: Path) -> None:
    feed, store = loaded(page.parent / "run")
    feed.title = replace(feed.title, scenario=HOSTILE, policies={"batching": HOSTILE})
    store.workers[2] = HOSTILE
    named = store.ground.cells.name[5]
    store.ground.cells.name[5], store.ground.points[HOSTILE] = HOSTILE, store.ground.points[named]
    hostile = tmp_path / "hostile.html"
    write_replay(hostile, feed, store)
    opened(browser, hostile)
    do(browser, "c.select({kind: 'worker', index: 2, name: twinReplay.head.workers[2][0]}); c.run('find')")
    browser.find_element("id", "find_text").send_keys("script>window")
    painted(browser)
    assert browser.title == HOSTILE
    assert browser.find_element("id", "scenario").text == HOSTILE
    assert HOSTILE in browser.find_element("id", "found").text
    assert browser.execute_script("return [window.hacked === undefined, document.scripts.length]") == [True, 2]
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    assert requests(browser) == [hostile.as_uri()]
