"""What the pages of one role share: keeping it as it was drafted, and drawing it with what is wrong."""

from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from crm_domain.people.granting import RoleDraft
from crm_domain.problems import Invalid, Refused
from crm_storage.people.administer import StoredRole, change_role
from crm_web.admin.frame import by, posted_version, said
from crm_web.visit import Visit


async def changed(visit: Visit, stored: StoredRole, draft: RoleDraft, posted: FormMultiDict) -> list[str]:
    """Makes a role what the draft says and commits; what is wrong with it in words, which then keeps the former one."""
    version = posted_version(posted)
    try:
        await change_role(visit.session, visit.work.registry, by(visit), stored.id, version=version, draft=draft)
    except (Invalid, Refused) as problem:
        return said(visit, problem)
    await visit.commit()
    return []


async def role_page(
    visit: Visit, template: str, stored: StoredRole | None, problems: list[str], **facts: Any
) -> Response[str]:
    """A page of the role, or of a new one."""
    status = 422 if problems else 200
    return await visit.page(
        template, status=status, current="admin", tab="roles", role=stored, problems=problems, **facts
    )
