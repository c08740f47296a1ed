"""The second step: its codes work once, guessing is slowed down, and a trusted browser is spared it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pyotp.totp import TOTP

from crm_domain.access.rights import Access
from crm_domain.problems import Refused
from crm_storage.hashing import fingerprint
from crm_storage.one_time_codes import new_totp_secret
from crm_storage.people.actor import load_actor
from crm_storage.people.log import By
from crm_storage.people.proof import prove
from crm_storage.people.second_factor import forget_factor, set_up
from crm_storage.people.sign_in import Attempt, CodeNeeded, SignedIn, confirm, login_history


class Careful:
    """The administrator of the office with a second factor."""

    def __init__(self, office, secret: str, codes: list[str], user) -> None:
        self.office, self.secret, self.codes, self.user = office, secret, codes, user
        self.now = datetime.now(UTC)

    def code(self, steps: int = 1) -> str:
        return TOTP(self.secret).at(self.now + timedelta(seconds=30 * steps))

    async def first(self, device: str = "", address: str = "192.0.2.7") -> str:
        with pytest.raises(CodeNeeded) as needed:
            await self.office.sign_in(device=device, address=address)
        return needed.value.pending

    async def second(self, pending: str, code: str, *, trust: bool = False, address: str = "192.0.2.7") -> SignedIn:
        attempt = Attempt("", "", address, "test", self.office.company)
        async with self.office.database.tenant(self.office.number) as session:
            return await confirm(session, self.office.vault, pending, code, attempt, self.now, trust=trust)

    async def refusal(self, pending: str, code: str, address: str = "192.0.2.7") -> str:
        with pytest.raises(Refused) as caught:
            await self.second(pending, code, address=address)
        return caught.value.id


@pytest.fixture
async def careful(office) -> Careful:
    secret, now = new_totp_secret(), datetime.now(UTC)
    entered = await office.sign_in()
    actor = await office.actor(entered.secret)
    assert actor is not None
    by = By(actor.access, "web", "r")
    async with office.database.tenant(office.number) as session:
        codes = await set_up(session, office.vault, by, secret, TOTP(secret).at(now), now, keep=actor.session)
        await session.commit()
    return Careful(office, secret, codes, actor.user)


async def test_sec_30_a_right_password_alone_opens_nothing(office, careful: Careful, session) -> None:
    await office.run("DELETE FROM session")
    pending = await careful.first()
    assert await office.rows("SELECT FROM session") == []
    assert await office.actor(pending) is None
    entered = await careful.second(pending, careful.code())
    assert await office.actor(entered.secret) is not None
    last, *_ = await login_history(session, careful.user)
    assert last.method == "totp"


async def test_sec_30_a_code_works_once_also_at_the_same_moment(office, careful: Careful) -> None:
    assert await careful.refusal(await careful.first(), careful.code(0)) == "people.code_wrong", "spent by the set-up"
    pending = await careful.first()

    async def tried() -> bool:
        try:
            return bool(await careful.second(pending, careful.code()))
        except Refused:
            return False

    assert sorted(await asyncio.gather(tried(), tried(), tried())) == [False, False, True]
    assert await careful.refusal(pending, careful.codes[0]) == "people.code_late", "the first step is used up as well"


async def test_sec_30_each_of_ten_recovery_codes_works_once_and_none_is_kept(office, careful: Careful) -> None:
    [(kept,)] = await office.rows("SELECT recovery FROM second_factor")
    assert len(kept) == 10 and not any(code.encode() in bytes(one) for one in kept for code in careful.codes)
    assert await careful.second(await careful.first(), f" {careful.codes[3].upper()} ")
    assert await careful.refusal(await careful.first(), careful.codes[3]) == "people.code_wrong"


async def test_sec_29_30_guessing_codes_is_slowed_down_across_sign_ins_and_told(office, careful: Careful) -> None:
    answers = [await careful.refusal(await careful.first(), "000000", f"198.51.{n}.1") for n in range(7)]
    assert answers == ["people.code_wrong"] * 5 + ["people.too_many_tries"] * 2
    assert await careful.refusal(await careful.first(), careful.code()) == "people.too_many_tries"
    assert [mail["to"] for mail in await office.mails("code_throttled")] == [office.email]


async def test_sec_34_a_first_step_ends_with_time_and_with_a_change_of_the_credentials(
    office, careful: Careful
) -> None:
    pending = await careful.first()
    await office.run("UPDATE user_credential SET version = version + 1")
    assert await careful.refusal(pending, careful.code()) == "people.code_late"
    pending = await careful.first()
    await office.run("UPDATE one_time_token SET expires_at = now()")
    assert await careful.refusal(pending, careful.code()) == "people.code_late"


async def test_a_trusted_browser_is_spared_the_code_for_thirty_days_and_no_other(office, careful: Careful) -> None:
    entered = await careful.second(await careful.first(), careful.code(), trust=True)
    assert (await office.sign_in(device=entered.device)).device == entered.device
    await careful.first(device="made up")
    sara = await office.user("sara")
    await office.run(
        "INSERT INTO device (token_hash, user_id, trusted_until) VALUES (%(hash)s, %(user)s, now() + interval '1 day')",
        hash=fingerprint("of sara"),
        user=sara,
    )
    await careful.first(device="of sara")
    [(days,)] = await office.rows(
        "SELECT extract(day FROM max(trusted_until) - now()) FROM device WHERE user_id <> %(u)s", u=sara
    )
    assert days == 29
    await office.run("UPDATE device SET trusted_until = now()")
    await careful.first(device=entered.device)


async def test_sec_31_a_new_browser_is_told_by_mail_and_a_known_one_is_not(office) -> None:
    first = await office.sign_in()
    assert await office.mails("new_device") == []
    await office.sign_in(device=first.device)
    assert await office.mails("new_device") == []
    other = await office.sign_in(device="not given here")
    assert [mail["facts"]["address"] for mail in await office.mails("new_device")] == ["192.0.2.7"]
    assert other.device not in ("not given here", first.device)


async def test_sec_32_51_taking_it_away_ends_everything_and_is_noted(office, careful: Careful, session) -> None:
    entered = await careful.second(await careful.first(), careful.code(), trust=True)
    by = By(Access(user=careful.user, admin=True), "web", "r")
    await forget_factor(session, office.vault, by, careful.user)
    await session.commit()
    assert await office.actor(entered.secret) is None
    assert await office.rows("SELECT FROM secret") == []
    assert await office.sign_in(), "the password alone again"
    noted = await office.rows("SELECT action FROM audit_event WHERE action LIKE 'factor%%' ORDER BY id")
    assert noted == [("factor_set_up",), ("factor_taken_away",)]


async def test_only_administrators_take_it_from_administrators(office, careful: Careful, session) -> None:
    sara = await office.user("sara")
    with pytest.raises(Refused, match=r"roles\.not_yours"):
        await forget_factor(session, office.vault, By(Access(user=sara), "web", "r"), careful.user)


async def test_sec_36_a_code_proves_as_well_as_the_password_and_once(office, careful: Careful, session) -> None:
    entered = await careful.second(await careful.first(), careful.code(0 + 1))
    actor = await load_actor(session, fingerprint(entered.secret))
    assert actor is not None
    typed = TOTP(careful.secret).at(careful.now + timedelta(seconds=60))
    later = careful.now + timedelta(seconds=60)
    fresh = await prove(session, office.hasher, office.vault, actor.user, actor.session, typed, later)
    actor = await load_actor(session, fingerprint(fresh))
    assert actor is not None
    with pytest.raises(Refused):
        await prove(session, office.hasher, office.vault, actor.user, actor.session, typed, later)


async def test_sec_51_the_secret_lies_in_the_vault_only(office, careful: Careful) -> None:
    [(sealed,)] = await office.rows("SELECT sealed FROM secret")
    assert careful.secret.encode() not in bytes(sealed)
    tables = await office.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    for (table,) in tables:
        assert all(careful.secret not in str(row) for row in await office.rows(f'SELECT x::text FROM "{table}" x'))
