"""entitlement and consent"""

import hashlib
import hmac

import sqlalchemy as sa
from alembic import op

from carecampaign.core.secrets import digest_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STANDS = sa.text("withdrawn_at IS NULL")


def choice(name: str, *values: str) -> sa.Enum:
    """Give the type of a closed list."""
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    _rules()
    _notices()
    _households()
    _count_households()
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "legal_basis",
                choice(
                    "legalbasis",
                    "consent",
                    "labour",
                    "statutory_duty",
                    "emergency",
                    "public_interest",
                    "published",
                    "other_law",
                ),
                nullable=True,
            )
        )
    with op.batch_alter_table("handout_exception", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule_id", ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_handout_exception_rule_id_entitlement_rule"),
            "entitlement_rule",
            ["rule_id"],
            ["id"],
        )


def _rules() -> None:
    op.create_table(
        "entitlement_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column(
            "kind",
            choice("rulekind", "times", "amount", "groups", "units", "roster"),
            nullable=False,
        ),
        sa.Column("basis", choice("basis", "person", "household"), nullable=False),
        sa.Column("span", choice("span", "event", "campaign", "year"), nullable=False),
        sa.Column("most", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("fund_source_id", ID, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "(kind IN ('times', 'amount')) = (most IS NOT NULL)",
            name=op.f("ck_entitlement_rule_a_limit_has_a_number"),
        ),
        sa.CheckConstraint("most > 0", name=op.f("ck_entitlement_rule_most_positive")),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_entitlement_rule_starts_before_it_ends")
        ),
        *_keys(
            "entitlement_rule",
            organization_id="organization",
            campaign_id="campaign",
            item_id="item",
            fund_source_id="fund_source",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_rule")),
    )
    with op.batch_alter_table("entitlement_rule", schema=None) as batch_op:
        for name in ("organization_id", "campaign_id", "item_id", "fund_source_id"):
            batch_op.create_index(batch_op.f(f"ix_entitlement_rule_{name}"), [name], unique=False)
    for table, column, target in (
        ("entitled_group", "group_id", "campaign_group"),
        ("entitled_unit", "organization_id", "organization"),
    ):
        op.create_table(
            table,
            sa.Column("rule_id", ID, nullable=False),
            sa.Column(column, ID, nullable=False),
            *_keys(table, rule_id="entitlement_rule", **{column: target}),
            sa.PrimaryKeyConstraint("rule_id", column, name=op.f(f"pk_{table}")),
        )
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def _notices() -> None:
    op.create_table(
        "campaign_notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("asks_sensitive", sa.Boolean(), nullable=False),
        sa.Column("asks_public_notice", sa.Boolean(), nullable=False),
        sa.Column("asks_photo", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        *_keys("campaign_notice", campaign_id="campaign", written_by_id="user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_notice")),
        sa.UniqueConstraint(
            "campaign_id", "number", name=op.f("uq_campaign_notice_campaign_id_number")
        ),
    )
    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column(
            "kind",
            choice("consentkind", "handling", "sensitive", "public_notice", "photo"),
            nullable=False,
        ),
        sa.Column(
            "means", choice("consentmeans", "in_person", "on_paper", "by_unit"), nullable=False
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        *_keys(
            "consent",
            campaign_id="campaign",
            person_id="person",
            notice_id="campaign_notice",
            recorded_by_id="user",
            withdrawn_by_id="user",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        for name in ("person_id", "notice_id"):
            batch_op.create_index(batch_op.f(f"ix_consent_{name}"), [name], unique=False)
        batch_op.create_index(
            "uq_consent_standing",
            ["campaign_id", "person_id", "kind"],
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )


def _households() -> None:
    op.create_table(
        "served_household",
        sa.Column("handout_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("times", ID, nullable=False),
        sa.CheckConstraint("times >= 0", name=op.f("ck_served_household_times_never_negative")),
        *_keys(
            "served_household",
            handout_id="handout",
            event_id="distribution_event",
            campaign_id="campaign",
            unit_id="organization",
        ),
        sa.PrimaryKeyConstraint("handout_id", name=op.f("pk_served_household")),
    )
    with op.batch_alter_table("served_household", schema=None) as batch_op:
        for names in (["household"], ["campaign_id", "unit_id", "household"], ["event_id"]):
            batch_op.create_index(
                batch_op.f(f"ix_served_household_{'_'.join(names)}"), names, unique=False
            )


def _count_households() -> None:
    """Count the households of what was handed out so far; see distributions.households."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT handout.id, event_id, campaign_id, unit_id, head_count,"
            " person.organization_id, household_key"
            " FROM handout JOIN person ON person.id = person_id"
            " WHERE household_key <> '' AND NOT EXISTS"
            " (SELECT 1 FROM handout_void WHERE handout_id = handout.id)"
        ).columns(id=sa.Uuid())
    )
    served = sa.table(
        "served_household",
        sa.column("handout_id", sa.Uuid()),
        *(sa.column(name) for name in ("event_id", "campaign_id", "unit_id", "household")),
        sa.column("times"),
    )
    found = [
        {
            "handout_id": row.id,
            "event_id": row.event_id,
            "campaign_id": row.campaign_id,
            "unit_id": row.unit_id,
            "household": hmac.new(
                digest_key(),
                f"household {row.organization_id} {row.household_key}".encode(),
                hashlib.sha256,
            ).hexdigest(),
            "times": row.head_count,
        }
        for row in rows
    ]
    op.bulk_insert(served, found)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    """Give the foreign keys of a table: column → the table it points to."""
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
        )
        for column, target in targets.items()
    ]


def downgrade() -> None:
    # What was against a rule is no reason any more that the program before knows.
    op.execute(
        sa.text(
            "UPDATE handout_exception SET reason = 'double_beneficiary'"
            " WHERE reason IN ('not_entitled', 'consent_withdrawn')"
        )
    )
    for outcome, known in (("refused", "served_before"), ("flagged", "double_beneficiary")):
        for unknown in ("not_entitled", "consent_withdrawn"):
            op.execute(
                sa.text(
                    "UPDATE received SET reason = replace(reason, :unknown, :known)"
                    " WHERE outcome = :outcome AND reason LIKE :has"
                ).bindparams(unknown=unknown, known=known, outcome=outcome, has=f"%{unknown}%")
            )
    with op.batch_alter_table("handout_exception", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_handout_exception_rule_id_entitlement_rule"), type_="foreignkey"
        )
        batch_op.drop_column("rule_id")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("legal_basis")
    for table in (
        "served_household",
        "consent",
        "campaign_notice",
        "entitled_unit",
        "entitled_group",
        "entitlement_rule",
    ):
        op.drop_table(table)
