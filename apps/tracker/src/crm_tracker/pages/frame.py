"""What all pages for recipients share: one card, no script, readable without its style sheet."""

from collections.abc import Iterable
from html import escape

from crm_domain.messages.catalogue import catalogue

FRAME = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<header><strong>{company}</strong>{switch}</header>
<section>{body}</section>
<footer>{footer}</footer>
</main>
</body>
</html>
"""
SWITCH = '<a href="?lang={other}" lang="{other}" hreflang="{other}">{name}</a>'
STYLE = "/s.css"
NAMES = {"fa": "فارسی", "en": "English"}


class Words:
    """A page's language. Every text it gives is escaped, with its facts."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, key: str, **facts: str) -> str:
        return escape(self._catalogue.text(f"tracker.{key}", **facts))

    def isolated(self, key: str, address: str, **facts: str) -> str:
        """A text with an address in it, which runs from left to right whatever surrounds it."""
        before, _, after = self(key, address="\0", **facts).partition("\0")
        return f'{before}<bdi dir="ltr">{escape(address)}</bdi>{after}'


def framed(words: Words, title: str, body: str, *, company: str = "", footer: str = "", fixed: bool = False) -> bytes:
    """A whole page. `title`, `body` and `footer` are safe already; `fixed` offers no other language."""
    other = "en" if words.language == "fa" else "fa"
    page = FRAME.format(
        language=words.language,
        direction="rtl" if words.language == "fa" else "ltr",
        title=title,
        style=STYLE,
        company=escape(company) or words("sender"),
        switch="" if fixed else SWITCH.format(other=other, name=NAMES[other]),
        body=body,
        footer=footer,
    )
    return page.encode()


def heading(text: str, *paragraphs: str) -> str:
    """A title with what explains it."""
    return f"<h1>{text}</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def form(inner: str) -> str:
    """A form that posts to the address of its own page."""
    return f'<form method="post">{inner}</form>'


def button(text: str, name: str = "", value: str = "", *, quiet: bool = False) -> str:
    said = f' name="{name}" value="{escape(value)}"' if name else ""
    return f"<button{said}{' class=quiet' if quiet else ''}>{text}</button>"


def choice(sort: str, name: str, value: str, text: str, hint: str = "", *, chosen: bool = False) -> str:
    """A radio button or a box to tick, with a second line."""
    mark = " checked" if chosen else ""
    second = f"<small>{hint}</small>" if hint else ""
    return f'<label><input type="{sort}" name="{name}" value="{escape(value)}"{mark}><span><b>{text}</b>{second}</span></label>'


def choices(legend: str, parts: Iterable[str]) -> str:
    """Several of them, named for those who do not see them."""
    return f"<fieldset><legend>{legend}</legend>{''.join(parts)}</fieldset>"
