// A value edited where it stands: Enter or leaving saves, Escape puts the old one back. htmx fetches and posts the form.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = ctx.target?.isConnected ? ctx.target.querySelector?.("form[data-inline]") : null;
  form?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-inline]");
  if (!form || event.isComposing) return;
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    window.htmx.ajax("GET", form.dataset.inline, { target: form.parentElement, swap: "innerHTML" });
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
