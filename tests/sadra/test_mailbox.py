"""The development mailbox: what goes in by SMTP comes out as pages, JSON and the very bytes."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from sadra_cli import children
from sadra_cli.mailbox.store import Mailbox
from sadra_cli.processes import mailbox_process


class Running:
    def __init__(self, folder: Path) -> None:
        self.port, self.smtp_port = children.free_port(), children.free_port()
        self.process = mailbox_process(folder, port=self.port, smtp_port=self.smtp_port)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False)

    def send(self, message: EmailMessage, to: list[str]) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            smtp.send_message(message, "sales@acme.test", to)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    running.process.start()
    running.process.wait_ready()
    yield running
    running.process.stop()


def mail(subject: str = "پیشنهاد ویژه") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "sales@acme.test", "ali@example.test", subject
    message.set_content("سلام، http://localhost:8001/c/abc")
    message.add_alternative(
        '<p onclick="alert(1)">سلام <a href="http://localhost:8001/c/abc?a=1&amp;b=2">اینجا</a></p>', subtype="html"
    )
    return message


def test_a_mail_is_listed_and_comes_out_as_it_went_in(mailbox: Running) -> None:
    mailbox.send(mail(), ["ali@example.test", "hidden@example.test"])
    listed = mailbox.http.get("/api/messages").json()
    assert listed["count"] == 1
    [item] = listed["items"]
    assert item["subject"] == "پیشنهاد ویژه"
    assert item["recipients"] == ["ali@example.test", "hidden@example.test"]
    raw = mailbox.http.get(f"/api/messages/{item['id']}/raw")
    assert raw.headers["content-type"] == "message/rfc822"
    assert len(raw.content) == item["size"]
    assert raw.content.endswith(b"--\r\n")


def test_links_can_be_followed_from_the_page(mailbox: Running) -> None:
    mailbox.send(mail(), ["ali@example.test"])
    name = mailbox.http.get("/api/messages").json()["items"][0]["id"]
    assert mailbox.http.get(f"/api/messages/{name}").json()["links"] == [
        "http://localhost:8001/c/abc?a=1&b=2",
        "http://localhost:8001/c/abc",
    ]
    page = mailbox.http.get(f"/messages/{name}").text
    assert 'href="http://localhost:8001/c/abc?a=1&amp;b=2"' in page


def test_the_mail_itself_runs_no_script(mailbox: Running) -> None:
    mailbox.send(mail("<script>alert(1)</script>"), ["ali@example.test"])
    name = mailbox.http.get("/api/messages").json()["items"][0]["id"]
    assert "<script>" not in mailbox.http.get("/").text
    policy = mailbox.http.get(f"/messages/{name}/html").headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy


def test_mails_are_found_by_recipient_and_survive_a_restart(mailbox: Running) -> None:
    mailbox.send(mail("one"), ["a@example.test"])
    mailbox.send(mail("two"), ["b@example.test"])
    mailbox.process.stop()
    mailbox.process.start()
    mailbox.process.wait_ready()
    mailbox.send(mail("three"), ["a@example.test"])
    found = mailbox.http.get("/api/messages", params={"to": "A@example.test"}).json()
    assert [item["subject"] for item in found["items"]] == ["three", "one"]
    assert mailbox.http.delete("/api/messages").status_code == 204
    assert mailbox.http.get("/api/messages").json()["count"] == 0


def test_an_unknown_mail_is_not_found(mailbox: Running) -> None:
    assert mailbox.http.get("/api/messages/..%2f..%2fetc/raw").status_code == 404
    assert mailbox.http.get("/messages/000000009").status_code == 404


def test_the_oldest_mails_are_forgotten(tmp_path: Path) -> None:
    box = Mailbox(tmp_path, kept=2)
    for number in range(3):
        box.add("a@b.test", ("c@d.test",), f"Subject: {number}\r\n\r\n".encode(), datetime(2026, 1, 1, tzinfo=UTC))
    assert [mail.subject for mail in box.newest_first()] == ["2", "1"]
    assert len(list(tmp_path.iterdir())) == 4
