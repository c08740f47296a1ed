"""A user's own settings: profile and preferences, password, API tokens."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.messages.catalogue import catalogue
from crm_domain.people.preferences import check_choices
from crm_domain.problems import Invalid, NotFound, Refused
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.people import passwords, tokens
from crm_storage.people import preferences as kept
from crm_storage.people.policy import sign_in_policy
from crm_web import reading
from crm_web.pages.sign_in import own_path
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit

TOKEN_DAYS = 365


class AccountPages(Controller):
    """/settings and what belongs to it."""

    path = "/settings"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        return await _profile(visit)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        choices = reading.posted_choices(posted, visit.actor.preferences)
        choices["shortcuts"] = posted.get("shortcuts") == "1"
        await kept.keep(visit.session, visit.access.user, check_choices(choices))
        await visit.commit()
        spoken = catalogue(choices.get("language", visit.voice.language))
        return visit.go("/settings", spoken.text("settings.saved"))

    @get("/password", opt=CLOSED)
    async def password(self, visit: Visit) -> Response[str]:
        return await _password(visit, {}, must=visit.actor.must_change_password)

    @post("/password", opt=CLOSED)
    async def change(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        try:
            await passwords.change_password(
                visit.session,
                visit.installation.hasher,
                visit.access.user,
                keep=visit.actor.session,
                old=posted.get("old", ""),
                new=posted.get("new", ""),
                company=visit.tenant.name,
            )
        except Invalid as invalid:
            wrong = {key: [visit.text(p.id, **p.facts) for p in found] for key, found in invalid.fields.items()}
            return await _password(visit, wrong, status=422)
        except Refused as refused:
            return await _password(visit, {"": [visit.text(refused.id, **refused.facts)]}, status=429)
        await visit.commit()
        return visit.go("/settings", visit.text("settings.password_changed"))

    @get("/tokens", opt=CLOSED)
    async def tokens(self, visit: Visit) -> Response[str]:
        return await _tokens(visit, "", {})

    @post("/tokens", opt=CLOSED)
    async def create_token(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        await prove(visit, posted)
        now = visit.work.now()
        try:
            secret = await tokens.create_token(
                visit.session,
                visit.access.user,
                name=posted.get("name", ""),
                scopes=frozenset(posted.getall("scope", [])),
                expires_at=now + timedelta(days=TOKEN_DAYS),
                now=now,
            )
        except Invalid as invalid:
            wrong = {key: [visit.text(p.id, **p.facts) for p in found] for key, found in invalid.fields.items()}
            return await _tokens(visit, "", wrong, status=422)
        await visit.commit()
        return await _tokens(visit, secret, {})

    @post("/tokens/{token_id:uuid}/end", opt=CLOSED)
    async def end_token(self, visit: Visit, token_id: UUID) -> Response[Any]:
        await tokens.end_token(visit.session, visit.access.user, token_id)
        await visit.commit()
        return visit.go("/settings/tokens", visit.text("settings.token_ended"))

    @post("/switch/{key:str}/{value:str}")
    async def switch(self, visit: Visit, key: str, value: str, posted: FormMultiDict) -> Response[Any]:
        """One choice at a click, from the command window; `then` is the page to come back to."""
        if value not in (reading.READING | reading.LOOK).get(key, ()):
            raise NotFound
        await kept.keep(visit.session, visit.access.user, check_choices({key: value}))
        await visit.commit()
        response = visit.go(own_path(posted.get("then", "")))
        if key == "theme":
            response.delete_cookie("theme")
        return response


async def _password(
    visit: Visit, problems: dict[str, list[str]], *, must: bool = False, status: int = 200
) -> Response[str]:
    least = (await sign_in_policy(visit.session)).password_length
    return await visit.page(
        "account/password.html",
        status=status,
        current="settings",
        tab="password",
        problems=problems,
        must=must,
        least=format_number(least, visit.voice.locale),
    )


async def _profile(visit: Visit) -> Response[str]:
    facts = reading.facts(visit, visit.actor.preferences)
    return await visit.page("account/profile.html", current="settings", tab="profile", **facts)


async def _tokens(visit: Visit, secret: str, problems: dict[str, list[str]], status: int = 200) -> Response[str]:
    found = await tokens.tokens_of(visit.session, visit.access.user)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "prefix": one.prefix,
            "scopes": one.scopes,
            "used": _when(visit, one.last_used_at),
            "expires": _when(visit, one.expires_at),
        }
        for one in found
    ]
    return await visit.page(
        "account/tokens.html",
        status=status,
        current="settings",
        tab="tokens",
        rows=rows,
        secret=secret,
        problems=problems,
    )


def _when(visit: Visit, at: Any) -> str:
    return formats.format_datetime(at, visit.voice.locale, visit.voice.catalogue) if at else "—"
