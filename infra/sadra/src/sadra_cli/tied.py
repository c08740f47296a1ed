"""Starts a program tied to its starter: when the starter dies, even by `kill -9`, the program is told to stop.

Runs as a script of its own, before the program it becomes: `python -I -S tied.py STARTER SIGNAL UID GID PROGRAM …`.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
UNCHANGED = -1


def main(words: list[str]) -> None:
    """Takes on the account, ties itself to the starter and becomes the program."""
    starter, signal_number, user, group = (int(word) for word in words[:4])
    program = words[4:]
    if user != UNCHANGED:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != starter:
            sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - there is no shell on purpose


if __name__ == "__main__":
    main(sys.argv[1:])
