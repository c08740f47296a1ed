"""Publishing an article: who answers for it, since when, and what it said."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Ref
from crm_domain.modules.knowledge.fields import Article, Revision
from crm_domain.modules.knowledge.rules import article_rules
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

PUBLISHED = ("private", "public")
ANSWERED_FOR = (Article.status, Article.description, Article.additional_info, Article.author, Article.approver)
"""What it says, to whom, and who stands for it."""
LASTING = ("name", "description", "additional_info", "published_on")
"""What a revision keeps of its article."""


def dates_in_order(change: Change[Article]) -> None:
    """Nothing expires before it is published."""
    after = change.after
    if after.published_on and after.expires_on and after.expires_on < after.published_on:
        raise Invalid({"expires_on": (FieldProblem("knowledge_articles.expires_early"),)})


async def approved_by_another(work: "Work", change: Change[Article]) -> None:
    """Where the company wants four eyes, an author neither publishes what he wrote, nor changes it once it is, nor approves it."""
    after = change.after
    if after.status not in PUBLISHED or not any(change.touches(field) for field in ANSWERED_FOR):
        return
    if not (await article_rules(work)).four_eyes:
        return
    author = after.values.get("author")
    if author and author.id == work.access.user:
        raise Invalid({"status": (FieldProblem("knowledge_articles.own_words"),)})
    if author and author == after.approver:
        raise Invalid({"approver": (FieldProblem("knowledge_articles.approves_himself"),)})


async def approver_learns(work: "Work", change: Change[Article]) -> None:
    """Tells the one who is to approve an article that it waits for him."""
    after = change.after
    waits = after.status == "in_review" and (change.touches(Article.status) or change.touches(Article.approver))
    if waits and after.approver:
        href = f"/knowledge_articles/{after.id}"
        about = Ref("knowledge_articles", after.id)
        await work.store.notices.tell("to_approve", [after.approver.id], href, {"name": after.name}, about=about)


async def publishing_keeps_a_revision(work: "Work", change: Change[Article]) -> None:
    """An article that becomes readable, or is changed while it is, is kept as the next revision."""
    after, before = change.after, change.before
    if after.status not in PUBLISHED:
        return
    was_published = before is not None and before.status in PUBLISHED
    if was_published and not (change.touches(Article.description) or change.touches(Article.additional_info)):
        return
    if not (after.description or after.additional_info):
        raise Invalid({"description": (FieldProblem("knowledge_articles.nothing_to_publish"),)})
    if after.approver is None:
        change.set(Article.approver, Ref("users", work.access.user))
    if after.published_on is None:
        change.set(Article.published_on, work.now().astimezone(work.locale.zone).date())
    change.set(Article.revision, (after.revision or 0) + 1)
    await _keep(work, after)


async def _keep(work: "Work", article: Article) -> None:
    """Written past the actor's own rights: the record of what was said is nobody's to withhold."""
    kept: dict[str, Any] = {key: article.values.get(key) for key in LASTING}
    author = {"assigned_to": Ref("users", work.access.user), "team": article.values.get("team")}
    facts = {**kept, **author, "article": Ref("knowledge_articles", article.id), "number": article.revision}
    await work.store.insert(work.module(Revision), [(work.new_id(), facts)])
