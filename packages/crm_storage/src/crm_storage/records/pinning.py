"""What a link keeps of the moment it was made: which of the right record's many was the newest then."""

from collections.abc import Sequence
from uuid import UUID

from crm_domain.definition import ManyToMany, Registry
from crm_domain.definition.kinds import Link
from crm_storage.records.context import Context

PIN = """
UPDATE "{table}" l SET "{pin}" = (
  SELECT r.id FROM "{many}" r WHERE r."{back}" = l.right_id AND r.deleted_at IS NULL
  ORDER BY r.created_at DESC, r.id DESC LIMIT 1)
WHERE l."{pin}" IS NULL AND l.{mine}_id = %(owner)s AND l.{other}_id = ANY(%(ids)s)
"""


async def pin(context: Context, table: ManyToMany, owner: UUID, others: Sequence[UUID], *, left: bool) -> None:
    """Pins the links between a record and these others, those that are pinned already left as they are."""
    many, back = _many(context.registry, table)
    mine, other = ("left", "right") if left else ("right", "left")
    sql = PIN.format(table=table.key, pin=table.pins, many=many, back=back, mine=mine, other=other)
    await context.session.execute(sql, {"owner": owner, "ids": list(others)})


def _many(registry: Registry, table: ManyToMany) -> tuple[str, str]:
    """The module whose records are pinned, and its link to the right record."""
    field = next(field for field in table.kinds() if field.key == table.pins)
    assert isinstance(field, Link)
    relations = registry.relations(table.right).values()
    return next((one.target, one.link_field) for one in relations if one.link_field and one.target == field.target)
