"""events and steering"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("distribution_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("change_reason", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "revision",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=False,
                server_default="0",
            )
        )
    # The rows that were there are filled; new ones get their values from the model.
    with op.batch_alter_table("distribution_event", schema=None) as batch_op:
        batch_op.alter_column("change_reason", server_default=None)
        batch_op.alter_column("revision", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("distribution_event", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("change_reason")
        batch_op.drop_column("changed_at")
