#!/usr/bin/env node
// Reads a built site with the Statuspage client from npm, over loopback, and compares what it reports with status.json.
//
//     clients.mjs SITE         SITE: the folder that `signalpost build` wrote
//
// Prints PASS or FAIL, and exits with 1 for FAIL. The package lies in $SIGNALPOST_TEST_TOOLS/node.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import path from "node:path";

const tools = process.env.SIGNALPOST_TEST_TOOLS;
const { Statuspage } = createRequire(tools ? path.join(tools, "node", "package.json") : import.meta.url)("statuspage.io");

const INDICATORS = { operational: "none", maintenance: "maintenance", degraded: "minor", "partial-outage": "major", "major-outage": "critical" };
const COMPONENTS = {
  operational: "operational",
  maintenance: "under_maintenance",
  degraded: "degraded_performance",
  "partial-outage": "partial_outage",
  "major-outage": "major_outage",
};

/** A plain file server for JSON, on a free port of loopback. */
function serve(folder) {
  const server = createServer(async (request, response) => {
    try {
      const body = await readFile(path.join(folder, path.normalize(new URL(request.url, "http://x").pathname)));
      response.writeHead(200, { "Content-Type": "application/json" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const sorted = (list) => list.map((item) => JSON.stringify(item)).sort();

/** Every answer of the client beside what status.json says. */
async function* answers(api, truth) {
  const seen = truth.servers.filter((server) => server.standing === "operational");
  const internal = new Set(truth.servers.filter((server) => server.standing === "internal").map((server) => server.id));
  const told = (events) => events.filter((event) => !event.servers.length || !event.servers.every((id) => internal.has(id)));
  const titles = (events, kind) => sorted(told(events).filter((event) => event.kind === kind).map((event) => event.title));
  const expected = sorted(seen.map((server) => [server.name, COMPONENTS[server.status]]));
  const leaves = (components) => sorted(components.filter((c) => !c.group).map((c) => [c.name, c.status]));
  const names = (events) => sorted(events.map((event) => event.name));

  yield ["status", (await api.getStatus()).status.indicator, INDICATORS[truth.overall.status]];
  const summary = await api.getSummary();
  yield ["summary: indicator", summary.status.indicator, INDICATORS[truth.overall.status]];
  yield ["summary: components", leaves(summary.components), expected];
  yield ["summary: incidents", names(summary.incidents), titles(truth.active, "incident")];
  yield ["summary: maintenances", names(summary.scheduled_maintenances), titles([...truth.active, ...truth.planned], "maintenance")];
  yield ["components", leaves((await api.getComponents()).components), expected];
  yield ["incidents: unresolved", names((await api.incidents.getUnresolved()).incidents), titles(truth.active, "incident")];
  const all = (await api.incidents.getAll()).incidents;
  yield ["incidents: newest first", all.map((i) => i.created_at), all.map((i) => i.created_at).sort().reverse()];
  const upcoming = (await api.scheduledMaintenances.getUpcoming()).scheduled_maintenances;
  yield ["maintenances: upcoming", names(upcoming), titles(truth.planned, "maintenance")];
}

const folder = process.argv[2];
if (!folder) {
  console.error("usage: clients.mjs SITE");
  process.exit(2);
}
const server = await serve(folder);
const wrong = [];
try {
  const client = new Statuspage("ours");
  client.setApiUrl(`http://127.0.0.1:${server.address().port}`);
  const truth = JSON.parse(await readFile(path.join(folder, "status.json"), "utf8"));
  for await (const [what, said, expected] of answers(client.api, truth)) {
    if (!isDeepStrictEqual(said, expected)) wrong.push(`${what}: ${JSON.stringify(said)} instead of ${JSON.stringify(expected)}`);
  }
} catch (error) {
  wrong.push(String(error));
}
server.close();
console.log([`${wrong.length ? "FAIL" : "PASS"} statuspage.io`, ...wrong].join("\n     "));
process.exit(wrong.length ? 1 : 0);
