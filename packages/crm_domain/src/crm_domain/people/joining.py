"""Becoming a user by coming for the first time with the company's account elsewhere."""

import re
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import EmailEntry
from crm_domain.ids import new_id
from crm_domain.modules.users import User
from crm_domain.people.single_sign_on import USER_NAME_MAX, Stranger
from crm_domain.query.filter import Condition

if TYPE_CHECKING:
    from crm_domain.records.work import Work

UNFIT = re.compile(r"[^a-z0-9._-]+")
MOST_NAMESAKES = 100


async def join(work: "Work", stranger: Stranger) -> UUID:
    """A regular user for him, with no password. Raises Refused where the plan has no room, Invalid for an address taken."""
    return await work.create(
        User,
        User.user_name.to(await _free_name(work, stranger)),
        User.first_name.to(stranger.first_name or None),
        User.last_name.to(stranger.last_name or stranger.email.partition("@")[0]),
        User.status.to("active"),
        User.user_type.to("regular"),
        User.emails.to((EmailEntry(stranger.email, primary=True),)),
    )


async def _free_name(work: "Work", stranger: Stranger) -> str:
    """The name he has there, as it may be here, with a number when somebody has it. Never an address: a name that reads like
    somebody's address would stand before that one where people sign in (SEC-33)."""
    wished = _fit(stranger.user_name) or _fit(stranger.email) or "user"
    for number in range(1, MOST_NAMESAKES):
        name = wished if number == 1 else f"{wished}-{number}"
        if not (await work.store.count(work.module(User), Condition("user_name", "eq", name), cap=1)).number:
            return name
    return f"{wished}-{new_id(work.now()).hex[-12:]}"


def _fit(text: str) -> str:
    """What of a name or address may be a user name; nothing where too little is left."""
    name = UNFIT.sub("", text.lower().partition("@")[0]).lstrip("._-")[: USER_NAME_MAX - 13]
    return name if len(name) > 1 else ""
