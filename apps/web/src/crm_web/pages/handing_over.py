"""Giving what a colleague has to another one, when he leaves or changes his work."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.modules.employees import Employee
from crm_domain.modules.users import User
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.query.page import Count
from crm_domain.records.hand_over import belongings, hand_over
from crm_domain.text.numbers import format_number
from crm_storage.people.estate import PARTS, WITH_RIGHTS, Part, estate, pass_on
from crm_ui.inputs import Input
from crm_web.admin.frame import by
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

Problems = Mapping[str, Sequence[FieldProblem]]


class HandingOverPages(Controller):
    """/users/<id>/hand_over, /employees/<id>/deactivate."""

    path = "/"

    @get("/users/{record_id:uuid}/hand_over")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        return await _page(visit, record_id, None, {})

    @post("/users/{record_id:uuid}/hand_over")
    async def begin(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _check(visit)
        modules = posted.getall("module", [])
        parts = [part for part in posted.getall("part", []) if part in _parts(visit)]
        to, leaves, jobs = _id(posted.get("to", "")), posted.get("deactivate") == "1", list[UUID]()
        only_open = posted.get("which") != "all"
        try:
            if modules or parts or not leaves:
                jobs = await hand_over(visit.work, record_id, to, modules, only_open=only_open, besides=bool(parts))
        except Invalid as invalid:
            return await _page(visit, record_id, posted, invalid.fields)
        passed = await pass_on(visit.session, by(visit), record_id, to, parts) if to else 0
        if leaves:
            await _deactivate(visit, record_id)
        elif not jobs and not passed:
            raise Refused("list.nothing_selected")
        await visit.commit()
        if not jobs:
            return visit.go(f"/users/{record_id}/hand_over", visit.text("hand_over.done"))
        return visit.go(f"/jobs/{jobs[0]}" if len(jobs) == 1 else "/jobs", visit.text("hand_over.begun"))

    @post("/employees/{record_id:uuid}/deactivate")
    async def deactivate(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Who has left signs in no more; what he had is waiting to be handed over."""
        _check(visit)
        employee = await visit.work.get(Employee, record_id, action="edit")
        if employee.account_user is None:
            raise Refused("employees.no_user")
        user = await _deactivate(visit, employee.account_user.id)
        await visit.commit()
        return visit.go(f"/users/{user.id}/hand_over", visit.text("employees.deactivated", name=user.name or ""))


async def _deactivate(visit: Visit, id_: UUID) -> User:
    """The user, who signs in no more. Raises Refused for the last administrator and for oneself."""
    user = await visit.work.get(User, id_)
    if id_ == visit.access.user:
        raise Refused("users.not_yourself")
    if user.status != "inactive":
        await visit.work.update(User, id_, User.status.to("inactive"), User.employee_status.to("terminated"))
    return user


def _parts(visit: Visit) -> Sequence[Part]:
    """Only administrators say whose rights something is to act with."""
    return PARTS if visit.access.admin else [part for part in PARTS if part not in WITH_RIGHTS]


def _check(visit: Visit) -> None:
    if not visit.access.special("manage_users"):
        raise Denied


async def _page(visit: Visit, user: UUID, posted: FormMultiDict | None, problems: Problems) -> Response[str]:
    _check(visit)
    module = visit.module("users")
    row = await one(visit, module, user)
    said = {key: tuple(visit.text(problem.id, **problem.facts) for problem in found) for key, found in problems.items()}
    lines = [
        (
            found.module.key,
            visit.voice.module(found.module),
            found.module.icon,
            *map(_number(visit), (found.open, found.all)),
        )
        for found in await belongings(visit.work, user)
    ]
    return await visit.page(
        "users/hand_over.html",
        status=422 if problems else 200,
        current="users",
        **await heading(visit, module, row),
        tab="hand_over",
        lines=lines,
        besides=[
            (part, visit.text(f"hand_over.part.{part}"), format_number(number, visit.voice.locale))
            for part, number in (await estate(visit.session, user)).items()
            if part in _parts(visit)
        ],
        given=posted.getall("part", []) if posted is not None else PARTS,
        deactivate=posted is not None and posted.get("deactivate") == "1",
        chosen=posted.getall("module", []) if posted is not None else [line[0] for line in lines],
        which=posted.get("which", "open") if posted is not None else "open",
        receiver=await _receiver(visit, posted, said.get("to", ())),
        nothing=said.get("modules", ()),
        still_active=row["status"] == "active" and user != visit.access.user,
    )


async def _receiver(visit: Visit, posted: FormMultiDict | None, errors: tuple[str, ...]) -> Input:
    chosen = _id(posted.get("to", "")) if posted is not None else None
    ref = Ref("users", chosen) if chosen else None
    named = (await visit.work.store.names([ref])).get(ref) if ref else None
    return Input(
        kind="user",
        name="to",
        id="f-to",
        label=visit.text("hand_over.to"),
        required=True,
        errors=errors,
        value={"": str(chosen or ""), "label": named.name if named else "", "module": "users"},
        extra={"url": "/users/pick", "module": "users"},
    )


def _number(visit: Visit) -> Any:
    def shown(count: Count) -> str:
        return format_number(count.number, visit.voice.locale) + ("+" if count.capped else "")

    return shown


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
