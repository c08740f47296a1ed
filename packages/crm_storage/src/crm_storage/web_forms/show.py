"""A form as trackers are told it when they ask."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Registry
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue
from crm_domain.tenancy import Tenant
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.tracking.links import location
from crm_domain.web_forms.offered import asked
from crm_domain.web_forms.read import read_answers
from crm_domain.web_forms.shown import Shown
from crm_domain.web_forms.sites import read_sites
from crm_storage.database import Session
from crm_storage.web_forms.arrange import read_choices

READ = """
SELECT f.id, f.language, f.heading, coalesce(f.introduction, ''), coalesce(f.submit_label, ''), coalesce(f.thanks, ''),
  coalesce(f.redirect_url, ''), coalesce(f.consent_text, ''), coalesce(f.consent_version, 0), coalesce(f.sites, ''), f.makes,
  coalesce(f.two_columns, false), coalesce(f.question, ''), coalesce(f.answers, '')
FROM web_forms f JOIN campaigns c ON c.id = f.campaign AND c.deleted_at IS NULL
WHERE {which} AND f.deleted_at IS NULL
"""
OPEN = READ.format(which="f.form_number = %(number)s AND f.status = 'active'")
DRAFT = READ.format(which="f.id = %(id)s")


async def shown(session: Session, registry: Registry, tenant: Tenant, number: int, now: datetime) -> Shown | None:
    """None for a form that is not, or no longer, to be filled in."""
    row = await session.one(OPEN, {"number": number})
    return await _shown(session, registry, tenant, row, now) if row else None


async def drafted(session: Session, registry: Registry, tenant: Tenant, id_: UUID, now: datetime) -> Shown | None:
    """The same for its maker, whether or not it may be filled in now; None where its campaign is gone."""
    row = await session.one(DRAFT, {"id": id_})
    return await _shown(session, registry, tenant, row, now) if row else None


async def _shown(session: Session, registry: Registry, tenant: Tenant, row: Any, now: datetime) -> Shown:
    form: UUID = row[0]
    language = row[1]
    module = registry[row[10]]
    choices = await read_choices(session, form, module)
    return Shown(
        company=tenant.name,
        language=language,
        heading=row[2],
        introduction=row[3],
        submit=row[4],
        thanks=row[5],
        redirect=_redirect(row[6]),
        consent=row[7],
        consent_version=row[8],
        sites=_sites(row[9]),
        fields=asked(module, choices, voice_of(language, now)),
        two_columns=row[11],
        question=row[12],
        answers=read_answers(row[13]),
    )


def voice_of(language: str, now: datetime) -> Voice:
    """How people who fill in a form of that language are spoken to."""
    locale = PERSIAN if language == "fa" else ENGLISH
    return Voice(catalogue(language), locale, now)


def packed(form: Shown | None) -> bytes:
    """As it goes over the bus. That there is no form is told too: silence would mean that nobody answers."""
    return msgspec.msgpack.encode(form)


def _redirect(url: str) -> str:
    """The address as a header carries it; none for one that leads nowhere."""
    try:
        return location(url).decode() if url else ""
    except ValueError:
        return ""


def _sites(text: str) -> tuple[str, ...]:
    try:
        return read_sites(text)
    except BadValue:
        return ()
