"""stations in full"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("aliases", "brand", "district_code", "street", "lead_phone", "supervision_phone")
UNKNOWN = {
    "station_type": sa.String(length=40),
    "build_mode": sa.String(length=40),
    "datum": sa.String(length=40),
    "longitude": sa.Float(),
    "latitude": sa.Float(),
    "wgs84_longitude": sa.Float(),
    "wgs84_latitude": sa.Float(),
    "area_square_decimetres": BIG,
    "capacity": BIG,
    "opened_on": sa.Date(),
    "status_since": sa.Date(),
    "reopens_on": sa.Date(),
}
CHECKS = {
    "position_whole_or_unknown": "(datum IS NULL) = (longitude IS NULL)"
    " AND (datum IS NULL) = (latitude IS NULL)"
    " AND (datum IS NULL) = (wgs84_longitude IS NULL)"
    " AND (datum IS NULL) = (wgs84_latitude IS NULL)",
    "area_positive": "area_square_decimetres > 0",
    "capacity_positive": "capacity > 0",
}
NEW_FEATURES = (
    "sewing_kit",
    "reading_glasses",
    "walking_aids",
    "battery_swap",
    "haircut",
    "health_check",
    "job_information",
    "goods_sharing",
    "volunteering",
)


def upgrade() -> None:
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.alter_column(
            "opening_hours", new_column_name="opening_note", existing_type=sa.String()
        )
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name, kind in UNKNOWN.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("station", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.alter_column(name, existing_type=sa.String(), server_default=None)
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_station_{name}"), rule)

    op.create_table(
        "station_opening",
        sa.Column("id", BIG, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("day", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("opens", BIG, nullable=True),
        sa.Column("closes", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(opens IS NULL) = (closes IS NULL)",
            name=op.f("ck_station_opening_span_whole_or_closed"),
        ),
        sa.CheckConstraint(
            "opens BETWEEN 0 AND 1439", name=op.f("ck_station_opening_opens_on_its_day")
        ),
        sa.CheckConstraint(
            "closes > opens AND closes <= opens + 1440",
            name=op.f("ck_station_opening_closes_within_a_day"),
        ),
        sa.CheckConstraint(
            "(day = 'dated') = (first_on IS NOT NULL) AND (day = 'dated') = (last_on IS NOT NULL)",
            name=op.f("ck_station_opening_dates_of_dated_rules"),
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_station_opening_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_opening_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_opening")),
    )
    with op.batch_alter_table("station_opening", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_station_opening_station_id"), ["station_id"], unique=False
        )

    op.create_table(
        "station_listing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_listing_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_listing")),
        sa.UniqueConstraint(
            "station_id", "service", name=op.f("uq_station_listing_station_id_service")
        ),
    )

    op.create_table(
        "station_rating",
        sa.Column("id", BIG, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("year", BIG, nullable=False),
        sa.Column("stars", BIG, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 0 AND 5", name=op.f("ck_station_rating_stars_exist")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_rating_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_rating")),
    )
    with op.batch_alter_table("station_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_station_rating_station_id"), ["station_id"], unique=False
        )

    op.create_table(
        "station_award",
        sa.Column("id", BIG, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("year", BIG, nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_award_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_award")),
        sa.UniqueConstraint(
            "station_id", "year", "level", name=op.f("uq_station_award_station_id_year_level")
        ),
    )

    op.create_table(
        "station_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_station_photo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_photo_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_photo")),
        sa.UniqueConstraint("file_id", name=op.f("uq_station_photo_file_id")),
    )
    with op.batch_alter_table("station_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_station_photo_station_id"), ["station_id"], unique=False
        )


def downgrade() -> None:
    for table in (
        "station_photo",
        "station_award",
        "station_rating",
        "station_listing",
        "station_opening",
    ):
        op.drop_table(table)

    # The program before this migration does not know these words and could not read the rows.
    feature = sa.table("station_feature", sa.column("feature", sa.String()))
    op.execute(feature.delete().where(feature.c.feature.in_(NEW_FEATURES)))

    with op.batch_alter_table("station", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_station_{name}"), type_="check")
        for name in reversed(UNKNOWN):
            batch_op.drop_column(name)
        for name in reversed(TEXTS):
            batch_op.drop_column(name)
        batch_op.alter_column(
            "opening_note", new_column_name="opening_hours", existing_type=sa.String()
        )
