"""The database and the bus of one machine: they start, keep what was promised through `kill -9`, and stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import nats
import psutil
import psycopg
import pytest

from sadra_cli import children
from sadra_cli.nats_server import Nats
from sadra_cli.postgres import Postgres


def test_committed_rows_survive_kill_9(tmp_path: Path) -> None:
    server = Postgres(tmp_path)
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('شرکت آزمون')")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    with Postgres(tmp_path) as again, psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT name FROM kept").fetchall() == [("شرکت آزمون",)]


def test_a_server_that_outlived_its_starter_is_replaced(tmp_path: Path) -> None:
    former = Postgres(tmp_path, fast=True)
    former.start()
    with Postgres(tmp_path, fast=True) as again, psycopg.connect(again.url()) as connection:
        assert former.pid is None
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_of_a_process_that_is_no_server_is_forgotten(tmp_path: Path) -> None:
    with Postgres(tmp_path, fast=True) as server:
        lock = (server.cluster / "postmaster.pid").read_text()
    stale = server.cluster / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *lock.splitlines()[1:]]))
    with Postgres(tmp_path, fast=True) as again, psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_database_knows_persian_letters(tmp_path: Path) -> None:
    with Postgres(tmp_path, fast=True) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT lower('ÉÀ'), cardinality(show_trgm('سلام')) > 0, 'ی' ~ '\\w'").fetchone()
        assert found == ("éà", True, True)
        setting = connection.execute("SHOW server_encoding").fetchone()
        assert setting == ("UTF8",)


def test_tcp_wants_the_password_and_listens_on_loopback_only(tmp_path: Path) -> None:
    with Postgres(tmp_path, fast=True) as server:
        with psycopg.connect(server.tcp_url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://postgres:wrong@127.0.0.1:{server.port}/postgres")


def test_a_long_data_path_still_has_a_socket(tmp_path: Path) -> None:
    with Postgres(tmp_path / ("x" * 100), fast=True) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_services_end_with_their_starter(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from sadra_cli.nats_server import Nats\n"
        "from sadra_cli.postgres import Postgres\n"
        "postgres, bus = Postgres(pathlib.Path(sys.argv[1]), fast=True), Nats(pathlib.Path(sys.argv[2]))\n"
        "postgres.start(); bus.start()\n"
        "print(postgres.pid, bus.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "postgres"), str(tmp_path / "nats")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        services = [psutil.Process(int(word)) for word in starter.stdout.readline().split()]
        starter.kill()
        assert len(services) == 2
        _, alive = psutil.wait_procs(services, timeout=30)
        assert alive == []


async def test_stored_messages_survive_kill_9(tmp_path: Path) -> None:
    server = Nats(tmp_path)
    client = await nats.connect(server.start(), allow_reconnect=False)
    stream = client.jetstream()
    await stream.add_stream(name="jobs", subjects=["jobs.>"])
    await stream.publish("jobs.send", "پیام".encode())
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await client.close()
    with Nats(tmp_path) as again:
        client = await nats.connect(again.url)
        subscription = await client.jetstream().pull_subscribe("jobs.>", durable="reader")
        [message] = await subscription.fetch(1, timeout=5)
        assert message.data.decode() == "پیام"
        await message.ack()
        await client.close()


def test_a_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    with Nats(tmp_path / "first") as first, pytest.raises(children.Failed, match="address already in use"):
        Nats(tmp_path / "second", port=first.port).start()
