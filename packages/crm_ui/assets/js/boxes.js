// Boxes of the home page: asked anew by hand or by the clock, and by the clock only while somebody can see them.
const MINUTE = 60_000;
const due = new WeakMap();

const next = (minutes) => Date.now() + minutes * MINUTE * (0.9 + Math.random() * 0.2);

function ask(box) {
  due.delete(box);
  box.dispatchEvent(new Event("sadra:refresh"));
}

function look() {
  if (document.hidden) return;
  for (const box of document.querySelectorAll("[data-refresh]")) {
    const minutes = Number(box.dataset.refresh);
    if (!minutes) continue;
    if (!due.has(box)) due.set(box, next(minutes));
    else if (due.get(box) <= Date.now() && !box.querySelector(":popover-open")) ask(box);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-refresh-now]");
  if (!button) return;
  button.closest("[popover]")?.hidePopover();
  ask(button.closest("[data-refresh]"));
});
document.addEventListener("visibilitychange", look);
if (document.querySelector("[data-refresh], [hx-get^='/home/']")) setInterval(look, 5_000);
