"""A module: one class that says what it is, functions that say what it does, and this value that joins them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from crm_domain.definition.change import Change
from crm_domain.definition.kinds import AnyLink, Computed, Kind, Link, Text, UserLink
from crm_domain.definition.layout import Layout
from crm_domain.definition.options import Hue
from crm_domain.definition.record import SYSTEM_KEYS, Record
from crm_domain.definition.relation import fields_of

if TYPE_CHECKING:
    from crm_domain.records.work import Work

R = TypeVar("R", bound=Record)
Beginning = Callable[["Work"], Awaitable[Mapping[str, Any]]]
Rule = Callable[[Change[Any]], None]
"""Runs before every save, on every path: form, board, bulk, import, API. Raises Invalid or Refused to stop it."""
AsyncRule = Callable[["Work", "Change[Any]"], Awaitable[None]]
"""The same for rules that must look at other records, inside the same unit of work."""
RemoveRule = Callable[["Work", Any], Awaitable[None]]
FollowRule = Callable[["Work", Sequence[Any]], Awaitable[None]]
"""What others have to learn of records that have just gone to the trash or come back, all of them at once."""


class DuplicateRule(msgspec.Struct, frozen=True):
    """Records that may be the same one: every field of `same` equal, every one of `starts` beginning alike."""

    same: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When a record takes place and who takes part: what calendars, reminders and the ticking off of work read.

    All are keys: of fields, of the option of `open_field` that a tick sets, of relations to guests.
    """

    start: str
    end: str = ""
    whole_day: str = ""
    done: str = ""
    hue: Hue = "blue"
    guests: tuple[str, ...] = ()
    reminders: str = ""
    mail_reminders: str = ""
    """Fields that say how many seconds before the start people are reminded: by the bell, by e-mail."""
    series: str = ""
    """The link from an occurrence of a repeated record to the one that carries the rule."""


class Privacy(msgspec.Struct, frozen=True):
    """Records whose yes/no `field` is true are their owner's alone, whatever others' roles say, administrators' too.

    A record linked by the relation table `links` is open to whoever may see one of its partners.
    """

    field: str
    links: str = ""


class Credit(msgspec.Struct, frozen=True):
    """New records count as brought by the campaign that the link `field` names, as that `activity` of its log."""

    field: str
    activity: str


class Expiry(msgspec.Struct, frozen=True, kw_only=True):
    """When a record that is still open runs out, and who is told before: the one responsible, once.

    `becomes` is the option of `open_field` it gets the day after; empty leaves it as it is. The warning comes at the moment
    of the field `warn_at` or, without one, in the morning so many days before.
    """

    day: str
    becomes: str = ""
    warn_at: str = ""
    warn_days: int = 0


class Module(msgspec.Struct, Generic[R], frozen=True, kw_only=True, eq=False):
    """A record type with everything generic machinery needs to know of it.

    `effective(module, overlay)` gives the tenant's own: the same type, so that machinery cannot tell the difference.
    """

    key: str
    record: type[R]
    icon: str
    group: str = "sales"
    """The navigation group, message `nav.<group>`; empty keeps it out of the menu."""
    person: bool = False
    """Whether the records are people: name order, avatars, vCard."""
    takes: Mapping[str, Mapping[str, str]] = {}
    """What the form of a new record takes over from the one it is made beside: by link, own fields with the other's."""
    begins: Beginning | None = None
    """What the form of a new record begins with beyond its fields' defaults."""
    before_save: tuple[Rule, ...] = ()
    with_work: tuple[AsyncRule, ...] = ()
    many_at_once: bool = False
    """Whether new and changed records may be drawn up one after the other and then stored together: none of the rules above
    that ask the database writes anything, or looks at another one of them but by a link. Said where there are such rules;
    see `drawn_together`."""
    after_save: tuple[AsyncRule, ...] = ()
    """What follows in the same unit of work once the record is there: its guests, its later occurrences."""
    before_remove: tuple[RemoveRule, ...] = ()
    after_trash: tuple[FollowRule, ...] = ()
    """What follows in the same unit of work once records have gone to the trash, or come back from it."""
    duplicates: tuple[DuplicateRule, ...] = ()
    name_core: Callable[[str], str] | None = None
    """What of a name tells a record where people leave out or add the rest, as companies' legal forms."""
    open_field: str = ""
    """The choice whose closed options end a record; empty means that every record is open."""
    sort_field: str = "name"
    """The text by which "name" sorts: the family name for people."""
    number_field: str = ""
    """The number by which people call a record: it stands before the name."""
    part_of: str = ""
    """The link to the record this one is a part of: who cannot see that cannot see this, whatever his rights here."""
    repeats: tuple[str, ...] = ()
    """Fields of that record which this one keeps under the same keys: who may not read them there cannot read them here."""
    privacy: Privacy | None = None
    """For what may be nobody else's business."""
    tells_of: tuple[str, ...] = ()
    """Relations whose records' activities its records' streams tell of too: an account's of its contacts and deals."""
    catalogue: bool = False
    """Records that are chosen rather than worked on: pickers offer the open ones only, in the list's own order."""
    admin_only: bool = False
    """Only administrators may write these records (users, currencies)."""
    due_field: str = ""
    """The day or moment by which an open record should have ended; after it the record is overdue."""
    sent: Mapping[str, str] = {}
    """The choice, with its option, that a record comes to when its document is mailed to the customer."""
    drafted: Mapping[str, str] = {}
    """The choice, with its option, of what is only being written: its history begins when it is no draft any more."""
    schedule: Schedule | None = None
    """For what has a place in the calendar."""
    mergeable: bool = False
    """Whether several records that mean the same thing may become one."""
    expiry: Expiry | None = None
    """For what runs out."""
    credit: Credit | None = None
    """For what campaigns bring."""
    kept: bool = False
    """Written by rules only: nobody makes, changes or deletes these records by himself."""
    fields: tuple[Kind, ...] = ()
    layout: Layout = msgspec.UNSET  # type: ignore[assignment] - made after the fields are known
    labels: Mapping[str, str] = {}
    """The tenant's own wording of singular and plural, keys `<language>.one` and `<language>.many`."""
    by_key: Mapping[str, Kind] = {}
    computed: tuple[Computed[Any], ...] = ()
    links: tuple[Link | UserLink | AnyLink, ...] = ()
    required: tuple[Kind, ...] = ()
    unique: tuple[Kind, ...] = ()
    """Fields that every save looks at, sorted out once."""

    def __post_init__(self) -> None:
        fields = self.fields or fields_of(self.record)
        msgspec.structs.force_setattr(self, "fields", fields)
        msgspec.structs.force_setattr(self, "by_key", {field.key: field for field in fields})
        sorted_out = {
            "computed": tuple(field for field in fields if isinstance(field, Computed)),
            "links": tuple(field for field in fields if isinstance(field, Link | UserLink | AnyLink)),
            "required": tuple(field for field in fields if field.required),
            "unique": tuple(field for field in fields if field.unique),
        }
        for key, found in sorted_out.items():
            msgspec.structs.force_setattr(self, key, found)
        if self.layout is msgspec.UNSET:  # pyright: ignore[reportUnnecessaryComparison] - until this line
            msgspec.structs.force_setattr(self, "layout", self.record.layout.layout())

    @property
    def drawn_together(self) -> bool:
        """Whether many records may be drawn up before the first is stored."""
        return self.many_at_once or not self.with_work

    def closed_to(self, *, admin: bool) -> bool:
        """Whether a user may not write these records, whatever his roles say."""
        return self.kept or (self.admin_only and not admin)

    def field(self, key: str) -> Kind:
        """The field of that key. Raises KeyError."""
        return self.by_key[key]

    def telling(self) -> tuple[Kind, ...]:
        """The texts by which one record is found among all: its name, what is unique, numbers of identity."""
        return tuple(
            field
            for field in self.fields
            if (isinstance(field, Text) and (field.unique or field.check not in ("", "host_name")))
            or (isinstance(field, Text | Computed) and field.key == "name")
        )

    def likened(self) -> tuple[Kind, ...]:
        """The texts that tell a record, and those in which the rules for duplicates want two to be the same."""
        keys = {field.key for field in self.telling()} | {key for rule in self.duplicates for key in rule.same}
        return tuple(field for field in self.fields if field.key in keys)

    def own_fields(self) -> tuple[Kind, ...]:
        """What people fill in or read: everything but the system's stamps."""
        return tuple(field for field in self.fields if field.key not in SYSTEM_KEYS)

    def writable(self) -> tuple[Kind, ...]:
        """What a form, an import or the API may set (SEC-11)."""
        return tuple(field for field in self.fields if not field.readonly)
