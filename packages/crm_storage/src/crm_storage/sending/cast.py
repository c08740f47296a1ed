"""A run's mails: the composer made from what was frozen, and the recipients' values read set by set."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.sending.audience import MEMBERS
from crm_domain.sending.compose import Composer
from crm_domain.sending.letter import Letter, Recipient
from crm_domain.sending.plan import Plan
from crm_domain.sending.words import columns_of, values_of
from crm_storage.mail.dkim import signer
from crm_storage.records import reads
from crm_storage.records.context import Context
from crm_storage.sending.lease import Conditions, Leased
from crm_storage.sending.station import Outlet, Station
from crm_storage.sending.words import words_in

READ = """
SELECT r.settings, v.body, r.expires_at FROM mkt_run r JOIN template_version v ON v.id = r.template_version_id WHERE r.id = %(run)s
"""


class Cast(msgspec.Struct, frozen=True):
    """Everything that is the same for all of a run's recipients."""

    run: UUID
    plan: Plan
    composer: Composer
    columns: Mapping[str, Mapping[str, str]]
    """By module: which column each word is read from."""
    expires_at: Any

    @property
    def conditions(self) -> Conditions:
        """What is asked of addresses at the last moment."""
        plan = self.plan
        return Conditions(
            campaign=UUID(plan.occasion.campaign),
            newsletter=plan.newsletter,
            consent=plan.consent,
            most=plan.most,
            days=plan.days,
        )


async def cast(station: Station, context: Context, run: UUID, outlet: Outlet) -> Cast:
    """Raises BadTemplate or BadValue when the letter cannot be composed, LookupError when the run is gone."""
    row = await context.session.one(READ, {"run": run})
    if row is None:
        raise LookupError(run)
    plan, letter = msgspec.convert(row[0], Plan), msgspec.convert(row[1], Letter)
    composer = Composer(
        letter,
        plan.trackers,
        plan.sender,
        plan.occasion,
        words_in(station.schema.registry, letter.language, station.clock()),
        station.tokens,
        numbers=plan.numbers,
        sign=signer(*outlet.dkim) if outlet.dkim else None,
    )
    modules = context.schema.registry.modules
    columns = {
        member.module: columns_of(modules[member.module], composer.names)
        for member in MEMBERS
        if member.module in modules
    }
    return Cast(run, plan, composer, columns, row[2])


async def recipients(context: Context, cast_: Cast, rows: Sequence[Leased]) -> list[tuple[Leased, Recipient]]:
    """The rows with their values: one statement for each module, however many rows."""
    found: dict[UUID, tuple[str, Mapping[str, Any]]] = {}
    fixed = _fixed(cast_.plan)
    for module in {row.module for row in rows}:
        columns = cast_.columns[module]
        wanted = sorted({"name", *(_asked(path) for path in columns.values())})
        ids = [row.record for row in rows if row.module == module]
        for record in await reads.fetch(context, context.schema.registry[module], ids, columns=wanted):
            found[record.id] = (str(record["name"] or ""), values_of(columns, record.values))
    made: list[tuple[Leased, Recipient]] = []
    for row in rows:
        name, values = found.get(row.record, ("", {}))
        made.append((row, Recipient(row.id, row.address, name, {**fixed, **values})))
    return made


def _fixed(plan: Plan) -> dict[str, Any]:
    sender = plan.sender
    return {
        "campaign.name": plan.occasion.campaign_name,
        "sender.name": sender.from_name,
        "sender.address": sender.from_address,
    }


def _asked(path: str) -> str:
    """The column that a path is read from: a part of a postal address comes with the whole."""
    first, _, part = path.partition(".")
    return first if part in ("street", "city", "state", "postal_code", "country") else path
