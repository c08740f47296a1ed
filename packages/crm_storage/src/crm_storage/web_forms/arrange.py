"""Which fields a web form asks, in order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.web_forms.offered import Choice, complete, usual
from crm_storage.database import Session

READ = "SELECT key, label, required FROM web_form_field WHERE form_id = %(form)s ORDER BY position"
CLEAR = "DELETE FROM web_form_field WHERE form_id = %(form)s"
WRITE = """
INSERT INTO web_form_field (form_id, key, position, label, required)
SELECT %(form)s, f.key, f.position, f.label, f.required
FROM unnest(%(keys)s::text[], %(labels)s::text[], %(required)s::bool[]) WITH ORDINALITY AS f (key, label, required, position)
"""


async def read_choices(session: Session, form: UUID, module: Module[Any]) -> tuple[Choice, ...]:
    """As somebody arranged them, else the usual ones; fit for the module that the form makes as it is now."""
    found = tuple(Choice(*row) for row in await session.rows(READ, {"form": form}))
    return complete(module, found) if found else usual(module)


async def keep_choices(session: Session, form: UUID, choices: Sequence[Choice]) -> None:
    """Replaces the arrangement; the caller commits."""
    await session.execute(CLEAR, {"form": form})
    facts = {
        "form": form,
        "keys": [choice.key for choice in choices],
        "labels": [choice.label for choice in choices],
        "required": [choice.required for choice in choices],
    }
    await session.execute(WRITE, facts)
