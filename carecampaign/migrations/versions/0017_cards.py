"""cards"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REVOCATION = sa.Enum(
    "lost",
    "damaged",
    "misprinted",
    "given_up",
    "other",
    name="revocation",
    native_enum=False,
    length=40,
)


def upgrade() -> None:
    op.create_table(
        "card_batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_card_batch_never_empty")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_card_batch_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batch")),
    )
    op.create_index(op.f("ix_card_batch_organization_id"), "card_batch", ["organization_id"])
    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("short_index", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revocation", REVOCATION, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revocation IS NULL)",
            name=op.f("ck_card_revoked_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) = (bound_at IS NULL)", name=op.f("ck_card_bound_at_some_time")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["card_batch.id"], name=op.f("fk_card_batch_id_card_batch")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_card_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code_index", name=op.f("uq_card_code_index")),
        sa.UniqueConstraint("short_index", name=op.f("uq_card_short_index")),
    )
    op.create_index(op.f("ix_card_batch_id"), "card", ["batch_id"])
    op.create_index(op.f("ix_card_person_id"), "card", ["person_id"])


def downgrade() -> None:
    op.drop_table("card")
    op.drop_table("card_batch")
