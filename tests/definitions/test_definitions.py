"""Walks all modules: what a definition promises is there, and the start-up check names every kind of fault."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from babel.messages.pofile import read_po

import crm_domain
from crm_domain.definition import (
    Arrangement,
    DuplicateRule,
    LinkFields,
    ManyToMany,
    Module,
    Options,
    Record,
    Registry,
    option,
    panel,
    required,
)
from crm_domain.definition.check import faults
from crm_domain.definition.kinds import Address, AnyLink, Boolean, Choice, DependentChoice, Emails, Link, Text
from crm_domain.definition.words import unworded
from crm_domain.modules import MODULES, REGISTRY, TABLES
from crm_domain.modules.places import PROVINCES

MESSAGES = Path(crm_domain.__file__).parent / "messages"


def ids(language: str) -> frozenset[str]:
    found: set[str] = set()
    for path in (MESSAGES / language).glob("*.po"):
        with path.open("rb") as file:
            found |= {str(message.id) for message in read_po(file) if message.id and message.string}
    return frozenset(found)


KNOWN = {language: ids(language) for language in ("fa", "en")}


def test_no_definition_has_a_fault() -> None:
    assert faults(REGISTRY) == ()


def test_s_15_every_label_is_worded_in_both_languages() -> None:
    assert unworded(REGISTRY, KNOWN) == ()


def test_rules_word_their_refusals_in_both_languages() -> None:
    for language, known in KNOWN.items():
        for path in (Path(crm_domain.__file__).parent / "modules").rglob("*.py"):
            for call in ("FieldProblem", "Refused"):
                for part in path.read_text().split(f'{call}("')[1:]:
                    assert part.split('"')[0] in known, (language, path.name, part[:40])


def test_places_are_worded_and_complete() -> None:
    assert len(PROVINCES) == 31
    wanted = {f"province.{p.key}" for p in PROVINCES} | {f"city.{city.key}" for p in PROVINCES for city in p.cities}
    assert all(wanted <= known for known in KNOWN.values())


def test_modules_name_each_other_both_ways() -> None:
    """The layout's subpanels come first, in their order."""
    assert list(REGISTRY.relations("accounts"))[:3] == ["contacts", "opportunities", "leads"]
    assert list(REGISTRY.relations("contacts"))[:3] == ["accounts", "opportunities", "leads"]
    assert list(REGISTRY.relations("opportunities"))[:2] == ["contacts", "quotes"]
    assert {"cases", "bugs", "tasks", "calls", "meetings", "notes", "documents"} <= set(REGISTRY.relations("accounts"))


def test_icons_are_distinct() -> None:
    assert len({module.icon for module in MODULES}) == len(MODULES)


def test_layouts_are_data() -> None:
    for module in MODULES:
        assert msgspec.json.decode(msgspec.json.encode(module.layout), type=type(module.layout)) == module.layout


# Seeded faults: one small module each, and the sentence it must be told off with.


def plain(**fields: Any) -> type[Record]:
    """A record with a name, these fields, and a layout of the name alone."""
    name = required(Text())
    layout = Arrangement(columns=(name,), panels=(panel("overview", (name,)),))
    return type("Seeded", (Record,), {"name": name, "layout": layout, **fields})


def with_layout(**places: Any) -> type[Record]:
    """The same with a layout of its own and a choice of lanes."""
    name, lane = required(Text()), Choice(options=Options("lane", (option("a"), option("b", kind="closed"))))
    arranged: dict[str, Any] = {"columns": (name,), "panels": (panel("overview", (name,)),), **places}
    return type("Seeded", (Record,), {"name": name, "lane": lane, "layout": Arrangement(**arranged)})


def seeded(record: type[Record], *tables: ManyToMany, **facts: Any) -> tuple[str, ...]:
    module = Module(**{"key": "seeded", "record": record, "icon": "box", **facts})
    return faults(Registry((*MODULES, module), (*TABLES, *tables)))


TWICE = Text()


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (seeded(plain(), icon=""), "seeded has no icon"),
        (seeded(plain(one=TWICE, two=TWICE)), "seeded.one stands for 2 fields"),
        (seeded(plain(to=Link(target="nowhere"))), "seeded.to links to nowhere, which is no module"),
        (seeded(plain(to=AnyLink(targets=("leads", "gone")))), "seeded.to links to gone, which is no module"),
        (
            seeded(plain(to=Link(target="accounts", inverse="contacts"))),
            "seeded.to shares the relation accounts.contacts with another link",
        ),
        (
            seeded(plain(to=AnyLink(targets=("leads", "accounts"), inverse="contacts"))),
            "seeded.to shares the relation accounts.contacts with another link",
        ),
        (seeded(plain(at=Address(twin="name"))), "seeded.at has the twin name, which is no address"),
        (
            seeded(plain(lane=Choice(options=Options("lane", (option("a"),)), default="b"))),
            "seeded.lane has the default b, which is no option",
        ),
        (
            seeded(plain(lane=DependentChoice(options=Options("lane", (option("a"),)), leader="name"))),
            "seeded.lane depends on name, which is no choice",
        ),
        (seeded(plain(mail=Emails(search=True))), "seeded.mail cannot be part of the search key"),
        (seeded(plain(flag=Boolean(unique=True))), "seeded.flag cannot be unique"),
        (
            seeded(plain(lane=Choice(options=Options("lane", (option("a"), option("a")))))),
            "lane.a stands for 2 options",
        ),
        (seeded(plain(), sort_field="flag"), "seeded.flag is the sort field but no text"),
        (seeded(plain(), open_field="name"), "seeded.name is the open field but has no closed options"),
        (seeded(plain(), drafted={"name": "new"}), "seeded.name should have the option new"),
        (
            seeded(plain(), duplicates=(DuplicateRule(same=("code",)),)),
            "seeded.code is in a duplicate rule but is no field",
        ),
        (seeded(with_layout(columns=("name", "colour"))), "seeded.colour is in the layout's columns but is no field"),
        (
            seeded(with_layout(card=("assigned_to.shoe",))),
            "seeded.assigned_to.shoe is in the layout's card but is no field",
        ),
        (seeded(with_layout(basic=("name", "name"))), "seeded.name is 2 times in the layout's basic"),
        (seeded(with_layout(quick=(("name", "lane", "team"),))), "seeded.name stands in a row of 3 fields"),
        (seeded(with_layout(quick=(("lane",),))), "seeded.name is required but not in the quick form"),
        (seeded(with_layout(panels=(panel("overview", ("lane",)),))), "seeded.name is required but not in the form"),
        (seeded(with_layout(subpanels=("cars",))), "seeded.cars is a subpanel but no relation"),
        (
            seeded(with_layout(board="name", card=("name",))),
            "seeded.name is the board's axis but no choice of at most 20",
        ),
        (seeded(with_layout(board="lane")), "seeded has a board but no card"),
        (
            seeded(with_layout(board="lane", card=("name",), board_sum="lane")),
            "seeded.lane is summed on the board but is no money",
        ),
        (seeded(with_layout(sort="lane")), "seeded.lane sorts the list but has no index"),
        (
            seeded(plain(), ManyToMany(key="both", left="seeded", right="gone", left_key="a", right_key="b")),
            "both relates gone, which is no module",
        ),
        (
            seeded(
                plain(),
                ManyToMany(key="both", left="seeded", right="leads", left_key="a", right_key="b", primary="first"),
            ),
            "both.first marks the primary link but is no yes or no",
        ),
        (
            seeded(
                plain(),
                ManyToMany(key="both", left="seeded", right="leads", left_key="a", right_key="b", mirrors="reports_to"),
            ),
            "leads.reports_to mirrors both but is no link to seeded",
        ),
    ],
)
def test_a_fault_is_named(found: tuple[str, ...], sentence: str) -> None:
    assert sentence in found


def test_a_missing_name_is_named() -> None:
    record = type("Nameless", (Record,), {"layout": Arrangement(columns=("created_at",), panels=())})
    assert "seeded.name is missing: every record has a name" in seeded(record)


def test_a_missing_message_is_named() -> None:
    class Role(LinkFields):
        part = Text()

    table = ManyToMany(key="cast", left="leads", right="teams", left_key="cast", right_key="plays", fields=Role)
    missing = unworded(Registry(MODULES, (*TABLES, table)), KNOWN)
    assert set(missing) >= {"leads.relation.cast has no message in fa", "cast.part has no message in en"}
