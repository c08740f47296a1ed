"""The pages of confirming a consent: looking at the question confirms nothing, for programs look at every link of a mail."""

from crm_domain.tracking.answers import About
from crm_tracker.pages.frame import Words, button, form, framed, heading


def ask(words: Words, about: About | None) -> bytes:
    """Whether it was meant; whoever did not mean it does nothing."""
    title, company = words("confirm"), about.company if about else ""
    text = words("confirm_text_of", company=company) if company else words("confirm_text")
    if about and about.newsletter:
        text = words.isolated("confirm_newsletter", about.address, company=company, newsletter=about.newsletter)
    body = heading(title, text, words("confirm_else")) + form(button(words("confirm_button")))
    return framed(words, title, body, company=company)


def done(words: Words, about: About | None) -> bytes:
    """It was."""
    title = words("confirmed")
    body = heading(title, words("confirmed_text"))
    return framed(words, title, body, company=about.company if about else "")
