"""What the command window offers besides records: places, things to create, deeds on the record at hand, tools."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from crm_domain.definition import Module, kinds
from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.text.normalise import search_key
from crm_storage.records.select_rows import STARRED
from crm_web.admin.places import open_to
from crm_web.reach import may_merge, reaches
from crm_web.visit import Visit

Option = tuple[str, str, str, tuple[str, ...], str, bool]
"""What it says, its address, icon, keys, a second line, and whether choosing it posts."""
AT_RECORD = re.compile(r"/([a-z_]{1,40})/([0-9a-f-]{36})(?:/.*)?")
SWITCHES = (
    ("language", ("fa", "en"), "languages"),
    ("theme", ("light", "dark", "system"), "sun-moon"),
    ("digits", ("persian", "latin"), "hash"),
    ("density", ("compact", "normal", "relaxed"), "list"),
)


async def commands(
    visit: Visit, modules: Iterable[Module[Any]], words: str, here: str
) -> list[tuple[str, list[Option]]]:
    """Groups of commands whose words, in either language, hold those typed; `here` is the page the window stands over."""
    modules = list(modules)
    return [
        (visit.text("palette.here"), [one for one in await _on_record(visit, here) if _matches(one[0], words)]),
        (visit.text("palette.go"), list(_places(visit, modules, words))),
        (visit.text("palette.create"), list(_creations(visit, modules, words))),
        (visit.text("palette.tools"), list(_tools(visit, words))),
    ]


async def _on_record(visit: Visit, here: str) -> list[Option]:
    """What can be done with the record whose page it is."""
    at = AT_RECORD.fullmatch(here)
    module = visit.work.registry.modules.get(at[1]) if at else None
    if at is None or module is None or (id_ := _id(at[2])) is None or not visit.access.can(module.key, "view"):
        return []
    rows = await visit.work.store.fetch(module, [id_], columns=("name", STARRED))
    if not rows:
        return []
    url = f"/{module.key}/{id_}"
    open_to = not module.closed_to(admin=visit.access.admin)
    star = "palette.unstar" if rows[0][STARRED] else "palette.star"
    found: list[Option] = [(visit.text(star), f"{url}/star", "star", ("F",), "", True)]
    if open_to and await reaches(visit, module, id_, "edit"):
        found.insert(0, (visit.text("record.edit"), f"{url}/edit", "pencil", ("E",), "", False))
    if open_to and visit.access.can(module.key, "create"):
        found.append((visit.text("record.copy"), f"/{module.key}/new?copy={id_}", "copy", (), "", False))
    if await reaches(visit, module, id_, "print"):
        found.append((visit.text("list.print"), f"{url}/print", "printer", (), "", False))
    if may_merge(visit, module):
        found.append((visit.text("merge.find"), f"{url}/duplicates", "copy-check", (), "", False))
    if await reaches(visit, module, id_, "audit"):
        found.append((visit.text("record.history"), f"{url}/history", "history", (), "", False))
    return found


def _places(visit: Visit, modules: Iterable[Module[Any]], words: str) -> Iterator[Option]:
    for module in modules:
        if _matches(" ".join((module.key, *_names(visit, module, "many"))), words):
            yield visit.voice.module(module), f"/{module.key}", module.icon, (), "", False


def _creations(visit: Visit, modules: Iterable[Module[Any]], words: str) -> Iterator[Option]:
    """New records; what is typed behind the name of their kind becomes their name: «وظیفه تماس با علوی»."""
    for module in creatable(visit, modules):
        label = visit.text(f"{module.key}.new")
        new = " ".join(catalogue(language).text(f"{module.key}.new") for language in LANGUAGES)
        if _matches(f"new {module.key} {label} {new}", words):
            yield label, f"/{module.key}/new", "plus", (), "", False
        elif rest := _behind(_names(visit, module, "one"), words):
            yield f"{label}: {rest}", named(module, rest), "plus", (), "", False


def creatable(visit: Visit, modules: Iterable[Module[Any]]) -> list[Module[Any]]:
    """The modules in the menu of which the reader may make records."""
    return [
        module
        for module in modules
        if module.group and visit.access.can(module.key, "create") and not module.closed_to(admin=visit.access.admin)
    ]


def named(module: Module[Any], name: str) -> str:
    """The form of a new record that is called so."""
    key = "name" if isinstance(module.by_key.get("name"), kinds.Text) else "last_name"
    return f"/{module.key}/new?{urlencode({key: name})}" if key in module.by_key else f"/{module.key}/new"


def _tools(visit: Visit, words: str) -> Iterator[Option]:
    tools = [
        ("nav.calendar", "/calendar", "calendar"),
        ("nav.mail", "/mail", "mail"),
        ("shell.recent", "/recent", "history"),
        ("shell.favourites", "/favourites", "star"),
        ("nav.settings", "/settings", "settings"),
        ("nav.help", "/help", "circle-question-mark"),
    ]
    administered = [place for _, places in open_to(visit.access) for place in places]
    if administered:
        tools.append(("nav.admin_area", "/admin", "shield"))
    tools += [(f"admin.tab.{place.key}", place.path, place.icon) for place in administered]
    for id_, href, icon in tools:
        if _matches(f"{id_} {_everywhere(id_)}", words):
            yield visit.text(id_), href, icon, (), "", False
    if not words:
        return
    for key, values, icon in SWITCHES:
        for value in values:
            ids = (f"settings.{key}", f"settings.{key}.{value}")
            if _matches(" ".join(map(_everywhere, ids)), words):
                said = visit.text("palette.switch", what=visit.text(ids[0]), to=visit.text(ids[1]))
                yield said, f"/settings/switch/{key}/{value}", icon, (), "", True


def _names(visit: Visit, module: Module[Any], number: str) -> list[str]:
    """What a module is called: by the company, and in every language of the product."""
    id_ = f"{module.key}.{number}"
    return [visit.voice.module(module, number), *(catalogue(language).text(id_) for language in LANGUAGES)]


def _everywhere(id_: str) -> str:
    return " ".join(catalogue(language).text(id_) for language in LANGUAGES)


def _behind(names: Iterable[str], words: str) -> str:
    """What is typed behind one of the names; empty without it."""
    for name in names:
        typed = words.split()
        own = search_key(name).split()
        if len(typed) > len(own) and search_key(" ".join(typed[: len(own)])).split() == own:
            return " ".join(typed[len(own) :])
    return ""


def _matches(text: str, words: str) -> bool:
    folded = search_key(text)
    return all(word in folded for word in search_key(words).split())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
