"""Formatted text: the little HTML that notes and e-mails may hold, and its plain text (SEC-12)."""

import html
import re

import nh3

TAGS = {
    "p", "br", "div", "span", "strong", "b", "em", "i", "u", "s", "a", "ul", "ol", "li", "blockquote", "pre", "code",
    "h1", "h2", "h3", "h4", "hr", "img", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
ALIGNED = {tag: {"align": {"left", "right", "center"}} for tag in ("p", "h1", "h2", "h3", "h4", "td", "th")}
"""Alignment as an attribute, which mail programs understand and the content policy allows."""
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-4]|tr|blockquote|pre)>", re.IGNORECASE)


def clean(text: str) -> str:
    """The text with only harmless elements and attributes; scripts, styles and strange links are gone."""
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=ALIGNED,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    ).strip()


def without_pictures(text: str) -> str:
    """The same without anything that would be loaded from elsewhere."""
    return clean(nh3.clean(text, tags=TAGS - {"img"}, clean_content_tags={"script", "style"}))


def from_typed(text: str) -> str:
    """What was typed without an editor: markup as it is, plain lines as paragraphs."""
    if "<" in text:
        return text
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def to_plain(text: str) -> str:
    """The words alone, a line for each paragraph."""
    bare = nh3.clean(_BREAKS.sub("\n", clean(text)), tags=set())
    lines = (" ".join(line.split()) for line in html.unescape(bare).split("\n"))
    return "\n".join(line for line in lines if line)
