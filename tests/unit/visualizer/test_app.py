"""The window, driven by posted keys and mouse: every action of the table has its effect."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pygame
import pytest
from driven import app_of, chord, click, drag, press, typed, wheel

from twin.cli.live_feed import LiveFeed
from twin.domain.errors import JournalError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.controlling.breakpoints import AtKind, AtTime
from visualizer.controlling.keys import CHORDS_OF, Action, action_of
from visualizer.settings import Settings
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Selection, View

NOON_MS = 2 * 3_600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app") / "run"
    run_scenario(load_scenario("quickstart", ["horizon_h=4"]), out=folder)
    return folder


@pytest.fixture
def app(folder, tmp_path):
    app = app_of(RecordedFeed(folder), at_ms=NOON_MS, pictures=tmp_path)
    app.step([], 0.0)
    yield app
    app.close()


@pytest.fixture
def live():
    app = app_of(LiveFeed(load_scenario("quickstart", ["horizon_h=4"])))
    app.step([], 0.0)
    yield app
    app.close()


def worker(app, part="picker"):
    return next(w for w in app.showing.store.workers if part in w)


def test_chords_of_the_tests_are_those_of_the_table():
    for action, chords in CHORDS_OF.items():
        for one in chords:
            assert action_of(chord(one)) == action, one


EFFECTS = {
    Action.PLAY_PAUSE: "playing", Action.EVENT_FORWARD: "at_ms", Action.EVENT_BACK: "at_ms",
    Action.SECONDS_FORWARD: "at_ms", Action.SECONDS_BACK: "at_ms", Action.MINUTE_FORWARD: "at_ms",
    Action.MINUTE_BACK: "at_ms", Action.MINUTES_FORWARD: "at_ms", Action.MINUTES_BACK: "at_ms",
    Action.FASTER: "speed", Action.SLOWER: "speed", Action.FASTEST: "speed", Action.GO_START: "at_ms",
    Action.GO_END: "at_ms", Action.GO_LIVE: "at_ms", Action.GO_TO_TIME: "overlay", Action.BREAKPOINT: "overlay",
    Action.KIND_CHOOSE: "overlay", Action.FOLLOW: "follow", Action.ZOOM_IN: "camera", Action.ZOOM_SELECTION: "camera",
    Action.LAYER_1: "layers", Action.LAYER_2: "layers", Action.LAYER_3: "layers", Action.LAYER_4: "layers",
    Action.LAYER_5: "layers", Action.LAYER_6: "layers", Action.HEAT_MODE: "layers", Action.HEAT_MOVERS: "layers",
    Action.HEAT_WINDOW: "layers", Action.LOCATION_COLOUR: "colouring", Action.FIND: "overlay", Action.HELP: "overlay",
    Action.OPEN: "overlay", Action.THEME: "theme", Action.LANGUAGE: "language", Action.SCALE_UP: "ui_scale",
    Action.LOG_MODE: "log", Action.SAVE_VIEW: "toast", Action.RECALL_VIEW: "toast", Action.PICTURE: "toast",
    Action.CLOSE: "selection",
}  # fmt: skip
"""What of the traced state each key changes, with a worker selected."""


@pytest.fixture(scope="module")
def shared(folder, tmp_path_factory):
    """One window for many keys: `anew` sets it back."""
    app = app_of(RecordedFeed(folder), at_ms=NOON_MS, pictures=tmp_path_factory.mktemp("pictures"))
    yield app
    app.close()


def anew(app):
    app.overlay = app.toast = None
    app.settings = Settings()
    app.scale_to(1.0)
    app.showing.playhead.pause()
    app.showing.playhead.seek(NOON_MS)
    app.showing.playhead.set_speed(60.0)
    app.showing.view = View()
    app.select(Selection("worker", worker(app)))
    app.step([], 0.0)


@pytest.mark.parametrize("action", EFFECTS)
def test_each_key_has_its_effect(shared, action):
    app = shared
    anew(app)
    for one in CHORDS_OF[action]:
        before = app.state()[EFFECTS[action]]
        app.step([chord(one)], 0.0)
        assert app.state()[EFFECTS[action]] != before, one
        assert app.last_action == action
        app.overlay = None


@pytest.mark.parametrize("action", [Action.ZOOM_OUT, Action.PAN_LEFT, Action.PAN_RIGHT, Action.PAN_UP, Action.PAN_DOWN,
                                    Action.FIT_ALL])  # fmt: skip
def test_keys_that_need_a_near_camera(shared, action):
    app = shared
    anew(app)
    press(app, "+", "+", "+", "+", "+")
    before = app.state()["camera"]
    press(app, CHORDS_OF[action][0])
    assert app.state()["camera"] != before


def test_other_switches(app):
    assert app.showing.map.shows_minimap
    press(app, "M")
    assert not app.showing.map.shows_minimap
    sides = []
    for _ in range(3):
        press(app, "U")
        sides.append(app.showing.view.stock_side)
    assert sides == ["book", "difference", "floor"]
    press(app, "H", "H")
    assert app.showing.view.heat == "volume"
    press(app, "Ctrl+F12")
    assert app.shows_frame_times
    press(app, "Tab")
    assert app.drawer_open


def test_stepping_is_exact_both_ways_and_keeps_following(app):
    chosen = Selection("worker", worker(app))
    app.showing.select(chosen, follow=True)
    at_ms = app.state()["at_ms"]
    press(app, ".", ".", ",", ",")
    assert app.state()["at_ms"] in (at_ms, int(app.showing.store.at_ms[app.showing.store.row_at(at_ms)]))
    assert app.state()["follow"]
    assert app.state()["selection"] == f"worker:{chosen.name}"


def test_next_of_a_kind_asks_which_and_then_goes_there(app):
    press(app, "N")
    assert app.state()["overlay"] == "kind"
    typed(app, "carton")
    press(app, "Enter")
    assert app.state()["kind"] == "CartonClosed"
    press(app, "N")
    rows = app.showing.store.rows_of("CartonClosed")
    times = app.showing.store.at_ms[rows]
    assert app.state()["at_ms"] == times[times > NOON_MS][0]
    press(app, "Shift+N")
    assert app.state()["at_ms"] == times[times < app.state()["at_ms"] + 1][-1] or app.state()["at_ms"] <= NOON_MS


def test_going_to_a_time_that_was_typed(app):
    press(app, "G")
    typed(app, "nonsense")
    press(app, "Enter")
    assert app.state()["overlay"] == "go_to"
    app.overlay.entry.put("")
    typed(app, "2h30m")
    press(app, "Enter")
    assert (app.state()["overlay"], app.state()["at_ms"]) == (None, 9_000_000)


def test_find_selects_and_brings_into_sight(app):
    press(app, "/")
    typed(app, "picker-002")
    press(app, "Enter")
    assert app.state()["selection"].endswith("picker-002")
    assert app.state()["camera"][2] > 0
    press(app, "/")
    typed(app, "o000010")
    press(app, "Enter")
    assert app.state()["selection"] == "order:O000010"


def test_find_takes_what_an_input_method_composes(app):
    press(app, "/")
    app.step([pygame.event.Event(pygame.TEXTEDITING, text="pi", start=0, length=2)], 0.0)
    assert app.overlay.entry.composing == "pi"
    app.step([chord("Enter")], 0.0)
    assert app.state()["overlay"] == "find"
    app.step([pygame.event.Event(pygame.TEXTINPUT, text="pick")], 0.0)
    app.step([], 0.0)
    assert [fit.kind for fit in app.overlay.found][:1] == ["Worker"]


def test_keys_mean_letters_while_somebody_types(app):
    press(app, "/")
    theme = app.state()["theme"]
    app.step([chord("T"), pygame.event.Event(pygame.TEXTINPUT, text="t")], 0.0)
    assert app.state()["theme"] == theme
    assert app.overlay.entry.text == "t"
    press(app, "Esc")
    assert app.state()["overlay"] is None
    press(app, "T")
    assert app.state()["theme"] != theme


def test_a_click_on_the_map_selects_and_a_double_click_follows(app):
    m = app.frame.moment
    who = next(i for i, s in enumerate(m.workers.state) if s == 6)
    at = app.showing.map.projection.px(m.workers.x[who], m.workers.y[who])
    click(app, at)
    assert app.state()["selection"] == f"worker:{app.showing.store.workers[who]}"
    assert not app.state()["follow"]
    click(app, at, times=2)
    assert app.state()["follow"]
    press(app, "Esc")
    assert app.state()["selection"] is None


def test_drag_pans_wheel_zooms_at_the_pointer_and_shift_drag_marks(app):
    middle = app.places["map_view"].center
    at = (middle[0] + 60, middle[1] - 40)
    before = app.showing.map.projection.mm(*at)
    wheel(app, at, 4)
    app.step([], 0.0)
    after = app.showing.map.projection.mm(*at)
    assert app.state()["camera"][2] > 0
    assert abs(before[1] - after[1]) < 400  # across, this floor is narrower than the map and stays in its middle
    camera = app.state()["camera"]
    drag(app, middle, (middle[0] + 90, middle[1] + 50))
    assert app.state()["camera"][:2] != camera[:2]
    assert app.last_action == "drag_pan"
    camera = app.state()["camera"]
    drag(app, (middle[0] - 150, middle[1] - 100), (middle[0] + 150, middle[1] + 100), pygame.KMOD_LSHIFT)
    assert app.state()["camera"] == camera
    assert "locations" in app.gestures._found[1]
    press(app, "Esc")
    assert app.gestures._found is None


def test_a_click_on_the_timeline_seeks(app):
    track = app.places["timeline_track"]
    click(app, (track.x + track.w // 4, track.centery))
    assert app.state()["at_ms"] == pytest.approx(app.state()["end_ms"] / 4, rel=0.01)
    drag(app, (track.x + 50, track.centery), (track.x + track.w // 2, track.centery))
    assert app.state()["at_ms"] == pytest.approx(app.state()["end_ms"] / 2, rel=0.01)


def test_a_click_on_a_log_line_goes_there(app):
    lines = [
        s for s in app.widgets._spots if isinstance(s.name, tuple) and s.name[0] == "log" and s.action[0] == "event"
    ]
    assert lines
    spot = lines[-1]
    click(app, spot.rect.center)
    assert app.state()["at_ms"] == app.showing.store.at_ms[spot.action[1]]


def test_a_breakpoint_on_a_time_stops_exactly_there(app):
    app.showing.breakpoints.append(AtTime(NOON_MS + 12_345))
    press(app, "Space")
    for _ in range(60):
        app.step([], 16.0)
    assert not app.state()["playing"]
    assert app.state()["at_ms"] == NOON_MS + 12_345
    assert app.last_action == "stopped"
    press(app, "Space")
    app.step([], 16.0)
    assert app.state()["at_ms"] > NOON_MS + 12_345


def test_a_breakpoint_on_a_kind_stops_at_each(app):
    app.showing.breakpoints.append(AtKind("CartonClosed"))
    times = app.showing.store.at_ms[app.showing.store.rows_of("CartonClosed")]
    wanted = sorted(set(times[times > NOON_MS].tolist()))[:3]
    seen = []
    for _ in wanted:
        app.showing.playhead.play()
        while app.showing.playhead.playing:
            app.step([], 40.0)
        seen.append(app.state()["at_ms"])
    assert seen == wanted


def test_the_form_of_a_breakpoint(app):
    press(app, "B")
    typed(app, "2h10m")
    press(app, "Enter")
    assert app.showing.breakpoints == [AtTime(7_800_000)]
    press(app, "B")
    typed(app, "1h")
    press(app, "Enter")
    assert app.state()["overlay"] == "breakpoint"  # that has passed
    app.overlay.sort = "metric"
    app.step([], 0.0)
    app.overlay.value.put("x")
    app.overlay.take("en")
    assert app.state()["overlay"] == "breakpoint"
    app.overlay.value.put("12")
    app.overlay.take("en")
    assert app.showing.breakpoints[-1].value == 12.0


def test_review_while_the_run_goes_on(live):
    for _ in range(40):
        live.step([], 50.0)
    head_ms = live.state()["head_ms"]
    press(live, "Left")
    assert live.state()["mode"] == "REVIEW"
    for _ in range(5):
        live.step([], 50.0)
    assert live.state()["head_ms"] > head_ms
    assert live.state()["at_ms"] < live.state()["head_ms"]
    press(live, "L")
    assert live.state()["mode"] == "LIVE"
    press(live, "Space")
    stand_ms = live.state()["head_ms"]
    for _ in range(3):
        live.step([], 50.0)
    assert live.state()["head_ms"] == stand_ms


def test_a_view_is_kept_and_comes_back(app):
    press(app, "+", "+", "2")
    app.select(Selection("worker", worker(app)))
    kept = app.state()
    press(app, "S", "0", "2", "Esc")
    assert app.state()["camera"] != kept["camera"]
    press(app, "Shift+S")
    now = app.state()
    assert {k: now[k] for k in ("camera", "layers", "selection")} == {
        k: kept[k] for k in ("camera", "layers", "selection")
    }


def test_a_picture_is_written(app, tmp_path):
    press(app, "P")
    (picture,) = tmp_path.glob("*.png")
    assert pygame.image.load(str(picture)).get_size() == (1600, 900)


def test_a_picture_that_cannot_be_written_is_said(folder, tmp_path):
    (tmp_path / "file").write_text("")
    app = app_of(RecordedFeed(folder), pictures=tmp_path / "file")
    press(app, "P")
    assert "cannot be written" in app.state()["toast"]
    app.close()


def test_everything_is_drawn_in_both_languages_themes_and_at_any_size(folder):
    for size, scale, theme, language in (
        ((1600, 900), 1.0, "dark", "zh"), ((1280, 720), 1.0, "light", "en"), ((1000, 620), 1.5, "dark", "en"),
        ((640, 400), 2.0, "light", "zh"),
    ):  # fmt: skip
        app = app_of(RecordedFeed(folder), at_ms=NOON_MS, size=size,
                         settings=Settings(theme=theme, language=language, ui_scale=scale))  # fmt: skip
        store = app.showing.store
        things = [
                Selection("worker", store.workers[0]), Selection("location", store.ground.cells.name[3]),
                Selection("station", store.ground.stations[0].name), Selection("door", store.ground.doors[0].name),
                Selection("lane", store.ground.lanes[0].name), Selection("aisle", store.ground.aisles[0].name),
                Selection("belt", store.ground.belts[0].name), Selection("order", "O000010"),
                Selection("sku", app.showing.feed.names_like("sku", "1", 1)[0]),
                Selection("trailer", app.showing.feed.names_like("trailer", "", 1)[0]),
                Selection("order", "nothing of that name"), Selection("worker", "nobody"),
            ]  # fmt: skip
        for chosen in things:
            app.select(chosen)
            app.step([], 0.0)
        for key in ("?", "Esc", "B", "Esc", "G", "Esc", "/", "Esc", "Ctrl+O", "Esc", "Tab", "Shift+L", "Ctrl+F12"):
            press(app, key)
        app.close()


def test_a_steady_frame_makes_nothing_new(app):
    app.select(Selection("order", "O000010"))
    while app.showing.is_busy:  # figures that are still worked out change what is shown
        app.step([], 0.0)
    for _ in range(3):
        app.step([], 0.0)
    before = app.lettering.rendered, app.signs.made, app.showing.map.made
    for _ in range(5):
        app.step([], 0.0)
    assert (app.lettering.rendered, app.signs.made, app.showing.map.made) == before


def test_resizing_lays_out_anew(app):
    app.surface = pygame.display.set_mode((1200, 700), pygame.RESIZABLE)
    app.step([pygame.event.Event(pygame.VIDEORESIZE, size=(1200, 700), w=1200, h=700)], 0.0)
    assert app.places.size == (1200, 700)
    assert app.places.is_narrow


def test_a_failing_feed_is_told_in_the_window(live, monkeypatch):
    def broken(*_):
        raise JournalError("the file has gone")

    monkeypatch.setattr(live.showing.feed, "advance", broken)
    live.step([], 16.0)
    assert live.state()["overlay"] == "note"
    assert "the file has gone" in live.overlay.text
    assert not live.state()["playing"]
    press(live, "Esc")
    assert live.state()["overlay"] is None


def test_settings_are_kept(folder, tmp_path):
    path = tmp_path / "settings.json"
    app = app_of(RecordedFeed(folder), settings_path=path)
    press(app, "T", "F2")
    app.close()
    text = path.read_text(encoding="utf-8")
    assert '"light"' in text
    assert '"zh"' in text


def test_speeds_of_chips_and_keys(app):
    app.act(("speed", 300.0))
    assert app.state()["speed"] == 300.0
    press(app, "]", "]")
    assert app.state()["speed"] == "max"
    assert app.showing.playhead.speed == inf


def test_what_a_trainee_may_not_see_is_not_there(app):
    app.showing.view = replace(app.showing.view, sees_floor=False)
    name = app.showing.store.ground.cells.name[3]
    app.select(Selection("location", name))
    app.step([], 0.0)
    told = repr(app.showing.inspector.blocks(app.frame))
    assert "Book" in told
    assert "Floor" not in told
    press(app, "U")
    assert app.showing.view.stock_side == "floor"
