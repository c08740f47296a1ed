"""Setting passwords by oneself, by a mailed link and from the command line."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from crm_domain.problems import Invalid, Problem, Refused
from crm_storage.hashing import fingerprint
from crm_storage.people import passwords
from crm_storage.people.actor import load_token_actor
from crm_storage.people.once import look
from crm_storage.people.sessions import open_session
from crm_storage.people.tokens import create_token, end_token, tokens_of

NEW = "four green lamps below"
AT = "https://harbour.example/reset/"


async def link(office, template: str = "reset") -> str:
    [mail] = await office.mails(template)
    return mail["facts"]["link"].removeprefix(AT)


async def ask(office, login: str = "admin", address: str = "192.0.2.7") -> None:
    async with office.database.tenant(office.number) as session:
        await passwords.request_reset(session, login, address, office.company, AT)
        await session.commit()


async def test_sec_32_a_changed_password_ends_everything_but_this_session(office, session) -> None:
    here, there = await office.sign_in(), await office.sign_in()
    actor = await office.actor(here.secret)
    now = datetime.now(UTC)
    token = await create_token(
        session, here.user, name="report", scopes=frozenset({"read"}), expires_at=now + timedelta(days=1), now=now
    )
    await session.commit()
    await ask(office)
    await passwords.change_password(
        session, office.hasher, here.user, keep=actor.session, old=office.password, new=NEW, company=office.company
    )
    await session.commit()
    assert await office.actor(here.secret) is not None
    assert await office.actor(there.secret) is None
    assert await load_token_actor(session, fingerprint(token)) is None
    assert await look(session, "reset", await link(office)) is None
    assert len(await office.mails("password_changed")) == 1
    await office.sign_in(password=NEW)


@pytest.mark.parametrize("wrong", ["short", "password1234", "admin-2031", "harbour2031", "x" * 129])
async def test_sec_28_weak_passwords_change_nothing(office, session, wrong: str) -> None:
    signed_in = await office.sign_in()
    actor = await office.actor(signed_in.secret)
    with pytest.raises(Invalid) as caught:
        await passwords.change_password(
            session, office.hasher, actor.user, keep=actor.session, old=office.password, new=wrong, company="Harbour"
        )
    assert set(caught.value.fields) == {"password"}
    await session.rollback()
    assert await office.sign_in()


async def test_sec_29_the_old_password_cannot_be_guessed_from_inside(office, session) -> None:
    signed_in = await office.sign_in()
    actor = await office.actor(signed_in.secret)
    answers: list[type[Problem]] = []
    for _ in range(7):
        with pytest.raises(Problem) as caught:
            await passwords.change_password(
                session, office.hasher, actor.user, keep=actor.session, old="wrong", new=NEW, company=""
            )
        answers.append(caught.type)
        await session.rollback()
    assert answers == [Invalid] * 5 + [Refused] * 2


async def test_sec_34_a_link_works_once_and_goes_to_the_configured_host(office, session) -> None:
    signed_in = await office.sign_in()
    await ask(office, "Admin@harbour.example")
    secret = await link(office)
    assert await look(session, "reset", secret) == signed_in.user
    await passwords.complete_reset(session, office.hasher, secret, NEW, office.company)
    await session.commit()
    assert await office.actor(signed_in.secret) is None
    await office.sign_in(password=NEW)
    with pytest.raises(Refused, match=r"people\.link_ended"):
        await passwords.complete_reset(session, office.hasher, secret, "another good sentence", office.company)


async def test_sec_34_a_refused_password_does_not_use_the_link_up(office, session) -> None:
    await ask(office)
    secret = await link(office)
    with pytest.raises(Invalid):
        await passwords.complete_reset(session, office.hasher, secret, "short", office.company)
    await session.rollback()
    await passwords.complete_reset(session, office.hasher, secret, NEW, office.company)


async def test_sec_34_links_end_after_half_an_hour_and_with_the_next_one(office, session) -> None:
    await ask(office)
    first = await link(office)
    [(minutes,)] = await office.rows("SELECT extract(epoch FROM expires_at - now()) / 60 FROM one_time_token")
    assert 29 < minutes <= 30
    await ask(office)
    assert await look(session, "reset", first) is None
    second = (await office.mails("reset"))[1]["facts"]["link"].removeprefix(AT)
    assert await look(session, "reset", second) is not None
    assert await look(session, "invite", second) is None
    await office.run("UPDATE one_time_token SET expires_at = now() - interval '1 hour'")
    assert await look(session, "reset", second) is None


async def test_sec_29_nobody_learns_who_has_an_account_and_mails_are_few(office) -> None:
    await ask(office, "nobody@example.com")
    assert await office.mails("reset") == []
    for number in range(6):
        await ask(office, address=f"198.51.{number}.1")
    assert len(await office.mails("reset")) == 3


async def test_an_invited_user_sets_his_first_password(office, session) -> None:
    sara = await office.user("sara")
    await passwords.invite(session, sara, office.company, AT)
    await session.commit()
    secret = await link(office, "invite")
    [(hours,)] = await office.rows("SELECT extract(epoch FROM expires_at - now()) / 3600 FROM one_time_token")
    assert 71 < hours <= 72
    assert await passwords.accept_invite(session, office.hasher, secret, NEW, office.company) == sara
    await session.commit()
    assert (await office.sign_in("sara", NEW)).user == sara
    with pytest.raises(Refused, match=r"people\.has_password"):
        await passwords.invite(session, sara, office.company, AT)


async def test_a_password_set_for_somebody_must_be_changed_and_opens_a_closed_account(office, session) -> None:
    for number in range(5):
        with pytest.raises(Refused):
            await office.sign_in(password="wrong", address=f"198.51.{number}.1")
    await passwords.set_password(session, office.hasher, "admin", NEW)
    await session.commit()
    signed_in = await office.sign_in(password=NEW, address="203.0.113.1")
    actor = await office.actor(signed_in.secret)
    assert signed_in.must_change and actor is not None and actor.must_change_password


async def test_sec_35_tokens_act_as_their_user_within_their_scopes_until_they_end(office, session) -> None:
    user = (await office.sign_in()).user
    now = datetime.now(UTC)
    token = await create_token(
        session, user, name=" report ", scopes=frozenset({"read"}), expires_at=now + timedelta(days=30), now=now
    )
    await session.commit()
    actor = await load_token_actor(session, fingerprint(token))
    assert actor is not None and actor.user == user and not actor.may_write and not actor.proven(now)
    [shown] = await tokens_of(session, user)
    assert token.startswith(f"sadra_{shown.prefix}_") and shown.name == "report" and shown.last_used_at is not None
    await office.run("UPDATE personal_token SET expires_at = now() - interval '1 hour'")
    assert await load_token_actor(session, fingerprint(token)) is None
    await end_token(session, user, shown.id)
    assert await tokens_of(session, user) == []


async def test_tokens_need_a_name_a_scope_and_an_end(session) -> None:
    now = datetime.now(UTC)
    with pytest.raises(Invalid) as caught:
        await create_token(
            session, uuid4(), name=" ", scopes=frozenset({"all"}), expires_at=now + timedelta(days=400), now=now
        )
    assert set(caught.value.fields) == {"name", "scopes", "expires_at"}


async def test_sec_41_no_secret_is_in_the_database(office, session) -> None:
    signed_in = await office.sign_in()
    sara = await office.user("sara")
    secret = await open_session(session, sara, agent="", address="")
    await session.commit()
    dumped = str(
        [await office.rows(f"SELECT * FROM {table}") for table in ("session", "user_credential", "login_event")]
    )
    assert not any(word in dumped for word in (signed_in.secret, secret, office.password))


async def test_sec_36_what_happens_to_an_account_is_told_by_the_bell_whoever_did_it(office, session) -> None:
    here = await office.sign_in()
    actor = await office.actor(here.secret)
    now = datetime.now(UTC)
    await create_token(
        session, here.user, name="report", scopes=frozenset({"read"}), expires_at=now + timedelta(days=1), now=now
    )
    await passwords.change_password(
        session, office.hasher, here.user, keep=actor.session, old=office.password, new=NEW, company=office.company
    )
    told = "SELECT facts #>> '{event,id}', facts ->> 'detail' FROM notification WHERE kind = 'security' ORDER BY id"
    assert await session.rows(told) == [("security.event.token", ": report"), ("security.event.password", "")]
