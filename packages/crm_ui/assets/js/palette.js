// The command window: Ctrl/⌘ K anywhere; its results come from the server, this walks them.
const palette = () => document.getElementById("palette");
const options = () => [...palette().querySelectorAll('[role="option"]')];

export function openPalette() {
  const dialog = palette();
  if (!dialog || dialog.open) return;
  dialog.querySelector("#palette-here").value = location.pathname;
  dialog.showModal();
  const input = dialog.querySelector("input");
  input.select();
  input.dispatchEvent(new CustomEvent("palette:open"));
}

function mark(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  const input = palette().querySelector("input");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `palette-${options().indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-palette-open]") || event.ctrlKey || event.metaKey || !palette()) return;
  event.preventDefault();
  openPalette();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && palette()) {
    event.preventDefault();
    openPalette();
  } else if (palette()?.open) walk(event);
});

function walk(event) {
  const all = options();
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    mark(all.at((now + step + all.length) % all.length));
  } else if (event.key === "Enter" && all[now]) {
    event.preventDefault();
    all[now].click();
  }
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id === "palette-results") mark(options()[0]);
});
