"""Signing in: who gets in, who does not, and that nobody learns why."""

import asyncio

import pytest

from crm_domain.problems import Refused
from crm_storage.hashing import Hasher, fingerprint
from crm_storage.people.proof import prove
from crm_storage.people.sessions import end_session, open_session, sessions_of, sign_out
from crm_storage.people.sign_in import login_history, unlock


async def refusal(office, **words: str) -> str:
    with pytest.raises(Refused) as caught:
        await office.sign_in(**words)
    return caught.value.id


async def test_by_name_or_address_in_any_case(office) -> None:
    for login in ("admin", " ADMIN ", "Admin@Harbour.example"):
        signed_in = await office.sign_in(login)
        actor = await office.actor(signed_in.secret)
        assert actor is not None and actor.access.admin and actor.email == office.email


async def test_sec_29_the_same_answer_for_every_failure(office) -> None:
    await office.user("sara")
    idle = await office.user("idle")
    await office.run("UPDATE users SET status = 'inactive' WHERE id = %(id)s", id=idle)
    answers = {
        await refusal(office, login=login, password="wrong") for login in ("admin", "nobody", "sara", "idle", "")
    }
    assert answers == {"people.sign_in_failed"}


async def test_sec_29_the_fifth_failure_closes_the_account(office) -> None:
    for number in range(5):
        assert await refusal(office, password="wrong", address=f"198.51.{number}.1") == "people.sign_in_failed"
    assert await refusal(office, address="203.0.113.1") == "people.sign_in_wait"
    assert [mail["to"] for mail in await office.mails("throttled")] == [office.email]


async def test_sec_29_an_unknown_name_is_closed_as_well(office) -> None:
    for number in range(5):
        await refusal(office, login="nobody", address=f"198.51.{number}.1")
    assert await refusal(office, login="nobody", address="203.0.113.1") == "people.sign_in_wait"


async def test_sec_29_a_network_that_guesses_waits_whatever_the_name(office) -> None:
    for number in range(8):
        assert await refusal(office, login=f"name{number}", address=f"192.0.2.{number}") == "people.sign_in_failed"
    assert await refusal(office, address="192.0.2.200") == "people.sign_in_wait"
    assert (await office.sign_in(address="203.0.113.9")).secret


async def test_sec_29_the_wait_grows_from_one_to_five_to_fifteen_minutes(office) -> None:
    waits = []
    for number in range(8):
        await refusal(office, password="wrong", address=f"198.51.{number}.1")
        [(minutes,)] = await office.rows(
            "SELECT round(extract(epoch FROM until - clock_timestamp()) / 60) FROM login_throttle "
            "WHERE key LIKE 'account:%%'"
        )
        waits.append(int(minutes))
        await office.run("UPDATE login_throttle SET until = clock_timestamp()")
    assert waits == [0, 0, 0, 0, 1, 5, 15, 15]


async def test_sec_29_guesses_at_the_same_moment_get_no_more_tries(office) -> None:
    async def guess(number: int) -> str:
        return await refusal(office, password="wrong", address=f"198.51.{number}.1")

    answers = await asyncio.gather(*(guess(number) for number in range(30)))
    assert answers.count("people.sign_in_failed") == 5


async def test_a_success_forgets_failures_and_so_does_an_administrator(office, session) -> None:
    user = (await office.sign_in()).user
    for _ in range(3):
        for number in range(4):
            await refusal(office, password="wrong", address=f"198.51.{number}.1")
        await office.run("DELETE FROM login_throttle WHERE key LIKE 'network:%%'")
        await office.sign_in(address="203.0.113.1")
    for number in range(5):
        await refusal(office, password="wrong", address=f"198.51.{number}.1")
    await unlock(session, user)
    await session.commit()
    assert await office.sign_in(address="203.0.113.1")


async def test_sec_28_an_outdated_hash_is_renewed(office) -> None:
    office.hasher = Hasher(memory_kib=128, passes=1, lanes=1)
    await office.sign_in()
    [(stored,)] = await office.rows("SELECT password_hash FROM user_credential")
    assert "m=128,t=1,p=1" in stored
    assert await office.sign_in()


async def test_every_evaluated_attempt_is_in_the_history(office, session) -> None:
    await refusal(office, password="wrong")
    signed_in = await office.sign_in()
    events = await login_history(session, signed_in.user)
    assert [(event.ok, event.name, event.address) for event in events] == [
        (True, "admin", "192.0.2.7"),
        (False, "admin", "192.0.2.7"),
    ]


async def test_sec_31_only_fingerprints_are_stored_and_each_sign_in_is_new(office) -> None:
    first, second = await office.sign_in(), await office.sign_in()
    assert first.secret != second.secret
    stored = {bytes(hash_) for (hash_,) in await office.rows("SELECT token_hash FROM session")}
    assert stored == {fingerprint(first.secret), fingerprint(second.secret)}


@pytest.mark.parametrize("aged", ["last_seen_at = now() - interval '8 hours 1 minute'", "expires_at = now()"])
async def test_sec_31_sessions_end_when_idle_and_in_any_case(office, aged: str) -> None:
    signed_in = await office.sign_in()
    await office.run(f"UPDATE session SET {aged}")
    assert await office.actor(signed_in.secret) is None


async def test_sec_31_users_see_and_end_their_own_sessions_only(office, session) -> None:
    signed_in = await office.sign_in()
    other = await office.user("sara")
    [mine] = await sessions_of(session, signed_in.user)
    with pytest.raises(Exception, match="not_found"):
        await end_session(session, other, mine.id)
    await end_session(session, signed_in.user, mine.id)
    await session.commit()
    assert await office.actor(signed_in.secret) is None


async def test_signing_out_ends_the_session(office, session) -> None:
    signed_in = await office.sign_in()
    await sign_out(session, signed_in.secret)
    await session.commit()
    assert await office.actor(signed_in.secret) is None


async def test_use_is_noted_once_a_minute(office) -> None:
    signed_in = await office.sign_in()
    await office.run("UPDATE session SET last_seen_at = now() - interval '2 minutes'")
    await office.actor(signed_in.secret)
    [(first,)] = await office.rows("SELECT last_seen_at FROM session WHERE last_seen_at > now() - interval '1 minute'")
    await office.actor(signed_in.secret)
    assert await office.rows("SELECT last_seen_at FROM session") == [(first,)]


async def test_sec_36_a_fresh_proof_renews_the_session(office, session) -> None:
    signed_in = await office.sign_in()
    await office.run("UPDATE session SET created_at = now() - interval '1 hour'")
    before = await office.actor(signed_in.secret)
    [(now,)] = await office.rows("SELECT now()")
    assert before is not None and not before.proven(now)
    secret = await prove(session, office.hasher, office.vault, before.user, before.session, office.password, now)
    after = await office.actor(secret)
    assert await office.actor(signed_in.secret) is None
    assert after is not None and after.proven(now)


async def test_sec_32_a_deactivated_user_can_do_nothing(office, session) -> None:
    sara = await office.user("sara")
    secret = await open_session(session, sara, agent="", address="")
    await session.commit()
    assert await office.actor(secret) is not None
    await office.run("UPDATE users SET status = 'inactive' WHERE id = %(id)s", id=sara)
    assert await office.actor(secret) is None
