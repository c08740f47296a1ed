// Who signs changes with the account a letter leaves from: the signatures of all stand beside the select as templates.
class SenderField extends HTMLElement {
  connectedCallback() {
    if (this.select) return;
    this.select = this.querySelector("select");
    this.before = this.select.value;
    this.select.addEventListener("change", () => this.sign());
  }

  signature(key) {
    return [...this.querySelectorAll("template")].find((one) => one.dataset.key === key)?.content ?? document.createDocumentFragment();
  }

  sign() {
    const was = this.before;
    this.before = this.select.value;
    const below = this.hasAttribute("data-below");
    this.select.form.querySelector("rich-text").exchange?.(this.signature(was), this.signature(this.before), below);
  }
}

customElements.define("sender-field", SenderField);
