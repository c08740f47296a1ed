// htmx and its nonce gate (SEC-44): same origin only, nothing evaluated, no snapshots in browser storage.
import htmx from "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-csp.js";

htmx.config.mode = "same-origin";
htmx.config.includeIndicatorCSS = false;
htmx.config.history = true;
htmx.config.defaultTimeout = 30_000;
// Settling would put the attributes of elements with an id back to what came, over what our elements made of them meanwhile.
htmx.config.defaultSettleDelay = 0;

const CSRF = "X-CSRF-Token";
const token = () => document.querySelector('meta[name="csrf-token"]');

/** The headers of a request of our own that changes something. */
export const guarded = () => ({ [CSRF]: token().content });

/** Take the token of a new session. */
export function renewToken(text) {
  token().content = text;
  for (const field of document.querySelectorAll('input[name="_csrf"]')) field.value = text;
}

// A form that signs in over a page has a token of its own: the page's is of the session that has ended.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const own = ctx.sourceElement.closest?.("#sign-in")?.querySelector('[name="_csrf"]');
  ctx.request.headers[CSRF] = own?.value ?? token().content;
});

// A fetched part may ask to be seen: an error summary, a heading.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const place = ctx.target?.isConnected ? ctx.target : document;
  (place.querySelector?.("[data-focus]") ?? null)?.focus();
});

export { htmx };
