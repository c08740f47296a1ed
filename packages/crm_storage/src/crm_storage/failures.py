"""What a failure of the database means to who asked."""

import psycopg

from crm_storage.files.store import Away

UNAVAILABLE = (psycopg.OperationalError, Away)
"""The database or the store of files is away, busy or took too long: try again later (REL-19, REL-21)."""


def is_unavailable(error: Exception) -> bool:
    """Whether trying again later may help."""
    return isinstance(error, UNAVAILABLE)


def is_nonsense(error: Exception) -> bool:
    """A value that no column can hold, such as a time that does not exist."""
    return isinstance(error, psycopg.DataError)
