// Waiting is shown late: the pressed button at once by its spinner, the bar under the top bar from 400 ms (a CSS delay).
const root = document.documentElement;
let waiting = 0;

function wait(by) {
  waiting = Math.max(0, waiting + by);
  root.toggleAttribute("data-waiting", waiting > 0);
}

const button = (ctx) => ctx.sourceEvent?.submitter ?? (ctx.sourceElement.matches?.("button") ? ctx.sourceElement : null);

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  wait(1);
  button(ctx)?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  wait(-1);
  button(ctx)?.removeAttribute("aria-busy");
});
document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
  if (!defaultPrevented && target.method !== "dialog" && !target.hasAttribute("hx-post") && !submitter?.formTarget) submitter?.setAttribute("aria-busy", "true");
});
// A page taken out of the browser's cache of pages is not waiting any more.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const pressed of document.querySelectorAll('button[aria-busy="true"]')) pressed.removeAttribute("aria-busy");
});
