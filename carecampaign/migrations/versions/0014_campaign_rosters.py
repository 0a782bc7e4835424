"""campaign rosters"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("unlocked_at IS NULL")


def upgrade() -> None:
    _entries()
    _locks()
    with op.batch_alter_table("staged_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("staged_upload", schema=None) as batch_op:
        batch_op.alter_column("options", existing_type=sa.JSON(), server_default=None)


def _entries() -> None:
    op.create_table(
        "roster_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("added_by_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        *_references(
            "roster_entry",
            campaign_id="campaign",
            unit_id="organization",
            person_id="person",
            added_by_id="user",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entry")),
        sa.UniqueConstraint(
            "campaign_id", "person_id", name=op.f("uq_roster_entry_campaign_id_person_id")
        ),
    )
    with op.batch_alter_table("roster_entry", schema=None) as batch_op:
        batch_op.create_index("ix_roster_entry_campaign_id_unit_id", ["campaign_id", "unit_id"])
        batch_op.create_index(batch_op.f("ix_roster_entry_unit_id"), ["unit_id"])
        batch_op.create_index(batch_op.f("ix_roster_entry_person_id"), ["person_id"])


def _locks() -> None:
    op.create_table(
        "roster_lock",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("locked_by_id", ID, nullable=True),
        sa.Column("persons", ID, nullable=False),
        sa.Column("households", ID, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("unlocked_at", INSTANT, nullable=True),
        sa.Column("unlocked_by_id", ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *_references(
            "roster_lock", campaign_id="campaign", locked_by_id="user", unlocked_by_id="user"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_lock")),
        sa.CheckConstraint(
            "(unlocked_at IS NULL) = (reason = '')",
            name=op.f("ck_roster_lock_unlocked_with_a_reason"),
        ),
    )
    with op.batch_alter_table("roster_lock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_lock_campaign_id"), ["campaign_id"])
        batch_op.create_index(
            "ix_roster_lock_campaign_id_in_force",
            ["campaign_id"],
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in columns.items()
    ]


def downgrade() -> None:
    with op.batch_alter_table("staged_upload", schema=None) as batch_op:
        batch_op.drop_column("options")
    op.drop_table("roster_lock")
    op.drop_table("roster_entry")
