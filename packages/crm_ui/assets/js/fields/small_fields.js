// Small help in forms: rows of e-mail addresses, an address copied from another, choices that hang on a choice.
import { toLatin } from "../digits.js";

const setValue = (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

class EmailsRows extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector(".add");
    if (this.querySelector("input[readonly]")) return;
    button.hidden = false;
    const spare = [...this.querySelectorAll(".email-row")].at(-1);
    this.mould = spare.cloneNode(true);
    if (this.querySelectorAll(".email-row").length > 1) spare.remove();
    button.addEventListener("click", () => this.add());
  }

  /** Another empty row, numbered after the last. */
  add() {
    const rows = [...this.querySelectorAll(".email-row")];
    const number = rows.length;
    const row = this.mould.cloneNode(true);
    for (const input of row.querySelectorAll("input")) {
      input.name = input.name.replace(/\.\d+\./, `.${number}.`);
      if (input.type === "radio") input.value = String(number);
      if (input.type === "text") { input.value = ""; input.id = `${input.id.replace(/-\d+$/, "")}-${number}`; }
      else input.checked = false;
    }
    this.querySelector(".add").before(row);
    row.querySelector("input").focus();
  }
}

class CopyAddress extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const { form } = button;
      const { from, to } = this.dataset;
      for (const input of form.elements) {
        if (!input.name.startsWith(`${to}.`)) continue;
        const other = form.elements.namedItem(from + input.name.slice(to.length));
        if (other) setValue(input, other.value);
      }
    });
  }
}

class DependentChoice extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    this.all = [...this.select.options];
    this.leader = this.select.form?.elements.namedItem(this.dataset.parent) ?? null;
    if (!this.leader?.addEventListener) return;
    this.leader.addEventListener("change", () => this.narrow());
    this.narrow();
  }

  narrow() {
    const chosen = this.leader.value;
    const allowed = ({ value, dataset }) => !value || !dataset.under?.trim() || dataset.under.trim().split(" ").includes(chosen);
    const kept = this.select.value;
    this.select.replaceChildren(...this.all.filter(allowed));
    this.select.value = kept;
    if (this.select.selectedIndex < 0) this.select.selectedIndex = 0;
  }
}

/** The usual lengths beside a number of minutes: each says the other. */
class DurationField extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select) return;
    this.typed = this.querySelector("input");
    this.select.hidden = false;
    this.typed.addEventListener("input", () => this.match());
    this.select.addEventListener("change", () => {
      if (!this.select.value) { this.typed.select(); return; }
      setValue(this.typed, this.select.value);
    });
    this.match();
  }

  match() {
    const minutes = toLatin(this.typed.value.trim());
    this.select.value = [...this.select.options].find(({ value }) => value && toLatin(value) === minutes)?.value ?? "";
  }
}

customElements.define("duration-field", DurationField);
customElements.define("emails-rows", EmailsRows);
customElements.define("copy-address", CopyAddress);
customElements.define("dependent-choice", DependentChoice);
