// --- inspector: what is chosen

class Inspector {
  constructor(panels) {
    this.panels = panels;
  }

  rows() {
    const { words, state } = this.panels,
      chosen = state.selection;
    const follow =
      chosen && ["worker", "order"].includes(chosen.kind)
        ? words.say(state.follow ? "inspect.following" : "inspect.follow")
        : "";
    const rows = [heading(words.say("inspect.title"), follow)];
    if (!chosen) return [...rows, el("p", "muted", words.say("inspect.nothing"))];
    const title = el("div", "title");
    title.append(el("b", "", short(chosen.name)));
    rows.push(title);
    return rows.concat(this[chosen.kind](chosen.index, title));
  }

  worker(who, title) {
    const { replay, words, moment } = this.panels,
      ms = moment.ms,
      worker = moment.workers[who],
      head = replay.head;
    const one = replay.deeds.workers[who],
      state = head.states[worker.state],
      rows = [];
    const pill = el("span", "pill", words.word("state", state));
    pill.dataset.state = state;
    title.append(pill);
    rows.push(row(words.say("inspect.role"), words.word("role", head.workers[who][1])));
    const work = replay.work(who, ms);
    rows.push(
      row(
        words.say("inspect.task"),
        work < 0 || [OFF, IDLE, BREAK].includes(worker.state)
          ? words.say("inspect.free")
          : words.word("work", head.started_words[work]),
      ),
    );
    if (worker.move && worker.state === MOVING) {
      const left = (wayLength(replay, worker.move.way) * (1 - worker.share)) / 1000;
      rows.push(
        row(
          words.say("inspect.next_stop"),
          `${this.pointName(worker.move.way.at(-1))} · ${words.say("inspect.left", { m: Math.round(left) })}`,
        ),
      );
    }
    const lines = replay.deeds.takes.reduce(
      (n, take) => n + (take.who === who && take.order >= 0 && take.at <= ms && take.at > head.from),
      0,
    );
    let mm = 0,
      waited = 0;
    for (const move of one.moves) {
      if (move.at > ms) break;
      mm += wayLength(replay, move.way) * (move.duration ? Math.min((ms - move.at) / move.duration, 1) : 1);
    }
    one.stateAt.forEach((at, i) => {
      if (at <= ms && (one.state[i] === BLOCKED || one.state[i] === WAITING))
        waited += Math.min(one.stateAt[i + 1] ?? ms, ms) - at;
    });
    rows.push(
      row(
        words.say("inspect.shift"),
        words.say("inspect.shift_figures", { lines, km: (mm / 1e6).toFixed(1), waited: span(waited) }),
      ),
    );
    rows.push(el("span", "muted", words.say("inspect.last_minutes")), this.history(one, ms));
    return rows;
  }

  // The last ten minutes as a bar of states.
  history(one, ms) {
    const bar = el("canvas", "bar"),
      pen = bar.getContext("2d"),
      since = ms - 600000;
    bar.width = 370;
    bar.height = 12;
    for (let i = Math.max(upTo(one.stateAt, since) - 1, 0); i < one.stateAt.length && one.stateAt[i] <= ms; i++) {
      const left = Math.max((one.stateAt[i] - since) / 600000, 0),
        right = Math.min(((one.stateAt[i + 1] ?? ms) - since) / 600000, 1);
      const name = this.panels.replay.head.states[one.state[i]];
      pen.fillStyle =
        name === "off" ? this.panels.theme.raised : name === "break" ? this.panels.theme.idle : this.panels.theme[name];
      pen.fillRect(left * bar.width, 0, Math.max((right - left) * bar.width - 1, 0.5), bar.height);
    }
    return bar;
  }

  pointName(point) {
    const { replay } = this.panels,
      cell = replay.cells.point.indexOf(point);
    if (cell >= 0) return short(replay.head.cells.names[cell]);
    const x = replay.deeds.pointX[point],
      y = replay.deeds.pointY[point];
    const place = replay.head.ground.places.find(([, , px, py]) => px === x && py === y);
    if (place) return short(place[0]);
    const aisle = replay.head.ground.aisles.find(
      ([, ax, ay, bx, by]) => (ax === x && ay === y) || (bx === x && by === y),
    );
    return aisle ? short(aisle[0]) : "·";
  }

  location(cell) {
    const { replay, words, moment, clock } = this.panels,
      { head, cells } = replay;
    const floor = moment.floor[cell],
      gap = moment.gap[cell],
      rows = [];
    const letter = ["legend.none", "legend.c", "legend.b", "legend.a"][this.panels.does.classOf(cell)];
    rows.push(
      row(
        words.say("inspect.zone"),
        `${head.cells.zone[cells.zone[cell]]} · ${words.word("temperature", head.cells.storage[cells.storage[cell]])}`,
      ),
    );
    rows.push(row(words.say("inspect.floor"), words.say("unit.units", { n: floor })));
    rows.push(row(words.say("inspect.book"), words.say("unit.units", { n: floor + gap })));
    if (gap) rows.push(row(words.say("inspect.difference"), signed(gap)));
    rows.push(row(words.say("inspect.abc"), words.say(letter)));
    const visits = replay.deeds.takes
      .filter((take) => take.cell === cell && take.at <= moment.ms)
      .slice(-4)
      .reverse();
    rows.push(el("span", "muted", words.say("inspect.visits")));
    for (const take of visits)
      rows.push(
        this.visit(take.at, `${clock.at(take.at)}  ${short(head.workers[take.who][0])}  ${signed(take.change)}`, {
          kind: "worker",
          index: take.who,
          name: head.workers[take.who][0],
        }),
      );
    if (!visits.length) rows.push(el("p", "muted", words.say("inspect.never")));
    return rows;
  }

  order(order, title) {
    const { replay, words, clock, moment } = this.panels,
      ms = moment.ms,
      { head, orders } = replay,
      rows = [];
    const received = orders.received[order] * 1000,
      since = (name) => (orders[name][order] < 0 ? Infinity : received + orders[name][order] * 1000);
    const taken = replay.takesOf.get(order) ?? [],
      done = taken.filter((take) => take.at <= ms);
    const status =
      ms < received
        ? "unknown"
        : since("loaded") <= ms
          ? "loaded"
          : since("packed") <= ms
            ? "packed"
            : done.length
              ? "picking"
              : since("released") <= ms
                ? "released"
                : "received";
    title.append(el("span", "pill", status === "unknown" ? words.say("inspect.gone") : words.word("status", status)));
    rows.push(row(words.word("status", "received"), clock.at(received)));
    if (orders.due[order] >= 0) rows.push(row(words.say("inspect.due"), clock.at(orders.due[order] * 1000)));
    for (const name of ["released", "packed", "loaded"]) {
      if (since(name) <= ms) rows.push(row(words.word("status", name), clock.at(since(name))));
    }
    rows.push(row(words.say("inspect.lines"), words.say("inspect.progress", { done: done.length, all: taken.length })));
    for (const take of done.slice(-5)) {
      rows.push(
        this.visit(
          take.at,
          `${clock.at(take.at)}  ${short(head.cells.names[take.cell])}  ${signed(take.change)}  ${short(head.workers[take.who][0])}`,
          { kind: "location", index: take.cell, name: head.cells.names[take.cell] },
        ),
      );
    }
    return rows;
  }

  visit(at, text, chosen) {
    const button = el("button", "link", text);
    button.addEventListener("click", () => this.panels.does.select(chosen));
    return button;
  }

  station(station) {
    const { words, moment, replay } = this.panels,
      queue = moment.queues[station],
      benches = replay.head.ground.stations[station][3];
    const rows = [
      row(words.say("inspect.occupancy"), benches === null ? String(queue.serving) : `${queue.serving} / ${benches}`),
      row(words.say("inspect.queue"), String(queue.waiting)),
    ];
    if (queue.since !== null) rows.push(row(words.say("queues.by_wait"), span(moment.ms - queue.since)));
    return rows;
  }

  door(door) {
    const { words, moment, replay } = this.panels,
      lane = replay.head.ground.doors[door][3];
    const rows = [row(words.say("inspect.truck"), moment.trailers[door] ? short(moment.trailers[door]) : "–")];
    if (lane >= 0)
      rows.push(
        row(
          words.say("map.lane", { name: short(replay.head.ground.lanes[lane][0]) }),
          words.say("unit.units", { n: moment.staged[lane] }),
        ),
      );
    return rows;
  }

  aisle(aisle) {
    const { words, moment, replay } = this.panels,
      [, , , , , capacity, [left, bottom, right, top]] = replay.head.ground.aisles[aisle];
    const inside = moment.workers.filter(
      (w) => w.state !== OFF && w.x > left && w.x < right && w.y > bottom && w.y < top,
    ).length;
    return [
      row(words.say("inspect.occupancy"), capacity === null ? String(inside) : `${inside} / ${capacity}`),
      row(words.say("inspect.queue"), String(moment.waiting[aisle])),
    ];
  }
}
