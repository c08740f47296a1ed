"""Persian and English say the same things: the same messages with the same placeholders, none empty."""

import re
from itertools import pairwise
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from sadra_cli.places import ROOT

MESSAGES = ROOT / "packages/crm_domain/src/crm_domain/messages"
LANGUAGES = ("en", "fa")
PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")
FOREIGN_LETTERS = {"ي": "ی", "ك": "ک", "ى": "ی", "ة": "ه"}
"""Arabic letters that look like Persian ones but are not."""
OWN_PLURALS = (".one",)
OWN_WORDING = ("calendar.gregorian.", "calendar.jalali.", "numbers.words.")
"""Where languages differ by nature: forms of a number, patterns of a date, numbers in words."""

Messages = dict[str, tuple[str, ...]]


def compare(folder: Path = MESSAGES) -> tuple[bool, str]:
    """Compares the catalogues of all languages, room by room."""
    faults: list[str] = []
    rooms = {path.name for language in LANGUAGES for path in (folder / language).glob("*.po")}
    seen: dict[tuple[str, str], str] = {}
    for room in sorted(rooms):
        read = {language: _read(folder / language / room, faults) for language in LANGUAGES}
        faults += _compare_room(room, read)
        for language, messages in read.items():
            for name in messages:
                former = seen.setdefault((language, name), room)
                if former != room:
                    faults.append(f"{language}: {name} is in both {former} and {room}")
    return not faults, "\n".join(faults)


def _read(path: Path, faults: list[str]) -> Messages:
    if not path.exists():
        faults.append(f"{path.parent.name}/{path.name} is missing")
        return {}
    faults += _doubled(path)
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except PoFileError as error:
        faults.append(f"{path.parent.name}/{path.name}: {error}")
        return {}
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in catalogue
        if message.id
    }


def _doubled(path: Path) -> list[str]:
    """Second texts of a message, which merging leaves behind and of which a reader may meet either."""
    lines = [(place, line) for place, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line[:3] == "msg"]
    return [
        f"{path.parent.name}/{path.name}:{place} is a second text of one message"
        for (_, before), (place, line) in pairwise(lines)
        if before.startswith("msgstr ") and line.startswith("msgstr ")
    ]


def _compare_room(room: str, read: dict[str, Messages]) -> list[str]:
    first, *others = LANGUAGES
    faults: list[str] = []
    for other in others:
        ours, theirs = read[first], read[other]
        missing = [(other, name) for name in ours.keys() - theirs.keys()]
        missing += [(first, name) for name in theirs.keys() - ours.keys()]
        faults += [f"{language}/{room}: {name} is missing" for language, name in sorted(missing) if not _own(name)]
        faults += [
            f"{room}: {name} has other placeholders in {other} than in {first}"
            for name in sorted(ours.keys() & theirs.keys())
            if not _own(name) and _placeholders(ours[name]) != _placeholders(theirs[name])
        ]
    for language in LANGUAGES:
        for name, texts in read[language].items():
            if not all(texts):
                faults.append(f"{language}/{room}: {name} is empty")
            if language == "fa" and any(letter in text for text in texts for letter in FOREIGN_LETTERS):
                faults.append(f"fa/{room}: {name} holds an Arabic letter where Persian has its own")
    return faults


def _own(name: str) -> bool:
    return name.endswith(OWN_PLURALS) or name.startswith(OWN_WORDING)


def _placeholders(texts: tuple[str, ...]) -> set[str]:
    """A singular may leave out the number, so all forms count together."""
    return {found for text in texts for found in PLACEHOLDER.findall(text)}
