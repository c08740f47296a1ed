"""Employees: who works here, whom they report to, how they are reached. Signing in is a user's matter."""

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Address, Choice, Date, Link, Text, UserLink
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.blocks.person import Individual
from crm_domain.modules.options import EMPLOYEE_STATUSES, MESSENGER_TYPES
from crm_domain.problems import FieldProblem, Invalid


class Employee(Individual):
    status = required(Choice(options=EMPLOYEE_STATUSES, default="active", indexed=True))
    reports_to = Link(target="employees", inverse="reports", indexed=True)
    messenger_type = Choice(options=MESSENGER_TYPES)
    messenger_id = Text(max_length=100)
    address = Address()
    account_user = UserLink(copied=False)
    national_id = Text(max_length=10, check="national_id", search=True, copied=False)
    extension = Text(max_length=20)
    birthdate = Date()
    hired_on = Date(indexed=True)
    left_on = Date(copied=False)
    leave_from = Date(copied=False)
    leave_until = Date(copied=False, indexed=True)

    layout = Arrangement(
        columns=(
            Individual.name,
            Individual.department,
            Individual.title,
            reports_to,
            Individual.emails,
            Individual.phone_mobile,
            status,
        ),
        offered=(
            extension,
            hired_on,
            left_on,
            leave_from,
            leave_until,
            account_user,
            Individual.phone_work,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (Individual.first_name, Individual.last_name),
                (Individual.title, Individual.department),
                (reports_to, status),
                (Individual.emails,),
                (Individual.phone_work, extension),
                (Individual.phone_mobile, Individual.phone_home),
                (Individual.phone_other, Individual.phone_fax),
                (messenger_type, messenger_id),
                (Individual.photo, account_user),
                (address,),
            ),
            panel(
                "employment",
                (hired_on, left_on),
                (leave_from, leave_until),
                (national_id, birthdate),
                (Individual.description,),
                folded=True,
            ),
        ),
        quick=(
            (Individual.first_name, Individual.last_name),
            (Individual.title, Individual.department),
            (Individual.phone_mobile, reports_to),
            (Individual.emails, status),
        ),
        picker=(Individual.name, Individual.title, Individual.department),
        basic=(Individual.name,),
        advanced=(
            Individual.first_name,
            Individual.last_name,
            status,
            Individual.title,
            Individual.department,
            Individual.phone_mobile,
            Individual.emails,
            hired_on,
        ),
        highlights=(status, Individual.title, Individual.department, reports_to, Individual.phone_mobile),
        subpanels=("reports",),
        sort="name",
    )


def leave_makes_sense(change: Change[Employee]) -> None:
    """Leave does not end before it begins; one day of it needs no end, and an end alone is a day."""
    first, last = change.after.leave_from, change.after.leave_until
    if first and last and last < first:
        raise Invalid({"leave_until": (FieldProblem("employees.leave_ends_before_start"),)})
    if first and not last:
        change.set(Employee.leave_until, first)
    if last and not first:
        change.set(Employee.leave_from, last)


EMPLOYEES = Module(
    key="employees",
    mergeable=True,
    record=Employee,
    icon="id-card",
    group="admin",
    person=True,
    sort_field="last_name",
    open_field="status",
    before_save=(leave_makes_sense,),
    many_at_once=True,
    with_work=(no_cycle(Employee, Employee.reports_to),),
)
