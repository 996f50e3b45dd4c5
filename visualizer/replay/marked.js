// --- marked: the selection with its planned way, incidents, saturation (marked.py)

class Marked {
  constructor(painter) {
    this.painter = painter;
  }

  // The way that the selected worker still has before him, dashed, with a ring where it ends.
  planned() {
    const chosen = this.painter.state.selection,
      { pen, theme, replay } = this.painter;
    if (!chosen || chosen.kind !== "worker") return;
    const worker = this.painter.moment.workers[chosen.index];
    if (!worker.move || worker.share >= 1 || worker.state === OFF) return;
    const way = worker.move.way,
      whole = wayLength(replay, way),
      points = [this.painter.px(worker.x, worker.y)];
    let done = 0;
    way.forEach((point, i) => {
      if (i) done += wayLength(replay, way.slice(i - 1, i + 1));
      if (done > worker.share * whole)
        points.push(this.painter.px(replay.deeds.pointX[point], replay.deeds.pointY[point]));
    });
    pen.setLineDash([6, 4]);
    for (const [width, colour] of [
      [4, theme.background],
      [2, theme.text],
    ]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      points.forEach(([x, y]) => pen.lineTo(x, y));
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.fillStyle = theme.background;
    pen.beginPath();
    pen.arc(...points.at(-1), 5, 0, Math.PI * 2);
    pen.fill();
    pen.stroke();
  }

  chosen() {
    const chosen = this.painter.state.selection,
      { pen, theme } = this.painter;
    if (!chosen) return;
    const mm = boxOf(this.painter.replay, chosen),
      ring = (width, colour, path) => {
        pen.lineWidth = width;
        pen.strokeStyle = colour;
        pen.beginPath();
        path();
        pen.stroke();
      };
    if (mm) {
      let [x, y, w, h] = this.painter.box(mm);
      const more = [Math.max(12 - w - 6, 0), Math.max(12 - h - 6, 0)];
      [x, y, w, h] = [x - 3 - more[0] / 2, y - 3 - more[1] / 2, w + 6 + more[0], h + 6 + more[1]];
      for (const [width, colour] of [
        [4, theme.background],
        [2, theme.text],
      ])
        ring(width, colour, () => pen.roundRect(x, y, w, h, 3));
      return;
    }
    const who =
      chosen.kind === "worker" ? chosen.index : carrierOf(this.painter.replay, chosen.index, this.painter.moment.ms);
    const figure = this.painter.figures.find((one) => one.who === who);
    if (!figure) return;
    for (const [width, colour] of [
      [4, theme.background],
      [2, theme.text],
    ])
      ring(width, colour, () => pen.arc(figure.x, figure.y, this.painter.people.radius() + 6, 0, Math.PI * 2));
  }

  incidents() {
    const { pen, theme, moment, replay } = this.painter;
    this.plates = [];
    let loose = 0;
    moment.incidents.forEach((incident, n) => {
      const at = this.placeOf(incident);
      let x = 24,
        y = 48 + 46 * loose;
      if (at) [x, y] = this.painter.px(...at);
      else loose++;
      if (x < 0 || y < 0 || x > this.painter.w || y > this.painter.h) return;
      if (incident.kind === "closed") {
        pen.strokeStyle = theme.blocked;
        pen.lineWidth = 2;
        pen.strokeRect(...this.painter.box(replay.head.ground.aisles[incident.aisle][6]));
      }
      if (incident.worker >= 0) y -= 14;
      pen.strokeStyle = theme.blocked;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.arc(x, y, 15, 0, Math.PI * 2);
      pen.stroke();
      for (const [side, colour] of [
        [11, theme.background],
        [8, theme.blocked],
      ]) {
        pen.fillStyle = colour;
        pen.beginPath();
        pen.moveTo(x, y - side);
        pen.lineTo(x + side, y + side * 0.84);
        pen.lineTo(x - side, y + side * 0.84);
        pen.fill();
      }
      pen.fillStyle = theme.background;
      pen.font = `bold 11px ${FONT}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText("!", x, y + 2);
      if (n < 4) this.plate(x, y, ...this.wordsOf(incident), theme.blocked);
    });
  }

  // A square at each place that has been saturated for five minutes; a closed aisle is an incident already.
  saturated() {
    const { pen, theme, moment, replay, words } = this.painter,
      closed = new Set(moment.incidents.filter((one) => one.kind === "closed").map((one) => one.aisle));
    moment.saturated
      .filter((one) => one.sort !== "aisle" || !closed.has(one.index))
      .forEach((one, n) => {
        const isAisle = one.sort === "aisle",
          [left, top, wide, high] = this.painter.box(boxOf(replay, { kind: one.sort, index: one.index })),
          [x, y] = [left + wide / 2, top + high / 2];
        if (x < 0 || y < 0 || x > this.painter.w || y > this.painter.h) return;
        pen.strokeStyle = theme.waiting;
        pen.lineWidth = 2;
        pen.strokeRect(left - 2, top - 2, wide + 4, high + 4);
        for (const [half, colour] of [
          [8, theme.background],
          [6, theme.waiting],
        ]) {
          pen.fillStyle = colour;
          pen.fillRect(x - half, y - half, 2 * half, 2 * half);
        }
        pen.fillStyle = theme.background;
        pen.font = `bold 11px ${FONT}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText("!", x, y + 1);
        if (n >= 4) return;
        const [place] = replay.head.ground[isAisle ? "aisles" : "stations"][one.index],
          name = words.say(isAisle ? "map.aisle" : "map.station", { name: short(place) }),
          waiting = isAisle ? moment.waiting[one.index] : moment.queues[one.index].waiting;
        const detail = { at: this.painter.clock.at(one.since), age: span(moment.ms - one.since), waiting };
        this.plate(x, y, words.say("map.saturated", { name }), words.say("map.queue", detail), theme.waiting);
      });
  }

  placeOf(incident) {
    const { head } = this.painter.replay;
    if (incident.worker >= 0)
      return [this.painter.moment.workers[incident.worker].x, this.painter.moment.workers[incident.worker].y];
    const line =
      incident.kind === "closed"
        ? head.ground.aisles[incident.aisle]
        : head.ground.belts.find(([name]) => name === incident.name);
    return line ? [(line[1] + line[3]) / 2, (line[2] + line[4]) / 2] : null;
  }

  // What is wrong; since when, how many wait for it, its age.
  wordsOf(incident) {
    const { words, moment, replay } = this.painter,
      name = short(incident.name.replace(/\/device$/, ""));
    const belt = replay.head.ground.belts.findIndex(([one]) => one === incident.name),
      closed = incident.kind === "closed";
    const title = closed
      ? words.say("map.closed", { name: words.say("map.aisle", { name }) })
      : incident.reason
        ? `${name} · ${words.word("reason", incident.reason)}`
        : name;
    const waiting = closed ? moment.waiting[incident.aisle] : belt >= 0 ? moment.belts[belt].shares.length : null;
    const values = { at: this.painter.clock.at(incident.since), age: span(moment.ms - incident.since), waiting };
    return [title, words.say(waiting === null ? "map.incident_alone" : "map.incident", values)];
  }

  // Words beside a sign, a little lower where other words stand.
  plate(x, y, title, detail, colour) {
    const { pen, theme } = this.painter,
      { plates } = this;
    pen.font = `bold 12px ${FONT}`;
    const wide = pen.measureText(title).width;
    pen.font = `11px ${FONT}`;
    const w = Math.ceil(Math.max(wide, pen.measureText(detail).width)) + 16,
      h = 37;
    const left = x + 18 + w > this.painter.w ? x - 18 - w : x + 18;
    let top = Math.min(Math.max(y - 18, 0), this.painter.h - h);
    for (let i = 0; i < 4; i++) {
      const there = plates.find(([l, t, wide]) => l < left + w && left < l + wide && t < top + h && top < t + h);
      if (!there || there[1] + 2 * h + 2 > this.painter.h) break;
      top = there[1] + h + 2;
    }
    plates.push([left, top, w]);
    pen.fillStyle = theme.panel;
    pen.fillRect(left, top, w, h);
    pen.fillStyle = colour;
    pen.fillRect(left, top, 3, h);
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillStyle = theme.text_2;
    pen.fillText(detail, left + 8, top + 21);
    pen.fillStyle = theme.text;
    pen.font = `bold 12px ${FONT}`;
    pen.fillText(title, left + 8, top + 5);
    this.painter.labels.taken.push([left, top, w, h]);
  }
}
