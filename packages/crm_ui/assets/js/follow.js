// A part that follows what happens: each event fetches it anew; without events its page still loads.
import { htmx } from "./htmx.js";

function follow(place) {
  const source = new EventSource(place.dataset.follow);
  let busy = false;
  let again = false;
  const fetchPart = async () => {
    if (busy) { again = true; return; }
    busy = true;
    do {
      again = false;
      await htmx.ajax("GET", place.dataset.part, { target: place, swap: "innerHTML" });
    } while (again);
    busy = false;
  };
  source.addEventListener("message", fetchPart);
  source.addEventListener("over", () => source.close());
  addEventListener("pagehide", () => source.close());
}

for (const place of document.querySelectorAll("[data-follow]")) follow(place);
