"""Mailboxes that sign in by their owner's consent at a provider: asked for with PKCE, kept sealed, used as keys that last an hour.

What is kept: with the mailbox, sealed, the refresh token (`consent`), the latest access token (`access`) and the question that
waits for its answer (`asked`); beside the company's settings, the secret of its program at each provider.
"""

# pyright: basic
# The library of the protocol is untyped.

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from crm_domain.letters.providers import SETTING, Provider, programs_of
from crm_domain.problems import Refused
from crm_domain.tenancy import Tenant
from crm_storage.database import Database, Session
from crm_storage.outbound import Door
from crm_storage.outbound.web import fetch
from crm_storage.people.preferences import setting
from crm_storage.sealing import Seals
from crm_storage.vault import Vault

MODULE, CONSENT, ACCESS, ASKED = "mailboxes", "consent", "access", "asked"
COMPANY = UUID(int=0)
"""Where the secrets of the company's programs are kept."""
LASTS = timedelta(minutes=10)
"""How long a question may be answered."""
MARGIN_S, USUAL_S = 60, 300
"""So long before its end an access token is not used any more; so long one lasts of which nothing is told."""
MOST_TOKEN = 16_000
WITHDRAWN = ("invalid_grant", "interaction_required", "consent_required")
WITHDRAW = f"""
DELETE FROM secret s USING mailboxes m WHERE s.record_id = m.id AND m.sign_in = %(provider)s AND s.module = '{MODULE}'
  AND s.field IN ('{CONSENT}', '{ACCESS}', '{ASKED}')
"""
BOX = "SELECT coalesce(sign_in, 'password'), now() FROM mailboxes WHERE id = %(box)s"


class ConsentGone(Exception):
    """Nobody consented, or whoever did took it back: only he can mend it."""


class Registered(NamedTuple):
    """A provider with the company's program there."""

    provider: Provider
    client_id: str
    secret: str


class Question(msgspec.Struct, frozen=True):
    """What a consent was asked with, for one session of one person."""

    state: str
    verifier: str
    session: UUID
    until: datetime


class Tokens(msgspec.Struct, frozen=True):
    """What a provider gave. Without a new refresh token the old one goes on."""

    access_token: str
    refresh_token: str = ""
    expires_in: int = USUAL_S


class Access(msgspec.Struct, frozen=True):
    """An access token while it lasts."""

    token: str
    until: datetime


class Credentials(NamedTuple):
    """What a server is told: a password or, as `bearer`, an access token."""

    secret: str
    bearer: bool = False


def secret_name(provider: str) -> str:
    """The field under which the secret of the company's program is kept."""
    return f"mail_{provider}"


async def registered(session: Session, vault: Vault, name: str) -> Registered | None:
    """None where the company has no program at that provider."""
    program = programs_of(await setting(session, SETTING)).get(name)
    provider = program.at(name) if program else None
    if program is None or provider is None:
        return None
    return Registered(
        provider, program.client_id, await vault.read(session, "settings", COMPANY, secret_name(name)) or ""
    )


async def withdraw(session: Session, provider: str) -> None:
    """Forgets what mailboxes' owners consented to at a provider: it was given to another program there, or to another place."""
    await session.execute(WITHDRAW, {"provider": provider})


async def ask(
    session: Session, vault: Vault, box: UUID, there: Registered, *, back: str, by: UUID, now: datetime
) -> str:
    """The address at which the mailbox's owner consents; the answer comes to `back`, into the session `by` only (SEC-33)."""
    question = Question(f"{box}.{generate_token(43)}", generate_token(64), by, now + LASTS)
    await vault.put(session, MODULE, box, ASKED, msgspec.json.encode(question).decode())
    return prepare_grant_uri(
        there.provider.authorize_url,
        there.client_id,
        "code",
        redirect_uri=back,
        scope=there.provider.scopes or None,
        state=question.state,
        code_challenge=create_s256_code_challenge(question.verifier),
        code_challenge_method="S256",
        **there.provider.more,
    )


async def answered(session: Session, vault: Vault, state: str, *, by: UUID, now: datetime) -> tuple[UUID, str] | None:
    """The mailbox that a question was asked for, and its verifier, once; None for what was not asked here, or too long ago."""
    try:
        box = UUID(state.partition(".")[0])
    except ValueError:
        return None
    kept = await vault.read(session, MODULE, box, ASKED)
    question = msgspec.json.decode(kept, type=Question) if kept else None
    if question is None or not compare_digest(question.state.encode(), state.encode()) or question.session != by:
        return None
    await vault.put(session, MODULE, box, ASKED, None)
    return (box, question.verifier) if now < question.until else None


async def exchange(door: Door, tenant: int, there: Registered, code: str, verifier: str, back: str) -> Tokens:
    """What the provider gives for a code. Raises Refused, ConsentGone."""
    body = prepare_token_request(
        "authorization_code", redirect_uri=back, code=code, code_verifier=verifier, **_who(there)
    )
    tokens = await _tokens(door, tenant, there, body)
    if not tokens.refresh_token:
        raise Refused("mail_providers.nothing_lasting")
    return tokens


async def _refresh(door: Door, tenant: int, there: Registered, token: str) -> Tokens:
    return await _tokens(
        door, tenant, there, prepare_token_request("refresh_token", refresh_token=token, **_who(there))
    )


def _who(there: Registered) -> dict[str, str]:
    return {"client_id": there.client_id, **({"client_secret": there.secret} if there.secret else {})}


async def _tokens(door: Door, tenant: int, there: Registered, body: str) -> Tokens:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    answer = await fetch(
        door, tenant, there.provider.token_url, method="POST", headers=headers, body=body.encode(), most_bytes=64_000
    )
    try:
        told: Any = msgspec.json.decode(answer.body)
        if answer.status == 200:
            tokens = msgspec.convert(told, Tokens, strict=False)
            if (
                tokens.access_token
                and len(tokens.access_token) <= MOST_TOKEN
                and len(tokens.refresh_token) <= MOST_TOKEN
            ):
                return tokens
    except (msgspec.DecodeError, msgspec.ValidationError):
        told = {}
    if isinstance(told, dict) and told.get("error") in WITHDRAWN:
        raise ConsentGone
    raise Refused("mail_providers.refused")


class SignIns:
    """How the mailboxes of one tenant sign in."""

    def __init__(self, database: Database, door: Door, seals: Seals, tenant: Tenant) -> None:
        self._database, self._door, self._tenant = database, door, tenant
        self._vault = Vault(seals, tenant.number)

    async def credentials(self, box: UUID) -> Credentials:
        """What to tell the mailbox's servers now. Raises ConsentGone, Refused, Unreadable."""
        async with self._database.tenant(self._tenant.number) as session:
            row = await session.one(BOX, {"box": box})
            how, now = row or ("password", None)
            if how == "password" or now is None:
                return Credentials(await self._vault.read(session, MODULE, box, "password") or "")
            consent = await self._vault.read(session, MODULE, box, CONSENT)
            kept = await self._vault.read(session, MODULE, box, ACCESS)
            there = await registered(session, self._vault, how)
        if not consent or there is None:
            raise ConsentGone
        access = msgspec.json.decode(kept, type=Access) if kept else None
        if access is not None and now < access.until:
            return Credentials(access.token, bearer=True)
        tokens = await _refresh(self._door, self._tenant.number, there, consent)
        await self._keep(box, consent, tokens, now)
        return Credentials(tokens.access_token, bearer=True)

    async def forget(self, box: UUID) -> None:
        """Takes no access token for good that a server refused."""
        async with self._database.tenant(self._tenant.number) as session:
            await self._vault.put(session, MODULE, box, ACCESS, None)
            await session.commit()

    async def _keep(self, box: UUID, former: str, tokens: Tokens, now: datetime) -> None:
        """A consent that was given anew or taken away meanwhile stays as it is."""
        async with self._database.tenant(self._tenant.number) as session:
            if await self._vault.read(session, MODULE, box, CONSENT) != former:
                return
            until = now + timedelta(seconds=max(tokens.expires_in - MARGIN_S, 0))
            access = msgspec.json.encode(Access(tokens.access_token, until)).decode()
            await self._vault.put(session, MODULE, box, ACCESS, access)
            if tokens.refresh_token:
                await self._vault.put(session, MODULE, box, CONSENT, tokens.refresh_token)
            await session.commit()
