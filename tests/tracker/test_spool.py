"""The spool: what was taken is there after every kind of death, in order, once, and within its bounds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from crm_tracker.spool import SEGMENT_BYTES, Spool, orphans
from sadra_cli.nats_server import PAYLOAD_MAX

WRITER = """
import sys, pathlib
from crm_tracker.spool import Spool
spool = Spool(pathlib.Path(sys.argv[1]))
number = 0
while True:
    number += 1
    spool.append(7, b"%d" % number, vital=True)
    if number % 1000 == 0:
        print(number, flush=True)
"""


def drained(spool: Spool, most: int = 500) -> list[bytes]:
    found: list[bytes] = []
    while True:
        records, position = spool.read(most)
        if not records:
            return found
        found += [record for _, record in records]
        spool.forget(position)


def test_records_come_back_in_order_with_their_tenant_over_many_segments(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    told = [(number % 9, os.urandom(100 + number % 900)) for number in range(20_000)]
    for tenant, record in told:
        assert spool.append(tenant, record, vital=False)
    found: list[tuple[int, bytes]] = []
    while records := (answer := spool.read(777))[0]:
        found += records
        spool.forget(answer[1])
    assert found == told
    assert spool.empty
    assert len(list(tmp_path.glob("*/*.seg"))) == 1
    spool.close()
    assert list(tmp_path.glob("*/*.seg")) == []


def test_rel_08_what_a_killed_process_had_taken_is_there(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        promised = 0
        while promised < 50_000:
            promised = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
    found = [int(record) for record in drained(Spool(tmp_path))]
    assert found == list(range(1, len(found) + 1))
    assert len(found) >= promised


def test_rel_10_a_segment_that_grew_while_it_was_synced_is_synced_again(tmp_path: Path) -> None:
    """What comes during a sync may not have reached the disk with it, also when its segment is full by then."""
    spool = Spool(tmp_path)
    spool.append(7, b"first", vital=True)
    first, number = spool._last, list[int]()
    sync = first.sync

    def slow() -> None:
        number.append(1)
        sync()
        while len(number) == 1 and spool._last is first:
            spool.append(7, b"x" * 60_000, vital=True)

    first.sync = slow
    spool.sync()
    spool.sync()
    assert len(number) == 2 and spool.synced
    spool.sync()
    assert len(number) == 2


def test_a_torn_record_ends_a_segment_and_nothing_else(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        spool.append(7, b"record %d" % number, vital=True)
    spool.sync()
    [file] = tmp_path.glob("*/*.seg")
    torn = bytearray(file.read_bytes())
    torn[torn.rindex(b"record 2") + 3] ^= 1
    spool.close()
    file.write_bytes(torn)
    again = Spool(tmp_path)
    assert drained(again) == [b"record 0", b"record 1"]
    again.append(7, b"record 3", vital=True)
    assert drained(again) == [b"record 3"]


def test_what_a_power_cut_took_from_a_segment_is_no_place_for_new_records(tmp_path: Path) -> None:
    """The disk may know how far the bus has a segment before it has all of the segment."""
    spool = Spool(tmp_path)
    for number in range(3):
        spool.append(7, b"record %d" % number, vital=True)
    spool.forget(spool.read(10)[1])
    [file] = tmp_path.glob("*/*.seg")
    torn = file.read_bytes().replace(b"record 2", b"record ?")
    spool.append(7, b"not sent yet", vital=True)
    spool.close()
    file.write_bytes(torn)
    again = Spool(tmp_path)
    again.append(7, b"record 3", vital=True)
    assert drained(again) == [b"record 3"]


def test_long_records_are_read_in_pieces_that_the_bus_takes(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    told = [os.urandom(9000) for _ in range(300)]
    for record in told:
        spool.append(7, record, vital=True)
    found: list[bytes] = []
    while records := (answer := spool.read(1000))[0]:
        assert sum(len(record) for _, record in records) < PAYLOAD_MAX
        found += [record for _, record in records]
        spool.forget(answer[1])
    assert found == told


def test_what_was_forgotten_stays_so_and_the_rest_comes_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(10):
        spool.append(7, b"%d" % number, vital=True)
    _, position = spool.read(4)
    spool.forget(position)
    assert [record for _, record in spool.read(100)[0]] == [b"%d" % number for number in range(4, 10)]
    spool.close()
    assert drained(Spool(tmp_path)) == [b"%d" % number for number in range(4, 10)]


def test_when_room_gets_scarce_only_what_is_vital_is_taken(tmp_path: Path) -> None:
    spool = Spool(tmp_path, cap=3 * SEGMENT_BYTES)
    while spool.append(7, b"x" * 60_000, vital=False):
        pass
    assert spool.append(7, b"an opt-out", vital=True)
    assert drained(spool)[-1] == b"an opt-out"
    assert spool.append(7, b"x", vital=False)


def test_two_processes_never_share_a_slot(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    first.append(7, b"first", vital=True)
    second.append(7, b"second", vital=True)
    assert first.name != second.name
    assert (drained(first), drained(second)) == ([b"first"], [b"second"])


def test_rel_23_what_a_process_left_in_its_slot_is_taken_over(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    second.append(7, b"left behind", vital=True)
    second.close()
    [left] = orphans(tmp_path)
    assert drained(left) == [b"left behind"]
    assert orphans(tmp_path) == []
    first.close()
