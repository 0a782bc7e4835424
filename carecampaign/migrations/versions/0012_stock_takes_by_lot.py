"""stock takes by lot"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

ONE_PER_ITEM = "uq_stock_take_line_stock_take_id_item_id"
ONE_PER_BATCH = "uq_stock_take_line_stock_take_id_item_id_lot_code_expires_on"
WITHOUT_DATE = "uq_stock_take_line_without_date"


def upgrade() -> None:
    with op.batch_alter_table("stock_take_line") as batch_op:
        batch_op.add_column(sa.Column("lot_code", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
    with op.batch_alter_table("stock_take_line") as batch_op:
        batch_op.alter_column("lot_code", existing_type=sa.String(), server_default=None)
        batch_op.drop_constraint(op.f(ONE_PER_ITEM), type_="unique")
        batch_op.create_unique_constraint(
            op.f(ONE_PER_BATCH), ["stock_take_id", "item_id", "lot_code", "expires_on"]
        )
        batch_op.create_check_constraint(
            op.f("ck_stock_take_line_a_date_only_of_a_batch"),
            "lot_code <> '' OR expires_on IS NULL",
        )
    has_no_date = sa.text("expires_on IS NULL")
    op.create_index(
        WITHOUT_DATE,
        "stock_take_line",
        ["stock_take_id", "item_id", "lot_code"],
        unique=True,
        sqlite_where=has_no_date,
        postgresql_where=has_no_date,
    )


def downgrade() -> None:
    _count_by_item()
    _post_under_the_sheets_number()
    op.drop_index(WITHOUT_DATE, "stock_take_line")
    with op.batch_alter_table("stock_take_line") as batch_op:
        batch_op.drop_constraint(op.f("ck_stock_take_line_a_date_only_of_a_batch"), type_="check")
        batch_op.drop_constraint(op.f(ONE_PER_BATCH), type_="unique")
        batch_op.create_unique_constraint(op.f(ONE_PER_ITEM), ["stock_take_id", "item_id"])
        batch_op.drop_column("expires_on")
        batch_op.drop_column("lot_code")


def _count_by_item() -> None:
    """Add the latest counts of an item's batches up; what is not wholly counted is to be again."""
    for statement in (
        """
        CREATE TEMPORARY TABLE whole AS
        SELECT line.stock_take_id, line.item_id, min(line.id) AS line_id, count(*) AS lines,
               count(latest.id) AS counts, sum(latest.book) AS book,
               sum(latest.counted) AS counted, max(latest.id) AS latest_id
        FROM stock_take_line AS line
        LEFT JOIN stock_take_count AS latest ON latest.line_id = line.id AND latest.round = (
            SELECT max(round) FROM stock_take_count AS each WHERE each.line_id = line.id
        )
        GROUP BY line.stock_take_id, line.item_id
        HAVING count(*) > 1
        """,
        """
        CREATE TEMPORARY TABLE of_whole AS
        SELECT line.id, whole.line_id FROM stock_take_line AS line
        JOIN whole ON whole.stock_take_id = line.stock_take_id AND whole.item_id = line.item_id
        """,
        """
        DELETE FROM stock_take_count
        WHERE line_id IN (SELECT id FROM of_whole)
        AND id NOT IN (SELECT latest_id FROM whole WHERE counts = lines)
        """,
        """
        UPDATE stock_take_count SET round = 1,
            line_id = (SELECT line_id FROM whole WHERE latest_id = stock_take_count.id),
            book = (SELECT book FROM whole WHERE latest_id = stock_take_count.id),
            counted = (SELECT counted FROM whole WHERE latest_id = stock_take_count.id)
        WHERE id IN (SELECT latest_id FROM whole)
        """,
        "DELETE FROM stock_take_line WHERE id IN (SELECT id FROM of_whole WHERE id <> line_id)",
        "DROP TABLE of_whole",
        "DROP TABLE whole",
    ):
        op.execute(sa.text(statement))


def _post_under_the_sheets_number() -> None:
    """Give what stock-takes posted the kind and the number of their sheets again."""
    op.execute(
        sa.text(
            """
            UPDATE stock_document SET kind = 'stock_take',
                year = (SELECT year FROM stock_take WHERE document_id = stock_document.id),
                number = (SELECT number FROM stock_take WHERE document_id = stock_document.id)
            WHERE kind = 'gain_loss'
            """
        )
    )
    op.execute(sa.text("DELETE FROM document_counter WHERE kind = 'gain_loss'"))
