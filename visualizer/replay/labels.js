// --- labels: names on the map, none over another (labels.py)

const NAMED_PX_PER_M = 11;

class Labels {
  constructor(painter) {
    this.painter = painter;
    this.taken = [];
  }

  names() {
    const { theme, replay, state } = this.painter,
      { ground } = replay.head;
    this.heads(ground);
    if (!state.layers.has("labels")) return;
    const blocks = [
      ...ground.lanes.map((lane) => this.painter.box(lane[3])),
      ...ground.doors.map((door) => this.painter.box(door[4])),
    ];
    for (const [name, , , , mm] of ground.stations) {
      const [x, y, , h] = this.painter.box(mm);
      this.label(short(name), x - 6, y + h / 2, theme.text_2, { align: "right" });
    }
    for (const [name, , , mm] of ground.lanes) {
      const [x, y, w, h] = this.painter.box(mm);
      if (!this.label(short(name), x - 5, y + h / 2, theme.text_3, { align: "right", clearOf: blocks }))
        this.label(short(name), x + w / 2, y - 7, theme.text_3, { clearOf: blocks });
    }
    this.painter.pen.font = `11px ${FONT}`;
    for (const [, , , , mm, , [long, brief]] of ground.doors) {
      const [x, y, w, h] = this.painter.box(mm),
        wide = this.painter.pen.measureText(long).width <= w - 6,
        text = wide ? long : brief;
      if (this.painter.pen.measureText(text).width <= w - 2 && h >= 12)
        this.label(text, x + w / 2, y + h / 2, theme.text_2);
      else this.label(text, x + w / 2, y - 7, theme.text_3);
    }
  }

  // Aisles above their upper ends, zones above them; both stay at the edge when it cuts them off.
  heads({ columns, zones, sites }) {
    const { theme, words } = this.painter,
      height = 15,
      steps = columns
        .slice(1)
        .map((c, i) => c[0] - columns[i][0])
        .filter((d) => d > 0);
    this.painter.pen.font = `11px ${FONT}`;
    const long =
      columns.length === 0 ||
      this.painter.pen.measureText(columns.at(-1)[3]).width + 6 < Math.min(...steps, 1e9) * this.painter.view.scale;
    for (const [xMm, yMm, lowMm, name, brief] of columns) {
      const [x, y] = this.painter.px(xMm, yMm),
        low = this.painter.px(xMm, lowMm)[1];
      if (x > 0 && x < this.painter.w && y < this.painter.h && low > 3 * height)
        this.label(long ? name : brief, x, Math.max(y - 9, height * 1.5), theme.text_3, {
          plate: y - 9 < height * 1.5,
        });
    }
    if (zones.length < 2) return;
    const upper = Math.max(0, ...columns.map((c) => c[1]));
    for (const [site, name, box] of zones) {
      const [left, y] = this.painter.px(box[0], Math.max(box[3], upper)),
        [right, low] = this.painter.px(box[2], box[1]),
        x0 = Math.max(left, 0),
        x1 = Math.min(right, this.painter.w);
      if (x1 - x0 <= 24 || low <= 3 * height) continue;
      const word = words.word("zone", name);
      this.label(
        sites.length > 1 ? `${site} · ${word}` : word,
        (x0 + x1) / 2,
        Math.max(y - 9 - height, height / 2),
        theme.text_2,
      );
    }
  }

  // The name of the selected worker, whatever is beside him: above his ring, or below it at the head.
  nameChosen() {
    const chosen = this.painter.state.selection,
      { pen, theme } = this.painter,
      figure = chosen && chosen.kind === "worker" && this.painter.figures.find((one) => one.who === chosen.index);
    if (!figure) return;
    const off = this.painter.people.radius() + 17,
      y = figure.y - off > 8 ? figure.y - off : figure.y + off;
    pen.font = `bold 13px ${FONT}`;
    const w = pen.measureText(short(chosen.name)).width + 10,
      rect = [figure.x - w / 2, y - 10, w, 20];
    card(pen, rect, mixed(theme.panel, theme.background, 0.9), mixed(theme.panel, theme.background, 0.9), 3);
    pen.fillStyle = theme.text;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(short(chosen.name), figure.x, y + 1);
    this.taken.push(rect);
  }

  nameFigures() {
    const chosen = this.painter.state.selection,
      { replay, theme } = this.painter,
      radius = this.painter.people.radius(),
      side = 2 * radius + 1;
    const bodies = this.painter.figures.map(({ x, y }) => [x - radius, y - radius, side, side]);
    for (const { who, x, y } of this.painter.figures) {
      if (chosen && chosen.kind === "worker" && chosen.index === who) continue;
      const text = short(replay.head.workers[who][0]),
        options = { plate: true, clearOf: bodies };
      if (!this.label(text, x + radius + 5, y, theme.text, { ...options, align: "left" }))
        this.label(text, x - radius - 5, y, theme.text, { ...options, align: "right" });
    }
  }

  // A word where nothing else stands yet; whether it found room.
  label(text, x, y, colour, { align = "center", plate = false, clearOf = [] } = {}) {
    const { pen, theme } = this.painter;
    pen.font = `11px ${FONT}`;
    const w = pen.measureText(text).width,
      left = x - { left: 0, center: w / 2, right: w }[align],
      rect = [left - 2, y - 7.5, w + 4, 15];
    const touches = ([a, b, c, d]) =>
      rect[0] < a + c && a < rect[0] + rect[2] && rect[1] < b + d && b < rect[1] + rect[3];
    if (!text || this.taken.some(touches) || clearOf.some(touches)) return false;
    this.taken.push(rect);
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
}
