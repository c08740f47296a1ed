// Small things pages need: the current tab in view, print, close a dialog, take a row away, fill a field, sort by a further
// column, let a filter's operator name its value.
for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
  const { left, right } = tab.getBoundingClientRect();
  if (left < 0 || right > innerWidth) tab.scrollIntoView({ inline: "center", block: "nearest" });
}
document.addEventListener("click", (event) => {
  const head = event.shiftKey ? event.target.closest?.("[data-also] > a") : null;
  if (!head) return;
  event.preventDefault();
  location.assign(new URL(head.parentElement.dataset.also, location.href));
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) print();
  target.closest?.("[data-close]")?.closest("dialog").close();
  target.closest?.("[data-remove]")?.parentElement.remove();
  const fill = target.closest?.("[data-fill]");
  const field = fill?.closest("form").elements.namedItem(fill.dataset.fill);
  if (!field) return;
  field.value = fill.dataset.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
// The field that a filter's row asks already is not fetched again: what is being typed for it would be lost.
document.addEventListener("change", (event) => {
  const { target } = event;
  if (!target.matches?.("[data-asked]")) return;
  if (target.dataset.asked === target.value) event.stopImmediatePropagation();
  target.dataset.asked = target.value;
}, true);
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-operator]")) return;
  const values = [...target.parentElement.querySelectorAll('[data-value], [data-holder] input[type="hidden"]')];
  const value = values.find((one) => (one.dataset.value === "period") === (target.value === "period"));
  for (const other of values) if (other !== value) Object.assign(other, { hidden: true, name: "" });
  value.name = `${target.dataset.operator}[${target.value}]`;
  const bare = ["me", "my_team", "empty", "opted_out"].includes(target.value);
  const holder = value.closest("[data-holder]") ?? value;
  if (bare) value.value = "1";
  else if (holder.hidden) value.value = "";
  holder.hidden = bare;
});
// A value typed in a mass update means that the field is to be changed.
document.addEventListener("input", ({ target }) => {
  const tick = target.closest?.(".mass-row")?.querySelector("input[name=change]");
  if (tick && tick !== target) tick.checked = true;
});
