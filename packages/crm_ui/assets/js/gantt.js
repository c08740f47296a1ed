// A project's plan: tasks are made and changed in a drawer beside it; a bar goes to other days by drag with mouse, pen or finger, a task by Alt and arrows in the table; the server says what comes of it.
import { guarded, htmx } from "./htmx.js";
import { toast } from "./toasts.js";

const SLACK = { mouse: 5, pen: 8, touch: 10 };
const DAY = 86_400_000;
let held = null;

const words = () => document.getElementById("words").dataset;
const forwards = () => (document.dir === "rtl" ? -1 : 1);
const dayFrom = (iso, days) => new Date(Date.parse(`${iso}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** Draw the plan anew where it stands. */
async function redraw(id) {
  const before = document.querySelector(".gantt");
  const place = { left: before?.scrollLeft ?? 0, top: before?.scrollTop ?? 0 };
  await htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
  document.querySelector(".gantt")?.scrollTo(place);
  document.querySelector(`#main [data-task="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}
document.addEventListener("gantt:changed", ({ detail }) => redraw(detail.task));
document.addEventListener("click", (click) => {
  const task = click.target.closest?.("#main a[data-task]");
  if (!task || click.defaultPrevented || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  htmx.ajax("GET", task.getAttribute("href"), { target: "#drawer-body", swap: "innerHTML" });
});

/** Ask for another start or end; the plan is drawn anew either way, so that it shows what holds. */
async function settle(task, wish) {
  const { task: id, version } = task.dataset;
  const box = task.closest("[data-move-url]");
  box.setAttribute("aria-busy", "true");
  const answer = await fetch(box.dataset.moveUrl, {
    method: "POST", body: new URLSearchParams({ task: id, version, ...wish }), headers: { ...guarded(), Accept: "application/json" },
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) toast(said.toast.text, { undoUrl: said.toast.undo_url, undoBody: new URLSearchParams(said.toast.undo_fields) });
  else toast(said?.detail ?? words().serverGone, { tone: "bad" });
  await redraw(id);
}

/** The bar as it would be so many days on: moved, or with its end there. */
function show({ bar, resize, width, x, unit }, days) {
  if (!resize) return bar.setAttribute("transform", `translate(${days * unit * forwards()} 0)`);
  const longer = Math.max(unit, width + days * unit);
  const drawn = bar.querySelector(".g-bar");
  drawn.setAttribute("width", longer);
  if (forwards() < 0) drawn.setAttribute("x", x + width - longer);
}

function release() {
  const left = held;
  held = null;
  left?.bar.classList.remove("drag");
  return left;
}

document.addEventListener("pointerdown", (down) => {
  const bar = down.target.closest?.(".g-sheet [data-task]");
  if (!bar || down.button !== 0 || !down.isPrimary) return;
  const drawn = bar.querySelector(".g-bar");
  held = {
    bar, pointer: down.pointerId, slack: SLACK[down.pointerType] ?? SLACK.mouse, at: down.clientX, days: 0, moved: false, resize: down.target.matches(".g-edge"),
    unit: Number(bar.closest("[data-unit]").dataset.unit),
    width: Number(drawn?.getAttribute("width")), x: Number(drawn?.getAttribute("x")),
  };
});
document.addEventListener("pointermove", (move) => {
  if (held?.pointer !== move.pointerId || (!held.moved && Math.abs(move.clientX - held.at) < held.slack)) return;
  held.moved = true;
  held.bar.classList.add("drag");
  held.days = Math.round(((move.clientX - held.at) * forwards()) / held.unit);
  show(held, held.days);
});
document.addEventListener("pointerup", (up) => {
  if (held?.pointer !== up.pointerId) return;
  const { bar, moved, days, resize } = release();
  if (!moved) return;
  bar.addEventListener("click", (click) => click.preventDefault(), { once: true });
  const { start, end } = bar.dataset;
  settle(bar, resize ? { ends_on: dayFrom(end, days) } : { starts_on: dayFrom(start, days) });
});
document.addEventListener("pointercancel", (off) => { if (held?.pointer === off.pointerId) show(release(), 0); });
document.addEventListener("contextmenu", (menu) => { if (held) menu.preventDefault(); });
document.addEventListener("dragstart", (drag) => { if (drag.target.closest?.(".g-sheet [data-task]")) drag.preventDefault(); });

document.addEventListener("keydown", (key) => {
  if (held && key.key === "Escape") return show(release(), 0);
  const task = key.target.closest?.(".gantt th [data-task]");
  const along = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
  if (!task || !key.altKey || !along) return;
  key.preventDefault();
  settle(task, { [key.shiftKey ? "end_by" : "start_by"]: along * forwards() });
});
