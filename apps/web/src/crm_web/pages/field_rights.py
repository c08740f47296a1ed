"""What a role may do with single fields of a module: write, only read, or not even see them."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import FieldRight
from crm_domain.definition import Module
from crm_storage.people.administer import StoredRole, role
from crm_web.admin.frame import need
from crm_web.admin.role import changed, role_page
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit

RIGHTS: tuple[FieldRight, ...] = ("write", "read", "hidden")
FIRST = "accounts"


class FieldRightPages(Controller):
    """/admin/roles/…/fields, a page for each module."""

    path = "/admin/roles/{role_id:uuid}/fields"
    opt = CLOSED

    @get("/")
    async def show(self, visit: Visit, role_id: UUID, module: str = FIRST) -> Response[str]:
        need(visit, "manage_roles")
        stored, known = await role(visit.session, role_id), visit.module(module)
        return await _page(visit, stored, known, stored.fields.get(known.key, {}), [])

    @post("/")
    async def keep(self, visit: Visit, role_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Changes the rights on one module's fields; those on others stay."""
        need(visit, "manage_roles")
        await prove(visit, posted)
        module = visit.module(str(posted.get("module", "")))
        stored = await role(visit.session, role_id)
        given = {key.removeprefix("field."): value for key, value in posted.items() if key.startswith("field.")}
        limits = {key: right for key, right in given.items() if right != "write"}
        fields = {key: rights for key, rights in {**stored.fields, module.key: limits}.items() if rights}
        draft = msgspec.structs.replace(stored.draft, fields=cast(Any, fields))
        if problems := await changed(visit, stored, draft, posted):
            return await _page(visit, stored, module, limits, problems)
        return visit.go(f"/admin/roles/{role_id}/fields?module={module.key}", visit.text("settings.saved"))


async def _page(
    visit: Visit, stored: StoredRole, module: Module[Any], chosen: Mapping[str, str], problems: list[str]
) -> Response[str]:
    """The fields with what is chosen, so that nothing is lost when it cannot be kept."""
    modules = [
        (one.key, visit.voice.module(one), len(stored.fields.get(one.key, {})))
        for one in visit.work.registry.modules.values()
    ]
    return await role_page(
        visit,
        "admin/role_fields.html",
        stored,
        problems,
        module=module.key,
        modules=modules,
        fields=[
            (field.key, visit.voice.label(module, field), chosen.get(field.key, "write")) for field in module.fields
        ],
        rights=[(right, visit.text(f"roles.field_right.{right}")) for right in RIGHTS],
    )
