"""What the company asks of everybody who signs in."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.people.sign_in_policy import (
    FACTOR_FOR,
    IDLE_MINUTES,
    KEY,
    LENGTHS,
    FactorFor,
    SignInPolicy,
    check_policy,
)
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.digits import plain_number
from crm_domain.text.format import format_duration
from crm_domain.text.numbers import format_number
from crm_storage.people.administer import roles
from crm_storage.people.policy import sign_in_policy
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator, posted_id, said
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit


class AdminSecurityPages(Controller):
    """/admin/security."""

    path = "/admin/security"
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        return await _page(visit, await sign_in_policy(visit.session), [])

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        policy = _posted(posted)
        try:
            check_policy(policy, [role.id for role in await roles(visit.session)])
        except Invalid as invalid:
            return await _page(visit, policy, said(visit, invalid), status=422)
        await prove(visit, posted)
        request = visit.request_id
        await settle(visit.session, KEY, policy, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/security", visit.text("settings.saved"))


def _posted(posted: FormMultiDict) -> SignInPolicy:
    asked = _factor_for(posted.get("factor_for", ""))
    return SignInPolicy(
        idle_minutes=_number(posted, "idle_minutes"),
        password_length=_number(posted, "password_length"),
        factor_for=asked,
        factor_roles=tuple(posted_id(text) for text in posted.getall("role", [])) if asked == "roles" else (),
    )


def _factor_for(text: str) -> FactorFor:
    for known in FACTOR_FOR:
        if known == text:
            return known
    raise Invalid({"factor_for": (FieldProblem("problems.not_an_option", {"value": text}),)})


def _number(posted: FormMultiDict, key: str) -> int:
    return plain_number(posted.get(key, "")) or 0


async def _page(visit: Visit, policy: SignInPolicy, problems: list[str], status: int = 200) -> Response[str]:
    locale, words = visit.voice.locale, visit.voice.catalogue
    return await visit.page(
        "admin/security.html",
        status=status,
        current="admin",
        tab="security",
        policy=policy,
        problems=problems,
        idle=[(minutes, format_duration(minutes * 60, locale, words)) for minutes in IDLE_MINUTES],
        lengths=[
            (length, visit.text("security.characters", number=format_number(length, locale))) for length in LENGTHS
        ],
        factor_for=[(value, visit.text(f"security.factor_for.{value}")) for value in FACTOR_FOR],
        roles=[(role.id, role.name, role.id in policy.factor_roles) for role in await roles(visit.session)],
    )
