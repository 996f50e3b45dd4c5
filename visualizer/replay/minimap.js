// --- minimap: the whole floor in a corner once the map is zoomed (minimap.py)

class Minimap {
  constructor(painter) {
    this.painter = painter;
  }

  draw(canvas) {
    const { ground, states } = this.painter.replay.head,
      pen = canvas.getContext("2d"),
      { theme, view } = this.painter,
      [left, bottom, right, top] = ground.bounds;
    const scale = Math.min((canvas.width - 10) / (right - left), (canvas.height - 10) / (top - bottom));
    const at = (x, y) => [
      canvas.width / 2 + (x - (left + right) / 2) * scale,
      canvas.height / 2 - (y - (bottom + top) / 2) * scale,
    ];
    const box = (colour, [l, b, r, t]) => {
      const [x0, y0] = at(l, t),
        [x1, y1] = at(r, b);
      pen.fillStyle = colour;
      pen.fillRect(x0, y0, Math.max(x1 - x0, 1), Math.max(y1 - y0, 1));
    };
    pen.fillStyle = theme.panel;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    for (const zone of ground.zones) box(mixed(theme.fill[2], theme.panel, 0.7), zone[2]);
    for (const aisle of ground.aisles) box(mixed(theme.panel, theme.fill[0], 0.6), aisle[6]);
    for (const mm of [
      ...ground.stations.map((s) => s[4]),
      ...ground.lanes.map((l) => l[3]),
      ...ground.doors.map((d) => d[4]),
    ])
      box(theme.fill[3], mm);
    for (const worker of this.painter.moment.workers) {
      if (worker.state === OFF) continue;
      pen.fillStyle = worker.state === BREAK ? theme.idle : theme[states[worker.state]];
      pen.fillRect(...at(worker.x, worker.y), 2, 2);
    }
    pen.strokeStyle = theme.text;
    const [x0, y0] = at(...this.painter.mm(0, 0)),
      [x1, y1] = at(...this.painter.mm(this.painter.w, this.painter.h));
    pen.strokeRect(
      Math.max(x0, 1),
      Math.max(y0, 1),
      Math.min(x1, canvas.width - 1) - Math.max(x0, 1),
      Math.min(y1, canvas.height - 1) - Math.max(y0, 1),
    );
  }
}
