"""Which articles may answer a question: the words of a case's subject against their titles and texts."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from crm_domain.modules.knowledge.fields import Article
from crm_domain.query.filter import Condition, Filter, Group, Quick, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text.normalise import search_key

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SHORTEST, MOST_WORDS = 3, 8
CANDIDATES, SUGGESTED = 100, 8
SAME_TITLE, IN_TITLE, IN_TEXT = 10, 5, 2
"""What the whole subject is worth where it stands; each of its words counts `WORD_IN_TITLE` and `WORD_IN_TEXT`."""
WORD_IN_TITLE, WORD_IN_TEXT = 3, 1
READABLE = ("private", "public")


class Suggestion(msgspec.Struct, frozen=True):
    """An article, and how well it fits: greater is better."""

    article: Row
    score: int


async def suggest(work: "Work", subject: str) -> list[Suggestion]:
    """The best published, unexpired articles the actor may read; none for a subject without longer words."""
    words = telling_words(subject)
    if not words or not work.access.can("knowledge_articles", "list"):
        return []
    today = work.now().astimezone(work.locale.zone).date()
    query = ListQuery(
        filter=both(_readable(today), Group(tuple(Quick(word) for word in words), any=True)),
        columns=("name", "words", "status", "additional_info"),
        sort=(Sort("modified_at", descending=True),),
        limit=CANDIDATES,
    )
    page = await work.store.page(work.module(Article), query)
    return rank(subject, page.rows)


def solution_of(article: Row) -> str:
    """What a case takes over of it: the text made to be used again or, without one, the words of the body."""
    return article["additional_info"] or article["words"] or ""


def rank(subject: str, articles: Sequence[Row]) -> list[Suggestion]:
    """The articles that fit, best first."""
    whole, words = search_key(subject), telling_words(subject)
    scored = (Suggestion(row, _score(whole, words, row)) for row in articles)
    fitting = [found for found in scored if found.score > 0]
    return sorted(fitting, key=lambda found: -found.score)[:SUGGESTED]


def telling_words(subject: str) -> tuple[str, ...]:
    """The subject's longest words, each once; short ones say too little."""
    words = dict.fromkeys(word for word in search_key(subject).split() if len(word) >= SHORTEST)
    return tuple(sorted(words, key=len, reverse=True)[:MOST_WORDS])


def _readable(today: date) -> Filter:
    unexpired = Group((Condition("expires_on", "empty", True), Condition("expires_on", "ge", today)), any=True)
    return both(Condition("status", "in", READABLE), unexpired)


def _score(whole: str, words: Sequence[str], row: Row) -> int:
    title, text = search_key(row["name"] or ""), search_key(row["words"] or "")
    found = SAME_TITLE if title == whole else IN_TITLE if whole in title else 0
    found += IN_TEXT if whole in text else 0
    found += sum(WORD_IN_TITLE * (word in title) + WORD_IN_TEXT * (word in text) for word in words)
    return found
