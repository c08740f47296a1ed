// Messages at the end of the page: six seconds, ten where something can be taken back, longer while looked at, with one way back.
import { guarded } from "./htmx.js";

const LIFE = 6000, LONGER = 10000;
const region = () => document.getElementById("toasts");
const words = () => document.getElementById("words").dataset;

/** Show `text`; `undoUrl`, posted with `undoBody`, takes the change back; `href` is where it leads, which `onOpen` hears of;
 * `tone: "bad"` stays until it is closed. */
export function toast(text, { undoUrl = "", undoBody, href = "", onOpen = () => {}, tone = "", code = "" } = {}) {
  const mould = document.getElementById(tone === "bad" ? "mould-toast-bad" : "mould-toast");
  const box = mould.content.firstElementChild.cloneNode(true);
  box.querySelector("span").textContent = code ? `${text} ${code}` : text;
  if (href) lead(box.querySelector("span"), href, onOpen);
  const undo = box.querySelector("[data-undo]");
  if (undoUrl) undo.addEventListener("click", () => takeBack(undoUrl, undoBody, box), { once: true });
  else undo?.remove();
  region().append(box);
  if (tone !== "bad") expire(box);
}

function lead(place, href, onOpen) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = place.textContent;
  link.addEventListener("click", onOpen);
  place.replaceChildren(link);
}

async function takeBack(url, body, box) {
  const answer = await fetch(url, { method: "POST", body, headers: guarded() }).catch(() => null);
  box.remove();
  if (answer?.ok) location.reload();
  else toast(words().serverGone, { tone: "bad" });
}

function expire(box) {
  const life = box.querySelector("form, [data-undo]") ? LONGER : LIFE;
  let timer = setTimeout(() => box.remove(), life);
  const hold = () => clearTimeout(timer);
  const go = () => { hold(); timer = setTimeout(() => box.remove(), life); };
  box.addEventListener("pointerenter", hold);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusin", hold);
  box.addEventListener("focusout", go);
}

document.addEventListener("sadra:toast", ({ detail }) => {
  toast(detail.text, { undoUrl: detail.undo_url, tone: detail.tone, code: detail.code });
});
document.addEventListener("click", ({ target }) => target.closest?.("[data-toast-close]")?.closest(".toast").remove());
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) toast(words().serverGone, { tone: "bad" });
});
for (const box of region()?.children ?? []) expire(box);
