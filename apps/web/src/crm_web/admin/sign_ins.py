"""A user's latest attempts to sign in, as pages show them: to himself and to who manages users."""

from uuid import UUID

from crm_domain.text.format import format_datetime
from crm_storage.people.sign_in import login_history
from crm_web.visit import Visit


async def sign_ins(visit: Visit, user: UUID) -> list[tuple[str, bool, str, str]]:
    """When, whether it was the right password, from which address, with which program."""
    found = await login_history(visit.session, user)
    return [
        (format_datetime(one.at, visit.voice.locale, visit.voice.catalogue), one.ok, one.address, one.agent)
        for one in found
    ]
