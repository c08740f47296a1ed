"""The page of preferences: which newsletters, whether anything else, and a pause."""

from html import escape

from crm_domain.tracking.answers import About, Newsletter
from crm_domain.tracking.tokens import PREVIEW, TEST
from crm_tracker.pages.frame import Words, button, choice, choices, form, framed, heading

PAUSE_DAYS = 30
FREQUENCIES = ("daily", "weekly", "biweekly", "monthly", "quarterly", "annually")


def wishes(words: Words, about: About, marks: int, *, saved: bool = False) -> bytes:
    """What the person gets, and what he wants."""
    title = words("wishes")
    notice = f'<p class="notice" role="status">{words("saved")}</p>' if saved else ""
    test = words("test_note") if marks & (TEST | PREVIEW) else ""
    body = notice + heading(title, words.isolated("wishes_address", about.address), test, _paused(words, about))
    listed = "".join(f'<input type="hidden" name="listed" value="{escape(one.id)}">' for one in about.newsletters)
    parts = listed
    if about.newsletters:
        parts += choices(words("wishes_newsletters"), (_newsletter(words, one) for one in about.newsletters))
    other = words("other_mail", company=about.company)
    parts += choices(
        words("wishes_other"),
        [choice("checkbox", "other", "1", other, words("other_mail_hint"), chosen=not about.left_all)],
    )
    parts += button(words("save_button"), "do", "save")
    if not about.paused_until:
        parts += button(words("pause_button"), "do", "pause", quiet=True)
    return framed(words, title, body + form(parts), company=about.company)


def away(words: Words, leaving: str) -> bytes:
    """The preferences cannot be read now; leaving always works."""
    title = words("wishes_away")
    link = f'<p><a href="{leaving}">{words("to_leaving")}</a></p>'
    return framed(words, title, heading(title, words("wishes_away_text")) + link)


def _newsletter(words: Words, one: Newsletter) -> str:
    hint = words(f"every_{one.frequency}") if one.frequency in FREQUENCIES else ""
    return choice("checkbox", "on", one.id, escape(one.name), hint, chosen=one.subscribed)


def _paused(words: Words, about: About) -> str:
    return words("paused_until", date=about.paused_until) if about.paused_until else ""
