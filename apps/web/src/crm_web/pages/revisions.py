"""A published version of an article: what it changed, and how its text comes back."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.modules.knowledge import Article, Revision
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import numbers
from crm_domain.text.compared import compared
from crm_domain.text.rich import to_plain
from crm_web.reach import one
from crm_web.visit import Visit

TEXTS = ("name", "description", "additional_info")


class RevisionPages(Controller):
    """/knowledge_revisions/<id>/changes and /restore."""

    path = "/knowledge_revisions"

    @get("/{record_id:uuid}/changes")
    async def changes(self, visit: Visit, record_id: UUID) -> Response[str]:
        """The texts beside those of the version before, field by field; the first one changed nothing."""
        module = visit.work.module(Revision)
        row = await one(visit, module, record_id)
        former = await _before(visit, row)
        texts = [
            (visit.voice.label(module, module.field(key)), compared(_plain(former, key), _plain(row, key)))
            for key in TEXTS
            if former and _plain(former, key) != _plain(row, key)
        ]
        facts: dict[str, Any] = {
            "title": visit.text("knowledge_revisions.changes"),
            "name": row["name"],
            "url": f"/knowledge_revisions/{record_id}",
            "texts": texts,
            "since": numbers.format_number(former["number"], visit.voice.locale) if former else "",
        }
        if visit.fragment:
            return visit.part("knowledge/changes.html", **facts)
        return await visit.page(
            "cases/panel.html", current="knowledge_articles", panel="knowledge/changes.html", **facts
        )

    @post("/{record_id:uuid}/restore")
    async def restore(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Makes this version's text the article's again, which is its next version where it is published."""
        revision = await visit.work.get(Revision, record_id)
        article = revision.article.id
        await visit.work.update(
            Article,
            article,
            Article.name.to(revision.name),
            Article.description.to(revision.description),
            Article.additional_info.to(revision.additional_info),
        )
        await visit.commit()
        return visit.go(f"/knowledge_articles/{article}", visit.text("knowledge_revisions.restored"))


async def _before(visit: Visit, row: Row) -> Row | None:
    earlier = both(Condition("article", "eq", row["article"].id), Condition("number", "lt", row["number"]))
    query = ListQuery(filter=earlier, columns=("number", *TEXTS), sort=(Sort("number", descending=True),), limit=1)
    rows = (await visit.work.store.page(visit.work.module(Revision), query)).rows
    return rows[0] if rows else None


def _plain(row: Row, key: str) -> str:
    text = row.values.get(key) or ""
    return to_plain(text) if key == "description" else text
