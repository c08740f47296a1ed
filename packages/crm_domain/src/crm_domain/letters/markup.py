"""The markup of received mail: styles and tables stay, whatever acts, loads or leads astray does not (SEC-12, SEC-13)."""

import re

import nh3

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em",
    "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
LOOKS = {"align", "valign", "width", "height", "bgcolor", "dir", "lang", "style", "title"}
ATTRIBUTES = {
    "*": LOOKS,
    "a": {"href"},
    "img": {"src", "alt", "border"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
}
STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right",
    "border-spacing", "border-style", "border-top", "border-width", "color", "direction", "display", "font", "font-family", "font-size",
    "font-style", "font-weight", "height", "letter-spacing", "line-height", "list-style", "list-style-type", "margin", "margin-bottom",
    "margin-left", "margin-right", "margin-top", "max-width", "min-width", "padding", "padding-bottom", "padding-left", "padding-right",
    "padding-top", "text-align", "text-decoration", "text-transform", "unicode-bidi", "vertical-align", "white-space", "width",
    "word-break",
}  # fmt: skip
"""Nothing that loads (`background`), covers other things (`position`) or moves."""
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
REMOTE = re.compile(r"<img[^>]+src=\"https?:", re.IGNORECASE)


def clean_letter(markup: str) -> str:
    """The markup with what a letter may look like, and nothing else. Links open elsewhere and tell nobody from where."""
    return nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_harmless,
        filter_style_properties=STYLES,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style", "title"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    ).strip()


def loads_pictures(markup: str) -> bool:
    """Whether showing it whole would ask other servers for pictures."""
    return bool(REMOTE.search(markup))


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    """No data but pictures, no link that is not one, no style that calls anything."""
    said = value.strip()
    if attribute == "src":
        return said if said.lower().startswith(("http:", "https:", "cid:")) or PICTURE.match(said) else None
    if attribute == "href":
        return None if said.lower().startswith(("data:", "cid:")) else said
    if attribute == "style" and ("url(" in said.lower() or "expression" in said.lower() or "\\" in said):
        return None
    return value
