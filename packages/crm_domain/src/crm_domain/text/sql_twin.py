"""The normaliser as immutable SQL functions, written from the same tables as the Python one."""

from crm_domain.text.normalise import (
    ALEF_MADDA,
    ALEF_MADDA_KEPT,
    ALPHABET,
    ALPHABET_CODES,
    FOLD_FROM,
    FOLD_TO,
    ZWNJ,
)


def _quoted(text: str) -> str:
    """A literal whose every character is an escape, so that no invisible one is lost on the way."""
    return "U&'" + "".join(f"\\{ord(one):04X}" for one in text) + "'"


def _function(name: str, body: str) -> str:
    head = f"CREATE OR REPLACE FUNCTION crm.{name}(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
    return f"{head} RETURN {body};\n"


def _fold(value: str) -> str:
    lowered = f'lower(({value}) COLLATE "pg_c_utf8")'
    return f"translate(normalize({lowered}, NFD), {_quoted(FOLD_FROM)}, {_quoted(FOLD_TO)})"


def _single_blanks(value: str) -> str:
    return f"btrim(regexp_replace({value}, ' +', ' ', 'g'))"


_JOINED = _single_blanks(f"replace(crm.fold(value), {_quoted(ZWNJ)}, '')")
_SPLIT = _single_blanks(f"replace(crm.fold(value), {_quoted(ZWNJ)}, ' ')")
_KEPT = f"replace(normalize(value, NFKC), {_quoted(ALEF_MADDA)}, {_quoted(ALEF_MADDA_KEPT)})"
_SORTED = _single_blanks(f"replace({_fold(_KEPT)}, {_quoted(ZWNJ)}, '')")

FOLD_SQL = _function("fold", _fold("normalize(value, NFKC)"))
SEARCH_KEY_SQL = FOLD_SQL + _function(
    "search_key", f"CASE WHEN strpos(value, {_quoted(ZWNJ)}) = 0 THEN {_JOINED} ELSE {_JOINED} || ' ' || {_SPLIT} END"
)
SORT_KEY_SQL = _function("sort_key", f"translate({_SORTED}, {_quoted(ALPHABET)}, {_quoted(ALPHABET_CODES)})")
