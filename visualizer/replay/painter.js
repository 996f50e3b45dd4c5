// --- painter: the map

const FONT = '"Twin Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif';
const TRUCKS = new Set(["replenisher", "putaway_driver", "forklift"]);
const MOST_PX_PER_M = 120, FIT_SLACK = 1.02, LEAST_PX = 3, BAY_PX = 4;
const short = (name) => name.slice(name.lastIndexOf("/") + 1);

class Painter {
  constructor(replay, canvas) {
    this.replay = replay;
    this.canvas = canvas;
    this.racks = document.createElement("canvas");
    this.racksKey = "";
    this.heat = new Heat(replay);
    this.resize();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    const box = this.canvas.parentElement.getBoundingClientRect();
    this.w = Math.max(Math.round(box.width), 1);
    this.h = Math.max(Math.round(box.height) - 34, 1);
    for (const canvas of [this.canvas, this.racks]) {
      canvas.width = Math.round(this.w * this.ratio);
      canvas.height = Math.round(this.h * this.ratio);
    }
    this.canvas.style.width = `${this.w}px`;
    this.canvas.style.height = `${this.h}px`;
    this.racksKey = "";
  }

  // --- where things are

  fit() {
    const [left, bottom, right, top] = this.replay.head.ground.bounds;
    return 1000 * Math.min(this.w / Math.max(right - left, 1), this.h / Math.max(top - bottom, 1));
  }

  project(camera) {
    const [left, bottom, right, top] = this.replay.head.ground.bounds, fit = this.fit();
    const isFit = camera.pxPerM <= fit * FIT_SLACK;
    const scale = (isFit ? fit : Math.min(camera.pxPerM, Math.max(MOST_PX_PER_M, fit))) / 1000;
    const held = (middle, low, high, seen) => (seen >= high - low ? (low + high) / 2 : Math.min(Math.max(middle, low + seen / 2), high - seen / 2));
    const x = held(camera.x, left, right, this.w / scale), y = held(camera.y, bottom, top, this.h / scale);
    return { scale, x, y, isFit };
  }

  px(x, y) {
    return [Math.round(this.w / 2 + (x - this.view.x) * this.view.scale), Math.round(this.h / 2 - (y - this.view.y) * this.view.scale)];
  }

  mm(px, py) {
    return [this.view.x + (px - this.w / 2) / this.view.scale, this.view.y - (py - this.h / 2) / this.view.scale];
  }

  // --- one picture

  draw(moment, state, theme) {
    this.theme = theme;
    this.moment = moment;
    this.state = state;
    this.view = this.project(state.camera);
    const pen = this.pen = this.canvas.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, this.w, this.h);
    this.labels = [];
    this.ways();
    if (state.layers.has("locations") || state.layers.has("abc")) this.locations();
    if (state.layers.has("heat")) this.warmth();
    this.belts();
    this.stations();
    this.doors();
    if (state.layers.has("trails")) this.trails();
    this.planned();
    this.people();
    if (state.layers.has("queues")) this.crowds();
    this.faults();
    this.chosen();
    if (state.layers.has("labels")) this.names();
  }

  ways() {
    const { pen, theme } = this;
    pen.strokeStyle = theme.raised;
    pen.lineWidth = 1;
    for (const [, ax, ay, bx, by] of this.replay.head.ground.aisles) {
      const [x0, y0] = this.px(ax, ay), [x1, y1] = this.px(bx, by);
      pen.beginPath();
      pen.moveTo(x0 + 0.5, y0 + 0.5);
      pen.lineTo(x1 + 0.5, y1 + 0.5);
      pen.stroke();
    }
  }

  // Locations are drawn once for a camera; after that only those whose colour changes.
  locations() {
    const { theme, state, replay } = this, camera = this.view;
    const key = [camera.scale, camera.x, camera.y, this.w, this.h, theme.name].join();
    const pen = this.racks.getContext("2d");
    if (key !== this.racksKey) {
      this.racksKey = key;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this.racks.width, this.racks.height);
      this.blocks = this.layBlocks();
      this.drawn = new Array(this.blocks.length).fill("");
    }
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const abc = [theme.abc_none, theme.abc_a, theme.abc_b, theme.abc_c], units = this.moment.floor, byClass = state.layers.has("abc");
    this.blocks.forEach((block, i) => {
      let colour;
      if (byClass) {
        const best = block.cells.reduce((a, c) => { const n = replay.cells.abc[c]; return n && (!a || n < a) ? n : a; }, 0);
        colour = abc[best];
      } else {
        const sum = block.cells.reduce((a, c) => a + replay.step(c, units[c]), 0);
        colour = theme.fill[Math.round(sum / block.cells.length)];
      }
      if (this.drawn[i] === colour) return;
      this.drawn[i] = colour;
      pen.fillStyle = colour;
      pen.fillRect(block.x, block.y, block.w, block.h);
    });
    this.pen.drawImage(this.racks, 0, 0, this.w, this.h);
  }

  // One block for each location, or for a bay of them where one would be narrower than three pixels.
  layBlocks() {
    const { cells } = this.replay, blocks = new Map(), scale = this.view.scale;
    for (let cell = 0; cell < cells.x.length; cell++) {
      const halfX = cells.half_x[cell] / 0.92, halfY = cells.half_y[cell] / 0.92;
      let [x0, y0] = this.px(cells.x[cell] - halfX, cells.y[cell] + halfY);
      let [x1, y1] = this.px(cells.x[cell] + halfX, cells.y[cell] - halfY);
      if (x1 < 0 || y1 < 0 || x0 > this.w || y0 > this.h) continue;
      if (2 * halfX * scale < LEAST_PX) { x0 = Math.floor(x0 / BAY_PX) * BAY_PX; x1 = x0 + BAY_PX; }
      if (2 * halfY * scale < LEAST_PX) { y0 = Math.floor(y0 / BAY_PX) * BAY_PX; y1 = y0 + BAY_PX; }
      const gap = (length) => (length >= 3 ? Math.max(Math.round(length * 0.06), 1) : 0);
      const key = x0 * 100000 + y0;
      if (!blocks.has(key)) blocks.set(key, { x: x0, y: y0, w: Math.max(x1 - x0 - gap(x1 - x0), 1), h: Math.max(y1 - y0 - gap(y1 - y0), 1), cells: [] });
      blocks.get(key).cells.push(cell);
    }
    return Array.from(blocks.values());
  }

  warmth() {
    const picture = this.heat.picture(this.moment.ms, this.state, this.theme.heat_bytes);
    const [left, bottom, right, top] = this.replay.head.ground.bounds;
    const [x0, y0] = this.px(left, top), [x1, y1] = this.px(right, bottom);
    this.pen.imageSmoothingEnabled = true;
    this.pen.drawImage(picture, x0, y0, x1 - x0, y1 - y0);
  }

  belts() {
    const { pen, theme, moment } = this, size = Math.max(4, Math.min(0.6 * this.view.scale * 1000, 9));
    this.replay.head.ground.belts.forEach(([name, ax, ay, bx, by], i) => {
      const [x0, y0] = this.px(ax, ay), [x1, y1] = this.px(bx, by);
      pen.lineCap = "round";
      for (const [width, colour] of [[size + 3, theme.line], [size + 1, theme.raised]]) {
        pen.lineWidth = width;
        pen.strokeStyle = moment.down.includes(name) && width > size + 2 ? theme.blocked : colour;
        pen.beginPath();
        pen.moveTo(x0, y0);
        pen.lineTo(x1, y1);
        pen.stroke();
      }
      pen.lineCap = "butt";
      pen.fillStyle = theme.text_2;
      for (const share of moment.belts[i].shares) {
        pen.fillRect(x0 + (x1 - x0) * share - size / 2 + 1, y0 + (y1 - y0) * share - size / 2 + 1, size - 2, size - 2);
      }
    });
  }

  box(x, y, text, edge, fill) {
    const { pen, theme } = this;
    pen.font = `11px ${FONT}`;
    const w = Math.max(pen.measureText(text).width + 12, 26), h = 16;
    pen.fillStyle = fill;
    pen.strokeStyle = edge;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(Math.round(x - w / 2) + 0.5, Math.round(y - h / 2) + 0.5, Math.round(w), h, 4);
    pen.fill();
    pen.stroke();
    pen.fillStyle = theme.text;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, x, y + 1);
    const rect = [x - w / 2, y - h / 2, w, h];
    this.labels.push(rect);
    return rect;
  }

  stations() {
    const { theme } = this;
    this.stationBoxes = this.replay.head.ground.stations.map(([name, x, y]) => {
      const [px, py] = this.px(x, y);
      return this.box(px, py, short(name), theme.line, theme.raised);
    });
  }

  doors() {
    const { theme, moment, pen } = this;
    const ground = this.replay.head.ground;
    ground.lanes.forEach(([, x, y], lane) => {
      const [px, py] = this.px(x, y), units = moment.staged[lane];
      pen.strokeStyle = theme.line;
      pen.strokeRect(px - 12.5, py - 5.5, 25, 11);
      if (units) {
        pen.fillStyle = theme.text_2;
        pen.font = `11px ${FONT}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(String(units), px, py + 1);
      }
    });
    this.doorBoxes = ground.doors.map(([name, x, y], i) => {
      const [px, py] = this.px(x, y), trailer = moment.trailers[i];
      if (trailer) {
        pen.fillStyle = theme.idle;
        pen.fillRect(px - 8, py + 9, 16, 15);
        pen.fillStyle = theme.text_2;
        pen.fillRect(px - 8, py + 25, 16, 5);
      }
      return this.box(px, py, short(name), trailer ? theme.text_3 : theme.line, theme.raised);
    });
  }

  radius() {
    return Math.max(3.5, Math.min(this.view.scale * 1000 * 0.45, 8));
  }

  trails() {
    const { pen, theme, moment } = this;
    moment.workers.forEach((worker) => {
      if (worker.state !== MOVING || !worker.move) return;
      pen.fillStyle = theme.moving;
      const whole = wayLength(this.replay, worker.move.way) || 1;
      for (let dot = 1; dot <= 8; dot++) {
        const share = worker.share - dot * 3 / this.view.scale / whole;
        if (share < 0) break;
        const [x, y] = this.px(...this.replay.along(worker.move.way, share));
        pen.globalAlpha = 0.6 * (1 - dot / 9);
        pen.fillRect(x - 1, y - 1, 2, 2);
      }
      pen.globalAlpha = 1;
    });
  }

  planned() {
    const chosen = this.state.selection, { pen, theme } = this;
    if (!chosen || chosen.kind !== "worker") return;
    const worker = this.moment.workers[chosen.index];
    if (worker.state !== MOVING || !worker.move) return;
    pen.strokeStyle = theme.text;
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    pen.beginPath();
    worker.move.way.forEach((point, i) => {
      const [x, y] = this.px(this.replay.deeds.pointX[point], this.replay.deeds.pointY[point]);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.stroke();
    pen.setLineDash([]);
  }

  people() {
    this.moment.workers.forEach((worker, who) => {
      if (worker.state !== OFF) this.figure(...this.px(worker.x, worker.y), this.replay.head.workers[who][1], worker.state);
    });
  }

  figure(x, y, role, state) {
    const { pen, theme } = this, r = this.radius();
    const colour = state === BREAK ? theme.idle : theme[this.replay.head.states[state]];
    const shape = (size) => {
      pen.beginPath();
      if (role === "agv") pen.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
      else if (TRUCKS.has(role)) {
        pen.moveTo(x, y - size * 1.15);
        pen.lineTo(x + size * 1.1, y + size * 0.85);
        pen.lineTo(x - size * 1.1, y + size * 0.85);
        pen.closePath();
      } else pen.arc(x, y, size, 0, Math.PI * 2);
    };
    pen.fillStyle = theme.background;
    shape(r + 1.5);
    pen.fill();
    shape(state === BREAK ? r - 1 : r);
    if (state === BREAK) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.5;
      pen.stroke();
    } else {
      pen.fillStyle = colour;
      pen.fill();
    }
  }

  // Who waits: dots under a station, amber beyond its benches, a number beyond seven; a number at a full aisle.
  crowds() {
    const { pen, theme, moment } = this, ground = this.replay.head.ground;
    moment.queues.forEach((queue, i) => {
      const [x, y, w, h] = this.stationBoxes[i], benches = ground.stations[i][3];
      this.dots(x + w / 2, y + h + 6, queue.waiting, benches !== null && queue.waiting > benches ? theme.waiting : theme.idle);
    });
    pen.font = `bold 11px ${FONT}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    ground.aisles.forEach(([, ax, ay], i) => {
      if (moment.waiting[i] < 2) return;
      const [x, y] = this.px(ax, ay);
      pen.fillStyle = theme.warning;
      pen.fillText(String(moment.waiting[i]), x + 8, y);
    });
  }

  dots(x, y, count, colour) {
    const { pen } = this, seen = Math.min(count, 7);
    pen.fillStyle = colour;
    for (let i = 0; i < seen; i++) {
      pen.beginPath();
      pen.arc(x + (i - (seen - 1) / 2) * 6, y, 2, 0, Math.PI * 2);
      pen.fill();
    }
    if (count > 7) {
      pen.font = `11px ${FONT}`;
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(String(count), x + 26, y + 1);
    }
  }

  faults() {
    const { pen, theme, moment } = this;
    for (const mark of this.replay.head.marks) {
      if (mark.kind !== "EquipmentFailed" || mark.at > moment.ms || !moment.down.includes(mark.equipment)) continue;
      const at = this.placeOf(mark);
      if (!at) continue;
      const [x, y] = this.px(...at);
      pen.fillStyle = theme.blocked;
      pen.strokeStyle = theme.background;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x, y - 19);
      pen.lineTo(x + 7, y - 7);
      pen.lineTo(x - 7, y - 7);
      pen.closePath();
      pen.fill();
      pen.stroke();
    }
  }

  placeOf(mark) {
    const { head } = this.replay, who = head.workers.findIndex(([name]) => name === mark.worker);
    if (who >= 0) return [this.moment.workers[who].x, this.moment.workers[who].y];
    const belt = head.ground.belts.find(([name]) => name === mark.equipment);
    if (belt) return [(belt[1] + belt[3]) / 2, (belt[2] + belt[4]) / 2];
    const cell = head.cells.names.indexOf(mark.location);
    return cell >= 0 ? [this.replay.cells.x[cell], this.replay.cells.y[cell]] : null;
  }

  chosen() {
    const chosen = this.state.selection, { pen, theme } = this;
    if (!chosen) return;
    const at = whereIs(this.replay, this.moment, chosen);
    if (!at) return;
    const [x, y] = this.px(...at), r = this.radius() + 6;
    pen.strokeStyle = theme.text;
    pen.lineWidth = 2;
    pen.beginPath();
    if (chosen.kind === "location") {
      const { half_x: hx, half_y: hy } = this.replay.cells, s = this.view.scale;
      pen.rect(x - hx[chosen.index] * s - 2, y - hy[chosen.index] * s - 2, hx[chosen.index] * s * 2 + 4, hy[chosen.index] * s * 2 + 4);
    } else pen.arc(x, y, r, 0, Math.PI * 2);
    pen.stroke();
    this.label(short(chosen.name), x + r + 6, y, theme.text, true, true);
  }

  // A word where nothing else stands yet.
  label(text, x, y, colour, bold = false, always = false, align = "left") {
    const { pen, theme } = this;
    pen.font = `${bold ? "bold " : ""}11px ${FONT}`;
    const w = pen.measureText(text).width, left = align === "center" ? x - w / 2 : x, rect = [left - 2, y - 8, w + 4, 16];
    const hit = this.labels.some(([a, b, c, d]) => rect[0] < a + c && a < rect[0] + rect[2] && rect[1] < b + d && b < rect[1] + rect[3]);
    if (hit && !always) return;
    this.labels.push(rect);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    if (always) {
      pen.fillStyle = theme.panel;
      pen.fillRect(...rect);
    }
    pen.fillStyle = colour;
    pen.fillText(text, left, y + 1);
  }

  names() {
    const { theme, replay } = this, ground = replay.head.ground;
    for (const [name, ax, ay, bx, by] of ground.aisles) {
      const [x, y] = ay >= by ? this.px(ax, ay) : this.px(bx, by);
      this.label(short(name), x, y - 9, theme.text_3, false, false, "center");
    }
    for (const [name, kind, x, y] of ground.places) {
      if (kind === "pack_station" || kind === "door") continue;
      const [px, py] = this.px(x, y);
      this.label(short(name), px, py + 14, theme.text_3, false, false, "center");
    }
    if (this.view.scale * 1000 < 30) return;
    this.moment.workers.forEach((worker, who) => {
      if (worker.state === OFF) return;
      const [x, y] = this.px(worker.x, worker.y);
      this.label(short(replay.head.workers[who][0]), x + this.radius() + 4, y, theme.text_2);
    });
  }

  minimap(canvas) {
    const [left, bottom, right, top] = this.replay.head.ground.bounds, pen = canvas.getContext("2d"), { theme, view } = this;
    const scale = Math.min(canvas.width / (right - left), canvas.height / (top - bottom));
    const at = (x, y) => [canvas.width / 2 + (x - (left + right) / 2) * scale, canvas.height / 2 - (y - (bottom + top) / 2) * scale];
    pen.fillStyle = theme.panel;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = theme.fill[3];
    pen.beginPath();
    for (const [, ax, ay, bx, by] of this.replay.head.ground.aisles) {
      pen.moveTo(...at(ax, ay));
      pen.lineTo(...at(bx, by));
    }
    pen.stroke();
    for (const worker of this.moment.workers) {
      if (worker.state === OFF) continue;
      pen.fillStyle = worker.state === BREAK ? theme.idle : theme[this.replay.head.states[worker.state]];
      const [x, y] = at(worker.x, worker.y);
      pen.fillRect(x - 1, y - 1, 2, 2);
    }
    pen.strokeStyle = theme.text;
    const [x0, y0] = at(view.x - this.w / 2 / view.scale, view.y + this.h / 2 / view.scale);
    pen.strokeRect(x0, y0, this.w / view.scale * scale, this.h / view.scale * scale);
  }

  // What is under a point of the canvas, figures first.
  pick(px, py) {
    const { replay } = this, head = replay.head;
    let best = null, near = this.radius() + 5;
    this.moment.workers.forEach((worker, who) => {
      if (worker.state === OFF) return;
      const [x, y] = this.px(worker.x, worker.y), far = Math.hypot(x - px, y - py);
      if (far < near) { near = far; best = { kind: "worker", index: who, name: head.workers[who][0] }; }
    });
    if (best) return best;
    for (const [boxes, kind, list] of [[this.stationBoxes, "station", head.ground.stations], [this.doorBoxes, "door", head.ground.doors]]) {
      const index = boxes.findIndex(([x, y, w, h]) => px >= x && px <= x + w && py >= y && py <= y + h);
      if (index >= 0) return { kind, index, name: list[index][0] };
    }
    const [x, y] = this.mm(px, py), cells = replay.cells;
    for (let cell = 0; cell < cells.x.length; cell++) {
      if (Math.abs(x - cells.x[cell]) <= cells.half_x[cell] && Math.abs(y - cells.y[cell]) <= cells.half_y[cell]) {
        return { kind: "location", index: cell, name: head.cells.names[cell] };
      }
    }
    const aisle = head.ground.aisles.findIndex(([, ax, ay, bx, by]) => fromLine(x, y, ax, ay, bx, by) < 900);
    return aisle < 0 ? null : { kind: "aisle", index: aisle, name: head.ground.aisles[aisle][0] };
  }
}

function wayLength(replay, way) {
  const { pointX: x, pointY: y } = replay.deeds;
  let sum = 0;
  for (let i = 1; i < way.length; i++) sum += Math.hypot(x[way[i]] - x[way[i - 1]], y[way[i]] - y[way[i - 1]]);
  return sum;
}

function fromLine(x, y, ax, ay, bx, by) {
  const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy || 1;
  const share = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1);
  return Math.hypot(x - ax - dx * share, y - ay - dy * share);
}

// Where a chosen thing is now, in mm; an order is where the one is who took its last line.
function whereIs(replay, moment, chosen) {
  const { ground } = replay.head;
  switch (chosen.kind) {
    case "worker": {
      const worker = moment.workers[chosen.index];
      return worker.state === OFF ? null : [worker.x, worker.y];
    }
    case "location": return [replay.cells.x[chosen.index], replay.cells.y[chosen.index]];
    case "order": {
      const who = carrierOf(replay, chosen.index, moment.ms);
      return who < 0 ? null : [moment.workers[who].x, moment.workers[who].y];
    }
    case "station": return ground.stations[chosen.index].slice(1, 3);
    case "door": return ground.doors[chosen.index].slice(1, 3);
    case "aisle": {
      const [, ax, ay, bx, by] = ground.aisles[chosen.index];
      return [(ax + bx) / 2, (ay + by) / 2];
    }
    default: return null;
  }
}

// Who took the last line of an order and has not handed it to packing; -1 for nobody.
function carrierOf(replay, order, ms) {
  const { received, packed } = replay.orders;
  const packedAt = packed[order] < 0 ? Infinity : (received[order] + packed[order]) * 1000;
  const taken = (replay.takesOf.get(order) ?? []).filter((take) => take.at <= ms);
  return taken.length && ms < packedAt ? taken[taken.length - 1].who : -1;
}
