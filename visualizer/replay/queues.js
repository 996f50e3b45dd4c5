// --- queues: the six longest waits (queues.py)

const SHOWN = 6,
  LONG_MS = 5 * 60000;

class Queues {
  constructor(panels) {
    this.panels = panels;
    this.aisleWaits = panels.replay.head.ground.aisles.map(() => []);
    for (const wait of panels.replay.deeds.waits) this.aisleWaits[wait.aisle].push(wait);
  }

  // All waits at a time, the longest first: goods before stations, people before aisles, loads for a truck, late orders.
  waits(moment) {
    const { head, door } = this.panels.replay,
      { ground, series } = head,
      found = [];
    moment.queues.forEach(({ waiting, since }, index) => {
      if (waiting > 0 && since !== null)
        found.push({ kind: "station", index, name: ground.stations[index][0], count: waiting, since });
    });
    moment.waiting.forEach((count, index) => {
      if (count > 0)
        found.push({ kind: "aisle", index, name: ground.aisles[index][0], count, since: this.since(index, moment.ms) });
    });
    const docked = new Map();
    for (let i = 0, end = upTo(door.at, moment.ms); i < end; i++) docked.set(door.of[i], door.at[i]);
    moment.trailers.forEach((trailer, index) => {
      const [name, , , lane] = ground.doors[index];
      if (trailer !== null && lane >= 0 && moment.staged[lane] > 0) {
        found.push({ kind: "door", index, name, count: moment.staged[lane], since: docked.get(index) });
      }
    });
    const [late, lateSince] = series.overdue[Math.max(upTo(series.at, moment.ms) - 1, 0)];
    if (late) found.push({ kind: "overdue", index: -1, name: "", count: late, since: lateSince });
    return found.sort(
      (a, b) => a.since - b.since || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.name < b.name ? -1 : 1),
    );
  }

  // Since when somebody has stood before an aisle without a gap.
  since(aisle, ms) {
    let count = 0,
      since = ms;
    for (const wait of this.aisleWaits[aisle]) {
      if (wait.at > ms) break;
      if (count === 0) since = wait.at;
      count += wait.change;
    }
    return since;
  }

  rows() {
    const { words, moment, does } = this.panels,
      waits = this.waits(moment);
    let note = words.say("queues.by_wait");
    if (waits.length > SHOWN) note += ` · ${words.say("queues.more", { count: waits.length - SHOWN })}`;
    const rows = [heading(words.say("queues.title"), note)];
    if (!waits.length) rows.push(el("p", "muted", words.say("queues.none")));
    const queued = waits.filter((wait) => wait.kind !== "overdue");
    const longest = Math.max(1, ...(queued.length ? queued : waits).map((wait) => moment.ms - wait.since));
    for (const wait of waits.slice(0, SHOWN)) {
      const age = moment.ms - wait.since,
        bar = el("i"),
        fill = el("i", age >= 3 * LONG_MS ? "bad" : age >= LONG_MS ? "warning" : ""),
        row = el("button", "queue");
      fill.style.width = `${Math.min(Math.max(Math.round((age / longest) * 100), 5), 100)}%`;
      bar.append(fill);
      const name = words.say(`queue.${wait.kind}`, { name: short(wait.name) });
      row.append(el("span", "", name), bar, el("b", "", String(wait.count)), el("span", "muted", span(age)));
      if (wait.kind !== "overdue")
        row.addEventListener("click", () => does.select({ kind: wait.kind, index: wait.index, name: wait.name }, true));
      rows.push(row);
    }
    return rows;
  }
}
