// People named in a formatted text: an @ offers them under the caret, the chosen one becomes a link to his page.
import { htmx } from "../htmx.js";
import { place } from "../menus.js";
import { AnswerList } from "./answer_list.js";

const PAUSE = 150;
const WIDTH = "16rem";
/** An @ at the beginning of a word, and up to two words of a name. */
const ASKED = /(?:^|[\s(«"'])@([\p{L}\p{N}\u200c._-]*(?: [\p{L}\p{N}\u200c._-]+)?)$/u;

class MentionList extends AnswerList {
  /** Follow what is typed into that editor. */
  attend(editor) {
    this.editor = editor;
    this.text = editor.view.dom;
    this.list = this.querySelector('[role="listbox"]');
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.addEventListener("keydown", (event) => this.onKey(event), true);
    this.text.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.choose(target.closest('[role="option"]')));
    editor.on("update", () => this.onTyped());
    editor.on("selectionUpdate", () => { if (!this.question()) this.close(); });
  }

  /** What is asked for at the caret, and from where on it stands there. */
  question() {
    const { empty, $from } = this.editor.state.selection;
    if (!empty || $from.parent.type.spec.code) return null;
    const found = ASKED.exec($from.parent.textBetween(0, $from.parentOffset, null, "\ufffc"));
    return found && { words: found[1], from: $from.pos - found[1].length - 1, to: $from.pos };
  }

  onTyped() {
    clearTimeout(this.timer);
    const asked = this.question();
    if (asked) this.timer = setTimeout(() => this.search(asked.words), PAUSE);
    else this.close();
  }

  async search(words) {
    const asked = (this.asked = {});
    await htmx.ajax("GET", `${this.dataset.url}?q=${encodeURIComponent(words)}`, { source: this, target: this.list, swap: "innerHTML" });
    if (this.asked !== asked || !this.question() || !this.editor.isFocused) return;
    if (!this.options.length) return void this.close();
    this.open();
    this.mark(this.options[0]);
  }

  open() {
    if (!this.isOpen) this.list.showPopover();
    this.list.style.setProperty("inline-size", WIDTH);
    const caret = this.editor.view.coordsAtPos(this.question().from);
    place(this.list, { getBoundingClientRect: () => caret });
    this.text.setAttribute("aria-controls", this.list.id);
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    if (!this.isOpen) return;
    super.close();
    for (const name of ["aria-controls", "aria-expanded"]) this.text.removeAttribute(name);
  }

  onKey(event) {
    if (!this.isOpen) return;
    const all = this.options;
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(all.at((now + step + all.length) % all.length));
    else if (event.key === "Enter" || event.key === "Tab") this.choose(all[now]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    const asked = option && this.question();
    if (!asked) return;
    const text = `@${option.querySelector("bdi").textContent.trim()}`;
    const link = { type: "link", attrs: { href: `/users/${option.dataset.id}` } };
    this.close();
    this.editor.chain().focus().insertContentAt({ from: asked.from, to: asked.to }, [{ type: "text", text, marks: [link] }, { type: "text", text: " " }]).run();
  }
}

customElements.define("mention-list", MentionList);
