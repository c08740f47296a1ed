// htmx, its nonce gate (SEC-44) and what every request and answer of ours carries.
import htmx from "htmx.org/dist/htmx.esm.js";
window.htmx = htmx;
