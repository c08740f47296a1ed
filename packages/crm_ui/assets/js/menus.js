// Menus are popovers: placed at their button, walked with the arrows, focus goes back by the browser.
const ITEMS = '[role="menuitem"]:not([disabled])';
const EDGE = 8;
const GAP = 4;

let opener = null;
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[popovertarget]");
  if (button) opener = button;
}, true);

document.addEventListener("toggle", ({ target, newState }) => {
  if (!target.matches?.("[popover]") || target.matches("[popover=manual]")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(target.id)}"]`);
  button?.setAttribute("aria-expanded", String(newState === "open"));
  if (!target.matches('[role="menu"]')) return;
  if (newState !== "open") return unplace(target);
  const at = opener?.getAttribute("popovertarget") === target.id ? opener : (button ?? document.activeElement);
  if (!target.matches(".sections")) place(target, at);
  target.querySelector(ITEMS)?.focus();
}, true);

/** Put `box` under `anchor`, start edges together, inside the window. */
export function place(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const rtl = document.documentElement.dir === "rtl";
  const size = box.getBoundingClientRect();
  const wish = rtl ? at.right - size.width : at.left;
  const x = Math.min(Math.max(EDGE, wish), innerWidth - size.width - EDGE);
  const below = at.bottom + GAP;
  const y = below + size.height > innerHeight - EDGE && at.top > size.height + GAP ? at.top - size.height - GAP : below;
  box.style.setProperty("inset", "auto");
  box.style.setProperty("left", `${x}px`);
  box.style.setProperty("top", `${y}px`);
}

/** Forget where `box` was put: a swap would copy its style attribute, which the page's policy forbids. Asked for, it is written down. */
export function unplace(box) {
  if (box.hasAttribute("style")) box.removeAttribute("style");
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.('[role="menu"]');
  if (!menu) return;
  const items = [...menu.querySelectorAll(ITEMS)];
  const now = items.indexOf(document.activeElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
});
