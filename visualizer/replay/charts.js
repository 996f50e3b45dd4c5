// --- charts: four strips over the stretch that the timeline shows; what lies behind the playhead is bright (charts.py)

const HEAD_ROOM = 1.12;

class Charts {
  constructor(timeline) {
    this.timeline = timeline;
    this.charts = timeline.replay.head.series.charts.map((chart) => {
      const box = el("div", "chart"),
        head = el("div", "heading"),
        canvas = el("canvas"),
        name = el("span"),
        value = el("b");
      head.append(name, value);
      box.append(head, canvas);
      document.getElementById("charts").append(box);
      canvas.addEventListener("click", (event) => {
        const box = canvas.getBoundingClientRect(),
          { first, last } = this.timeline;
        this.seek(first + ((event.clientX - box.left) / Math.max(box.width, 1)) * (last - first)); // mouse: click_time
      });
      return { ...chart, canvas, name, value };
    });
    this.seek = () => {};
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    for (const { canvas } of this.charts) {
      const box = canvas.getBoundingClientRect();
      canvas.width = Math.round(box.width * ratio);
      canvas.height = Math.round(box.height * ratio);
    }
  }

  draw(ms, theme) {
    for (const chart of this.charts) this.chart(chart, ms, theme);
  }

  chart(chart, ms, theme) {
    const { points, canvas } = chart,
      { words, first, last, ratio } = this.timeline,
      { at } = this.timeline.replay.head.series,
      pen = canvas.getContext("2d"),
      w = canvas.width / ratio,
      h = canvas.height / ratio;
    const now = Math.max(upTo(at, ms) - 1, 0);
    chart.name.textContent = words.say(chart.key);
    chart.value.textContent = written(points[now], chart, words);
    if (!w || !h) return;
    const top = chart.top ?? nice(Math.max(...points.map((p) => p ?? 0)) * HEAD_ROOM),
      x = (t) => ((t - first) / Math.max(last - first, 1)) * (w - 1),
      y = (v) => h - 2 - Math.min(Math.max(v / top, 0), 1) * (h - 4),
      split = x(ms),
      colour = theme[chart.colour];
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, w, h);
    const sides = [
      [0, split, colour, mixed(colour, theme.background, 0.22)],
      [split, w, mixed(colour, theme.background, 0.45), mixed(colour, theme.background, 0.07)],
    ];
    for (const [left, right, ink, under] of sides) {
      pen.save();
      pen.beginPath();
      pen.rect(left, 0, Math.max(right - left, 0), h);
      pen.clip();
      for (const run of runs(points)) {
        const line = () => run.forEach((i) => pen.lineTo(x(at[i]), y(points[i])));
        pen.fillStyle = under;
        pen.beginPath();
        line();
        pen.lineTo(x(at[run.at(-1)]), h);
        pen.lineTo(x(at[run[0]]), h);
        pen.fill();
        pen.strokeStyle = ink;
        pen.lineWidth = 1;
        pen.beginPath();
        line();
        pen.stroke();
      }
      pen.restore();
    }
    pen.fillStyle = theme.line;
    pen.fillRect(0, 0, w, 1);
    pen.fillRect(0, h - 1, w, 1);
    pen.fillStyle = mixed(theme.blocked, theme.background, 0.8);
    for (const mark of this.timeline.replay.head.marks)
      if (mark.sort === "incident") pen.fillRect(Math.round(x(mark.at)), 1, 1, h - 2);
    if (chart.top === null) {
      pen.font = `11px ${FONT}`;
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillStyle = theme.text_3;
      pen.fillText(written(top, chart, words), 2, 9);
    }
    pen.fillStyle = mixed(theme.text, theme.background, 0.5);
    pen.fillRect(Math.round(split), 1, 1, h - 2);
    if (points[now] === null) return;
    for (const [radius, ink] of [
      [4, theme.background],
      [3, colour],
    ]) {
      pen.fillStyle = ink;
      pen.beginPath();
      pen.arc(split, y(points[now]), radius, 0, Math.PI * 2);
      pen.fill();
    }
  }
}

// Stretches of points without a gap.
function runs(points) {
  const found = [];
  points.forEach((point, i) => {
    if (point === null) return;
    if (i && points[i - 1] !== null && found.length) found.at(-1).push(i);
    else found.push([i]);
  });
  return found;
}

// The next of 1, 1.5, 2, 3, 5, 8, 10 times a power of ten.
function nice(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 8, 10].map((step) => step * power).find((top) => top >= value * 0.999);
}
