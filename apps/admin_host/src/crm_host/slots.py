"""What the host does by the clock: tenants past their grace go, claimed domains are proven anew, ended sessions, old measures
and audit events that were kept for their time are dropped, every tenant's backup is asked for, and a rehearsal of one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from crm_domain.problems import Refused
from crm_host.console import Console
from crm_storage.backups.rows import some_newest
from crm_storage.chain.lapse import lapse_all
from crm_storage.errands.rows import ask, forget_errands, under_way
from crm_storage.files.door import door_of
from crm_storage.operators.sign_in import forget_sessions
from crm_storage.schedule import Slot
from crm_storage.tenants.change import purge_expired
from crm_storage.tenants.domains import PROOF_RECORD, all_domains, settle
from crm_storage.tenants.overrides import forget_overrides
from crm_storage.tenants.rows import all_tenants
from crm_storage.tenants.usage import forget_usage

CLOCK = ""
"""Nobody asks for what is done by the clock."""
Lookup = Callable[[str], Awaitable[list[str]]]


def host_slots(console: Console) -> tuple[Slot, ...]:
    """Every slot of the host's; names are for ever, for they say what was done when."""

    async def purge() -> None:
        for slug in await purge_expired(console.owner, door_of(console.settings)):
            structlog.get_logger().info("tenant.purged", tenant=slug)

    async def prove() -> None:
        await prove_domains(console, console.names.texts)

    async def lapse_audits() -> None:
        await lapse_all(console.owner, console.now())

    async def prune() -> None:
        async with console.database.host() as session:
            gone = {
                "operator_session": await forget_sessions(session),
                "usage": await forget_usage(session),
                "errand": await forget_errands(session),
                "quota_override": await forget_overrides(session),
            }
            await session.commit()
        for table, rows in gone.items():
            if rows:
                structlog.get_logger().info("pruned", table=table, rows=rows)

    async def back_up() -> None:
        await ask_backups(console)

    async def rehearse() -> None:
        await ask_rehearsal(console)

    return (
        Slot("host.prune", timedelta(hours=1), prune, after=timedelta(minutes=47)),
        Slot("host.purge", timedelta(hours=1), purge),
        Slot("host.audit", timedelta(days=1), lapse_audits, after=timedelta(hours=5)),
        Slot("host.domains", timedelta(days=1), prove, after=timedelta(hours=2)),
        Slot("host.backups", timedelta(days=1), back_up, after=timedelta(minutes=30)),
        Slot("host.rehearsal", timedelta(days=1), rehearse, after=timedelta(hours=5)),
    )


async def ask_backups(console: Console) -> None:
    """Asks for the night's backup of every tenant that is not to be deleted and has none waiting (REL-35)."""
    async with console.database.host() as session:
        for tenant in await all_tenants(session):
            if tenant.state != "deleted" and not await under_way(session, tenant.number, "backup"):
                await ask(session, tenant.number, "backup", {"kind": "nightly"}, actor=CLOCK)
        await session.commit()


async def ask_rehearsal(console: Console) -> None:
    """Asks for a rehearsal of some tenant's newest backup (REL-36)."""
    async with console.database.host() as session:
        backup = await some_newest(session)
        if backup and not await under_way(session, backup.tenant, "rehearse"):
            await ask(session, backup.tenant, "rehearse", {"backup": backup.name}, actor=CLOCK)
        await session.commit()


async def prove_domains(console: Console, lookup: Lookup) -> None:
    """A domain without its proof stops serving (SEC-47); a name system that is silent changes nothing."""
    for tenant, name in await all_domains(console.database):
        try:
            await settle(console.database, tenant, name, await lookup(PROOF_RECORD + name))
        except Refused as refused:
            structlog.get_logger().warning("domain.unproven", domain=name, why=refused.id)
