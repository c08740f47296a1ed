"""What a form field looks like to a template: text to show, names to post under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

type FieldKind = Literal[
    "text", "long_text", "rich_text", "integer", "decimal", "percent", "money", "boolean", "date", "datetime", "duration",
    "choice", "dependent_choice", "multi_choice", "link", "any_link", "user", "emails", "phone", "address", "url", "image",
    "file", "auto_number", "computed",
]  # fmt: skip
FIELD_KINDS: tuple[str, ...] = get_args(FieldKind.__value__)

_COMPOSITES = ("money", "datetime", "address", "link", "user", "any_link")

type Composite = Mapping[str, str]
type FieldValue = str | Composite | Sequence[str] | Sequence[Mapping[str, object]]


class _Parts(dict[str, object]):
    """A mapping whose absent parts are empty text, so that templates need no test for each."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of one form; every text is already in the reader's language, digits and calendar.

    `value` is a string, or for composites: money `amount, currency`; datetime `date, time`; address its five parts;
    link and user `id, label`; any_link `module, id, label`; multi_choice a list; emails a list of rows.
    `extra` holds what one kind needs; the head of `templates/kinds/<kind>.html` names it.
    """

    name: str
    id: str
    kind: FieldKind
    label: str
    value: FieldValue = ""
    help: str = ""
    required: bool = False
    readonly: bool = False
    errors: Sequence[str] = ()
    options: Sequence[tuple[str, str, str]] = ()
    extra: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", _Parts(self.extra))
        if self.kind in _COMPOSITES:
            object.__setattr__(self, "value", _Parts(self.value if isinstance(self.value, Mapping) else {}))
