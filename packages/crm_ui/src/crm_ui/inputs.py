"""Field kinds in forms: each field as plain facts for the input macro of its kind. One match over all kinds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, assert_never

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.options import Options
from crm_domain.definition.values import ADDRESS_PARTS, Blob
from crm_domain.meaning.show import show
from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wire import plain
from crm_domain.problems import FieldProblem
from crm_domain.text import format as formats
from crm_domain.text import money as money_text
from crm_domain.text.whole_days import day_meant
from crm_ui.bills import typed_bill, unit_options

DO_NOT_CALL = "do_not_call"
"""The field of people who asked not to be called: it speaks of all their numbers."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form. `kind` names the macro file; `value` is text, or texts by part for composite kinds."""

    kind: str
    name: str
    id: str
    label: str
    help: str = ""
    required: bool = False
    errors: tuple[str, ...] = ()
    value: Any = ""
    options: tuple[tuple[str, str, str], ...] = ()
    """(value, label, hue)."""
    readonly: bool = False
    extra: Mapping[str, Any] = {}


Currencies = Sequence[tuple[str, str]]
"""Code and label of the currencies offered."""


class Draft:
    """What makes inputs of fields: the reader, the tenant's currencies, what was typed and what is wrong."""

    def __init__(
        self,
        module: Module[Any],
        voice: Voice,
        values: Mapping[str, Any],
        *,
        raw: Mapping[str, Any] | None = None,
        problems: Mapping[str, Sequence[FieldProblem]] | None = None,
        currencies: Currencies = (),
        prefix: str = "",
    ) -> None:
        self.module = module
        self.voice = voice
        self.values = values
        self.raw = raw or {}
        self.problems = problems or {}
        self.currencies = currencies
        self.prefix = prefix

    def input(self, key: str, *, readonly: bool = False) -> Input:
        """The input of one field: what was typed if anything was, else its value."""
        kind = self.module.field(key)
        help_id = f"{self.module.key}.{key}.help"
        catalogue = self.voice.catalogue
        text = catalogue.text(help_id) if catalogue.has(help_id) else ""
        return self.input_of(kind, self.voice.label(self.module, kind), help_=text, readonly=readonly)

    def input_of(self, kind: Kind, label: str, *, help_: str = "", readonly: bool = False) -> Input:
        """The input of a field that need not be the module's, such as a link's own."""
        name, value, options, extra = self._facts(kind)
        return Input(
            kind=name,
            name=f"{self.prefix}{kind.key}",
            id=f"f-{self.prefix}{kind.key}".replace(".", "-"),
            label=label,
            help=help_,
            required=kind.required,
            errors=tuple(self.voice.text(problem.id, **problem.facts) for problem in self.problems.get(kind.key, ())),
            value="" if isinstance(kind, kinds.Secret) else self.raw.get(kind.key, value),
            options=options,
            readonly=readonly or kind.readonly,
            extra=extra,
        )

    def _facts(self, kind: Kind) -> tuple[str, Any, tuple[tuple[str, str, str], ...], Mapping[str, Any]]:
        voice, value = self.voice, self.values.get(kind.key)
        none: tuple[tuple[str, str, str], ...] = ()
        match kind:
            case kinds.Text():
                return "text", value or "", none, {"max_length": kind.max_length, "ltr": bool(kind.check)}
            case kinds.LongText():
                return "long_text", value or "", none, {"max_length": kind.max_length}
            case kinds.RichText():
                return "rich_text", value or "", none, {"library": kind.library, "mentions": kind.mentions}
            case kinds.Url():
                return "url", value or "", none, {"max_length": kind.max_length}
            case kinds.Integer():
                return "integer", self._number(value), none, {}
            case kinds.AutoNumber():
                return "auto_number", self._number(value), none, {}
            case kinds.DecimalNumber():
                return "decimal", self._number(value), none, {}
            case kinds.Percent():
                return "percent", self._number(value), none, {}
            case kinds.Money():
                return "money", self._money(value), none, {"currencies": self.currencies}
            case kinds.Boolean():
                return "boolean", "1" if value else "", none, {}
            case kinds.Date():
                return "date", show(kind, value, voice), none, self._calendar(value)
            case kinds.DateTime():
                return "datetime", self._instant(value), none, self._calendar(value)
            case kinds.Duration():
                return "duration", self._number(None if value is None else value // 60), self._lengths(kind), {}
            case kinds.Choice():
                return "choice", value or "", _options(kind.options, voice, value), {}
            case kinds.DependentChoice():
                parents = {item.key: list(item.parent) for item in kind.options.items}
                return (
                    "dependent_choice",
                    value or "",
                    _options(kind.options, voice, value),
                    {"leader": kind.leader, "parents": parents},
                )
            case kinds.MultiChoice():
                return "multi_choice", list(value or ()), _options(kind.options, voice, None), {}
            case kinds.Link():
                facts = {"url": f"/{kind.target}/pick", "module": kind.target, "among": kind.among}
                return "link", _link(value), none, facts
            case kinds.UserLink():
                return "user", _link(value), none, {"url": "/users/pick", "module": "users"}
            case kinds.AnyLink():
                return "any_link", _link(value), none, {"targets": kind.targets}
            case kinds.Emails():
                return "emails", [msgspec.to_builtins(entry) for entry in value or ()], none, {}
            case kinds.Phone():
                extra = {"call": value or "", "spared": bool(self.values.get(DO_NOT_CALL))}
                return "phone", show(kind, value, voice), none, extra
            case kinds.Address():
                parts = {part: getattr(value, part, "") for part in ADDRESS_PARTS}
                twin = self.module.by_key.get(kind.twin)
                extra = {"twin": kind.twin, "twin_label": voice.label(self.module, twin) if twin else ""}
                return "address", parts, none, extra
            case kinds.Bill():
                return (
                    "bill",
                    typed_bill(value, kind, voice),
                    unit_options(kind, voice),
                    {"currencies": self.currencies},
                )
            case kinds.File():
                return "file", self._files((value,) if value else ()), none, {}
            case kinds.Files():
                return "files", self._files(value or ()), none, {"most": kind.most}
            case kinds.Image():
                return "image", self._files((value,) if value else ()), none, {}
            case kinds.Secret():
                return "secret", "", none, {"set": show(kind, value, voice)}
            case kinds.Computed():
                return "computed", show(kind, value, voice), none, {}
            case _:
                assert_never(kind)

    def _money(self, value: Any) -> dict[str, str]:
        currency = value.currency if value else self.voice.base_currency
        text = money_text.edit_money(value.value, currency, self.voice.locale) if value else ""
        return {"": text, "currency": currency}

    def _instant(self, value: Any) -> dict[str, str]:
        if value is None:
            return {"": "", "time": ""}
        local, meant = value.astimezone(self.voice.locale.zone), day_meant(value, self.voice.locale.zone)
        return {
            "": formats.format_date(meant or local.date(), self.voice.locale, self.voice.catalogue),
            "time": "" if meant else self.voice.locale.in_digits(f"{local:%H:%M}"),
        }

    def _number(self, value: Any) -> str:
        """A number as it is typed, ungrouped, in the reader's digits."""
        if value is None:
            return ""
        return self.voice.locale.in_digits(plain(value) if isinstance(value, Decimal) else str(value))

    def _lengths(self, kind: kinds.Duration) -> tuple[tuple[str, str, str], ...]:
        voice = self.voice
        return tuple(
            (self._number(length // 60), formats.format_duration(length, voice.locale, voice.catalogue), "")
            for length in kind.presets
        )

    def _files(self, blobs: Sequence[Any]) -> list[dict[str, Any]]:
        """The files there are, each with its size in words; what was typed is shown from the raw form instead."""
        return [
            {
                **msgspec.to_builtins(blob),
                "size": formats.file_size(blob.size, self.voice.locale, self.voice.catalogue),
                "part": "keep",
            }
            for blob in blobs
            if isinstance(blob, Blob)
        ]

    def _calendar(self, value: Any) -> Mapping[str, Any]:
        return {"calendar": self.voice.locale.calendar, "week_start": self.voice.locale.week_start}


def _link(value: Any) -> dict[str, str]:
    return (
        {"": str(value.id), "label": value.name, "module": value.module}
        if value
        else {"": "", "label": "", "module": ""}
    )


def _options(options: Options, voice: Voice, chosen: str | None) -> tuple[tuple[str, str, str], ...]:
    """The active options, and the chosen one even if it is no longer offered."""
    return tuple(
        (item.key, voice.option_label(options, item), item.hue)
        for item in options.items
        if item.active or item.key == chosen
    )
