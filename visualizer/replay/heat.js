// --- heat: where people pass, wait or stand now, on a coarse grid

const HEAT_W = 180, HEAT_H = 114, HEAT_MODES = ["volume", "waiting", "backlog"], WINDOWS_MIN = [5, 30, 0];
const LEAST_MAX = { volume: 2, waiting: 6, backlog: 3 };

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

  cellOf(x, y) {
    const [left, bottom, right, top] = this.replay.head.ground.bounds;
    const column = Math.floor((x - left) / (right - left) * HEAT_W), row = Math.floor((top - y) / (top - bottom) * HEAT_H);
    return column < 0 || row < 0 || column >= HEAT_W || row >= HEAT_H ? -1 : row * HEAT_W + column;
  }

  // The grid for a mode, a window in minutes (0: since the start) and a role (null: all).
  fill(ms, mode, minutes, role) {
    this.grid.fill(0);
    const { head, deeds } = this.replay;
    const since = minutes ? Math.max(ms - minutes * 60000, head.from) : head.from;
    const span = Math.max((ms - since) / 60000, 1);
    deeds.workers.forEach((one, who) => {
      if (role !== null && head.workers[who][1] !== role) return;
      if (mode === "volume") this.passes(one, since, ms, 1 / span);
      else if (mode === "waiting") this.waits(one, who, since, ms, 1 / span);
      else this.stands(who, ms);
    });
    if (mode === "backlog" && role === null) {
      head.ground.stations.forEach(([, x, y], station) => this.put(x, y, this.replay.queue(station, ms).waiting));
    }
    return this.grid;
  }

  put(x, y, amount) {
    const cell = this.cellOf(x, y);
    if (cell >= 0) this.grid[cell] += amount;
  }

  passes(one, since, until, weight) {
    const { pointX, pointY } = this.replay.deeds;
    const [left, , right] = this.replay.head.ground.bounds, pace = (right - left) / HEAT_W;
    for (let i = upTo(one.moveAt, since); i < one.moves.length && one.moveAt[i] <= until; i++) {
      const { way } = one.moves[i];
      let before = -1;
      for (let leg = 1; leg < way.length; leg++) {
        const ax = pointX[way[leg - 1]], ay = pointY[way[leg - 1]], bx = pointX[way[leg]], by = pointY[way[leg]];
        const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / pace));
        for (let step = 0; step <= steps; step++) {
          const cell = this.cellOf(ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps);
          if (cell >= 0 && cell !== before) this.grid[cell] += weight;
          before = cell;
        }
      }
    }
  }

  waits(one, who, since, until, weight) {
    for (let i = Math.max(upTo(one.stateAt, since) - 1, 0); i < one.stateAt.length && one.stateAt[i] <= until; i++) {
      if (one.state[i] !== BLOCKED && one.state[i] !== WAITING) continue;
      const start = Math.max(one.stateAt[i], since), end = Math.min(one.stateAt[i + 1] ?? until, until);
      if (end <= start) continue;
      const { x, y } = this.replay.worker(who, start);
      this.put(x, y, (end - start) / 1000 * weight);
    }
  }

  stands(who, ms) {
    const { x, y, state } = this.replay.worker(who, ms);
    if (state === BLOCKED || state === WAITING) this.put(x, y, 1);
  }

  // A picture of the grid, made anew when the time's quarter second, the mode or the theme changed.
  picture(ms, view, table) {
    const minutes = WINDOWS_MIN[view.window];
    const step = Math.max(250, view.speed * 250);
    const key = [Math.floor(ms / step), view.heat, minutes, view.role, view.theme].join();
    if (key === this.key) return this.canvas;
    this.key = key;
    const grid = spread(this.fill(ms, view.heat, minutes, view.role));
    const warm = Array.from(grid).filter((v) => v > 0).sort((a, b) => a - b);
    this.max = Math.max(warm.length ? warm[Math.floor(warm.length * 0.98)] : 0, LEAST_MAX[view.heat] / 4);
    const pen = this.canvas.getContext("2d"), image = pen.createImageData(HEAT_W, HEAT_H);
    for (let i = 0; i < grid.length; i++) {
      const place = Math.min(Math.floor(grid[i] / this.max * 255), 255) * 4;
      for (let channel = 0; channel < 4; channel++) image.data[i * 4 + channel] = table[place + channel];
    }
    pen.putImageData(image, 0, 0);
    return this.canvas;
  }
}

// Each value a little over its neighbours: 1 2 1 in both directions, the middle kept whole.
function spread(grid) {
  const found = new Float64Array(grid.length);
  for (let row = 0; row < HEAT_H; row++) {
    for (let column = 0; column < HEAT_W; column++) {
      const value = grid[row * HEAT_W + column];
      if (!value) continue;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const r = row + dy, c = column + dx;
          if (r >= 0 && c >= 0 && r < HEAT_H && c < HEAT_W) found[r * HEAT_W + c] += value / (1 + Math.abs(dx)) / (1 + Math.abs(dy));
        }
      }
    }
  }
  return found;
}
