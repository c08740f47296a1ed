"""Cells that no spreadsheet program takes for a formula (SEC-15)."""

import unicodedata

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫\t\r"
GUARD = "'"


def neutralise(cell: str) -> str:
    """The cell, guarded by an apostrophe where a program might read a formula, or `undo` a guard that is none."""
    return GUARD + cell if _is_risky(cell.lstrip(GUARD)) else cell


def undo(cell: str) -> str:
    """The cell as it was before `neutralise`."""
    return cell[1:] if cell.startswith(GUARD) and _is_risky(cell.lstrip(GUARD)) else cell


def _is_risky(cell: str) -> bool:
    """Whether the first character one can see, or a tabulator or return before it, starts a formula."""
    for letter in cell:
        if letter in SIGNS:
            return True
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Zs"):
            return False
    return False
