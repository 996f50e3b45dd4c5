// --- deeds: what each worker did, one after the other (replay_deeds.py writes them)

const OFF = 0,
  IDLE = 1,
  BREAK = 2,
  WORKING = 3,
  WAITING = 4,
  BLOCKED = 5,
  MOVING = 6;
const CHECKED_IN = 7,
  TAKES = 8,
  SERVES = 9,
  SERVED = 10,
  STARTS = 11,
  UNBLOCKED = 12;
const STATE_AFTER = [0, 1, 2, 3, 4, 5, 6, IDLE, -1, WORKING, IDLE, WORKING, WORKING];
const PACE_ONE = 1 << 20;

function readDeeds(head, column) {
  const pointX = column("point.x"),
    pointY = column("point.y");
  const codes = column("deed.code"),
    counts = column("deed.count"),
    pace = column("worker.pace");
  const late = STATE_AFTER.map((_, code) => column(`late.${code}`));
  const from = column("move.from"),
    homes = column("move.homes"),
    along = column("move.along"),
    middle = column("move.middle"),
    more = column("move.duration");
  const rank = column("take.rank"),
    change = column("take.change"),
    order = column("take.order");
  const station = column("serve.station"),
    word = column("start.word"),
    aisle = column("block.aisle");
  const middles = readMiddles(column("middle.count"), column("middle.point"));
  const reached = reachedFrom(column("cell.point"), pointX.length);
  const home = column("point.home"),
    isShared = column("point.is_shared");
  const first = firstOf(home),
    group = (point) => (isShared[point] ? -1 - home[point] : point);
  const usual = new Map();
  const next = { late: late.map(() => 0), move: 0, take: 0, serve: 0, start: 0, block: 0 };
  const workers = [],
    takes = [],
    serves = [],
    served = [],
    waits = [];
  let deed = 0;
  for (let who = 0; who < counts.length; who++) {
    const one = { moves: [], moveAt: [], stateAt: [], state: [], works: [], workAt: [] };
    let over = 0,
      here = 0,
      orderBefore = 0,
      aisleBefore = 0;
    for (let i = 0; i < counts[who]; i++, deed++) {
      const code = codes[deed];
      const at = over + late[code][next.late[code]++];
      over = at;
      if (code === TAKES) {
        orderBefore += order[next.take];
        takes.push({
          at,
          who,
          cell: reached[here][rank[next.take]],
          change: change[next.take],
          order: orderBefore - 1,
        });
        next.take++;
        continue;
      }
      if (code === MOVING || code === CHECKED_IN) {
        const start = here + from[next.move],
          further = homes[next.move];
        const end = (further ? first.get(home[start] + further) : start) + along[next.move];
        const between = `${group(start)},${group(end)}`,
          said = middle[next.move];
        const bends = said === 0 ? (usual.get(between) ?? 0) : said - 1;
        usual.set(between, bends);
        const way = [start, ...middles[bends]];
        if (way.length > 1 || end !== start) way.push(end);
        const duration =
          Math.floor((lengthOf(way, pointX, pointY) * pace[who] + PACE_ONE / 2) / PACE_ONE) + more[next.move];
        one.moves.push({ at, duration, way });
        one.moveAt.push(at);
        here = end;
        over = at + duration;
        next.move++;
      } else if (code === SERVES || code === SERVED) {
        if (at > head.from) (code === SERVES ? serves : served).push({ at, station: station[next.serve] });
        next.serve++;
      } else if (code === STARTS) {
        one.works.push(word[next.start++]);
        one.workAt.push(at);
      } else if (code === BLOCKED || code === UNBLOCKED) {
        aisleBefore += aisle[next.block++];
        if (at > head.from || code === BLOCKED)
          waits.push({ at, who, aisle: aisleBefore, change: code === BLOCKED ? 1 : -1 });
      }
      one.stateAt.push(at);
      one.state.push(STATE_AFTER[code]);
    }
    workers.push(one);
  }
  const byTime = (a, b) => a.at - b.at;
  for (const list of [takes, serves, served, waits]) list.sort(byTime);
  return { workers, takes, serves, served, waits, pointX, pointY };
}

// The first point of each home.
function firstOf(home) {
  const first = new Map();
  home.forEach((one, point) => {
    if (!first.has(one)) first.set(one, point);
  });
  return first;
}

function readMiddles(counts, points) {
  const middles = [];
  let at = 0;
  for (const count of counts) {
    middles.push(Array.from(points.subarray(at, at + count)));
    at += count;
  }
  return middles;
}

function reachedFrom(cellPoint, points) {
  const reached = Array.from({ length: points }, () => []);
  cellPoint.forEach((point, cell) => reached[point].push(cell));
  return reached;
}

// Along x and y: whole millimetres, so that both sides count alike.
function lengthOf(way, x, y) {
  let sum = 0;
  for (let i = 1; i < way.length; i++) sum += Math.abs(x[way[i]] - x[way[i - 1]]) + Math.abs(y[way[i]] - y[way[i - 1]]);
  return sum;
}
