// When the session has ended, the page and what was typed stay: sign in over it, then go on.
import { htmx, renewToken } from "./htmx.js";

const UNAUTHENTICATED = 401;
const window_ = () => document.getElementById("sign-in");

document.addEventListener("htmx:before:response", (event) => {
  if (event.detail.ctx.response.status !== UNAUTHENTICATED || !window_()) return;
  if (event.detail.ctx.sourceElement.closest("#sign-in")) return;
  event.preventDefault();
  if (window_().open) return;
  window_().showModal();
  htmx.ajax("GET", "/login", { target: "#sign-in-form", swap: "innerHTML" });
});
document.addEventListener("sadra:signed-in", ({ detail }) => {
  renewToken(detail.csrf);
  window_()?.close();
});
