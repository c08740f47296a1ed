"""One's own second factor: setting it up, recovery codes, trusted browsers, taking it away."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import Denied, Refused
from crm_domain.text.format import format_datetime
from crm_domain.text.numbers import format_number
from crm_storage.one_time_codes import new_totp_secret, otpauth
from crm_storage.people import devices
from crm_storage.people import second_factor as factors
from crm_ui.csrf import is_token, make_token
from crm_ui.qr import qr_picture
from crm_web.admin.frame import by, said
from crm_web.installation import vault_of
from crm_web.proof import prove, renew_session
from crm_web.supported import CLOSED
from crm_web.visit import Visit

FEW = 3
"""So many recovery codes left are said to be few."""


class SecondFactorPages(Controller):
    """/settings/second_factor; the only page there is where the company asks for one (scenario 51)."""

    path = "/settings/second_factor"
    opt = CLOSED

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        found = await factors.second_factor(visit.session, visit.access.user)
        if found is None:
            await prove(visit)
            return await _set_up(visit, new_totp_secret(), [])
        return await visit.page(
            "account/second_factor.html",
            current="settings",
            tab="second_factor",
            since=format_datetime(found.set_at, visit.voice.locale, visit.voice.catalogue),
            left=format_number(found.codes_left, visit.voice.locale),
            few=found.codes_left < FEW,
            trusted=await devices.trusted_devices(visit.session, visit.access.user),
            asked=visit.actor.asked_for_factor,
        )

    @post("/")
    async def begin(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        """Takes it into use with its first code."""
        secret = posted.get("secret", "")
        if not is_token(visit.installation.key, _mark(visit, secret), posted.get("seal", "")):
            raise Denied
        await prove(visit, posted)
        vault, keep = vault_of(visit.installation, visit.tenant), visit.actor.session
        try:
            codes = await factors.set_up(
                visit.session, vault, by(visit), secret, posted.get("code", ""), visit.work.now(), keep=keep
            )
        except Refused as refused:
            return await _set_up(visit, secret, said(visit, refused), status=422)
        await renew_session(visit)
        await visit.commit()
        return await _codes(visit, codes)

    @post("/codes")
    async def new_codes(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        await prove(visit, posted)
        codes = await factors.new_codes(visit.session, by(visit))
        await visit.commit()
        return await _codes(visit, codes)

    @post("/distrust")
    async def distrust(self, visit: Visit) -> Response[Any]:
        """Every browser is asked for a code again."""
        await devices.forget_devices(visit.session, visit.access.user)
        await visit.commit()
        return visit.go("/settings/second_factor", visit.text("factor.distrusted"))

    @post("/off")
    async def off(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        if visit.actor.asked_for_factor:
            raise Denied
        await prove(visit, posted)
        vault, keep = vault_of(visit.installation, visit.tenant), visit.actor.session
        await factors.forget_factor(visit.session, vault, by(visit), visit.access.user, keep=keep)
        await visit.commit()
        return visit.go("/settings/second_factor", visit.text("factor.gone"))


def _mark(visit: Visit, secret: str) -> str:
    """What a set-up's form is bound to: only a secret that was made here for this very user is taken."""
    return f"second factor\0{visit.tenant.number}\0{visit.access.user}\0{secret}"


async def _set_up(visit: Visit, secret: str, problems: list[str], status: int = 200) -> Response[str]:
    return await visit.page(
        "account/second_factor_new.html",
        status=status,
        current="settings",
        tab="second_factor",
        secret=secret,
        spaced=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        seal=make_token(visit.installation.key, _mark(visit, secret)),
        picture=qr_picture(otpauth(secret, visit.actor.user_name, visit.tenant.name)),
        problems=problems,
        must=visit.actor.must_set_up_factor,
    )


async def _codes(visit: Visit, codes: list[str]) -> Response[str]:
    return await visit.page("account/recovery_codes.html", current="settings", tab="second_factor", codes=codes)
