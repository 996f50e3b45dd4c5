// --- people: shape is role, colour is state; who stands at one point stands beside each other (people.py)

const SHAPES = { replenisher: "triangle", putaway_driver: "triangle", forklift: "triangle", agv: "square" };
const MARKS = { packer: "bar", receiver: "cross", loader: "post", counter: "dot", clerk: "ring" };
const ON_TOP = [0, 1, 2, 3, 5, 6, 4],
  ROW = 16,
  DOOR_ROW = 4,
  TRAIL_DOTS = 8,
  TRAIL_PX = 24,
  FLOW_DOTS = 24,
  FLOW_SPEED = 200,
  FADED = 120 / 255;

class People {
  constructor(replay, painter) {
    this.replay = replay;
    this.painter = painter;
    this.atDoor = new Set(replay.head.ground.doors.map(([, x, y]) => `${x},${y}`));
  }

  // Which benches have a worker who works.
  seated(moment) {
    const found = this.replay.head.ground.stations.map(() => []);
    this.replay.head.ground.seats.forEach((seat, who) => {
      if (seat) found[seat[0]][seat[1]] = moment.workers[who].state === WORKING;
    });
    return found;
  }

  // Who is drawn, and at which pixel: packers at their benches, others in rows before the place.
  figures(moment) {
    const { ground } = this.replay.head,
      { painter } = this,
      radius = this.radius(),
      pitch = 2 * radius + 2,
      spots = new Map(),
      found = [];
    moment.workers.forEach((worker, who) => {
      if (worker.state === OFF) return;
      const seat = ground.seats[who];
      let [x, y] = painter.px(worker.x, worker.y);
      const figure = { who, x, y, state: worker.state };
      found.push(figure);
      if (worker.state === MOVING) return;
      if (seat && Math.hypot(worker.x - ground.stations[seat[0]][1], worker.y - ground.stations[seat[0]][2]) < 1) {
        const [left, bottom, right, top] = ground.stations[seat[0]][5][seat[1]];
        [figure.x, figure.y] = painter.px((left + right) / 2, (bottom + top) / 2);
        return;
      }
      const spot = `${Math.round(worker.x)},${Math.round(worker.y)}`;
      if (!spots.has(spot)) spots.set(spot, []);
      spots.get(spot).push(figure);
    });
    for (const [spot, crowd] of spots) {
      const isDoor = this.atDoor.has(spot),
        wide = isDoor ? DOOR_ROW : ROW;
      crowd.forEach((figure, rank) => {
        const row = Math.floor(rank / wide),
          column = rank % wide,
          last = row === Math.floor((crowd.length - 1) / wide) ? crowd.length - row * wide : wide;
        if (crowd.length > 1) figure.x += Math.round((column - (last - 1) / 2) * pitch);
        figure.y += isDoor ? -(row + 1) * pitch : crowd.length > 1 ? row * pitch : 0;
      });
    }
    return found.sort((a, b) => ON_TOP[a.state] - ON_TOP[b.state]);
  }

  radius() {
    return Math.round(Math.min(Math.max(2.6 + this.painter.view.scale * 320, 4), 9));
  }

  // Who walks cannot be followed any more where time goes fast: figures fade, and their trails grow.
  draw(pen, theme, figures, flows) {
    const radius = this.radius();
    if (flows) pen.globalAlpha = FADED;
    for (const { who, x, y, state } of figures) {
      const role = this.replay.head.workers[who][1],
        small = role in MARKS ? Math.max(Math.round(radius * 0.8), 3) : radius;
      const rim = Math.max(Math.round(small * 0.38), 1),
        r = small + 0.3,
        colour = state === BREAK ? theme.idle : theme[this.replay.head.states[state]];
      this.shape(pen, role, x, y, r + rim, theme.background);
      this.shape(pen, role, x, y, r, colour);
      if (state === BREAK) this.shape(pen, role, x, y, r * 0.55, theme.background);
      else if (small >= 5 && MARKS[role]) this.mark(pen, MARKS[role], x, y, r, theme.background);
    }
    pen.globalAlpha = 1;
  }

  shape(pen, role, x, y, r, colour) {
    pen.fillStyle = colour;
    pen.beginPath();
    if (SHAPES[role] === "square") pen.roundRect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76, r / 4);
    else if (SHAPES[role] === "triangle") {
      pen.moveTo(x, y - r * 1.12);
      pen.lineTo(x + r * 1.08, y + r * 0.72);
      pen.lineTo(x - r * 1.08, y + r * 0.72);
    } else pen.arc(x, y, r, 0, Math.PI * 2);
    pen.fill();
  }

  mark(pen, mark, x, y, r, colour) {
    const thin = Math.max(r * 0.22, 1);
    pen.fillStyle = pen.strokeStyle = colour;
    if (mark === "bar" || mark === "cross") pen.fillRect(x - r * 0.5, y - thin, r, 2 * thin);
    if (mark === "post" || mark === "cross") pen.fillRect(x - thin, y - r * 0.5, 2 * thin, r);
    if (mark !== "dot" && mark !== "ring") return;
    pen.beginPath();
    pen.arc(x, y, mark === "dot" ? r * 0.32 : r * 0.4, 0, Math.PI * 2);
    pen.lineWidth = r * 0.2;
    if (mark === "dot") pen.fill();
    else pen.stroke();
  }

  // Eight fading dots along the last pixels of the way of each who moves; where it flows, three times as many.
  trails(pen, theme, moment, flows) {
    const count = flows ? FLOW_DOTS : TRAIL_DOTS;
    pen.fillStyle = theme.moving;
    for (const { state, move, share } of moment.workers) {
      if (state !== MOVING || !move) continue;
      const step = TRAIL_PX / TRAIL_DOTS / Math.max(wayLength(this.replay, move.way) * this.painter.view.scale, 1e-9);
      for (let dot = 0; dot < count; dot++) {
        const behind = share - step * (count - dot + 1.5);
        if (behind <= 0) continue;
        const [x, y] = this.painter.px(...this.replay.along(move.way, behind));
        pen.globalAlpha = (40 + Math.floor((150 * (dot + 1)) / count)) / 255;
        pen.fillRect(x - 1, y - 1, 2, 2);
      }
    }
    pen.globalAlpha = 1;
  }
}

function wayLength(replay, way) {
  const { pointX: x, pointY: y } = replay.deeds;
  let sum = 0;
  for (let i = 1; i < way.length; i++) sum += Math.hypot(x[way[i]] - x[way[i - 1]], y[way[i]] - y[way[i - 1]]);
  return sum;
}
