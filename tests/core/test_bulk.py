"""Very many rows go in as they are, under ids taken before, and errors are the toolkit's."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from carecampaign.beneficiaries.models import Occupation
from carecampaign.core import clock
from carecampaign.core.bulk import as_kept, insert_many, take_ids
from carecampaign.core.db import db, transaction
from tests.factories import OccupationFactory

TABLE = Occupation.__table__
NAMES = ("id", "code", "name", "name_en", "is_active", "created_at")


def rows(ids):
    made_at = as_kept(TABLE.c.created_at, clock.now())
    return [(new, f"Z{new}", "快递\t员\n\\N", "", True, made_at) for new in ids]


def test_rows_come_back_as_they_were_under_the_ids_taken(app):
    with transaction():
        ids = list(take_ids(Occupation, 2))
        insert_many(TABLE, NAMES, rows(ids))
    after = OccupationFactory()

    found = db.session.scalars(select(Occupation).order_by(Occupation.id)).all()
    assert [one.id for one in found] == [*ids, after.id]
    assert (found[0].name, found[0].name_en, found[0].is_active) == ("快递\t员\n\\N", "", True)
    assert abs((clock.now() - found[0].created_at).total_seconds()) < 60


def test_an_error_of_the_database_is_one_of_the_toolkit_and_nothing_stays(app):
    with pytest.raises(IntegrityError), transaction():
        insert_many(TABLE, NAMES, rows([7, 7]))

    assert db.session.scalars(select(Occupation)).all() == []
