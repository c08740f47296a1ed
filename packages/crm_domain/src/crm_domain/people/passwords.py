"""Which passwords are good enough: long, not common, not one's own name. Nothing forces signs or digits (SEC-28)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.digits import to_ascii

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 128
SHORTEST_NAME: Final = 4
"""Shorter names occur in good passwords by chance."""
COMMON: Final = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())
"""What people take most, and the words they put figures behind."""
FIGURES: Final = "0123456789!@#$%&*.-_?"


def check_password(password: str, names: Iterable[str] = (), *, least: int = MIN_LENGTH) -> None:
    """Raises Invalid. `names` are the user's own and his company's: none may make up the password."""
    problem = _problem(password, names, least)
    if problem:
        raise Invalid({"password": (problem,)})


def _problem(password: str, names: Iterable[str], least: int) -> FieldProblem | None:
    if len(password) < least:
        return FieldProblem("people.password_short", {"n": least})
    if len(password) > MAX_LENGTH:
        return FieldProblem("people.password_long", {"n": MAX_LENGTH})
    plain = _plain(password)
    if plain in COMMON or len(set(plain)) <= 2 or plain.strip(FIGURES) in COMMON:
        return FieldProblem("people.password_common")
    if any(_is_mostly(plain, part) for name in names for part in _parts(name)):
        return FieldProblem("people.password_own_name")
    return None


def _plain(text: str) -> str:
    return to_ascii(text).casefold()


def _parts(name: str) -> list[str]:
    plain = _plain(name)
    words = plain.replace("@", " ").replace(".", " ").split()
    return [part for part in (plain.replace(" ", ""), *words) if len(part) >= SHORTEST_NAME]


def _is_mostly(password: str, part: str) -> bool:
    """A name with a few signs about it; inside a long phrase it does no harm."""
    return part in password and len(password.replace(part, "")) < MIN_LENGTH - 2
