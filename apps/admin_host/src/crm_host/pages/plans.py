"""Plans: what tenants may use, and how many live under each."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import BadValue
from crm_domain.tenancy import Quotas
from crm_domain.text.digits import plain_number, to_ascii
from crm_host.visit import Visit
from crm_host.words import number
from crm_storage.tenants.change import Plan, plans, set_plan

LIMITS = ("users", "records", "storage_mb", "mails_a_day")
KEPT = ("backup_days", "backup_weeks", "backup_months")
"""How many of each period's backups stay; nothing typed is none of them."""
MOST = 10**12


class PlanPages(Controller):
    """/plans."""

    path = "/plans"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        return await _page(visit)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Makes a plan or changes one; it counts for its tenants at once."""
        visit.allow("plans")
        key = posted.get("key", "").strip().lower()
        try:
            limits = {name: limit_of(posted.get(name, "")) for name in LIMITS + KEPT}
            download = "backup_download" in posted
            await set_plan(visit.console.database, key, Quotas(**limits, backup_download=download))
        except BadValue as bad:
            return await _page(visit, visit.text(bad.problem.id, **bad.problem.facts), 422)
        await visit.noted("plan_set", plan=key, **limits, backup_download=download)
        return Redirect("/plans", status_code=303)


def plan_name(visit: Visit, key: str) -> str:
    """The plan's name: worded for the shipped ones, else its key."""
    worded = visit.text(f"host.plan.{key}")
    return key if worded == f"host.plan.{key}" else worded


def limit_of(text: str) -> int:
    """A limit as typed; nothing typed means none. Raises BadValue."""
    typed = to_ascii(text.strip()).replace(",", "").replace("٬", "")
    number = plain_number(typed or "0", len(str(MOST)))
    if number is None:
        raise BadValue("problems.not_a_number")
    return number


async def _page(visit: Visit, problem: str = "", status: int = 200) -> Response[str]:
    async with visit.console.database.host() as session:
        found = await plans(session)
    return visit.page(
        "plans.html",
        status=status,
        current="plans",
        rows=[_row(visit, plan) for plan in found],
        limits=[(name, visit.text(f"host.limit.{name}")) for name in LIMITS],
        kept=[(name, visit.text(f"host.limit.{name}"), getattr(Quotas(), name)) for name in KEPT],
        problem=problem,
        may=visit.operator.may("plans"),
    )


def _row(visit: Visit, plan: Plan) -> dict[str, Any]:
    values = {name: getattr(plan.quotas, name) for name in LIMITS + KEPT}
    return {
        "key": plan.key,
        "name": plan_name(visit, plan.key),
        "tenants": number(visit, plan.tenants),
        "download": plan.quotas.backup_download,
        "values": {name: number(visit, value) if value else "" for name, value in values.items()},
    }
