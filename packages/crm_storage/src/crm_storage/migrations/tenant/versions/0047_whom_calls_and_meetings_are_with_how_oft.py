"""whom calls and meetings are with, how often they were put off, a free/busy address."""

from pathlib import Path

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Colons are escaped because Alembic takes a word behind one for a parameter."""
    op.execute(Path(__file__).with_suffix(".sql").read_text("utf-8").replace(":", r"\:"))
