#!/usr/bin/env node
// Runs a built site's widget.js in a page made of sticks, with the clock at many moments, and compares what it shows with what
// status.json says of them.
//
//     widget.mjs SITE          SITE: the folder that `signalpost build` wrote
//
// Prints PASS or FAIL, and exits with 1 for FAIL.

import { readFile } from "node:fs/promises";
import path from "node:path";
import vm from "node:vm";

/** As much of an element as the script asks for. */
class Element {
  constructor(parent) {
    Object.assign(this, { parentNode: parent, children: [], attributes: {}, style: {} });
  }
  get firstChild() { return this.children[0]; }
  get lastChild() { return this.children.at(-1); }
  appendChild(child) { this.children.push(child); return child; }
  setAttribute(name, value) { this.attributes[name] = value; }
  insertBefore(child, before) { this.children.splice(this.children.indexOf(before), 0, child); }
  replaceChild(child, old) { this.children[this.children.indexOf(old)] = child; }
}

/** What stands on the page after the script has run at a moment, and after each of the timers that it set by then. */
function shownAt(source, moment) {
  const body = new Element(null);
  const script = body.appendChild(new Element(body));
  Object.assign(script, { previousElementSibling: null, src: "https://status.example.net/widget.js" });
  const timers = [];
  const document = {
    currentScript: script,
    createElement: () => new Element(body),
    createTextNode: (data) => ({ data }),
  };
  class Clock extends Date {
    static now() { return moment; }
  }
  const setTimeout = (run, wait) => timers.push({ run, wait });
  vm.runInNewContext(source, { document, Date: Clock, setTimeout, clearTimeout() {} });
  const link = body.children[0];
  return { status: link.attributes["data-status"], text: link.lastChild.data, href: link.href, wait: timers[0].wait };
}

const folder = process.argv[2];
if (!folder) {
  console.error("usage: widget.mjs SITE");
  process.exit(2);
}
const source = await readFile(path.join(folder, "widget.js"), "utf8");
const truth = JSON.parse(await readFile(path.join(folder, "status.json"), "utf8"));
const built = Date.parse(truth.generated_at);
const stale = Date.parse(truth.stale_after);
const changes = truth.overall.next.map((change) => ({ at: Date.parse(change.at), status: change.status }));
const moments = [built, stale - 1000, stale, stale + 86400000, ...changes.flatMap(({ at }) => [at - 1000, at, at + 1000])];
const events = [...truth.active, ...truth.planned];
const active = /ongoing|in-progress|overrunning/;
const phase = (event, at) => event.next.filter((change) => Date.parse(change.at) <= at).at(-1)?.phase ?? event.phase;
const said = new Map();
const wrong = [];
for (const moment of moments) {
  const last = changes.filter((change) => change.at <= moment).at(-1);
  const expected = stale <= moment ? "unknown" : (last?.status ?? truth.overall.status);
  const shown = shownAt(source, moment);
  const at = new Date(moment).toISOString();
  if (shown.status !== expected) wrong.push(`${at}: ${shown.status} instead of ${expected}`);
  // All is not well while an event goes on: another sentence, and the same one each time.
  const state = `${shown.status}${shown.status === "operational" && events.some((event) => active.test(phase(event, moment))) ? ", active" : ""}`;
  if ((said.get(state) ?? shown.text) !== shown.text) wrong.push(`${at}: ${shown.text} instead of ${said.get(state)}`);
  said.set(state, shown.text);
  if (!shown.text) wrong.push(`${at}: no words`);
  if (shown.href !== truth.site.url) wrong.push(`${at}: a link to ${shown.href}`);
  if (!(shown.wait >= 0 && shown.wait <= 300250)) wrong.push(`${at}: it sleeps ${shown.wait} ms`);
}
if (Buffer.byteLength(source) >= 3000) wrong.push(`${Buffer.byteLength(source)} bytes`);
if (said.has("operational") && said.get("operational") === said.get("operational, active")) wrong.push("it says that all is well while an event goes on");
const now = shownAt(source, built);
if (now.status !== truth.overall.status || now.text !== truth.overall.text) wrong.push(`${now.text} instead of ${truth.overall.text}`);
console.log([`${wrong.length ? "FAIL" : "PASS"} widget`, ...wrong].join("\n     "));
process.exit(wrong.length ? 1 : 0);
