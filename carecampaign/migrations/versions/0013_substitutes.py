"""substitutes"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What the lots of packages that there are hold, as their versions say: nothing was ever put in
# instead of anything else.
LOTS = sa.text(
    "SELECT lot.id AS lot_id, lot.unit_value, lot.created_at, line.id AS line_id, line.item_id,"
    " line.quantity, item.reference_value"
    " FROM lot JOIN package_version AS version ON version.item_id = lot.item_id"
    " JOIN package_line AS line ON line.version_id = version.id"
    " JOIN item ON item.id = line.item_id ORDER BY lot.id, line.id"
).columns(created_at=sa.DateTime(timezone=True))


def upgrade() -> None:
    content = op.create_table(
        "lot_content",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("quantity", ID, nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lot_content_quantity_positive")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_lot_content_value_never_negative")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_lot_content_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["package_line.id"], name=op.f("fk_lot_content_line_id_package_line")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_content_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_content")),
        sa.UniqueConstraint("lot_id", "line_id", name=op.f("uq_lot_content_lot_id_line_id")),
    )
    with op.batch_alter_table("lot_content") as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_content_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_content_line_id"), ["line_id"], unique=False)
    found = op.get_bind().execute(LOTS).all()
    rows = [
        row
        for _lot, lines in groupby(found, key=lambda line: line.lot_id)
        for row in _contents(list(lines))
    ]
    if rows:
        op.bulk_insert(content, rows)


def _contents(lines):
    """Split the value of a package over its lines by reference value, to the last fen."""
    weights = [line.reference_value * line.quantity for line in lines]
    if not any(weights):
        weights = [line.quantity for line in lines]
    left = lines[0].unit_value
    for at, line in enumerate(lines):
        rest = sum(weights[at:])
        value = left * weights[at] // rest if rest else left
        left -= value
        yield {
            "lot_id": line.lot_id,
            "line_id": line.line_id,
            "item_id": line.item_id,
            "quantity": line.quantity,
            "value": value,
            "note": "",
            "created_at": line.created_at,
        }


def downgrade() -> None:
    with op.batch_alter_table("lot_content") as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_content_line_id"))
        batch_op.drop_index(batch_op.f("ix_lot_content_item_id"))
    op.drop_table("lot_content")
