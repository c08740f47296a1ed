"""Giving the password once more, on the way to a page that asks for it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import Invalid, Refused
from crm_web.pages.sign_in import own_path
from crm_web.proof import FIELD, elsewhere, renew, wrong
from crm_web.supported import CLOSED
from crm_web.visit import Visit


class ProofPages(Controller):
    """/prove: asks, and leads on to `next`."""

    path = "/prove"
    opt = CLOSED

    @get("/")
    async def ask(self, visit: Visit, next: str = "/") -> Response[str]:
        return await _page(visit, next, "", 200)

    @post("/")
    async def check(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        after = str(posted.get("next", "/"))
        try:
            await renew(visit, str(posted.get(FIELD, "")))
        except (Invalid, Refused) as refused:
            return await _page(visit, after, wrong(visit, refused), 403)
        return visit.go(own_path(after))


async def _page(visit: Visit, after: str, problem: str, status: int) -> Response[str]:
    carried = [("next", own_path(after))]
    return await visit.page(
        "account/prove.html",
        status=status,
        current="settings",
        action="/prove",
        carried=carried,
        problem=problem,
        field=FIELD,
        with_code=visit.actor.has_factor,
        **await elsewhere(visit, own_path(after)),
    )
