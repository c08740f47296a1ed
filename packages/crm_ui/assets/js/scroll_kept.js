// What scrolls inside a page stands where it stood when one comes back: browsers remember that of the whole page only.
const PLACE = "[data-scroll-kept]";
const WAIT = 100;
let due = 0;

function keep() {
  const box = document.querySelector(PLACE);
  if (box) history.replaceState({ ...history.state, scrolled: [box.scrollLeft, box.scrollTop] }, "");
}

document.addEventListener("scroll", ({ target }) => {
  if (!target.matches?.(PLACE)) return;
  clearTimeout(due);
  due = setTimeout(keep, WAIT);
}, { capture: true, passive: true });
addEventListener("pagehide", keep);

const [left, top] = history.state?.scrolled ?? [0, 0];
if (left || top) document.querySelector(PLACE)?.scrollTo({ left, top, behavior: "instant" });
