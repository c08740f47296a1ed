"""The courier's connections: opened for work, closed without it, and nothing is forgotten in between."""

import asyncio
from typing import Any, cast

import pytest
from tests.sink import Sink

from crm_domain.sending.letter import Outgoing
from crm_domain.sending.replies import Class
from crm_storage.sending import courier as couriers
from crm_storage.sending.courier import Courier
from crm_storage.sending.station import Outlet
from crm_storage.smtp.account import Account
from crm_storage.smtp.transfer import Fate


def mail(number: int) -> Outgoing:
    return Outgoing(
        number, "b@b.example", f"r{number}@x.example", b"Message-ID: <m%d@x>\r\n\r\nwords\r\n" % number, True
    )


async def test_rel_14_a_mail_that_comes_while_the_only_connection_gives_up_waiting_is_carried_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(couriers, "IDLE_S", 0)
    fates: list[Fate] = []
    second, carrying = asyncio.Event(), list[asyncio.Task[None]]()

    def carry_second() -> None:
        if not carrying:
            carrying.append(asyncio.create_task(courier.carry([mail(2)])))

    def told(fate: Fate) -> None:
        fates.append(fate)
        if fate.message == 2:
            second.set()
        else:
            asyncio.get_running_loop().call_soon(carry_second)

    sink = Sink()
    await sink.start()
    server = Account(host="127.0.0.1", port=sink.port, security="none")
    courier = Courier(cast(Any, None), Outlet(server, connections=1, own=True), told)
    try:
        await courier.carry([mail(1)])
        async with asyncio.timeout(10):
            await second.wait()
    finally:
        await courier.close(5)
        await sink.stop()
    assert [(fate.message, fate.kind) for fate in fates] == [(1, Class.ACCEPTED), (2, Class.ACCEPTED)]
