// --- heat: where people pass, wait or stand now, on a coarse grid

const HEAT_W = 180,
  HEAT_H = 114,
  HEAT_MODES = ["volume", "waiting", "backlog"],
  WINDOWS_MIN = [5, 30, 0];

class Heat {
  constructor(replay) {
    this.replay = replay;
    this.grid = new Float64Array(HEAT_W * HEAT_H);
    this.canvas = document.createElement("canvas");
    this.canvas.width = HEAT_W;
    this.canvas.height = HEAT_H;
    this.key = "";
    this.max = 1;
  }

  // The column from the left and the row from the bottom of a point's square.
  square(x, y) {
    const [left, bottom, right, top] = this.replay.head.ground.bounds;
    const held = (n, most) => Math.min(Math.max(Math.floor(n), 0), most - 1);
    return [
      held(((x - left) / (right - left)) * HEAT_W, HEAT_W),
      held(((y - bottom) / (top - bottom)) * HEAT_H, HEAT_H),
    ];
  }

  // The grid, row by row from the top, for a mode, a window in minutes (0: since the start) and a role (null: all).
  fill(ms, mode, minutes, role) {
    const { head, deeds } = this.replay;
    if (mode === "volume" && !minutes) return this.passedSoFar(ms, role);
    this.grid.fill(0);
    const since = minutes ? Math.max(ms - minutes * 60000, head.from) : head.from;
    const span = Math.max(ms - since, 60000) / 60000;
    deeds.workers.forEach((one, who) => {
      if (role !== null && head.workers[who][1] !== role) return;
      if (mode === "volume") this.passes(one, since > head.from ? since : -Infinity, ms, 1 / span);
      else if (mode === "waiting") this.waits(one, since, ms, 1 / span);
      else this.stands(one, ms);
    });
    if (mode === "backlog" && role === null) {
      head.ground.stations.forEach(([, x, y], station) =>
        this.put(...this.square(x, y), this.replay.queue(station, ms).waiting),
      );
    }
    return this.grid;
  }

  // All passes since the start: kept, so that time going on adds only what set out meanwhile.
  passedSoFar(ms, role) {
    const { head, deeds } = this.replay;
    if (!this.passed || this.passed.role !== role || this.passed.until > ms)
      this.passed = { role, until: null, grid: new Float64Array(HEAT_W * HEAT_H) };
    const { until, grid } = this.passed,
      own = this.grid;
    this.grid = grid;
    deeds.workers.forEach((one, who) => {
      if (role === null || head.workers[who][1] === role) this.passes(one, until ?? -Infinity, ms, 1);
    });
    this.grid = own;
    this.passed.until = ms;
    const minutes = Math.max(ms - head.from, 60000) / 60000;
    grid.forEach((passes, i) => {
      own[i] = passes / minutes;
    });
    return own;
  }

  put(column, row, amount) {
    this.grid[(HEAT_H - 1 - row) * HEAT_W + column] += amount;
  }

  // Movements that set out in the window, each once in every square that its way crosses.
  passes(one, since, until, weight) {
    const { pointX, pointY } = this.replay.deeds;
    for (let i = upTo(one.moveAt, since); i < one.moves.length && one.moveAt[i] <= until; i++) {
      const { way, duration } = one.moves[i],
        crossed = new Set();
      if (!duration) continue;
      for (let leg = 1; leg < way.length; leg++) {
        const [ax, ay, bx, by] = [pointX[way[leg - 1]], pointY[way[leg - 1]], pointX[way[leg]], pointY[way[leg]]];
        const [i0, j0] = this.square(ax, ay),
          [i1, j1] = this.square(bx, by),
          steps = Math.max(Math.abs(i1 - i0), Math.abs(j1 - j0), 1) * (i0 === i1 || j0 === j1 ? 1 : 4);
        for (let step = 0; step <= steps; step++) {
          const share = step / steps,
            straight = i0 === i1 || j0 === j1;
          const [column, row] = straight
            ? [Math.round(i0 + (i1 - i0) * share), Math.round(j0 + (j1 - j0) * share)]
            : this.square(ax + (bx - ax) * share, ay + (by - ay) * share);
          crossed.add(row * HEAT_W + column);
        }
      }
      for (const square of crossed) this.put(square % HEAT_W, Math.floor(square / HEAT_W), weight);
    }
  }

  // Where somebody stands who waits: at the end of his last way.
  stand(one, ms) {
    const places = upTo(one.moveAt, ms),
      point = places ? one.moves[places - 1].way.at(-1) : -1;
    return point < 0 ? null : this.square(this.replay.deeds.pointX[point], this.replay.deeds.pointY[point]);
  }

  waits(one, since, until, weight) {
    for (let i = Math.max(upTo(one.stateAt, since) - 1, 0); i < one.stateAt.length && one.stateAt[i] <= until; i++) {
      if (one.state[i] !== BLOCKED && one.state[i] !== WAITING) continue;
      const start = Math.max(one.stateAt[i], since),
        end = Math.min(one.stateAt[i + 1] ?? until, until),
        at = this.stand(one, one.stateAt[i]);
      if (end > start && at) this.put(...at, ((end - start) / 1000) * weight);
    }
  }

  stands(one, ms) {
    const states = upTo(one.stateAt, ms),
      state = states ? one.state[states - 1] : OFF,
      at = this.stand(one, ms);
    if ((state === BLOCKED || state === WAITING) && at) this.put(...at, 1);
  }

  // A picture of the grid, made anew when the time's quarter second, the mode or the theme changed.
  picture(ms, view, table) {
    const minutes = WINDOWS_MIN[view.window];
    const step = Math.max(250, view.speed * 250);
    const key = [Math.floor(ms / step), view.heat, minutes, view.role, view.theme].join();
    if (key === this.key) return this.canvas;
    this.key = key;
    const raw = this.fill(ms, view.heat, minutes, view.role),
      highest = Math.max(...raw);
    let grid = raw;
    for (let n = 0; n < SPREAD[view.heat]; n++) grid = spread(grid);
    const scale = highest / (Math.max(...grid) || 1);
    grid = grid.map((value) => value * scale);
    this.max = roundTop(grid);
    const pen = this.canvas.getContext("2d"),
      image = pen.createImageData(HEAT_W, HEAT_H);
    for (let i = 0; i < grid.length; i++) {
      const place = Math.min(Math.floor((grid[i] / this.max) * 255), 255) * 4;
      for (let channel = 0; channel < 4; channel++) image.data[i * 4 + channel] = table[place + channel];
    }
    pen.putImageData(image, 0, 0);
    return this.canvas;
  }
}

const KERNEL = [0.25, 0.6, 1, 0.6, 0.25],
  SPREAD = { volume: 1, waiting: 2, backlog: 2 };

// Each square's value into its neighbours, fainter, along one direction and then the other.
function spread(grid) {
  let from = grid;
  for (const [pace, length] of [
    [1, HEAT_W],
    [HEAT_W, HEAT_H],
  ]) {
    const into = new Float64Array(grid.length);
    for (let i = 0; i < from.length; i++) {
      if (!from[i]) continue;
      const place = pace === 1 ? i % HEAT_W : Math.floor(i / HEAT_W);
      KERNEL.forEach((weight, k) => {
        const there = place + k - 2;
        if (there >= 0 && there < length) into[i + (k - 2) * pace] += from[i] * weight;
      });
    }
    from = into;
  }
  return from;
}

// The end of the scale: a round number near what the fullest squares reach.
function roundTop(grid) {
  const there = grid.filter((v) => v > 0).sort();
  if (!there.length) return 1;
  const place = (there.length - 1) * 0.995,
    low = Math.floor(place),
    high = there[low] + ((there[low + 1] ?? there[low]) - there[low]) * (place - low);
  const power = 10 ** Math.floor(Math.log10(high));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((top) => top >= high * 0.85) ?? 10 * power;
}
