"""Hostile files are opened in a child process with limits on time and memory, no new files and no network (SEC-22).

The child runs one of the jobs below on what it reads; whatever a file does to it, the parent gets an explained problem.
"""

import asyncio
import resource
import sys
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from crm_domain.problems import BadValue

WALL_S = 40
MEMORY = 512 * 1024 * 1024
AT_ONCE = 2
"""Children of one process at the same time."""


class Job(msgspec.Struct, frozen=True):
    """`module` has `ready()`, which loads whatever it needs, and `run(body, *words)`, which answers plain values.

    `cpu_s`, `files` open at once and `file_bytes` of each file it writes into a folder of its own are all it gets.
    """

    module: str
    cpu_s: int = 30
    files: int = 0
    file_bytes: int = 0


JOBS = {
    "picture": Job("crm_storage.files.pictures"),
    "page": Job("crm_storage.files.pages"),
    "sheet": Job("crm_storage.files.sheets"),
    "feed": Job("crm_storage.feeds.entries"),
    "paper": Job("crm_storage.files.papers", cpu_s=20, files=64, file_bytes=4 * 1024 * 1024),
}
REFUSED = 3
"""The exit code of a child that says why: its answer is a message id and facts."""

_slots = asyncio.Semaphore(AT_ONCE)


async def in_child(job: str, body: bytes, *words: str) -> Any:
    """What the job made of the bytes. Raises BadValue, also where the child was killed at its limits."""
    async with _slots:
        with TemporaryDirectory(prefix="sadra-") as folder:
            answer, code = await _ended(job, body, words, folder)
    if code == 0:
        return msgspec.msgpack.decode(answer)
    if code == REFUSED:
        id_, facts = msgspec.msgpack.decode(answer)
        raise BadValue(id_, **facts)
    raise BadValue("problems.file_too_hard")


async def _ended(job: str, body: bytes, words: tuple[str, ...], folder: str) -> tuple[bytes, int | None]:
    """The child's answer and exit code. Raises BadValue for one that takes too long."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crm_storage.limited",
        job,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"TMPDIR": folder, "XDG_CACHE_HOME": folder},
        cwd="/",
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(WALL_S):
            answer, _ = await child.communicate(body)
    except TimeoutError:
        raise BadValue("problems.file_too_hard") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return answer, child.returncode


def main(job: str, *words: str) -> int:
    """The child: loads, locks itself in, then looks at the bytes."""
    asked = JOBS[job]
    work = import_module(asked.module)
    work.ready()
    for limit, value in (
        (resource.RLIMIT_CPU, asked.cpu_s),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, asked.file_bytes),
        (resource.RLIMIT_NOFILE, asked.files),
    ):
        resource.setrlimit(limit, (value, value))
    try:
        answer, code = work.run(sys.stdin.buffer.read(), *words), 0
    except BadValue as bad:
        answer, code = (bad.problem.id, bad.problem.facts), REFUSED
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
