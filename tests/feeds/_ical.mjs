// Reads a calendar with ical.js, which Thunderbird uses: `node _ical.mjs FILE` prints its events as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const found = createRequire(`${process.env.SIGNALPOST_TEST_TOOLS}/node/`).resolve("ical.js");
const { default: ICAL } = await import(pathToFileURL(found));

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    summary: event.summary,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
  };
});
console.log(JSON.stringify(events));
