"""Notes, and with them every record that may belong to a record of any module."""

from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.accounts import Account
from crm_domain.modules.activities import Call
from crm_domain.modules.notes import Note
from crm_domain.modules.targets import Target
from crm_domain.problems import Invalid
from crm_domain.query.page import ListQuery
from crm_domain.records.stream import stream
from crm_domain.records.work import Work

from .conftest import Company

STRANGER = UUID("0193a000-0000-7000-8000-00000000000f")
SHOWN = ListQuery(columns=("name", "parent"))


async def written(work: Work) -> tuple[Ref, UUID]:
    """An account and a note on it."""
    account = Ref("accounts", await work.create(Account, Account.name.to("Pars Steel")))
    return account, await work.create(Note, Note.name.to("Terms"), Note.parent.to(account))


async def test_a_record_of_any_module_shows_its_notes(company: Company) -> None:
    async with company.work() as work:
        account, note = await written(work)
        relation = REGISTRY.relations("accounts")["notes"]
        page = await work.store.related(relation, account.id, SHOWN)
        assert [row.id for row in page.rows] == [note]
        assert (await work.store.related_counts([relation], account.id))["notes"].number == 1


async def test_targets_have_activities_and_events_have_notes(company: Company) -> None:
    async with company.work() as work:
        target = await work.create(Target, Target.last_name.to("Karimi"))
        call = await work.create(
            Call, Call.name.to("First call"), Call.starts_at.to(work.now()), Call.parent.to(Ref("targets", target))
        )
        await work.create(Note, Note.name.to("Said"), Note.parent.to(Ref("calls", call)))
        beside_target = await stream(work, "targets", target)
        assert [item.name for item in beside_target.planned] == ["First call"]
        beside_call = await stream(work, "calls", call)
        assert [item.name for item in beside_call.done] == ["Said"]


async def test_a_flexible_link_is_named_wherever_it_is_read(company: Company) -> None:
    async with company.work() as work:
        account, note = await written(work)
        for row in (
            (await work.store.page(REGISTRY["notes"], SHOWN)).rows[0],
            (await work.store.fetch(REGISTRY["notes"], [note]))[0],
        ):
            assert (row["parent"].module, row["parent"].id, row["parent"].name) == (
                "accounts",
                account.id,
                "Pars Steel",
            )


async def test_a_note_stays_when_its_record_goes_and_says_so(company: Company) -> None:
    async with company.work() as work:
        account, note = await written(work)
        await work.remove(Account, [account.id])
        parent = (await work.store.fetch(REGISTRY["notes"], [note]))[0]["parent"]
        assert parent.gone and parent.name == "Pars Steel"


async def test_sec_39_the_name_of_a_record_out_of_reach_does_not_show(company: Company) -> None:
    reads_notes = Role(id=STRANGER, name="", grants={"notes": {"list": Scope.ALL, "view": Scope.ALL}})
    async with company.work() as work:
        _, note = await written(work)
        stranger = company.within(Access(user=STRANGER, roles=(reads_notes,)))
        assert (await stranger.store.fetch(REGISTRY["notes"], [note]))[0]["parent"].name == ""


async def test_a_parent_that_is_not_there_or_of_another_kind_is_refused(company: Company) -> None:
    async with company.work() as work:
        for parent in (Ref("accounts", STRANGER), Ref("currencies", STRANGER)):
            with pytest.raises(Invalid) as refused:
                await work.create(Note, Note.name.to("Lost"), Note.parent.to(parent))
            assert set(refused.value.fields) == {"parent"}
