"""requisitions and counts"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("receiver", "purpose", "delivered_by", "inspected_by")


def upgrade() -> None:
    _extend_documents()
    _create_approvals()
    _create_requisitions()
    _create_write_offs()
    _create_stock_takes()


def downgrade() -> None:
    for table in (
        "stock_take_count",
        "stock_take_line",
        "stock_take",
        "write_off_line",
        "write_off",
        "requisition_line",
        "requisition",
        "approval_request",
    ):
        op.drop_table(table)
    with op.batch_alter_table("document_line") as batch_op:
        batch_op.drop_constraint(op.f("ck_document_line_ordered_positive"), type_="check")
        batch_op.drop_column("ordered")
    with op.batch_alter_table("stock_document") as batch_op:
        batch_op.drop_column("inspection")
        for name in WORDS:
            batch_op.drop_column(name)


def _extend_documents() -> None:
    with op.batch_alter_table("stock_document") as batch_op:
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("inspection", sa.String(length=40), nullable=True))
    # The rows that were there are filled; new ones get their values from the model.
    with op.batch_alter_table("stock_document") as batch_op:
        for name in WORDS:
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("document_line") as batch_op:
        batch_op.add_column(sa.Column("ordered", ID, nullable=True))
        batch_op.create_check_constraint(op.f("ck_document_line_ordered_positive"), "ordered > 0")


def _create_approvals() -> None:
    op.create_table(
        "approval_request",
        _id(),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        _created_at(),
        sa.CheckConstraint(
            "(decision = 'waiting') = (decided_at IS NULL)",
            name=op.f("ck_approval_request_decided_when_not_waiting"),
        ),
        _reference("approval_request", "asked_by_id", "user"),
        _reference("approval_request", "decided_by_id", "user"),
        _primary_key("approval_request"),
    )
    op.create_index(
        op.f("ix_approval_request_subject_kind_subject_id"),
        "approval_request",
        ["subject_kind", "subject_id"],
    )
    _create_unique_where(
        "uq_approval_request_waiting",
        "approval_request",
        ["subject_kind", "subject_id"],
        "decision = 'waiting'",
    )


def _create_requisitions() -> None:
    op.create_table(
        "requisition",
        _id(),
        *_numbered(),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("requested_by_id", ID, nullable=True),
        sa.Column("warehouse_id", ID, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        _created_at(),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'issued') OR warehouse_id IS NOT NULL",
            name=op.f("ck_requisition_approved_from_somewhere"),
        ),
        sa.CheckConstraint(
            "(state = 'issued') = (document_id IS NOT NULL)",
            name=op.f("ck_requisition_issued_by_paper"),
        ),
        *_of_a_form("requisition"),
        _reference("requisition", "target_id", "stock_location"),
        _reference("requisition", "campaign_id", "campaign"),
        _reference("requisition", "requested_by_id", "user"),
        _reference("requisition", "warehouse_id", "stock_location"),
    )
    _create_indexes("requisition", "state", "target_id", "campaign_id", "warehouse_id")
    op.create_table(
        "requisition_line",
        _id(),
        sa.Column("requisition_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("asked", ID, nullable=False),
        sa.Column("granted", ID, nullable=True),
        sa.Column("issued", ID, nullable=True),
        _created_at(),
        sa.CheckConstraint("asked > 0", name=op.f("ck_requisition_line_asked_positive")),
        sa.CheckConstraint(
            "granted BETWEEN 0 AND asked", name=op.f("ck_requisition_line_granted_at_most_asked")
        ),
        sa.CheckConstraint(
            "issued BETWEEN 0 AND granted",
            name=op.f("ck_requisition_line_issued_at_most_granted"),
        ),
        _reference("requisition_line", "requisition_id", "requisition"),
        _reference("requisition_line", "item_id", "item"),
        _primary_key("requisition_line"),
        sa.UniqueConstraint(
            "requisition_id", "item_id", name=op.f("uq_requisition_line_requisition_id_item_id")
        ),
    )
    _create_indexes("requisition_line", "item_id")


def _create_write_offs() -> None:
    op.create_table(
        "write_off",
        _id(),
        *_numbered(),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("prepared_by_id", ID, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        _created_at(),
        sa.CheckConstraint(
            "(state = 'posted') = (document_id IS NOT NULL)",
            name=op.f("ck_write_off_posted_by_paper"),
        ),
        *_of_a_form("write_off"),
        _reference("write_off", "location_id", "stock_location"),
        _reference("write_off", "prepared_by_id", "user"),
    )
    _create_indexes("write_off", "state", "location_id")
    op.create_table(
        "write_off_line",
        _id(),
        sa.Column("write_off_id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("quantity", ID, nullable=False),
        _created_at(),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_write_off_line_quantity_positive")),
        _reference("write_off_line", "write_off_id", "write_off"),
        _reference("write_off_line", "lot_id", "lot"),
        _primary_key("write_off_line"),
        sa.UniqueConstraint(
            "write_off_id", "lot_id", name=op.f("uq_write_off_line_write_off_id_lot_id")
        ),
    )
    _create_indexes("write_off_line", "lot_id")


def _create_stock_takes() -> None:
    op.create_table(
        "stock_take",
        _id(),
        *_numbered(),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("opened_by_id", ID, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        _created_at(),
        sa.CheckConstraint(
            "document_id IS NULL OR state = 'posted'",
            name=op.f("ck_stock_take_a_document_only_when_posted"),
        ),
        *_of_a_form("stock_take"),
        _reference("stock_take", "location_id", "stock_location"),
        _reference("stock_take", "opened_by_id", "user"),
    )
    _create_indexes("stock_take", "state", "location_id")
    _create_unique_where(
        "uq_stock_take_under_way",
        "stock_take",
        ["location_id"],
        "state IN ('counting', 'waiting')",
    )
    op.create_table(
        "stock_take_line",
        _id(),
        sa.Column("stock_take_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _created_at(),
        _reference("stock_take_line", "stock_take_id", "stock_take"),
        _reference("stock_take_line", "item_id", "item"),
        _primary_key("stock_take_line"),
        sa.UniqueConstraint(
            "stock_take_id", "item_id", name=op.f("uq_stock_take_line_stock_take_id_item_id")
        ),
    )
    _create_indexes("stock_take_line", "item_id")
    op.create_table(
        "stock_take_count",
        _id(),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("round", ID, nullable=False),
        sa.Column("book", ID, nullable=False),
        sa.Column("counted", ID, nullable=False),
        sa.Column("counted_by_id", ID, nullable=True),
        _created_at(),
        sa.CheckConstraint("round > 0", name=op.f("ck_stock_take_count_rounds_begin_with_one")),
        sa.CheckConstraint(
            "counted >= 0", name=op.f("ck_stock_take_count_counted_never_negative")
        ),
        sa.CheckConstraint("book >= 0", name=op.f("ck_stock_take_count_book_never_negative")),
        _reference("stock_take_count", "line_id", "stock_take_line"),
        _reference("stock_take_count", "counted_by_id", "user"),
        _primary_key("stock_take_count"),
        sa.UniqueConstraint("line_id", "round", name=op.f("uq_stock_take_count_line_id_round")),
    )


# What the tables have in common


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, nullable=False)


def _created_at() -> sa.Column[object]:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)


def _numbered() -> tuple[sa.Column[object], ...]:
    """Give the columns of a numbered form with a life."""
    return (
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("year", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
    )


def _of_a_form(table: str) -> tuple[sa.Constraint, ...]:
    """Give the constraints of a numbered form that ends in a stock document."""
    return (
        _reference(table, "organization_id", "organization"),
        _reference(table, "document_id", "stock_document"),
        _primary_key(table),
        sa.UniqueConstraint("document_id", name=op.f(f"uq_{table}_document_id")),
        sa.UniqueConstraint(
            "organization_id",
            "year",
            "number",
            name=op.f(f"uq_{table}_organization_id_year_number"),
        ),
    )


def _primary_key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _create_indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _create_unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition
    )
