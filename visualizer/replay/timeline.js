// --- timeline: how much happened when, what stands out, where the playhead is (timeline.py)

const LEFT = 24,
  MARKS_Y = 30,
  TRACK = { y: 30, h: 30 },
  BAR = { y: 62, h: 5 },
  TICKS_Y = 70,
  BAR_PX = 3,
  MERGE_PX = 10,
  TICK_ROOM = 84,
  BEFORE_MS = 5000,
  SERIOUS = { decision: 1, saturation: 2, question: 3, incident: 4 };

class Timeline {
  constructor(replay, words, clock) {
    this.replay = replay;
    this.words = words;
    this.clock = clock;
    this.canvas = document.getElementById("track");
    this.first = replay.head.from;
    this.last = replay.head.to;
    this.charts = new Charts(this);
    this.resize();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.round(box.width * this.ratio);
    this.canvas.height = Math.round(box.height * this.ratio);
    this.w = box.width;
    this.charts.resize();
  }

  x(ms) {
    return LEFT + ((ms - this.first) / Math.max(this.last - this.first, 1)) * (this.w - 2 * LEFT);
  }

  ms(x) {
    const share = (x - LEFT) / Math.max(this.w - 2 * LEFT, 1);
    return Math.round(
      Math.min(Math.max(this.first + share * (this.last - this.first), this.replay.head.from), this.replay.head.to),
    );
  }

  // Nearer or farther; the time under the pointer stays.
  zoom(x, factor) {
    const at = this.ms(x),
      { from, to } = this.replay.head,
      least = Math.min(60000, to - from);
    const length = Math.min(Math.max((this.last - this.first) * factor, least), to - from),
      share = (at - this.first) / Math.max(this.last - this.first, 1);
    this.first = Math.min(Math.max(at - share * length, from), to - length);
    this.last = this.first + length;
  }

  // Marks nearer than ten pixels to the first of their group stand together; the most serious is drawn for all.
  groups() {
    const groups = [];
    for (const mark of this.replay.head.marks) {
      const x = this.x(mark.at);
      if (x < LEFT || x > this.w - LEFT) continue;
      if (groups.length && x - groups.at(-1).x < MERGE_PX) groups.at(-1).marks.push(mark);
      else groups.push({ x, marks: [mark] });
    }
    return groups;
  }

  groupAt(x, y) {
    if (y > TRACK.y + TRACK.h / 2) return null;
    const near = this.groups().filter((group) => Math.abs(group.x - x) <= MERGE_PX * 0.8);
    return near.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0] ?? null;
  }

  // The time that a click means: five seconds before a mark, else the time under it.
  timeOf(x, y) {
    const group = this.groupAt(x, y);
    return group ? group.marks[0].at - BEFORE_MS : this.ms(x);
  }

  // What stands under the pointer: marks, else the time.
  told(x, y, ms) {
    const group = this.groupAt(x, y);
    if (!group) return this.clock.at(this.ms(x));
    const lines = group.marks
      .slice(0, 4)
      .map((mark) => `${this.clock.at(mark.at)} · ${tellMark(this.words, mark, ms)}`);
    if (group.marks.length > 4) lines.push(this.words.say("timeline.merged", { count: group.marks.length }));
    return lines.join("\n");
  }

  draw(ms, theme) {
    const pen = this.canvas.getContext("2d");
    this.titles(ms);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.w, 92);
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    this.density(pen, theme, ms);
    this.bands(pen, theme);
    const here = Math.min(Math.max(this.x(ms), LEFT), this.w - LEFT);
    for (const [until, colour] of [
      [this.w - LEFT, theme.line],
      [here, theme.moving],
    ]) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.roundRect(LEFT, BAR.y, Math.max(until - LEFT, 0), BAR.h, 2);
      pen.fill();
    }
    this.ticks(pen, theme);
    for (const group of this.groups()) this.mark(pen, theme, group, ms);
    this.playhead(pen, theme, this.x(ms), ms);
    this.charts.draw(ms, theme);
  }

  // What it is and what its signs mean; not what the plate of the playhead would cut in two.
  titles(ms) {
    const x = this.x(ms),
      shows = x >= LEFT - 1 && x <= this.w - LEFT + 1,
      [left, right] = this.plate(x);
    let free = 0;
    for (const name of ["title", "marks"]) {
      const words = document.getElementById(`timeline_${name}`);
      words.textContent = this.words.say(`timeline.${name}`);
      const [start, end] = [words.offsetLeft, words.offsetLeft + words.offsetWidth],
        fits = start >= free && end <= this.w - 14;
      words.style.visibility = fits && !(shows && start < right && end > left) ? "visible" : "hidden";
      if (fits) free = end + 16;
    }
  }

  // Left and right of the plate with the time of the playhead.
  plate(x) {
    const pen = this.canvas.getContext("2d");
    pen.font = `bold 13px ${FONT}`;
    const w = Math.ceil(pen.measureText("00:00:00").width) + 12,
      left = Math.min(Math.max(x - w / 2, 14), this.w - 14 - w);
    return [left, left + w];
  }

  // One bar per stretch; the tallest is the busiest of the 99 % least busy, so that a burst does not flatten all.
  density(pen, theme, ms) {
    const { density, from, to } = this.replay.head,
      each = (to - from) / density.length,
      count = Math.max(Math.floor((this.w - 2 * LEFT) / BAR_PX), 1),
      span = (this.last - this.first) / count;
    const bars = Array.from({ length: count }, (_, i) => {
      const start = Math.floor((this.first + i * span - from) / each),
        end = Math.max(Math.floor((this.first + (i + 1) * span - from) / each), start + 1);
      let sum = 0;
      for (let bin = start; bin < Math.min(end, density.length); bin++) sum += density[bin];
      return (sum / (end - start)) * Math.max(span / each, 1);
    });
    const top = Math.max(bars.slice().sort((a, b) => a - b)[Math.floor((count - 1) * 0.99)], 1);
    bars.forEach((value, i) => {
      const x = LEFT + i * BAR_PX,
        tall = Math.min(Math.ceil((value / top) * (TRACK.h - 2)), TRACK.h - 2);
      pen.fillStyle = mixed(theme.moving, theme.panel, this.first + i * span <= ms ? 0.62 : 0.28);
      if (tall > 0) pen.fillRect(x, TRACK.y + TRACK.h - tall, BAR_PX - 1, tall);
    });
  }

  bands(pen, theme) {
    for (const [start, end] of this.replay.head.bands) {
      const x0 = Math.max(this.x(start), LEFT),
        x1 = Math.min(this.x(end), this.w - LEFT);
      if (x1 <= x0) continue;
      pen.globalAlpha = 70 / 255;
      pen.fillStyle = theme.break_band;
      pen.fillRect(x0, TRACK.y, Math.max(x1 - x0, 2), TRACK.h);
      pen.globalAlpha = 1;
      const text = this.words.say("timeline.break");
      if (pen.measureText(text).width + 6 > x1 - x0) continue;
      pen.fillStyle = theme.text;
      pen.textAlign = "left";
      pen.fillText(text, x0 + 3, TRACK.y + 9);
    }
  }

  mark(pen, theme, { x, marks }, ms) {
    const mark = marks.reduce((a, b) => (SERIOUS[b.sort] > SERIOUS[a.sort] ? b : a)),
      open = isOpen(mark, ms);
    let ink = theme.text;
    if (mark.sort === "incident") ink = open ? theme.blocked : theme.waiting;
    if (mark.sort === "saturation") ink = theme.waiting;
    if (mark.sort === "question") ink = open ? theme.waiting : theme.text_2;
    if (mark.at > ms) ink = mixed(ink, theme.panel, 0.6);
    pen.fillStyle = mixed(ink, theme.panel, 0.7);
    pen.fillRect(Math.round(x), MARKS_Y, 1, TRACK.y + TRACK.h - 1 - MARKS_Y);
    pen.fillStyle = pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    if (mark.sort === "incident")
      for (const [dx, dy] of [
        [0, -6],
        [6, 5.5],
        [-6, 5.5],
      ])
        pen.lineTo(x + dx, MARKS_Y + dy);
    else if (mark.sort === "saturation") pen.rect(x - 5, MARKS_Y - 5, 10, 10);
    else
      for (const [dx, dy] of [
        [0, -6],
        [6, 0],
        [0, 6],
        [-6, 0],
      ])
        pen.lineTo(x + dx, MARKS_Y + dy);
    pen.closePath();
    if (mark.sort === "question" || (mark.sort === "saturation" && !open)) pen.stroke();
    else pen.fill();
    if (marks.length < 2) return;
    pen.fillStyle = theme.text_2;
    pen.textAlign = "left";
    pen.fillText(String(marks.length), x + 8, MARKS_Y - 5);
  }

  ticks(pen, theme) {
    const steps = [10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400].map((s) => s * 1000),
      room = Math.max(Math.floor((this.w - 2 * LEFT) / TICK_ROOM), 1);
    const step = steps.find((s) => (this.last - this.first) / s <= room) ?? steps.at(-1),
      offset = this.clock.start - this.clock.midnight;
    pen.fillStyle = theme.text_3;
    pen.textAlign = "center";
    for (let ms = Math.ceil((this.first + offset) / step) * step - offset; ms <= this.last; ms += step) {
      const x = this.x(ms),
        text = this.clock.at(ms).slice(0, step < 60000 ? 8 : 5),
        half = pen.measureText(text).width / 2;
      pen.fillRect(Math.round(x), TICKS_Y - 2, 1, 4);
      pen.fillText(text, Math.min(Math.max(x, LEFT + half - 10), this.w - LEFT - half + 10), TICKS_Y + 10);
    }
  }

  playhead(pen, theme, x, ms) {
    if (x < LEFT - 1 || x > this.w - LEFT + 1) return;
    const text = this.clock.at(ms),
      middle = BAR.y + BAR.h / 2,
      [left, right] = this.plate(x),
      w = right - left;
    pen.font = `bold 13px ${FONT}`;
    pen.fillStyle = theme.text;
    pen.fillRect(Math.round(x), 20, 1, middle - 20);
    pen.beginPath();
    pen.roundRect(left, 2, w, 18, 4);
    pen.fill();
    pen.fillStyle = theme.panel;
    pen.textAlign = "center";
    pen.fillText(text, left + w / 2, 12);
    for (const [radius, colour] of [
      [7.5, theme.text],
      [5.5, theme.moving],
    ]) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.arc(x, middle, radius, 0, Math.PI * 2);
      pen.fill();
    }
  }
}
