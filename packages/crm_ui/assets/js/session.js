// When the session has ended, the page and what was typed stay: sign in over it, and what was wanted is sent again.
import { htmx, renewToken } from "./htmx.js";

const UNAUTHENTICATED = 401;
const window_ = () => document.getElementById("sign-in");
const asked = new Set(); // forms whose session is being looked at
const passed = new Set(); // forms that may be sent now
let afterwards = [];

/** Ask to sign in; then `again` is done. */
function ask(again) {
  if (again) afterwards.push(again);
  if (window_().open) return;
  window_().showModal();
  htmx.ajax("GET", "/login", { target: "#sign-in-form", swap: "innerHTML" });
}

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status !== UNAUTHENTICATED || !window_()) return;
  if (ctx.sourceElement.closest("#sign-in")) return;
  event.preventDefault();
  ask(ctx.sourceEvent && ctx.request.method !== "GET" && (() => repeat(ctx.sourceElement, ctx.sourceEvent)));
});

function repeat(element, event) {
  if (!element.isConnected) return;
  if (element.matches("form")) element.requestSubmit(event.submitter);
  else htmx.trigger(element, event.type);
}

// A form with typed values is sent as a page: what it is answered with replaces it, so the session is looked at before.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("form[data-guard][method=post]:not([hx-post])") || submitter?.formTarget || !window_()) return;
  if (passed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asked.has(form)) return;
  asked.add(form);
  submitter?.setAttribute("aria-busy", "true");
  lasts().then((there) => {
    asked.delete(form);
    submitter?.removeAttribute("aria-busy");
    const go = () => send(form, submitter);
    return there ? go() : ask(go);
  });
}, true);

function send(form, submitter) {
  passed.add(form);
  form.requestSubmit(submitter);
}

/** Whether there is a session, as far as the server can be asked; the page takes its token. */
async function lasts() {
  const answer = await fetch("/session", { headers: { accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (answer?.ok) renewToken((await answer.json()).csrf);
  return answer?.status !== UNAUTHENTICATED;
}

document.addEventListener("sadra:signed-in", ({ detail }) => {
  renewToken(detail.csrf);
  const wanted = afterwards;
  afterwards = [];
  window_()?.close();
  for (const again of wanted) again();
});
document.addEventListener("close", ({ target }) => {
  if (target === window_()) afterwards = [];
}, true);
