"""The HTML of a mail, prepared once for a run: styles inlined, direction on every block, links counted, opt-out and pixel."""

# pyright: basic, reportAttributeAccessIssue=false
# The HTML libraries come without types.

from collections.abc import Sequence
from html import escape, unescape
from typing import Any

import css_inline
import msgspec
from lxml import etree, html
from mjml import mjml2html

from crm_domain.messages.catalogue import Catalogue
from crm_domain.problems import BadValue
from crm_domain.sending.letter import Letter, Tracked
from crm_domain.text.merge_tags import Mask

BLOCKS = frozenset({
    "p", "div", "table", "tr", "td", "th", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre",
})  # fmt: skip
CELLS = frozenset({"td", "th", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
OPT_OUT = "{{ system.unsubscribe_url }}"
FONTS = {
    "fa": "font-family:Vazirmatn,Tahoma,Arial,sans-serif;font-size:15px;line-height:1.9",
    "en": "font-family:'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.6",
}
HIDDEN = "display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden"
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, base_url=None)
"""Loads nothing from anywhere."""


class Link(msgspec.Struct, frozen=True):
    """One tracked address of a mail; positions start at 1."""

    position: int
    url: str
    tracker: str = ""


class Page:
    """A mail's page on its way from the template to what is filled for each recipient."""

    def __init__(self, letter: Letter, trackers: Sequence[Tracked], *, track: bool) -> None:
        self.mask = Mask(letter.html, letter.text, letter.preheader, letter.subject)
        self.links: list[Link] = []
        self.opts_out = False
        self._letter = letter
        self._trackers = {tracker.name: tracker for tracker in trackers}
        self._track = track
        self.root = _tree(_markup(self.mask.hide(letter.html)))
        self._direct()
        self._follow_links()

    def target(self, address: str) -> str:
        """What stands in the place of an address: a tracked link, the opt-out, or the address itself."""
        address = address.strip()
        if address.startswith("{") and address.endswith("}"):
            tracker = self._trackers.get(address[1:-1].strip())
            if tracker is None:
                raise BadValue("sending.unknown_tracker", name=address[1:-1].strip())
            if tracker.opt_out:
                self.opts_out = True
                return self.mask.add(OPT_OUT)
            return self._link(tracker.url, tracker.name)
        if any("system.unsubscribe_url" in tag for tag in self.mask.within(address)):
            self.opts_out = True
        plain = address.startswith(("http://", "https://")) and not self.mask.found.search(address)
        return self._link(address) if plain else address

    def _link(self, url: str, tracker: str = "") -> str:
        if not self._track:
            return url
        known = next((link for link in self.links if link.url == url), None)
        if known is None:
            known = Link(len(self.links) + 1, url, tracker)
            self.links.append(known)
        return self.mask.add(f"{{{{ link.{_word(known.position)} }}}}")

    def finish(self, words: Catalogue, *, pixel: bool) -> str:
        """The whole page as a template: with an opt-out where it had none, the preheader, and the pixel at the end."""
        body = self.root.find("body")
        assert body is not None
        holder = body.find(".//*[@data-sadra-holder]")
        if not self.opts_out:
            (body if holder is None else holder).append(self._footer(words))
        if holder is not None:
            del holder.attrib["data-sadra-holder"]
        if self._letter.preheader:
            line = html.fragment_fromstring(f'<div style="{HIDDEN}"></div>')
            line.text = self.mask.hide(self._letter.preheader)
            body.insert(0, line)
        if pixel:
            source = self.mask.add("{{ link.open }}")
            image = (
                f'<img src="{source}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
            )
            body.append(html.fragment_fromstring(image))
        text = html.tostring(self.root, encoding="unicode", doctype="<!doctype html>")
        return self.mask.show(text)

    def _footer(self, words: Catalogue) -> Any:
        link = (
            f'<a href="{self.mask.add(OPT_OUT)}" style="color:#666666">{escape(words.text("sending.unsubscribe"))}</a>'
        )
        line = escape(words.text("sending.why", sender=self.mask.add("{{ sender.name }}")))
        style = "margin:24px 0 0;font-size:12px;color:#666666"
        made = html.fragment_fromstring(f'<p style="{style}">{line}<br>{link}</p>')
        self._turn(made)
        return made

    def _direct(self) -> None:
        """The direction on the page and again on every block, because webmail throws the page itself away (5.3)."""
        language = self._letter.language
        self.root.set("lang", language)
        self.root.set("dir", self._dir)
        body = self.root.find("body")
        assert body is not None
        body.set("dir", self._dir)
        if not self._responsive:
            self._hold(body)
        for element in body.iter(etree.Element):
            self._turn(element)

    @property
    def _responsive(self) -> bool:
        return "<mjml" in self._letter.html

    def _hold(self, body: Any) -> None:
        """Everything in one cell that says direction, side and font."""
        frame = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td></td></tr></table>'
        table = html.fragment_fromstring(frame)
        cell = table.find(".//td")
        assert cell is not None
        cell.set("style", FONTS[self._letter.language])
        cell.set("data-sadra-holder", "")
        cell.text, body.text = body.text, None
        for child in list(body):
            cell.append(child)
        body.append(table)

    def _turn(self, element: Any) -> None:
        if element.tag in BLOCKS and "dir" not in element.attrib:
            element.set("dir", self._dir)
        placed = "align" in element.attrib or "text-align" in element.get("style", "")
        if self._dir == "rtl" and element.tag in CELLS and not placed:
            element.set("align", "right")

    @property
    def _dir(self) -> str:
        return "rtl" if self._letter.language == "fa" else "ltr"

    def _follow_links(self) -> None:
        for element in self.root.iter("a", "area"):
            if address := element.get("href"):
                element.set("href", self.target(unescape(address)))


def _word(number: int) -> str:
    return f"n{number}"


def _markup(source: str) -> str:
    if "<mjml" in source:
        try:
            source = str(mjml2html(source))
        except Exception as fault:  # the library raises its own and plain errors alike
            raise BadValue("sending.bad_mjml") from fault
    return INLINER.inline(source) if source.strip() else "<p></p>"


def _tree(markup: str) -> Any:
    root = html.document_fromstring(markup)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    if root.find("body") is None:
        root.append(etree.Element("body"))
    if not any(meta.get("charset") for meta in head.iter("meta")):
        head.insert(0, html.fragment_fromstring('<meta charset="utf-8">'))
        head.append(html.fragment_fromstring('<meta name="viewport" content="width=device-width, initial-scale=1">'))
    return root
