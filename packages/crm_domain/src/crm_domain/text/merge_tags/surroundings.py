"""Where in an HTML page each tag of a template stands, so that its value is escaped for that place."""

from html import unescape

from crm_domain.text.merge_tags.parse import BadTemplate
from crm_domain.text.merge_tags.places import Place

ADDRESSES = frozenset({"href", "src", "background", "action", "cite", "poster"})
FORBIDDEN = frozenset({"style", "srcset", "srcdoc"})
RAW = ("style", "script", "title", "textarea", "xmp", "iframe", "noscript", "template")
"""Elements whose text no browser reads as HTML."""


class Surroundings:
    """Reads a page piece by piece and says where it stopped. A tag where no value can be made harmless is refused."""

    def __init__(self) -> None:
        self._state = "text"
        self._raw = ""
        self._quote = ""
        self._attribute = ""
        self._value = ""
        self._word = ""
        self._equals = False
        self._ended = True

    def where(self) -> tuple[str, str, str]:
        """What must be the same at both ends of a choice or a repetition."""
        return self._state, self._raw, self._attribute

    def read(self, html: str) -> None:
        """Goes on to the end of this piece."""
        at = 0
        while at < len(html):
            at = getattr(self, f"_in_{self._state}")(html, at)

    def place(self, line: int, name: str) -> Place:
        """The place reached. Raises BadTemplate where a value would be markup, style or script."""
        if self._state == "text" and not self._raw:
            return Place.HTML
        if self._state == "value" and self._attribute not in FORBIDDEN and not self._attribute.startswith("on"):
            if self._attribute not in ADDRESSES:
                return Place.ATTRIBUTE
            started = unescape(self._value).strip()
            self._value += "x"
            return Place.QUERY if started else Place.ADDRESS
        raise BadTemplate("merge_tags.misplaced", line=line, text=name)

    def _in_text(self, html: str, at: int) -> int:
        if self._raw:
            return self._past_raw(html, at)
        start = html.find("<", at)
        if start < 0:
            return len(html)
        if start + 1 == len(html):
            self._state, self._word = "tag", ""
            return len(html)
        if html.startswith("<!--", start):
            self._state = "comment"
            return start + 4
        if html[start + 1] in "/!?" or html[start + 1].isalpha():
            self._state, self._word = "tag", ""
        return start + 1

    def _past_raw(self, html: str, at: int) -> int:
        end = html.lower().find(f"</{self._raw}", at)
        if end < 0:
            return len(html)
        self._raw, self._state, self._word = "", "tag", "/"
        return end + 2

    def _in_comment(self, html: str, at: int) -> int:
        end = html.find("-->", at)
        if end >= 0:
            self._state = "text"
        return end + 3 if end >= 0 else len(html)

    def _in_tag(self, html: str, at: int) -> int:
        """The element's name."""
        while at < len(html) and html[at] not in " \t\r\n>":
            self._word += html[at].lower()
            at += 1
        if at < len(html):
            self._leave_value()
        return at

    def _in_attributes(self, html: str, at: int) -> int:
        letter = html[at]
        if letter == ">":
            self._state, self._raw = "text", self._word if self._word in RAW else ""
        elif letter == "=":
            self._equals = True
        elif letter in " \t\r\n/":
            self._ended = not self._equals
        elif self._equals:
            quoted = letter in "\"'"
            self._state, self._quote, self._value = ("value", letter, "") if quoted else ("unquoted", "", "")
        else:
            self._attribute = letter.lower() if self._ended else self._attribute + letter.lower()
            self._ended = False
        return at + 1

    def _in_unquoted(self, html: str, at: int) -> int:
        while at < len(html) and html[at] not in " \t\r\n>":
            at += 1
        if at < len(html):
            self._leave_value()
        return at

    def _leave_value(self) -> None:
        self._state, self._attribute, self._equals, self._ended = "attributes", "", False, True

    def _in_value(self, html: str, at: int) -> int:
        end = html.find(self._quote, at)
        self._value += html[at : len(html) if end < 0 else end]
        if end < 0:
            return len(html)
        self._leave_value()
        return end + 1
