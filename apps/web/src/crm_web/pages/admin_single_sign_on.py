"""The company's provider of identities: which one, what its claims mean, who comes in by it, and whether passwords still do."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.keys import derive
from crm_domain.people.single_sign_on import (
    PRESETS,
    Claims,
    GroupRole,
    Preset,
    SingleSignOn,
    check_settings,
    preset,
)
from crm_domain.problems import Invalid, Refused
from crm_storage.people.administer import roles
from crm_storage.people.single_sign_on import administrators, client_secret, keep_single_sign_on, single_sign_on
from crm_web.admin.frame import by, need_administrator, posted_id, said
from crm_web.elsewhere import BACK
from crm_web.installation import vault_of
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit

PAGE = "/admin/single_sign_on"
CLAIMS = ("email", "first_name", "last_name", "user_name", "groups")
ROWS = 4
"""Empty lines for groups below those there are."""
MARK = "sadra-domain="


class AdminSingleSignOnPages(Controller):
    """/admin/single_sign_on."""

    path = PAGE
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit, start: str = "") -> Response[str]:
        need_administrator(visit)
        kept = await single_sign_on(visit.session)
        return await _page(visit, preset(start) if start in PRESETS else kept, [])

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        settings = _posted(posted, await single_sign_on(visit.session))
        try:
            known = {role.id: role.shipped for role in await roles(visit.session)}
            check_settings(settings, known, plain=visit.installation.providers.plain(settings.issuer))
            if settings.break_glass and settings.break_glass not in [
                id_ for id_, _ in await administrators(visit.session)
            ]:
                raise Refused("sso.break_glass_wrong")
            secret = await _secret(visit, posted, settings)
            await prove(visit, posted)
            await visit.installation.providers.describe(visit.tenant.number, settings.issuer, anew=True)
        except (Invalid, Refused) as problem:
            return await _page(visit, settings, said(visit, problem), status=422)
        settings = await _with_proven(visit, settings)
        vault = vault_of(visit.installation, visit.tenant)
        await keep_single_sign_on(visit.session, vault, by(visit), settings, secret)
        await visit.commit()
        return visit.go(PAGE, visit.text("settings.saved"))


def _posted(posted: FormMultiDict, kept: SingleSignOn) -> SingleSignOn:
    """What was typed. Domains stay proven while they are named."""
    domains = tuple(dict.fromkeys(posted.get("domains", "").lower().replace(",", " ").split()))
    kinds: dict[str, Preset] = {one: one for one in PRESETS}
    groups = zip(posted.getall("group", []), posted.getall("group_role", []), strict=False)
    return SingleSignOn(
        preset=kinds.get(posted.get("preset", ""), "own"),
        label=posted.get("label", "").strip()[:40],
        issuer=posted.get("issuer", "").strip(),
        client=posted.get("client", "").strip(),
        scopes=" ".join(posted.get("scopes", "").split()),
        claims=Claims(**{key: posted.get(f"claim_{key}", "").strip()[:100] for key in CLAIMS}),
        enabled=posted.get("enabled") == "1",
        creates=posted.get("creates") == "1",
        first_role=_id(posted, "first_role"),
        group_roles=tuple(
            GroupRole(group.strip(), posted_id(role)) for group, role in groups if group.strip() and role
        ),
        domains=domains,
        proven=kept.proven & set(domains),
        forced=posted.get("forced") == "1",
        break_glass=_id(posted, "break_glass"),
    )


async def _secret(visit: Visit, posted: FormMultiDict, settings: SingleSignOn) -> str | None:
    """The client's secret as typed, none for a public client, None to keep the one there is.

    Raises Refused where that would be told to another provider than the one it was agreed with.
    """
    if posted.get("public") == "1":
        return ""
    if typed := posted.get("secret", "").strip():
        return typed
    kept = await single_sign_on(visit.session)
    vault = vault_of(visit.installation, visit.tenant)
    if settings.issuer != kept.issuer and await client_secret(visit.session, vault):
        raise Refused("sso.secret_anew")
    return None


def _id(posted: FormMultiDict, key: str) -> UUID | None:
    return posted_id(posted[key]) if posted.get(key) else None


async def _with_proven(visit: Visit, settings: SingleSignOn) -> SingleSignOn:
    """Asks the name system whether the domains not proven yet carry the company's mark; one that does not answer is not."""
    open_ = [domain for domain in settings.domains if domain not in settings.proven]

    async def marked(domain: str) -> bool:
        try:
            return _mark(visit, domain) in await visit.installation.names.texts(f"_sadra.{domain}")
        except Refused:
            return False

    found = await asyncio.gather(*(marked(domain) for domain in open_))
    proven = settings.proven | {domain for domain, is_marked in zip(open_, found, strict=True) if is_marked}
    return msgspec.structs.replace(settings, proven=proven)


def _mark(visit: Visit, domain: str) -> str:
    """What only this company is asked to write into its domain."""
    key = derive(visit.installation.keys.newest, f"domain {domain}", visit.tenant.number)
    return MARK + key.hex()[:32]


async def _page(visit: Visit, settings: SingleSignOn, problems: list[str], status: int = 200) -> Response[str]:
    kept = await single_sign_on(visit.session)
    vault = vault_of(visit.installation, visit.tenant)
    given = [role for role in await roles(visit.session) if role.shipped != "administrator"]
    return await visit.page(
        "admin/single_sign_on.html",
        status=status,
        current="admin",
        tab="single_sign_on",
        chosen=settings,
        problems=problems,
        saved=bool(kept.issuer),
        presets=[(key, visit.text(f"sso.preset.{key}")) for key in PRESETS],
        has_secret=bool(await client_secret(visit.session, vault)),
        back=visit.installation.url(visit.tenant, BACK),
        claims=[(key, visit.text(f"sso.claim.{key}"), getattr(settings.claims, key)) for key in CLAIMS],
        roles=[(role.id, role.name) for role in given],
        groups=[*((one.group, one.role) for one in settings.group_roles), *[("", None)] * ROWS],
        domains=[(domain, domain in settings.proven, _mark(visit, domain)) for domain in settings.domains],
        administrators=await administrators(visit.session),
    )
