// A list of answers under the field one types in: opened, walked and closed alike wherever something is looked for.
import { place, unplace } from "../menus.js";

/** What has `text`, where one types, and `list`, the place of the answers. */
export class AnswerList extends HTMLElement {
  get options() { return [...this.list.querySelectorAll('[role="option"]')]; }
  get isOpen() { return this.list.matches(":popover-open"); }

  /** Say of the field what it is to those who do not see it. */
  announce() {
    const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(facts)) this.text.setAttribute(name, value);
  }

  open() {
    if (!this.isOpen) this.list.showPopover();
    this.list.style.setProperty("inline-size", `${this.getBoundingClientRect().width}px`);
    place(this.list, this);
    this.text.setAttribute("aria-expanded", "true");
  }

  close() {
    if (this.isOpen) this.list.hidePopover();
    unplace(this.list);
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  mark(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (!option) return this.text.removeAttribute("aria-activedescendant");
    option.id ||= `${this.list.id}-${this.options.indexOf(option)}`;
    this.text.setAttribute("aria-activedescendant", option.id);
    return option.scrollIntoView({ block: "nearest" });
  }
}
