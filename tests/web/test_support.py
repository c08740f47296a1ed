"""Support of the host in a company's pages (scenario 58)."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx2 as httpx
import psycopg
import pytest

from crm_domain.access.rights import Access
from crm_domain.modules import REGISTRY
from crm_domain.problems import Denied, Refused
from crm_domain.tenancy import Tenant
from crm_storage.hashing import Hasher
from crm_storage.jobs.rows import StoredJobs
from crm_storage.people import sessions, support
from crm_storage.records.context import Context, Schema
from crm_storage.tenants.acting import within
from tests.installation import Installation
from tests.loops import run
from tests.routes import PUBLIC, routes
from tests.site import PASSWORD, TOKEN, Browser, Site

OPERATOR = "sam@host.example"
TICKET = "Ticket 4711: the list is empty"
PARTS = ("/admin", "/settings", "/sso", "/prove", "/mail", "/calendar/subscribe", "/calendar/unsubscribe", "/support")
LOOKED_AT = {
    *(
        "/admin",
        "/admin/organisation",
        "/admin/teams",
        "/admin/sending",
        "/admin/suppressions",
        "/admin/jobs",
        "/admin/mail",
    ),
    *(
        "/admin/cases",
        "/admin/hours",
        "/admin/search",
        "/admin/keeping",
        "/admin/audit",
        "/admin/conversion",
        "/admin/studio",
    ),
    *("/settings", "/settings/switch", "/settings/signature", "/settings/notifications"),
}
"""Pages of the administration and of a user's own settings that support may open; each was thought about."""
LETTER = """
INSERT INTO emails (id, name, sender, recipients, description, email_type, status, folder, personal, sent_at, thread, message_id,
  assigned_to, created_by)
SELECT uuidv7(), '{name}', 'rita@shop.example', 'me@company.example', '{name}', 'inbound', 'unread', 'inbox', {personal}, now(),
  '{name}', '{name}', id, id FROM users WHERE user_name = 'admin' RETURNING id
"""


class Helped:
    """A company of its own, its administrator, and the console's side of it."""

    def __init__(self, site: Site, installation: Installation) -> None:
        self.site, self.installation = site, installation

        async def opened() -> Tenant:
            hash_ = await Hasher().hash(PASSWORD)
            async with installation.database() as database:
                return await installation.tenant(database, password_hash=hash_)

        self.tenant = run(opened())
        self.admin = Browser(site, self.tenant.slug)

    def ask(self, *, writes: bool = False) -> UUID:
        async def asked() -> UUID:
            async with self.installation.database("sadra_host") as database, database.host() as session:
                async with within(session, self.tenant.number):
                    found = await support.ask(
                        session, operator=OPERATOR, reason=TICKET, user_name="admin", writes=writes, minutes=60
                    )
                await session.commit()
                return found.id

        return run(asked())

    def way_in(self, access: UUID, operator: str = OPERATOR) -> str:
        async def got() -> str:
            async with self.installation.database("sadra_host") as database, database.host() as session:
                async with within(session, self.tenant.number):
                    secret = await support.open_door(session, access, operator)
                await session.commit()
                return secret

        return run(got())

    def enter(self, secret: str) -> httpx.Client:
        """The operator's browser, come in by the link's button."""
        host = self.admin.http.headers["host"]
        http = httpx.Client(base_url=f"http://127.0.0.1:{self.site.port}", headers={"host": host}, timeout=30)
        page = http.get(f"/support/enter?token={secret}")
        assert page.status_code == 200
        again = http.get(f"/support/enter?token={secret}")
        assert again.status_code == 200, "looking uses nothing up"
        token = TOKEN.search(page.text)
        assert token
        assert http.post("/support/enter", data={"_csrf": token[1], "token": secret}).status_code == 303
        assert http.get(f"/support/enter?token={secret}").status_code == 404
        return http

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.installation.url, autocommit=True) as owner:
            owner.execute(f"SET search_path = {self.tenant.schema}, crm".encode())
            found = owner.execute(statement.encode())
            return found.fetchall() if found.description else []


@pytest.fixture
def helped(site: Site, installation: Installation) -> Iterator[Helped]:
    yield Helped(site, installation)


def posted(http: httpx.Client, path: str, **fields: str) -> httpx.Response:
    token = TOKEN.search(http.get("/").text)
    assert token
    return http.post(path, data={"_csrf": token[1], **fields})


def test_58_without_consent_nobody_comes_in(helped: Helped) -> None:
    access = helped.ask()
    with pytest.raises(Refused):
        helped.way_in(access)
    assert "Ticket 4711" in helped.admin.get("/admin/support").text
    told = helped.rows("SELECT payload ->> 'template' FROM outbox WHERE payload ->> 'template' LIKE 'support%'")
    assert told == [("support_asked",)]
    assert helped.admin.post(f"/admin/support/{access}/refuse", at="/admin/support").status_code == 303
    with pytest.raises(Refused):
        helped.way_in(access)
    assert helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support").status_code == 409


def test_58_with_consent_support_looks_for_a_while_under_both_names(helped: Helped) -> None:
    access = helped.ask()
    assert helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support").status_code == 303
    with pytest.raises(Refused):
        helped.way_in(access, "other@host.example")
    http = helped.enter(helped.way_in(access))
    with pytest.raises(Refused):
        helped.way_in(access)
    page = http.get("/accounts").text
    assert OPERATOR in page and "/support/leave" in page
    refused = posted(http, "/accounts", name="By support")
    assert refused.status_code == 403 and "may look" in refused.text
    assert helped.rows("SELECT 1 FROM accounts WHERE name = 'By support'") == []
    for path in (
        "/settings/tokens",
        "/settings/password",
        "/admin/support",
        "/admin/people",
        "/admin/roles",
        "/admin/audit/export",
    ):
        assert http.get(path).status_code == 403, path
    assert http.get("/accounts/export?format=csv").status_code == 403
    assert helped.admin.get("/accounts/export?format=csv").status_code == 200
    noted = helped.rows(
        "SELECT DISTINCT u.user_name, e.support FROM audit_event e JOIN users u ON u.id = e.actor_id "
        "WHERE e.action = 'support_viewed' AND e.changes ->> 'path' = '/accounts'"
    )
    assert noted == [("admin", OPERATOR)]
    assert OPERATOR in helped.admin.get("/admin/audit").text
    told = helped.rows("SELECT payload ->> 'template' FROM outbox WHERE payload ->> 'template' = 'support_entered'")
    assert len(told) == 1
    [(minutes,)] = helped.rows(
        "SELECT extract(epoch FROM expires_at - now()) / 60 FROM session WHERE support_id IS NOT NULL"
    )
    assert isinstance(minutes, object) and 58 < float(str(minutes)) <= 60
    helped.rows("UPDATE session SET expires_at = now() WHERE support_id IS NOT NULL")
    assert http.get("/accounts").status_code == 303


def test_58_with_leave_to_change_both_names_stand_at_the_change(helped: Helped) -> None:
    access = helped.ask(writes=True)
    helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    http = helped.enter(helped.way_in(access))
    assert posted(http, "/accounts", name="By support").status_code == 303
    changed = helped.rows("SELECT support FROM audit_event WHERE module = 'accounts' AND action = 'create'")
    assert changed == [(OPERATOR,)]
    assert posted(http, "/settings/tokens", name="t", scope="read").status_code == 403
    assert helped.rows("SELECT 1 FROM personal_token") == []


def test_58_the_company_ends_a_visit_and_support_leaves(helped: Helped) -> None:
    first, second = helped.ask(), helped.ask()
    for access in (first, second):
        helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    http = helped.enter(helped.way_in(first))
    assert helped.admin.post(f"/admin/support/{first}/end", at="/admin/support").status_code == 303
    assert http.get("/accounts").status_code == 303
    http = helped.enter(helped.way_in(second))
    assert posted(http, "/support/leave").status_code == 303
    assert http.get("/accounts").status_code == 303
    assert helped.rows("SELECT DISTINCT state FROM support_access") == [("ended",)]
    assert helped.admin.post("/support/leave").status_code == 403


def test_58_an_open_door_lets_in_to_look_only(helped: Helped) -> None:
    assert helped.admin.post("/admin/support", at="/admin/support", open="1").status_code == 303
    helped.enter(helped.way_in(helped.ask()))
    with pytest.raises(Refused):
        helped.way_in(helped.ask(writes=True))


def test_58_with_leave_to_change_support_makes_no_people_and_leaves_no_way_in(helped: Helped) -> None:
    access = helped.ask(writes=True)
    helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    http = helped.enter(helped.way_in(access))
    before = helped.rows("SELECT id, user_name, user_type, version FROM users ORDER BY id")
    one = before[0][0]
    new = {"user_name": "helper", "last_name": "Helper", "user_type": "administrator", "status": "active"}
    assert posted(http, "/users", **new, **{"emails.0.address": "helper@host.example"}).status_code == 403
    assert posted(http, f"/users/{one}/cell/title", title="Helped").status_code in (403, 404)
    assert posted(http, "/calendar/subscribe").status_code == 403
    assert posted(http, "/admin/mail/providers", **{"own.client_id": "x"}).status_code == 403
    assert posted(http, "/prove", _proof=PASSWORD).status_code == 403
    assert posted(http, "/users/undo/00000000-0000-0000-0000-000000000000").status_code in (403, 404)
    assert helped.rows("SELECT id, user_name, user_type, version FROM users ORDER BY id") == before
    assert helped.rows("SELECT 1 FROM calendar_feed") == []
    assert http.get("/users").status_code == 200, "it may look"


def test_58_a_visit_stays_one_under_another_secret_and_starts_nothing_that_acts_later(helped: Helped) -> None:
    access = helped.ask(writes=True)
    helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    helped.enter(helped.way_in(access))

    async def renewed() -> None:
        async with (
            helped.installation.database("sadra_web") as database,
            database.tenant(helped.tenant.number) as session,
        ):
            row = await session.one("SELECT id, user_id FROM session WHERE support_id IS NOT NULL")
            assert row
            await sessions.renew(session, row[1], row[0])
            jobs = StoredJobs(
                Context(session, Schema(REGISTRY), Access(user=row[1], admin=True, support=True), "web", "")
            )
            with pytest.raises(Denied):
                await jobs.start("gather", {})
            await session.commit()

    run(renewed())
    assert helped.rows("SELECT support_id FROM session WHERE support_id IS NOT NULL") == [(access,)]


def test_sec_08_36_what_makes_secrets_or_lets_people_in_is_closed_to_support_and_every_page_was_thought_about(
    helped: Helped,
) -> None:
    access = helped.ask(writes=True)
    helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    http = helped.enter(helped.way_in(access))
    token = TOKEN.search(http.get("/").text)
    assert token
    near = [route for route in routes() if f"{route.path}/".startswith(tuple(f"{part}/" for part in PARTS))]
    asked = [route for route in near if f"{route.method} {route.path}" not in PUBLIC]
    let: list[str] = []
    for route in asked:
        if route.support == "closed":
            form = {"_csrf": token[1]} if route.changes else None
            answer = http.request(route.method, route.address(uuid4()), data=form)
            let += [] if answer.status_code == 403 and "closed to support" in answer.text else [route.path]
    assert not let
    open_ = {"/".join(route.path.split("/")[:3]) for route in asked if not route.support}
    assert open_ == LOOKED_AT


def test_sec_08_58_private_letters_stay_closed_to_support_whoever_let_it_in(helped: Helped) -> None:
    access = helped.ask(writes=True)
    helped.admin.post(f"/admin/support/{access}/grant", at="/admin/support")
    http = helped.enter(helped.way_in(access))
    account = helped.admin.post("/accounts", at="/accounts/new", name="Harbour").headers["location"].rpartition("/")[2]
    letters = {
        name: helped.rows(LETTER.format(name=name, personal=personal))[0][0]
        for name, personal in (("Quietly yours", "true"), ("Filed words", "true"), ("For all of us", "false"))
    }
    filed = letters["Filed words"]
    helped.rows(f"INSERT INTO email_record (left_id, right_id, module) VALUES ('{filed}', '{account}', 'accounts')")

    def seen(browser: Browser | httpx.Client, page: str) -> list[bool]:
        text = browser.get(page).text
        return [name in text for name in letters]

    for page in ("/emails", "/search?q=yours+words+us"):
        assert "Quietly yours" not in http.get(page).text, page
    assert seen(helped.admin, "/emails") == [True, True, True]
    assert seen(http, "/emails") == [False, True, True], "what is filed with a record belongs to it"
    opened = [http.get(f"/emails/{id_}").status_code for id_ in letters.values()]
    assert opened == [404, 200, 200]
    private = letters["Quietly yours"]
    assert posted(http, f"/emails/{private}/cell/name", name="Read").status_code in (403, 404)
    assert http.get("/mail").status_code == 403 and http.get(f"/mail/{private}").status_code == 403
    assert helped.rows(f"SELECT name FROM emails WHERE id = '{private}'") == [("Quietly yours",)]
