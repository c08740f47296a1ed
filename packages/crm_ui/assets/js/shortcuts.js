// Single keys by their place on the keyboard (`event.code`), so that they work with a Persian layout; never in inputs.
import { openPalette } from "./palette.js";
import { anySelected, clearSelection, selectAll, toggle } from "./selection.js";

const GO_WINDOW = 1500;
let going = 0;

const inInput = (target) => target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog[open]');
const rows = () => [...document.querySelectorAll("table[data-select] tbody tr, [data-rows] > *")];
const current = () => document.activeElement.closest?.("table[data-select] tbody tr, [data-rows] > *") ?? null;
const press = (element) => { element?.click(); return Boolean(element); };
const byKey = (code) => document.querySelector(`[data-key="${code}"]:not([disabled])`);

function move(step) {
  const all = rows();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(current()) + step))];
  if (!next) return false;
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function own(code) {
  const row = current();
  const inRow = row?.querySelector(`[data-key="${code}"]`);
  return press(inRow ?? byKey(code));
}

const SINGLE = {
  KeyJ: () => move(1),
  ArrowDown: () => Boolean(current()) && move(1),
  KeyK: () => move(-1),
  ArrowUp: () => Boolean(current()) && move(-1),
  Enter: () => document.activeElement === current() && press(current()?.querySelector("a.name, a.t, a")),
  Space: () => document.activeElement === current() && press(current()?.querySelector("[data-preview]")),
  KeyE: () => {
    const link = current()?.closest("[data-edits]") && current().querySelector("a.name");
    if (link) location.assign(`${link.href}/edit`);
    return Boolean(link);
  },
  KeyX: (event) => { const row = current(); if (row) toggle(row, event.shiftKey); return Boolean(row); },
  Escape: () => { const any = anySelected() && !document.querySelector(":popover-open"); if (any) clearSelection(); return any; },
  Slash: (event) => (event.shiftKey ? help() : search()),
  KeyG: () => { going = Date.now(); return true; },
};

function help() {
  const dialog = document.getElementById("shortcuts");
  if (dialog && !dialog.open) dialog.showModal();
  return Boolean(dialog);
}

function search() {
  const field = document.querySelector("[data-list-search]");
  if (field) field.focus();
  else openPalette();
  return true;
}

function save(event) {
  const form = event.target.closest?.("form[data-guard]") ?? document.querySelector("form[data-guard]");
  if (!form) return false;
  form.requestSubmit(form.querySelector("[data-save]") ?? document.querySelector(`[data-save][form="${form.id}"]`) ?? undefined);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  let done = false;
  if (command) done = withCommand(event);
  else if (!inInput(event.target) && document.documentElement.dataset.shortcuts !== "off") done = single(event);
  if (done) event.preventDefault();
});

function withCommand(event) {
  if (event.code === "KeyS" || (event.code === "Enter" && event.target.closest?.("form[data-guard]"))) return save(event);
  if (event.code !== "KeyA" || inInput(event.target) || !document.querySelector("[data-select]")) return false;
  selectAll();
  return true;
}

function single(event) {
  if (Date.now() - going < GO_WINDOW && event.code !== "KeyG") {
    going = 0;
    return press(document.querySelector(`[data-go="${event.code}"]`));
  }
  return (SINGLE[event.code]?.(event) ?? false) || own(event.code);
}
