// The calendar: events go to another time by drag or Alt and arrows, an empty place opens the short form of something new.
import { guarded, htmx } from "./htmx.js";
import { toast } from "./toasts.js";

const HALF = 30;
const DAY = 48;
const SLACK = 5;
const EDGE = 8;
let held = null;

const pad = (number) => String(number).padStart(2, "0");
const clock = (at) => `${pad(Math.floor(at / 2))}:${at % 2 ? "30" : "00"}`;
const words = () => document.getElementById("words").dataset;
const slotOf = (event) => Number([...event.classList].find((name) => name.startsWith("at-"))?.slice(3) ?? 0);
const lengthOf = (event) => Number([...event.classList].find((name) => name.startsWith("for-"))?.slice(4) ?? 1);

function put(event, at, length) {
  for (const name of [...event.classList]) if (/^(at|for)-\d+$/.test(name)) event.classList.remove(name);
  event.classList.add(`at-${at}`, `for-${length}`);
}

/** Which occurrences of a series are meant; empty when it was called off, "one" for what stands alone. */
function which(event) {
  const dialog = document.getElementById("occurrences");
  if (!("repeats" in event.dataset)) return Promise.resolve("one");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((said) => { dialog.addEventListener("close", () => said(dialog.returnValue), { once: true }); });
}

/** Draw the calendar anew where it stands. */
async function redraw(id) {
  const scrolled = document.querySelector(".week, .cal")?.scrollTop ?? 0;
  await htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
  const grid = document.querySelector(".week, .cal");
  if (grid) grid.scrollTop = scrolled;
  if (id) document.querySelector(`.ev[data-id="${CSS.escape(id)}"]`)?.focus();
}
document.addEventListener("calendar:changed", () => redraw(""));

/** Tell the server the new time; the page is drawn anew either way, so that it shows what holds. */
async function settle(event, day, at, minutes) {
  const { module, id, version, start } = event.dataset;
  const occurrences = await which(event);
  if (!occurrences) return redraw(id);
  const time = at === null ? start.slice(11) : clock(at);
  const body = new URLSearchParams({ module, id, version, occurrences, start: time ? `${day}T${time}` : day });
  if (minutes) body.set("minutes", minutes);
  event.setAttribute("aria-busy", "true");
  const answer = await fetch("/calendar/move", {
    method: "POST", body, headers: { ...guarded(), Accept: "application/json" },
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) toast(said.toast.text);
  else toast(said?.detail ?? words().serverGone, { tone: "bad" });
  await redraw(id);
}

/** The column under the pointer and the half hour within it. */
function under({ clientX, clientY }) {
  const column = document.elementsFromPoint(clientX, clientY).find((found) => found.matches(".col[data-day], .day[data-day], .allday[data-day]"));
  if (!column) return null;
  const box = column.getBoundingClientRect();
  const at = column.matches(".col") ? Math.floor(((clientY - box.top) / box.height) * DAY) : null;
  return { column, day: column.dataset.day, at: at === null ? null : Math.max(0, Math.min(DAY - 1, at)) };
}

document.addEventListener("pointerdown", (down) => {
  const event = down.target.closest?.(".ev[data-movable]");
  if (!event || down.button !== 0) return;
  const box = event.getBoundingClientRect();
  const place = under(down);
  held = {
    event, x: down.clientX, y: down.clientY, moved: false, resize: Boolean(event.closest(".col")) && box.bottom - down.clientY < EDGE,
    offset: place?.at == null ? 0 : place.at - slotOf(event),
  };
});
document.addEventListener("pointermove", (move) => {
  if (!held || (!held.moved && Math.hypot(move.clientX - held.x, move.clientY - held.y) < SLACK)) return;
  held.moved = true;
  held.event.classList.add("drag");
  const place = under(move);
  for (const cell of document.querySelectorAll(".cal-drop")) cell.classList.remove("cal-drop");
  if (!place) return;
  held.place = place;
  if (place.at === null) return void place.column.classList.add("cal-drop");
  const at = slotOf(held.event);
  if (held.resize) put(held.event, at, Math.max(1, place.at - at + 1));
  else {
    if (held.event.parentNode !== place.column) place.column.append(held.event);
    put(held.event, Math.max(0, Math.min(DAY - 1, place.at - held.offset)), lengthOf(held.event));
  }
});
document.addEventListener("pointerup", () => {
  if (!held) return;
  const { event, moved, place, resize } = held;
  held = null;
  event.classList.remove("drag");
  if (!moved || !place) return;
  event.addEventListener("click", (click) => click.preventDefault(), { once: true });
  const day = resize ? event.closest("[data-day]").dataset.day : place.day;
  settle(event, day, place.at === null ? null : slotOf(event), resize ? lengthOf(event) * HALF : 0);
});
document.addEventListener("pointercancel", () => { held = null; });
document.addEventListener("dragstart", (drag) => { if (drag.target.closest?.(".ev[data-movable]")) drag.preventDefault(); });

/** The same day some days on, as the address of a day says it. */
function dayFrom(iso, days) {
  const day = new Date(`${iso}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

document.addEventListener("keydown", (key) => {
  const event = key.target.closest?.(".ev[data-movable]");
  if (!event || !key.altKey || !key.key.startsWith("Arrow")) return;
  key.preventDefault();
  const day = event.closest("[data-day]").dataset.day;
  const inColumn = Boolean(event.closest(".col"));
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const step = key.key === "ArrowUp" ? -1 : 1;
  if (key.key === "ArrowUp" || key.key === "ArrowDown") {
    if (!inColumn) settle(event, dayFrom(day, step * 7), null, 0);
    else if (key.shiftKey) settle(event, day, slotOf(event), Math.max(HALF, Number(event.dataset.minutes) + step * HALF));
    else settle(event, day, Math.max(0, Math.min(DAY - 1, slotOf(event) + step)), 0);
  } else settle(event, dayFrom(day, key.key === forward ? 1 : -1), inColumn ? slotOf(event) : null, 0);
});

document.addEventListener("click", (click) => {
  const grid = click.target.closest?.(".week .col")?.closest("[data-new-url]");
  if (!grid || click.target.closest(".ev")) return;
  const { day, at } = under(click);
  htmx.ajax("GET", `${grid.dataset.newUrl}?at=${day}T${clock(at)}`, { target: "#drawer-body", swap: "innerHTML" });
});

document.addEventListener("change", ({ target }) => target.closest?.("form[data-submit-on-change]")?.requestSubmit());

function scroll() {
  document.querySelector(".week .dow.today")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.querySelector("[data-scroll-here]")?.scrollIntoView({ block: "start" });
}
scroll();
