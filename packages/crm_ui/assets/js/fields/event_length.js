// An event's end and its length, each the other's consequence while they are typed; the server judges what holds.
import { inDigits, toLatin } from "../digits.js";
import { CALENDARS, read, write } from "./calendars.js";

const MINUTE = 60_000;
const NOON = 12 * 60;
const pad = (number) => String(number).padStart(2, "0");

/** The inputs of an event in a form; null in the form of anything else. */
function partsOf(form) {
  const named = (name) => form?.elements.namedItem(name);
  const parts = { start: named("starts_at"), begun: named("starts_at.time"), length: named("duration"), end: named("ends_at"), ended: named("ends_at.time") };
  return Object.values(parts).every((input) => input && !input.readOnly && !input.disabled) ? parts : null;
}

/** Minutes of a typed clock after midnight. */
function minutesOf(text) {
  const found = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(toLatin(text));
  return found && Number(found[1]) < 24 && Number(found[2]) < 60 ? Number(found[1]) * 60 + Number(found[2]) : null;
}

/** A typed day and clock as milliseconds, `without` one so many minutes after midnight; null while it makes no sense. */
function moment(day, clock, without) {
  const date = read(day.value);
  const minutes = clock.value.trim() ? minutesOf(clock.value) : without;
  return date && minutes !== null ? date.getTime() + (minutes - NOON) * MINUTE : null;
}

/** The minutes of a typed length: `90` or `1:30`. */
function lengthOf(text) {
  const plain = toLatin(text).trim();
  return /^\d+$/.test(plain) ? Number(plain) : minutesOf(plain);
}

function endFollows({ start, begun, length, end, ended }) {
  const begins = moment(start, begun, 0);
  const minutes = lengthOf(length.value);
  if (begins === null || !minutes) return;
  const at = new Date(begins + minutes * MINUTE);
  const calendar = CALENDARS[end.closest("date-field").dataset.calendar] ?? CALENDARS.gregorian;
  end.value = write(calendar, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), 12)));
  ended.value = inDigits(`${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`);
}

function lengthFollows({ start, begun, length, end, ended }) {
  const [begins, ends] = [moment(start, begun, 0), moment(end, ended, 2 * NOON)];
  if (begins !== null && ends !== null && ends > begins) length.value = inDigits(String((ends - begins) / MINUTE));
}

document.addEventListener("input", ({ target }) => {
  const parts = /^(starts_at|duration|ends_at)(\.time)?$/.test(target.name ?? "") && partsOf(target.form);
  if (parts) (target.name.startsWith("ends_at") ? lengthFollows : endFollows)(parts);
});
