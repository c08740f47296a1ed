"""The pages of leaving: the question, the answer, and the way back."""

from crm_domain.tracking.answers import About
from crm_domain.tracking.tokens import PREVIEW, TEST
from crm_tracker.pages.frame import Words, button, choice, choices, form, framed, heading

REASONS = ("too_many", "never_asked", "not_relevant", "other")


def ask(words: Words, about: About | None, marks: int, preferences: str) -> bytes:
    """Whether to leave, and what. Looking at it changes nothing (SEC-42)."""
    if about and about.left_all:
        return already(words, about, preferences)
    newsletter = about.newsletter if about else ""
    title = words("leave_newsletter", newsletter=newsletter) if newsletter else words("leave")
    whose = words.isolated("leave_address", about.address) if about and about.address else words("leave_this_address")
    body = heading(title, whose, _marked(words, marks))
    if newsletter or about is None:
        body += form(_scopes(words, about) + button(words("leave_button")) + _foot(words, preferences))
    else:
        one = '<input type="hidden" name="scope" value="all">'
        body += form(f"<p>{_all_hint(words, about)}</p>{one}{button(words('leave_button'))}{_foot(words, preferences)}")
    return framed(words, title, body, company=about.company if about else "")


def already(words: Words, about: About, preferences: str) -> bytes:
    """Nothing is sent to this person anyway."""
    title = words("already_left")
    body = heading(title, words.isolated("already_left_text", about.address))
    body += form(button(words("back_button"), "scope", "back", quiet=True) + _foot(words, preferences))
    return framed(words, title, body, company=about.company)


def left(words: Words, about: About | None, scope: str, marks: int) -> bytes:
    """It is done; a mistake is undone with one press."""
    company = about.company if about else ""
    if marks & (TEST | PREVIEW):
        title = words("only_test")
        return framed(words, title, heading(title, words("only_test_text")), company=company)
    newsletter = about.newsletter if about and scope != "all" else ""
    title = words("left")
    text = words("left_newsletter", newsletter=newsletter) if newsletter else words("left_all")
    asked = choices(words("reason_title"), (choice("radio", "reason", key, words(f"reason_{key}")) for key in REASONS))
    body = heading(title, text)
    body += form(button(words("back_button"), "scope", "back", quiet=True))
    body += f"<hr>{form(asked + button(words('reason_button'), quiet=True))}"
    return framed(words, title, body, company=company)


def back(words: Words, about: About | None) -> bytes:
    """The opt-out was taken back."""
    title = words("back")
    body = heading(title, words("back_text"))
    return framed(words, title, body, company=about.company if about else "")


def thanks(words: Words, about: About | None) -> bytes:
    """For the reason."""
    title = words("thanks")
    return framed(words, title, heading(title, words("thanks_text")), company=about.company if about else "")


def _marked(words: Words, marks: int) -> str:
    return words("test_note") if marks & (TEST | PREVIEW) else ""


def _scopes(words: Words, about: About | None) -> str:
    this = choice("radio", "scope", "this", words("scope_this"), words("scope_this_hint"), chosen=True)
    company = about.company if about else ""
    everything = words("scope_all_of", company=company) if company else words("scope_all")
    return choices(words("scope_title"), (this, choice("radio", "scope", "all", everything, words("scope_all_hint"))))


def _all_hint(words: Words, about: About) -> str:
    return words("leave_all_hint", company=about.company)


def _foot(words: Words, preferences: str) -> str:
    return (
        f'<div class="foot"><span>{words("at_once")}</span><a href="{preferences}">{words("to_preferences")}</a></div>'
    )
