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

document.addEventListener("keydown", (event) => {
  const item = event.altKey ? event.target.closest?.("[data-order] li, [data-order] tr") : null;
  if (!item || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const focused = document.activeElement;
  if (event.key === "ArrowUp") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  focused.focus();
  say(item);
});
