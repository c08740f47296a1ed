"""Operators: who runs the installation, what each may, and the trail of what they did."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.messages.catalogue import catalogue
from crm_domain.people.operators import ROLES
from crm_domain.problems import BadValue, Invalid, Refused
from crm_host.links import make_link, read_link
from crm_host.visit import Visit, bare_page, language_of
from crm_host.words import when
from crm_storage.operators import administer

NO_ADDRESS = "127.0.0.1"


class OperatorPages(Controller):
    """/operators and /trail."""

    path = "/"

    @get("/operators")
    async def index(self, visit: Visit) -> Response[str]:
        return await _page(visit)

    @post("/operators")
    async def invite(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """A new operator; the link by which he chooses a password is shown once."""
        visit.allow("operators")
        email = posted.get("email", "")
        try:
            async with visit.console.database.host() as session:
                id_ = await administer.invite(
                    session, email=email, name=posted.get("name", ""), role=posted.get("role", "")
                )
                await visit.note(session, "operator_invited", operator=email)
                await session.commit()
        except BadValue as bad:
            return await _page(visit, problem=visit.text(bad.problem.id, **bad.problem.facts), status=422)
        return await _page(visit, link=await make_link(visit.console, id_), to=email)

    @post("/operators/{operator_id:uuid}/role")
    async def role(self, visit: Visit, operator_id: UUID, posted: FormMultiDict) -> Response[Any]:
        role = posted.get("role", "")
        return await _done(visit, operator_id, "operator_role", {"role": role})

    @post("/operators/{operator_id:uuid}/active")
    async def active(self, visit: Visit, operator_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Closes or opens an account; nobody closes his own."""
        return await _done(visit, operator_id, "operator_opened" if posted.get("on") else "operator_closed", {})

    @post("/operators/{operator_id:uuid}/factor")
    async def factor(self, visit: Visit, operator_id: UUID) -> Response[Any]:
        """Takes the second factor away: the next sign-in sets one up."""
        return await _done(visit, operator_id, "operator_factor", {})

    @post("/operators/{operator_id:uuid}/link")
    async def link(self, visit: Visit, operator_id: UUID) -> Response[Any]:
        """A new link to choose a password, shown once."""
        visit.allow("operators")
        made = await make_link(visit.console, operator_id)
        await visit.noted("operator_link", operator=str(operator_id))
        return await _page(visit, link=made)

    @get("/trail")
    async def trail(self, visit: Visit) -> Response[str]:
        async with visit.console.database.host() as session:
            steps = await administer.trail(session)
        rows = [
            (
                when(visit, one.at),
                one.email,
                visit.text(f"host.did.{one.action}"),
                " · ".join(str(v) for v in one.facts.values()),
                one.address,
            )
            for one in steps
        ]
        return visit.page("trail.html", current="trail", rows=rows)


class WelcomePages(Controller):
    """/welcome: choosing a password by a link; the second factor is set up at the first sign-in."""

    path = "/welcome"

    @get("/")
    async def choose(self, request: Request[Any, Any, Any], token: str = "") -> Response[Any]:
        try:
            _, email = await read_link(request.app.state.console, token)
        except Refused as refused:
            return _welcome(request, token, "", refused.id, 404)
        return _welcome(request, token, email, "", 200)

    @post("/")
    async def chosen(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        console, token = request.app.state.console, posted.get("token", "")
        try:
            id_, email = await read_link(console, token)
        except Refused as refused:
            return _welcome(request, token, "", refused.id, 404)
        try:
            async with console.database.host() as session:
                await administer.choose_password(session, console.hasher, id_, posted.get("password", ""), email)
                address = request.client.host if request.client else NO_ADDRESS
                await administer.note(session, id_, "password_chosen", address, {})
                await session.commit()
        except Invalid as invalid:
            [problem, *_] = next(iter(invalid.fields.values()))
            return _welcome(request, token, email, problem.id, 422, **problem.facts)
        return Redirect("/login", status_code=303)


def _welcome(
    request: Request[Any, Any, Any], token: str, email: str, problem: str, status: int, **facts: Any
) -> Response[Any]:
    words = catalogue(language_of(request)).text
    said = words(problem, **facts) if problem else ""
    return bare_page(request, "welcome.html", status=status, token=token, email=email, problem=said)


async def _done(visit: Visit, id_: UUID, action: str, facts: dict[str, str]) -> Response[Any]:
    """One change of an operator, noted in its own transaction."""
    visit.allow("operators")
    if id_ == visit.operator.id and action != "operator_factor":
        return await _page(visit, problem=visit.text("host.not_oneself"), status=409)
    try:
        async with visit.console.database.host() as session:
            match action:
                case "operator_role":
                    email = await administer.set_role(session, id_, facts["role"])
                case "operator_factor":
                    email = await administer.forget_factor(session, id_)
                case _:
                    email = await administer.set_active(session, id_, active=action == "operator_opened")
            await visit.note(session, action, operator=email, **facts)
            await session.commit()
    except (Refused, BadValue) as problem:
        id_text, known = (
            (problem.id, problem.facts) if isinstance(problem, Refused) else (problem.problem.id, problem.problem.facts)
        )
        return await _page(visit, problem=visit.text(id_text, **known), status=409)
    return Redirect("/operators", status_code=303)


async def _page(visit: Visit, *, problem: str = "", link: str = "", to: str = "", status: int = 200) -> Response[str]:
    async with visit.console.database.host() as session:
        found = await administer.operators(session)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "email": one.email,
            "role": one.role,
            "active": one.active,
            "own": one.id == visit.operator.id,
            "state": visit.text(_state(one)),
            "hue": "green" if one.active and one.has_factor else "amber" if one.active else "gray",
            "seen": when(visit, one.seen_at) if one.seen_at else "—",
        }
        for one in found
    ]
    roles = [(role, visit.text(f"host.role.{role}")) for role in ROLES]
    return visit.page(
        "operators.html",
        status=status,
        current="operators",
        rows=rows,
        roles=roles,
        problem=problem,
        link=link,
        to=to,
        may=visit.operator.may("operators"),
    )


def _state(one: administer.KnownOperator) -> str:
    if not one.active:
        return "host.operator_closed"
    if one.invited:
        return "host.operator_invited"
    return "host.operator_ready" if one.has_factor else "host.operator_no_factor"
