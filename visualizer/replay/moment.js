// --- moment: how everything stands at a time, a pure function of it

// Sums of changes, kept where they were asked for last; any other time is reached from there, in either direction.
class Sums {
  constructor(start, changes) {
    this.values = Float64Array.from(start);
    this.changes = changes;
    this.times = Float64Array.from(changes, (c) => c.at);
    this.done = 0;
  }

  at(ms) {
    const wanted = upTo(this.times, ms);
    for (; this.done < wanted; this.done++) this.values[this.changes[this.done].of] += this.changes[this.done].change;
    for (; this.done > wanted; this.done--) {
      const back = this.changes[this.done - 1];
      this.values[back.of] -= back.change;
    }
    return this.values;
  }
}

class Replay {
  constructor({ head, column }) {
    this.head = head;
    const ground = head.ground,
      cells = head.cells.names.length;
    this.deeds = readDeeds(head, column);
    this.cells = {};
    for (const name of [
      "x",
      "y",
      "half_x",
      "half_y",
      "bay",
      "side",
      "level",
      "aisle",
      "point",
      "full",
      "zone",
      "use",
      "storage",
    ]) {
      this.cells[name] = column(`cell.${name}`);
    }
    this.fewest = [1, 2, 3, 4, 5].map((step) => column(`cell.fewest_${step}`));
    const listed = (name) => {
      const at = column(`${name}.at`),
        of = column(`${name}.of`),
        change = column(`${name}.change`);
      return Array.from(at, (ms, i) => ({ at: ms, of: of[i], change: change[i] }));
    };
    const moved = this.deeds.takes.map(({ at, cell, change }) => ({ at, of: cell, change })).concat(listed("floor"));
    moved.sort((a, b) => a.at - b.at);
    this.floor = new Sums(column("floor.start"), moved);
    this.gap = new Sums(column("gap.start"), listed("gap"));
    this.waiting = new Sums(
      new Float64Array(ground.aisles.length),
      this.deeds.waits.map((w) => ({ at: w.at, of: w.aisle, change: w.change })),
    );
    this.staged = new Sums(column("staged.start"), listed("staged"));
    this.loaded = new Sums(column("loaded.start"), listed("loaded"));
    const perOne = (name, count) => {
      const counts = column(`${name}.count`),
        late = column(`${name}.late`),
        lists = [];
      let at = 0;
      for (let one = 0; one < count; one++) {
        const list = late.slice(at, (at += counts[one]));
        for (let i = 1; i < list.length; i++) list[i] += list[i - 1];
        lists.push(list);
      }
      return lists;
    };
    this.arrived = perOne("arrived", ground.stations.length);
    const perStation = (list) =>
      ground.stations.map((_, s) =>
        Float64Array.from(
          list.filter((e) => e.station === s),
          (e) => e.at,
        ),
      );
    this.begun = perStation(this.deeds.serves);
    this.served = perStation(this.deeds.served);
    this.entered = perOne("entered", ground.belts.length);
    this.left = perOne("left", ground.belts.length);
    this.jams = perOne("jams", ground.belts.length);
    const rides = column("entered.duration");
    let ridden = 0;
    this.rides = this.entered.map((list) => rides.slice(ridden, (ridden += list.length)));
    this.door = {
      at: column("door.at"),
      of: column("door.door"),
      value: column("door.trailer"),
      isIn: column("door.is_in"),
    };
    this.down = {
      at: column("down.at"),
      of: column("down.equipment"),
      value: column("down.up"),
      worker: column("down.worker"),
    };
    this.orders = {};
    for (const name of ["received", "due", "released", "packed", "loaded"]) this.orders[name] = column(`order.${name}`);
    this.takesOf = new Map();
    this.deeds.takes.forEach((take) => {
      if (take.order < 0) return;
      if (!this.takesOf.has(take.order)) this.takesOf.set(take.order, []);
      this.takesOf.get(take.order).push(take);
    });
  }

  worker(who, ms) {
    const one = this.deeds.workers[who];
    const states = upTo(one.stateAt, ms),
      places = upTo(one.moveAt, ms);
    let state = states ? one.state[states - 1] : OFF;
    if (!places) return { x: 0, y: 0, state, share: 1, move: null };
    const move = one.moves[places - 1];
    const share = move.duration > 0 ? Math.min(Math.max((ms - move.at) / move.duration, 0), 1) : 1;
    if (state === MOVING && share >= 1) state = WORKING;
    const [x, y] = this.along(move.way, share);
    return { x, y, state, share, move };
  }

  // The point at a share of a way.
  along(way, share) {
    const x = this.deeds.pointX,
      y = this.deeds.pointY;
    let whole = 0;
    for (let i = 1; i < way.length; i++) whole += Math.hypot(x[way[i]] - x[way[i - 1]], y[way[i]] - y[way[i - 1]]);
    let left = whole * share;
    for (let i = 1; i < way.length; i++) {
      const a = way[i - 1],
        b = way[i],
        leg = Math.hypot(x[b] - x[a], y[b] - y[a]);
      if (left <= leg && leg > 0) return [x[a] + ((x[b] - x[a]) * left) / leg, y[a] + ((y[b] - y[a]) * left) / leg];
      left -= leg;
    }
    const end = way[way.length - 1];
    return [x[end], y[end]];
  }

  // The last work that a worker began, as a number of head.started_words; -1 for none.
  work(who, ms) {
    const one = this.deeds.workers[who],
      began = upTo(one.workAt, ms);
    return began ? one.works[began - 1] : -1;
  }

  queue(station, ms) {
    const arrived = upTo(this.arrived[station], ms),
      begun = upTo(this.begun[station], ms),
      served = upTo(this.served[station], ms);
    const since = begun < arrived ? this.arrived[station][begun] : null;
    return { waiting: arrived - begun, serving: this.head.started.serving[station] + begun - served, since };
  }

  belt(belt, ms) {
    const entered = upTo(this.entered[belt], ms),
      left = upTo(this.left[belt], ms),
      shares = [];
    for (let i = left; i < entered; i++) {
      shares.push(Math.min(Math.max((ms - this.entered[belt][i]) / Math.max(this.rides[belt][i], 1), 0), 1));
    }
    return { shares, blocked: this.head.started.jams[belt] + upTo(this.jams[belt], ms) };
  }

  last(track, count, none, ms) {
    const values = new Array(count).fill(none);
    for (let i = 0, end = upTo(track.at, ms); i < end; i++) values[track.of[i]] = track.value[i];
    return values;
  }

  // What is wrong: equipment that is down, aisles that are closed.
  incidents(ms) {
    const { equipment, reasons, closures, ground } = this.head,
      last = new Map(),
      closed = new Map(),
      found = [];
    for (let i = 0, end = upTo(this.down.at, ms); i < end; i++) last.set(this.down.of[i], i);
    for (const [of, i] of [...last].sort((a, b) => a[0] - b[0])) {
      if (!this.down.value[i])
        found.push({
          kind: "down",
          name: equipment[of],
          since: this.down.at[i],
          reason: reasons[i],
          worker: this.down.worker[i],
        });
    }
    for (const [at, aisle, until] of closures) if (at <= ms) closed.set(aisle, [at, until ?? Infinity]);
    for (const [aisle, [since, until]] of [...closed].sort((a, b) => a[0] - b[0])) {
      if (ms < until)
        found.push({
          kind: "closed",
          name: ground.aisles[aisle][0],
          since,
          reason: "aisle_blocked",
          worker: -1,
          aisle,
        });
    }
    return found;
  }

  // Where it has been saturated for five minutes, the longest first.
  saturated(ms) {
    const open = this.head.saturated.filter((one) => one.at <= ms && ms < (one.until ?? Infinity));
    return open.sort((a, b) => a.since - b.since);
  }

  at(ms) {
    const { ground, trailers, equipment, workers } = this.head;
    const loaded = this.loaded.at(ms),
      staged = Array.from(this.staged.at(ms));
    ground.doors.forEach((door, i) => {
      if (door[3] >= 0) staged[door[3]] -= loaded[i];
    });
    return {
      ms,
      workers: workers.map((_, who) => this.worker(who, ms)),
      floor: this.floor.at(ms),
      gap: this.gap.at(ms),
      waiting: this.waiting.at(ms),
      queues: ground.stations.map((_, station) => this.queue(station, ms)),
      belts: ground.belts.map((_, belt) => this.belt(belt, ms)),
      trailers: this.last(this.door, ground.doors.length, -1, ms).map((t) => (t < 0 ? null : trailers[t])),
      isIn: this.last({ ...this.door, value: this.door.isIn }, ground.doors.length, 0, ms),
      staged: staged.map((units) => Math.max(units, 0)),
      incidents: this.incidents(ms),
      saturated: this.saturated(ms),
      down: this.last(this.down, equipment.length, 1, ms).flatMap((up, i) => (up ? [] : [equipment[i]])),
    };
  }

  // How full a location is: 0 for empty, else one of five steps.
  step(cell, units) {
    let step = 0;
    while (step < 5 && units >= this.fewest[step][cell]) step++;
    return step;
  }
}
