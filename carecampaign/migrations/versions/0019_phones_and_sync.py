"""phones and sync"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _phones()
    _entries()
    _paper()


def downgrade() -> None:
    op.drop_table("handout_on_paper")
    op.drop_table("paper_sheet")
    op.drop_table("quarantined_entry")
    op.drop_table("phone_entry")
    op.drop_table("phone_at_event")
    op.drop_table("phone")
    op.drop_table("station_pass")


def _phones() -> None:
    op.create_table(
        "station_pass",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("pin_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["distribution_event.id"],
            name=op.f("fk_station_pass_event_id_distribution_event"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_station_pass_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["user.id"], name=op.f("fk_station_pass_revoked_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_pass")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_station_pass_code_digest")),
    )
    op.create_index(op.f("ix_station_pass_event_id"), "station_pass", ["event_id"])
    op.create_index(op.f("ix_station_pass_pin_digest"), "station_pass", ["pin_digest"])
    op.create_table(
        "phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=True),
        sa.Column("volunteer", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.Column("queue_length", ID, nullable=False),
        sa.Column("clock_offset", ID, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_phone_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
    )
    op.create_index(op.f("ix_phone_user_id"), "phone", ["user_id"])
    op.create_table(
        "phone_at_event",
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("pass_id", ID, nullable=True),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("confirmed_by_id", ID, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["phone.id"], name=op.f("fk_phone_at_event_phone_id_phone")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["distribution_event.id"],
            name=op.f("fk_phone_at_event_event_id_distribution_event"),
        ),
        sa.ForeignKeyConstraint(
            ["pass_id"], ["station_pass.id"], name=op.f("fk_phone_at_event_pass_id_station_pass")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_phone_at_event_confirmed_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["user.id"], name=op.f("fk_phone_at_event_revoked_by_id_user")
        ),
        sa.PrimaryKeyConstraint("phone_id", "event_id", name=op.f("pk_phone_at_event")),
    )
    op.create_index(op.f("ix_phone_at_event_event_id"), "phone_at_event", ["event_id"])
    op.create_index(op.f("ix_phone_at_event_pass_id"), "phone_at_event", ["pass_id"])


def _paper() -> None:
    op.create_table(
        "paper_sheet",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_by_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["distribution_event.id"],
            name=op.f("fk_paper_sheet_event_id_distribution_event"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_paper_sheet_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name=op.f("fk_paper_sheet_entered_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
    )
    op.create_index(op.f("ix_paper_sheet_event_id"), "paper_sheet", ["event_id"])
    op.create_index(op.f("ix_paper_sheet_file_id"), "paper_sheet", ["file_id"])
    op.create_table(
        "handout_on_paper",
        sa.Column("handout_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["handout_id"], ["handout.id"], name=op.f("fk_handout_on_paper_handout_id_handout")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["paper_sheet.id"], name=op.f("fk_handout_on_paper_sheet_id_paper_sheet")
        ),
        sa.PrimaryKeyConstraint("handout_id", name=op.f("pk_handout_on_paper")),
    )
    op.create_index(op.f("ix_handout_on_paper_sheet_id"), "handout_on_paper", ["sheet_id"])


def _entries() -> None:
    op.create_table(
        "phone_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.Column("utc_offset", ID, nullable=False),
        sa.Column("mono", ID, nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["phone.id"], name=op.f("fk_phone_entry_phone_id_phone")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name=op.f("fk_phone_entry_uploaded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantined_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "not_readable",
                "unknown_schema",
                "not_let_in",
                "not_of_the_event",
                "no_such_person",
                "id_conflict",
                "of_put_aside",
                "late_undo",
                name="putaside",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by_id", ID, nullable=True),
        sa.Column("settlement", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["phone.id"], name=op.f("fk_quarantined_entry_phone_id_phone")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["distribution_event.id"],
            name=op.f("fk_quarantined_entry_event_id_distribution_event"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_quarantined_entry_settled_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_quarantined_entry_digest")),
    )
    op.create_index(op.f("ix_quarantined_entry_phone_id"), "quarantined_entry", ["phone_id"])
    op.create_index(op.f("ix_quarantined_entry_event_id"), "quarantined_entry", ["event_id"])
