// --- controls: keys, mouse, the loop, and what tests may ask

const SPEEDS = [1, 10, 60, 300, 1000], SIGNS = ".,[]{}+-=/?0123456789", ZOOM = 1.25, PAN_PX = 60;
const NAMED = { " ": "Space", ArrowRight: "Right", ArrowLeft: "Left", ArrowUp: "Up", ArrowDown: "Down", Escape: "Esc" };
const HEAT_CHIP = "heat", LAYERS = ["locations", "heat", "trails", "queues", "labels", "abc"];

// A key as the table of keys writes it: Space, Ctrl+Right, ?
function chordOf(event) {
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key.length === 1 && SIGNS.includes(event.key) && (!ctrl || event.altKey)) return event.key;
  const name = NAMED[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return [ctrl ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", name].filter(Boolean).join("+");
}

class Controls {
  constructor(replay) {
    const { head } = replay;
    this.replay = replay;
    this.words = new Words(head);
    this.clock = new Clock(head.title.start);
    this.themes = Object.fromEntries(Object.entries(head.themes).map(([name, theme]) => [name, { ...theme, heat_bytes: Uint8Array.from(atob(theme.heat_table), (c) => c.charCodeAt(0)) }]));
    this.state = {
      ms: head.from, playing: false, speed: 60, camera: { x: 0, y: 0, pxPerM: 0 }, selection: null, follow: false, theme: head.theme,
      layers: new Set(["locations", "trails", "queues", "labels"]), heat: "waiting", window: 1, role: null, minimap: true, panel: true,
    };
    this.timeline = new Timeline(replay, this.words, this.clock);
    this.painter = new Painter(replay, document.getElementById("floor"), this.words, this.clock);
    this.panels = new Panels(replay, this.words, this.clock, { select: (chosen, centre) => this.select(chosen, centre), seek: (ms) => this.seek(ms), classOf: (cell) => this.painter.classes()[cell] });
    this.actions = new Map(head.keys.flatMap(([action, chords]) => chords.map((chord) => [chord, action])));
    this.look();
    this.listen();
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
    const { state } = this, theme = this.themes[state.theme], moment = this.replay.at(Math.round(state.ms));
    if (state.follow && state.selection) {
      const at = whereIs(this.replay, moment, state.selection);
      if (at) state.camera = { x: at[0], y: at[1], pxPerM: Math.max(state.camera.pxPerM, this.painter.fit() * 3) };
    }
    this.painter.draw(moment, state, theme);
    this.panels.draw(moment, state, theme);
    this.timeline.draw(moment.ms, theme);
    const small = document.getElementById("minimap");
    small.hidden = this.painter.view.isFit || !state.minimap;
    if (!small.hidden) this.painter.minimap(small);
    this.chips();
    this.legend(theme);
  }

  look() {
    const theme = this.themes[this.state.theme], root = document.documentElement;
    root.dataset.theme = this.state.theme;
    root.lang = this.words.language === "zh" ? "zh-CN" : "en";
    for (const [name, value] of Object.entries(theme)) if (typeof value === "string" && value.startsWith("#")) root.style.setProperty(`--${name}`, value);
    this.panels.said = {};
    this.chipsKey = "";
    this.stale = true;
  }

  // --- what keys and buttons do; each of these is an action of keys.py

  play_pause() { // key
    if (!this.state.playing && this.state.ms >= this.replay.head.to) this.state.ms = this.replay.head.from;
    this.state.playing = !this.state.playing;
  }
  seconds_forward() { // key
    this.step(10000);
  }
  seconds_back() { // key
    this.step(-10000);
  }
  minute_forward() { // key
    this.step(60000);
  }
  minute_back() { // key
    this.step(-60000);
  }
  minutes_forward() { // key
    this.step(600000);
  }
  minutes_back() { // key
    this.step(-600000);
  }
  marker_back() { // key
    const index = upTo(this.replay.markTimes, this.state.ms - 1) - 1;
    if (index >= 0) this.seek(this.replay.markTimes[index]);
  }
  marker_forward() { // key
    const index = upTo(this.replay.markTimes, this.state.ms);
    if (index < this.replay.markTimes.length) this.seek(this.replay.markTimes[index]);
  }
  faster() { // key
    this.state.speed = SPEEDS.find((s) => s > this.state.speed) ?? SPEEDS.at(-1);
  }
  slower() { // key
    this.state.speed = SPEEDS.findLast((s) => s < this.state.speed) ?? SPEEDS[0];
  }
  go_start() { // key
    this.seek(this.replay.head.from);
  }
  go_end() { // key
    this.seek(this.replay.head.to);
  }
  go_to_time() { // key
    this.ask("goto");
  }
  follow() { // key
    if (this.state.selection) this.state.follow = !this.state.follow;
  }
  zoom_in() { // key
    this.zoomBy(ZOOM);
  }
  zoom_out() { // key
    this.zoomBy(1 / ZOOM);
  }
  pan_left() { // key
    this.pan(PAN_PX, 0);
  }
  pan_right() { // key
    this.pan(-PAN_PX, 0);
  }
  pan_up() { // key
    this.pan(0, PAN_PX);
  }
  pan_down() { // key
    this.pan(0, -PAN_PX);
  }
  fit_all() { // key
    this.state.camera = { x: 0, y: 0, pxPerM: 0 };
    this.state.follow = false;
  }
  zoom_selection() { // key
    const at = this.state.selection && whereIs(this.replay, this.replay.at(Math.round(this.state.ms)), this.state.selection);
    if (at) this.state.camera = { x: at[0], y: at[1], pxPerM: Math.max(this.painter.fit() * 4, 24) };
  }
  minimap() { // key
    this.state.minimap = !this.state.minimap;
  }
  layer_1() { // key
    this.layer(0);
  }
  layer_2() { // key
    this.layer(1);
  }
  layer_3() { // key
    this.layer(2);
  }
  layer_4() { // key
    this.layer(3);
  }
  layer_5() { // key
    this.layer(4);
  }
  layer_6() { // key
    this.layer(5);
  }
  heat_mode() { // key
    const next = (HEAT_MODES.indexOf(this.state.heat) + 1) % HEAT_MODES.length;
    if (this.state.layers.has(HEAT_CHIP)) this.state.heat = HEAT_MODES[next];
    this.state.layers.add(HEAT_CHIP);
  }
  heat_movers() { // key
    const roles = [null, ...new Set(this.replay.head.workers.map(([, role]) => role))];
    this.state.role = roles[(roles.indexOf(this.state.role) + 1) % roles.length];
  }
  heat_window() { // key
    this.state.window = (this.state.window + 1) % WINDOWS_MIN.length;
  }
  find() { // key
    this.ask("find");
  }
  help() { // key
    this.showHelp();
  }
  close() { // key
    this.state.selection = null;
    this.state.follow = false;
  }
  panel() { // key
    this.state.panel = !this.state.panel;
    document.getElementById("app").classList.toggle("without_panel", !this.state.panel);
    this.resized();
  }
  theme() { // key
    this.state.theme = this.state.theme === "dark" ? "light" : "dark";
    this.look();
  }
  language() { // key
    this.words.language = this.words.language === "zh" ? "en" : "zh";
    this.look();
  }
  full_screen() { // key
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
    const { layers } = this.state, name = LAYERS[index];
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
    const [mx, my] = this.painter.middle, view = this.painter.view, fit = this.painter.fit(), [x, y] = this.painter.mm(px, py);
    const pxPerM = Math.min(view.scale * 1000 * factor, Math.max(MOST_PX_PER_M, fit)), scale = pxPerM / 1000;
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

  // --- chips, speeds, legend

  chips() {
    const { state, words } = this, key = JSON.stringify([...state.layers, state.heat, state.window, state.role, state.playing, state.speed, state.theme, words.language]);
    if (key === this.chipsKey) return;
    this.chipsKey = key;
    const chip = (text, on, action) => {
      const button = el("button", on ? "chip on" : "chip", text);
      button.addEventListener("click", () => { this.run(action); button.blur(); });
      return button;
    };
    const heat = [words.say(`heat.${state.heat}`), words.say(["heat.window_5", "heat.window_30", "heat.window_shift"][state.window]), state.role === null ? words.say("heat.all_movers") : words.word("role", state.role)];
    const layers = LAYERS.map((name, i) => chip(`${i + 1} ${words.say(`layer.${i + 1}`)}`, state.layers.has(name), `layer_${i + 1}`));
    if (state.layers.has(HEAT_CHIP)) layers.push(...heat.map((text, i) => chip(text, false, ["heat_mode", "heat_window", "heat_movers"][i])));
    document.getElementById("layers").replaceChildren(...layers);
    const speeds = SPEEDS.map((speed) => {
      const button = chip(`${speed}×`, speed === state.speed, "faster");
      button.replaceWith(button);
      const plain = button.cloneNode(true);
      plain.addEventListener("click", () => { state.speed = speed; this.stale = true; plain.blur(); });
      return plain;
    });
    const keys = [["find", "hint.find"], ["follow", "hint.follow"], ["help", "hint.help"], ["theme", `theme.${state.theme === "dark" ? "light" : "dark"}`], ["language", "toast.language"]];
    const other = new Words({ words: this.replay.head.words, language: words.language === "zh" ? "en" : "zh" });
    const hints = keys.map(([action, key]) => chip(`${this.chord(action)} ${(action === "language" ? other : words).say(key)}`, false, action));
    document.getElementById("transport").replaceChildren(chip(state.playing ? "❚❚" : "▶", false, "play_pause"), ...speeds, el("span", "space"), ...hints);
  }

  chord(action) {
    return this.replay.head.keys.find(([name]) => name === action)[1][0];
  }

  legend(theme) {
    const canvas = document.getElementById("legend"), pen = canvas.getContext("2d"), { state, words } = this;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    pen.fillStyle = theme.text_2;
    const heat = state.layers.has(HEAT_CHIP), abc = state.layers.has("abc");
    if (heat) {
      const most = words.say("legend.max", { value: this.painter.heat.max }), right = canvas.width - pen.measureText(most).width;
      pen.textAlign = "right";
      pen.fillText(most, canvas.width, 13);
      for (let i = 0; i < 88; i++) {
        const [r, g, b, a] = theme.heat_bytes.slice(Math.floor(i / 87 * 255) * 4);
        pen.fillStyle = theme.background;
        pen.fillRect(right - 93 + i, 9, 1, 8);
        pen.fillStyle = `rgba(${r}, ${g}, ${b}, ${a / 255})`;
        pen.fillRect(right - 93 + i, 9, 1, 8);
      }
      pen.fillStyle = theme.text_2;
      pen.fillText("0", right - 98, 13);
      pen.textAlign = "left";
      pen.fillText(words.say(`heat.unit_${state.heat}`), 0, 13);
      return;
    }
    const bounds = this.replay.head.ground.fill_bounds.map((bound) => String(Math.round(bound * 100)));
    const parts = abc
      ? [[theme.abc_none, words.say("legend.none")], [theme.abc_c, "C"], [theme.abc_b, "B"], [theme.abc_a, "A"]]
      : [mixed(theme.fill[0], theme.background, EMPTY_SHARE), ...theme.fill].map((colour, i) => [colour, ["0", ...bounds, "100 %"][i]]);
    pen.textAlign = "right";
    let x = canvas.width;
    for (const [colour, text] of parts.reverse()) {
      pen.fillStyle = theme.text_2;
      pen.fillText(text, x, 13);
      x -= pen.measureText(text).width + 15;
      pen.fillStyle = theme.line;
      pen.fillRect(x, 7, 11, 11);
      pen.fillStyle = colour;
      pen.fillRect(x + 1, 8, 9, 9);
      x -= 7;
    }
  }

  // --- find, go to, help

  found(text) {
    const { head } = this.replay, wanted = text.trim().toLowerCase(), found = [];
    if (!wanted) return { found, more: 0 };
    const lists = [["worker", head.workers.map(([n]) => n)], ["order", head.orders], ["location", head.cells.names], ["station", head.ground.stations.map(([n]) => n)], ["door", head.ground.doors.map(([n]) => n)], ["aisle", head.ground.aisles.map(([n]) => n)]];
    for (const [kind, names] of lists) {
      names.forEach((name, index) => { if (name.toLowerCase().includes(wanted)) found.push({ kind, index, name }); });
    }
    found.sort((a, b) => a.name.length - b.name.length);
    return { found: found.slice(0, 12), more: Math.max(found.length - 12, 0) };
  }

  ask(what) {
    const dialog = document.getElementById("find"), field = document.getElementById("find_text"), list = document.getElementById("found");
    const { words } = this;
    field.placeholder = words.say(what === "goto" ? "goto.prompt" : "find.prompt");
    field.value = "";
    list.replaceChildren();
    let place = 0;
    const take = (chosen) => {
      dialog.close();
      this.select(chosen, true);
      if (["worker", "order"].includes(chosen.kind)) this.state.follow = true;
      else this.zoom_selection();
    };
    const show = () => {
      if (what === "goto") return list.replaceChildren();
      const { found, more } = this.found(field.value);
      place = Math.min(Math.max(place, 0), Math.max(found.length - 1, 0));
      const rows = found.map((chosen, i) => {
        const row = el("button", i === place ? "hit on" : "hit");
        row.append(el("b", "", chosen.name), el("span", "muted", words.say(`inspect.${chosen.kind}`)));
        row.addEventListener("click", () => take(chosen));
        return row;
      });
      if (field.value && !rows.length) rows.push(el("p", "muted", words.say("find.none", { text: field.value })));
      if (more) rows.push(el("p", "muted", words.say("find.more", { count: more })));
      return list.replaceChildren(...rows);
    };
    field.oninput = () => { place = 0; show(); };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        place += event.key === "ArrowDown" ? 1 : -1;
        show();
        event.preventDefault();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (what === "goto") {
          const ms = this.clock.read(field.value, this.state.ms);
          if (ms === null) list.replaceChildren(el("p", "muted", words.say("goto.bad", { text: field.value })));
          else { this.seek(ms); dialog.close(); }
          return;
        }
        const { found } = this.found(field.value);
        if (found[place]) take(found[place]);
      }
    };
    dialog.showModal();
    field.focus();
  }

  showHelp() {
    const dialog = document.getElementById("help"), { words } = this, two = (pair) => pair[words.language === "zh" ? 1 : 0];
    const groups = new Map();
    for (const [, chords, mouse, help, group] of this.replay.head.keys) {
      if (!groups.has(two(group))) groups.set(two(group), []);
      const row = el("div", "row");
      row.append(el("kbd", "", mouse ? two(mouse) : chords.join("  ")), el("span", "", two(help)));
      groups.get(two(group)).push(row);
    }
    const columns = el("div", "columns");
    for (const [name, rows] of groups) {
      const part = el("div");
      part.append(el("b", "", name), ...rows);
      columns.append(part);
    }
    dialog.replaceChildren(this.panels.heading(words.say("keys.title"), words.say("keys.to_close")), columns);
    dialog.showModal();
  }

  // --- keys and mouse

  resized() {
    this.painter.resize();
    this.timeline.resize();
    this.stale = true;
  }

  listen() {
    window.addEventListener("resize", () => this.resized());
    window.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      const action = this.actions.get(chordOf(event));
      if (!action) return;
      event.preventDefault();
      this.run(action);
    });
    const floor = document.getElementById("floor"), track = document.getElementById("track"), tip = document.getElementById("tip");
    const at = (event, canvas) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    let drag = null;
    floor.addEventListener("pointerdown", (event) => { drag = { x: event.clientX, y: event.clientY, moved: false }; floor.setPointerCapture(event.pointerId); });
    floor.addEventListener("pointermove", (event) => {
      if (drag && (drag.moved || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 3)) { // mouse: drag_pan
        this.pan(event.clientX - drag.x, event.clientY - drag.y);
        drag = { x: event.clientX, y: event.clientY, moved: true };
        return;
      }
      const hit = this.painter.pick(...at(event, floor));
      tip.hidden = !hit;
      if (hit) {
        tip.textContent = this.tell(hit);
        tip.style.left = `${at(event, floor)[0] + 14}px`;
        tip.style.top = `${at(event, floor)[1] + 10}px`;
      }
    });
    floor.addEventListener("pointerleave", () => { tip.hidden = true; });
    floor.addEventListener("pointerup", (event) => { // mouse: select
      if (drag && !drag.moved) this.select(this.painter.pick(...at(event, floor)));
      drag = null;
    });
    floor.addEventListener("dblclick", () => { // mouse: double_follow
      if (this.state.selection) this.state.follow = true;
      this.stale = true;
    });
    floor.addEventListener("wheel", (event) => { // mouse: wheel_zoom
      event.preventDefault();
      this.zoomBy(event.deltaY < 0 ? ZOOM : 1 / ZOOM, ...at(event, floor));
    }, { passive: false });
    let scrubs = false;
    track.addEventListener("pointerdown", (event) => { // mouse: timeline_seek
      scrubs = true;
      track.setPointerCapture(event.pointerId);
      const [x, y] = at(event, track), mark = y < 16 ? this.timeline.markAt(x) : null;
      this.seek(mark ? mark.at - 5000 : this.timeline.ms(x));
    });
    track.addEventListener("pointermove", (event) => {
      const [x, y] = at(event, track), mark = y < 16 ? this.timeline.markAt(x) : null;
      track.title = mark ? `${this.clock.at(mark.at)} ${tellMark(this.words, mark)}` : this.clock.at(this.timeline.ms(x));
      if (scrubs) this.seek(this.timeline.ms(x));
    });
    track.addEventListener("pointerup", () => { scrubs = false; });
    track.addEventListener("wheel", (event) => { // mouse: timeline_zoom
      event.preventDefault();
      this.timeline.zoom(at(event, track)[0], event.deltaY < 0 ? 1 / ZOOM : ZOOM);
      this.stale = true;
    }, { passive: false });
  }

  tell({ kind, index, name }) {
    const { words, replay } = this;
    if (kind === "worker") return `${short(name)} · ${words.word("role", replay.head.workers[index][1])} · ${words.word("state", replay.head.states[replay.worker(index, Math.round(this.state.ms)).state])}`;
    if (kind === "location") return `${short(name)} · ${words.say("unit.units", { n: replay.floor.at(Math.round(this.state.ms))[index] })}`;
    return `${words.say(`inspect.${kind}`)} ${short(name)}`;
  }
}

async function start() {
  try {
    const replay = new Replay(await unpack(document.getElementById("packed").textContent));
    replay.markTimes = replay.head.marks.map((mark) => mark.at);
    replay.waitsOf = replay.head.workers.map(() => []);
    for (const wait of replay.deeds.waits) replay.waitsOf[wait.who].push(wait);
    const controls = new Controls(replay);
    const plain = (ms) => {
      const moment = replay.at(ms);
      return {
        ...moment, floor: Array.from(moment.floor), gap: Array.from(moment.gap), waiting: Array.from(moment.waiting),
        workers: moment.workers.map(({ x, y, state, share }, who) => ({ name: replay.head.workers[who][0], x, y, state, share })),
      };
    };
    window.twinReplay = { at: plain, controls, state: controls.state, head: replay.head, replay };
  } catch (fault) {
    const line = document.getElementById("fault");
    line.hidden = false;
    line.textContent = `This file cannot be replayed here: ${fault.message}`;
    throw fault;
  }
}

start();
