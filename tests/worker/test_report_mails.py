"""Reports that are mailed by the clock: each recipient's own answer, once."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from uuid import UUID, uuid4

import pypdfium2
import pytest
from msgspec import structs
from python_calamine import load_workbook

from crm_domain.definition import Amount, Ref
from crm_domain.modules.accounts import ACCOUNTS
from crm_domain.modules.opportunities import OPPORTUNITIES
from crm_domain.modules.reports import REPORTS
from crm_domain.records import save
from crm_domain.reports.question import Measure, Question, write_question
from crm_domain.reports.rhythm import Rhythm
from crm_storage.reports.schedules import People, Schedule, keep_schedule
from crm_worker.slots.reports import hand_out_reports
from crm_worker.workshop import Workshop
from tests.sink import Sink
from tests.worker.conftest import Plant, until
from tests.worker.test_bulk import working

MONTHLY = Rhythm("month", 1, 480, "Asia/Tehran", "jalali")
HIRE = """
WITH person AS (
  INSERT INTO users (id, user_name, status, user_type, last_name, name)
  VALUES (%(id)s, %(name)s, %(status)s, 'regular', %(name)s, %(name)s) RETURNING id
), address AS (
  INSERT INTO email_address (address, address_key) VALUES (%(address)s, %(address)s) RETURNING id
), link AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary)
  SELECT 'users', %(id)s, id, true FROM address
)
INSERT INTO user_role (user_id, role_id) SELECT person.id, %(role)s FROM person
"""
GRANTS = {"reports": {"list": 3, "view": 3}, "opportunities": {"list": 1, "view": 1, "export": 1}}


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink(keep=True)
    await made.start()
    yield made
    await made.stop()


async def role(plant: Plant, grants: object = GRANTS) -> UUID:
    id_ = uuid4()
    await plant.change(
        "INSERT INTO role (id, name, grants) VALUES (%(id)s, %(name)s, %(grants)s::jsonb)",
        id=id_,
        name=str(id_),
        grants=json.dumps(grants),
    )
    return id_


async def hired(plant: Plant, role_: UUID, address: str, *, status: str = "active") -> UUID:
    id_ = uuid4()
    facts = {"id": id_, "name": address.partition("@")[0], "address": address, "status": status, "role": role_}
    await plant.change(HIRE, **facts)
    return id_


async def report(plant: Plant, question: Question | None = None) -> UUID:
    question = question or Question(base="opportunities", columns=("name", "stage"), sort="name")
    async with working(plant) as work:
        values = {"name": "فروش من", "base": question.base, "question": write_question(question)}
        return await save.create(work, REPORTS, values)


async def deal(plant: Plant, name: str, owner: UUID) -> None:
    async with working(plant) as work:
        account = Ref("accounts", await save.create(work, ACCOUNTS, {"name": f"Customer of {name}"}))
        facts = {"account": account, "amount": Amount(Decimal(10), "IRR"), "closes_on": date(2026, 12, 1)}
        await save.create(work, OPPORTUNITIES, {"name": name, "stage": "proposal", **facts})
    await plant.change("UPDATE opportunities SET assigned_to = %(owner)s WHERE name = %(name)s", owner=owner, name=name)


async def due(plant: Plant, report_: UUID, people: People, owner: UUID, **values: object) -> UUID:
    """A schedule whose time came an hour ago."""
    one = Schedule(
        id=uuid4(),
        report=report_,
        owner=owner,
        rhythm=MONTHLY,
        forms=("pdf", "xlsx"),
        people=people,
        due_at=datetime.now(UTC) - timedelta(hours=1),
    )
    async with plant.database.tenant(plant.tenant.number) as session:
        await keep_schedule(session, structs.replace(one, **values))
        await session.commit()
    return one.id


async def look(plant: Plant) -> None:
    """The clock's turn."""
    shop = Workshop(plant.settings, {})
    await shop.database.open()
    await shop.directory.read()
    try:
        await hand_out_reports(shop)
    finally:
        await shop.database.close()


async def went(plant: Plant, schedule: UUID) -> dict[str, tuple[str, str]]:
    """By whom, what became of it."""
    rows = await plant.rows(
        "SELECT coalesce(u.name, d.address), d.state, d.problem FROM report_delivery d LEFT JOIN users u ON u.id = d.user_id "
        "WHERE d.schedule_id = %(id)s",
        id=schedule,
    )
    return {name: (state, problem) for name, state, problem in rows}


async def settled(plant: Plant) -> None:
    async def done() -> bool:
        return not await plant.rows("SELECT id FROM report_delivery WHERE state = 'waiting'")

    await until(done, "every delivery is settled")


async def test_40_everybody_with_the_role_gets_the_files_of_his_own_records_once(plant: Plant, sink: Sink) -> None:
    plant.settings = structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    sales = await role(plant)
    ann = await hired(plant, sales, "ann@x.example")
    ben = await hired(plant, sales, "ben@x.example")
    gone = await hired(plant, sales, "gone@x.example", status="inactive")
    for name, owner in (("Deal of Ann", ann), ("Deal of Ben", ben), ("Second of Ben", ben)):
        await deal(plant, name, owner)
    schedule = await due(plant, await report(plant), People(users=(ann, gone), roles=(sales,)), await plant.admin())
    await look(plant)
    await look(plant)
    async with plant.worker():
        await settled(plant)
    assert {name: len(ids) for name, ids in sink.accepted.items()} == {"ann@x.example": 1, "ben@x.example": 1}
    wanted = {"ann@x.example": ["Deal of Ann"], "ben@x.example": ["Deal of Ben", "Second of Ben"]}
    for address, names in wanted.items():
        mail = message_from_bytes(sink.contents[address], policy=default)
        paper, book = mail.iter_attachments()
        assert mail["Subject"] == "فروش من" and paper.get_content_type() == "application/pdf"
        cells = load_workbook(io.BytesIO(book.get_content())).get_sheet_by_index(0).to_python()
        assert [row[0] for row in cells[1:]] == names
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper.get_content()))
        assert all((name in text) == (name in names) for name in ("Deal of Ann", "Deal of Ben"))
        assert "/reports/" in mail.get_body().get_content()
    assert await went(plant, schedule) == {"ann": ("sent", ""), "ben": ("sent", "")}
    [(next_,)] = await plant.rows("SELECT due_at FROM report_schedule")
    assert next_ > datetime.now(UTC)


async def test_what_stands_against_a_report_is_kept_with_its_recipient(plant: Plant, sink: Sink) -> None:
    plant.settings = structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    admin = await plant.admin()
    sales, blind = await role(plant), await role(plant, {"reports": {"list": 3, "view": 3}})
    ann = await hired(plant, sales, "ann@x.example")
    zoe = await hired(plant, blind, "zoe@x.example")
    mine = await report(plant)
    empty = await due(plant, mine, People(users=(ann, zoe)), admin)
    anyway = await due(plant, mine, People(users=(ann,)), admin, send_empty=True, forms=("csv",))
    outside = await due(plant, mine, People(addresses=("partner@y.example",)), ann)
    paused = await due(plant, mine, People(users=(ann,)), admin)
    await plant.change("UPDATE report_schedule SET paused = true WHERE id = %(id)s", id=paused)
    broken = await report(plant, Question(base="opportunities", kind="number", measures=(Measure("sum", "amount"),)))
    await plant.change('UPDATE reports SET question = \'{"base": "nowhere"}\' WHERE id = %(id)s', id=broken)
    lost = await due(plant, broken, People(users=(ann,)), admin)
    await look(plant)
    async with plant.worker():
        await settled(plant)
    problem = "reports.schedule.problem."
    assert await went(plant, empty) == {"ann": ("empty", ""), "zoe": ("kept", f"{problem}not_allowed")}
    assert await went(plant, anyway) == {"ann": ("sent", "")}
    assert await went(plant, outside) == {"partner@y.example": ("kept", f"{problem}no_addresses")}
    assert await went(plant, paused) == {}
    assert (await went(plant, lost))["ann"][0] == "kept"
    assert list(sink.accepted) == ["ann@x.example"]


async def test_an_address_outside_gets_what_the_schedules_owner_may_see(plant: Plant, sink: Sink) -> None:
    plant.settings = structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    sales = await role(plant)
    await plant.change("UPDATE role SET specials = '{mail_reports}' WHERE id = %(id)s", id=sales)
    ann, ben = await hired(plant, sales, "ann@x.example"), await hired(plant, sales, "ben@x.example")
    await deal(plant, "Deal of Ann", ann)
    await deal(plant, "Deal of Ben", ben)
    schedule = await due(plant, await report(plant), People(addresses=("partner@y.example",)), ann, forms=("csv",))
    await look(plant)
    async with plant.worker():
        await settled(plant)
    mail = message_from_bytes(sink.contents["partner@y.example"], policy=default)
    [file] = mail.iter_attachments()
    content = file.get_content()
    assert "Deal of Ann" in content and "Deal of Ben" not in content
    assert mail["Reply-To"] == "ann@x.example" and "/reports/" not in mail.get_body().get_content()
    assert await went(plant, schedule) == {"partner@y.example": ("sent", "")}
    await plant.change("UPDATE users SET status = 'inactive' WHERE id = %(id)s", id=ann)
    await plant.change("UPDATE report_schedule SET due_at = now() - interval '1 minute'")
    await look(plant)
    async with plant.worker():
        await settled(plant)
    assert await went(plant, schedule) == {"partner@y.example": ("kept", "reports.schedule.problem.gone")}
    assert len(sink.accepted["partner@y.example"]) == 1
