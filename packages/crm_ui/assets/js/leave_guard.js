// A form with typed values is not left by accident: forms with `data-guard` ask first.
import { ask } from "./dialogs.js";

const changed = new Set();
const guarded = () => [...changed].some((form) => form.isConnected);

/** What stands in the form is kept elsewhere by now: it may be left. */
export const settled = (form) => changed.delete(form);

document.addEventListener("input", ({ target }) => {
  const form = target.form ?? target.closest?.("form");
  if (form?.hasAttribute("data-guard")) changed.add(form);
});
document.addEventListener("submit", ({ target }) => changed.delete(target));
document.addEventListener("reset", ({ target }) => changed.delete(target));
addEventListener("beforeunload", (event) => { if (guarded()) event.preventDefault(); });

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !guarded() || link.target || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.getAttribute("href").startsWith("#") || !document.getElementById("leave")) return;
  event.preventDefault();
  ask("leave").then((answer) => {
    if (answer !== "leave") return;
    changed.clear();
    location.assign(link.href);
  });
});
