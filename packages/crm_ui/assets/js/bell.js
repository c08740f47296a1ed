// How many notices are unread, kept up by one stream for all tabs of a browser: the tab that holds the lock hears, the others are told.
const SETTLED_MS = 3000;
const bell = document.querySelector("[data-bell]");

function show(count) {
  const { lang, dataset } = document.documentElement;
  const numbers = dataset.digits === "persian" ? "arabext" : "latn";
  const place = bell.querySelector(".n");
  place.hidden = count === 0;
  const text = count ? new Intl.NumberFormat(lang, { numberingSystem: numbers }).format(count) : "";
  if (place.textContent !== text) place.textContent = text;
}

if (bell && navigator.locks && "BroadcastChannel" in window) {
  const others = new BroadcastChannel("bell");
  let leave = () => {};
  others.addEventListener("message", ({ data }) => show(data));
  const listen = () => navigator.locks.request("bell", () => new Promise((resolve) => {
    const source = new EventSource(bell.dataset.bell);
    source.addEventListener("message", ({ data }) => {
      show(Number(data));
      others.postMessage(Number(data));
    });
    leave = () => { source.close(); resolve(); };
  }));
  // The page came with its count: listening may wait until it is settled. On its way into the browser's cache it lets another
  // tab listen; back from it, it stands in line again.
  let soon = 0;
  addEventListener("pageshow", () => { soon = setTimeout(listen, SETTLED_MS); });
  addEventListener("pagehide", () => { clearTimeout(soon); leave(); });
}
