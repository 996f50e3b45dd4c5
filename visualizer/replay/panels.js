// --- panels: the top bar, queues and the log beside the map

class Panels {
  constructor(replay, words, clock, does) {
    this.replay = replay;
    this.words = words;
    this.clock = clock;
    this.does = does;
    this.said = {};
    this.inspector = new Inspector(this);
    this.queues = new Queues(this);
  }

  get(id) {
    return document.getElementById(id);
  }

  // Put rows into a part of the page, but only if they differ from what stands there.
  put(id, key, make) {
    if (this.said[id] === key) return;
    this.said[id] = key;
    this.get(id).replaceChildren(...make());
  }

  draw(moment, state, theme) {
    this.moment = moment;
    this.state = state;
    this.theme = theme;
    this.top();
    this.put("inspector", this.keyOf(Math.floor(moment.ms / 500), JSON.stringify(state.selection), state.follow), () =>
      this.inspector.rows(),
    );
    this.put("queues", this.keyOf(Math.floor(moment.ms / 1000)), () => this.queues.rows());
    this.put("log", this.keyOf(upTo(this.replay.markTimes, moment.ms)), () => this.log());
  }

  keyOf(...parts) {
    return [this.words.language, this.state.theme, ...parts].join("|");
  }

  top() {
    const { replay, words, clock, moment, state } = this,
      title = replay.head.title,
      chosen = ["release", "batching", "routing"].map((family) => title.policies[family]).filter(Boolean);
    this.get("scenario").textContent = title.scenario;
    this.get("policy").textContent = [words.say("top.seed", { seed: title.seed }), chosen.join(" / ")]
      .filter(Boolean)
      .join(" · ");
    this.get("name").title = [
      title.scenario,
      ...Object.entries(title.policies).map(([family, name]) => `${words.word("family", family)} ${name}`),
    ].join("\n");
    this.get("badge").textContent = words.say("badge.replay");
    this.get("time").textContent = clock.at(moment.ms);
    const speed = state.playing ? words.say("top.speed", { speed: state.speed }) : words.say("top.paused"),
      day = words.say("top.day", {
        day: clock.day(moment.ms),
        weekday: words.say(`weekday.${clock.weekday(moment.ms)}`),
      });
    this.get("day").textContent = `${day} · ${speed}`;
    const point = Math.max(upTo(replay.head.series.at, moment.ms) - 1, 0);
    this.put("cards", this.keyOf(point), () => replay.head.series.cards.map((card) => this.card(card, point)));
  }

  // A figure, its change against an hour ago, and its last two hours.
  card(card, point) {
    const { words, replay } = this,
      { at, warmup } = replay.head.series,
      value = card.points[point],
      box = el("div", "card"),
      line = el("div"),
      canvas = el("canvas");
    line.append(el("b", "", written(value, card, words)));
    if (card.of) line.append(el("span", "muted", ` / ${written(card.of[point], card, words)}`));
    const before = at[point] - HOUR_MS > warmup ? (card.points[upTo(at, at[point] - HOUR_MS) - 1] ?? null) : null,
      said = value === null || before === null ? "" : change(value - before, card, words);
    if (said) {
      const better = card.better === null ? "" : value > before === (card.better === "higher") ? "good" : "warning";
      line.append(el("span", `change ${better}`, said));
    }
    box.append(el("span", "muted", words.say(card.key)), line, canvas);
    canvas.width = 44;
    canvas.height = 20;
    sparkline(
      canvas,
      card.points.slice(Math.max(upTo(at, at[point] - 2 * HOUR_MS) - 1, 0), point + 1),
      this.theme.moving,
    );
    return box;
  }

  log() {
    const { words, clock, replay, moment } = this,
      rows = [heading(words.say("log.title"), words.say("log.follow"))];
    const seen = upTo(replay.markTimes, moment.ms),
      marks = replay.head.marks.slice(Math.max(seen - 60, 0), seen).reverse();
    if (!marks.length) rows.push(el("p", "muted", words.say("log.empty")));
    for (const mark of marks) {
      const button = el("button", "event");
      button.append(
        el("span", "muted", clock.at(mark.at)),
        el("i", mark.sort),
        el("span", "", tellMark(words, mark, moment.ms)),
      );
      button.addEventListener("click", () => this.does.seek(mark.at));
      rows.push(button);
    }
    return rows;
  }
}
