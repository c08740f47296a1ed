// <copy-button for="input's id" data-said="…">: copies what the input holds. Without a clipboard it stays hidden and people select the text.
import { toast } from "../toasts.js";

class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => this.copy());
  }

  async copy() {
    await navigator.clipboard.writeText(document.getElementById(this.getAttribute("for")).value);
    toast(this.dataset.said);
  }
}

customElements.define("copy-button", CopyButton);
