// Reads a feed on standard input with ical.js; writes its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    day: event.startDate.toString(),
    wholeDay: event.startDate.isDate,
    days: event.duration.toSeconds() / 86400,
    title: event.summary,
    description: event.description,
    sequence: event.sequence,
  };
});
process.stdout.write(JSON.stringify(events));
