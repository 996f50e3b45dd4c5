// --- painter: the map, as floor_map.py draws it

const FONT =
  '"Twin Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif';
const MOST_PX_PER_M = 120,
  FIT_SLACK = 1.02,
  LEAST_PX = 3,
  BAY_PX = 4,
  HEAD_H = 32,
  SIDE_W = 12,
  FOOT_H = 34;
const EMPTY_SHARE = 0.55,
  A_SHARE = 0.8,
  B_SHARE = 0.95;

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
    this.marked = new Marked(this);
    this.labels = new Labels(this);
    this.small = new Minimap(this);
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
    const [left, bottom, right, top] = this.replay.head.ground.bounds,
      fit = this.fit(),
      { w, h } = this.room;
    const isFit = camera.pxPerM <= fit * FIT_SLACK;
    const scale = (isFit ? fit : Math.min(camera.pxPerM, Math.max(MOST_PX_PER_M, fit))) / 1000;
    const held = (middle, low, high, seen) =>
      seen >= high - low ? (low + high) / 2 : Math.min(Math.max(middle, low + seen / 2), high - seen / 2);
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
    const [x0, y0] = this.px(left, top),
      [x1, y1] = this.px(right, bottom);
    return [x0, y0, x1 - x0, y1 - y0];
  }

  // --- one picture

  draw(moment, state, theme) {
    this.theme = theme;
    this.moment = moment;
    this.state = state;
    this.view = this.project(state.camera);
    const pen = (this.pen = this.canvas.getContext("2d")),
      { layers } = state;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.still();
    this.fixtures.moving(pen, theme, moment, this.people.seated(moment));
    if (layers.has("heat")) this.warmth();
    this.labels.taken = [];
    this.labels.names();
    const flows = state.playing && state.speed > FLOW_SPEED;
    if (layers.has("trails")) this.people.trails(pen, theme, moment, flows);
    this.marked.planned();
    this.figures = this.people.figures(moment);
    this.people.draw(pen, theme, this.figures, flows);
    if (layers.has("queues")) this.fixtures.queues(pen, theme, moment, this.labels.taken);
    this.marked.chosen();
    this.marked.incidents();
    this.marked.saturated();
    this.labels.nameChosen();
    if (layers.has("labels") && this.view.scale * 1000 >= NAMED_PX_PER_M) this.labels.nameFigures();
  }

  // The floor and its racks are drawn once for a camera; after that only blocks whose colour changes.
  still() {
    const { theme, state } = this,
      camera = this.view,
      shows = state.layers.has("locations") || state.layers.has("abc");
    const key = [camera.scale, camera.x, camera.y, this.w, this.h, theme.name, shows].join(),
      pen = this.racks.getContext("2d");
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
    const { theme, state, replay, moment } = this,
      byClass = state.layers.has("abc");
    const shades = byClass
      ? [theme.abc_none, theme.abc_c, theme.abc_b, theme.abc_a]
      : [mixed(theme.fill[0], theme.background, EMPTY_SHARE), ...theme.fill];
    const classes = byClass ? this.classes() : null;
    this.blocks.forEach((block, i) => {
      let step;
      if (byClass) step = Math.max(...block.cells.map((cell) => classes[cell]));
      else if (block.cells.length === 1) step = replay.step(block.cells[0], moment.floor[block.cells[0]]);
      else {
        const filled =
          block.cells.reduce((sum, cell) => sum + (moment.floor[cell] * 1000) / replay.cells.full[cell], 0) /
          block.cells.length;
        step = filled > 0 ? 1 + replay.head.ground.fill_bounds.filter((bound) => filled >= bound).length : 0;
      }
      if (this.drawn[i] === shades[step]) return;
      this.drawn[i] = pen.fillStyle = shades[step];
      pen.fillRect(block.x, block.y, block.w, block.h);
    });
  }

  // The most picked come first: A the first that make up 80 % of all lines of the window, B the next 15 %, C the rest.
  classes() {
    const minutes = WINDOWS_MIN[this.state.window],
      until = this.moment.ms,
      since = minutes ? until - minutes * 60000 : -Infinity;
    const lines = new Float64Array(this.replay.cells.x.length);
    for (const take of this.replay.deeds.takes) {
      if (take.at > until) break;
      if (take.order >= 0 && take.at > since) lines[take.cell]++;
    }
    const total = lines.reduce((a, b) => a + b, 0),
      found = new Uint8Array(lines.length),
      order = Array.from(lines.keys()).sort((a, b) => lines[b] - lines[a]);
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
    const { cells } = this.replay,
      { scale } = this.view,
      [long, deep] = this.replay.head.ground.least_mm;
    const merged = long * scale >= LEAST_PX ? 1 : Math.ceil(BAY_PX / Math.max(long * scale, 1e-9)),
      flat = deep * scale < LEAST_PX;
    const blocks = new Map();
    for (let cell = 0; cell < cells.x.length; cell++) {
      const halfX = cells.half_x[cell] / 0.92,
        halfY = cells.half_y[cell] / 0.92;
      const [x0, y0] = this.px(cells.x[cell] - halfX, cells.y[cell] + halfY),
        [x1, y1] = this.px(cells.x[cell] + halfX, cells.y[cell] - halfY);
      const key =
        cells.aisle[cell] < 0
          ? `${-cell}`
          : [
              cells.aisle[cell],
              cells.side[cell],
              Math.floor(cells.bay[cell] / merged),
              flat ? 0 : cells.level[cell],
            ].join();
      const block = blocks.get(key);
      if (block)
        Object.assign(block, {
          x: Math.min(block.x, x0),
          y: Math.min(block.y, y0),
          right: Math.max(block.right, x1),
          low: Math.max(block.low, y1),
        });
      else blocks.set(key, { x: x0, y: y0, right: x1, low: y1, cells: [] });
      blocks.get(key).cells.push(cell);
    }
    const gap = (length) => (length >= 3 ? Math.max(Math.round(length * 0.06), 1) : 0);
    const found = [];
    for (const block of blocks.values()) {
      const w = Math.max(block.right - block.x, 1),
        h = Math.max(block.low - block.y, 1);
      if (block.x < this.w && block.right > 0 && block.y < this.h && block.low > 0)
        found.push({ ...block, w: w - gap(w), h: h - gap(h) });
    }
    return found;
  }

  warmth() {
    const picture = this.heat.picture(this.moment.ms, this.state, this.theme.heat_bytes);
    this.pen.imageSmoothingEnabled = true;
    this.pen.imageSmoothingQuality = "high";
    this.pen.drawImage(picture, ...this.box(this.replay.head.ground.bounds));
  }

  // What is under a point of the canvas, figures first.
  pick(px, py) {
    const { replay } = this,
      { head } = replay;
    let best = null,
      near = this.people.radius() + 5;
    for (const { who, x, y } of this.figures) {
      const far = Math.hypot(x - px, y - py);
      if (far < near) {
        near = far;
        best = { kind: "worker", index: who, name: head.workers[who][0] };
      }
    }
    if (best) return best;
    const [x, y] = this.mm(px, py),
      within = ([left, bottom, right, top]) => x >= left && x <= right && y >= bottom && y <= top;
    for (const [kind, list, place] of [
      ["station", head.ground.stations, 4],
      ["door", head.ground.doors, 4],
    ]) {
      const index = list.findIndex((one) => within(one[place]) || (kind === "door" && within(one[5])));
      if (index >= 0) return { kind, index, name: list[index][0] };
    }
    const { cells } = replay;
    for (let cell = 0; cell < cells.x.length; cell++) {
      if (Math.abs(x - cells.x[cell]) <= cells.half_x[cell] && Math.abs(y - cells.y[cell]) <= cells.half_y[cell])
        return { kind: "location", index: cell, name: head.cells.names[cell] };
    }
    const index = head.ground.aisles.findIndex((aisle) => within(aisle[6]));
    return index < 0 ? null : { kind: "aisle", index, name: head.ground.aisles[index][0] };
  }
}

// The ground that a chosen place takes up, in mm; null for a worker or an order.
function boxOf(replay, { kind, index }) {
  const { ground } = replay.head,
    { x, y, half_x: w, half_y: h } = replay.cells;
  switch (kind) {
    case "location":
      return [x[index] - w[index], y[index] - h[index], x[index] + w[index], y[index] + h[index]];
    case "station":
      return ground.stations[index][4];
    case "door":
      return ground.doors[index][4];
    case "aisle":
      return ground.aisles[index][6];
    default:
      return null;
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
