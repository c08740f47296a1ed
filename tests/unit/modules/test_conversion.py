"""Converting leads and taking it back, on real records (modules-sales 4.5)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Amount, EmailEntry, PostalAddress, Ref, Set
from crm_domain.modules import REGISTRY
from crm_domain.modules.accounts import Account
from crm_domain.modules.activities.calls import Call
from crm_domain.modules.activities.tasks import Task
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads import Lead
from crm_domain.modules.leads.along import Along
from crm_domain.modules.leads.convert import Conversion, Section, convert_lead
from crm_domain.modules.leads.outcome import UNDO_DAYS, outcome
from crm_domain.modules.leads.preview import preview
from crm_domain.modules.leads.undo import undo_conversion
from crm_domain.modules.notes import Note
from crm_domain.modules.opportunities import Opportunity
from crm_domain.modules.target_lists import TargetList
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.query.page import ListQuery
from crm_domain.records.stream import stream
from crm_domain.records.work import Work

HOME = PostalAddress("خیابان آزادی", "تهران", "تهران", "1134567890", "ایران")
DEAL = Section(values={"closes_on": date(2026, 12, 20)})
EVERYTHING = Conversion(opportunity=DEAL)
ALI: dict[str, Any] = {
    "first_name": "علی",
    "last_name": "رضایی",
    "account_name": "فولاد پارس",
    "account_description": "دربارهٔ شرکت",
    "description": "دربارهٔ شخص",
    "opportunity_name": "استقرار ERP",
    "opportunity_amount": Amount(Decimal(900_000_000), "IRR"),
    "phone_work": "+982188776655",
    "emails": (EmailEntry("ali@pars.example", primary=True, opted_out=True),),
    "primary_address": HOME,
    "lead_source": "trade_show",
    "website": "pars.example",
    "industry": "steel",
}


async def lead(work: Work, **values: Any) -> UUID:
    return await work.create(Lead, *(Set(key, value) for key, value in {**ALI, **values}.items()))


async def test_a_lead_becomes_contact_account_and_deal(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        done = await convert_lead(work, id_, EVERYTHING)
        assert done.created == ("contact", "account", "opportunity")
        contact, account = await work.get(Contact, done.contact), await work.get(Account, done.account)
        deal = await work.get(Opportunity, done.opportunity)
        assert (contact.name, contact.account, contact.lead_source) == (
            "علی رضایی",
            Ref("accounts", account.id),
            "trade_show",
        )
        assert contact.emails[0].opted_out
        assert contact.primary_address == contact.alt_address == HOME
        assert (account.name, account.description, account.phone_office) == (
            "فولاد پارس",
            "دربارهٔ شرکت",
            "+982188776655",
        )
        assert (account.billing_address, account.shipping_address, account.industry) == (HOME, HOME, "steel")
        assert (deal.name, deal.amount, deal.probability) == ("استقرار ERP", ALI["opportunity_amount"], 10)
        assert deal.account == Ref("accounts", account.id)
        people = await work.store.related(work.relation("opportunities", "contacts"), deal.id, ListQuery())
        assert [(row.id, row["link.role"]) for row in people.rows] == [(contact.id, "primary_decision_maker")]
        after = await work.get(Lead, id_)
        assert (after.status, after.converted, after.converted_at) == ("converted", True, company.clock.time)
        assert [ref.id for ref in (after.converted_contact, after.converted_account, after.converted_opportunity)] == [
            contact.id,
            account.id,
            deal.id,
        ]


async def test_a_second_conversion_is_refused(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        await convert_lead(work, id_, Conversion())
        for again in (convert_lead(work, id_, Conversion()), preview(work, id_)):
            with pytest.raises(Refused) as caught:
                await again
            assert (caught.value.id, caught.value.facts["name"]) == ("leads.already_converted", "علی رضایی")


async def test_the_preview_shows_values_and_who_may_be_meant(company: Any) -> None:
    async with company.work() as work:
        known = await work.create(Contact, Contact.first_name.to("علی"), Contact.last_name.to("رضایی"))
        firm = await work.create(Account, Account.name.to("فولاد پارس"))
        shown = await preview(work, await lead(work))
        assert known in [row.id for row in shown.contact.candidates]
        assert firm in [row.id for row in shown.account.candidates]
        assert shown.opportunity.values["amount"] == ALI["opportunity_amount"]
        assert (shown.contact.allowed, shown.account.allowed, shown.opportunity.allowed) == (True, True, True)


async def test_a_selected_contact_is_kept_and_moves_to_the_new_account(company: Any) -> None:
    async with company.work() as work:
        former = await work.create(Account, Account.name.to("پیشین"))
        known = await work.create(Contact, Contact.last_name.to("رضایی"), Contact.account.to(Ref("accounts", former)))
        id_ = await lead(work)
        done = await convert_lead(work, id_, Conversion(contact=Section(existing=known)))
        assert (done.contact, done.created) == (known, ("account",))
        assert (await work.get(Contact, known)).account == Ref("accounts", done.account)
        await undo_conversion(work, id_)
        assert (await work.get(Contact, known)).account == Ref("accounts", former)
        accounts = work.relation("contacts", "accounts")
        assert (await work.store.related_counts([accounts], known))["accounts"].number == 1


async def test_a_selected_contact_brings_its_account_to_the_deal(company: Any) -> None:
    async with company.work() as work:
        firm = await work.create(Account, Account.name.to("پیشین"))
        known = await work.create(Contact, Contact.last_name.to("رضایی"), Contact.account.to(Ref("accounts", firm)))
        options = Conversion(contact=Section(existing=known), account=None, opportunity=DEAL)
        done = await convert_lead(work, await lead(work), options)
        assert (done.account, done.created) == (firm, ("opportunity",))


async def test_what_is_typed_wins_and_fills_addresses_part_by_part(company: Any) -> None:
    async with company.work() as work:
        typed = {"name": "پارس نو", "billing_address": PostalAddress(city="کرج")}
        done = await convert_lead(work, await lead(work), Conversion(account=Section(values=typed)))
        account = await work.get(Account, done.account)
        assert account.name == "پارس نو"
        assert (account.billing_address.city, account.billing_address.street) == ("کرج", HOME.street)


async def test_problems_name_their_section(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work, account_name=None)
        with pytest.raises(Invalid) as caught:
            await convert_lead(work, id_, Conversion())
        assert set(caught.value.fields) == {"account.name"}
        with pytest.raises(Invalid) as caught:
            await convert_lead(work, id_, Conversion(account=None, opportunity=DEAL))
        assert caught.value.fields["opportunity.account"][0].id == "leads.opportunity_needs_account"


async def test_what_the_actor_may_not_write_is_told_before_and_after(company: Any) -> None:
    every = {action: Scope.ALL for action in ("list", "view", "create", "edit", "delete")}
    async with company.work() as work:
        id_ = await lead(work)
        closed = {"contacts": {"description": "read"}, "accounts": {"industry": "hidden"}}
        role = Role(id=id_, name="r", grants={"*": every}, fields=closed)
        work.store._context.access = work.store.access = Access(user=work.access.user, roles=(role,))
        shown = await preview(work, id_)
        assert (shown.contact.without, shown.account.without) == (("description",), ("industry",))
        done = await convert_lead(work, id_, EVERYTHING)
        assert set(done.without) == {"contact.description", "account.industry"}
        assert set((await outcome(work, id_)).without) == set(done.without)
        assert (await work.get(Contact, done.contact)).description is None


async def test_the_contact_takes_the_leads_place_in_lists_and_gives_it_back(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        known = await work.create(Contact, Contact.last_name.to("رضایی"))
        both, one = [await work.create(TargetList, TargetList.name.to(name)) for name in ("هر دو", "سرنخ")]
        await work.store.link(work.relation("leads", "target_lists"), id_, [both, one], {})
        await work.store.link(work.relation("contacts", "target_lists"), known, [both], {})
        assert (await preview(work, id_)).lists == 2
        done = await convert_lead(work, id_, Conversion(contact=Section(existing=known), lists="move"))
        assert {(trace.how, frozenset(trace.ids)) for trace in done.along} == {
            ("listed", frozenset([one])),
            ("unlisted", frozenset([both, one])),
        }
        assert (await lists_of(work, "leads", id_), await lists_of(work, "contacts", known)) == (set(), {both, one})
        await undo_conversion(work, id_)
        assert (await lists_of(work, "leads", id_), await lists_of(work, "contacts", known)) == ({both, one}, {both})


async def lists_of(work: Work, module: str, id_: UUID) -> set[UUID]:
    page = await work.store.related(work.relation(module, "target_lists"), id_, ListQuery())
    return {row.id for row in page.rows}


async def test_without_the_right_to_create_an_account_an_existing_one_does(company: Any) -> None:
    every = {action: Scope.ALL for action in ("list", "view", "create", "edit", "delete")}
    some = {**every, "create": Scope.NONE}
    async with company.work() as work:
        firm = await work.create(Account, Account.name.to("پارس"))
        id_ = await lead(work)
        role = Role(id=firm, name="r", grants={"*": every, "accounts": some})
        work.store._context.access = work.store.access = Access(user=work.access.user, roles=(role,))
        assert not (await preview(work, id_)).account.allowed
        with pytest.raises(Denied):
            await convert_lead(work, id_, Conversion())
        done = await convert_lead(work, id_, Conversion(account=Section(existing=firm)))
        assert done.account == firm


async def test_undoing_removes_what_was_made_and_opens_the_lead_again(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work, status="in_process")
        done = await convert_lead(work, id_, EVERYTHING)
        await undo_conversion(work, id_)
        after = await work.get(Lead, id_)
        assert (after.status, after.converted, after.converted_contact) == ("in_process", False, None)
        for record, gone in ((Contact, done.contact), (Account, done.account), (Opportunity, done.opportunity)):
            with pytest.raises(NotFound):
                await work.get(record, gone)
        assert (await convert_lead(work, id_, EVERYTHING)).account != done.account


async def test_undoing_is_refused_once_somebody_went_on(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        done = await convert_lead(work, id_, EVERYTHING)
        await work.update(Opportunity, done.opportunity, Opportunity.next_step.to("تماس"))
        with pytest.raises(Refused, match=r"leads\.undo_changed"):
            await undo_conversion(work, id_)


async def test_undoing_is_refused_once_something_hangs_on_it(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        done = await convert_lead(work, id_, Conversion())
        await work.create(Contact, Contact.last_name.to("دیگری"), Contact.account.to(Ref("accounts", done.account)))
        with pytest.raises(Refused, match=r"leads\.undo_changed"):
            await undo_conversion(work, id_)


async def test_undoing_has_thirty_days(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        with pytest.raises(Refused, match=r"leads\.not_converted"):
            await undo_conversion(work, id_)
        await convert_lead(work, id_, Conversion())
        company.clock.time += timedelta(days=UNDO_DAYS, seconds=1)
        with pytest.raises(Refused, match=r"leads\.undo_too_late"):
            await undo_conversion(work, id_)


async def activities(work: Work, id_: UUID) -> list[UUID]:
    """A task, a note and a held call of the lead."""
    about = Ref("leads", id_)
    task = await work.create(Task, Task.name.to("پیگیری"), Task.parent.to(about))
    note = await work.create(Note, Note.name.to("یادداشت"), Note.parent.to(about))
    start = work.now() - timedelta(days=3)
    call = await work.create(
        Call, Call.name.to("تماس"), Call.parent.to(about), Call.starts_at.to(start), Call.status.to("held")
    )
    return [task, note, call]


async def of(work: Work, ref: Ref) -> dict[str, list[UUID]]:
    """What the record has itself, by module; not what is told of its neighbours."""
    found = await stream(work, ref.module, ref.id)
    kinds: dict[str, list[UUID]] = {}
    for item in (*found.planned, *found.done):
        if item.about in (None, ref):
            kinds.setdefault(item.module, []).append(item.id)
    return kinds


async def test_activities_stay_unless_asked_for(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        await activities(work, id_)
        done = await convert_lead(work, id_, EVERYTHING)
        assert len(await of(work, Ref("leads", id_))) == 3
        assert not await of(work, Ref("contacts", done.contact))


async def test_activities_are_copied_with_time_state_and_guests_and_the_lead_keeps_its_own(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        *_, call = await activities(work, id_)
        along = Along(how="copy", to=("account", "opportunity"))
        done = await convert_lead(work, id_, Conversion(opportunity=DEAL, along=along))
        for ref in (done.became()["account"], done.became()["opportunity"]):
            copies = await of(work, ref)
            assert {key: len(ids) for key, ids in copies.items()} == {"tasks": 1, "notes": 1, "calls": 1}
            copied, original = await work.get(Call, copies["calls"][0]), await work.get(Call, call)
            assert (copied.status, copied.starts_at, copied.ends_at) == ("held", original.starts_at, original.ends_at)
            guests = [work.relation("calls", key) for key in ("guest_users", "guest_leads")]
            assert all(count.number == 1 for count in (await work.store.related_counts(guests, copied.id)).values())
            assert (await work.get(Task, copies["tasks"][0])).contact == Ref("contacts", done.contact)
        assert len(await of(work, Ref("leads", id_))) == 3
        await undo_conversion(work, id_)
        assert not await work.store.fetch(REGISTRY["accounts"], [done.became()["account"].id])


async def test_activities_move_to_one_record_and_come_back_when_it_is_taken_back(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        before = await activities(work, id_)
        along = Along(how="move", to=("account",))
        done = await convert_lead(work, id_, Conversion(along=along))
        assert not await of(work, Ref("leads", id_))
        moved = await of(work, done.became()["account"])
        assert sorted(id_ for ids in moved.values() for id_ in ids) == sorted(before)
        assert (await work.get(Task, before[0])).contact == Ref("contacts", done.contact)
        await undo_conversion(work, id_)
        assert len(await of(work, Ref("leads", id_))) == 3
        assert (await work.get(Task, before[0])).contact is None
        assert not await work.store.fetch(REGISTRY["contacts"], [done.contact])


@pytest.mark.parametrize(
    ("along", "problem"),
    [
        (Along(how="copy"), "leads.along_where"),
        (Along(how="move", to=("contact", "account")), "leads.along_to_one"),
        (Along(how="copy", to=("opportunity",)), "leads.along_not_there"),
    ],
)
async def test_activities_go_only_where_the_conversion_leads(company: Any, along: Along, problem: str) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid) as caught:
            await convert_lead(work, await lead(work), Conversion(along=along))
        assert [found.id for found in caught.value.fields["activities.to"]] == [problem]


async def test_new_activities_are_about_the_contact_and_go_with_an_undone_conversion(company: Any) -> None:
    async with company.work() as work:
        id_ = await lead(work)
        soon = work.now() + timedelta(days=1)
        beside = {"note": {"name": "آشنایی"}, "meeting": {"name": "جلسه", "starts_at": soon}, "task": {"name": "ارسال"}}
        done = await convert_lead(work, id_, Conversion(beside=beside))
        made = await of(work, Ref("contacts", done.contact))
        assert {key: len(ids) for key, ids in made.items()} == {"notes": 1, "meetings": 1, "tasks": 1}
        me = await work.store.related(work.relation("meetings", "guest_users"), made["meetings"][0], ListQuery())
        assert [row.id for row in me.rows] == [work.access.user]
        await undo_conversion(work, id_)
        assert not await work.store.fetch(REGISTRY["notes"], made["notes"])
        with pytest.raises(Invalid) as caught:
            await convert_lead(work, id_, Conversion(beside={"call": {"name": "تماس"}}))
        assert list(caught.value.fields) == ["call.starts_at"]
