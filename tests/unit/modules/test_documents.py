"""Documents and their revisions: the newest is current, none is ever changed, and what is past its day says so."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from crm_domain.definition import Blob, Ref, Upload
from crm_domain.modules import REGISTRY
from crm_domain.modules.documents import Document, DocumentRevision
from crm_domain.modules.documents.revise import next_label
from crm_domain.problems import Invalid, Refused
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import save
from crm_domain.records.expiry import expire
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.files.door import MEGABYTE, FileDoor

from .conftest import ADMIN, Company

DOCUMENTS, REVISIONS = REGISTRY["documents"], REGISTRY["document_revisions"]
BY_LABEL = ListQuery(columns=("name", "file", "change_log"), sort=(Sort("name"),))


async def sent(company: Company, folder: Path, name: str) -> Upload:
    door = FileDoor(folder.as_uri(), MEGABYTE)
    tenant = Tenant(number=company.tenant, id=UUID(int=1), slug="company", name="Company")
    blob: Blob = await door.receive(company.database, tenant, ADMIN, name, BytesIO(name.encode()))
    return Upload(blob.key)


async def made(company: Company, work: Work, folder: Path, **values: object) -> UUID:
    return await save.create(work, DOCUMENTS, {"file": await sent(company, folder, "contract.txt"), **values})


async def revisions(work: Work, document: UUID) -> list[tuple[str, str, str]]:
    page = await work.store.related(REGISTRY.relations("documents")["revisions"], document, BY_LABEL)
    return [(row["name"], row["file"].name, row["change_log"]) for row in page.rows]


async def test_a_document_is_called_as_its_file_and_begins_with_a_revision(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        document = await work.get(Document, await made(company, work, tmp_path))
        assert (document.name, document.revision, document.status) == ("contract", "1", "active")
        assert document.published_on == date(2026, 11, 23)
        assert await revisions(work, document.id) == [("1", "contract.txt", "سند ایجاد شد")]


async def test_a_new_file_is_the_next_revision_and_earlier_ones_stay(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        id_ = await made(company, work, tmp_path, name="Contract")
        await save.update(work, DOCUMENTS, id_, {"file": await sent(company, tmp_path, "second.txt")})
        document = await work.get(Document, id_)
        assert (document.revision, document.file.name) == ("2", "second.txt")
        assert [(name, file) for name, file, _ in await revisions(work, id_)] == [
            ("1", "contract.txt"),
            ("2", "second.txt"),
        ]


async def test_s_11_a_revision_added_by_itself_becomes_the_current_one(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        id_ = await made(company, work, tmp_path)
        values = {
            "document": Ref("documents", id_),
            "change_log": "Prices",
            "file": await sent(company, tmp_path, "b.txt"),
        }
        await save.create(work, REVISIONS, values)
        document = await work.get(Document, id_)
        assert (document.revision, document.file.name) == ("2", "b.txt")
        assert (await revisions(work, id_))[-1] == ("2", "b.txt", "Prices")


async def test_a_revision_is_never_changed_and_the_current_one_stays(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        id_ = await made(company, work, tmp_path)
        page = await work.store.related(REGISTRY.relations("documents")["revisions"], id_, BY_LABEL)
        only = page.rows[0].id
        with pytest.raises(Refused):
            await save.update(work, REVISIONS, only, {"name": "9"})
        with pytest.raises(Refused):
            await work.remove(DocumentRevision, [only])
        await save.update(work, REVISIONS, only, {"change_log": "In other words"})


async def test_a_label_alone_makes_no_revision(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        id_ = await made(company, work, tmp_path)
        for values, field in (
            ({"revision": "7"}, "revision"),
            ({"file": None}, "file"),
            ({"expires_on": date(2020, 1, 1)}, "expires_on"),
        ):
            with pytest.raises(Invalid) as refused:
                await save.update(work, DOCUMENTS, id_, values)
            assert set(refused.value.fields) == {field}


async def test_s_11_a_contract_keeps_the_revision_that_was_current_when_the_document_was_linked(
    company: Company, tmp_path: Path
) -> None:
    async with company.work() as work:
        document = await made(company, work, tmp_path)
        account = Ref("accounts", await save.create(work, REGISTRY["accounts"], {"name": "Client"}))
        early, late = [
            await save.create(work, REGISTRY["contracts"], {"name": name, "account": account}) for name in "AB"
        ]
        documents = work.relation("contracts", "documents")
        await work.store.link(documents, early, [document], {})
        company.clock.time += timedelta(seconds=1)
        await save.update(work, DOCUMENTS, document, {"file": await sent(company, tmp_path, "second.txt")})
        await work.store.link(work.relation("documents", "contracts"), document, [late, early], {})

        async def agreed(contract: UUID) -> str:
            [row] = (await work.store.related(documents, contract, ListQuery(columns=("name",)))).rows
            return row["link.revision"].name

        assert (await agreed(early), await agreed(late)) == ("1", "2")


async def test_revisions_go_with_their_document(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        id_ = await made(company, work, tmp_path)
        removal = await work.remove(Document, [id_])
        assert await revisions(work, id_) == []
        await work.store.restore(removal)
        assert len(await revisions(work, id_)) == 1


async def test_documents_past_their_day_are_expired(company: Company, tmp_path: Path) -> None:
    async with company.work() as work:
        past = await made(company, work, tmp_path, published_on=date(2026, 1, 1), expires_on=date(2026, 11, 22))
        today = await made(company, work, tmp_path, published_on=date(2026, 1, 1), expires_on=date(2026, 11, 23))
        assert await expire(work, REGISTRY["documents"], date(2026, 11, 23)) == 1
        assert (await work.get(Document, past)).status == "expired"
        assert (await work.get(Document, today)).status == "active"


@pytest.mark.parametrize(("label", "after"), [("1", "2"), ("1.9", "1.10"), ("۳", "4"), ("B", "B-2"), ("", "-2")])
def test_the_label_after(label: str, after: str) -> None:
    assert next_label(label) == after
