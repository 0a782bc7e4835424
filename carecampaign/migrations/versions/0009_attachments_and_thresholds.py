"""attachments and thresholds"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stock_threshold",
        sa.Column("location_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("minimum", ID, nullable=False),
        sa.Column("target", ID, nullable=False),
        sa.CheckConstraint("minimum > 0", name=op.f("ck_stock_threshold_minimum_positive")),
        sa.CheckConstraint(
            "target >= minimum", name=op.f("ck_stock_threshold_target_at_least_minimum")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_stock_threshold_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["stock_location.id"],
            name=op.f("fk_stock_threshold_location_id_stock_location"),
        ),
        sa.PrimaryKeyConstraint("location_id", "item_id", name=op.f("pk_stock_threshold")),
    )
    with op.batch_alter_table("stock_threshold") as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_threshold_item_id"), ["item_id"], unique=False)
    op.create_table(
        "document_attachment",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "photo",
                "signed",
                "other",
                name="attachmentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["stock_document.id"],
            name=op.f("fk_document_attachment_document_id_stock_document"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_document_attachment_file_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_attachment")),
        sa.UniqueConstraint(
            "document_id", "file_id", name=op.f("uq_document_attachment_document_id_file_id")
        ),
    )
    with op.batch_alter_table("document_attachment") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_attachment_file_id"), ["file_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("document_attachment") as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_attachment_file_id"))
    op.drop_table("document_attachment")
    with op.batch_alter_table("stock_threshold") as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_threshold_item_id"))
    op.drop_table("stock_threshold")
