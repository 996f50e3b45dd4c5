// A WMS policy that is not in Python: allocation from the stock nearest to the depot, over HTTP.
//   node docs/examples/nearest_first.mjs 8777
//   twin run quickstart --policy allocation=http://127.0.0.1:8777/v1/policies/allocation/nearest_first
import { createServer } from "node:http";

function decide({ line, stock }) {
  const rejected = [];
  const fit = [];
  for (const row of stock) {
    const free = row.units - row.reserved;
    let code = null;
    if (row.status !== "available") code = "status";
    else if (row.location_blocked) code = "location_blocked";
    else if (row.owner !== line.owner) code = "owner";
    else if (row.storage !== line.storage || row.excursion) code = "temperature";
    else if (row.secure && !line.cleared) code = "secure_zone";
    else if (free <= 0) code = "no_units";
    if (code) rejected.push({ subject: row.stock, code });
    else fit.push({ ...row, free });
  }
  const text = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  fit.sort((a, b) => a.distance_mm - b.distance_mm || text(a.stock, b.stock));
  rejected.sort((a, b) => text(a.subject, b.subject));
  let need = line.units;
  const reservations = [];
  for (const row of fit) {
    const units = Math.min(row.free, need);
    if (units > 0) reservations.push({ line: line.line, stock: row.stock, units });
    need -= units;
  }
  if (need > 0 && line.ship_rule === "line_complete") {
    return { reservations: [], short: line.units, rejected };
  }
  return { reservations, short: need, rejected };
}

const server = createServer((request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (request.method === "GET") return answer(200, { name: "nearest_first", version: "1" });
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    try {
      answer(200, { decision: decide(JSON.parse(text).snapshot) });
    } catch (error) {
      answer(422, { detail: String(error) });
    }
  });
});
server.listen(Number(process.argv[2] ?? 8777), "127.0.0.1", () => console.log(`listening ${server.address().port}`));
