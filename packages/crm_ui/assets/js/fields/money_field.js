// Groups the whole part while it is typed; the caret stays after the same digit.
import { inDigits, toLatin } from "../digits.js";

const marks = () => (document.documentElement.dataset.digits === "persian" ? { group: "٬", point: "٫" } : { group: ",", point: "." });

/** `text` with its whole part in groups of three, in the reader's digits; anything but a number is left alone. */
export function grouped(text) {
  const plain = toLatin(text).replace(/[٬,\s]/g, "").replace("٫", ".");
  const found = /^(-?)(\d+)(\.\d*)?$/.exec(plain);
  if (!found) return text;
  const { group, point } = marks();
  const whole = found[2].replace(/\B(?=(\d{3})+$)/g, group);
  return found[1] + inDigits(whole) + (found[3] ? point + inDigits(found[3].slice(1)) : "");
}

class MoneyField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", ({ target, isComposing }) => {
      if (target.matches("input[type=text]") && !isComposing) regroup(target);
    });
  }
}

const significant = (text) => text.replace(/[٬,\s]/g, "").length;

function regroup(input) {
  const before = significant(input.value.slice(0, input.selectionStart));
  const text = grouped(input.value);
  if (text === input.value) return;
  input.value = text;
  let at = 0;
  for (let seen = 0; at < text.length && seen < before; at += 1) if (significant(text[at])) seen += 1;
  input.setSelectionRange(at, at);
}

customElements.define("money-field", MoneyField);
