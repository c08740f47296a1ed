// A day typed first; the button opens a month to pick from. Arrows follow the eye, PageUp and PageDown change the month.
import { place } from "../menus.js";
import { addDays, addMonths, CALENDARS, dayNumber, fullDay, monthTitle, otherDay, read, today, weekday, write } from "./calendars.js";

const WEEK = 7;
const FRIDAY = 5;
const SUNDAY = 0;
const same = (a, b) => a?.getTime() === b?.getTime();

class DateField extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input");
    this.button = this.querySelector("button");
    this.calendar = CALENDARS[this.dataset.calendar] ?? CALENDARS.gregorian;
    if (this.input.readOnly || this.input.disabled) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.menu?.matches(":popover-open") ? this.close() : this.open()));
    this.input.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); this.open(); }
    });
  }

  disconnectedCallback() {
    this.menu?.remove();
    this.menu = null;
  }

  open() {
    this.menu ??= this.build();
    this.day = read(this.input.value) ?? today();
    this.draw();
    this.menu.showPopover();
    place(this.menu, this);
    this.focusDay();
  }

  close() {
    this.menu.hidePopover();
    this.button.focus();
  }

  build() {
    const menu = document.getElementById("mould-month").content.firstElementChild.cloneNode(true);
    menu.setAttribute("role", "dialog");
    menu.setAttribute("aria-label", this.button.getAttribute("aria-label"));
    this.append(menu);
    menu.addEventListener("click", (event) => this.onClick(event));
    menu.addEventListener("keydown", (event) => this.onKey(event));
    menu.addEventListener("toggle", ({ newState }) => this.button.setAttribute("aria-expanded", String(newState === "open")));
    return menu;
  }

  onClick({ target }) {
    const cell = target.closest("[data-day]");
    const step = target.closest("[data-step]");
    if (cell) this.pick(new Date(Number(cell.dataset.day)));
    else if (target.closest("[data-today]")) this.pick(today());
    else if (step) { this.day = addMonths(this.calendar, this.day, Number(step.dataset.step)); this.draw(); }
  }

  onKey(event) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); return this.close(); }
    if (!event.target.matches("[data-day]")) return undefined;
    const ahead = getComputedStyle(this.menu).direction === "rtl" ? -1 : 1;
    const days = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: WEEK, ArrowUp: -WEEK }[event.key];
    const months = { PageUp: -1, PageDown: 1 }[event.key];
    if (!days && !months) return undefined;
    event.preventDefault();
    this.day = days ? addDays(this.day, days) : addMonths(this.calendar, this.day, months);
    this.draw();
    return this.focusDay();
  }

  pick(date) {
    this.input.value = write(this.calendar, date);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.menu.hidePopover();
    this.input.focus();
  }

  focusDay() {
    this.menu.querySelector('[tabindex="0"]').focus();
  }

  /** The six weeks around the month of `this.day`. */
  draw() {
    const { year, month } = this.calendar.parts(this.day);
    const first = this.calendar.make({ year, month, day: 1 });
    const start = (Number(this.dataset.weekStart) + 1) % WEEK;
    const from = addDays(first, -((first.getUTCDay() - start + WEEK) % WEEK));
    const weeks = Math.ceil(((first - from) / 86_400_000 + this.calendar.length(year, month)) / WEEK);
    this.menu.querySelector(".mini-h span").textContent = monthTitle(this.calendar, this.day);
    this.menu.querySelector("[data-other]").textContent = otherDay(this.calendar, this.day);
    this.menu.querySelector("thead tr").replaceChildren(...Array.from({ length: WEEK }, (_, n) => head(addDays(from, n))));
    const rows = Array.from({ length: weeks }, (_, week) => this.week(addDays(from, week * WEEK), month));
    this.menu.querySelector("tbody").replaceChildren(...rows);
  }

  week(from, month) {
    const row = document.createElement("tr");
    const chosen = read(this.input.value);
    for (let n = 0; n < WEEK; n += 1) row.append(this.cell(addDays(from, n), month, chosen));
    return row;
  }

  cell(date, month, chosen) {
    const cell = document.createElement("td");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.day = date.getTime();
    button.textContent = dayNumber(this.calendar, date);
    button.setAttribute("aria-label", fullDay(this.calendar, date));
    button.tabIndex = same(date, this.day) ? 0 : -1;
    if (same(date, today())) button.setAttribute("aria-current", "date");
    if (same(date, chosen)) cell.setAttribute("aria-selected", "true");
    if (this.calendar.parts(date).month !== month) button.className = "out";
    else if (date.getUTCDay() === (this.calendar === CALENDARS.jalali ? FRIDAY : SUNDAY)) button.className = "off";
    cell.append(button);
    return cell;
  }
}

function head(date) {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.abbr = weekday(date, "long");
  cell.textContent = weekday(date, "narrow");
  return cell;
}

customElements.define("date-field", DateField);
