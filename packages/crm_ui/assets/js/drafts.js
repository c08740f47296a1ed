// What is being written is kept as a draft after each pause: forms with `data-keeps` are posted with `do=keep`, without new files,
// to where that attribute says or to their own address.
import { guarded } from "./htmx.js";
import { settled } from "./leave_guard.js";

const PAUSE = 4000;
const waiting = new Map();
const keeping = new Map();

function written(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("do", "keep");
  return data;
}

async function keep(form) {
  waiting.delete(form);
  const answer = await fetch(form.dataset.keeps || form.action, { method: "POST", body: written(form), headers: guarded() }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("content-type")?.includes("json")) return;
  const { draft, said } = await answer.json();
  if (!form.isConnected) return;
  document.querySelector("[data-kept]").textContent = said;
  if (!draft) return;
  form.elements.namedItem("draft").value = draft;
  history.replaceState(history.state, "", `${form.getAttribute("action")}?draft=${draft}`);
  const files = [...form.querySelectorAll('input[type="file"]')].some((input) => input.files.length);
  if (!waiting.has(form) && !files) settled(form);
}

/** One at a time: what follows is kept over the same draft. */
function begin(form) {
  if (keeping.has(form)) return later(form);
  const done = keep(form).finally(() => keeping.delete(form));
  keeping.set(form, done);
  return done;
}

function later(form) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => begin(form), PAUSE));
}

document.addEventListener("input", ({ target }) => {
  const form = target.form ?? target.closest?.("form");
  if (form?.hasAttribute("data-keeps")) later(form);
});
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  clearTimeout(waiting.get(target));
  waiting.delete(target);
  const busy = keeping.get(target);
  if (!busy) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  busy.then(() => target.requestSubmit(submitter));
}, true);
