// --- controls: keys, mouse, the loop, and what tests may ask

const SPEEDS = [1, 10, 60, 300, 1000],
  SIGNS = ".,[]{}+-=/?0123456789",
  ZOOM = 1.25,
  PAN_PX = 60;
const NAMED = { " ": "Space", ArrowRight: "Right", ArrowLeft: "Left", ArrowUp: "Up", ArrowDown: "Down", Escape: "Esc" };
const HEAT_CHIP = "heat",
  LAYERS = ["locations", "heat", "trails", "queues", "labels", "abc"];

class Controls {
  constructor(replay) {
    const { head } = replay;
    this.replay = replay;
    this.words = new Words(head);
    this.clock = new Clock(head.title.start);
    this.themes = Object.fromEntries(
      Object.entries(head.themes).map(([name, theme]) => [
        name,
        { ...theme, heat_bytes: Uint8Array.from(atob(theme.heat_table), (c) => c.charCodeAt(0)) },
      ]),
    );
    this.state = {
      ms: head.from,
      playing: false,
      speed: 60,
      camera: { x: 0, y: 0, pxPerM: 0 },
      selection: null,
      follow: false,
      theme: head.theme,
      layers: new Set(["locations", "trails", "queues", "labels"]),
      heat: "waiting",
      window: 1,
      role: null,
      minimap: true,
      panel: true,
    };
    this.timeline = new Timeline(replay, this.words, this.clock);
    this.timeline.charts.seek = (ms) => this.seek(ms);
    this.painter = new Painter(replay, document.getElementById("floor"), this.words, this.clock);
    this.panels = new Panels(replay, this.words, this.clock, {
      select: (chosen, centre) => this.select(chosen, centre),
      seek: (ms) => this.seek(ms),
      classOf: (cell) => this.painter.classes()[cell],
    });
    this.foot = new Foot(this);
    this.finding = new Finding(this);
    this.actions = new Map(head.keys.flatMap(([action, chords]) => chords.map((chord) => [chord, action])));
    this.look();
    new Listening(this);
    this.paint();
    this.before = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }

  // --- the loop

  frame(now) {
    const real = Math.min(now - this.before, 50);
    this.before = now;
    if (this.state.playing) {
      this.seek(this.state.ms + real * this.state.speed);
      if (this.state.ms >= this.replay.head.to) this.state.playing = false;
    }
    if (this.stale) this.paint();
    requestAnimationFrame((next) => this.frame(next));
  }

  paint() {
    this.stale = false;
    const { state } = this,
      theme = this.themes[state.theme],
      moment = this.replay.at(Math.round(state.ms));
    if (state.follow && state.selection) {
      const at = whereIs(this.replay, moment, state.selection);
      if (at) state.camera = { x: at[0], y: at[1], pxPerM: Math.max(state.camera.pxPerM, this.painter.fit() * 3) };
    }
    this.painter.draw(moment, state, theme);
    this.panels.draw(moment, state, theme);
    this.timeline.draw(moment.ms, theme);
    const small = document.getElementById("minimap");
    small.hidden = this.painter.view.isFit || !state.minimap;
    if (!small.hidden) this.painter.small.draw(small);
    this.foot.chips();
    this.foot.legend(theme);
  }

  look() {
    const theme = this.themes[this.state.theme],
      root = document.documentElement;
    root.dataset.theme = this.state.theme;
    root.lang = this.words.language === "zh" ? "zh-CN" : "en";
    for (const [name, value] of Object.entries(theme))
      if (typeof value === "string" && value.startsWith("#")) root.style.setProperty(`--${name}`, value);
    this.panels.said = {};
    this.foot.chipsKey = "";
    this.stale = true;
  }

  // --- what keys and buttons do; each of these is an action of keys.py

  play_pause() {
    // key
    if (!this.state.playing && this.state.ms >= this.replay.head.to) this.state.ms = this.replay.head.from;
    this.state.playing = !this.state.playing;
  }
  seconds_forward() {
    // key
    this.step(10000);
  }
  seconds_back() {
    // key
    this.step(-10000);
  }
  minute_forward() {
    // key
    this.step(60000);
  }
  minute_back() {
    // key
    this.step(-60000);
  }
  minutes_forward() {
    // key
    this.step(600000);
  }
  minutes_back() {
    // key
    this.step(-600000);
  }
  marker_back() {
    // key
    const index = upTo(this.replay.markTimes, this.state.ms - 1) - 1;
    if (index >= 0) this.seek(this.replay.markTimes[index]);
  }
  marker_forward() {
    // key
    const index = upTo(this.replay.markTimes, this.state.ms);
    if (index < this.replay.markTimes.length) this.seek(this.replay.markTimes[index]);
  }
  faster() {
    // key
    this.state.speed = SPEEDS.find((s) => s > this.state.speed) ?? SPEEDS.at(-1);
  }
  slower() {
    // key
    this.state.speed = SPEEDS.findLast((s) => s < this.state.speed) ?? SPEEDS[0];
  }
  go_start() {
    // key
    this.seek(this.replay.head.from);
  }
  go_end() {
    // key
    this.seek(this.replay.head.to);
  }
  go_to_time() {
    // key
    this.finding.ask("goto");
  }
  follow() {
    // key
    if (this.state.selection) this.state.follow = !this.state.follow;
  }
  zoom_in() {
    // key
    this.zoomBy(ZOOM);
  }
  zoom_out() {
    // key
    this.zoomBy(1 / ZOOM);
  }
  pan_left() {
    // key
    this.pan(PAN_PX, 0);
  }
  pan_right() {
    // key
    this.pan(-PAN_PX, 0);
  }
  pan_up() {
    // key
    this.pan(0, PAN_PX);
  }
  pan_down() {
    // key
    this.pan(0, -PAN_PX);
  }
  fit_all() {
    // key
    this.state.camera = { x: 0, y: 0, pxPerM: 0 };
    this.state.follow = false;
  }
  zoom_selection() {
    // key
    const at =
      this.state.selection && whereIs(this.replay, this.replay.at(Math.round(this.state.ms)), this.state.selection);
    if (at) this.state.camera = { x: at[0], y: at[1], pxPerM: Math.max(this.painter.fit() * 4, 24) };
  }
  minimap() {
    // key
    this.state.minimap = !this.state.minimap;
  }
  layer_1() {
    // key
    this.layer(0);
  }
  layer_2() {
    // key
    this.layer(1);
  }
  layer_3() {
    // key
    this.layer(2);
  }
  layer_4() {
    // key
    this.layer(3);
  }
  layer_5() {
    // key
    this.layer(4);
  }
  layer_6() {
    // key
    this.layer(5);
  }
  heat_mode() {
    // key
    const next = (HEAT_MODES.indexOf(this.state.heat) + 1) % HEAT_MODES.length;
    if (this.state.layers.has(HEAT_CHIP)) this.state.heat = HEAT_MODES[next];
    this.state.layers.add(HEAT_CHIP);
  }
  heat_movers() {
    // key
    const roles = [null, ...new Set(this.replay.head.workers.map(([, role]) => role))];
    this.state.role = roles[(roles.indexOf(this.state.role) + 1) % roles.length];
  }
  heat_window() {
    // key
    this.state.window = (this.state.window + 1) % WINDOWS_MIN.length;
  }
  find() {
    // key
    this.finding.ask("find");
  }
  help() {
    // key
    this.finding.showHelp();
  }
  close() {
    // key
    this.state.selection = null;
    this.state.follow = false;
  }
  panel() {
    // key
    this.state.panel = !this.state.panel;
    document.getElementById("app").classList.toggle("without_panel", !this.state.panel);
    this.resized();
  }
  theme() {
    // key
    this.state.theme = this.state.theme === "dark" ? "light" : "dark";
    this.look();
  }
  language() {
    // key
    this.words.language = this.words.language === "zh" ? "en" : "zh";
    this.look();
  }
  full_screen() {
    // key
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  // --- parts of them

  seek(ms) {
    this.state.ms = Math.min(Math.max(ms, this.replay.head.from), this.replay.head.to);
    this.stale = true;
  }

  step(by) {
    this.seek(Math.round(this.state.ms) + by);
  }

  layer(index) {
    const { layers } = this.state,
      name = LAYERS[index];
    if (!layers.delete(name)) layers.add(name);
  }

  select(chosen, centre = false) {
    this.state.selection = chosen;
    if (!chosen || !["worker", "order"].includes(chosen.kind)) this.state.follow = false;
    if (chosen && centre) {
      const at = whereIs(this.replay, this.replay.at(Math.round(this.state.ms)), chosen);
      if (at && this.state.camera.pxPerM) this.state.camera = { ...this.state.camera, x: at[0], y: at[1] };
    }
    this.stale = true;
  }

  zoomBy(factor, px = this.painter.middle[0], py = this.painter.middle[1]) {
    const [mx, my] = this.painter.middle,
      view = this.painter.view,
      fit = this.painter.fit(),
      [x, y] = this.painter.mm(px, py);
    const pxPerM = Math.min(view.scale * 1000 * factor, Math.max(MOST_PX_PER_M, fit)),
      scale = pxPerM / 1000;
    if (pxPerM <= fit * FIT_SLACK) this.state.camera = { x: 0, y: 0, pxPerM: 0 };
    else this.state.camera = { x: x - (px - mx) / scale, y: y + (py - my) / scale, pxPerM };
    this.stale = true;
  }

  pan(dx, dy) {
    const view = this.painter.view;
    if (view.isFit) return;
    this.state.camera = { x: view.x - dx / view.scale, y: view.y + dy / view.scale, pxPerM: view.scale * 1000 };
    this.state.follow = false;
    this.stale = true;
  }

  run(action) {
    this[action]();
    this.stale = true;
  }

  resized() {
    this.painter.resize();
    this.timeline.resize();
    this.stale = true;
  }
}
