"""how consent is confirmed, what recipients paused, when people of a mailing were told."""

from pathlib import Path

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Colons are escaped because Alembic takes a word behind one for a parameter."""
    op.execute(Path(__file__).with_suffix(".sql").read_text("utf-8").replace(":", r"\:"))
