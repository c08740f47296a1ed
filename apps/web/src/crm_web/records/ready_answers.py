"""Answers at hand for a case: canned replies, and articles that fit its subject and are open to customers."""

from uuid import UUID

from crm_domain.letters.incoming import as_markup
from crm_domain.modules.canned_replies import CannedReply, filled
from crm_domain.modules.cases import Case
from crm_domain.modules.cases.words import facts_of
from crm_domain.modules.knowledge import Article
from crm_domain.modules.knowledge.suggest import suggest
from crm_domain.problems import NotFound
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Sort
from crm_domain.text.rich import clean
from crm_web.visit import Visit

REPLIES = "canned_replies"
ARTICLES = "knowledge_articles"
MOST = 100
Group = tuple[str, list[tuple[str, str]]]
"""A heading, and choices as value and label."""


async def at_hand(visit: Visit, subject: str) -> list[Group]:
    """What may be put into an answer, replies by name and articles by how well they fit."""
    groups: list[Group] = []
    if visit.access.can(REPLIES, "list"):
        query = ListQuery(filter=Condition("active", "eq", True), columns=("name",), sort=(Sort("name"),), limit=MOST)
        page = await visit.work.store.page(visit.work.module(CannedReply), query)
        groups.append((visit.text("canned_replies.many"), [(f"{REPLIES}.{row.id}", row["name"]) for row in page.rows]))
    found = [one.article for one in await suggest(visit.work, subject) if one.article["status"] == "public"]
    groups.append(
        (visit.text("cases.articles_for_customers"), [(f"{ARTICLES}.{row.id}", row["name"]) for row in found])
    )
    return [group for group in groups if group[1]]


async def words_of(visit: Visit, case: Case, chosen: str) -> str:
    """The markup of a choice, filled for the case; an article is linked to it. Raises NotFound for what is not at hand."""
    kind, _, key = chosen.partition(".")
    try:
        id_ = UUID(key)
    except ValueError:
        raise NotFound from None
    if kind == REPLIES:
        reply = await visit.work.get(CannedReply, id_)
        return clean(filled(reply.body, facts_of(case, visit.voice.locale, visit.actor.name)))
    article = await visit.work.get(Article, id_)
    if kind != ARTICLES or article.status != "public":
        raise NotFound
    await visit.work.store.link(visit.work.relation("cases", "articles"), case.id, [id_], {})
    return clean(as_markup(article.additional_info) if article.additional_info else article.description or "")
