"""reservations and earmarks"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_earmarks()
    with op.batch_alter_table("lot") as batch_op:
        batch_op.add_column(sa.Column("earmark_id", ID, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_lot_earmark_id_earmark"), "earmark", ["earmark_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_lot_earmark_id"), ["earmark_id"])
    _create_shares()
    _fill_shares()
    _create_reservations()
    with op.batch_alter_table("stock_level") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_stock_level_reserved_at_most_on_hand"), "reserved <= on_hand"
        )
    op.create_index(op.f("ix_stock_document_dated_on_id"), "stock_document", ["dated_on", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_document_dated_on_id"), "stock_document")
    with op.batch_alter_table("stock_level") as batch_op:
        batch_op.drop_constraint(op.f("ck_stock_level_reserved_at_most_on_hand"), type_="check")
    op.execute("UPDATE stock_level SET reserved = 0")
    op.drop_table("stock_reservation")
    op.drop_table("lot_share")
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_index(op.f("ix_lot_earmark_id"))
        batch_op.drop_constraint(op.f("fk_lot_earmark_id_earmark"), type_="foreignkey")
        batch_op.drop_column("earmark_id")
    op.drop_table("earmark_use")
    op.drop_table("earmark")


def _create_earmarks() -> None:
    op.create_table(
        "earmark",
        sa.Column("id", ID, nullable=False),
        sa.Column("fund_source_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fund_source_id"],
            ["fund_source.id"],
            name=op.f("fk_earmark_fund_source_id_fund_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earmark")),
        sa.UniqueConstraint("fund_source_id", "name", name=op.f("uq_earmark_fund_source_id_name")),
    )
    op.create_table(
        "earmark_use",
        sa.Column("earmark_id", ID, nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earmark_id"], ["earmark.id"], name=op.f("fk_earmark_use_earmark_id_earmark")
        ),
        sa.PrimaryKeyConstraint("earmark_id", "use", name=op.f("pk_earmark_use")),
    )
    op.create_index(op.f("ix_earmark_use_use"), "earmark_use", ["use"])


def _create_shares() -> None:
    op.create_table(
        "lot_share",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("fund_source_id", ID, nullable=False),
        sa.Column("earmark_id", ID, nullable=True),
        sa.Column("value", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_lot_share_value_never_negative")),
        sa.ForeignKeyConstraint(
            ["earmark_id"], ["earmark.id"], name=op.f("fk_lot_share_earmark_id_earmark")
        ),
        sa.ForeignKeyConstraint(
            ["fund_source_id"],
            ["fund_source.id"],
            name=op.f("fk_lot_share_fund_source_id_fund_source"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_share_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_share")),
    )
    for column in ("lot_id", "fund_source_id", "earmark_id"):
        op.create_index(op.f(f"ix_lot_share_{column}"), "lot_share", [column])


def _create_reservations() -> None:
    op.create_table(
        "stock_reservation",
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("holder_kind", sa.String(), nullable=False),
        sa.Column("holder_id", ID, nullable=False),
        sa.Column("quantity", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_reservation_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_stock_reservation_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["stock_location.id"],
            name=op.f("fk_stock_reservation_location_id_stock_location"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reservation")),
        sa.UniqueConstraint(
            "holder_kind",
            "holder_id",
            "location_id",
            "item_id",
            name=op.f("uq_stock_reservation_holder_kind_holder_id_location_id_item_id"),
        ),
    )
    op.create_index(
        op.f("ix_stock_reservation_location_id_item_id"),
        "stock_reservation",
        ["location_id", "item_id"],
    )


# What the lots so far are made of

_lot = sa.table("lot", *map(sa.column, ("id", "unit_value", "fund_source_id", "created_at")))
_share = sa.table(
    "lot_share", *map(sa.column, ("lot_id", "fund_source_id", "value", "created_at"))
)
_MIXED_LOTS = sa.text(
    """
    SELECT DISTINCT lot.id AS lot_id, lot.unit_value, lot.created_at, line.document_id
    FROM lot
    JOIN movement ON movement.lot_id = lot.id
    JOIN stock_location AS source ON source.id = movement.source_id
    JOIN document_line AS line ON line.id = movement.document_line_id
    WHERE lot.fund_source_id IS NULL AND source.kind = 'assembly'
      AND movement.reverses_id IS NULL
    ORDER BY lot.id
    """
)
_WENT_IN = sa.text(
    """
    SELECT movement.fund_source_id, movement.lot_id, SUM(movement.quantity) AS quantity,
      SUM(movement.value) AS value
    FROM movement
    JOIN stock_location AS target ON target.id = movement.target_id
    JOIN document_line AS line ON line.id = movement.document_line_id
    WHERE line.document_id = :document AND target.kind = 'assembly'
    GROUP BY movement.fund_source_id, movement.lot_id
    ORDER BY movement.fund_source_id, movement.lot_id
    """
)


def _fill_shares() -> None:
    """Give each lot its shares; those of a mixed lot in proportion to what went into it."""
    has_one_source = _lot.c.fund_source_id.is_not(None)
    op.execute(
        _share.insert().from_select(
            ["lot_id", "fund_source_id", "value", "created_at"],
            sa.select(
                _lot.c.id, _lot.c.fund_source_id, _lot.c.unit_value, _lot.c.created_at
            ).where(has_one_source),
        )
    )
    shares: dict[int, dict[int, int]] = {}
    rows = []
    for lot in op.get_bind().execute(_MIXED_LOTS).all():
        totals = _totals_of(lot.document_id, shares)
        shares[lot.lot_id] = dict(_in_proportion(lot.unit_value, totals))
        rows += [
            {"lot_id": lot.lot_id, "fund_source_id": fund, "value": value, "at": lot.created_at}
            for fund, value in shares[lot.lot_id].items()
        ]
    if rows:
        values = {name: sa.bindparam(name) for name in ("lot_id", "fund_source_id", "value")}
        op.get_bind().execute(
            _share.insert().values(created_at=sa.bindparam("at"), **values), rows
        )


def _totals_of(document_id: int, shares: dict[int, dict[int, int]]) -> dict[int, int]:
    totals: dict[int, int] = defaultdict(int)
    for row in op.get_bind().execute(_WENT_IN, {"document": document_id}):
        if row.fund_source_id is not None:
            totals[row.fund_source_id] += row.value
        for fund, value in shares.get(row.lot_id, {}).items():
            totals[fund] += value * row.quantity
    return totals


def _in_proportion(value: int, totals: dict[int, int]) -> Iterator[tuple[int, int]]:
    funds: Sequence[int] = sorted(totals)
    weights = [totals[fund] for fund in funds] if any(totals.values()) else [1] * len(funds)
    for place, fund in enumerate(funds):
        rest = sum(weights[place:])
        share = value * weights[place] // rest if rest else 0
        value -= share
        yield fund, share
