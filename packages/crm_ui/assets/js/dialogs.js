// Native dialogs: opened by a button's `data-dialog`, by arriving content, or from the start; a click outside closes.
// A link with `data-dialog` leads, without scripts, to a page that does the same.
const POPULATED = "#drawer-body";

document.addEventListener("click", (event) => {
  const { target, clientX, clientY } = event;
  const button = target.closest?.("[data-dialog]");
  if (button) {
    event.preventDefault();
    document.getElementById(button.dataset.dialog)?.showModal();
  }
  if (!(target instanceof HTMLDialogElement) || target.id === "sign-in") return;
  const box = target.getBoundingClientRect();
  const inside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!inside) target.close();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.matches?.(POPULATED) && ctx.target.childElementCount) {
    const drawer = ctx.target.closest("dialog");
    if (!drawer.open) drawer.showModal();
  }
});
document.addEventListener("sadra:close-drawer", () => document.getElementById("drawer")?.close());
for (const dialog of document.querySelectorAll("dialog[data-open]")) dialog.showModal();

/** Ask a question of the page's own dialog; resolves to the value of the pressed button. */
export function ask(id, question = "") {
  const dialog = document.getElementById(id);
  const place = dialog.querySelector("[data-question]");
  if (place) place.textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  if (!ctx.confirm || !document.getElementById("confirm")) return;
  event.preventDefault();
  ask("confirm", ctx.confirm).then((answer) => (answer === "yes" ? issueRequest() : dropRequest()));
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (!question || event.submitter.dataset.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter, target } = event;
  ask("confirm", question).then((answer) => {
    if (answer !== "yes") return;
    submitter.dataset.asked = "1";
    target.requestSubmit(submitter);
  });
}, true);
