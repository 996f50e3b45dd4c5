// --- painter: the map, as floor_map.py draws it

const FONT = '"Twin Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif';
const MOST_PX_PER_M = 120, FIT_SLACK = 1.02, LEAST_PX = 3, BAY_PX = 4, HEAD_H = 32, SIDE_W = 12, FOOT_H = 34, NAMED_PX_PER_M = 11;
const EMPTY_SHARE = 0.55, A_SHARE = 0.8, B_SHARE = 0.95;

class Painter {
  constructor(replay, canvas, words, clock) {
    this.replay = replay;
    this.canvas = canvas;
    this.words = words;
    this.clock = clock;
    this.racks = document.createElement("canvas");
    this.heat = new Heat(replay);
    this.fixtures = new Fixtures(replay, this);
    this.people = new People(replay, this);
    this.resize();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    const box = this.canvas.parentElement.getBoundingClientRect();
    this.w = Math.max(Math.round(box.width), 1);
    this.h = Math.max(Math.round(box.height) - FOOT_H, 1);
    for (const canvas of [this.canvas, this.racks]) {
      canvas.width = Math.round(this.w * this.ratio);
      canvas.height = Math.round(this.h * this.ratio);
    }
    this.canvas.style.width = `${this.w}px`;
    this.canvas.style.height = `${this.h}px`;
    this.racksKey = "";
  }

  // --- where things are: a head for names and two sides are left free of floor

  get room() {
    return { x: SIDE_W, y: HEAD_H, w: Math.max(this.w - 2 * SIDE_W, 1), h: Math.max(this.h - HEAD_H, 1) };
  }

  fit() {
    const [left, bottom, right, top] = this.replay.head.ground.bounds;
    return 1000 * Math.min(this.room.w / Math.max(right - left, 1), this.room.h / Math.max(top - bottom, 1));
  }

  project(camera) {
    const [left, bottom, right, top] = this.replay.head.ground.bounds, fit = this.fit(), { w, h } = this.room;
    const isFit = camera.pxPerM <= fit * FIT_SLACK;
    const scale = (isFit ? fit : Math.min(camera.pxPerM, Math.max(MOST_PX_PER_M, fit))) / 1000;
    const held = (middle, low, high, seen) => (seen >= high - low ? (low + high) / 2 : Math.min(Math.max(middle, low + seen / 2), high - seen / 2));
    return { scale, x: held(camera.x, left, right, w / scale), y: held(camera.y, bottom, top, h / scale), isFit };
  }

  get middle() {
    const { x, y, w, h } = this.room;
    return [x + w / 2, y + h / 2];
  }

  px(x, y) {
    const [mx, my] = this.middle;
    return [Math.round(mx + (x - this.view.x) * this.view.scale), Math.round(my - (y - this.view.y) * this.view.scale)];
  }

  mm(px, py) {
    const [mx, my] = this.middle;
    return [this.view.x + (px - mx) / this.view.scale, this.view.y - (py - my) / this.view.scale];
  }

  // Left, bottom, right, top in mm as left, top, width, height in pixels; edges are rounded, so that neighbours touch.
  box([left, bottom, right, top]) {
    const [x0, y0] = this.px(left, top), [x1, y1] = this.px(right, bottom);
    return [x0, y0, x1 - x0, y1 - y0];
  }

  // --- one picture

  draw(moment, state, theme) {
    this.theme = theme;
    this.moment = moment;
    this.state = state;
    this.view = this.project(state.camera);
    const pen = this.pen = this.canvas.getContext("2d"), { layers } = state;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.still();
    this.fixtures.moving(pen, theme, moment, this.people.seated(moment));
    if (layers.has("heat")) this.warmth();
    this.labels = [];
    this.names();
    const flows = state.playing && state.speed > FLOW_SPEED;
    if (layers.has("trails")) this.people.trails(pen, theme, moment, flows);
    this.planned();
    this.figures = this.people.figures(moment);
    this.people.draw(pen, theme, this.figures, flows);
    if (layers.has("queues")) this.fixtures.queues(pen, theme, moment, this.labels);
    this.chosen();
    this.incidents();
    this.nameChosen();
    if (layers.has("labels") && this.view.scale * 1000 >= NAMED_PX_PER_M) this.nameFigures();
  }

  // The floor and its racks are drawn once for a camera; after that only blocks whose colour changes.
  still() {
    const { theme, state } = this, camera = this.view, shows = state.layers.has("locations") || state.layers.has("abc");
    const key = [camera.scale, camera.x, camera.y, this.w, this.h, theme.name, shows].join(), pen = this.racks.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (key !== this.racksKey) {
      this.racksKey = key;
      pen.fillStyle = theme.background;
      pen.fillRect(0, 0, this.w, this.h);
      this.fixtures.still(pen, theme);
      this.blocks = shows ? this.layBlocks() : [];
      this.drawn = new Array(this.blocks.length).fill("");
    }
    if (shows) this.recolour(pen);
    this.pen.drawImage(this.racks, 0, 0, this.w, this.h);
  }

  recolour(pen) {
    const { theme, state, replay, moment } = this, byClass = state.layers.has("abc");
    const shades = byClass ? [theme.abc_none, theme.abc_c, theme.abc_b, theme.abc_a] : [mixed(theme.fill[0], theme.background, EMPTY_SHARE), ...theme.fill];
    const classes = byClass ? this.classes() : null;
    this.blocks.forEach((block, i) => {
      let step;
      if (byClass) step = Math.max(...block.cells.map((cell) => classes[cell]));
      else if (block.cells.length === 1) step = replay.step(block.cells[0], moment.floor[block.cells[0]]);
      else {
        const filled = block.cells.reduce((sum, cell) => sum + moment.floor[cell] * 1000 / replay.cells.full[cell], 0) / block.cells.length;
        step = filled > 0 ? 1 + replay.head.ground.fill_bounds.filter((bound) => filled >= bound).length : 0;
      }
      if (this.drawn[i] === shades[step]) return;
      this.drawn[i] = pen.fillStyle = shades[step];
      pen.fillRect(block.x, block.y, block.w, block.h);
    });
  }

  // The most picked come first: A the first that make up 80 % of all lines of the window, B the next 15 %, C the rest.
  classes() {
    const minutes = WINDOWS_MIN[this.state.window], until = this.moment.ms, since = minutes ? until - minutes * 60000 : -Infinity;
    const lines = new Float64Array(this.replay.cells.x.length);
    for (const take of this.replay.deeds.takes) {
      if (take.at > until) break;
      if (take.order >= 0 && take.at > since) lines[take.cell]++;
    }
    const total = lines.reduce((a, b) => a + b, 0), found = new Uint8Array(lines.length), order = Array.from(lines.keys()).sort((a, b) => lines[b] - lines[a]);
    let before = 0;
    for (const cell of order) {
      if (!lines[cell]) break;
      found[cell] = before < A_SHARE * total ? 3 : before < B_SHARE * total ? 2 : 1;
      before += lines[cell];
    }
    return found;
  }

  // A block for each location, or for neighbours along an aisle where one would be narrower than three pixels.
  layBlocks() {
    const { cells } = this.replay, { scale } = this.view, [long, deep] = this.replay.head.ground.least_mm;
    const merged = long * scale >= LEAST_PX ? 1 : Math.ceil(BAY_PX / Math.max(long * scale, 1e-9)), flat = deep * scale < LEAST_PX;
    const blocks = new Map();
    for (let cell = 0; cell < cells.x.length; cell++) {
      const halfX = cells.half_x[cell] / 0.92, halfY = cells.half_y[cell] / 0.92;
      const [x0, y0] = this.px(cells.x[cell] - halfX, cells.y[cell] + halfY), [x1, y1] = this.px(cells.x[cell] + halfX, cells.y[cell] - halfY);
      const key = cells.aisle[cell] < 0 ? `${-cell}` : [cells.aisle[cell], cells.side[cell], Math.floor(cells.bay[cell] / merged), flat ? 0 : cells.level[cell]].join();
      const block = blocks.get(key);
      if (block) Object.assign(block, { x: Math.min(block.x, x0), y: Math.min(block.y, y0), right: Math.max(block.right, x1), low: Math.max(block.low, y1) });
      else blocks.set(key, { x: x0, y: y0, right: x1, low: y1, cells: [] });
      blocks.get(key).cells.push(cell);
    }
    const gap = (length) => (length >= 3 ? Math.max(Math.round(length * 0.06), 1) : 0);
    const found = [];
    for (const block of blocks.values()) {
      const w = Math.max(block.right - block.x, 1), h = Math.max(block.low - block.y, 1);
      if (block.x < this.w && block.right > 0 && block.y < this.h && block.low > 0) found.push({ ...block, w: w - gap(w), h: h - gap(h) });
    }
    return found;
  }

  warmth() {
    const picture = this.heat.picture(this.moment.ms, this.state, this.theme.heat_bytes);
    this.pen.imageSmoothingEnabled = true;
    this.pen.imageSmoothingQuality = "high";
    this.pen.drawImage(picture, ...this.box(this.replay.head.ground.bounds));
  }

  // The way that the selected worker still has before him, dashed, with a ring where it ends.
  planned() {
    const chosen = this.state.selection, { pen, theme, replay } = this;
    if (!chosen || chosen.kind !== "worker") return;
    const worker = this.moment.workers[chosen.index];
    if (!worker.move || worker.share >= 1 || worker.state === OFF) return;
    const way = worker.move.way, whole = wayLength(replay, way), points = [this.px(worker.x, worker.y)];
    let done = 0;
    way.forEach((point, i) => {
      if (i) done += wayLength(replay, way.slice(i - 1, i + 1));
      if (done > worker.share * whole) points.push(this.px(replay.deeds.pointX[point], replay.deeds.pointY[point]));
    });
    pen.setLineDash([6, 4]);
    for (const [width, colour] of [[4, theme.background], [2, theme.text]]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      points.forEach(([x, y]) => pen.lineTo(x, y));
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.fillStyle = theme.background;
    pen.beginPath();
    pen.arc(...points.at(-1), 5, 0, Math.PI * 2);
    pen.fill();
    pen.stroke();
  }

  chosen() {
    const chosen = this.state.selection, { pen, theme } = this;
    if (!chosen) return;
    const mm = boxOf(this.replay, chosen), ring = (width, colour, path) => {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      path();
      pen.stroke();
    };
    if (mm) {
      let [x, y, w, h] = this.box(mm);
      const more = [Math.max(12 - w - 6, 0), Math.max(12 - h - 6, 0)];
      [x, y, w, h] = [x - 3 - more[0] / 2, y - 3 - more[1] / 2, w + 6 + more[0], h + 6 + more[1]];
      for (const [width, colour] of [[4, theme.background], [2, theme.text]]) ring(width, colour, () => pen.roundRect(x, y, w, h, 3));
      return;
    }
    const who = chosen.kind === "worker" ? chosen.index : carrierOf(this.replay, chosen.index, this.moment.ms);
    const figure = this.figures.find((one) => one.who === who);
    if (!figure) return;
    for (const [width, colour] of [[4, theme.background], [2, theme.text]]) ring(width, colour, () => pen.arc(figure.x, figure.y, this.people.radius() + 6, 0, Math.PI * 2));
  }

  // --- incidents

  incidents() {
    const { pen, theme, moment, replay } = this;
    let loose = 0;
    moment.incidents.forEach((incident, n) => {
      const at = this.placeOf(incident);
      let x = 24, y = 48 + 46 * loose;
      if (at) [x, y] = this.px(...at);
      else loose++;
      if (x < 0 || y < 0 || x > this.w || y > this.h) return;
      if (incident.kind === "closed") {
        pen.strokeStyle = theme.blocked;
        pen.lineWidth = 2;
        pen.strokeRect(...this.box(replay.head.ground.aisles[incident.aisle][6]));
      }
      if (incident.worker >= 0) y -= 14;
      pen.strokeStyle = theme.blocked;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.arc(x, y, 15, 0, Math.PI * 2);
      pen.stroke();
      for (const [side, colour] of [[11, theme.background], [8, theme.blocked]]) {
        pen.fillStyle = colour;
        pen.beginPath();
        pen.moveTo(x, y - side);
        pen.lineTo(x + side, y + side * 0.84);
        pen.lineTo(x - side, y + side * 0.84);
        pen.fill();
      }
      pen.fillStyle = theme.background;
      pen.font = `bold 11px ${FONT}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText("!", x, y + 2);
      if (n < 4) this.plate(x, y, incident);
    });
  }

  placeOf(incident) {
    const { head } = this.replay;
    if (incident.worker >= 0) return [this.moment.workers[incident.worker].x, this.moment.workers[incident.worker].y];
    const line = incident.kind === "closed" ? head.ground.aisles[incident.aisle] : head.ground.belts.find(([name]) => name === incident.name);
    return line ? [(line[1] + line[3]) / 2, (line[2] + line[4]) / 2] : null;
  }

  plate(x, y, incident) {
    const { pen, theme, words, moment, replay } = this, name = short(incident.name.replace(/\/device$/, ""));
    const belt = replay.head.ground.belts.findIndex(([one]) => one === incident.name), closed = incident.kind === "closed";
    const title = closed ? words.say("map.closed", { name: words.say("map.aisle", { name }) }) : incident.reason ? `${name} · ${words.word("reason", incident.reason)}` : name;
    const waiting = closed ? moment.waiting[incident.aisle] : belt >= 0 ? moment.belts[belt].shares.length : null;
    const values = { at: this.clock.at(incident.since), age: span(moment.ms - incident.since), waiting };
    const detail = words.say(waiting === null ? "map.incident_alone" : "map.incident", values);
    pen.font = `bold 12px ${FONT}`;
    const wide = pen.measureText(title).width;
    pen.font = `11px ${FONT}`;
    const w = Math.ceil(Math.max(wide, pen.measureText(detail).width)) + 16, h = 37;
    const left = x + 18 + w > this.w ? x - 18 - w : x + 18, top = Math.min(Math.max(y - 18, 0), this.h - h);
    pen.fillStyle = theme.panel;
    pen.fillRect(left, top, w, h);
    pen.fillStyle = theme.blocked;
    pen.fillRect(left, top, 3, h);
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillStyle = theme.text_2;
    pen.fillText(detail, left + 8, top + 21);
    pen.fillStyle = theme.text;
    pen.font = `bold 12px ${FONT}`;
    pen.fillText(title, left + 8, top + 5);
    this.labels.push([left, top, w, h]);
  }

  // --- names, none over another

  names() {
    const { theme, replay, state } = this, { ground } = replay.head;
    this.heads(ground);
    if (!state.layers.has("labels")) return;
    const blocks = [...ground.lanes.map((lane) => this.box(lane[3])), ...ground.doors.map((door) => this.box(door[4]))];
    for (const [name, , , , mm] of ground.stations) {
      const [x, y, , h] = this.box(mm);
      this.label(short(name), x - 6, y + h / 2, theme.text_2, { align: "right" });
    }
    for (const [name, , , mm] of ground.lanes) {
      const [x, y, w, h] = this.box(mm);
      if (!this.label(short(name), x - 5, y + h / 2, theme.text_3, { align: "right", clearOf: blocks })) this.label(short(name), x + w / 2, y - 7, theme.text_3, { clearOf: blocks });
    }
    this.pen.font = `11px ${FONT}`;
    for (const [, , , , mm, , [long, brief]] of ground.doors) {
      const [x, y, w, h] = this.box(mm), wide = this.pen.measureText(long).width <= w - 6, text = wide ? long : brief;
      if (this.pen.measureText(text).width <= w - 2 && h >= 12) this.label(text, x + w / 2, y + h / 2, theme.text_2);
      else this.label(text, x + w / 2, y - 7, theme.text_3);
    }
  }

  // Aisles above their upper ends, zones above them; both stay at the edge when it cuts them off.
  heads({ columns, zones, sites }) {
    const { theme, words } = this, height = 15, steps = columns.slice(1).map((c, i) => c[0] - columns[i][0]).filter((d) => d > 0);
    this.pen.font = `11px ${FONT}`;
    const long = columns.length === 0 || this.pen.measureText(columns.at(-1)[3]).width + 6 < Math.min(...steps, 1e9) * this.view.scale;
    for (const [xMm, yMm, lowMm, name, brief] of columns) {
      const [x, y] = this.px(xMm, yMm), low = this.px(xMm, lowMm)[1];
      if (x > 0 && x < this.w && y < this.h && low > 3 * height) this.label(long ? name : brief, x, Math.max(y - 9, height * 1.5), theme.text_3, { plate: y - 9 < height * 1.5 });
    }
    if (zones.length < 2) return;
    const upper = Math.max(0, ...columns.map((c) => c[1]));
    for (const [site, name, box] of zones) {
      const [left, y] = this.px(box[0], Math.max(box[3], upper)), [right, low] = this.px(box[2], box[1]), x0 = Math.max(left, 0), x1 = Math.min(right, this.w);
      if (x1 - x0 <= 24 || low <= 3 * height) continue;
      const word = words.word("zone", name);
      this.label(sites.length > 1 ? `${site} · ${word}` : word, (x0 + x1) / 2, Math.max(y - 9 - height, height / 2), theme.text_2);
    }
  }

  // The name of the selected worker, whatever is beside him: above his ring, or below it at the head.
  nameChosen() {
    const chosen = this.state.selection, { pen, theme } = this, figure = chosen && chosen.kind === "worker" && this.figures.find((one) => one.who === chosen.index);
    if (!figure) return;
    const off = this.people.radius() + 17, y = figure.y - off > 8 ? figure.y - off : figure.y + off;
    pen.font = `bold 13px ${FONT}`;
    const w = pen.measureText(short(chosen.name)).width + 10, rect = [figure.x - w / 2, y - 10, w, 20];
    card(pen, rect, mixed(theme.panel, theme.background, 0.9), mixed(theme.panel, theme.background, 0.9), 3);
    pen.fillStyle = theme.text;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(short(chosen.name), figure.x, y + 1);
    this.labels.push(rect);
  }

  nameFigures() {
    const chosen = this.state.selection, { replay, theme } = this, radius = this.people.radius(), side = 2 * radius + 1;
    const bodies = this.figures.map(({ x, y }) => [x - radius, y - radius, side, side]);
    for (const { who, x, y } of this.figures) {
      if (chosen && chosen.kind === "worker" && chosen.index === who) continue;
      const text = short(replay.head.workers[who][0]), options = { plate: true, clearOf: bodies };
      if (!this.label(text, x + radius + 5, y, theme.text, { ...options, align: "left" })) this.label(text, x - radius - 5, y, theme.text, { ...options, align: "right" });
    }
  }

  // A word where nothing else stands yet; whether it found room.
  label(text, x, y, colour, { align = "center", plate = false, clearOf = [] } = {}) {
    const { pen, theme } = this;
    pen.font = `11px ${FONT}`;
    const w = pen.measureText(text).width, left = x - { left: 0, center: w / 2, right: w }[align], rect = [left - 2, y - 7.5, w + 4, 15];
    const touches = ([a, b, c, d]) => rect[0] < a + c && a < rect[0] + rect[2] && rect[1] < b + d && b < rect[1] + rect[3];
    if (!text || this.labels.some(touches) || clearOf.some(touches)) return false;
    this.labels.push(rect);
    if (plate) {
      pen.fillStyle = mixed(theme.background, theme.panel, 0.5);
      pen.fillRect(...rect);
    }
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillStyle = colour;
    pen.fillText(text, left, y + 1);
    return true;
  }

  minimap(canvas) {
    const { ground, states } = this.replay.head, pen = canvas.getContext("2d"), { theme, view } = this, [left, bottom, right, top] = ground.bounds;
    const scale = Math.min((canvas.width - 10) / (right - left), (canvas.height - 10) / (top - bottom));
    const at = (x, y) => [canvas.width / 2 + (x - (left + right) / 2) * scale, canvas.height / 2 - (y - (bottom + top) / 2) * scale];
    const box = (colour, [l, b, r, t]) => {
      const [x0, y0] = at(l, t), [x1, y1] = at(r, b);
      pen.fillStyle = colour;
      pen.fillRect(x0, y0, Math.max(x1 - x0, 1), Math.max(y1 - y0, 1));
    };
    pen.fillStyle = theme.panel;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    for (const zone of ground.zones) box(mixed(theme.fill[2], theme.panel, 0.7), zone[2]);
    for (const aisle of ground.aisles) box(mixed(theme.panel, theme.fill[0], 0.6), aisle[6]);
    for (const mm of [...ground.stations.map((s) => s[4]), ...ground.lanes.map((l) => l[3]), ...ground.doors.map((d) => d[4])]) box(theme.fill[3], mm);
    for (const worker of this.moment.workers) {
      if (worker.state === OFF) continue;
      pen.fillStyle = worker.state === BREAK ? theme.idle : theme[states[worker.state]];
      pen.fillRect(...at(worker.x, worker.y), 2, 2);
    }
    pen.strokeStyle = theme.text;
    const [x0, y0] = at(...this.mm(0, 0)), [x1, y1] = at(...this.mm(this.w, this.h));
    pen.strokeRect(Math.max(x0, 1), Math.max(y0, 1), Math.min(x1, canvas.width - 1) - Math.max(x0, 1), Math.min(y1, canvas.height - 1) - Math.max(y0, 1));
  }

  // What is under a point of the canvas, figures first.
  pick(px, py) {
    const { replay } = this, { head } = replay;
    let best = null, near = this.people.radius() + 5;
    for (const { who, x, y } of this.figures) {
      const far = Math.hypot(x - px, y - py);
      if (far < near) { near = far; best = { kind: "worker", index: who, name: head.workers[who][0] }; }
    }
    if (best) return best;
    const [x, y] = this.mm(px, py), within = ([left, bottom, right, top]) => x >= left && x <= right && y >= bottom && y <= top;
    for (const [kind, list, place] of [["station", head.ground.stations, 4], ["door", head.ground.doors, 4]]) {
      const index = list.findIndex((one) => within(one[place]) || (kind === "door" && within(one[5])));
      if (index >= 0) return { kind, index, name: list[index][0] };
    }
    const { cells } = replay;
    for (let cell = 0; cell < cells.x.length; cell++) {
      if (Math.abs(x - cells.x[cell]) <= cells.half_x[cell] && Math.abs(y - cells.y[cell]) <= cells.half_y[cell]) return { kind: "location", index: cell, name: head.cells.names[cell] };
    }
    const index = head.ground.aisles.findIndex((aisle) => within(aisle[6]));
    return index < 0 ? null : { kind: "aisle", index, name: head.ground.aisles[index][0] };
  }
}

// The ground that a chosen place takes up, in mm; null for a worker or an order.
function boxOf(replay, { kind, index }) {
  const { ground } = replay.head, { x, y, half_x: w, half_y: h } = replay.cells;
  switch (kind) {
    case "location": return [x[index] - w[index], y[index] - h[index], x[index] + w[index], y[index] + h[index]];
    case "station": return ground.stations[index][4];
    case "door": return ground.doors[index][4];
    case "aisle": return ground.aisles[index][6];
    default: return null;
  }
}

// Where a chosen thing is now, in mm; an order is where the one is who took its last line.
function whereIs(replay, moment, chosen) {
  const box = boxOf(replay, chosen);
  if (box) return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const who = chosen.kind === "worker" ? chosen.index : carrierOf(replay, chosen.index, moment.ms);
  return who < 0 || moment.workers[who].state === OFF ? null : [moment.workers[who].x, moment.workers[who].y];
}

// Who took the last line of an order and has not handed it to packing; -1 for nobody.
function carrierOf(replay, order, ms) {
  const { received, packed } = replay.orders;
  const packedAt = packed[order] < 0 ? Infinity : (received[order] + packed[order]) * 1000;
  const taken = (replay.takesOf.get(order) ?? []).filter((take) => take.at <= ms);
  return taken.length && ms < packedAt ? taken.at(-1).who : -1;
}
