// What happens elsewhere while a page is open, heard by one stream for all tabs of a browser: the tab that holds the lock hears,
// the others are told. Where no stream comes through, the state is asked for every minute.
import { guarded, htmx } from "./htmx.js";
import { toast } from "./toasts.js";

const SETTLED_MS = 3000, SILENT_MS = 10_000, POLL_MS = 60_000, GATHER_MS = 300;
const LAST = "bell.last", NONE = "00000000-0000-0000-0000-000000000000";
const bell = document.querySelector("[data-bell]");
const shared = Boolean(navigator.locks && "BroadcastChannel" in window);
const others = shared ? new BroadcastChannel("bell") : null;
const tab = `${Date.now()}.${Math.random()}`;
const record = document.querySelector("[data-record]");
/** Which record each tab shows. */
const open = new Map();
let restart = () => {};

function show(count) {
  const { lang, dataset } = document.documentElement;
  const numbers = dataset.digits === "persian" ? "arabext" : "latn";
  const place = bell.querySelector(".n");
  place.hidden = count === 0;
  const text = count ? new Intl.NumberFormat(lang, { numberingSystem: numbers }).format(count) : "";
  if (place.textContent !== text) place.textContent = text;
}

/** Somebody else changed the record on this page: the server says who, unless it was the reader himself. */
function changed(versions) {
  const version = record && versions[record.dataset.record];
  if (!version || version <= Number(record.dataset.version)) return;
  const since = record.dataset.version;
  record.dataset.version = version;
  htmx.ajax("GET", `/${record.dataset.record}/changed?since=${since}`, { target: record, swap: "innerHTML" });
}

function tell(items) {
  if (document.visibilityState !== "visible") return;
  for (const { id, text, href } of items) toast(text, { href, onOpen: () => read(id) });
}

/** Marked as read on the way to where it leads. */
const read = (id) => fetch(`/notifications/${id}`, {
  method: "POST", body: new URLSearchParams({ stay: "1" }), headers: guarded(), keepalive: true, redirect: "manual",
});

function take(state) {
  show(state.unread);
  changed(state.records);
}

const address = (path) => {
  const records = [...new Set(open.values())].filter(Boolean);
  return records.length ? `${path}?records=${records.map(encodeURIComponent).join(",")}` : path;
};

async function asked(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.json() : null;
}

/** What the tab that hears passes on; what is newer than anything told in this browser is told once. */
async function hear(state) {
  take(state);
  others?.postMessage({ state });
  const last = localStorage.getItem(LAST);
  if (last && state.last <= last) return;
  localStorage.setItem(LAST, state.last || NONE);
  if (!last) return;
  const items = await asked(`/notifications/news?after=${last}`);
  if (!items) return;
  tell(items);
  others?.postMessage({ items });
}

async function poll() {
  if (!shared && document.visibilityState !== "visible") return;
  const state = await asked(address("/notifications/state"));
  if (state) hear(state);
}

/** Hears until it is ended: by the stream, or by asking where it stays silent. */
function listen() {
  let source = null, silent = 0, polling = 0, gathering = 0;
  const ask = () => {
    source?.close();
    clearTimeout(silent);
    if (!polling) polling = setInterval(poll, POLL_MS);
  };
  const start = () => {
    source?.close();
    clearTimeout(silent);
    if (polling) return;
    source = new EventSource(address(bell.dataset.bell));
    silent = setTimeout(() => { ask(); poll(); }, SILENT_MS);
    source.addEventListener("message", ({ data }) => { clearTimeout(silent); hear(JSON.parse(data)); });
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) ask(); });
  };
  restart = () => { clearTimeout(gathering); gathering = setTimeout(start, GATHER_MS); };
  if (shared) start(); else ask();
  return () => { source?.close(); clearTimeout(silent); clearTimeout(gathering); clearInterval(polling); restart = () => {}; };
}

const announce = (key) => others?.postMessage({ tab, key });

function note(from, key) {
  if (open.get(from) === key) return;
  if (key) open.set(from, key); else open.delete(from);
  restart();
}

if (bell) {
  let leave = () => {};
  others?.addEventListener("message", ({ data }) => {
    if (data.state) take(data.state);
    else if (data.items) tell(data.items);
    else if (data.who) announce(record?.dataset.record);
    else note(data.tab, data.key);
  });
  const stand = () => {
    open.set(tab, record?.dataset.record);
    announce(record?.dataset.record);
    if (!shared) { leave = listen(); return; }
    navigator.locks.request("bell", () => new Promise((resolve) => {
      others.postMessage({ who: true });
      const end = listen();
      leave = () => { end(); resolve(); };
    }));
  };
  // The page came with its count: listening may wait until it is settled. On its way into the browser's cache it lets another
  // tab listen; back from it, it stands in line again.
  let soon = 0;
  addEventListener("pageshow", () => { soon = setTimeout(stand, SETTLED_MS); });
  addEventListener("pagehide", () => { clearTimeout(soon); announce(""); leave(); leave = () => {}; });
}
