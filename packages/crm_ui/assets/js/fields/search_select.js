// A record chosen by typing: the server searches, this walks the answers. Without a script the typed name is posted.
import { htmx } from "../htmx.js";
import { AnswerList } from "./answer_list.js";

const PAUSE = 150;

class SearchSelect extends AnswerList {
  connectedCallback() {
    if (this.text) return;
    this.id_ = this.querySelector('input[type="hidden"]');
    this.text = this.querySelector('input[type="text"]');
    this.list = this.querySelector('[role="listbox"]');
    this.clearButton = this.querySelector(".clear");
    if (this.text.readOnly || this.text.disabled) return;
    this.announce();
    this.known = this.text.value;
    this.text.addEventListener("input", (event) => this.onInput(event));
    this.text.addEventListener("click", () => this.search(""));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => this.onBlur());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.choose(target.closest('[role="option"]')));
    this.clearButton.addEventListener("click", () => { this.set("", ""); this.text.focus(); });
    this.showClear();
  }

  onInput(event) {
    if (event.isComposing) return;
    this.id_.value = "";
    this.showClear();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(this.text.value), PAUSE);
  }

  onBlur() {
    clearTimeout(this.timer);
    this.close();
    if (!this.text.value) this.set("", "", false);
  }

  /** Which record's own ones are offered first: that of another link of the form. */
  get among() {
    const { among } = this.dataset;
    const id = among && this.closest("form")?.elements.namedItem(among)?.value;
    return id ? `&among=${among}:${encodeURIComponent(id)}` : "";
  }

  async search(query) {
    const url = `${this.dataset.url}?q=${encodeURIComponent(query.trim())}${this.among}`;
    const asked = (this.asked = {});
    await htmx.ajax("GET", url, { source: this, target: this.list, swap: "innerHTML" });
    if (this.asked !== asked || document.activeElement !== this.text) return;
    this.offerNew(query.trim());
    this.open();
    this.mark(this.options[0]);
  }

  offerNew(name) {
    if (!name || !this.dataset.create) return;
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.dataset.id = "";
    option.dataset.create = name;
    option.textContent = this.dataset.create.replace("{name}", name);
    this.list.append(option);
  }

  onKey(event) {
    const all = this.options;
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.isOpen && all.length) this.mark(all.at((now + step + all.length) % all.length));
      else this.search(this.text.value);
    } else if (event.key === "Enter" && this.isOpen && all[now]) {
      event.preventDefault();
      this.choose(all[now]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.close();
    }
  }

  /** Take an option; a new record is made by the server, from the name that is posted beside an empty id. */
  choose(option) {
    if (!option) return;
    clearTimeout(this.timer);
    this.asked = null;
    this.set(option.dataset.id, option.dataset.create ?? option.querySelector("bdi").textContent.trim());
    this.close();
  }

  set(id, label, tell = true) {
    const changed = this.id_.value !== id || this.known !== label;
    this.id_.value = id;
    this.text.value = label;
    this.known = label;
    this.showClear();
    if (!changed || !tell) return;
    this.id_.dispatchEvent(new Event("input", { bubbles: true }));
    this.id_.dispatchEvent(new Event("change", { bubbles: true }));
  }

  showClear() {
    this.clearButton.hidden = !this.text.value;
  }
}

/** The kind of record chosen beside a search decides where it searches. */
class AnyLink extends HTMLElement {
  connectedCallback() {
    this.querySelector("select").addEventListener("change", ({ target }) => {
      const search = this.querySelector("search-select");
      search.dataset.url = target.selectedOptions[0].dataset.url;
      search.set("", "");
    });
  }
}

customElements.define("search-select", SearchSelect);
customElements.define("any-link", AnyLink);
