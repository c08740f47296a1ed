"""What the company's provider says of who comes back from it, and what follows for him here (SEC-33, scenario 50)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request

from crm_domain.access.rights import Access
from crm_domain.people.joining import join
from crm_domain.people.single_sign_on import SingleSignOn, Stranger, roles_for, stranger_of
from crm_domain.problems import Refused
from crm_domain.records.work import Work
from crm_storage.database import Session
from crm_storage.people import single_sign_on as sso
from crm_storage.people.accounts import Account
from crm_storage.people.administer import assign_roles, roles_of
from crm_storage.people.log import By
from crm_storage.people.sign_in import SignedIn, enter_from, refused_from
from crm_storage.records.context import Context
from crm_storage.store import TenantStore
from crm_ui.request_log import request_id_of
from crm_web.bare import voice_of
from crm_web.entering import attempt_of
from crm_web.gate import tenant_of
from crm_web.installation import Installation, vault_of
from crm_web.journey import Journey
from crm_web.origin import address_of

NOBODY = UUID(int=0)
BACK = "/sso/callback"
SOURCE = "sso"


async def claims_of(request: Request[Any, Any, Any], journey: Journey) -> tuple[SingleSignOn, Mapping[str, Any]]:
    """The settings and the verified claims of who came back. No transaction is open while the provider is asked.

    Raises Refused.
    """
    installation: Installation = request.app.state.installation
    tenant = tenant_of(request.scope)
    async with installation.database.tenant(tenant.number) as session:
        settings = await sso.single_sign_on(session)
        secret = await sso.client_secret(session, vault_of(installation, tenant))
    if settings.issuer != journey.issuer or not (settings.enabled or journey.wanted == "test"):
        raise Refused("sso.stale")
    providers = installation.providers
    described = await providers.describe(tenant.number, settings.issuer)
    answered_by = request.query_params.get("iss", "")
    if answered_by != described.issuer and (answered_by or described.authorization_response_iss_parameter_supported):
        raise Refused("sso.stale")
    if request.query_params.get("error") or not request.query_params.get("code"):
        raise Refused("sso.declined")
    tokens = await providers.exchange(
        tenant.number,
        described,
        client=settings.client,
        secret=secret,
        code=request.query_params["code"],
        verifier=journey.verifier,
        back=installation.url(tenant, BACK),
    )
    claims = await providers.verified(
        tenant.number, described, tokens, client=settings.client, nonce=journey.nonce, now=installation.clock.now()
    )
    return settings, claims


async def enter(request: Request[Any, Any, Any], settings: SingleSignOn, claims: Mapping[str, Any]) -> SignedIn:
    """Lets him in, as a new user where the company wants that. Raises Refused, CodeNeeded: no second step is spared."""
    installation: Installation = request.app.state.installation
    stranger, attempt = stranger_of(claims, settings), attempt_of(request)
    async with installation.database.tenant(tenant_of(request.scope).number, address=address_of(request)) as session:
        found = await sso.find(session, settings, stranger)
        if found.standing not in ("known", "found", "new"):
            await refused_from(session, attempt, stranger.email or stranger.subject)
            raise Refused(f"sso.{found.standing}", email=stranger.email)
        if found.user is None and tenant_of(request.scope).state == "read_only":
            raise Refused("shell.read_only")
        user = found.user or await _join(request, session, stranger)
        account = await sso.account_of(session, user)
        await sso.link(session, settings.issuer, stranger, account.id)
        if not await _give_roles(request, session, settings, stranger, account):
            await refused_from(session, attempt, stranger.email or stranger.subject)
            raise Refused("sso.no_group")
        return await enter_from(session, account, attempt)


async def _join(request: Request[Any, Any, Any], session: Session, stranger: Stranger) -> UUID:
    """A new user, made by nobody in particular."""
    installation: Installation = request.app.state.installation
    tenant, voice = tenant_of(request.scope), voice_of(request)
    schema = await installation.schemas.of(tenant, session)
    access = Access(user=NOBODY, admin=True)
    store = TenantStore(Context(session, schema, access, SOURCE, request_id_of(request.scope)), installation.clock)
    work = Work(store, schema.registry, installation.clock, voice.locale, voice.base_currency, tenant.quotas)
    return await join(work, stranger)


async def _give_roles(
    request: Request[Any, Any, Any], session: Session, settings: SingleSignOn, stranger: Stranger, account: Account
) -> bool:
    """What his groups say, where the company has settled what groups mean; the first role to who has none.

    False for somebody whose groups gave him all he had, and who is in none of them any more.
    """
    had = frozenset((await roles_of(session, [account.id]))[account.id])
    wanted = roles_for(settings, stranger.groups, had)
    if not wanted or wanted == had:
        return wanted == had
    installation: Installation = request.app.state.installation
    schema = await installation.schemas.of(tenant_of(request.scope), session)
    by = By(Access(user=account.id, admin=True), SOURCE, request_id_of(request.scope))
    await assign_roles(session, schema.registry, by, account.id, sorted(wanted))
    return True
