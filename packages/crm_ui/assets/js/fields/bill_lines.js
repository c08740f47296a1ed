// The lines of a bill: rows that come and go, products that fill in what they know, amounts that the server works out.
import { guarded } from "../htmx.js";

const PAUSE = 350;
const FROM_PRODUCT = ["part_number", "note", "unit", "list_price", "tax_rate"];

class BillLines extends HTMLElement {
  connectedCallback() {
    if (this.body) return;
    this.body = this.querySelector("tbody");
    const rows = [...this.body.rows];
    this.mould = rows.at(-1).cloneNode(true);
    this.next = rows.length;
    for (const row of rows.slice(1)) if (!filled(row)) row.remove();
    for (const row of this.body.rows) BillLines.dress(row);
    this.querySelector(".add").hidden = false;
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("change", ({ target }) => this.onChange(target));
    this.addEventListener("input", () => this.soon());
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.figure();
  }

  /** With a script a row is removed by its button, so that the box for it goes. */
  static dress(row) {
    row.querySelector("[data-remove]").hidden = false;
    row.querySelector(".gone").hidden = true;
  }

  add(kind) {
    const row = this.mould.cloneNode(true);
    const name = `${this.dataset.name}.${this.next}.`;
    for (const input of row.querySelectorAll("[name]")) input.name = input.name.replace(/^(.*?)\.\d+\./, name);
    for (const input of row.querySelectorAll("[id]")) input.id = `${input.id}-${this.next}`;
    this.next += 1;
    row.dataset.kind = kind;
    part(row, "kind").value = kind;
    BillLines.dress(row);
    this.body.append(row);
    row.querySelector("search-select input[type=text]").focus();
  }

  onClick({ target }) {
    const add = target.closest("[data-add]");
    if (add) this.add(add.dataset.add);
    if (!target.closest("[data-remove]")) return;
    target.closest("tr").remove();
    this.soon();
  }

  onChange(target) {
    const row = target.closest("tr");
    if (row && target.name?.endsWith(".kind")) row.dataset.kind = target.value;
    if (row && target.name?.endsWith(".product") && target.value) this.fill(row, target.value);
    this.soon();
  }

  /** Enter in a line goes on to another one instead of saving. */
  onKey(event) {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("tbody input[type=text]")) return;
    event.preventDefault();
    this.add(event.target.closest("tr").dataset.kind === "service" ? "service" : "good");
  }

  async fill(row, product) {
    const currency = this.querySelector(`[name="${this.dataset.name}.currency"]`).value;
    const answer = await fetch(`${this.dataset.product}/${product}?currency=${currency}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const facts = await answer.json();
    for (const name of FROM_PRODUCT) part(row, name).value = facts[name] ?? "";
    part(row, "kind").value = facts.kind;
    row.dataset.kind = facts.kind;
    part(row, "quantity").value ||= facts.quantity;
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.figure(), PAUSE);
  }

  async figure() {
    const form = new FormData(this.closest("form"));
    const asked = new URLSearchParams([...form].filter(([name]) => name.startsWith(`${this.dataset.name}.`)));
    asked.set("field", this.dataset.name);
    const answer = await fetch(this.dataset.figures, { method: "POST", body: asked, headers: guarded() });
    if (!answer.ok) return;
    const { lines, rates, totals } = await answer.json();
    const rows = [...this.body.rows].filter(filled);
    for (const row of this.body.rows) row.querySelector("output").textContent = "";
    rows.forEach((row, place) => {
      row.querySelector("output").textContent = lines[place] ?? "";
      part(row, "tax_rate").placeholder = rates[place] ?? "";
    });
    this.querySelector("[data-totals]").replaceChildren(...totals.flatMap(total));
  }
}

const part = (row, name) => row.querySelector(`[name$=".${name}"]`);
const filled = (row) => Boolean(part(row, "name").value.trim());

function total([label, amount, last]) {
  const [term, value] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = label;
  value.textContent = amount;
  value.className = last ? "num g" : "num";
  if (last) term.className = "g";
  return [term, value];
}

customElements.define("bill-lines", BillLines);
