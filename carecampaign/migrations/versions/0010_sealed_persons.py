"""sealed persons"""

import sqlalchemy as sa
from alembic import op

from carecampaign.beneficiaries.spelling import plain, spell

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
KEYS = ("name_key", "given_key", "pinyin", "initials", "employer_key")
SEALED = ("phone", "id_number", "union_number")
INDEXES = ("phone_index", "phone_tail", "id_index", "id_tail")
ROWS_AT_ONCE = 1000


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in (*SEALED, *INDEXES):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("household_key", sa.String(), nullable=False, server_default="")
        )
        for name in KEYS:
            batch_op.add_column(sa.Column(name, KEY, nullable=False, server_default=""))
    _fill_keys()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("household_key", existing_type=sa.String(), server_default=None)
        for name in KEYS:
            batch_op.alter_column(name, existing_type=KEY, server_default=None)
        for name in ("household_key", *KEYS, *INDEXES):
            batch_op.create_index(batch_op.f(f"ix_person_{name}"), [name], unique=False)
    # They wait a day at most, and are encrypted from now on.
    op.execute(sa.text("DELETE FROM staged_upload"))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM staged_upload"))
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ("household_key", *KEYS, *INDEXES):
            batch_op.drop_index(batch_op.f(f"ix_person_{name}"))
        for name in ("household_key", *KEYS, *SEALED, *INDEXES):
            batch_op.drop_column(name)


def _fill_keys() -> None:
    """Write what the persons there are will be found by."""
    person = sa.table(
        "person",
        sa.column("id", sa.BigInteger),
        sa.column("name", sa.String),
        sa.column("employer", sa.String),
        *(sa.column(name, sa.String) for name in KEYS),
    )
    connection = op.get_bind()
    last = 0
    while True:
        rows = connection.execute(
            sa.select(person.c.id, person.c.name, person.c.employer)
            .where(person.c.id > last)
            .order_by(person.c.id)
            .limit(ROWS_AT_ONCE)
        ).all()
        if not rows:
            return
        connection.execute(
            sa.update(person)
            .where(person.c.id == sa.bindparam("of_id"))
            .values({name: sa.bindparam(f"new_{name}") for name in KEYS}),
            [
                {
                    "of_id": row.id,
                    "new_employer_key": plain(row.employer),
                    **dict(
                        zip(
                            (f"new_{name}" for name in KEYS[:4]),
                            spell(row.name),
                            strict=True,
                        )
                    ),
                }
                for row in rows
            ],
        )
        last = rows[-1].id
