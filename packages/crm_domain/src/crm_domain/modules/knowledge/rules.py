"""What a company settled about its knowledge base: whether whoever wrote an article may publish it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from crm_domain.records.work import Work

KNOWLEDGE = "knowledge"
"""The setting's key."""


class ArticleRules(msgspec.Struct, frozen=True, kw_only=True):
    """With `four_eyes` nobody publishes or approves what he wrote himself."""

    four_eyes: bool = False


def rules_of(kept: Mapping[str, Any] | None) -> ArticleRules:
    """The rules as they were kept; what no longer fits counts as not settled."""
    try:
        return msgspec.convert(kept or {}, ArticleRules)
    except msgspec.ValidationError:
        return ArticleRules()


async def article_rules(work: "Work") -> ArticleRules:
    """The company's rules."""
    return rules_of(await work.store.setting(KNOWLEDGE))
