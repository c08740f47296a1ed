"""The normaliser as immutable SQL functions, written from the same tables as the Python one."""

from crm_domain.text.normalise import (
    ALEF_MADDA,
    ALEF_MADDA_KEPT,
    DROPPED,
    FOLD_FROM,
    FOLD_TO,
    GAPS,
    SORT_FROM,
    SORT_TO,
    ZWNJ,
)


def _quoted(text: str) -> str:
    """A literal whose every character is an escape, so that no invisible one is lost on the way."""
    return "U&'" + "".join(f"\\{ord(one):04X}" for one in text) + "'"


def _function(name: str, body: str) -> str:
    """Without STRICT, so that PostgreSQL can inline it; null gives null all the same."""
    return (
        f"CREATE OR REPLACE FUNCTION crm.{name}(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        f" RETURN {body};\n"
    )


def _lowered(value: str) -> str:
    return f'lower(normalize({value}, NFKD) COLLATE "pg_c_utf8")'


def _bare(text: str) -> str:
    return f"regexp_replace({text}, {_quoted(DROPPED)}, '', 'g')"


def _spaced(text: str) -> str:
    return f"btrim(regexp_replace({text}, {_quoted(GAPS)}, ' ', 'g'))"


def _without_zwnj(text: str, instead: str) -> str:
    return f"replace({text}, {_quoted(ZWNJ)}, '{instead}')"


_FOLDED = f"translate({_bare(_lowered('value'))}, {_quoted(FOLD_FROM)}, {_quoted(FOLD_TO)})"
_KEPT = f"replace({_lowered('value')}, {_quoted(ALEF_MADDA)}, {_quoted(ALEF_MADDA_KEPT)})"
_SORTED = f"translate({_bare(_KEPT)}, {_quoted(SORT_FROM)}, {_quoted(SORT_TO)})"
_JOINED = _spaced(_without_zwnj(_FOLDED, ""))
_SPLIT = _spaced(_without_zwnj(_FOLDED, " "))

SEARCH_KEY_SQL = _function(
    "search_key",
    f"CASE WHEN strpos(value, {_quoted(ZWNJ)}) = 0 THEN {_spaced(_FOLDED)} ELSE {_JOINED} || ' ' || {_SPLIT} END",
)
SORT_KEY_SQL = _function("sort_key", _spaced(_without_zwnj(_SORTED, "")))
