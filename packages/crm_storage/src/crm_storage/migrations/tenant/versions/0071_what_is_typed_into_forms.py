"""What is typed into forms."""

from pathlib import Path

from alembic import op

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    """Colons are escaped because Alembic takes a word behind one for a parameter."""
    op.execute(Path(__file__).with_suffix(".sql").read_text("utf-8").replace(":", r"\:"))
