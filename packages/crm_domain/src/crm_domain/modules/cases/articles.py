"""A case answered from the knowledge base."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.modules.cases.fields import Case
from crm_domain.modules.knowledge.fields import Article
from crm_domain.problems import Refused
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def use_article(work: "Work", case_id: UUID, article_id: UUID) -> Article:
    """Puts the article's solution into the case's resolution and links the two; the caller commits.

    Raises NotFound, Denied, or Refused where the article holds nothing to use.
    """
    case = await work.get(Case, case_id, action="edit", lock=True)
    article = await work.get(Article, article_id)
    text = article.additional_info or to_plain(article.description or "")
    if not text:
        raise Refused("knowledge_articles.nothing_to_use")
    held = case.resolution or ""
    if text not in held:
        await work.update(Case, case_id, Case.resolution.to(f"{held}\n\n{text}".strip()))
    await work.store.link(work.relation("cases", "articles"), case_id, [article_id], {})
    return article
