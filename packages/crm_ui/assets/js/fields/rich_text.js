// Formatted text over the textarea that posts. The editor itself is fetched when the first one is on the page.
import { place } from "../menus.js";
import { toast } from "../toasts.js";
import { post } from "./file_field.js";

const isRtl = (element) => getComputedStyle(element).direction === "rtl";
const COMMANDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  underline: (chain) => chain.toggleUnderline(),
  strike: (chain) => chain.toggleStrike(),
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  center: (chain) => chain.toggleTextAlign("center"),
  end: (chain, place) => chain.toggleTextAlign(isRtl(place) ? "left" : "right"),
  clear: (chain) => chain.unsetAllMarks().clearNodes(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  row: (chain) => chain.addRowAfter(),
  column: (chain) => chain.addColumnAfter(),
  drop_row: (chain) => chain.deleteRow(),
  drop_column: (chain) => chain.deleteColumn(),
  drop_table: (chain) => chain.deleteTable(),
};
const ACTIVE = {
  bold: ["bold"], italic: ["italic"], underline: ["underline"], strike: ["strike"], heading: ["heading"], bullets: ["bulletList"],
  numbers: ["orderedList"], quote: ["blockquote"], link: ["link"], center: [{ textAlign: "center" }],
};

class RichText extends HTMLElement {
  async connectedCallback() {
    if (this.area) return;
    this.area = this.querySelector("textarea");
    const { open, exchange, read } = await import(this.dataset.editor);
    if (!this.isConnected) return;
    this.exchange = (...signatures) => exchange(this.editor, ...signatures);
    this.place = document.createElement("div");
    this.area.before(this.place);
    this.area.hidden = true;
    const content = this.querySelector("template").content;
    this.editor = open(this.place, content, this.facts(), (markup) => this.keep(markup), () => this.show());
    this.read = (nodes) => read(this.editor, nodes);
    this.querySelector("mention-list")?.attend(this.editor);
    this.tools = this.querySelector(".tools");
    this.tools.hidden = false;
    this.tools.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("click", ({ target }) => this.run(target.closest("[data-command]")));
    this.addEventListener("keydown", (event) => { if (event.altKey && event.key === "F10") this.buttons[0].focus(); });
    this.querySelector('input[type="file"]').addEventListener("change", ({ target }) => this.picture(target));
    this.querySelector("[data-address]").addEventListener("keydown", (event) => this.onAddress(event));
    this.querySelector(".link-form").addEventListener("toggle", (event) => this.onLinkForm(event));
    this.show();
  }

  disconnectedCallback() {
    this.editor?.destroy();
  }

  get buttons() { return [...this.tools.querySelectorAll(":scope > button")]; }

  /** The editor is named and described by what names and describes the textarea. */
  facts() {
    const facts = { class: "input prose", role: "textbox", "aria-multiline": "true" };
    const label = this.area.labels?.[0];
    if (label) {
      label.id ||= `${this.area.id}-label`;
      facts["aria-labelledby"] = label.id;
      label.addEventListener("click", () => this.editor.commands.focus());
    }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (this.area.hasAttribute(name)) facts[name] = this.area.getAttribute(name);
    }
    return facts;
  }

  keep(markup) {
    this.area.value = markup;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What the buttons say of the place where the caret stands. */
  show() {
    if (!this.editor || !this.tools) return;
    for (const button of this.querySelectorAll("[data-command]")) {
      const { command } = button.dataset;
      if (command in ACTIVE) button.setAttribute("aria-pressed", String(this.editor.isActive(...ACTIVE[command])));
      if (command in COMMANDS) button.disabled = !COMMANDS[command](this.editor.can().chain(), this.place).run();
    }
  }

  run(button) {
    const command = button?.dataset.command;
    if (command === "picture") return this.querySelector('input[type="file"]').click();
    if (command === "insert") return this.insert(button);
    if (command === "apply" || command === "unlink") return this.link(command === "apply");
    if (!(command in COMMANDS)) return undefined;
    button.closest("[popover]")?.hidePopover();
    return COMMANDS[command](this.editor.chain().focus(), this.place).run();
  }

  /** A copy of what a library holds, where the caret stands. */
  insert(button) {
    const nodes = this.read(button.querySelector("template").content);
    button.closest("[popover]").hidePopover();
    return this.editor.chain().focus().insertContent(nodes).run();
  }

  link(set) {
    const field = this.querySelector("[data-address]");
    const typed = field.value.trim();
    field.closest("[popover]").hidePopover();
    field.value = "";
    const chain = this.editor.chain().focus().extendMarkRange("link");
    if (!set || !typed) return chain.unsetLink().run();
    const href = /^(https?:\/\/|mailto:|tel:)/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    if (!this.editor.state.selection.empty || this.editor.isActive("link")) return chain.setLink({ href }).run();
    return chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
  }

  onAddress(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.link(true);
  }

  /** The address of the link at the caret is there to be changed. */
  onLinkForm({ target, newState }) {
    if (newState !== "open") return;
    place(target, this.querySelector(`[popovertarget="${target.id}"]`));
    const field = target.querySelector("[data-address]");
    field.value = this.editor.getAttributes("link").href ?? "";
    field.focus();
  }

  async picture(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const { key, name, thumb } = await post("/files", file);
      if (thumb) this.editor.chain().focus().setImage({ src: `/files/${key}/preview`, alt: name }).run();
      else toast(this.dataset.noPicture, { tone: "bad" });
    } catch (error) {
      toast(error.message, { tone: "bad" });
    }
  }

  /** Arrows walk the tools, as a toolbar does. */
  onKey(event) {
    const ahead = isRtl(this.tools) ? -1 : 1;
    const step = { ArrowRight: ahead, ArrowLeft: -ahead }[event.key];
    const all = this.buttons.filter((button) => !button.disabled);
    const now = all.indexOf(event.target);
    if (now < 0) return;
    if (event.key === "Escape") this.editor.commands.focus();
    const next = event.key === "Home" ? all[0] : event.key === "End" ? all.at(-1) : step ? all.at((now + step) % all.length) : null;
    if (!next) return;
    event.preventDefault();
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}

customElements.define("rich-text", RichText);
