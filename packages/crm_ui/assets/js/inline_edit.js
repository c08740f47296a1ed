// A value edited where it stands: Enter or leaving saves, Escape puts the old one back. htmx fetches and posts the form.
import { htmx } from "./htmx.js";

const start = (place) => htmx.ajax("GET", place.dataset.edit, { source: place, target: place, swap: "innerHTML" });

document.addEventListener("dblclick", ({ target }) => {
  const place = target.closest?.("[data-edit]");
  if (place && !target.closest("form, a, button")) start(place);
});
document.addEventListener("click", ({ target }) => {
  const place = target.closest?.(".pencil")?.closest("[data-edit]");
  if (place) start(place);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.target?.isConnected || !ctx.target.matches?.("[data-edit]")) return;
  const form = ctx.target.querySelector("form[data-inline]");
  (form?.querySelector("input:not([type=hidden]), select, textarea") ?? ctx.target).focus();
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("[data-edit]") && event.key === "Enter") {
    event.preventDefault();
    start(event.target);
    return;
  }
  const form = event.target.closest?.("form[data-inline]");
  if (!form || event.isComposing) return;
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    form.setAttribute("data-sent", "");
    const place = form.closest("[data-edit]");
    htmx.ajax("GET", form.dataset.inline, { source: place, target: place, swap: "innerHTML" });
  } else if (event.key === "Enter" && !event.target.matches("textarea, button") && !event.defaultPrevented) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const form = target.closest?.("form[data-inline]");
  if (!form || form.contains(relatedTarget) || !form.isConnected || form.hasAttribute("data-sent")) return;
  if (relatedTarget?.closest?.("[popover]")) return;
  const inputs = [...form.elements].filter((input) => input.name && input.type !== "hidden");
  if (inputs.some(isChanged)) form.requestSubmit();
});
document.addEventListener("submit", ({ target }) => { if (target.matches("form[data-inline]")) target.setAttribute("data-sent", ""); });

function isChanged(input) {
  if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
  if (input.options) return [...input.options].some((option) => option.selected !== option.defaultSelected);
  return input.value !== input.defaultValue;
}
