"""Cases, their conversation, the knowledge base and bugs, on a real tenant."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Amount, EmailEntry, Ref, Set
from crm_domain.modules.accounts import Account
from crm_domain.modules.bugs import Bug, report_bug
from crm_domain.modules.cases import Case, CaseUpdate
from crm_domain.modules.cases.articles import use_article
from crm_domain.modules.cases.by_mail import unquoted
from crm_domain.modules.cases.notify import mail_update
from crm_domain.modules.cases.split import split_off
from crm_domain.modules.cases.updates import write_update
from crm_domain.modules.contacts import Contact
from crm_domain.modules.contracts import Contract
from crm_domain.modules.knowledge import Article
from crm_domain.modules.knowledge.rules import KNOWLEDGE
from crm_domain.modules.knowledge.suggest import suggest
from crm_domain.modules.products import Product
from crm_domain.modules.releases import Release
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.query.filter import Quick
from crm_domain.query.page import ListQuery
from crm_domain.query.resolve import quick_words
from crm_domain.records.work import Work
from crm_domain.text.rich import to_plain
from crm_storage.people.preferences import save_setting

TOLD = ListQuery(columns=("description", "internal"), limit=5)
SARA = UUID("0193a000-0000-7000-8000-00000000a5a5")


async def case(work: Work, **values: Any) -> UUID:
    return await work.create(Case, *(Set(key, value) for key, value in {"name": "چاپگر کار نمی‌کند", **values}.items()))


async def contact(work: Work, address: str = "sara@pars.example") -> tuple[UUID, UUID]:
    account = await work.create(Account, Account.name.to("فولاد پارس"))
    entry = (EmailEntry(address, primary=True),)
    person = await work.create(
        Contact,
        Contact.last_name.to("کاظمی"),
        Contact.account.to(Ref("accounts", account)),
        Contact.emails.to(entry),
    )
    return person, account


async def test_cases_are_numbered_in_turn_and_found_by_number_in_any_digits(company: Any) -> None:
    async with company.work() as work:
        first, second = await case(work), await case(work)
        one, other = await work.get(Case, first), await work.get(Case, second)
        assert other.case_number == one.case_number + 1
        persian = str(other.case_number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        for typed in (str(other.case_number), persian):
            words = quick_words(typed)
            page = await work.store.page(work.module(Case), ListQuery(filter=Quick(words), columns=("name",)))
            assert second in [row.id for row in page.rows]


async def test_state_and_status_follow_each_other(company: Any) -> None:
    async with company.work() as work:
        id_ = await case(work, status="pending_input")
        assert (await work.get(Case, id_)).state == "open"
        await work.update(Case, id_, Case.state.to("closed"), Case.resolution.to("کابل عوض شد"))
        closed = await work.get(Case, id_)
        assert (closed.status, closed.closed_at) == ("closed", work.now())
        await work.update(Case, id_, Case.status.to("assigned"))
        again = await work.get(Case, id_)
        assert (again.state, again.closed_at, again.reopened_count) == ("open", None, 1)
        with pytest.raises(Invalid) as clash:
            await work.update(Case, id_, Case.state.to("closed"), Case.status.to("new"))
        assert list(clash.value.fields) == ["status"]


@pytest.mark.parametrize(("status", "asked"), [("closed", "resolution"), ("duplicate", "duplicate_of")])
async def test_ending_a_case_needs_its_outcome(company: Any, status: str, asked: str) -> None:
    async with company.work() as work:
        id_ = await case(work)
        with pytest.raises(Invalid) as missing:
            await work.update(Case, id_, Case.status.to(status))
        assert list(missing.value.fields) == [asked]


async def test_a_case_takes_its_contacts_account_and_shows_him_as_primary(company: Any) -> None:
    async with company.work() as work:
        person, account = await contact(work)
        id_ = await case(work, contact=Ref("contacts", person))
        made = await work.get(Case, id_)
        assert made.account == Ref("accounts", account)
        linked = await work.store.related(work.relation("cases", "contacts"), id_, ListQuery(columns=("name",)))
        assert [(row.id, row["link.is_primary"]) for row in linked.rows] == [(person, True)]


async def test_a_case_and_its_bug_say_what_they_are_about_and_stand_beside_it(company: Any) -> None:
    async with company.work() as work:
        _, account = await contact(work)
        priced = (Set("price", Amount(Decimal(5), "IRR")),)
        product = Ref("products", await work.create(Product, Product.name.to("چاپگر PR-40"), *priced))
        named = (Contract.name.to("پشتیبانی"), Contract.account.to(Ref("accounts", account)))
        contract = Ref("contracts", await work.create(Contract, *named))
        id_ = await case(work, product=product, contract=contract)
        assert (await work.get(Case, id_)).account == Ref("accounts", account)
        told = await write_update(work, Ref("cases", id_), "<p>چیز دیگر</p>")
        other = await split_off(work, id_, told.id)
        bug = await report_bug(work, id_)
        for near, key, there in (
            (product, "cases", {id_, other}),
            (contract, "cases", {id_, other}),
            (product, "bugs", {bug}),
        ):
            beside = await work.store.related(work.relation(near.module, key), near.id, ListQuery(columns=("name",)))
            assert {row.id for row in beside.rows} == there


async def test_the_first_public_answer_is_the_response_and_goes_to_the_contacts(company: Any) -> None:
    async with company.work() as work:
        person, _ = await contact(work)
        id_ = await case(work, contact=Ref("contacts", person))
        ref = Ref("cases", id_)
        note = await write_update(work, ref, "<p>بین خودمان</p>", internal=True)
        assert (await work.get(Case, id_)).first_response_at is None
        answer = await write_update(work, ref, "<p>فردا <b>می‌آییم</b><script>x</script></p>")
        after = await work.get(Case, id_)
        assert after.first_response_at == work.now()
        assert answer.values["name"] == "فردا می‌آییم" and "script" not in answer.description
        assert await mail_update(work, after, note) == 0, "a note among colleagues goes to nobody"
        assert await mail_update(work, after, answer, answers_to="help@pars.example") == 1
        payload = await sent(company)
        assert payload["reply_to"] == "help@pars.example" and "files" not in payload
        assert re.fullmatch(r"##- .+ -##\n\nفردا می‌آییم", payload["facts"]["text"])
        kept = "خوب شد.\n" + "\n".join(f"> {line}" for line in payload["facts"]["text"].splitlines())
        assert unquoted(kept) == unquoted("خوب شد.\n" + payload["facts"]["text"]) == "خوب شد."


async def sent(company: Any) -> Any:
    """What the last mail is made of."""
    [(payload,)] = await company.session.rows(
        "SELECT payload FROM outbox WHERE subject = 'mail.send' ORDER BY id DESC LIMIT 1"
    )
    return payload


async def test_s_7_a_customers_answer_opens_a_closed_case_and_its_owner_is_told(company: Any) -> None:
    async with company.work() as work:
        person, _ = await contact(work)
        sara = {"user_name": "s", "last_name": "S", "status": "active", "user_type": "administrator"}
        await work.store.insert(work.registry["users"], [(SARA, sara)])
        id_ = await case(work, contact=Ref("contacts", person), assigned_to=Ref("users", SARA))
        await work.update(Case, id_, Case.status.to("closed"), Case.resolution.to("تمام"))
        await write_update(work, Ref("cases", id_), "<p>هنوز نه</p>", contact=Ref("contacts", person))
        assert (await work.get(Case, id_)).status == "assigned"
        told = "SELECT href, facts ->> 'writer' FROM notification WHERE user_id = %(me)s AND kind = 'case_answered'"
        assert await company.session.rows(told, {"me": SARA}) == [(f"/cases/{id_}", "کاظمی")]


async def test_an_update_can_be_corrected_for_a_minute_only(company: Any) -> None:
    async with company.work() as work:
        made = await write_update(work, Ref("cases", await case(work)), "<p>یک</p>")
        written = made.values["created_at"]
        company.clock.time = written + timedelta(seconds=59)
        await work.update(CaseUpdate, made.id, CaseUpdate.description.to("<p>دو</p>"))
        company.clock.time = written + timedelta(seconds=61)
        with pytest.raises(Refused):
            await work.update(CaseUpdate, made.id, CaseUpdate.description.to("<p>سه</p>"))
        with pytest.raises(Refused):
            await work.remove(CaseUpdate, [made.id])


async def test_sec_04_what_is_said_of_a_case_out_of_reach_does_not_exist(company: Any) -> None:
    rights = {"list": Scope.ALL, "view": Scope.ALL, "edit": Scope.ALL, "delete": Scope.ALL, "create": Scope.ALL}
    grants = {"cases": {**dict.fromkeys(rights, Scope.OWN)}, "case_updates": rights}
    role = Role(id=SARA, name="own cases", grants=grants)
    async with company.work() as work:
        id_ = await case(work)
        made = await write_update(work, Ref("cases", id_), "<p>محرمانه</p>")
        work.store._context.access = work.store.access = Access(user=SARA, roles=(role,))
        with pytest.raises(NotFound):
            await work.get(CaseUpdate, made.id)
        module = work.module(CaseUpdate)
        assert not (await work.store.page(module, ListQuery(columns=("name",)))).rows
        assert not await work.store.update(module, [made.id], {"internal": True})
        assert not (await work.store.remove(module, [made.id]))[1]
        assert not await work.store.search([module], "محرمانه")
        assert Ref("case_updates", made.id) not in await work.store.names([Ref("case_updates", made.id)])
        with pytest.raises(Denied):
            await write_update(work, Ref("cases", id_), "<p>من هم</p>")


async def article(work: Work, title: str, **values: Any) -> UUID:
    facts = {"name": title, "description": f"<p>{title}</p>", "status": "public", **values}
    return await work.create(Article, *(Set(key, value) for key, value in facts.items()))


async def test_articles_are_suggested_best_first_and_only_while_they_hold(company: Any) -> None:
    async with company.work() as work:
        other = await article(work, "کاغذ چاپگر", description="<p>گاهی کار نمی‌کند</p>")
        exact = await article(work, "چاپگر کار نمي‌کند")
        draft = await article(work, "چاپگر کار نمی‌کند، پیش‌نویس", status="draft")
        yesterday = work.now().date() - timedelta(days=1)
        old = await article(work, "چاپگر کار نمی‌کند، کهنه", published_on=yesterday, expires_on=yesterday)
        mine = {other, exact, draft, old, await article(work, "حقوق و دستمزد")}
        found = [item.article.id for item in await suggest(work, "چاپگر کار نمی‌کند")]
        assert [id_ for id_ in found if id_ in mine] == [exact, other] and found[0] == exact


async def test_using_an_article_fills_the_resolution_once_and_links_it(company: Any) -> None:
    async with company.work() as work:
        id_ = await case(work)
        answer = await article(work, "کابل", additional_info="کابل را عوض کنید.")
        await use_article(work, id_, answer)
        await use_article(work, id_, answer)
        assert (await work.get(Case, id_)).resolution == "کابل را عوض کنید."
        assert (await work.store.related_counts([work.relation("knowledge_articles", "cases")], answer))[
            "cases"
        ].number == 1


async def test_publishing_keeps_revisions_and_names_who_answers_for_it(company: Any) -> None:
    async with company.work() as work:
        id_ = await article(work, "کابل", status="draft")
        assert (await work.get(Article, id_)).revision is None
        await work.update(Article, id_, Article.status.to("private"))
        await work.update(Article, id_, Article.name.to("کابل چاپگر"))
        await work.update(Article, id_, Article.description.to("<p>تازه</p>"))
        made = await work.get(Article, id_)
        assert (made.revision, made.approver, made.published_on) == (
            2,
            Ref("users", work.access.user),
            work.now().date(),
        )
        kept = await work.store.related(
            work.relation("knowledge_articles", "revisions"), id_, ListQuery(columns=("number", "description"))
        )
        assert {row["number"]: row["description"] for row in kept.rows} == {1: "<p>کابل</p>", 2: "<p>تازه</p>"}
        with pytest.raises(Invalid):
            await article(work, "خالی", description=None)


async def test_where_four_eyes_are_wanted_nobody_publishes_his_own_words(company: Any) -> None:
    async with company.work() as work:
        me = Ref("users", work.access.user)
        sara = {"user_name": "s", "last_name": "S", "status": "active", "user_type": "administrator"}
        await work.store.insert(work.registry["users"], [(SARA, sara)])
        other = Ref("users", SARA)
        before = await article(work, "پیش از آن", author=me)
        await save_setting(company.session, KNOWLEDGE, {"four_eyes": True})
        mine = await article(work, "خودم", author=me, status="in_review", approver=other)
        for touched in (Article.status.to("public"), Article.status.to("private")):
            with pytest.raises(Invalid) as refused:
                await work.update(Article, mine, touched)
            assert list(refused.value.fields) == ["status"]
        with pytest.raises(Invalid):
            await work.update(Article, before, Article.description.to("<p>دیگر</p>"))
        await work.update(Article, before, Article.expires_on.to(work.now().date()))
        theirs = await article(work, "دیگری", author=other, status="draft")
        with pytest.raises(Invalid) as himself:
            await work.update(Article, theirs, Article.status.to("public"), Article.approver.to(other))
        assert list(himself.value.fields) == ["approver"]
        await work.update(Article, theirs, Article.status.to("public"))
        assert (await work.get(Article, theirs)).approver == me
        told = "SELECT kind FROM notification WHERE user_id = %(who)s AND href = %(href)s"
        asked = {"who": other.id, "href": f"/knowledge_articles/{mine}"}
        assert await company.session.rows(told, asked) == [("to_approve",)]


async def test_a_bug_of_a_case_carries_its_words_and_links(company: Any) -> None:
    async with company.work() as work:
        person, account = await contact(work)
        id_ = await case(work, contact=Ref("contacts", person), description="<p>سطر یک</p><p>سطر دو</p>")
        bug = await report_bug(work, id_)
        made = await work.get(Bug, bug)
        assert (made.name, made.description) == ("چاپگر کار نمی‌کند", "سطر یک\nسطر دو")
        for relation, other in (("cases", id_), ("accounts", account), ("contacts", person)):
            page = await work.store.related(work.relation("bugs", relation), bug, ListQuery(columns=("name",)))
            assert [row.id for row in page.rows] == [other]
        with pytest.raises(Invalid) as missing:
            await work.update(Bug, bug, Bug.status.to("closed"), Bug.resolution.to("fixed"))
        assert list(missing.value.fields) == ["fixed_in_release"]
        release = await work.create(Release, Release.name.to("3.1"))
        await work.update(
            Bug,
            bug,
            Bug.status.to("closed"),
            Bug.resolution.to("fixed"),
            Bug.fixed_in_release.to(Ref("releases", release)),
        )
        [told] = (await work.store.related(work.relation("cases", "updates"), id_, TOLD)).rows
        number = work.locale.in_digits(str(made.bug_number))
        assert told["internal"] and to_plain(told["description"]).startswith(f"گزارش خطای {number} بسته و در نسخهٔ 3.1")


async def test_the_history_of_a_new_record_tells_its_values_names_and_number(company: Any) -> None:
    async with company.work() as work:
        _, account = await contact(work)
        made = await work.get(Case, await case(work, account=Ref("accounts", account)))
        events = "SELECT action, version, changes FROM audit_event WHERE record_id = %(id)s"
        [(action, version, changes)] = await company.session.rows(events, {"id": made.id})
        assert (action, version) == ("create", 1)
        assert changes["account"] == [None, str(account), None, "فولاد پارس"]
        assert changes["case_number"] == [None, made.case_number]
        assert changes["name"] == [None, made.name] and "contact" not in changes
