"""What is noted of a request: the same as an encoded event, with no more of a visitor than his network, and floods bounded."""

from typing import Any

import pytest

from crm_domain.tracking.events import Act, Event, decode_batch, encode_batch, encode_event, encode_text
from crm_domain.tracking.tokens import Content
from crm_tracker.recorder import LONGEST, NOTHING, Recorder
from crm_tracker.visitor import SLOTS, Floods, Networks
from tests.tracker.conftest import BROWSER

AT = 1_790_000_000_123
GREATEST = Content(2**32 - 1, 2**64 - 1, 2**32 - 1, 16)


def request(host: str = "198.51.100.7", method: str = "GET", **headers: str) -> dict[str, Any]:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": method, "client": (host, 4711), "headers": told}


def recorded(
    recorder: Recorder, scope: dict[str, Any], act: int = Act.OPEN, content: Content = GREATEST, said: str = ""
) -> Event:
    record = recorder.record(AT, act, content, scope, scope["headers"], encode_text(said))
    assert record is not None
    [event] = decode_batch(encode_batch([record]))
    return event


@pytest.mark.parametrize("content", [Content(0), Content(7, 4711, 3), GREATEST])
def test_a_record_is_an_encoded_event(content: Content) -> None:
    recorder = Recorder(Networks(()), bytes(range(8)))
    first, second = (
        recorded(recorder, request(user_agent=BROWSER), Act.FORM, content, "گفته" * 5000) for _ in range(2)
    )
    assert decode_batch(encode_batch([encode_event(first)])) == [first]
    assert (first.tenant, first.message, first.link, first.marks) == (
        content.tenant,
        content.message,
        content.link,
        content.marks,
    )
    assert (first.act, first.at, first.via, first.network, first.agent, first.said) == (
        Act.FORM, AT, "human", "198.51.100.0/24", "browser", "گفته" * 5000,
    )  # fmt: skip
    assert first.uuid.version == second.uuid.version == 7
    assert first.id < second.id and first.id[:6] == AT.to_bytes(6)


def test_sec_55_of_an_address_only_its_network_is_noted() -> None:
    recorder = Recorder(Networks(()), bytes(8))
    seen = {
        host: recorded(recorder, request(host)).network
        for host in (
            "203.0.113.99",
            "2001:db8:1:2::3",
            "::ffff:203.0.113.99",
            "fe80::1%eth0",
            "nobody",
            "010.1.1.1",
            "",
        )
    }
    assert list(seen.values()) == [
        "203.0.113.0/24", "2001:db8:1::/48", "203.0.113.0/24", "fe80::/48", "", "", "",
    ]  # fmt: skip


def test_sec_47_a_forwarded_address_counts_only_from_a_named_proxy() -> None:
    told = {"x_forwarded_for": "192.0.2.1, 203.0.113.5, 10.0.0.2"}
    behind, alone = (Recorder(Networks(proxies), bytes(8)) for proxies in (("10.0.0.0/8",), ()))
    assert recorded(behind, request("10.0.0.1", **told)).network == "203.0.113.0/24"
    assert recorded(behind, request("10.0.0.1")).network == "10.0.0.0/24"
    assert recorded(behind, request("198.51.100.7", **told)).network == "198.51.100.0/24"
    assert recorded(alone, request("10.0.0.1", **told)).network == "10.0.0.0/24"


def test_long_headers_are_looked_at_in_part_and_not_remembered() -> None:
    recorder = Recorder(Networks(()), bytes(8))
    long = BROWSER + " " * LONGEST + "curl"
    assert recorded(recorder, request(user_agent=long)).via == "human"
    assert recorded(recorder, request(user_agent=BROWSER + " curl")).via == "scanner"
    assert recorded(recorder, request(user_agent=long)).via == "human"


def test_sec_55_who_asks_not_to_be_followed_opens_unseen_and_clicks_seen() -> None:
    recorder, scope = Recorder(Networks(()), bytes(8)), request(user_agent=BROWSER, sec_gpc="1")
    assert recorder.record(AT, Act.OPEN, GREATEST, scope, scope["headers"], NOTHING) is None
    assert recorded(recorder, scope, Act.CLICK).via == "human"
    assert recorded(recorder, request(user_agent=BROWSER, dnt="0")).via == "human"


def test_nobody_follows_a_link_through_a_proxy_for_images() -> None:
    recorder, scope = Recorder(Networks(()), bytes(8)), request(user_agent="GoogleImageProxy")
    assert (recorded(recorder, scope).via, recorded(recorder, scope, Act.CLICK).via) == ("image_proxy", "scanner")


def test_a_flood_takes_no_more_than_its_part_and_leaves_its_neighbours_theirs() -> None:
    floods, beside = Floods(240), 4711 + SLOTS
    assert sum(floods.allows(7, 4711, AT) for _ in range(10_000)) == 240
    assert sum(floods.allows(7, beside, AT) for _ in range(1000)) == 120
    assert sum(floods.allows(7, 4712, AT) for _ in range(1000)) == 240
    assert sum(floods.allows(8, 4711, AT) for _ in range(1000)) == 240
    assert sum(floods.allows(7, 4711, AT + 60_000) for _ in range(1000)) == 240
