"""Tenants: the list, opening one, and everything that happens to one afterwards."""

from typing import Any, cast

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.tenancy import LIMITS, TRANSITIONS, Language, NewTenant, State, Tenant, near
from crm_domain.text import format as formats
from crm_host.pages.plans import plan_name
from crm_host.visit import Visit
from crm_host.words import locale_of, number, when
from crm_storage.chain.anchor import Anchor, last_anchor
from crm_storage.people.seed import Administrator
from crm_storage.tenants.acting import within
from crm_storage.tenants.change import plans, set_facts, set_state
from crm_storage.tenants.domains import PROOF_RECORD, Domain, domains_of
from crm_storage.tenants.events import read_events
from crm_storage.tenants.overrides import Override, overrides
from crm_storage.tenants.provision import provision
from crm_storage.tenants.rows import all_tenants, tenant_by_slug
from crm_storage.tenants.usage import keep_usage, latest_usage, measure, warn

HUES = {"active": "green", "read_only": "amber", "suspended": "amber", "archived": "gray", "deleted": "red"}
ICONS = {
    "active": "circle-check",
    "read_only": "lock",
    "suspended": "circle-pause",
    "archived": "archive",
    "deleted": "trash-2",
}
MIB = 1024 * 1024
TYPED = ("slug", "name", "language", "plan", "email")


class TenantPages(Controller):
    """/ and /tenants."""

    path = "/"

    @get("/")
    async def index(self, visit: Visit, q: str = "", standing: str = "") -> Response[str]:
        async with visit.console.database.host() as session:
            tenants = await all_tenants(session)
        words = q.strip().lower()
        chosen = [
            one
            for one in tenants
            if (not standing or one.state == standing) and (words in one.name.lower() or words in one.slug)
        ]
        rows = [await _row(visit, one) for one in chosen]
        figures = [
            (visit.text(f"host.state.{key}"), number(visit, sum(one.state == key for one in tenants))) for key in HUES
        ]
        states = [(key, visit.text(f"host.state.{key}")) for key in HUES]
        return visit.page(
            "tenants.html",
            rows=rows,
            figures=figures,
            total=number(visit, len(tenants)),
            q=q,
            standing=standing,
            states=states,
            may=visit.operator.may("tenants"),
        )

    @get("/tenants/new")
    async def new(self, visit: Visit) -> Response[str]:
        visit.allow("tenants")
        return visit.page("new.html", problem="", typed=dict.fromkeys(TYPED, ""), plans=await _plans(visit))

    @post("/tenants")
    async def create(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Opens the company and invites its first administrator by mail (scenario 53)."""
        visit.allow("tenants")
        typed = {key: posted.get(key, "") for key in TYPED}
        language = cast(Language, typed["language"] if typed["language"] in ("fa", "en") else "fa")
        request = NewTenant(slug=typed["slug"], name=typed["name"], language=language, plan=typed["plan"] or "standard")
        try:
            if "@" not in typed["email"]:
                raise BadValue("problems.not_an_email", value=typed["email"])
            invite_at = (
                visit.console.settings.web_url.replace("{tenant}", typed["slug"].strip().lower()) + "/invite?token="
            )
            admin = Administrator(email=typed["email"], company=typed["name"], invite_at=invite_at)
            tenant = await provision(visit.console.owner, REGISTRY, request, admin, actor=visit.operator.email)
        except BadValue as bad:
            return visit.page(
                "new.html",
                status=422,
                problem=visit.text(bad.problem.id, **bad.problem.facts),
                typed=typed,
                plans=await _plans(visit),
            )
        await visit.noted("tenant_opened", tenant=tenant.slug)
        return Redirect(f"/tenants/{tenant.slug}", status_code=303)

    @get("/tenants/{slug:str}")
    async def show(self, visit: Visit, slug: str) -> Response[str]:
        return await tenant_page(visit, slug, "")

    @post("/tenants/{slug:str}")
    async def change(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        visit.allow("tenants")
        try:
            await set_facts(
                visit.console.owner,
                slug,
                name=posted.get("name", ""),
                plan=posted.get("plan", ""),
                actor=visit.operator.email,
            )
        except BadValue as bad:
            return await tenant_page(visit, slug, visit.text(bad.problem.id, **bad.problem.facts), status=422)
        await visit.noted("tenant_changed", tenant=slug, name=posted.get("name", ""), plan=posted.get("plan", ""))
        return Redirect(f"/tenants/{slug}", status_code=303)

    @post("/tenants/{slug:str}/state")
    async def move(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        """Another state, with a reason; deleting also wants the slug typed."""
        visit.allow("tenants")
        state, reason = posted.get("state", ""), posted.get("reason", "").strip()
        if state not in HUES:
            raise NotFound
        if not reason or (state == "deleted" and posted.get("confirm", "").strip() != slug):
            return await tenant_page(visit, slug, visit.text("host.reason_needed"), status=422)
        try:
            await set_state(visit.console.owner, slug, cast(State, state), actor=visit.operator.email, reason=reason)
        except Refused as refused:
            return await tenant_page(visit, slug, visit.text(refused.id, **refused.facts), status=409)
        await visit.noted("tenant_state", tenant=slug, state=state, reason=reason)
        return Redirect(f"/tenants/{slug}", status_code=303)


async def tenant_page(visit: Visit, slug: str, problem: str, status: int = 200) -> Response[str]:
    """Everything about one tenant: facts, what it uses, domains, state, and what was done to it."""
    async with visit.console.database.host() as session:
        tenant = await tenant_by_slug(session, slug)
        if tenant is None:
            raise NotFound
        events = await read_events(session, tenant.number)
        anchor = await last_anchor(session, tenant.number)
        limits = await overrides(session, tenant.number)
    usage = await measure(visit.console.owner, REGISTRY, tenant.number)
    await keep_usage(visit.console.owner, tenant.number, usage, visit.console.now())
    async with visit.console.database.host() as session:
        async with within(session, tenant.number):
            await warn(session, tenant, usage)
        await session.commit()
    quotas = tenant.quotas
    bars = [
        (visit.text("host.users"), usage.users, quotas.users, _of(visit, usage.users, quotas.users)),
        (visit.text("host.records"), usage.records, quotas.records, _of(visit, usage.records, quotas.records)),
        (
            visit.text("host.storage"),
            usage.storage // MIB,
            quotas.storage_mb,
            _of(visit, usage.storage // MIB, quotas.storage_mb),
        ),
        (visit.text("host.mails"), usage.mails, quotas.mails_a_day, _of(visit, usage.mails, quotas.mails_a_day)),
    ]
    return visit.page(
        "tenant.html",
        status=status,
        row=await _row(visit, tenant),
        name=tenant.name,
        slug=slug,
        plan=tenant.plan,
        plans=await _plans(visit),
        problem=problem,
        may=visit.operator.may("tenants"),
        full=[
            visit.text(f"tenants.near_{name}", percent=number(visit, mark))
            for name, mark in near(quotas, usage).items()
        ],
        own_limits=[_own_limit(visit, one) for one in limits],
        limits=[(name, visit.text(f"host.limit.{name}")) for name in LIMITS],
        may_limit=visit.operator.may("plans"),
        domains=[_domain(visit, one) for one in await domains_of(visit.console.database, tenant.number)],
        bars=bars,
        anchored=_anchored(visit, anchor),
        steps=[(key, visit.text(f"host.to.{key}")) for key in TRANSITIONS[tenant.state]],
        events=[(when(visit, one.at), one.actor, visit.text(f"host.event.{one.action}"), one.reason) for one in events],
    )


def _own_limit(visit: Visit, one: Override) -> dict[str, str]:
    until = (
        formats.format_date(
            one.expires_at.astimezone(locale_of(visit).zone).date(), locale_of(visit), catalogue(visit.language)
        )
        if one.expires_at
        else ""
    )
    return {
        "key": one.name,
        "name": visit.text(f"host.limit.{one.name}"),
        "amount": number(visit, one.amount) if one.amount else visit.text("host.no_limit"),
        "until": visit.text("host.override_until", until=until) if until else visit.text("host.override_stays"),
        "reason": one.reason,
    }


def _anchored(visit: Visit, anchor: Anchor | None) -> str:
    if anchor is None:
        return visit.text("host.not_anchored")
    return visit.text("host.anchored", at=when(visit, anchor.at), seal=number(visit, anchor.seal))


async def _plans(visit: Visit) -> list[tuple[str, str]]:
    async with visit.console.database.host() as session:
        return [(plan.key, plan_name(visit, plan.key)) for plan in await plans(session)]


def _domain(visit: Visit, one: Domain) -> dict[str, str]:
    return {
        "name": one.name,
        "record": PROOF_RECORD + one.name,
        "proof": one.proof,
        "proven": when(visit, one.verified_at) if one.verified_at else "",
        "checked": when(visit, one.checked_at) if one.checked_at else "",
    }


async def _row(visit: Visit, tenant: Tenant) -> dict[str, Any]:
    usage = await latest_usage(visit.console.database, tenant.number)
    quota = tenant.quotas.users
    return {
        "slug": tenant.slug,
        "name": tenant.name,
        "host": visit.console.settings.web_url.partition("://")[2].replace("{tenant}", tenant.slug),
        "plan": plan_name(visit, tenant.plan),
        "users": _of(visit, usage.users, quota) if usage else "—",
        "records": number(visit, usage.records) if usage else "—",
        "language": visit.text(f"host.language.{tenant.language}"),
        "created": formats.format_date(tenant.created_at.date(), locale_of(visit), catalogue(visit.language))
        if tenant.created_at
        else "",
        "state": visit.text(f"host.state.{tenant.state}"),
        "hue": HUES[tenant.state],
        "icon": ICONS[tenant.state],
    }


def _of(visit: Visit, used: int, quota: int) -> str:
    return visit.text("host.of", used=number(visit, used), quota=number(visit, quota)) if quota else number(visit, used)
