// Everything a page of the product runs, in one file; each module attaches itself to what it finds.
import "./htmx.js";
