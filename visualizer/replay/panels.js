// --- panels: words and numbers beside the map; every name is set as text, never as markup

const HOUR_MS = 3600000, WEEK = 7;

class Words {
  constructor(head) {
    this.table = head.words;
    this.language = head.language;
  }

  say(key, values = {}) {
    const pair = this.table[key];
    const text = pair ? pair[this.language === "zh" ? 1 : 0] : key;
    return text.replace(/\{(\w+)[^{}]*\}/g, (_, name) => values[name] ?? "");
  }

  // A name out of the run, as a word where there is one.
  word(group, name) {
    const key = `${group}.${name}`;
    if (this.table[key]) return this.say(key);
    const plain = String(name).replace(/(?<=[a-z])(?=[A-Z])|_/g, " ").trim();
    return plain.charAt(0).toUpperCase() + plain.slice(1).toLowerCase();
  }
}

function el(tag, className = "", text = null) {
  const found = document.createElement(tag);
  if (className) found.className = className;
  if (text !== null) found.textContent = text;
  return found;
}

const pad = (n) => String(n).padStart(2, "0");
function span(ms) {
  const s = Math.max(Math.floor(ms / 1000), 0), h = Math.floor(s / 3600);
  return h ? `${h}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${pad(Math.floor(s / 60))}:${pad(s % 60)}`;
}

class Clock {
  constructor(start) {
    const [year, month, day, hour, minute, second] = start.split(/[-T:]/).map(Number);
    this.start = Date.UTC(year, month - 1, day, hour, minute, second || 0);
    this.midnight = Date.UTC(year, month - 1, day);
  }

  at(ms) {
    return new Date(this.start + ms).toISOString().slice(11, 19);
  }

  day(ms) {
    return Math.floor((this.start + ms - this.midnight) / (24 * HOUR_MS)) + 1;
  }

  weekday(ms) {
    return (new Date(this.start + ms).getUTCDay() + WEEK - 1) % WEEK;
  }

  // "10:45" or "10:45:41" on the day of `near`, "2d10:45", "+2h30m" or "2h30m" since the start; null if it is none.
  read(text, near) {
    const clock = /^(?:(\d+)d)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
    if (clock) {
      const day = clock[1] ? Number(clock[1]) : this.day(near);
      if (Number(clock[2]) > 23 || Number(clock[3]) > 59 || Number(clock[4] ?? 0) > 59) return null;
      return this.midnight + (day - 1) * 24 * HOUR_MS + clock[2] * HOUR_MS + clock[3] * 60000 + (clock[4] ?? 0) * 1000 - this.start;
    }
    const gone = /^\+?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
    if (!gone || !(gone[1] || gone[2] || gone[3])) return null;
    return (gone[1] ?? 0) * HOUR_MS + (gone[2] ?? 0) * 60000 + (gone[3] ?? 0) * 1000;
  }
}

class Panels {
  constructor(replay, words, clock, does) {
    this.replay = replay;
    this.words = words;
    this.clock = clock;
    this.does = does;
    this.said = {};
  }

  get(id) {
    return document.getElementById(id);
  }

  // Put rows into a part of the page, but only if they differ from what stands there.
  put(id, key, make) {
    if (this.said[id] === key) return;
    this.said[id] = key;
    this.get(id).replaceChildren(...make());
  }

  draw(moment, state, theme) {
    this.moment = moment;
    this.state = state;
    this.theme = theme;
    this.top();
    this.put("inspector", this.keyOf(Math.floor(moment.ms / 500), JSON.stringify(state.selection), state.follow), () => this.inspector());
    this.put("queues", this.keyOf(Math.floor(moment.ms / 1000)), () => this.queues());
    this.put("log", this.keyOf(upTo(this.replay.markTimes, moment.ms)), () => this.log());
  }

  keyOf(...parts) {
    return [this.words.language, this.state.theme, ...parts].join("|");
  }

  top() {
    const { replay, words, clock, moment, state } = this, title = replay.head.title;
    this.get("scenario").textContent = title.scenario;
    this.get("policy").textContent = [words.say("top.policy", { policy: title.policies.batching ?? "" }), words.say("top.seed", { seed: title.seed })].join("  ");
    this.get("badge").textContent = words.say("badge.replay");
    this.get("time").textContent = clock.at(moment.ms);
    const speed = state.playing ? words.say("top.speed", { speed: state.speed }) : words.say("top.paused");
    this.get("day").textContent = `${words.say("top.day", { day: clock.day(moment.ms), weekday: words.say(`weekday.${clock.weekday(moment.ms)}`) })} · ${speed}`;
    const series = replay.head.series, point = Math.max(upTo(series.at, moment.ms) - 1, 0);
    this.put("cards", this.keyOf(point), () => series.cards.map((card) => {
      const box = el("div", "card"), canvas = el("canvas");
      box.append(el("span", "muted", words.say(card.key)), el("b", "", shown(card.points[point], card)), canvas);
      canvas.width = 48;
      canvas.height = 20;
      sparkline(canvas, card.points.slice(Math.max(point - 60, 0), point + 1), this.theme.moving);
      return box;
    }));
  }

  heading(title, note = "") {
    const row = el("div", "heading");
    row.append(el("b", "", title), el("span", "muted", note));
    return row;
  }

  row(name, value) {
    const row = el("div", "row");
    row.append(el("span", "muted", name), el("span", "", value));
    return row;
  }

  inspector() {
    const { words, state } = this, chosen = state.selection;
    const follow = chosen && ["worker", "order"].includes(chosen.kind) ? words.say(state.follow ? "inspect.following" : "inspect.follow") : "";
    const rows = [this.heading(words.say("inspect.title"), follow)];
    if (!chosen) return [...rows, el("p", "muted", words.say("inspect.nothing"))];
    const title = el("div", "title");
    title.append(el("b", "", short(chosen.name)));
    rows.push(title);
    return rows.concat(this[chosen.kind](chosen.index, title));
  }

  worker(who, title) {
    const { replay, words, moment } = this, ms = moment.ms, worker = moment.workers[who], head = replay.head;
    const one = replay.deeds.workers[who], state = head.states[worker.state], rows = [];
    const pill = el("span", "pill", words.word("state", state));
    pill.dataset.state = state;
    title.append(pill);
    rows.push(this.row(words.say("inspect.role"), words.word("role", head.workers[who][1])));
    const work = replay.work(who, ms);
    rows.push(this.row(words.say("inspect.task"), work < 0 || [OFF, IDLE, BREAK].includes(worker.state) ? words.say("inspect.free") : words.word("work", head.started_words[work])));
    if (worker.move && worker.state === MOVING) {
      const left = wayLength(replay, worker.move.way) * (1 - worker.share) / 1000;
      rows.push(this.row(words.say("inspect.next_stop"), `${this.pointName(worker.move.way.at(-1))} · ${words.say("inspect.left", { m: Math.round(left) })}`));
    }
    const lines = replay.deeds.takes.reduce((n, take) => n + (take.who === who && take.order >= 0 && take.at <= ms && take.at > head.from), 0);
    let mm = 0, waited = 0;
    for (const move of one.moves) {
      if (move.at > ms) break;
      mm += wayLength(replay, move.way) * (move.duration ? Math.min((ms - move.at) / move.duration, 1) : 1);
    }
    one.stateAt.forEach((at, i) => {
      if (at <= ms && (one.state[i] === BLOCKED || one.state[i] === WAITING)) waited += Math.min(one.stateAt[i + 1] ?? ms, ms) - at;
    });
    rows.push(this.row(words.say("inspect.shift"), words.say("inspect.shift_figures", { lines, km: (mm / 1e6).toFixed(1), waited: span(waited) })));
    rows.push(el("span", "muted", words.say("inspect.last_minutes")), this.history(one, ms));
    return rows;
  }

  // The last ten minutes as a bar of states.
  history(one, ms) {
    const bar = el("canvas", "bar"), pen = bar.getContext("2d"), since = ms - 600000;
    bar.width = 370;
    bar.height = 12;
    for (let i = Math.max(upTo(one.stateAt, since) - 1, 0); i < one.stateAt.length && one.stateAt[i] <= ms; i++) {
      const left = Math.max((one.stateAt[i] - since) / 600000, 0), right = Math.min(((one.stateAt[i + 1] ?? ms) - since) / 600000, 1);
      const name = this.replay.head.states[one.state[i]];
      pen.fillStyle = name === "off" ? this.theme.raised : name === "break" ? this.theme.idle : this.theme[name];
      pen.fillRect(left * bar.width, 0, Math.max((right - left) * bar.width - 1, 0.5), bar.height);
    }
    return bar;
  }

  pointName(point) {
    const { replay } = this, cell = replay.cells.point.indexOf(point);
    if (cell >= 0) return short(replay.head.cells.names[cell]);
    const x = replay.deeds.pointX[point], y = replay.deeds.pointY[point];
    const place = replay.head.ground.places.find(([, , px, py]) => px === x && py === y);
    if (place) return short(place[0]);
    const aisle = replay.head.ground.aisles.find(([, ax, ay, bx, by]) => (ax === x && ay === y) || (bx === x && by === y));
    return aisle ? short(aisle[0]) : "·";
  }

  location(cell) {
    const { replay, words, moment, clock } = this, { head, cells } = replay;
    const floor = moment.floor[cell], gap = moment.gap[cell], rows = [];
    const letter = ["legend.none", "legend.c", "legend.b", "legend.a"][this.does.classOf(cell)];
    rows.push(this.row(words.say("inspect.zone"), `${head.cells.zone[cells.zone[cell]]} · ${words.word("temperature", head.cells.storage[cells.storage[cell]])}`));
    rows.push(this.row(words.say("inspect.floor"), words.say("unit.units", { n: floor })));
    rows.push(this.row(words.say("inspect.book"), words.say("unit.units", { n: floor + gap })));
    if (gap) rows.push(this.row(words.say("inspect.difference"), signed(gap)));
    rows.push(this.row(words.say("inspect.abc"), words.say(letter)));
    const visits = replay.deeds.takes.filter((take) => take.cell === cell && take.at <= moment.ms).slice(-4).reverse();
    rows.push(el("span", "muted", words.say("inspect.visits")));
    for (const take of visits) rows.push(this.visit(take.at, `${clock.at(take.at)}  ${short(head.workers[take.who][0])}  ${signed(take.change)}`, { kind: "worker", index: take.who, name: head.workers[take.who][0] }));
    if (!visits.length) rows.push(el("p", "muted", words.say("inspect.never")));
    return rows;
  }

  order(order, title) {
    const { replay, words, clock, moment } = this, ms = moment.ms, { head, orders } = replay, rows = [];
    const received = orders.received[order] * 1000, since = (name) => (orders[name][order] < 0 ? Infinity : received + orders[name][order] * 1000);
    const taken = (replay.takesOf.get(order) ?? []), done = taken.filter((take) => take.at <= ms);
    const status = ms < received ? "unknown" : since("loaded") <= ms ? "loaded" : since("packed") <= ms ? "packed"
      : done.length ? "picking" : since("released") <= ms ? "released" : "received";
    title.append(el("span", "pill", status === "unknown" ? words.say("inspect.gone") : words.word("status", status)));
    rows.push(this.row(words.word("status", "received"), clock.at(received)));
    if (orders.due[order] >= 0) rows.push(this.row(words.say("inspect.due"), clock.at(orders.due[order] * 1000)));
    for (const name of ["released", "packed", "loaded"]) {
      if (since(name) <= ms) rows.push(this.row(words.word("status", name), clock.at(since(name))));
    }
    rows.push(this.row(words.say("inspect.lines"), words.say("inspect.progress", { done: done.length, all: taken.length })));
    for (const take of done.slice(-5)) {
      rows.push(this.visit(take.at, `${clock.at(take.at)}  ${short(head.cells.names[take.cell])}  ${signed(take.change)}  ${short(head.workers[take.who][0])}`, { kind: "location", index: take.cell, name: head.cells.names[take.cell] }));
    }
    return rows;
  }

  visit(at, text, chosen) {
    const button = el("button", "link", text);
    button.addEventListener("click", () => this.does.select(chosen));
    return button;
  }

  station(station) {
    const { words, moment, replay } = this, queue = moment.queues[station], benches = replay.head.ground.stations[station][3];
    const rows = [this.row(words.say("inspect.occupancy"), benches === null ? String(queue.serving) : `${queue.serving} / ${benches}`), this.row(words.say("inspect.queue"), String(queue.waiting))];
    if (queue.since !== null) rows.push(this.row(words.say("queues.by_wait"), span(moment.ms - queue.since)));
    return rows;
  }

  door(door) {
    const { words, moment, replay } = this, lane = replay.head.ground.doors[door][3];
    const rows = [this.row(words.say("inspect.truck"), moment.trailers[door] ? short(moment.trailers[door]) : "–")];
    if (lane >= 0) rows.push(this.row(words.say("map.lane", { name: short(replay.head.ground.lanes[lane][0]) }), words.say("unit.units", { n: moment.staged[lane] })));
    return rows;
  }

  aisle(aisle) {
    const { words, moment, replay } = this, [, , , , , capacity, [left, bottom, right, top]] = replay.head.ground.aisles[aisle];
    const inside = moment.workers.filter((w) => w.state !== OFF && w.x > left && w.x < right && w.y > bottom && w.y < top).length;
    return [this.row(words.say("inspect.occupancy"), capacity === null ? String(inside) : `${inside} / ${capacity}`), this.row(words.say("inspect.queue"), String(moment.waiting[aisle]))];
  }

  // The six places where somebody has waited longest.
  queues() {
    const { words, moment, replay } = this, ground = replay.head.ground, found = [];
    moment.queues.forEach((queue, i) => {
      if (queue.waiting) found.push({ name: words.say("queue.station", { name: short(ground.stations[i][0]) }), count: queue.waiting, since: queue.since, chosen: { kind: "station", index: i, name: ground.stations[i][0] } });
    });
    const since = new Map();
    moment.workers.forEach((worker, who) => {
      if (worker.state !== BLOCKED) return;
      const one = replay.deeds.workers[who], at = one.stateAt[upTo(one.stateAt, moment.ms) - 1];
      const wait = replay.waitsOf[who], last = wait[upTo(wait.map((w) => w.at), moment.ms) - 1];
      if (last) since.set(last.aisle, Math.min(since.get(last.aisle) ?? Infinity, at));
    });
    moment.waiting.forEach((count, i) => {
      if (count > 0) found.push({ name: words.say("queue.aisle", { name: short(ground.aisles[i][0]) }), count, since: since.get(i) ?? moment.ms, chosen: { kind: "aisle", index: i, name: ground.aisles[i][0] } });
    });
    found.sort((a, b) => a.since - b.since);
    const most = Math.max(...found.map((q) => q.count), 1), rows = [this.heading(words.say("queues.title"), words.say("queues.by_wait"))];
    if (!found.length) rows.push(el("p", "muted", words.say("queues.none")));
    for (const queue of found.slice(0, 6)) {
      const row = el("button", "queue"), bar = el("i"), fill = el("i");
      fill.style.width = `${Math.round(queue.count / most * 100)}%`;
      fill.className = queue.count >= 5 ? "bad" : queue.count >= 3 ? "warning" : "";
      bar.append(fill);
      row.append(el("span", "", queue.name), bar, el("b", "", String(queue.count)), el("span", "muted", span(moment.ms - queue.since)));
      row.addEventListener("click", () => this.does.select(queue.chosen, true));
      rows.push(row);
    }
    return rows;
  }

  log() {
    const { words, clock, replay, moment } = this, rows = [this.heading(words.say("log.title"), words.say("log.follow"))];
    const seen = upTo(replay.markTimes, moment.ms), marks = replay.head.marks.slice(Math.max(seen - 60, 0), seen).reverse();
    if (!marks.length) rows.push(el("p", "muted", words.say("log.empty")));
    for (const mark of marks) {
      const button = el("button", "event");
      button.append(el("span", "muted", clock.at(mark.at)), el("i", mark.shape), el("span", "", tellMark(words, mark)));
      button.addEventListener("click", () => this.does.seek(mark.at));
      rows.push(button);
    }
    return rows;
  }
}

function tellMark(words, mark) {
  const what = [mark.worker, mark.equipment, mark.location].filter(Boolean).map(short);
  const why = mark.reason ? words.word("reason", mark.reason) : mark.action ? words.word("order", mark.action) : "";
  return [words.word("event", mark.kind), ...new Set(what), why].filter(Boolean).join(" · ");
}

const signed = (n) => (n < 0 ? `\u2212${-n}` : `+${n}`);

function shown(value, { unit = "", digits = 0, percent = false, per = 1 }) {
  if (value === null || value === undefined) return "–";
  const text = (percent ? value * 100 : value / per).toFixed(digits).replace("-", "\u2212").replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  return percent ? `${text}%` : text + unit;
}

function sparkline(canvas, values, colour) {
  const pen = canvas.getContext("2d"), known = values.filter((v) => v !== null);
  const low = Math.min(...known), high = Math.max(...known), tall = high - low || 1;
  pen.strokeStyle = colour;
  pen.beginPath();
  values.forEach((value, i) => {
    if (value !== null) pen.lineTo(i / Math.max(values.length - 1, 1) * (canvas.width - 2) + 1, canvas.height - 2 - (value - low) / tall * (canvas.height - 4));
  });
  pen.stroke();
}
