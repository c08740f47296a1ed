// Readers of a letter as chips, found in the address book while typing. Without a script the plain field of addresses stays.
import { htmx } from "../htmx.js";
import { AnswerList } from "./answer_list.js";

const PAUSE = 150;
const ENDS = new Set(["Enter", ",", ";", "،", "؛"]);
const PARTS = /(?:"[^"]*"|[^",;،؛\n])+/g;

const split = (text) => (text.match(PARTS) ?? []).map((part) => part.trim()).filter(Boolean);
const addressOf = (party) => (/<([^<>]*)>\s*$/.exec(party)?.[1] ?? party).trim();
const nameOf = (party) => party.replace(/<[^<>]*>\s*$/, "").replaceAll('"', "").trim() || addressOf(party);
const isAddress = (text) => /^[^\s@]+@[^\s@]+$/.test(text);

class AddressField extends AnswerList {
  connectedCallback() {
    if (this.text) return;
    this.kept = this.querySelector("input");
    this.mould = this.querySelector("template").content.firstElementChild;
    this.list = this.querySelector('[role="listbox"]');
    this.text = this.kept.cloneNode();
    this.text.removeAttribute("name");
    this.text.value = "";
    this.announce();
    const focused = document.activeElement === this.kept;
    this.kept.type = "hidden";
    this.kept.removeAttribute("id");
    this.kept.after(this.text);
    if (focused) this.text.focus();
    this.show(split(this.kept.value));
    this.text.addEventListener("input", (event) => this.onInput(event));
    this.text.addEventListener("focus", () => this.search(""));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => { this.take(); this.close(); });
    this.text.addEventListener("paste", (event) => this.onPaste(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.choose(target.closest('[role="option"]')));
    this.addEventListener("click", ({ target }) => this.onClick(target));
  }

  get parties() { return [...this.querySelectorAll(":scope > .chip")].map((chip) => chip.dataset.party); }

  show(parties) {
    for (const chip of this.querySelectorAll(":scope > .chip")) chip.remove();
    const known = new Set();
    for (const party of parties) {
      const address = addressOf(party).toLowerCase();
      if (known.has(address)) continue;
      known.add(address);
      const chip = this.mould.cloneNode(true);
      chip.dataset.party = party;
      chip.title = addressOf(party);
      chip.classList.toggle("amber", !isAddress(address));
      chip.querySelector("bdi").textContent = nameOf(party);
      const remove = chip.querySelector("button");
      remove.setAttribute("aria-label", remove.getAttribute("aria-label").replace("{name}", nameOf(party)));
      this.text.before(chip);
    }
  }

  /** Make these the readers and tell the form. */
  set(parties) {
    this.show(parties);
    this.kept.value = this.parties.join(", ");
    this.kept.dispatchEvent(new Event("input", { bubbles: true }));
  }

  take() {
    clearTimeout(this.timer);
    this.asked = null;
    const typed = split(this.text.value);
    this.text.value = "";
    if (typed.length) this.set([...this.parties, ...typed]);
  }

  onInput(event) {
    if (event.isComposing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(this.text.value), PAUSE);
  }

  onPaste(event) {
    const parts = split(event.clipboardData.getData("text"));
    if (parts.length < 2 && !isAddress(addressOf(parts[0] ?? ""))) return;
    event.preventDefault();
    this.text.value += parts.join(", ");
    this.take();
  }

  onClick(target) {
    const chip = target.closest(".chip");
    if (target.closest(".chip > button")) {
      this.set(this.parties.filter((party) => party !== chip.dataset.party));
      this.text.focus();
    } else if (chip) {
      this.set(this.parties.filter((party) => party !== chip.dataset.party));
      this.text.value = chip.dataset.party;
      this.text.focus();
    } else if (target === this) this.text.focus();
  }

  async search(query) {
    const records = [...(this.kept.form?.querySelectorAll('[name="records"]:checked') ?? [])].map((box) => box.value);
    const asking = new URLSearchParams([["q", query.trim()], ...records.map((record) => ["record", record])]);
    const asked = (this.asked = {});
    await htmx.ajax("GET", `${this.dataset.url}?${asking}`, { source: this, target: this.list, swap: "innerHTML" });
    if (this.asked !== asked || document.activeElement !== this.text) return;
    if (!this.list.childElementCount) return this.close();
    this.open();
    if (query.trim()) this.mark(this.options[0]);
  }

  choose(option) {
    if (!option) return;
    this.text.value = "";
    this.take();
    this.set([...this.parties, option.dataset.party]);
    this.close();
    this.text.focus();
  }

  /** Whether the key takes the marked option: not where a whole address was typed, nor from an empty field by leaving it. */
  takes(key) {
    const typed = this.text.value.trim();
    return (key === "Enter" || (key === "Tab" && typed)) && !isAddress(typed);
  }

  onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const all = this.options;
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.isOpen && all.length) {
      event.preventDefault();
      this.mark(all.at((now + step + all.length) % all.length));
    } else if (this.takes(event.key) && this.isOpen && all[now]) {
      if (event.key === "Enter") event.preventDefault();
      this.choose(all[now]);
    } else if (ENDS.has(event.key) && this.text.value.trim()) {
      event.preventDefault();
      this.take();
      this.close();
    } else if (event.key === "Enter") event.preventDefault();
    else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.text.value && this.parties.length) {
      event.preventDefault();
      this.set(this.parties.slice(0, -1));
    }
  }
}

customElements.define("address-field", AddressField);
