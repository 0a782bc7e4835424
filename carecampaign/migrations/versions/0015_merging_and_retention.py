"""merging and retention"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    _merging()
    _retention()


def downgrade() -> None:
    _no_retention()
    _no_merging()


def _merging() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_person_merged_into_id_person"), "person", ["merged_into_id"], ["id"]
        )
        batch_op.drop_index(batch_op.f("ix_person_employer_key"))
        batch_op.create_index(
            batch_op.f("ix_person_employer_key_pinyin"), ["employer_key", "pinyin"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_person_merged_into_id"),
            ["merged_into_id"],
            unique=False,
            postgresql_where=IS_MERGED,
            sqlite_where=IS_MERGED,
        )
    op.create_table(
        "person_pair",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_person_pair_each_pair_once")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["person.id"], name=op.f("fk_person_pair_first_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_person_pair_second_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["user.id"], name=op.f("fk_person_pair_judged_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_person_pair_first_id_second_id")
        ),
    )
    with op.batch_alter_table("person_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_pair_second_id"), ["second_id"], unique=False)
    op.create_table(
        "person_uncompared",
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_uncompared_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_uncompared")),
    )


def _no_merging() -> None:
    op.drop_table("person_uncompared")
    op.drop_table("person_pair")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_person_employer_key_pinyin"))
        batch_op.create_index(batch_op.f("ix_person_employer_key"), ["employer_key"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id_person"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")


def _retention() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "retention_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_class", sa.String(length=40), nullable=False),
        sa.Column("months", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("months > 0", name=op.f("ck_retention_rule_months_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("record_class", name=op.f("uq_retention_rule_record_class")),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("started_by_id", ID, nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["user.id"], name=op.f("fk_retention_run_started_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_run_finished_at"), ["finished_at"])
    _exports()


def _exports() -> None:
    op.create_table(
        "unmasked_export",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("occupation_id", ID, nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by_id", ID, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("persons", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'ready') = (content IS NOT NULL)",
            name=op.f("ck_unmasked_export_ready_while_there_is_a_file"),
        ),
        sa.CheckConstraint(
            "state = 'ready' OR password IS NULL",
            name=op.f("ck_unmasked_export_no_password_without_a_file"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_unmasked_export_{column}_{other}")
            )
            for column, other in (
                ("organization_id", "organization"),
                ("campaign_id", "campaign"),
                ("occupation_id", "occupation"),
                ("requested_by_id", "user"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmasked_export")),
    )
    with op.batch_alter_table("unmasked_export", schema=None) as batch_op:
        for column in ("organization_id", "requested_by_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_unmasked_export_{column}"), [column])


def _no_retention() -> None:
    op.drop_table("unmasked_export")
    op.drop_table("retention_run")
    op.drop_table("retention_rule")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("changed_at")
