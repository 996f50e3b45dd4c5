// --- fixtures: what stands on the floor, and what machines and doors do (decor.py, machines.py)

const TOTE_MM = 600,
  QUEUE_DOTS = 7;
const short = (name) => name.slice(name.lastIndexOf("/") + 1);

// A colour laid over another at a share: an opaque tint.
function mixed(colour, ground, share) {
  const part = (text, at) => parseInt(text.slice(at, at + 2), 16);
  const channel = (at) =>
    Math.round(part(colour, at) * share + part(ground, at) * (1 - share))
      .toString(16)
      .padStart(2, "0");
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

class Fixtures {
  constructor(replay, painter) {
    this.replay = replay;
    this.painter = painter;
    this.ground = replay.head.ground;
  }

  // All that stands still, below the racks; drawn into a kept picture.
  still(pen, theme) {
    const { painter, ground } = this,
      zone = mixed(theme.panel, theme.background, 0.4),
      lane = mixed(theme.line, theme.background, 0.22);
    for (const [, , box] of ground.zones) card(pen, painter.box(box), zone, zone, 4);
    pen.fillStyle = lane;
    for (const box of [...ground.crossings, ...ground.aisles.map((aisle) => aisle[6])])
      pen.fillRect(...painter.box(box));
    for (const aisle of ground.aisles) if (aisle[7] === "up" || aisle[7] === "down") this.arrows(pen, theme, aisle);
    for (const belt of ground.belts) this.belt(pen, theme, belt);
    for (const place of ground.lanes)
      card(
        pen,
        painter.box(place[3]),
        mixed(theme.panel, theme.background, 0.8),
        mixed(theme.line, theme.background, 0.9),
        3,
      );
  }

  chevrons(pen, [ax, ay], [bx, by], side, first, pace) {
    const length = Math.hypot(bx - ax, by - ay) || 1,
      ux = (bx - ax) / length,
      uy = (by - ay) / length;
    pen.beginPath();
    for (let at = first; at < length - side; at += pace) {
      const x = ax + ux * at,
        y = ay + uy * at;
      pen.moveTo(x - ux * side - uy * side, y - uy * side + ux * side);
      pen.lineTo(x, y);
      pen.lineTo(x - ux * side + uy * side, y - uy * side - ux * side);
    }
    pen.stroke();
  }

  arrows(pen, theme, [, ax, ay, bx, by, , , way]) {
    const width = 800 * this.painter.view.scale;
    if (width < 2.5) return;
    const side = Math.min(width * 0.5, 6),
      ends = [this.painter.px(ax, ay), this.painter.px(bx, by)];
    pen.strokeStyle = mixed(theme.text_3, theme.background, 0.6);
    pen.lineWidth = Math.max(1, Math.round(side / 4));
    this.chevrons(pen, ...(way === "up" ? ends : ends.reverse()), side, side * 3, Math.max(side * 7, 36));
  }

  belt(pen, theme, [, ax, ay, bx, by]) {
    const a = this.painter.px(ax, ay),
      b = this.painter.px(bx, by),
      wide = Math.max(Math.round(1100 * this.painter.view.scale), 5);
    for (const [width, colour] of [
      [wide, mixed(theme.text_3, theme.background, 0.6)],
      [Math.max(wide - 2, 1), mixed(theme.line, theme.background, 0.6)],
    ]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(...a);
      pen.lineTo(...b);
      pen.stroke();
    }
    pen.lineWidth = 1;
    pen.strokeStyle = mixed(theme.text_3, theme.background, 0.5);
    this.chevrons(pen, a, b, Math.max((wide - 4) / 2, 1), 12, 18);
  }

  // --- at an instant

  moving(pen, theme, moment, seated) {
    this.totes(pen, theme, moment);
    this.stations(pen, theme, moment, seated);
    this.lanes(pen, theme, moment);
    this.doors(pen, theme, moment);
  }

  // As they ride, but each a pitch behind the one before.
  totes(pen, theme, moment) {
    const side = Math.max(Math.round(TOTE_MM * 0.8 * this.painter.view.scale), 3);
    this.ground.belts.forEach(([name, ax, ay, bx, by, length], i) => {
      const isDown = moment.down.includes(name);
      if (isDown) {
        pen.strokeStyle = theme.blocked;
        pen.lineWidth = 2;
        pen.beginPath();
        pen.moveTo(...this.painter.px(ax, ay));
        pen.lineTo(...this.painter.px(bx, by));
        pen.stroke();
      }
      pen.fillStyle = isDown ? theme.blocked : theme.text_2;
      moment.belts[i].shares.forEach((share, n) => {
        const at = Math.max(Math.min(share, 1 - (n * TOTE_MM) / (length || 1)), 0);
        const [x, y] = this.painter.px(ax + (bx - ax) * at, ay + (by - ay) * at);
        pen.fillRect(x - (side >> 1), y - (side >> 1), side, side);
      });
    });
  }

  stations(pen, theme, moment, seated) {
    const plain = mixed(theme.raised, theme.background, 0.9),
      busy = mixed(theme.working, theme.background, 0.32);
    const gap = this.painter.view.scale * 2000 > 6 ? 1 : 0;
    this.ground.stations.forEach(([, , , , box, benches], i) => {
      const [x, y, w, h] = this.painter.box(box);
      card(pen, [x - 2, y - 2, w + 4, h + 4], theme.panel, theme.line, 3);
      benches.forEach((bench, n) => {
        const works = seated[i].length ? seated[i][n] : n < moment.queues[i].serving;
        const [bx, by, bw, bh] = this.painter.box(bench);
        pen.fillStyle = works ? busy : plain;
        pen.fillRect(bx, by, bw - gap, bh - gap);
      });
    });
  }

  lanes(pen, theme, moment) {
    pen.fillStyle = theme.text_2;
    this.ground.lanes.forEach(([, , , mm], lane) => {
      const box = this.painter.box(mm),
        w = box[2] - 4,
        h = box[3] - 4,
        side = Math.max(Math.round(700 * this.painter.view.scale), 2);
      const step = side + Math.max(Math.floor(side / 3), 1),
        rows = Math.max(Math.floor(h / step), 1),
        columns = Math.max(Math.floor(w / step), 1);
      for (let i = 0; i < Math.min(moment.staged[lane], rows * columns); i++) {
        pen.fillRect(box[0] + 2 + Math.floor(i / rows) * step, box[1] + 2 + (i % rows) * step, side, side);
      }
      if (moment.staged[lane] <= rows * columns || h < 9) return;
      const text = String(moment.staged[lane]);
      pen.font = `bold 11px ${FONT}`;
      const more = pen.measureText(text).width + 6;
      pen.fillStyle = theme.panel;
      pen.fillRect(box[0] + 2 + w - more, box[1] + 2, more, h);
      pen.fillStyle = theme.text;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText(text, box[0] + w, box[1] + 3 + h / 2);
      pen.fillStyle = theme.text_2;
    });
  }

  doors(pen, theme, moment) {
    this.ground.doors.forEach(([, , , , mm, truckMm], i) => {
      const truck = this.painter.box(truckMm),
        trailer = moment.trailers[i];
      card(pen, this.painter.box(mm), theme.raised, trailer ? theme.text_3 : theme.line, 2);
      if (trailer) {
        card(pen, truck, mixed(theme.moving, theme.background, 0.5), theme.moving, 2);
        const cab = Math.max(Math.floor(truck[3] / 5), 2);
        pen.fillStyle = theme.moving;
        pen.fillRect(truck[0], truck[1] + truck[3] - cab, truck[2], cab);
        this.arrow(pen, theme, truck, cab, moment.isIn[i] ? -1 : 1);
      } else {
        pen.strokeStyle = mixed(theme.line, theme.background, 0.5);
        pen.lineWidth = 1;
        pen.strokeRect(truck[0] + 0.5, truck[1] + 0.5, truck[2] - 1, truck[3] - 1);
      }
    });
  }

  // On a truck: up for what comes in, down for what goes out.
  arrow(pen, theme, [x, y, w, h], cab, down) {
    const side = Math.min(w - 2, 12),
      cx = x + w / 2,
      cy = y + h / 2 - cab / 2;
    if (side < 5) return;
    pen.fillStyle = theme.text;
    pen.beginPath();
    pen.moveTo(cx - side * 0.38, cy - down * side * 0.26);
    pen.lineTo(cx + side * 0.38, cy - down * side * 0.26);
    pen.lineTo(cx, cy + down * side * 0.36);
    pen.fill();
  }

  // Who or what waits before each station: squares up to seven, then a number; amber above twice the benches.
  queues(pen, theme, moment, taken) {
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    this.ground.stations.forEach(([, , , benches, mm], i) => {
      const { waiting } = moment.queues[i],
        many = waiting > 2 * (benches || 1);
      const [x, y, w, h] = this.painter.box(mm);
      pen.fillStyle = many ? theme.waiting : theme.text_3;
      for (let n = 0; n < Math.min(waiting, QUEUE_DOTS); n++) pen.fillRect(x + w + 6 + n * 6, y + (h >> 1) - 2, 4, 4);
      if (waiting)
        taken.push([
          x + w + 6,
          y + (h >> 1) - 7,
          Math.min(waiting, QUEUE_DOTS) * 6 + (waiting > QUEUE_DOTS ? 30 : 0),
          14,
        ]);
      if (waiting > QUEUE_DOTS) {
        pen.font = `${many ? "bold " : ""}11px ${FONT}`;
        pen.fillStyle = many ? theme.warning : theme.text_2;
        pen.textAlign = "left";
        pen.fillText(String(waiting), x + w + 6 + QUEUE_DOTS * 6 + 3, y + (h >> 1) + 1);
      }
    });
    pen.font = `bold 11px ${FONT}`;
    pen.fillStyle = theme.warning;
    pen.textAlign = "center";
    this.ground.aisles.forEach(([, ax, ay, bx, by], i) => {
      if (moment.waiting[i] <= QUEUE_DOTS) return;
      const [x, y] = ay <= by ? this.painter.px(ax, ay) : this.painter.px(bx, by);
      pen.fillText(String(moment.waiting[i]), x, y + 16);
      taken.push([x - 10, y + 9, 20, 14]);
    });
  }
}

function card(pen, [x, y, w, h], fill, edge, radius) {
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, Math.max(w - 1, 0), Math.max(h - 1, 0), Math.min(radius, w / 2, h / 2));
  pen.fillStyle = fill;
  pen.fill();
  if (edge === fill) return;
  pen.strokeStyle = edge;
  pen.lineWidth = 1;
  pen.stroke();
}
