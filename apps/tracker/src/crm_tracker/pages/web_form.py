"""The page of a web form: its fields, what is wrong with them, and thanks."""

import json
from collections.abc import Mapping, Sequence
from html import escape

from crm_domain.web_forms.read import ANSWER, CONSENT, PREFIX, TRAP
from crm_domain.web_forms.shown import Asked, Shown
from crm_tracker.pages.frame import Words, button, choice, choices, form, framed, heading

TICKET = "ticket"
INPUTS = {"email": "email", "phone": "tel", "url": "text", "number": "text", "date": "text", "line": "text"}
LEFT_TO_RIGHT = ("email", "phone", "url", "number")
FILLED = {
    "first_name": "given-name", "last_name": "family-name", "emails": "email", "phone_mobile": "tel", "phone_work": "tel",
    "account_name": "organization", "title": "organization-title", "website": "url",
}  # fmt: skip
"""What a browser may fill in by itself."""


def ask(
    words: Words,
    shown: Shown,
    ticket: str,
    posted: Mapping[str, Sequence[str]] = {},
    wrong: Mapping[str, str] = {},
    notice: str = "",
) -> bytes:
    """The form, empty or with what was filled in before; `notice` says why it is shown again."""
    told = f'<p class="notice" role="status">{words(notice)}</p>' if notice and not wrong else ""
    problems = f'<p class="notice bad" role="alert">{words("form_wrong")}</p>' if wrong else ""
    fields = "".join(
        _field(words, field, posted.get(PREFIX + field.key, ()), wrong.get(field.key, "")) for field in shown.fields
    )
    fields = f'<div class="two">{fields}</div>' if shown.two_columns else fields
    inner = (
        fields + _question(words, shown, posted, wrong) + _consent(words, shown, posted, wrong) + _hidden(words, ticket)
    )
    inner += button(escape(shown.submit) or words("form_submit"))
    body = heading(escape(shown.heading), *(escape(line) for line in shown.introduction.splitlines()))
    return framed(words, escape(shown.heading), body + told + problems + form(inner), company=shown.company, fixed=True)


FRAMING = (
    '(()=>{{const s=document.currentScript,f=document.createElement("iframe");f.src=s.src.replace(/\\.js$/,"");'
    'f.title={title};f.width="100%";f.height=s.dataset.height||"720";f.style.border="0";s.after(f)}})();\n'
)


def framing(shown: Shown) -> bytes:
    """The script that puts the form's frame where the script stands."""
    return FRAMING.format(title=json.dumps(shown.heading)).encode()


def thanks(words: Words, shown: Shown) -> bytes:
    """It has arrived."""
    title = words("form_thanks")
    text = [escape(line) for line in shown.thanks.splitlines()] or [words("form_thanks_text")]
    return framed(words, title, heading(title, *text), company=shown.company, fixed=True)


def _field(words: Words, field: Asked, given: Sequence[str], wrong: str) -> str:
    name = PREFIX + field.key
    error = f'<em id="{name}-e">{words(f"form_{wrong}")}</em>' if wrong else ""
    said = f' aria-describedby="{name}-e" aria-invalid="true"' if wrong else ""
    needed = " required" if field.required else ""
    label = escape(field.label)
    mark = ' <i aria-hidden="true">*</i>' if field.required else ""
    value = given[0] if given else ""
    if field.sort == "yes":
        return choice("checkbox", name, "1", label, chosen=bool(value)) + error
    if field.sort == "several":
        parts = (choice("checkbox", name, key, escape(text), chosen=key in given) for key, text in field.options)
        return choices(label, parts) + error
    if field.sort == "text":
        shape = f'rows="4" dir="auto" maxlength="{field.longest}"'
        box = f'<textarea id="{name}" name="{name}" {shape}{needed}{said}>{escape(value)}</textarea>'
    elif field.sort == "choice":
        first = f'<option value="">{words("form_choose")}</option>'
        offered = "".join(
            f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(text)}</option>'
            for key, text in field.options
        )
        box = f'<select id="{name}" name="{name}"{needed}{said}>{first}{offered}</select>'
    else:
        direction = "ltr" if field.sort in LEFT_TO_RIGHT else "auto"
        filled = f' autocomplete="{FILLED[field.key]}"' if field.key in FILLED else ""
        hint = f' placeholder="{words("form_date_hint")}"' if field.sort == "date" else ""
        box = (
            f'<input class="text" type="{INPUTS[field.sort]}" id="{name}" name="{name}" value="{escape(value)}" dir="{direction}"'
            f' maxlength="{field.longest}"{filled}{hint}{needed}{said}>'
        )
    wide = " wide" if field.sort == "text" else ""
    return f'<div class="field{wide}"><label for="{name}">{label}{mark}</label>{box}{error}</div>'


def _question(words: Words, shown: Shown, posted: Mapping[str, Sequence[str]], wrong: Mapping[str, str]) -> str:
    """What people know and machines that fill in forms do not."""
    if not shown.question:
        return ""
    error = f'<em id="{ANSWER}-e">{words("form_not_the_answer")}</em>' if ANSWER in wrong else ""
    said = f' aria-describedby="{ANSWER}-e" aria-invalid="true"' if error else ""
    value = escape(" ".join(posted.get(ANSWER, ())))
    box = f'<input class="text" id="{ANSWER}" name="{ANSWER}" value="{value}" dir="auto" maxlength="255" autocomplete="off" required{said}>'
    label = f'<label for="{ANSWER}">{escape(shown.question)} <i aria-hidden="true">*</i></label>'
    return f'<div class="field">{label}{box}<small>{words("form_question")}</small>{error}</div>'


def _consent(words: Words, shown: Shown, posted: Mapping[str, Sequence[str]], wrong: Mapping[str, str]) -> str:
    if not shown.consent:
        return ""
    error = f"<em>{words('form_agree')}</em>" if CONSENT in wrong else ""
    return choice("checkbox", CONSENT, "1", escape(shown.consent), chosen=bool(posted.get(CONSENT))) + error


def _hidden(words: Words, ticket: str) -> str:
    """The ticket, and a trap: a field that nobody sees, hears or reaches by keyboard."""
    trap = f'<div class="off" aria-hidden="true"><label for="{TRAP}">{words("form_trap")}</label>'
    trap += f'<input id="{TRAP}" name="{TRAP}" tabindex="-1" autocomplete="off"></div>'
    return f'<input type="hidden" name="{TICKET}" value="{escape(ticket)}">{trap}'
