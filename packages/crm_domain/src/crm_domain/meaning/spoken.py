"""A module's fields as words of the template language: how each kind is written for a reader."""

from collections.abc import Callable
from typing import Any, assert_never

from crm_domain.definition import ADDRESS_PARTS, Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.show import show
from crm_domain.meaning.voice import Voice
from crm_domain.text.merge_tags import Word


def words_of(module: Module[Any], group: str, voice: Voice) -> dict[str, Word]:
    """The fields a template may name, as `<group>.<field>`; parts of an address as `<group>.<field>.<part>`."""
    found: dict[str, Word] = {}
    for field in module.fields:
        if isinstance(field, kinds.Address):
            found |= {f"{group}.{field.key}.{part}": Word() for part in ADDRESS_PARTS}
        word = _word(field, voice)
        if word:
            found[f"{group}.{field.key}"] = word
    return found


def _word(field: Kind, voice: Voice) -> Word | None:
    """None for what has no place in a mail: secrets, files."""
    write = _writer(field, voice)
    match field:
        case kinds.Date() | kinds.DateTime():
            return Word(sort="date", write=write)
        case kinds.Integer() | kinds.DecimalNumber() | kinds.Percent() | kinds.Duration():
            return Word(sort="number", write=write)
        case kinds.Money():
            return Word(sort="money", write=write)
        case kinds.Boolean():
            return Word(sort="truth", write=write)
        case kinds.Url():
            return Word(sort="link", write=write, latin=True)
        case kinds.Phone():
            return Word(write=write, latin=True, coded=True)
        case kinds.Emails() | kinds.AutoNumber():
            return Word(write=write, latin=True)
        case kinds.Text() | kinds.LongText() | kinds.RichText():
            return Word(write=write)
        case kinds.Choice() | kinds.DependentChoice():
            return Word(write=write, coded=True)
        case kinds.MultiChoice() | kinds.Link() | kinds.UserLink() | kinds.AnyLink() | kinds.Address():
            return Word(write=write)
        case kinds.Computed():
            return Word(write=write)
        case kinds.Bill():
            return Word(write=write)
        case kinds.File() | kinds.Files() | kinds.Image() | kinds.Secret():
            return None
        case _:
            assert_never(field)


def _writer(field: Kind, voice: Voice) -> Callable[[Any], str]:
    return lambda value: show(field, value, voice)
