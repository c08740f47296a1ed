"""What is typed into a record's form and kept before it is saved, so that a crash or an ended session loses nothing."""

from collections.abc import Sequence
from typing import Any

from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, kinds
from crm_domain.problems import Refused
from crm_domain.query.page import Row
from crm_domain.text.format import format_datetime
from crm_web.visit import Visit

MOST_TEXT = 300_000
"""Characters of one draft."""
MOST_PAIRS = 1_000


def worth_keeping(module: Module[Any], posted: FormMultiDict) -> Sequence[tuple[str, str]]:
    """The texts of a form, without secrets, files and what the page adds itself. Raises Refused for more than anybody types."""
    secret = {field.key for field in module.fields if isinstance(field, kinds.Secret)}
    pairs = [
        (name, value)
        for name, value in posted.multi_items()
        if isinstance(value, str) and not name.startswith("_") and name.partition(".")[0] not in secret
    ]
    if len(pairs) > MOST_PAIRS or sum(len(value) for _, value in pairs) > MOST_TEXT:
        raise Refused("form.draft_too_long")
    return pairs


async def kept_draft(visit: Visit, module: Module[Any], row: Row | None) -> str:
    """When something was typed into this form that was never saved, in words; empty where nothing was."""
    draft = await visit.work.store.shelf.draft(module.key, row.id if row else None)
    return format_datetime(draft.kept_at, visit.voice.locale, visit.voice.catalogue) if draft else ""


async def typed_before(visit: Visit, module: Module[Any], row: Row | None) -> FormMultiDict | None:
    """What was typed then, as a form posts it."""
    draft = await visit.work.store.shelf.draft(module.key, row.id if row else None)
    return FormMultiDict(list(draft.pairs)) if draft else None
