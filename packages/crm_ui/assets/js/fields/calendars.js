// The two calendars as one small interface: a day is a Date at noon UTC, so that no zone can move it.
import { jalaaliMonthLength, toGregorian, toJalaali } from "jalaali-js";
import { inDigits, numbering, toLatin } from "../digits.js";

const DAY = 86_400_000;
const noon = (year, month, day) => new Date(Date.UTC(year, month - 1, day, 12));
const language = () => document.documentElement.lang;
const two = (number) => String(number).padStart(2, "0");

const gregorian = {
  name: "gregory",
  parts: (date) => ({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }),
  make: ({ year, month, day }) => noon(year, month, day),
  length: (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate(),
};

const jalali = {
  name: "persian",
  parts(date) {
    const { jy, jm, jd } = toJalaali(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
    return { year: jy, month: jm, day: jd };
  },
  make({ year, month, day }) {
    const { gy, gm, gd } = toGregorian(year, month, day);
    return noon(gy, gm, gd);
  },
  length: jalaaliMonthLength,
};

export const CALENDARS = { jalali, gregorian };

export const today = () => {
  const now = new Date();
  return noon(now.getFullYear(), now.getMonth() + 1, now.getDate());
};
export const addDays = (date, count) => new Date(date.getTime() + count * DAY);

/** The same day of another month, or that month's last day. */
export function addMonths(calendar, date, count) {
  const { year, month, day } = calendar.parts(date);
  const months = year * 12 + (month - 1) + count;
  const there = { year: Math.floor(months / 12), month: (((months % 12) + 12) % 12) + 1 };
  return calendar.make({ ...there, day: Math.min(day, calendar.length(there.year, there.month)) });
}

/** As it is typed and posted: year, month, day with slashes, in the reader's digits. */
export function write(calendar, date) {
  const { year, month, day } = calendar.parts(date);
  return calendar === jalali ? inDigits(`${year}/${two(month)}/${two(day)}`) : inDigits(`${year}-${two(month)}-${two(day)}`);
}

const NAMED = /^\s*\d{1,2} [A-Za-z]{3,9} \d{4}\s*$/;

/** A typed day with the year first, in either calendar by its year, or as English pages show it; null when it is none. */
export function read(text) {
  if (NAMED.test(text)) {
    const moment = Date.parse(`${text} 12:00 UTC`);
    return Number.isNaN(moment) ? null : new Date(moment);
  }
  const found = /^\s*(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})\s*$/.exec(toLatin(text));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const calendar = year < 1700 ? jalali : gregorian;
  const known = month >= 1 && month <= 12 && day >= 1 && day <= calendar.length(year, month);
  return known ? calendar.make({ year, month, day }) : null;
}

const format = (date, calendar, options) =>
  new Intl.DateTimeFormat(`${language()}-u-ca-${calendar.name}-nu-${numbering()}`, { timeZone: "UTC", ...options }).format(date);
const LATIN = "en-GB-u-nu-latn";

export const monthTitle = (calendar, date) => {
  const { year } = calendar.parts(date);
  return `${format(date, calendar, { month: "long" })} ${inDigits(year)}`;
};
export const weekday = (date, width) => format(date, gregorian, { weekday: width });
export const dayNumber = (calendar, date) => inDigits(calendar.parts(date).day);
export const fullDay = (calendar, date) => format(date, calendar, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** The same day in the other calendar, as a hint in Latin script: 29 Nov 2026, or 8 Azar 1405. */
export function otherDay(calendar, date) {
  const other = calendar === jalali ? gregorian : jalali;
  const month = new Intl.DateTimeFormat(`${LATIN}-ca-${other.name}`, { timeZone: "UTC", month: other === gregorian ? "short" : "long" });
  const { year, day } = other.parts(date);
  return `${day} ${month.format(date)} ${year}`;
}
