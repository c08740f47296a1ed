// Writing a letter: tags and blocks go in where the writer stands, and the frame beside shows the letter anew.
const DELAY_MS = 600;

/** Puts the markup in at the cursor; `|` in it stands for the chosen text. */
function insert(area, markup) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to);
  const [before, after = ""] = markup.split("|");
  area.focus();
  area.setRangeText(before + chosen + after, from, to, "end");
  const at = from + before.length;
  area.setSelectionRange(at, at + chosen.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const form of document.querySelectorAll("form[data-template-editor]")) {
  const show = form.querySelector("[data-preview]");
  let last = form.querySelector("textarea");
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(show), DELAY_MS);
  };
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input:not([type])")) last = target;
  });
  form.addEventListener("input", later);
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-insert]");
    if (!button) return;
    insert(button.dataset.into ? form.querySelector(`#${button.dataset.into}`) : last, button.dataset.insert);
    button.closest("[popover]")?.hidePopover();
  });
  form.requestSubmit(show);
}
