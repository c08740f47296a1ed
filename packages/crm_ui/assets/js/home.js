// The boxes of the home page, fetched anew every few minutes while somebody looks: each a little earlier or later than the
// others. What fell due while the page was hidden is fetched once when it is seen again.
const MINUTE = 60_000, SPREAD = 0.1;
const grid = document.querySelector("[data-refresh]");
let due = false;

function fetchAll() {
  due = false;
  for (const box of grid.querySelectorAll("[data-box]")) {
    const wait = Math.random() * SPREAD * Number(grid.dataset.refresh) * MINUTE;
    setTimeout(() => {
      if (box.isConnected) window.htmx.ajax("GET", `/home/${box.dataset.box}`, { target: box, swap: "outerHTML" });
    }, wait);
  }
}

if (grid) {
  setInterval(() => {
    due = true;
    if (!document.hidden) fetchAll();
  }, Number(grid.dataset.refresh) * MINUTE);
  document.addEventListener("visibilitychange", () => { if (due && !document.hidden) fetchAll(); });
}
