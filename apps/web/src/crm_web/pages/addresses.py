"""An e-mail address by itself: whether it may be mailed, how that came about, and letting it be mailed again."""

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import Denied, Invalid, Refused
from crm_domain.text.format import format_datetime
from crm_storage.marketing.flags import clear_flags, flags_of
from crm_web.visit import Visit


class AddressPages(Controller):
    """/addresses; for those who may take an opt-out back."""

    path = "/addresses"

    @get("/")
    async def show(self, visit: Visit, address: str = "") -> Response[str]:
        return await _page(visit, address, "", [])

    @post("/")
    async def clear(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        address, reason = str(posted.get("address", "")), str(posted.get("reason", ""))
        _check(visit)
        try:
            await clear_flags(visit.session, address, reason, by=visit.access.user)
        except Invalid as wrong:
            found = [visit.text(one.id, **one.facts) for problems in wrong.fields.values() for one in problems]
            return await _page(visit, address, reason, found)
        except Refused as refused:
            return await _page(visit, address, reason, [visit.text(refused.id, **refused.facts)])
        await visit.commit()
        return visit.go(f"/addresses?address={quote(address)}", visit.text("addresses.cleared"))


def _check(visit: Visit) -> None:
    if not visit.access.special("clear_opt_out"):
        raise Denied


async def _page(visit: Visit, address: str, reason: str, problems: list[str]) -> Response[str]:
    _check(visit)
    known = await flags_of(visit.session, address)
    return await visit.page(
        "addresses/page.html",
        status=422 if problems else 200,
        current="",
        known=known,
        history=[(format_datetime(one.at, visit.voice.locale, visit.voice.catalogue), one) for one in known.history],
        reason=reason,
        problems=problems,
    )
