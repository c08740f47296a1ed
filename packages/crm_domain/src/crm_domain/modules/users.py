"""Users: those who sign in and to whom records are assigned."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Address, Boolean, Choice, Emails, Link, Text
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.blocks.person import Individual
from crm_domain.modules.options import EMPLOYEE_STATUSES, MESSENGER_TYPES, USER_STATUSES, USER_TYPES
from crm_domain.problems import Refused
from crm_domain.query.filter import Condition, both

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class User(Individual):
    user_name = required(Text(max_length=60, check="user_name", unique=True, search=True, copied=False))
    status = required(Choice(options=USER_STATUSES, default="active", indexed=True))
    user_type = required(Choice(options=USER_TYPES, default="regular", indexed=True))
    emails = required(Emails(copied=False))
    address = Address()
    employee_status = Choice(options=EMPLOYEE_STATUSES, default="active")
    messenger_type = Choice(options=MESSENGER_TYPES)
    messenger_id = Text(max_length=100)
    reports_to = Link(target="users", inverse="direct_reports")
    show_on_employees = Boolean(default=True)
    receive_notifications = Boolean(default=True)

    layout = Arrangement(
        columns=(
            Individual.name,
            user_name,
            Individual.title,
            Individual.department,
            emails,
            Individual.phone_work,
            status,
            user_type,
        ),
        offered=(
            Individual.first_name,
            Individual.last_name,
            Individual.phone_mobile,
            reports_to,
            employee_status,
            "address.city",
            "address.state",
            Record.created_at,
            Record.modified_at,
        ),
        panels=(
            panel(
                "overview",
                (user_name, user_type),
                (Individual.first_name, Individual.last_name),
                (status, emails),
                (receive_notifications,),
            ),
            panel(
                "employee",
                (employee_status, Individual.title),
                (Individual.department, reports_to),
                (Individual.phone_work, Individual.phone_mobile),
                (Individual.phone_home, Individual.phone_other),
                (Individual.phone_fax, show_on_employees),
                (messenger_type, messenger_id),
                (address, Individual.photo),
                (Individual.description,),
            ),
        ),
        quick=(
            (user_name, Individual.first_name),
            (status, Individual.last_name),
            (emails, user_type),
            (employee_status, Individual.title),
            (Individual.department, Individual.phone_work),
            (reports_to,),
        ),
        picker=(Individual.name, user_name, Individual.title, Individual.department),
        basic=(Individual.name,),
        advanced=(
            Individual.first_name,
            Individual.last_name,
            user_name,
            status,
            user_type,
            Individual.title,
            Individual.department,
            Individual.phone_work,
            emails,
            "address.city",
            "address.state",
        ),
        highlights=(status, user_type, Individual.title, Individual.department, Individual.phone_work),
        subpanels=("direct_reports", "target_lists"),
    )


def _administers(user: Record) -> bool:
    return user.values.get("status") == "active" and user.values.get("user_type") == "administrator"


async def keeps_an_administrator(work: "Work", change: Change[User]) -> None:
    """Nobody takes his own administration away, and the last administrator stays one."""
    if change.before is None or not _administers(change.before) or _administers(change.after):
        return
    if change.after.id == work.access.user:
        raise Refused("users.own_administration")
    await _not_the_last(work)


async def within_the_plan(work: "Work", change: Change[User]) -> None:
    """Somebody becomes active only while the plan has room for one more."""
    before = change.before.values.get("status") if change.before else ""
    most = work.quotas.users
    if not most or change.after.values.get("status") != "active" or before == "active":
        return
    active = Condition("status", "eq", "active")
    if (await work.store.count(work.module(User), active, cap=most)).number >= most:
        raise Refused("tenants.quota_users")


async def leaves_properly(work: "Work", user: Record) -> None:
    """Nobody deletes himself or the last administrator; whoever is deleted can no longer sign in."""
    if user.id == work.access.user:
        raise Refused("users.not_yourself")
    if _administers(user):
        await _not_the_last(work)
    await work.update(User, user.id, User.status.to("inactive"), User.employee_status.to("terminated"))


async def _not_the_last(work: "Work") -> None:
    administrators = both(Condition("user_type", "eq", "administrator"), Condition("status", "eq", "active"))
    if (await work.store.count(work.module(User), administrators, cap=2)).number < 2:
        raise Refused("users.last_administrator")


USERS = Module(
    key="users",
    record=User,
    icon="user-cog",
    group="admin",
    person=True,
    sort_field="last_name",
    open_field="status",
    catalogue=True,
    admin_only=True,
    with_work=(no_cycle(User, User.reports_to), keeps_an_administrator, within_the_plan),
    before_remove=(leaves_properly,),
)
