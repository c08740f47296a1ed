"""The SQL normaliser gives what the Python one gives, for every character and for any text."""

import unicodedata
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_domain.text.normalise import search_key, sort_key
from tests.installation import Installation

BOTH = "SELECT v, crm.search_key(v), crm.sort_key(v) FROM unnest(%s::text[]) v"
LIKELY = "یيىکكهةۀەآأإٱاءؤئپچژگ ‌\u200e\u00a0۱٢3AéÉİßΣςـًٔ،.()-@ﷲﻻ\t\n"
SCENARIOS = ["علي كاظمي", "می‌روم", "‌", "آرش", "Éclair", "ΑΣ", "", " ، "]


@pytest.fixture(scope="module")
def database(installation: Installation) -> Iterator[psycopg.Connection]:
    with psycopg.connect(installation.url, autocommit=True) as connection:
        yield connection


def differences(connection: psycopg.Connection, texts: list[str]) -> list[str]:
    rows = connection.execute(BOTH, (texts,)).fetchall()
    return [text for text, searched, sorted_by in rows if (searched, sorted_by) != (search_key(text), sort_key(text))]


def test_every_character_between_letters(database: psycopg.Connection) -> None:
    letters = (chr(code) for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000)
    assert differences(database, [f"a{one}b" for one in letters if unicodedata.category(one) != "Cn"]) == []


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from(LIKELY), max_size=30), min_size=20, max_size=60))
def test_any_text(database: psycopg.Connection, texts: list[str]) -> None:
    assert differences(database, texts) == []


def test_the_scenarios(database: psycopg.Connection) -> None:
    assert differences(database, SCENARIOS) == []


def test_null_stays_null(database: psycopg.Connection) -> None:
    assert database.execute("SELECT crm.search_key(NULL), crm.sort_key(NULL)").fetchone() == (None, None)


def test_scenario_47_the_database_sorts_by_the_persian_alphabet(database: psycopg.Connection) -> None:
    names = ["پرویز", "آرش", "گیتی", "یاسر", "وحید", "هادی"]
    rows = database.execute('SELECT v FROM unnest(%s::text[]) v ORDER BY crm.sort_key(v) COLLATE "C"', (names,))
    assert [row[0] for row in rows] == ["آرش", "پرویز", "گیتی", "وحید", "هادی", "یاسر"]
