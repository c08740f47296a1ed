"""The file door over a real database and folder: who may open what, quotas, and what becomes of files nobody holds."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Blob, Upload
from crm_domain.modules import REGISTRY
from crm_domain.modules.notes import Note
from crm_domain.problems import BadValue, Invalid, NotFound
from crm_domain.records import remove
from crm_domain.tenancy import Quotas, Tenant
from crm_storage.files.door import MEGABYTE, THUMB, FileDoor
from crm_storage.files.sweep import sweep
from tests.unit.modules.conftest import ADMIN, Company

from .samples import pdf, picture

ALI = UUID("0193a000-0000-7000-8000-0000000000aa")
NOTES = REGISTRY["notes"]
AGED = "UPDATE blob SET created_at = now() - interval '25 hours'"
pytestmark = pytest.mark.usefixtures("emptied")


def tenant_of(company: Company) -> Tenant:
    return Tenant(number=company.tenant, id=UUID(int=1), slug="company", name="Company")


def reader(scope: Scope, *, user: UUID = ALI, hidden: bool = False) -> Access:
    actions = dict.fromkeys(("list", "view", "create", "edit", "delete"), scope)
    fields = {"notes": {"attachments": "hidden"}} if hidden else {}
    return Access(user=user, roles=(Role(id=user, name="", grants={"notes": actions}, fields=fields),))  # type: ignore[arg-type]


@pytest.fixture
async def emptied(company: Company) -> AsyncIterator[None]:
    """Files stand beside transactions, so their rows are taken away by hand."""
    yield
    async with company.database.tenant(company.tenant) as session:
        await session.script("DELETE FROM blob_link; DELETE FROM blob; DELETE FROM notes")
        await session.commit()


async def sent(
    company: Company, door: FileDoor, body: bytes = b"hello", name: str = "a.txt", *, by: UUID = ADMIN
) -> Blob:
    return await door.receive(company.database, tenant_of(company), by, name, BytesIO(body))


async def held(company: Company, blob: Blob) -> UUID:
    """A note that holds the file, for good."""
    async with company.work() as work:
        note = await work.create(Note, Note.name.to("With a file"), Note.attachments.to((Upload(blob.key),)))  # type: ignore[arg-type]
        await work.store.commit()
    return note


def lying(folder: Path) -> set[str]:
    """The names of all objects in the store."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def aged(company: Company) -> None:
    async with company.database.tenant(company.tenant) as session:
        await session.execute(AGED)
        await session.commit()


async def test_sec_39_who_may_see_a_record_may_open_its_files(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door)
    await held(company, blob)
    async with company.work() as work:
        assert await work.store.openable([blob.key]) == {blob.key: blob}
        for access, may in (
            (reader(Scope.ALL), True),
            (reader(Scope.OWN), False),
            (reader(Scope.NONE), False),
            (reader(Scope.ALL, hidden=True), False),
        ):
            assert bool(await company.within(access).store.openable([blob.key])) is may


async def test_sec_39_a_file_nobody_holds_is_its_senders_alone(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door, by=ALI)
    async with company.work() as work:
        assert not await work.store.openable([blob.key])
        assert await company.within(reader(Scope.OWN)).store.openable([blob.key])
        with pytest.raises(Invalid):
            await work.create(Note, Note.name.to("Stolen"), Note.attachments.to((Upload(blob.key),)))  # type: ignore[arg-type]


async def test_a_picture_in_a_text_is_held_by_its_record(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door, picture(), "plan.png")
    async with company.work() as work:
        text = f'<p>See</p><img src="/files/{blob.key}/preview">'
        note = await work.create(Note, Note.name.to("Drawn"), Note.description.to(text))
        assert await company.within(reader(Scope.ALL)).store.openable([blob.key])
        await work.update(Note, note, Note.description.to("<p>Gone</p>"))
        assert not await company.within(reader(Scope.ALL)).store.openable([blob.key])


async def test_a_strangers_picture_in_a_text_is_not_taken_over(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door, picture(), "secret.png", by=ALI)
    async with company.work() as work:
        text = f'<img src="/files/{blob.key}/preview">'
        await work.create(Note, Note.name.to("Curious"), Note.description.to(text))
        assert not await work.store.openable([blob.key])


async def test_files_that_nobody_holds_are_swept_after_a_day(company: Company, door: FileDoor, tmp_path: Path) -> None:
    kept, lost = await sent(company, door, picture(), "kept.png"), await sent(company, door, pdf(), "lost.pdf")
    await held(company, kept)
    assert await sweep(company.database, door, company.tenant) == 0
    await aged(company)
    assert await sweep(company.database, door, company.tenant) == 1
    assert await sweep(company.database, door, company.tenant) == 0
    assert lying(tmp_path) == {kept.key, f"{kept.key}.preview", f"{kept.key}.thumb"}
    with pytest.raises(NotFound):
        await door.open(tenant_of(company), lost.key)


async def test_a_purged_record_lets_its_files_go(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door)
    note = await held(company, blob)
    await aged(company)
    async with company.work() as work:
        await work.remove(Note, [note])
        await work.store.commit()
        assert not await work.store.openable([blob.key])
    assert await sweep(company.database, door, company.tenant) == 0, "the trash may give it back"
    async with company.work() as work:
        await remove.purge(work, NOTES, [note])
        await work.store.commit()
    assert await sweep(company.database, door, company.tenant) == 1


async def test_a_half_swept_file_is_swept_again(company: Company, door: FileDoor) -> None:
    blob = await sent(company, door)
    await aged(company)
    await door.drop(company.tenant, [blob.key])
    assert await sweep(company.database, door, company.tenant) == 1


async def test_sec_20_the_plan_limits_what_a_company_keeps(company: Company, door: FileDoor) -> None:
    small = msgspec.structs.replace(tenant_of(company), quotas=Quotas(storage_mb=1))
    await door.receive(company.database, small, ADMIN, "first.bin", BytesIO(bytes(MEGABYTE - 10)))
    with pytest.raises(BadValue) as refused:
        await door.receive(company.database, small, ADMIN, "second.bin", BytesIO(bytes(100)))
    assert refused.value.problem.id == "tenants.quota_storage"
    with pytest.raises(BadValue) as refused:
        await door.receive(company.database, tenant_of(company), ADMIN, "huge.bin", BytesIO(bytes(2 * MEGABYTE + 1)))
    assert refused.value.problem.id == "problems.file_too_large"


async def test_sec_06_a_company_that_is_gone_leaves_no_file(company: Company, door: FileDoor, tmp_path: Path) -> None:
    blob = await sent(company, door, picture(), "last.png")
    pieces = [piece async for piece in await door.open(tenant_of(company), blob.key, THUMB)]
    assert b"".join(pieces)[8:12] == b"WEBP"
    assert await door.forget(company.tenant) == 3
    assert not lying(tmp_path)
