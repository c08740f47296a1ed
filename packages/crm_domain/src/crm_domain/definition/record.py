"""The record every module's class extends, with the fields that all records carry."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from crm_domain.definition.field import Field
from crm_domain.definition.kinds.link import Link, UserLink
from crm_domain.definition.kinds.number import Integer
from crm_domain.definition.kinds.time import DateTime
from crm_domain.definition.layout import Arrangement


class Record:
    """One record: its id and its values by field key. Subclasses read like a table."""

    layout: ClassVar[Arrangement]

    assigned_to = UserLink(indexed=True, mine=True)
    team = Link(target="teams", audited=True)
    created_at = DateTime(readonly=True, audited=False, copied=False, indexed=True)
    created_by = UserLink(readonly=True, audited=False, copied=False)
    modified_at = DateTime(readonly=True, audited=False, copied=False, indexed=True)
    modified_by = UserLink(readonly=True, audited=False, copied=False)
    version = Integer(readonly=True, audited=False, copied=False)
    deleted_at = DateTime(readonly=True, audited=False, copied=False)
    deleted_by = UserLink(readonly=True, audited=False, copied=False)

    def __init__(self, id: UUID, values: Mapping[str, Any]) -> None:
        self.id = id
        self.values = values

    def custom(self, field: Field[Any]) -> Any:
        """The value of a tenant's own field, typed by its kind."""
        return self.values.get(field.key)


SYSTEM_KEYS = (
    "assigned_to", "team", "created_at", "created_by", "modified_at", "modified_by", "version", "deleted_at", "deleted_by",
)  # fmt: skip
