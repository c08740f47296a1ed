"""A letter judged before anybody gets it: what forbids sending, and what to think about."""

# pyright: basic, reportAttributeAccessIssue=false
# The HTML libraries come without types.

from collections.abc import Sequence

from crm_domain.problems import BadValue, FieldProblem
from crm_domain.sending.letter import Letter, Tracked
from crm_domain.sending.page import Page
from crm_domain.sending.plain import links_of
from crm_domain.text.merge_tags import Place, Vocabulary, check

CLIPPED = 100_000
"""Bytes of HTML beyond which a large provider cuts the mail off."""
HEAVY = 500_000


def faults(letter: Letter, trackers: Sequence[Tracked], vocabulary: Vocabulary) -> tuple[FieldProblem, ...]:
    """What must be mended first: an empty letter, tags that mean nothing, links without a target."""
    found = [
        *(() if letter.subject.strip() else (FieldProblem("sending.no_subject"),)),
        *(() if letter.html.strip() or letter.text.strip() else (FieldProblem("sending.no_body"),)),
        *check(letter.subject, vocabulary, Place.HEADER),
        *check(letter.preheader, vocabulary, Place.TEXT),
        *check(letter.text, vocabulary, Place.TEXT),
        *check(letter.html, vocabulary, Place.HTML),
    ]
    if not found:
        try:
            links_of(letter, trackers)
        except BadValue as fault:
            found.append(fault.problem)
    return tuple(found)


def warnings(letter: Letter, trackers: Sequence[Tracked]) -> tuple[FieldProblem, ...]:
    """What may be sent but should be known: size, images without words, links without encryption."""
    page = _page(letter, trackers)
    images = [image for image in page.root.iter("img") if not image.get("alt")] if page else []
    plain = [link for link in page.root.iter("a") if link.get("href", "").startswith("http://")] if page else []
    weight = len(letter.html.encode()) + sum(len(one.content) for one in letter.attachments)
    told = (
        (len(letter.html.encode()) > CLIPPED, FieldProblem("sending.clipped")),
        (weight > HEAVY, FieldProblem("sending.heavy")),
        (bool(letter.attachments), FieldProblem("sending.attached")),
        (bool(images), FieldProblem("sending.images_without_words", {"number": len(images)})),
        (bool(plain), FieldProblem("sending.plain_links", {"number": len(plain)})),
    )
    return tuple(problem for holds, problem in told if holds)


def _page(letter: Letter, trackers: Sequence[Tracked]) -> Page | None:
    """The letter's page; None for one that cannot be sent anyway."""
    try:
        return Page(letter, trackers, track=False) if letter.html.strip() else None
    except BadValue:
        return None
