"""The checks find what they are there for."""

from pathlib import Path

from sadra_cli.checks import catalogues, documents, patterns, sizes

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def room(folder: Path, language: str, text: str) -> None:
    (folder / language).mkdir(exist_ok=True)
    (folder / language / "room.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + text
    )


def test_catalogues_that_say_the_same_pass(tmp_path: Path) -> None:
    room(tmp_path, "en", 'msgid "a"\nmsgstr "{name} is here"\n')
    room(tmp_path, "fa", 'msgid "a"\nmsgstr "{name} این‌جاست"\n')
    assert catalogues.compare(tmp_path) == (True, "")


def test_a_missing_empty_or_different_message_is_found(tmp_path: Path) -> None:
    room(tmp_path, "en", 'msgid "a"\nmsgstr "{name}"\n\nmsgid "b"\nmsgstr "only here"\n\nmsgid "c"\nmsgstr "c"\n')
    room(tmp_path, "fa", 'msgid "a"\nmsgstr "{other}"\n\nmsgid "c"\nmsgstr ""\n')
    passed, words = catalogues.compare(tmp_path)
    assert not passed
    assert words.splitlines() == [
        "fa/room.po: b is missing",
        "room.po: a has other placeholders in fa than in en",
        "fa/room.po: c is empty",
    ]


def test_a_message_with_two_texts_is_found(tmp_path: Path) -> None:
    room(tmp_path, "en", 'msgid "a"\nmsgstr "one"\nmsgstr "another"\n')
    room(tmp_path, "fa", 'msgid "a"\nmsgstr "یک"\n')
    assert catalogues.compare(tmp_path) == (False, "en/room.po:6 is a second text of one message")


def test_an_arabic_letter_in_persian_is_found(tmp_path: Path) -> None:
    room(tmp_path, "en", 'msgid "a"\nmsgstr "one"\n')
    room(tmp_path, "fa", 'msgid "a"\nmsgstr "يك"\n')
    assert "Arabic letter" in catalogues.compare(tmp_path)[1]


def test_a_stale_document_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/configuration.md").write_text("old")
    passed, words = documents.fresh(tmp_path)
    assert not passed
    assert words.startswith("docs/configuration.md")


def test_unwanted_writing_is_told_from_wanted() -> None:
    def hits(line: str, ending: str) -> bool:
        return any(one.pattern.search(line) for one in patterns.UNWANTED if ending in " ".join(one.files))

    assert hits('<p style="x">', "*.html")
    assert hits('<a onclick="x()">', "*.html")
    assert hits("<script>x</script>", "*.html")
    assert not hits('<script src="/a.js" type="module"></script>', "*.html")
    assert hits("{{ text | safe }}", "*.html")
    assert hits("margin-left: 1px", "*.css")
    assert not hits("margin-inline-start: 1px", "*.css")
    assert hits("now = datetime.now(UTC)", "packages/crm_domain/**.py")


def test_the_size_report_never_fails() -> None:
    passed, words = sizes.report()
    assert passed
    assert " lines" in words
