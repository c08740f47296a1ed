// Formatted text: an editor over the textarea that posts. What it shows was cleaned by the server and came with the page.
class RichText extends HTMLElement {
  connectedCallback() {
    if (this.editor) return;
    this.area = this.querySelector("textarea");
    if (this.area.readOnly) return;
    this.editor = document.createElement("div");
    const facts = { class: "input prose", contenteditable: "true", role: "textbox", "aria-multiline": "true", dir: "auto" };
    for (const [name, value] of Object.entries(facts)) this.editor.setAttribute(name, value);
    this.name_();
    this.editor.append(this.querySelector("template").content.cloneNode(true));
    this.area.before(this.editor);
    this.area.hidden = true;
    this.querySelector(".tools").hidden = false;
    document.execCommand("defaultParagraphSeparator", false, "p");
    this.editor.addEventListener("input", () => this.keep());
    this.editor.addEventListener("paste", (event) => paste(event));
    this.querySelector(".tools").addEventListener("click", ({ target }) => this.run(target.closest("[data-command]")?.dataset.command));
  }

  /** The editor is named and described by what names and describes the textarea. */
  name_() {
    const label = this.area.labels?.[0];
    if (label) {
      label.id ||= `${this.area.id}-label`;
      this.editor.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => this.editor.focus());
    }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (this.area.hasAttribute(name)) this.editor.setAttribute(name, this.area.getAttribute(name));
    }
  }

  keep() {
    this.area.value = this.editor.textContent.trim() || this.editor.querySelector("img") ? this.editor.innerHTML : "";
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  run(command) {
    if (!command) return;
    this.editor.focus();
    if (command === "createLink") return this.link();
    document.execCommand(command);
    this.keep();
  }

  link() {
    const chosen = getSelection().toString().trim();
    const address = /^(https?:\/\/|mailto:)\S+$/i.test(chosen) ? chosen : `https://${chosen}`;
    if (!chosen || /\s/.test(chosen)) return;
    document.execCommand("createLink", false, address);
    this.keep();
  }
}

/** Pasted text comes without the looks of where it was. */
function paste(event) {
  event.preventDefault();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
}

customElements.define("rich-text", RichText);
