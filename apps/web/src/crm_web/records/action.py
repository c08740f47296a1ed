"""What one can do with a record beside reading and editing it."""

import msgspec


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do with a record: a page to go to or, with `post`, a form that is only a button."""

    label: str
    url: str
    icon: str
    post: bool = False
    tucked: bool = False
    """In the menu rather than beside it."""
    leading: bool = True
    """Whether it, rather than editing, is what the page leads to."""
    reads: bool = False
    """Whether it leaves the record as it is: for whoever sees it, not only for who may change it."""
