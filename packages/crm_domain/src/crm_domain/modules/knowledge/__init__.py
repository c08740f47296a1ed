"""The knowledge base: answers worked out once, for colleagues and customers."""

from crm_domain.definition import DuplicateRule, Expiry, Module
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.knowledge.fields import ARTICLE_CATEGORIES, Article, Category, Revision
from crm_domain.modules.knowledge.publish import (
    LASTING,
    approved_by_another,
    approver_learns,
    dates_in_order,
    publishing_keeps_a_revision,
)

ARTICLES = Module(
    key="knowledge_articles",
    record=Article,
    icon="book-open",
    group="service",
    open_field="status",
    expiry=Expiry(day="expires_on", becomes="expired", warn_days=14),
    before_save=(dates_in_order,),
    with_work=(approved_by_another, publishing_keeps_a_revision),
    after_save=(approver_learns,),
    duplicates=(DuplicateRule(same=("name",)),),
)
CATEGORIES = Module(
    key="knowledge_categories",
    record=Category,
    icon="tags",
    group="service",
    catalogue=True,
    many_at_once=True,
    with_work=(no_cycle(Category, Category.parent),),
    duplicates=(DuplicateRule(same=("name",)),),
)
REVISIONS = Module(
    key="knowledge_revisions",
    record=Revision,
    icon="history",
    group="",
    part_of="article",
    repeats=LASTING,
    kept=True,
)

__all__ = ["ARTICLES", "ARTICLE_CATEGORIES", "CATEGORIES", "REVISIONS", "Article", "Category", "Revision"]
