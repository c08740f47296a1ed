"""Which list records join: one that is there, or a new one of the name typed."""

from collections.abc import Mapping
from uuid import UUID

from crm_domain.definition import Relation
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records import save
from crm_ui.inputs import Input
from crm_web.visit import Visit

NAME_LENGTH = 255


def list_picker(visit: Visit, relation: Relation, chosen: UUID | None = None, name: str = "") -> Input:
    """The field in which a list is chosen; posted as `list`."""
    lists = visit.module(relation.module)
    return Input(
        kind="link",
        name="list",
        id="gather-list",
        label=visit.voice.module(lists, "one"),
        value={"": str(chosen or ""), "label": name},
        extra={"url": f"/{lists.key}/pick"},
    )


async def chosen_list(visit: Visit, relation: Relation, posted: Mapping[str, str]) -> UUID | None:
    """The list that was chosen or is made now; None where nothing was said. Raises Invalid, Denied."""
    if posted.get("list"):
        return _id(posted["list"])
    name = (posted.get("name", "") or posted.get("list.label", "")).strip()[:NAME_LENGTH]
    return await save.create(visit.work, visit.module(relation.module), {"name": name}) if name else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"list": (FieldProblem("problems.unknown_record"),)}) from None
