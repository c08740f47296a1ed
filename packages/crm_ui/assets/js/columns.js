// The columns chooser and other ordered lists: drag, or Alt with the arrows. The order of the inputs is what posts.
import Sortable from "sortablejs";

const list = (element) => element.closest("[data-order]");

function say(item) {
  const place = list(item).querySelector("[aria-live]");
  const position = [...item.parentNode.children].indexOf(item) + 1;
  if (place) place.textContent = document.getElementById("words").dataset.sorted.replace("{position}", position);
  item.dispatchEvent(new Event("input", { bubbles: true }));
}

function attachAll() {
  for (const box of document.querySelectorAll("[data-order]")) {
    const items = box.matches("ol, ul, tbody") ? box : box.querySelector("ol, ul, tbody");
    if (items && !Sortable.get(items)) {
      Sortable.create(items, { handle: "[data-handle]", animation: 120, onEnd: ({ item }) => say(item) });
    }
  }
}

document.addEventListener("htmx:after:swap", attachAll);
attachAll();

const ITEM = "[data-order] li, [data-order] tr";

/** One place up or down; what had the focus keeps it. */
function step(item, by) {
  const focused = document.activeElement;
  if (by < 0) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  focused.focus();
  say(item);
}

document.addEventListener("keydown", (event) => {
  const item = event.altKey ? event.target.closest?.(ITEM) : null;
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!item || !by) return;
  event.preventDefault();
  step(item, by);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-order] [data-move]");
  if (!button) return;
  event.preventDefault();
  step(button.closest(ITEM), Number(button.dataset.move));
});
