"""Backups that are not what they promise are refused with a word for it, and leave nothing behind (REL-35, REL-37, SEC-51)."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_domain.keys import KeyRing
from crm_domain.problems import Refused
from crm_storage.backups.crate import Crate, crate_in, packed
from crm_storage.backups.keep import sweep_parts
from crm_storage.backups.manifest import part_of
from crm_storage.backups.restore import new_number, rehearse, restore_copy, restore_in_place
from crm_storage.backups.rows import Backup, backups_of
from crm_storage.errands.rows import LOST_MOST, Errand, ask, claim, errands_of, finish
from crm_storage.errands.run import look
from crm_storage.tenants.change import set_state
from tests.installation import Installation

from .conftest import FILE, Company

Spoil = Callable[[bytes], bytes]
SPOILT: dict[str, Spoil] = {
    "cut short": lambda part: part[: len(part) // 2],
    "almost nothing": lambda part: part[:5],
    "empty": lambda part: b"",
    "one bit": lambda part: part[:-1] + bytes([part[-1] ^ 1]),
    "another head": lambda part: b"XXXX" + part[4:],
}


async def left(company: Company, number: int) -> list[object]:
    """What there is of a tenant of that number."""
    async with company.room.database.host() as session:
        found = await session.rows(
            f"SELECT rolname FROM pg_roles WHERE rolname = 't_{number}' UNION ALL "
            f"SELECT nspname FROM pg_namespace WHERE nspname = 't_{number}' UNION ALL "
            f"SELECT slug FROM host.tenant WHERE number = {number}"
        )
    return [*found, *await company.room.files.keys(number)]


async def refused(company: Company, crate: Crate, name: str) -> str:
    """Why a copy of it is refused; that nothing is left of it."""
    number = await new_number(company.room)
    with pytest.raises(Refused) as why:
        manifest = await crate.manifest(name)
        await restore_copy(company.room, crate, manifest, slug=f"s-{number}", name="", number=number, actor="t")
    await company.room.files.forget(number)
    assert await left(company, number) == []
    return why.value.id


async def test_sec_51_a_part_that_was_changed_cut_or_lost_is_refused(company: Company) -> None:
    backup = await company.backup()
    shelf, crate = company.room.shelf(company.tenant.number), company.room.crate(company.tenant.number)
    for name in (backup.name, part_of(backup.name, 0), part_of(company.blob, 1)):
        whole = await shelf.read(name)
        for how, spoil in SPOILT.items():
            await shelf.write(name, spoil(whole))
            with pytest.raises(Refused, match="broken"):
                await crate.take(name)
            assert name in await shelf.names(), how
        assert await refused(company, crate, backup.name) == "backups.broken", name
        await shelf.write(name, whole)
    await shelf.drop([part_of(backup.name, 0)])
    assert await refused(company, crate, backup.name) == "backups.broken"


async def test_sec_51_parts_open_only_in_their_own_place(company: Company, installation: Installation) -> None:
    other = await installation.tenant(company.room.database)
    backup = await company.backup()
    mine, theirs = company.room.shelf(company.tenant.number), company.room.shelf(other.number)
    await theirs.write(backup.name, await mine.read(backup.name))
    assert await refused(company, company.room.crate(other.number), backup.name) == "backups.broken"
    first, second = part_of(company.blob, 0), part_of(company.blob, 1)
    await mine.write(second, await mine.read(first))
    assert await refused(company, company.room.crate(company.tenant.number), backup.name) == "backups.broken"
    stranger = Crate(mine, KeyRing("t" * 40), company.tenant.number)
    assert await refused(company, stranger, backup.name) == "backups.other_key"
    rotated = Crate(mine, KeyRing("t" * 40, ["s" * 40]), company.tenant.number)
    assert (await rotated.manifest(backup.name)).rows == backup.rows


async def test_another_companys_backup_is_not_put_in_place(company: Company, installation: Installation) -> None:
    database = company.room.database
    other = await installation.tenant(database)
    backup = await company.backup()
    crate = company.room.crate(company.tenant.number)

    other = await set_state(database, other.slug, "suspended", actor="t", reason="r")
    with pytest.raises(Refused, match="others"):
        await restore_in_place(company.room, crate, await crate.manifest(backup.name), other, actor="t", reason="r")
    async with database.host() as session:
        assert await backups_of(session, other.number) == []


async def download(company: Company, backup: Backup, path: Path) -> Path:
    shelf = company.room.shelf(company.tenant.number)
    manifest = await company.room.crate(company.tenant.number).manifest(backup.name)
    body = b"".join([piece async for piece in packed(shelf, manifest)])
    await asyncio.to_thread(path.write_bytes, body)
    return path


async def test_a_downloaded_backup_restores_and_a_spoilt_one_is_refused(company: Company, tmp_path: Path) -> None:
    file = await download(company, await company.backup(), tmp_path / "b.tar")
    assert FILE[:25] not in file.read_bytes() and b"quoted" not in file.read_bytes()
    crate, id_ = crate_in(file, company.room.keys)
    said = await rehearse(company.room, crate, await crate.manifest(id_))
    assert said["files"] == 1
    whole = file.read_bytes()
    spoilt = {
        b"": "backups.unreadable",
        b"no backup at all" * 100: "backups.unreadable",
        whole[: len(whole) // 2]: "backups.unreadable",
        whole.replace(b"SDB1", b"SDB2"): "backups.broken",
    }
    for body, why in spoilt.items():
        file.write_bytes(body)
        with pytest.raises(Refused) as refused:
            crate, id_ = crate_in(file, company.room.keys)
            await rehearse(company.room, crate, await crate.manifest(id_))
        assert refused.value.id == why


KILLED = """
import asyncio, sys
from pathlib import Path
from crm_domain.keys import KeyRing
from crm_storage.backups.take import Storeroom
from crm_storage.database import Database
from crm_storage.errands.run import look
from crm_storage.tenants.change import set_state
from crm_storage.files.store import ObjectsAt

class Slow(ObjectsAt):
    puts = 0
    async def put(self, tenant, key, body):
        await super().put(tenant, key, body)
        Slow.puts += 1
        if Slow.puts == 1:
            print("put", flush=True)
            await asyncio.sleep(60)

async def main():
    url, files, slow = sys.argv[1:]
    database = Database(url, size=4)
    await database.open()
    files_at = (Slow if slow == "files" else ObjectsAt)(files)
    backups_at = (Slow if slow == "backups" else ObjectsAt)(files + "/backups")
    await look(Storeroom(database, files_at, backups_at, KeyRing("s" * 40)))

asyncio.run(main())
"""


async def killed(company: Company, installation: Installation, tmp_path: Path, slow: str) -> None:
    """A process that dies, by the hardest signal, after its first object was put, and what the next one makes of it."""
    script = tmp_path / "killed.py"
    await asyncio.to_thread(script.write_text, KILLED)
    at = (tmp_path / "files").as_uri()
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(script), installation.url, at, slow, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"put\n"
    child.kill()
    await child.wait()
    await lapse(company)
    assert await look(company.room)
    assert ((await newest(company)).state, (await newest(company)).lost) == ("waiting", 1)


async def lapse(company: Company) -> None:
    """Nobody has been heard of for so long that a lease has run out."""
    async with company.room.database.host() as session:
        await session.execute(
            "UPDATE host.errand SET leased_until = now() - interval '1 second' WHERE state = 'running'"
        )
        await session.commit()


async def newest(company: Company) -> Errand:
    async with company.room.database.host() as session:
        return (await errands_of(session, company.tenant.number))[0]


async def asked(company: Company, kind: str, **facts: str) -> None:
    async with company.room.database.host() as session:
        await ask(session, company.tenant.number, kind, facts, actor="tests")  # type: ignore[arg-type]
        await session.commit()


async def test_rel_35_a_backup_that_was_killed_is_not_listed_and_leaves_no_part(
    company: Company, installation: Installation, tmp_path: Path
) -> None:
    await asked(company, "backup")
    await killed(company, installation, tmp_path, "backups")
    assert await company.room.shelf(company.tenant.number).names() == set()
    async with company.room.database.host() as session:
        assert await backups_of(session, company.tenant.number) == []
    assert await look(company.room), "and taken up again by the next"
    assert (await newest(company)).state == "done"
    async with company.room.database.host() as session:
        assert len(await backups_of(session, company.tenant.number)) == 1


async def test_rel_03_23_work_that_outlives_no_holder_is_given_up_and_a_late_word_counts_no_more(
    company: Company,
) -> None:
    await asked(company, "rehearse", backup=(await company.backup()).name)
    first = await claim(company.room.database)
    assert first
    for _ in range(LOST_MOST):
        await lapse(company)
        assert await look(company.room)
        assert await claim(company.room.database)
    await finish(company.room.database, first, "done", {})
    assert (await newest(company)).state == "running", "it is another's"
    await lapse(company)
    assert await look(company.room)
    given_up = await newest(company)
    assert (given_up.state, given_up.outcome["problem"]) == ("failed", "backups.interrupted")


async def test_rel_23_what_somebody_does_himself_is_tidied_up_and_left_to_him(company: Company) -> None:
    async with company.room.database.host() as session:
        await ask(session, company.tenant.number, "backup", {}, actor="tests", at_once=True)
        await session.commit()
    await lapse(company)
    assert await look(company.room)
    assert (await newest(company)).state == "failed"


async def test_rel_37_a_restoration_that_was_killed_leaves_no_half_tenant(
    company: Company, installation: Installation, tmp_path: Path
) -> None:
    backup = await company.backup()
    await asked(company, "restore_copy", backup=backup.name, slug="never-there")
    await killed(company, installation, tmp_path, "files")
    number = await new_number(company.room) - 1
    assert await left(company, number) == []
    assert await look(company.room)
    assert (await newest(company)).state == "done" and (await company.of("never-there")).state == "read_only"


async def test_rel_37_a_restoration_in_place_that_was_killed_leaves_all_as_it_was(
    company: Company, installation: Installation, tmp_path: Path
) -> None:
    backup = await company.backup()
    await company.run("DELETE FROM accounts; DELETE FROM blob_link; DELETE FROM blob")
    await company.door.drop(company.tenant.number, [company.blob])
    await company.run("INSERT INTO accounts (id, name) VALUES (uuidv7(), 'Since')")
    await company.moved("suspended")
    await asked(company, "restore_in_place", backup=backup.name, reason="r")
    await killed(company, installation, tmp_path, "files")
    assert await company.run("SELECT name FROM accounts") == [("Since",)]
    assert await company.room.files.keys(company.tenant.number) == set()
    assert await sweep_parts(company.room, company.tenant.number) == 0
    assert await look(company.room)
    assert (await newest(company)).state == "done"
    assert ("Since",) not in await company.run("SELECT name FROM accounts")
