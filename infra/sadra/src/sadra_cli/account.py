"""The account that the database server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

ACCOUNT = "sadra"
TRAVERSE = stat.S_IXOTH
READ = stat.S_IROTH | stat.S_IRGRP


def database_account() -> pwd.struct_passwd | None:
    """The account to switch to, made when missing; None when this process is not root and needs no switch."""
    if os.geteuid() != 0:
        return None
    if (found := _entry(ACCOUNT)) is not None:
        return found
    if useradd := shutil.which("useradd"):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)
    return _entry(ACCOUNT) or pwd.getpwnam("nobody")


def let_reach(path: Path) -> None:
    """Lets other accounts pass through the folders above `path`, without letting them list what is there."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & TRAVERSE:
            folder.chmod(mode | TRAVERSE)


def let_read(folder: Path) -> None:
    """Lets other accounts read and run what a folder holds; a no-op unless it was unpacked under a strict umask."""
    if folder.stat().st_mode & READ == READ:
        return
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        run = stat.S_IXOTH | stat.S_IXGRP if mode & stat.S_IXUSR else 0
        path.chmod(mode | READ | run)


def give(folder: Path, account: pwd.struct_passwd) -> None:
    """Makes the account the owner of a folder and all below it, when it is not already."""
    if folder.stat().st_uid == account.pw_uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
