"""From a request to a visit: session or token to actor, one unit of work, the reader's voice."""

from collections.abc import AsyncGenerator
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict

from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wording import catalogue_of
from crm_domain.people.actor import Actor
from crm_domain.people.naming import naming
from crm_domain.problems import Denied
from crm_domain.records.work import Work
from crm_storage.database import Session
from crm_storage.outbound import Reach
from crm_storage.people.actor import load_actor, load_token_actor
from crm_storage.records.context import Context
from crm_storage.store import TenantStore
from crm_ui.request_log import request_id_of
from crm_web.again import SignInNeeded, signed_in_again
from crm_web.cookies import cookie_name, cookies_of, token_hash
from crm_web.gate import tenant_of
from crm_web.installation import Installation, vault_of
from crm_web.origin import address_of
from crm_web.supported import admit
from crm_web.visit import Visit

SAFE = ("GET", "HEAD", "OPTIONS")
BEARER = "bearer "


OWN_CHOICE = "/settings/password"
SECOND_FACTOR = "/settings/second_factor"
PROOF = "/prove"
BY_THEMSELVES = ("/events", "/notifications/state", "/notifications/news")
"""What open pages ask for while nobody is there."""


class SomethingFirst(Exception):
    """The user must do something before anything else: a password of his own, or a second factor. `page` is where."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


async def provide_posted(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The form that was posted, with every value of every name."""
    return await request.form()


async def provide_visit(request: Request[Any, Any, Any]) -> AsyncGenerator[Visit]:
    """One unit of work for a signed-in user; nothing of it lasts unless the handler commits."""
    installation: Installation = request.app.state.installation
    secret = cookies_of(request.scope).get(cookie_name(secure=installation.secure), "")
    tenant = tenant_of(request.scope)
    _check_writable(request)
    async with installation.database.tenant(tenant.number, address=address_of(request)) as session:
        used = not request.url.path.endswith(BY_THEMSELVES)
        actor = await load_actor(session, token_hash(secret), used=used) if secret else None
        actor = actor or await signed_in_again(request, installation, session)
        _check_done(actor, request.url.path)
        if actor.support:
            await admit(request, installation, session, actor)
        yield await visit_of(request, installation, session, actor, "web")


async def provide_api_visit(request: Request[Any, Any, Any]) -> AsyncGenerator[Visit]:
    """The same for a program with a token: only the header counts, never a cookie (SEC-35)."""
    installation: Installation = request.app.state.installation
    header = request.headers.get("authorization", "")
    if header[: len(BEARER)].lower() != BEARER:
        raise SignInNeeded
    tenant = tenant_of(request.scope)
    _check_writable(request)
    async with installation.database.tenant(tenant.number, address=address_of(request)) as session:
        actor = await load_token_actor(session, token_hash(header[len(BEARER) :].strip()))
        if actor is None:
            raise SignInNeeded
        if actor.must_change_password:
            raise SomethingFirst(OWN_CHOICE)
        if actor.must_set_up_factor:
            raise SomethingFirst(SECOND_FACTOR)
        if request.method not in SAFE and not actor.may_write:
            raise Denied
        yield await visit_of(request, installation, session, actor, "api")


async def visit_of(
    request: Request[Any, Any, Any], installation: Installation, session: Session, actor: Actor, source: str
) -> Visit:
    """The visit of an actor within a unit of work; `source` says where its changes come from."""
    tenant = tenant_of(request.scope)
    schema = await installation.schemas.of(tenant, session)
    vault, reach = vault_of(installation, tenant), Reach(installation.door, tenant.number)
    context = Context(session, schema, actor.access, source, request_id_of(request.scope), vault, reach)
    work = Work(
        TenantStore(context, installation.clock),
        schema.registry,
        installation.clock,
        actor.locale,
        actor.base_currency,
        tenant.quotas,
        actor.workdays,
    )
    words = catalogue_of(schema.registry, actor.locale.language)
    voice = Voice(words, actor.locale, installation.clock.now(), actor.base_currency)
    if source == "web":
        context.naming = naming(actor.preferences.name_order, schema.registry, actor.access, voice)
    request.scope["state"]["user_id"] = str(actor.user)
    return Visit(installation, request, tenant, actor, session, work, voice, context)


def _check_done(actor: Actor, path: str) -> None:
    """Raises SomethingFirst on all pages but those where it is done (scenario 51)."""
    if actor.must_change_password:
        if path != OWN_CHOICE:
            raise SomethingFirst(OWN_CHOICE)
    elif actor.must_set_up_factor and path not in (SECOND_FACTOR, PROOF):
        raise SomethingFirst(SECOND_FACTOR)


def _check_writable(request: Request[Any, Any, Any]) -> None:
    if tenant_of(request.scope).state == "read_only" and request.method not in SAFE:
        raise Denied("shell.read_only")
