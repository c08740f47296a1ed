// A chosen or dropped file is sent at once, with progress, and becomes a ticked row of the form.
import { guarded } from "../htmx.js";

const sending = new WeakMap();
const words = () => document.getElementById("words").dataset;

class FileField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    if (!this.input || this.state) return;
    this.state = this.querySelector("[data-state]");
    this.querySelector("[data-hint]").hidden = false;
    this.input.addEventListener("change", () => {
      this.send([...this.input.files]);
      this.input.value = "";
    });
    this.addEventListener("dragover", (event) => { event.preventDefault(); this.dataset.over = ""; });
    this.addEventListener("dragleave", () => delete this.dataset.over);
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      delete this.dataset.over;
      this.send([...event.dataTransfer.files]);
    });
  }

  send(files) {
    this.state.replaceChildren();
    for (const file of "many" in this.dataset ? files : files.slice(0, 1)) this.upload(file);
  }

  async upload(file) {
    const { form } = this.input;
    const waiting = this.mould("[data-wait]");
    waiting.querySelector("bdi").textContent = file.name;
    this.input.before(waiting);
    sending.set(form, (sending.get(form) ?? 0) + 1);
    try {
      this.add(await post(this.dataset.url, file, (share) => { waiting.querySelector("progress").value = share; }));
    } catch (error) {
      this.fail(file.name, error.message);
    } finally {
      waiting.remove();
      sending.set(form, sending.get(form) - 1);
      if (!sending.get(form)) form.dispatchEvent(new Event("sadra:sent"));
    }
  }

  add({ key, name, size, thumb }) {
    if (!("many" in this.dataset)) for (const old of this.querySelectorAll(":scope > .held")) old.remove();
    const row = this.mould("[data-row]");
    row.querySelector(".check").value = key;
    row.querySelector(".check").setAttribute("aria-label", row.querySelector(".check").getAttribute("aria-label") + name);
    Object.assign(row.querySelector('input[type="hidden"]'), { name: `${this.dataset.name}.label.${key}`, value: name });
    row.querySelector("bdi").textContent = name;
    row.querySelector("a").href = `/files/${key}`;
    row.querySelector(".meta").textContent = size;
    if (thumb) row.querySelector(".i").replaceWith(Object.assign(new Image(), { src: thumb, alt: "", className: "thumb s" }));
    this.input.before(row);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  fail(name, message) {
    const line = this.mould("[data-failed]");
    line.querySelector("span").textContent = `${name}: ${message}`;
    this.state.append(line);
  }

  mould(which) {
    return this.querySelector(`template${which}`).content.firstElementChild.cloneNode(true);
  }
}

/** The server's answer; the request tells how far it is, which `fetch` cannot. */
export function post(url, file, onProgress = () => {}) {
  const body = new FormData();
  body.append("file", file);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(guarded())) request.setRequestHeader(name, value);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress((loaded / total) * 100));
    request.addEventListener("load", () => {
      if (request.status === 201) done(request.response);
      else failed(new Error(request.response?.detail ?? words().serverGone));
    });
    request.addEventListener("error", () => failed(new Error(words().serverGone)));
    request.send(body);
  });
}

// A form waits for its files before it is sent.
document.addEventListener("submit", (event) => {
  if (!sending.get(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  event.target.addEventListener("sadra:sent", () => event.target.requestSubmit(event.submitter), { once: true });
}, { capture: true });

customElements.define("file-field", FileField);
