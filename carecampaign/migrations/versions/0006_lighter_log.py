"""lighter log"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("movement") as batch_op:
        batch_op.drop_index("ix_movement_document_line_id")
        batch_op.drop_index("ix_movement_lot_id")
        batch_op.drop_constraint("uq_movement_reverses_id", type_="unique")
    _create_where_set("ix_movement_document_line_id", "document_line_id")
    _create_where_set("uq_movement_reverses_id", "reverses_id", unique=True)
    _copy(table_kwargs={"sqlite_with_rowid": False})


def downgrade() -> None:
    _copy(table_kwargs={})
    op.drop_index("uq_movement_reverses_id", "movement")
    op.drop_index("ix_movement_document_line_id", "movement")
    with op.batch_alter_table("movement") as batch_op:
        batch_op.create_unique_constraint("uq_movement_reverses_id", ["reverses_id"])
        batch_op.create_index("ix_movement_lot_id", ["lot_id"])
        batch_op.create_index("ix_movement_document_line_id", ["document_line_id"])


def _create_where_set(name: str, column: str, *, unique: bool = False) -> None:
    is_set = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        name, "movement", [column], unique=unique, sqlite_where=is_set, postgresql_where=is_set
    )


def _copy(table_kwargs: dict[str, bool]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in ("received", "handout"):
            with op.batch_alter_table(table, recreate="always", table_kwargs=table_kwargs):
                pass
