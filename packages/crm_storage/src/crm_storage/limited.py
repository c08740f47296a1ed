"""Hostile files are opened in a child process with limits on time and memory, no new files and no network (SEC-22).

The child runs one of the jobs below on what it reads; whatever a file does to it, the parent gets an explained problem.
"""

import asyncio
import resource
import sys
from importlib import import_module
from typing import Any

import msgspec

from crm_domain.problems import BadValue

CPU_S = 30
WALL_S = 40
MEMORY = 512 * 1024 * 1024
AT_ONCE = 2
"""Children of one process at the same time."""
JOBS = {"picture": "crm_storage.files.pictures", "page": "crm_storage.files.pages", "sheet": "crm_storage.files.sheets"}
"""Modules with `ready()`, which loads whatever it needs, and `run(body, *words)`, which answers plain values."""
REFUSED = 3
"""The exit code of a child that says why: its answer is a message id and facts."""

_slots = asyncio.Semaphore(AT_ONCE)


async def in_child(job: str, body: bytes, *words: str) -> Any:
    """What the job made of the bytes. Raises BadValue, also where the child was killed at its limits."""
    async with _slots:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "crm_storage.limited",
            job,
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        try:
            answer, _ = await asyncio.wait_for(child.communicate(body), WALL_S)
        except TimeoutError:
            raise BadValue("problems.file_too_hard") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode == 0:
        return msgspec.msgpack.decode(answer)
    if child.returncode == REFUSED:
        id_, facts = msgspec.msgpack.decode(answer)
        raise BadValue(id_, **facts)
    raise BadValue("problems.file_too_hard")


def main(job: str, *words: str) -> int:
    """The child: loads, locks itself in, then looks at the bytes."""
    work = import_module(JOBS[job])
    work.ready()
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
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
