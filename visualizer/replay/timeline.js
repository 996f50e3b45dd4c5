// --- timeline and charts

const LEFT = 24;

class Timeline {
  constructor(replay, words, clock) {
    this.replay = replay;
    this.words = words;
    this.clock = clock;
    this.canvas = document.getElementById("track");
    this.first = replay.head.from;
    this.last = replay.head.to;
    this.charts = replay.head.series.charts.map((chart) => {
      const box = el("div", "chart"), head = el("div", "heading"), canvas = el("canvas");
      const name = el("span", "muted"), value = el("b");
      head.append(name, value);
      box.append(head, canvas);
      document.getElementById("charts").append(box);
      return { ...chart, canvas, name, value };
    });
    this.resize();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.canvas, ...this.charts.map((c) => c.canvas)]) {
      const box = canvas.getBoundingClientRect();
      canvas.width = Math.round(box.width * this.ratio);
      canvas.height = Math.round(box.height * this.ratio);
    }
    this.w = this.canvas.getBoundingClientRect().width;
  }

  x(ms) {
    return LEFT + (ms - this.first) / Math.max(this.last - this.first, 1) * (this.w - 2 * LEFT);
  }

  ms(x) {
    const share = (x - LEFT) / Math.max(this.w - 2 * LEFT, 1);
    return Math.round(Math.min(Math.max(this.first + share * (this.last - this.first), this.replay.head.from), this.replay.head.to));
  }

  // Nearer or farther; the time under the pointer stays.
  zoom(x, factor) {
    const at = this.ms(x), { from, to } = this.replay.head, least = Math.min(60000, to - from);
    const length = Math.min(Math.max((this.last - this.first) * factor, least), to - from), share = (at - this.first) / Math.max(this.last - this.first, 1);
    this.first = Math.min(Math.max(at - share * length, from), to - length);
    this.last = this.first + length;
  }

  markAt(x) {
    return this.replay.head.marks.find((mark) => Math.abs(this.x(mark.at) - x) < 6) ?? null;
  }

  draw(ms, theme) {
    const pen = this.canvas.getContext("2d"), { head } = this.replay;
    const words = this.words;
    document.getElementById("timeline_title").textContent = words.say("timeline.title");
    document.getElementById("timeline_marks").textContent = words.say("timeline.marks");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.w, 80);
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    this.bands(pen, theme);
    const most = Math.max(...head.density, 1), each = (head.to - head.from) / head.density.length;
    head.density.forEach((count, i) => {
      const at = head.from + i * each, x = this.x(at);
      if (x < LEFT - 2 || x > this.w - LEFT) return;
      const tall = Math.sqrt(count / most) * 28;
      pen.fillStyle = at <= ms ? theme.fill[4] : theme.fill[2];
      pen.fillRect(x, 44 - tall, Math.max(this.x(at + each) - x - 1, 1), tall);
    });
    pen.fillStyle = theme.line;
    pen.fillRect(LEFT, 47, this.w - 2 * LEFT, 5);
    pen.fillStyle = theme.moving;
    const here = Math.min(Math.max(this.x(ms), LEFT), this.w - LEFT);
    pen.fillRect(LEFT, 47, here - LEFT, 5);
    this.marks(pen, theme);
    this.ticks(pen, theme);
    pen.fillStyle = theme.text;
    pen.fillRect(here - 0.75, 16, 1.5, 36);
    pen.beginPath();
    pen.arc(here, 49.5, 5, 0, Math.PI * 2);
    pen.fill();
    for (const chart of this.charts) this.chart(chart, ms, theme);
  }

  bands(pen, theme) {
    for (const [start, end] of this.replay.head.bands) {
      const x0 = Math.max(this.x(start), LEFT), x1 = Math.min(this.x(end), this.w - LEFT);
      if (x1 <= x0) continue;
      pen.globalAlpha = 0.3;
      pen.fillStyle = theme.break_band;
      pen.fillRect(x0, 16, x1 - x0, 28);
      pen.globalAlpha = 1;
      const text = this.words.say("timeline.break");
      if (pen.measureText(text).width > x1 - x0 - 4) continue;
      pen.fillStyle = theme.text_2;
      pen.textAlign = "left";
      pen.fillText(text, x0 + 3, 23);
    }
  }

  // Marks nearer than ten pixels are one, with their count.
  marks(pen, theme) {
    let before = -Infinity, count = 0;
    for (const mark of this.replay.head.marks) {
      const x = this.x(mark.at);
      if (x < LEFT || x > this.w - LEFT) continue;
      if (x - before < 10) {
        count++;
        pen.fillStyle = theme.background;
        pen.fillRect(before + 6, 2, 16, 12);
        pen.fillStyle = theme.text_2;
        pen.textAlign = "left";
        pen.fillText(String(count), before + 7, 9);
        continue;
      }
      before = x;
      count = 1;
      pen.fillStyle = mark.shape === "incident" ? theme.waiting : theme.text;
      pen.strokeStyle = pen.fillStyle;
      pen.lineWidth = 1.5;
      pen.beginPath();
      if (mark.shape === "incident") {
        pen.moveTo(x, 3);
        pen.lineTo(x + 6, 14);
        pen.lineTo(x - 6, 14);
      } else {
        pen.moveTo(x, 3);
        pen.lineTo(x + 5, 8.5);
        pen.lineTo(x, 14);
        pen.lineTo(x - 5, 8.5);
      }
      pen.closePath();
      if (mark.shape === "question") pen.stroke();
      else pen.fill();
    }
  }

  ticks(pen, theme) {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].map((min) => min * 60000);
    const step = steps.find((s) => s / (this.last - this.first) * (this.w - 2 * LEFT) >= 64) ?? steps.at(-1);
    const offset = (this.clock.start - this.clock.midnight) % step;
    pen.fillStyle = theme.text_3;
    pen.textAlign = "center";
    for (let ms = Math.ceil((this.first + offset) / step) * step - offset; ms <= this.last; ms += step) {
      pen.fillText(this.clock.at(ms).slice(0, 5), this.x(ms), 64);
    }
  }

  chart({ key, points, colour, canvas, name, value, digits = 0, percent = false, unit = "" }, ms, theme) {
    const pen = canvas.getContext("2d"), { at } = this.replay.head.series;
    const w = canvas.width / this.ratio, h = canvas.height / this.ratio;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, w, h);
    const seen = Math.max(upTo(at, ms), 1), known = points.filter((p) => p !== null), high = Math.max(...known, 1e-9), low = Math.min(0, ...known);
    const x = (ms) => (ms - at[0]) / Math.max(at.at(-1) - at[0], 1) * (w - 4) + 2, y = (v) => h - 3 - (v - low) / (high - low) * (h - 8);
    name.textContent = this.words.say(key);
    value.textContent = shown(points[seen - 1], { digits, percent, unit });
    pen.strokeStyle = theme.line;
    pen.strokeRect(0.5, 0.5, w - 1, h - 1);
    const line = (until) => {
      pen.beginPath();
      for (let i = 0; i < until; i++) if (points[i] !== null) pen.lineTo(x(at[i]), y(points[i]));
    };
    pen.lineWidth = 1;
    pen.strokeStyle = theme.fill[3];
    line(points.length);
    pen.stroke();
    pen.strokeStyle = pen.fillStyle = theme[colour];
    pen.lineWidth = 1.25;
    line(seen);
    pen.stroke();
    pen.lineTo(x(at[seen - 1]), h - 3);
    pen.lineTo(x(at[0]), h - 3);
    pen.globalAlpha = 0.16;
    pen.fill();
    pen.globalAlpha = 1;
    pen.fillStyle = theme.text_3;
    pen.fillRect(x(Math.min(Math.max(ms, at[0]), at.at(-1))), 1, 1, h - 2);
  }
}
