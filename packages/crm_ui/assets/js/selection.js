// Rows and their boxes: one by one, a range with Shift, the page, the whole result; the bulk bar follows.
const list = () => document.querySelector("[data-select]");
const bar = () => document.querySelector(".bulk");
const HEAD = ":is(thead .pick, .pick.all) .check";
const boxes = () => [...(list()?.querySelectorAll(":is(tbody, ul) .pick .check") ?? [])];
let last = null;

/** Whether anything is selected. */
export const anySelected = () => boxes().some((box) => box.checked);

function show() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  for (const box of all) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const head = list().querySelector(HEAD);
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const bulk = bar();
  if (!bulk) return;
  bulk.hidden = chosen === 0;
  const { lang, dataset } = document.documentElement;
  const numbers = dataset.digits === "persian" ? "arabext" : "latn";
  bulk.querySelector("[data-n]").textContent = new Intl.NumberFormat(lang, { numberingSystem: numbers }).format(chosen);
  const whole = bulk.querySelector("[data-all]");
  if (whole) {
    whole.closest("label").hidden = chosen < all.length;
    if (chosen < all.length) whole.checked = false;
  }
}

/** Tick a row, or with `range` every row from the last ticked one to it. */
export function toggle(row, range = false) {
  const box = row.querySelector(".pick .check");
  if (!box) return;
  box.checked = !box.checked;
  extend(box, range);
  show();
}

function extend(box, range) {
  const all = boxes();
  if (range && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  }
  last = box;
}

/** Tick every row of the page; when they all are, the whole result. */
export function selectAll() {
  const all = boxes();
  const whole = bar()?.querySelector("[data-all]");
  if (all.length && all.every((box) => box.checked) && whole) whole.checked = true;
  for (const box of all) box.checked = true;
  show();
}

export function clearSelection() {
  for (const box of boxes()) box.checked = false;
  show();
}

let shift = false;
document.addEventListener("click", (event) => { shift = event.shiftKey; }, true);
document.addEventListener("change", ({ target }) => {
  if (!list()?.contains(target) || !target.matches(".pick .check")) return;
  if (target.matches(HEAD)) for (const box of boxes()) box.checked = target.checked;
  else extend(target, shift);
  show();
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".bulk [data-clear]")) clearSelection();
});
document.addEventListener("htmx:after:swap", () => { if (list()) show(); });
addEventListener("pageshow", () => { if (list()) show(); });
