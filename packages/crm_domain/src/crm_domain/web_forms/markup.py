"""A form to copy into a page of one's own: plain HTML without script, and the frame that shows the hosted page."""

from collections.abc import Callable
from html import escape

from crm_domain.web_forms.read import ANSWER, CONSENT, PREFIX
from crm_domain.web_forms.shown import Asked, Shown

INPUTS = {"email": "email", "phone": "tel"}
SCRIPT = ".js"
"""What stands behind a form's address in that of its script."""
LEFT_TO_RIGHT = frozenset({"email", "phone", "url", "number"})


def frame(url: str, title: str) -> str:
    """What shows the hosted page inside another."""
    return f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="720" style="border:0"></iframe>'


def script(url: str) -> str:
    """What puts that frame into a page where the script stands."""
    return f'<script src="{escape(url)}{SCRIPT}" data-height="720" async></script>'


def markup(url: str, form: Shown, text: Callable[[str], str]) -> str:
    """The fields alone, to be dressed by the page they stand in; `text` words what the form itself leaves open."""
    direction = "rtl" if form.language == "fa" else "ltr"
    parts = [f'<form method="post" action="{escape(url)}" lang="{form.language}" dir="{direction}">']
    parts += [_field(field, text) for field in form.fields]
    if form.question:
        box = f'<input name="{ANSWER}" autocomplete="off" required>'
        parts.append(f"  <p><label>{escape(form.question)}<br>{box}</label></p>")
    if form.consent:
        parts.append(
            f'  <p><label><input type="checkbox" name="{CONSENT}" value="1" required> {escape(form.consent)}</label></p>'
        )
    parts += [f"  <p><button>{escape(form.submit or text('tracker.form_submit'))}</button></p>", "</form>"]
    return "\n".join(parts)


def _field(field: Asked, text: Callable[[str], str]) -> str:
    name, label = escape(PREFIX + field.key), escape(field.label)
    needed = " required" if field.required else ""
    if field.sort == "yes":
        return f'  <p><label><input type="checkbox" name="{name}" value="1"> {label}</label></p>'
    if field.sort == "several":
        boxes = "".join(
            f'\n    <label><input type="checkbox" name="{name}" value="{escape(key)}"> {escape(word)}</label>'
            for key, word in field.options
        )
        return f"  <fieldset><legend>{label}</legend>{boxes}\n  </fieldset>"
    if field.sort == "choice":
        offered = "".join(f'<option value="{escape(key)}">{escape(word)}</option>' for key, word in field.options)
        first = f'<option value="">{text("tracker.form_choose")}</option>'
        box = f'<select name="{name}"{needed}>{first}{offered}</select>'
    elif field.sort == "text":
        box = f'<textarea name="{name}" rows="4" maxlength="{field.longest}"{needed}></textarea>'
    else:
        direction = ' dir="ltr"' if field.sort in LEFT_TO_RIGHT else ""
        kind = INPUTS.get(field.sort, "text")
        box = f'<input type="{kind}" name="{name}" maxlength="{field.longest}"{direction}{needed}>'
    return f"  <p><label>{label}<br>{box}</label></p>"
